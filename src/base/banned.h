// SPDX-License-Identifier: Apache-2.0
// banned.h - calls that this code base does not make, refused by the compiler
//
// Each has no bound, hidden state or a shell in it. The way to say it instead: buf_add and
// arena_printf to build, str to parse, num_parse for numbers, sigaction, child_run.
#pragma once

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef alloca
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol atoll gets alloca system
#define signal(number, handler) banned_signal_use_sigaction
