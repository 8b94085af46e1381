// SPDX-License-Identifier: Apache-2.0
// make.h - a container made of a bundle, up to its start
#pragma once

#include "runtime/container.h"

struct make_want {
	const char *bundle;       // directory; NULL: the working directory
	const char *config;       // the document; NULL: config.json of the bundle
	const char *pid_file;     // --pid-file; NULL: none
	const char *console;      // --console-socket; NULL: none
	const char *preserve_fds; // --preserve-fds; NULL: none
	bool no_new_keyring;      // --no-new-keyring
	bool no_subreaper;        // --no-subreaper: tare-oci never is one
	bool foreground;          // its terminal, if it has one, is looked after by us
};

// The rows of a table of options whose struct `type` has a make_want called `make`.
#define MAKE_ROW(type, field, letter, name, value, help)                                           \
	{                                                                                          \
		OPT_INTO(type, struct oci_strings, make.field), letter, name, value, help          \
	}
#define MAKE_ROWS(type)                                                                            \
	MAKE_ROW(type, bundle, 'b', "bundle", "DIR",                                               \
		 "where config.json is, if not in the working directory"),                         \
		MAKE_ROW(type, config, 'f', "config", "FILE",                                      \
			 "the document, if it is not the bundle's config.json"),                   \
		MAKE_ROW(type, pid_file, 0, "pid-file", "FILE",                                    \
			 "write the number of its first process into FILE"),                       \
		MAKE_ROW(type, console, 0, "console-socket", "SOCKET",                             \
			 "send its terminal to whoever listens there"),                            \
		MAKE_ROW(type, preserve_fds, 0, "preserve-fds", "N",                               \
			 "pass N descriptors on, from 3"),                                         \
		MAKE_ROW(type, no_new_keyring, 0, "no-new-keyring", NULL,                          \
			 "leave it the caller's session keyring, which it can read then"),         \
		MAKE_ROW(type, no_subreaper, 0, "no-subreaper", NULL,                              \
			 "orphans go to whoever reaps for the caller, as they do anyway"),         \
		OPT_NONE(0, "no-pivot", "a root that was only changed to can be left again")

struct made {
	struct container container; // locked
	int pidfd;                  // of its first process, our child
	int master;                 // the terminal's outer end; -1: it has none, or it was sent
};

// Makes it. On failure nothing is left.
int make_container(struct runtime_call *call, const char *id, const struct make_want *want,
		   struct made *ret_made);

// --pid-file: writes the number, all at once.
int make_pid_file(struct arena *arena, const char *path, pid_t pid);

// Whether a terminal that we look after is read by a program: what is no terminal itself would show
// the carriage returns that go before a terminal's new lines.
bool make_plain_lines(const char *console);

// --preserve-fds: how many, 0 where `text` is NULL.
int make_read_fds(const char *text, int *ret_n);
