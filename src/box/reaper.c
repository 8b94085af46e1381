// SPDX-License-Identifier: Apache-2.0
// reaper.c - the program of --init, carried along
//
// The program (src/init) is part of our own read-only data. To be executed it has to be a file; a
// memory file needs no place on disk, and with all seals set it can never be written again, by
// whoever gets hold of /proc/1/exe.
#include "box/reaper.h"

#include "base/fd.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

extern const char reaper_program[], reaper_program_end[]; // reaper_program.S

int reaper_open(void)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	_cleanup_fd_ int fd = memfd_create("tare-init", flags | MFD_EXEC);
	if (fd < 0 && errno == EINVAL) // before Linux 6.3, every memory file may be executed
		fd = memfd_create("tare-init", flags);
	if (fd < 0)
		return -errno;
	TRY(fd_write_all(fd, reaper_program, (size_t)(reaper_program_end - reaper_program)));
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL))
		return -errno;
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
