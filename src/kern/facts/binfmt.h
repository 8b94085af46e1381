// SPDX-License-Identifier: Apache-2.0
// binfmt.h - which programs the kernel hands to an emulator (binfmt_misc)
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define BINFMT_PLACE "/proc/sys/fs/binfmt_misc"

// Finds the handler that takes programs of an architecture, named as Go names it ("arm64"), among
// those registered in the directory `place`. Returns 0 and the interpreter's path, or BINFMT_NONE.
// *ret_fixed tells whether the kernel holds the interpreter open (flag F), so that it needs not be
// in the container.
enum { BINFMT_NONE = 1 };
int binfmt_find(struct arena *arena, const char *place, const char *architecture,
		const char **ret_interpreter, bool *ret_fixed);

// The same for the text of one handler; the parser behind it.
int binfmt_takes(struct arena *arena, struct str handler, const char *architecture,
		 const char **ret_interpreter, bool *ret_fixed);

enum binfmt_state {
	BINFMT_NOT_MOUNTED, // `place` is no binfmt_misc: nothing can be registered
	BINFMT_ALL_OFF,     // all handlers are switched off together
	BINFMT_NO_HANDLER,  // none is for it
	BINFMT_HANDLER,     // one is, though it may be switched off
};

struct binfmt_handler {
	const char *name;        // "qemu-aarch64": its file in `place`
	const char *interpreter; // path of the emulator
	bool enabled;            // it is on
	bool fixed;              // flag F, as above
};

// Looks what there is for programs of an architecture, for messages; one that is on comes first.
enum binfmt_state binfmt_look(struct arena *arena, const char *place, const char *architecture,
			      struct binfmt_handler *ret_handler);

// Go's name of the machine of an ELF header (e_machine) and its class (32 or 64 bits), in the usual
// byte order where it has two; NULL for what is not known.
const char *binfmt_architecture(uint16_t machine, uint8_t bits);

// The word in the names of qemu's programs: "aarch64" for "arm64"; NULL for what is not known.
const char *binfmt_qemu_name(const char *architecture);
