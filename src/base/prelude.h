// SPDX-License-Identifier: Apache-2.0
// prelude.h - the dialect of this code base, included before the first line of every file
//
// A few words C lacks, and nothing that belongs to one subject:
//
//   TRY(f(x))        return what f returned if it is an error (below zero)
//   _cleanup_(f)     call f on the variable when its scope ends
//   lengthof(a)      how many elements an array has
//   printf_(f, a)    let the compiler check a format and its arguments
//
// The error convention of the whole tree is told in fail.h.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/banned.h"

#define _cleanup_(f)         __attribute__((cleanup(f)))
#define printf_(text, first) __attribute__((format(printf, text, first)))
#define unused_              __attribute__((unused))
#define noreturn_            __attribute__((noreturn))
#define must_check_          __attribute__((warn_unused_result))

#define lengthof(array) (sizeof(array) / sizeof((array)[0]))
#define min_of(a, b)    ((a) < (b) ? (a) : (b))
#define max_of(a, b)    ((a) > (b) ? (a) : (b))

// The only macro that returns: an error goes to the caller as it is, anything else goes on.
#define TRY(expression)                                                                            \
	do {                                                                                       \
		int try_result_ = (expression);                                                    \
		if (try_result_ < 0)                                                               \
			return try_result_;                                                        \
	} while (0)

static inline bool str_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}
