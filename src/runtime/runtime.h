// SPDX-License-Identifier: Apache-2.0
// runtime.h - the commands of tare-oci, and what each is called with
//
// A command is a table of options and a function, one file each, as in cmd. They are those that
// runc and crun share, so that engines can call any of the three.
#pragma once

#include "base/buf.h"
#include "base/opt.h"
#include "oci/lists.h"

enum { RUNTIME_DONE = 1 }; // all is said already, as after --help: not an error

// What stands before the command.
struct runtime_opts {
	bool version;               // --version
	bool debug;                 // --debug
	const char *root;           // --root
	const char *log;            // --log
	const char *log_format;     // --log-format
	const char *rootless;       // --rootless
	const char *cgroup_manager; // --cgroup-manager
	bool systemd_cgroup;        // --systemd-cgroup
};

struct runtime_call {
	struct arena *arena;
	struct runtime_opts opts;
	int status; // exit status of a command that did its work; run sets the workload's
	int failed; // exit status of one that failed; 0: the usual
};

struct runtime_command {
	const struct opt_table *table;
	int (*run)(struct runtime_call *call, int argc, char **argv);
	bool enters; // a process of ours comes into the reach of a container
};

// The program's own table, with the tables of all commands below it.
extern const struct opt_table runtime_table;

// Every command, in the order in which help shows them: a table and a function each, and
// whether a process of ours enters a container then.
// clang-format off
#define RUNTIME_COMMANDS(X) \
	X(create, true)     \
	X(start, false)     \
	X(run, true)        \
	X(exec, true)       \
	X(state, false)     \
	X(list, false)      \
	X(kill, false)      \
	X(pause, false)     \
	X(resume, false)    \
	X(update, false)    \
	X(events, false)    \
	X(ps, false)        \
	X(delete, false)    \
	X(spec, false)      \
	X(features, false)
// clang-format on

#define RUNTIME_DECLARE(name, enters)                                                              \
	extern const struct opt_table runtime_##name##_table;                                      \
	int runtime_##name##_main(struct runtime_call *call, int argc, char **argv);
RUNTIME_COMMANDS(RUNTIME_DECLARE)

// The command called `name`, or NULL and an error that proposes the nearest.
const struct runtime_command *runtime_find(const char *name);

// Reads --format, which is "table" where it is not given, or "json".
int runtime_format(const char *text, bool *ret_json);

// Reads a command line with opt_parse and counts what is left. --help prints and returns
// RUNTIME_DONE.
int runtime_read(struct runtime_call *call, const struct opt_table *table, int argc, char **argv,
		 void *opts, size_t least, size_t most, struct opt_list *ret_rest);
