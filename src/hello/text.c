// SPDX-License-Identifier: Apache-2.0
// text.c - the report on a terminal of 80 columns
//
// Every line goes through wrap(), which breaks between words and, where a word has no end, within
// it: no mount path or host name makes a line longer. What is no printable ASCII becomes '?', as a
// name from outside must not be able to speak to the terminal.
#include "hello/text.h"

#include <stdarg.h>
#include <unistd.h>

enum { LABEL_WIDTH = 13, INDENT = 2 + LABEL_WIDTH };

static bool colourful;

void text_start(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
	colourful = isatty(STDOUT_FILENO) && term && !str_eq(term, "dumb") && !(no && *no);
}

static void paint(const char *code, const char *text)
{
	if (colourful)
		printf("\033[%sm%s\033[0m", code, text);
	else
		fputs(text, stdout);
}

void text_heading(const char *heading, const char *remark)
{
	putchar('\n');
	paint("1", heading);
	if (remark) {
		fputs("  ", stdout);
		paint("2", remark);
	}
	putchar('\n');
}

char *text_join(char *old, const char *format, ...)
{
	char *words, *joined;
	va_list arguments;
	va_start(arguments, format);
	int n = vasprintf(&words, format, arguments);
	va_end(arguments);
	if (n < 0 || asprintf(&joined, "%s%s", old ? old : "", words) < 0)
		abort();
	free(words);
	free(old);
	return joined;
}

// How many bytes of the text go on a line with this much room: up to the last blank that fits.
static size_t line_length(const char *text, size_t room)
{
	size_t n = strlen(text);
	if (n <= room)
		return n;
	for (size_t i = room; i > room / 3; i--) {
		if (text[i] == ' ')
			return i;
	}
	return room;
}

static void wrap(char *text)
{
	for (char *p = text; *p; p++) {
		if (*p < ' ' || *p > '~')
			*p = '?';
	}
	for (bool first = true; first || *text; first = false) {
		size_t n = line_length(text, TEXT_WIDTH - INDENT);
		printf("%*s%.*s\n", first ? 0 : INDENT, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}

static void row(enum text_colour colour, const char *label, char *words)
{
	static const char *const codes[] = {
		[TEXT_PLAIN] = "36", [TEXT_GOOD] = "32", [TEXT_SHUT] = "33"};
	char padded[LABEL_WIDTH + 1];
	snprintf(padded, sizeof(padded), "%-*s", LABEL_WIDTH, label);
	fputs("  ", stdout);
	paint(codes[colour], padded);
	wrap(words);
	free(words);
}

void text_mark(enum text_colour colour, const char *label, const char *format, ...)
{
	char *words;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&words, format, arguments) < 0)
		abort();
	va_end(arguments);
	row(colour, label, words);
}

void text_row(const char *label, const char *format, ...)
{
	char *words;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&words, format, arguments) < 0)
		abort();
	va_end(arguments);
	row(TEXT_PLAIN, label, words);
}
