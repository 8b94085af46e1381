// SPDX-License-Identifier: Apache-2.0
// reaper.c - the program of --init, carried along
//
// The program (src/init) is part of our own read-only data. To be executed it has to be a file; a
// memory file needs no place on disk, and with all seals set it can never be written again, by
// whoever gets hold of /proc/1/exe.
#include "box/exec/reaper.h"

#include "base/fd.h"
#include "base/memory_file.h"

#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern const char reaper_program[], reaper_program_end[]; // reaper_program.S

int reaper_open(void)
{
	_cleanup_fd_ int fd = memory_file_make("tare-init");
	if (fd < 0)
		return fd;
	TRY(fd_write_all(fd, reaper_program, (size_t)(reaper_program_end - reaper_program)));
	TRY(memory_file_seal(fd));
	return take_fd(&fd);
}

int reaper_end_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int reaper_end_read(int end, int exit_code, bool *ret_core)
{
	uint64_t left;
	if (end < 0 || read(end, &left, sizeof(left)) != (ssize_t)sizeof(left) || left > INT32_MAX)
		return 0;
	int status = (int)left;
	if (!WIFSIGNALED(status) || 128 + WTERMSIG(status) != exit_code)
		return 0;
	*ret_core = WCOREDUMP(status);
	return WTERMSIG(status);
}
