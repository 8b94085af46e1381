// SPDX-License-Identifier: Apache-2.0
// seccomp_profile.h - which system calls a container may make
//
// The table of seccomp_profile.c is the effect of Docker's default profile on the machines tare
// runs on. A call that no row in force names is refused with SECCOMP_PROFILE_REFUSAL; rows in force
// never contradict each other.
#pragma once

#include <linux/seccomp.h>

// A machine and the ABIs its kernel serves.
enum seccomp_machine {
	SECCOMP_X86_64,  // with x86 and x32
	SECCOMP_AARCH64, // with arm
	SECCOMP_MACHINES,
};

// How an argument is compared: unsigned, 64 bits wide in 64-bit ABIs and 32 in the others.
enum seccomp_compare { SECCOMP_LESS, SECCOMP_EQUAL, SECCOMP_GREATER };

struct seccomp_test {
	unsigned argument;            // 0 to 5
	enum seccomp_compare compare; // (argument & mask) against value
	uint64_t mask;
	uint64_t value;
};

struct seccomp_tests {
	const struct seccomp_test *any; // one that holds is enough
	size_t n;
};

struct seccomp_row {
	const char *names;                 // of calls, separated by spaces
	uint32_t action;                   // SECCOMP_RET_…
	const struct seccomp_tests *tests; // in force only for these arguments; NULL: for all

	// The row counts when all of this is so.
	uint64_t with;      // this capability is in the bounding set; 0: whatever is in it
	uint64_t without;   // this one is not
	unsigned kernel[2]; // the kernel is at least this old: major, minor
	unsigned machines;  // one bit for each seccomp_machine; 0: all of them
	bool socketcall;    // seccomp_want.socketcall is set
};

#define SECCOMP_PROFILE_REFUSAL (SECCOMP_RET_ERRNO | EPERM)

// The answer to a number that is newer than our table: programs take it as "old kernel" and go on.
#define SECCOMP_PROFILE_NEWER (SECCOMP_RET_ERRNO | ENOSYS)

extern const struct seccomp_row seccomp_profile[];
extern const size_t seccomp_profile_n;
