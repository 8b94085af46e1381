// SPDX-License-Identifier: Apache-2.0
// reaper.h - the program of --init, as a file that nobody can change
#pragma once

// HOST: returns a close-on-exec descriptor of a sealed memory file that holds the program, or a
// negative errno.
int reaper_open(void);

// HOST: makes the place where the program leaves the wait status of a workload that a signal ended:
// its own exit status can't tell that from an exit with 128+n. Close-on-exec, or a negative errno.
int reaper_end_open(void);

// What was left there: a signal's number, with `ret_core` whether it left a core dump; 0: nothing.
// The container could have written to it, so it counts only as far as `exit_code` agrees.
int reaper_end_read(int end, int exit_code, bool *ret_core);
