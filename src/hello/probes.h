// SPDX-License-Identifier: Apache-2.0
// probes.h - small things to do in a container that has no shell
#pragma once

struct probe {
	const char *name;
	const char *arguments; // as --help shows them
	const char *words;
	int least, most;                     // how many arguments; most -1: any
	int (*run)(char **arguments, int n); // returns the exit status
};

extern const struct probe probes[];
extern const size_t probes_n;
