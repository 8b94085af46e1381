// SPDX-License-Identifier: Apache-2.0
// signals.c - signals by name and number
//
// Of the 64 signals the first 31 have names. The others are real-time signals, counted from the
// first or the last that a program may use: the C library keeps 32 and 33 for itself, so RTMIN is
// 34, as Docker has it, too.
#include "kern/process/signals.h"

#include <signal.h>
#include <stdio.h>

enum { NAMED = 31, REAL_TIME_FIRST = 34 };

// Whether `name` is `upper` (in capitals), in either case.
static bool is_name(struct str name, const char *upper)
{
	if (!upper || name.n != strlen(upper))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != upper[i])
			return false;
	}
	return true;
}

static bool has_prefix(struct str name, const char *upper)
{
	size_t n = strlen(upper);
	return name.n >= n && is_name((struct str){name.p, n}, upper);
}

// What follows "RTMIN" or "RTMAX": nothing, or a sign and a number.
static int real_time(struct str rest, int from, char sign)
{
	uint64_t number = 0;
	if (rest.n && (rest.p[0] != sign ||
		       str_number((struct str){rest.p + 1, rest.n - 1}, SIGNAL_MAX, &number)))
		return 0;
	int result = sign == '+' ? from + (int)number : from - (int)number;
	return result >= REAL_TIME_FIRST && result <= SIGNAL_MAX ? result : 0;
}

int signal_number(struct str text)
{
	static const struct {
		const char *name;
		int number;
	} others[] = {{"IO", SIGIO}, {"IOT", SIGABRT}, {"CLD", SIGCHLD}};
	uint64_t number;
	if (text.n && text.p[0] >= '0' && text.p[0] <= '9')
		return str_number(text, SIGNAL_MAX, &number) ? 0 : (int)number;
	if (has_prefix(text, "SIG"))
		text = (struct str){text.p + 3, text.n - 3};
	struct str rest = {text.p + 5, text.n - 5};
	if (has_prefix(text, "RTMIN"))
		return real_time(rest, REAL_TIME_FIRST, '+');
	if (has_prefix(text, "RTMAX"))
		return real_time(rest, SIGNAL_MAX, '-');
	for (int i = 1; i <= NAMED; i++)
		if (is_name(text, sigabbrev_np(i)))
			return i;
	for (size_t i = 0; i < lengthof(others); i++)
		if (is_name(text, others[i].name))
			return others[i].number;
	return 0;
}

void signal_text(int number, char ret_text[static SIGNAL_TEXT_SIZE])
{
	const char *name = number >= 1 && number <= NAMED ? sigabbrev_np(number) : NULL;
	if (name)
		snprintf(ret_text, SIGNAL_TEXT_SIZE, "SIG%s", name);
	else if (number == REAL_TIME_FIRST)
		snprintf(ret_text, SIGNAL_TEXT_SIZE, "SIGRTMIN");
	else if (number > REAL_TIME_FIRST && number <= SIGNAL_MAX)
		snprintf(ret_text, SIGNAL_TEXT_SIZE, "SIGRTMIN+%d", number - REAL_TIME_FIRST);
	else
		snprintf(ret_text, SIGNAL_TEXT_SIZE, "signal %d", number);
}
