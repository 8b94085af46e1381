// SPDX-License-Identifier: Apache-2.0
// pty.h - pseudo-terminals: the inner side
//
// Child-safe: system calls only, bare negative errnos.
#pragma once

// Opens a pair in the instance of devpts that `devpts` is the directory of. Both descriptors are
// close-on-exec, and neither becomes our controlling terminal.
int pty_open(int devpts, int *ret_master, int *ret_terminal);

// Makes the terminal the controlling one of this session (whose leader we are), and standard input,
// output and error. Closes the descriptor.
int pty_take(int terminal);
