// SPDX-License-Identifier: Apache-2.0
// text.h - the report on a terminal of 80 columns
#pragma once

enum { TEXT_WIDTH = 80 };

enum text_colour { // how a row's label is painted
	TEXT_PLAIN,
	TEXT_GOOD, // it worked
	TEXT_SHUT, // it was refused
};

// Decides about colour: only on a terminal that isn't "dumb", and not with NO_COLOR set.
void text_start(void);

// An empty line and a heading.
void text_heading(const char *heading, const char *remark);

// A row: the label, and beside it the words, wrapped as often as they need.
void text_row(const char *label, const char *format, ...) printf_(2, 3);
void text_mark(enum text_colour colour, const char *label, const char *format, ...) printf_(3, 4);

// Text that grows, for a row that is put together: a new string with the words added.
char *text_join(char *old, const char *format, ...) printf_(2, 3);
