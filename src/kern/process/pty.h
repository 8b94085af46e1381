// SPDX-License-Identifier: Apache-2.0
// pty.h - pseudo-terminals: the inner side
//
// Child-safe: system calls only, bare negative errnos.
#pragma once

// Opens a pair in the instance of devpts that `devpts` is the directory of. Both descriptors are
// close-on-exec, and neither becomes our controlling terminal. -EXDEV: the directory is none of a
// devpts, or something else is mounted on its ptmx.
int pty_open(int devpts, int *ret_master, int *ret_terminal);

// Gives it the size that was asked for, in lines and columns; with both 0 that of the caller's own
// terminal, which is still standard input. So a program sees the right size from the first on.
void pty_set_size(int terminal, unsigned lines, unsigned columns);

// Ends its lines as they were written: no carriage return is put before a new line.
void pty_leave_lines(int terminal);

// Makes the terminal the controlling one of this session (whose leader we are), and standard input,
// output and error. Closes the descriptor.
int pty_take(int terminal);
