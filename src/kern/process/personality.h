// SPDX-License-Identifier: Apache-2.0
// personality.h - how old or strange a kernel a process is shown
#pragma once

#include "base/str.h"

// The bits that a word of personality(2) stands for ("LINUX", "linux32", "ADDR_NO_RANDOMIZE"), in
// either case; *ret_word is the word in capitals. Returns 0 or -ENOENT. *ret_domain says whether it
// is one of the first two, of which a process has exactly one.
int personality_find(struct str word, const char **ret_word, uint32_t *ret_bits, bool *ret_domain);

// Sets it for the calling process. Raw: returns 0 or a negative errno.
int personality_set(uint32_t bits);
