// SPDX-License-Identifier: Apache-2.0
// log.h - what tare-oci tells the engine that called it
//
// Engines read errors from the file that --log names, as lines of words or as JSON objects; people
// read them on standard error.
#pragma once

#include "runtime/runtime.h"

// Checks --log-format, and that the file of --log can be written.
int log_check(const struct runtime_opts *opts);

// Writes the fault recorded last to the file and to standard error.
void log_fault(const struct runtime_call *call);

// Writes a warning to the file, where there is none to standard error.
void log_warning(const struct runtime_call *call, const char *text);

// The same, with --debug alone.
void log_debug(const struct runtime_call *call, const char *text);
