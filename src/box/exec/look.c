// SPDX-License-Identifier: Apache-2.0
// look.c - what kind of file an executable is
//
// The kernel decides by the first bytes: "\x7fELF" is a program for one machine, which may name a
// dynamic loader (its PT_INTERP header); "#!" names an interpreter on the first line. Everything
// else it refuses with ENOEXEC. Here the same bytes are read, from regular files only, and a path
// is opened so that no link of /proc is followed that leads out of the tree of names.
//
// ELF headers have two layouts, of 32 and of 64 bits. The class that a file claims says which; but
// the kernel goes by e_machine and by the size of a program header, and asks neither for the class
// nor for the byte order. So that no file looks other to us than to the kernel, both are read.
#include "box/exec/look.h"

#include "base/sys.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

enum {
	HEAD_SIZE = 1024,        // holds the headers of a usual program, and its loader's name
	SCRIPT_SIZE = 256,       // what the kernel reads of a script
	HEADERS_SIZE = 64 * 1024 // more program headers than this it refuses
};

// A file, with its beginning read already.
struct head {
	int fd;
	size_t n;
	char bytes[HEAD_SIZE];
};

static int open_how(const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
	return (int)sys_call(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

// "#! /bin/sh -e\n" names "/bin/sh". A name that does not end within the bytes that the kernel
// reads is none: it refuses that script.
static void read_script(const struct head *head, struct exec_look *look)
{
	const char *p = head->bytes;
	size_t n = min_of(head->n, (size_t)SCRIPT_SIZE), at = 2, end;
	look->script = true;
	while (at < n && (p[at] == ' ' || p[at] == '\t'))
		at++;
	for (end = at; end < n && p[end] && p[end] != '\n' && p[end] != ' ' && p[end] != '\t';)
		end++;
	if (end == SCRIPT_SIZE)
		return;
	memcpy(look->interpreter, p + at, end - at);
	look->interpreter[end - at] = '\0';
}

static bool read_at(const struct head *head, void *to, size_t n, uint64_t offset)
{
	if (offset > head->n || n > head->n - offset)
		return sys_call(SYS_pread64, head->fd, to, n, offset) == (long)n;
	memcpy(to, head->bytes + offset, n);
	return true;
}

// Finds PT_INTERP in headers of either layout.
#define READ_LOADER(bits)                                                                          \
	static void read_loader_##bits(const struct head *head, struct exec_look *look, char *to)  \
	{                                                                                          \
		Elf##bits##_Ehdr file;                                                             \
		Elf##bits##_Phdr part;                                                             \
		if (!read_at(head, &file, sizeof(file), 0) || file.e_phentsize != sizeof(part) ||  \
		    file.e_phnum > HEADERS_SIZE / sizeof(part))                                    \
			return;                                                                    \
		for (unsigned i = 0; i < file.e_phnum; i++) {                                      \
			if (!read_at(head, &part, sizeof(part), file.e_phoff + i * sizeof(part)))  \
				return;                                                            \
			if (part.p_type != PT_INTERP)                                              \
				continue;                                                          \
			look->long_loader |= part.p_filesz >= EXEC_INTERPRETER_MAX;                \
			if (part.p_filesz >= EXEC_INTERPRETER_MAX ||                               \
			    !read_at(head, to, part.p_filesz, part.p_offset))                      \
				to[0] = '\0';                                                      \
			return;                                                                    \
		}                                                                                  \
	}

READ_LOADER(32)
READ_LOADER(64)

static void read_elf(const struct head *head, struct exec_look *look)
{
	const unsigned char *p = (const void *)head->bytes;
	const size_t machine = offsetof(Elf64_Ehdr, e_machine); // the same in both classes
	bool big = p[EI_DATA] == ELFDATA2MSB;
	look->elf = true;
	if (head->n < sizeof(Elf32_Ehdr))
		return;
	look->bits = p[EI_CLASS] == ELFCLASS32 ? 32 : 64;
	look->machine = (uint16_t)(p[machine + !big] << 8 | p[machine + big]);
	read_loader_32(head, look, look->bits == 32 ? look->interpreter : look->second);
	read_loader_64(head, look, look->bits == 64 ? look->interpreter : look->second);
}

static void read_head(int fd, struct exec_look *look)
{
	struct head head = {.fd = fd};
	long n = sys_call(SYS_pread64, fd, head.bytes, sizeof(head.bytes), 0);
	look->readable = n >= 0;
	head.n = (size_t)max_of(n, 0L);
	if (head.n >= 2 && memcmp(head.bytes, "#!", 2) == 0)
		read_script(&head, look);
	if (head.n > EI_DATA && memcmp(head.bytes, ELFMAG, SELFMAG) == 0)
		read_elf(&head, look);
}

// Opens it to read, or, where that is not allowed (a mode, a device that is denied), only to look
// at. ELOOP is the answer to the question that is asked by RESOLVE_NO_MAGICLINKS.
static int open_file(const char *path)
{
	int fd = open_how(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, RESOLVE_NO_MAGICLINKS);
	return fd < 0 && fd != -ELOOP ? open_how(path, O_PATH, RESOLVE_NO_MAGICLINKS) : fd;
}

void exec_look_at(const char *path, struct exec_look *ret_look)
{
	struct exec_look look = {0};
	struct stat status;
	int fd = open_file(path);
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
