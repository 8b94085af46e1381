// SPDX-License-Identifier: Apache-2.0
// look.h - what kind of file an executable is
//
// Child-safe: system calls only, fixed buffers.
#pragma once

#include "box/exec/why.h"

// What the first bytes of a file tell.
struct exec_look {
	int error;     // of opening it; 0: it was opened
	bool magic;    // its path passes a link of /proc that leads anywhere
	bool readable; // its first bytes are known
	bool script;   // begins with #!
	bool elf;
	uint8_t bits;     // ELF: 32 or 64
	uint16_t machine; // ELF: e_machine
	uint64_t device;
	uint64_t inode;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	bool long_loader;                       // its loader's name did not fit
	char second[EXEC_INTERPRETER_MAX];      // a loader in the layout that its class is not of
	char interpreter[EXEC_INTERPRETER_MAX]; // of #! or PT_INTERP; empty: none
};

// Looks at the file, as seen from the present root and working directory.
void exec_look_at(const char *path, struct exec_look *ret_look);

// The machine of this tare's own kind, as e_machine.
uint16_t exec_native_machine(void);
