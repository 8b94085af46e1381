// SPDX-License-Identifier: Apache-2.0
// exec_look.c - what kind of file an executable is
//
// The kernel decides by the first bytes: "\x7fELF" is a program for one machine, which may name a
// dynamic loader (its PT_INTERP header); "#!" names an interpreter on the first line. Everything
// else it refuses with ENOEXEC. Here the same bytes are read, from regular files only, and a path
// is opened so that no link of /proc is followed that leads out of the tree of names.
#include "box/exec_look.h"

#include "base/sys.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

enum { HEAD_SIZE = 1024, HEADERS_MAX = 64 };

static int open_how(const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
	return (int)sys_call(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static void keep(char *to, size_t room, const char *from, size_t n)
{
	n = min_of(n, room - 1);
	memcpy(to, from, n);
	to[n] = '\0';
}

// "#! /bin/sh -e\n" names "/bin/sh".
static void read_script(const char *head, size_t n, struct exec_look *look)
{
	size_t at = 2, end;
	look->script = true;
	while (at < n && (head[at] == ' ' || head[at] == '\t'))
		at++;
	for (end = at; end < n && head[end] != '\n' && head[end] != ' ' && head[end] != '\t';)
		end++;
	keep(look->interpreter, sizeof(look->interpreter), head + at, end - at);
}

static long read_at(int fd, void *to, size_t n, uint64_t offset)
{
	return sys_call(SYS_pread64, fd, to, n, offset);
}

// Finds PT_INTERP in headers of either class.
#define READ_LOADER(bits)                                                                          \
	static void read_loader_##bits(int fd, const char *head, struct exec_look *look)           \
	{                                                                                          \
		Elf##bits##_Ehdr file;                                                             \
		memcpy(&file, head, sizeof(file));                                                 \
		look->machine = file.e_machine;                                                    \
		for (unsigned i = 0; i < file.e_phnum && i < HEADERS_MAX; i++) {                   \
			Elf##bits##_Phdr part;                                                     \
			if (file.e_phentsize != sizeof(part) ||                                    \
			    read_at(fd, &part, sizeof(part), file.e_phoff + i * sizeof(part)) !=   \
				    (long)sizeof(part))                                            \
				return;                                                            \
			if (part.p_type != PT_INTERP)                                              \
				continue;                                                          \
			size_t n = min_of((size_t)part.p_filesz, sizeof(look->interpreter) - 1);   \
			long got = read_at(fd, look->interpreter, n, part.p_offset);               \
			look->interpreter[max_of(got, 0L)] = '\0';                                 \
			return;                                                                    \
		}                                                                                  \
	}

READ_LOADER(32)
READ_LOADER(64)

static void read_elf(int fd, const char *head, size_t n, struct exec_look *look)
{
	look->elf = true;
	if (n < sizeof(Elf64_Ehdr))
		return;
	look->bits = head[EI_CLASS] == ELFCLASS32 ? 32 : 64;
	if (look->bits == 32)
		read_loader_32(fd, head, look);
	else
		read_loader_64(fd, head, look);
}

static void read_head(int fd, struct exec_look *look)
{
	char head[HEAD_SIZE];
	long n = read_at(fd, head, sizeof(head), 0);
	look->readable = n >= 0;
	if (n >= 2 && head[0] == '#' && head[1] == '!')
		read_script(head, (size_t)n, look);
	if (n >= 4 && memcmp(head, ELFMAG, SELFMAG) == 0)
		read_elf(fd, head, (size_t)n, look);
}

// Opens it to read, or, where that is not allowed, only to look at.
static int open_file(const char *path, uint64_t resolve)
{
	int fd = open_how(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, resolve);
	return fd == -EACCES || fd == -ENXIO ? open_how(path, O_PATH, resolve) : fd;
}

void exec_look_at(const char *path, struct exec_look *ret_look)
{
	struct exec_look look = {0};
	struct stat status;
	int fd = open_file(path, RESOLVE_NO_MAGICLINKS);
	if (fd == -ELOOP) {
		fd = open_how(path, O_PATH, 0);
		look.magic = fd >= 0;
	}
	if (fd < 0) {
		look.error = fd;
		*ret_look = look;
		return;
	}
	look.error = (int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH);
	if (!look.error) {
		look.device = status.st_dev;
		look.inode = status.st_ino;
		look.mode = status.st_mode;
		look.uid = status.st_uid;
		look.gid = status.st_gid;
	}
	if (!look.magic && S_ISREG(look.mode))
		read_head(fd, &look);
	sys_call(SYS_close, fd);
	*ret_look = look;
}

uint16_t exec_native_machine(void)
{
#if defined(__aarch64__)
	return EM_AARCH64;
#else
	return EM_X86_64;
#endif
}
