// SPDX-License-Identifier: Apache-2.0
// seccomp.h - the filter that refuses system calls
//
// A filter is a small program that the kernel runs before every system call of a process and of all
// its descendants; it cannot be taken off again. It sees the number, the ABI and the arguments'
// bits, not what they point at. See seccomp(2) and bpf's classic instructions in linux/filter.h.
#pragma once

#include "base/arena.h"
#include "kern/seccomp/profile.h"

#include <linux/filter.h>

struct seccomp_filter {
	const struct sock_filter *code;
	size_t n; // instructions, at most BPF_MAXINSNS
};

// What the filter has to be made for.
struct seccomp_want {
	uint64_t capabilities;        // the container's bounding set
	unsigned kernel[2];           // 6, 18 of Linux 6.18
	enum seccomp_machine machine; // the kernel's: programs may use each ABI that it serves
	bool socketcall; // allow socketcall(2): for 32-bit images, whose socket() it is
};

// The machine tare was compiled for.
#if defined(__aarch64__)
#define SECCOMP_NATIVE SECCOMP_AARCH64
#else
#define SECCOMP_NATIVE SECCOMP_X86_64
#endif

// The filter of Docker's default profile: the one that was compiled with tare when it fits
// (Docker's capabilities, as far as the profile asks for them), else it is compiled now. No error
// but -E2BIG, a filter larger than the kernel takes.
int seccomp_default(struct arena *arena, const struct seccomp_want *want,
		    struct seccomp_filter *ret_filter);

// Compiles a profile. -E2BIG as above, worded.
int seccomp_compile(struct arena *arena, const struct seccomp_profile *profile,
		    const struct seccomp_want *want, struct seccomp_filter *ret_filter);

// Installs the filter in the calling thread, with system calls alone: a container's first process
// may call it. `flags` are of seccomp(2), SECCOMP_FILTER_FLAG_…; SECCOMP_FLAGS where nobody asked
// for others. Needs no_new_privs or CAP_SYS_ADMIN over its user namespace (else -EACCES). Returns 0
// or a negative errno; with NEW_LISTENER the descriptor at which an agent hears of the calls that
// SECCOMP_RET_USER_NOTIF is the answer to (seccomp_unotify(2)).
//
// SPEC_ALLOW leaves the CPU's guessing about stores as it was. Without it, kernels before 5.16
// switch that off for a filtered process, which can cost it a third of its speed, to keep the parts
// of one process from spying on each other: browsers want that, containers do not. runc and crun
// set it too when, as with Docker, the configuration names no flags.
#define SECCOMP_FLAGS         SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_WAIT_KILLABLE (1u << 5) // ..._WAIT_KILLABLE_RECV, from Linux 5.19
long seccomp_install(const struct sock_filter *code, size_t n, unsigned flags);
