// SPDX-License-Identifier: Apache-2.0
// reaper.h - the program of --init, as a file that nobody can change
#pragma once

// HOST: returns a close-on-exec descriptor of a sealed memory file that holds the program, or a
// negative errno.
int reaper_open(void);
