// SPDX-License-Identifier: Apache-2.0
// own_start.c - the first instructions of tare-oci
//
// What own_program.c does is done twice at the start of a command: the file is executed, and then
// executed again from where nobody can write to it. Most of what that costs is the C library
// getting ready for a program that ends at once. So the usual case is done before it: this is the
// program's entry, which the kernel jumps to, and it looks whether there is anything to do at all.
// Whatever fails here is left to own_program.c, as is an ordinary user's case.
//
// Nothing works yet: the program has not relocated itself, there is no thread-local memory. So: no
// library, no tables of pointers, system calls alone; and the compiler is told so (meson.build).
#include "base/sys.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <linux/mount.h>
#include <unistd.h>

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

static const char own[] = "/proc/self/exe";

// Those that get near a container. A word like that at another place does no harm.
static const char commands[][8] = {"create", "run", "exec"};

static bool is_command(const char *word)
{
	for (unsigned i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		unsigned at = 0;
		while (word[at] && word[at] == commands[i][at])
			at++;
		if (word[at] == commands[i][at])
			return true;
	}
	return false;
}

static bool is_wanted(const char *const *argv)
{
	for (unsigned i = 1; argv[0] && argv[i]; i++)
		if (is_command(argv[i]))
			return true;
	return false;
}

// The kernel puts the number of arguments at the stack pointer, then arguments and environment,
// each up to a NULL.
__attribute__((used)) void own_start_protect(long *stack);
void own_start_protect(long *stack)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
	const char **argv = (const char **)(stack + 1), *called = argv[0];
	char path[PATH_MAX];
	if (!is_wanted(argv) || sys_call(SYS_faccessat2, AT_FDCWD, own, W_OK, AT_EACCESS) < 0)
		return;
	long n = sys_call(SYS_readlinkat, AT_FDCWD, own, path, sizeof(path) - 1);
	long fd = sys_call(SYS_open_tree, AT_FDCWD, own, OPEN_TREE_CLONE | O_CLOEXEC);
	if (n > 0 && fd >= 0 &&
	    sys_call(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) >=
		    0) {
		path[n] = '\0';
		argv[0] = path;
		sys_call(SYS_execveat, fd, "", argv, argv + stack[0] + 1, AT_EMPTY_PATH);
		argv[0] = called;
	}
	if (fd >= 0)
		sys_call(SYS_close, fd);
}

// Stack pointer and registers are to be for the C library's own entry what they were.
__asm__(".text\n"
	".globl own_start\n"
	".hidden own_start\n"
	".type own_start, %function\n"
	"own_start:\n\t"
#if defined(__x86_64__)
	"xorl %ebp, %ebp\n\t"
	"movq %rsp, %rdi\n\t"
	"movq %rsp, %rbx\n\t"
	"andq $-16, %rsp\n\t"
	"callq own_start_protect\n\t"
	"movq %rbx, %rsp\n\t"
	"xorl %edx, %edx\n\t"
	"jmp _start\n"
#elif defined(__aarch64__)
	"mov x29, xzr\n\t"
	"mov x30, xzr\n\t"
	"mov x0, sp\n\t"
	"bl own_start_protect\n\t"
	"mov x0, xzr\n\t"
	"b _start\n"
#endif
	".size own_start, . - own_start\n");
