// SPDX-License-Identifier: Apache-2.0
// command.h - the commands of tare, and what each is called with
//
// A command is a table of options and a function. The function reads its options with command_opts,
// makes one call into the library, prints what came back with msg_print, and returns: 0, an
// error of fail.h that main words and turns into exit status 125 (or what the fault asks for), or
// COMMAND_DONE.
#pragma once

#include "base/opt.h"
#include "engine/roots.h"

enum { COMMAND_DONE = 1 }; // all is said already, as after --help: not an error

// What stands before the command.
struct tare_opts {
	bool version;        // --version
	const char *root;    // --root
	const char *runroot; // --runroot
};

struct command_call {
	struct arena *arena;
	struct tare_opts opts;
	const char *group; // "container" or "image", where that stands before the command; NULL
	int status;        // exit status of a command that did its work; run sets the workload's
};

struct command {
	const struct opt_table *table;
	int (*run)(struct command_call *call, int argc, char **argv);
	const char *container[4]; // what it is called after "tare container"
	const char *image[4];     // and after "tare image"
};

// The program's own table, with the tables of all commands below it.
extern const struct opt_table tare_table;

extern const struct opt_table completion_table, doctor_table, help_table, images_table,
	import_table, info_table, inspect_table, kill_table, ps_table, rm_table, rmi_table,
	oci_table, run_table, step_table, stop_table, tag_table, version_table, view_table;

int completion_main(struct command_call *call, int argc, char **argv);
int doctor_main(struct command_call *call, int argc, char **argv);
int help_main(struct command_call *call, int argc, char **argv);
int images_main(struct command_call *call, int argc, char **argv);
int import_main(struct command_call *call, int argc, char **argv);
int info_main(struct command_call *call, int argc, char **argv);
int inspect_main(struct command_call *call, int argc, char **argv);
int ps_main(struct command_call *call, int argc, char **argv);
int rm_main(struct command_call *call, int argc, char **argv);
int rmi_main(struct command_call *call, int argc, char **argv);
int run_main(struct command_call *call, int argc, char **argv);
int stop_main(struct command_call *call, int argc, char **argv);
int kill_main(struct command_call *call, int argc, char **argv);
int oci_main(struct command_call *call, int argc, char **argv);
int step_main(struct command_call *call, int argc, char **argv);
int tag_main(struct command_call *call, int argc, char **argv);
int version_main(struct command_call *call, int argc, char **argv);
int view_main(struct command_call *call, int argc, char **argv);

// The command that argv[0] names, where "container" takes the word behind it along. *ret_words is
// how many words that were. An unknown name is an error that proposes the nearest.
int command_find(int argc, char **argv, const struct command **ret_command, int *ret_words);

// The table of the command called `name`; NULL: there is none.
const struct opt_table *command_table(const char *name);

// Reads a command line with opt_parse; --help prints and returns COMMAND_DONE.
int command_opts(struct command_call *call, const struct opt_table *table, int argc, char **argv,
		 void *opts, struct opt_list *ret_rest);

// Where containers are kept. Asked only by commands that need it: the others work whatever HOME is.
int command_roots(struct command_call *call, struct roots *ret_roots);
