// SPDX-License-Identifier: Apache-2.0
// fail.c - the one fault record of a process
//
// There is one record because one thing at a time goes wrong in a process without threads; it is
// fixed in size because the error may be that memory is short.
#include "base/fail.h"

#include <stdarg.h>

static struct fault last;

int fail(int error, const char *format, ...)
{
	assert(error < 0);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(last.text, sizeof(last.text), format, arguments);
	va_end(arguments);
	last.hint[0] = '\0';
	last.error = error;
	last.exit_code = 0;
	return error;
}

int fail_sys(int error, const char *format, ...)
{
	assert(error < 0);
	va_list arguments;
	va_start(arguments, format);
	int n = vsnprintf(last.text, sizeof(last.text), format, arguments);
	va_end(arguments);
	if (n >= 0 && (size_t)n < sizeof(last.text))
		snprintf(last.text + n, sizeof(last.text) - (size_t)n, ": %s", strerror(-error));
	last.hint[0] = '\0';
	last.error = error;
	last.exit_code = 0;
	return error;
}

int fail_about(const char *format, ...)
{
	const struct fault before = last;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(last.text, sizeof(last.text), format, arguments);
	va_end(arguments);
	strncat(last.text, ": ", sizeof(last.text) - 1 - strlen(last.text));
	strncat(last.text, before.text, sizeof(last.text) - 1 - strlen(last.text));
	return before.error;
}

void fail_hint(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(last.hint, sizeof(last.hint), format, arguments);
	va_end(arguments);
}

void fail_exit_code(int code)
{
	last.exit_code = code;
}

const struct fault *fault_last(void)
{
	return &last;
}

void fault_clear(void)
{
	last = (struct fault){0};
}

void fault_restore(const struct fault *fault)
{
	last = *fault;
}
