// SPDX-License-Identifier: Apache-2.0
// memory_file.c - a file without a place on disk, which can be executed and made final
//
// memfd_create(2) makes it; seals (fcntl(2), F_ADD_SEALS) are promises of the kernel that whoever
// gets hold of the file later can't write, grow or shrink it, nor take the promise back.
#include "base/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

enum { SEALS = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL };

int memory_file_make(const char *name)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | MFD_EXEC);
	if (fd < 0 && errno == EINVAL) // before Linux 6.3, every memory file may be executed
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}

int memory_file_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, SEALS) ? -errno : 0;
}

bool memory_file_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	return seals >= 0 && (seals & SEALS) == SEALS;
}
