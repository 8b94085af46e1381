// SPDX-License-Identifier: Apache-2.0
// file.h - small files of /proc, /sys and /etc, read whole
//
// The report is made once and the process ends: what these return is never freed.
#pragma once

enum { FILE_MAX = 4 << 20 };

// The text of a file; NULL (and errno) when it can't be had.
char *file_text(const char *path);

// The next line of *rest, cut off in place; NULL when there is none left.
char *file_line(char **rest);

// What follows "KEY:" and blanks at the start of a line, up to its end; NULL when no line has it.
char *file_field(const char *text, const char *key);

// The first word of a file; NULL when there is none.
char *file_word(const char *path);
