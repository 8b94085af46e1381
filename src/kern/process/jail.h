// SPDX-License-Identifier: Apache-2.0
// jail.h - what a helper program gives up before it reads a byte that a stranger wrote
#pragma once

// The kinds of work, each with the system calls it takes.
enum jail_work {
	JAIL_BYTES, // reads and writes the descriptors it has, and opens nothing
	JAIL_TREE,  // makes and changes files beneath directories it has, too
};

struct jail {
	enum jail_work work;
	int root;            // directory that becomes the process's root; -1: as it is. Needs
			     // CAP_SYS_CHROOT
	const int *writable; // directories beneath which it may do all that `work` has calls for
	size_t writable_n;
	const int *readable; // and beneath which it may read
	size_t readable_n;
	uint64_t capabilities; // those it keeps, one bit each: see caps.h
	uint64_t memory;       // bytes of address space; 0: as many as there are
};

// Enters the jail, for good: this process and all its descendants. In this order: the new root;
// no new privileges by exec; Landlock, where the kernel has it; no core dump, the limit of memory;
// capabilities; the system call filter. Returns 0 or an error: nothing of it but Landlock may
// be missing.
int jail_enter(const struct jail *jail);

// The version of Landlock that this kernel offers; 0: it has none, or it is switched off.
int jail_landlock(void);
// The first one that can say "a name may be moved or linked from one directory into another". One
// that is older denies it to everybody, so it does not fit an unpacker.
enum { JAIL_LANDLOCK_REFER = 2 };
