// SPDX-License-Identifier: Apache-2.0
// key_file.h - files of NAME=value lines, as --env-file and --label-file name them
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	KEY_FILE_MAX = 1 << 20, // bytes of one file
	KEY_LINE_MAX = 1 << 17, // of a line: the kernel's MAX_ARG_STRLEN
};

// Takes each line "NAME=value" or "NAME" of a text; `kind` ("env file") and `name` are what errors
// call it. Empty lines and those that begin with '#' are skipped, as are blanks before a name and a
// byte order mark; nothing is unquoted or expanded. A name with blanks in it, text that is not
// UTF-8 and a NUL are errors that name the line.
int key_file_lines(struct arena *arena, const char *kind, const char *name, struct str text,
		   void (*take)(struct arena *arena, void *context, const char *line),
		   void *context);

// The same of a file.
int key_file_read(struct arena *arena, const char *kind, const char *path,
		  void (*take)(struct arena *arena, void *context, const char *line),
		  void *context);
