// SPDX-License-Identifier: Apache-2.0
// env.h - the environment of the workload: defaults, the image's, --env-file, -e
#pragma once

#include "base/str.h"
#include "oci/spec.h"

enum {
	ENV_VARIABLE_MAX = 1 << 17
}; // bytes of "NAME=value" and its NUL: the kernel's MAX_ARG_STRLEN

struct env {
	struct oci_strings list;        // "NAME=value", each name once, in order of first use
	struct oci_strings given;       // names that the user set with -e or --env-file
	const char *const *environment; // the caller's own, ends in NULL
};

// Sets one "NAME=value", in place of an older value.
void env_set(struct arena *arena, struct env *env, const char *variable);

// Reads a value of -e: "NAME=value" sets it; "NAME" takes the caller's value, and where the caller
// has none, takes away what the image or tare would have set.
int env_option(struct arena *arena, struct env *env, const char *text);

// The same for each line of a file, of which `name` is what errors call it. Empty lines and those
// that begin with '#' are skipped, as are blanks before a name and a byte order mark; nothing is
// unquoted or expanded. A name with blanks in it, text that is not UTF-8 and a NUL are errors that
// name the line.
int env_lines(struct arena *arena, struct env *env, const char *name, struct str text);

// Takes all variables of the caller (--env-host), or those that name proxies (--http-proxy).
void env_take_all(struct arena *arena, struct env *env);
void env_take_proxies(struct arena *arena, struct env *env);

// Takes away what the image or tare has set (--unsetenv).
int env_unset(struct arena *arena, struct env *env, const char *name);

// Reads a value of --env-merge, "NAME=text ${NAME} text", and puts in what was set so far: the
// variable that it makes is not set yet.
int env_merge(struct arena *arena, const struct env *env, const char *text,
	      const char **ret_variable);

// Reads the file that --env-file names.
int env_file(struct arena *arena, struct env *env, const char *path);
