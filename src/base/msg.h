// SPDX-License-Identifier: Apache-2.0
// msg.h - what a command tells the person at the other end of standard error
//
// Names of files, output of programs and values of options come from outside and may hold escape
// sequences that move a terminal's cursor, change its title or hide text. Whatever a message shows
// goes through msg_escape, and a message is one line written by one write(2), so that lines of
// several processes do not mix.
#pragma once

#include "base/buf.h"
#include "base/fail.h"

// Adds `text` with whatever is no visible text made visible: control characters (the C1 ones too),
// the characters that turn the direction of writing, and bytes that are no UTF-8 become "\x1b".
void msg_escape(struct buf *out, struct str text);

// Writes what a command was asked for to standard output, as it is; that it can't be written is an
// error.
int msg_print(const struct buf *text);

// Whose messages they are, where it is not tare.
void msg_program(const char *name);

// Prints "tare: " and the fault's text, and below it its hint if it has one.
void msg_fault(const struct fault *fault);

// Prints "tare: " and the text: something that is true whatever standard error is.
void msg_say(const char *format, ...) printf_(1, 2);

// Prints the same when standard error is a terminal: something good to know for a person, and noise
// in a log.
void msg_notice(const char *format, ...) printf_(1, 2);
