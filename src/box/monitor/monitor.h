// SPDX-License-Identifier: Apache-2.0
// monitor.h - looking after a container while it runs
#pragma once

#include <sys/resource.h>

struct monitor {
	int pidfd;       // of the container's first process
	int master;      // our end of its terminal, closed by monitor_run; -1: it has none
	bool stdin_open; // pass our standard input on
	int signals;     // signalfd of what is forwarded
	bool no_proxy;   // --sig-proxy=false: signals are not passed on; those that ask a program
			 // to end, end the container
	int64_t seconds; // --timeout: after these it is killed; 0: never
};

// How a container ended.
struct monitor_end {
	bool killed;         // by a signal
	bool core;           // which left a core dump
	int code;            // exit status, or the signal's number
	uint64_t forwarded;  // signals that were passed on: bit N - 1 for signal N
	int64_t timed_out;   // seconds after which it was killed for that; 0: it was not
	int interrupted;     // the signal to us that ended it, which was not passed on; 0: none
	int output_error;    // with a terminal: why what it showed could not be written, a negative
			     // errno; the terminal was hung up then. 0: all was
	struct rusage usage; // of the process and of those below it that were waited for
};

// Blocks the signals that are to be forwarded and opens the descriptor they are read from. Called
// before the clone, so that none is lost. SIGPIPE is blocked too: a write says EPIPE instead.
int monitor_prepare(struct monitor *ret_monitor);

// Forwards signals, and what is typed and shown where there is a terminal, until the process ends;
// reaps it. Returns 0 or an error of fail.h.
int monitor_run(struct monitor *monitor, struct monitor_end *ret_end);

// The exit status of a command that ran it: its own, or 128 and the signal's number.
int monitor_exit_status(const struct monitor_end *end);
