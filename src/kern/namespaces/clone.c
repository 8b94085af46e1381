// SPDX-License-Identifier: Apache-2.0
// clone.c - clone3(2): the system call that makes a process, and with it its namespaces
//
// fork(2) is clone with every default. Each CLONE_NEW… flag gives the child a new namespace of one
// kind: its own process numbers, mounts, network, host name, System V objects, user ids. The flag
// CLONE_INTO_CGROUP lets it be born in a cgroup (v2), so that not even its first instruction runs
// unaccounted; CLONE_PIDFD returns a descriptor of the process, which never comes to mean another.
//
// CLONE_VM | CLONE_VFORK is what vfork(2) does: no page tables are copied, the parent waits until
// the child has become another program. The C library's vfork runs the child on the parent's own
// stack; here it gets another, entered by a few instructions below, so that neither tramples on the
// other's frames. The kernel's stack argument is not used with a plain fork: there the child goes
// on with its copy of ours.
#include "kern/namespaces/clone.h"

#include "base/sys.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>

enum { STACK_SIZE = 256 * 1024 }; // pages are touched as they are needed

// Enters the kernel and, in the child, calls child(argument) and exits with its result.
static long clone3_call(struct clone_args *args, int (*child)(void *), void *argument)
{
	long result;
#if defined(__x86_64__)
	register int (*r8)(void *) __asm__("r8") = child;
	register void *r9 __asm__("r9") = argument;
	__asm__ volatile("syscall\n\t"
			 "testq %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "andq $-16, %%rsp\n\t"
			 "movq %%r9, %%rdi\n\t"
			 "callq *%%r8\n\t"
			 "movl %%eax, %%edi\n\t"
			 "movl %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(result)
			 : "a"(SYS_clone3), "D"(args), "S"(sizeof(*args)), "r"(r8),
			   "r"(r9), [exit] "i"(SYS_exit_group)
			 : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = SYS_clone3;
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = sizeof(*args);
	register int (*x2)(void *) __asm__("x2") = child;
	register void *x3 __asm__("x3") = argument;
	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x0, x3\n\t"
			 "blr x2\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc 0\n\t"
			 "brk 1\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), [exit] "i"(SYS_exit_group)
			 : "memory", "cc");
	result = x0;
#endif
	return result;
}

int clone_child(const struct clone_want *want, int (*child)(void *), void *argument, int *ret_pidfd,
		pid_t *ret_pid)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = want->namespaces | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	if (want->sibling) { // the signal at its end is then the one at ours
		args.flags |= CLONE_PARENT;
		args.exit_signal = 0;
	}
	if (want->cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)want->cgroup;
	}
	void *stack = MAP_FAILED;
	if (want->share_memory) {
		stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
		if (stack == MAP_FAILED)
			return -errno;
		args.flags |= CLONE_VM | CLONE_VFORK;
		args.stack = (uint64_t)(uintptr_t)stack;
		args.stack_size = STACK_SIZE;
	}
	long pid = clone3_call(&args, child, argument);
	if (stack != MAP_FAILED)
		munmap(stack, STACK_SIZE);
	if (pid < 0)
		return (int)pid;
	*ret_pidfd = pidfd;
	*ret_pid = (pid_t)pid;
	return 0;
}
