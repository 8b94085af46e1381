// SPDX-License-Identifier: Apache-2.0
// profile.h - which system calls a container may make
//
// The table of profile.c is the effect of Docker's default profile on the machines tare
// runs on. A user's own profile becomes a table of the same kind.
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
	bool negated;                 // it holds where the comparison does not
	uint64_t mask;
	uint64_t value;
};

struct seccomp_rule {
	uint32_t action;                // SECCOMP_RET_…, where all of the tests hold
	const struct seccomp_test *all; // at least one
	size_t n;
};

struct seccomp_rules {
	const struct seccomp_rule *first; // the first whose tests hold gives the answer
	size_t n;
};

struct seccomp_row {
	const char *names;                 // of calls, separated by spaces
	uint32_t action;                   // SECCOMP_RET_…, where no rule gives another answer
	const struct seccomp_rules *rules; // that look at arguments; NULL: there are none

	// The row counts when all of this is so.
	uint64_t with;      // this capability is in the bounding set; 0: whatever is in it
	uint64_t without;   // this one is not
	unsigned kernel[2]; // the kernel is at least this old: major, minor
	unsigned machines;  // one bit for each seccomp_machine; 0: all of them
	bool socketcall;    // seccomp_want.socketcall is set
};

struct seccomp_profile {
	const struct seccomp_row *rows; // those in force never contradict each other
	size_t rows_n;
	uint32_t otherwise; // the answer to a call that no row in force names
	uint32_t newer;     // and to a number that is newer than our table
	unsigned abis;      // one bit for each enum abi: a call of any other kills its process
};

#define SECCOMP_PROFILE_REFUSAL (SECCOMP_RET_ERRNO | EPERM)

// The answer to a number that is newer than our table: programs take it as "old kernel" and go on.
#define SECCOMP_PROFILE_NEWER (SECCOMP_RET_ERRNO | ENOSYS)

extern const struct seccomp_profile seccomp_docker;
