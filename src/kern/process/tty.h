// SPDX-License-Identifier: Apache-2.0
// tty.h - the caller's own terminal, while a container's is shown on it
#pragma once

// Whether the descriptor is a terminal.
bool tty_is(int fd);

// Columns of the terminal; 80 where that can't be told.
unsigned tty_columns(int fd);

// Passes every key on as it is: no echo, no line editing, no signals. The setting from before is
// kept until tty_restore, which also runs at exit and when a fault ends the process. Returns 0 or a
// negative errno; -EBUSY: there is one terminal at a time.
int tty_make_raw(int fd);

// Puts the setting back; harmless when there is none. Async-signal-safe.
void tty_restore(void);

// Gives `to` the size of `from`.
void tty_copy_size(int from, int to);
