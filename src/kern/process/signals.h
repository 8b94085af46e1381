// SPDX-License-Identifier: Apache-2.0
// signals.h - signals by name and number
#pragma once

#include "base/str.h"

enum { SIGNAL_MAX = 64, SIGNAL_TEXT_SIZE = 24 };

// The number of "SIGTERM", "TERM", "term", "15", "RTMIN+3"; 0: there is no such signal.
int signal_number(struct str text);

// Writes "SIGTERM", "SIGRTMIN+3"; where a number has no name, "signal 33".
void signal_text(int number, char ret_text[static SIGNAL_TEXT_SIZE]);
