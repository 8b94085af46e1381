// SPDX-License-Identifier: Apache-2.0
// syscalls.h - the numbers of the system calls, by name, for five binary interfaces
//
// A number means nothing without its ABI (application binary interface): 39 is getpid for a 64-bit
// program on x86 and mkdir for a 32-bit one, and one kernel serves both. A system call filter has
// to speak of all the ABIs its kernel would serve, or a program could step around it by using
// another.
#pragma once

#include "base/str.h"

enum abi {
	ABI_X86_64,
	ABI_X86, // 32-bit programs on x86, "i386"
	ABI_X32, // 64-bit registers with 32-bit pointers
	ABI_AARCH64,
	ABI_ARM, // 32-bit programs on arm, "EABI"
	ABI_COUNT,
};

enum {
	SYSCALLS_NEWEST = 469,         // file_setattr of Linux 6.18: the table ends there
	SYSCALLS_X32_FIRST = 512,      // x32 numbers some calls anew, in a range of its own
	SYSCALLS_X32_LAST = 547,       // so these are above the newest one and still old
	SYSCALLS_ARM_FIRST = 0xf0001,  // arm has calls that only concern its processor
	SYSCALLS_ARM_LAST = 0xf0006,   // likewise
	SYSCALLS_X32_BIT = 0x40000000, // set in every number of x32: it shares its arch with x86-64
};

#define SYSCALLS_NONE UINT32_MAX // no such call in this ABI

struct syscalls_row {
	char name[32]; // in place: text by pointer would have to be relocated at every start
	int32_t number[ABI_COUNT]; // -1: not there; those of x32 without SYSCALLS_X32_BIT
};

// Every call that one of the ABIs has, in the order of their names (strcmp).
extern const struct syscalls_row syscalls[];
extern const size_t syscalls_n;

// The row of a name; NULL when no ABI has such a call.
const struct syscalls_row *syscalls_find(struct str name);

// The number as the kernel sees it (with SYSCALLS_X32_BIT for x32), or SYSCALLS_NONE.
uint32_t syscalls_number(const struct syscalls_row *row, enum abi abi);

// The name of a number, for messages; NULL when it has none.
const char *syscalls_name(enum abi abi, uint32_t number);

// Whether the number lies beyond what this table knows: a kernel newer than the table may have
// given it to a new call. The ranges of x32 and arm above SYSCALLS_NEWEST are closed, they count as
// known.
bool syscalls_is_newer(enum abi abi, uint32_t number);
