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

// The word in the names of qemu's programs: "aarch64" for "arm64"; NULL for what is not known.
const char *binfmt_qemu_name(const char *architecture);
