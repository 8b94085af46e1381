// SPDX-License-Identifier: Apache-2.0
// key_file.c - files of NAME=value lines, as --env-file and --label-file name them
//
// They are read as Docker's client 28 reads them: the text behind '=' is the value, quotes, blanks
// and backslashes included.
#include "engine/key_file.h"

#include <fcntl.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/utf8.h"

// A line without its carriage return and the blanks before its first word.
static struct str trim(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	while (line.n && memchr(" \t\v\f\r", line.p[0], 5)) {
		line.p++;
		line.n--;
	}
	return line;
}

// Returns 1 for a line to take, 0 for one to skip.
static int check(const char *kind, const char *file, size_t number, struct str *line)
{
	if (!utf8_is_text(*line))
		return fail(-EILSEQ, "%s '%s' line %zu: not UTF-8 text", kind, file, number);
	*line = trim(*line);
	if (!line->n || line->p[0] == '#')
		return 0;
	if (line->n >= KEY_LINE_MAX)
		return fail(-E2BIG, "%s '%s' line %zu: longer than the kernel's %d bytes", kind,
			    file, number, KEY_LINE_MAX);
	struct str rest = *line;
	struct str name = str_cut(&rest, '=');
	if (!name.n)
		return fail(-EINVAL, "%s '%s' line %zu: no name before '='", kind, file, number);
	if (memchr(name.p, ' ', name.n) || memchr(name.p, '\t', name.n)) {
		fail(-EINVAL, "%s '%s' line %zu: the name '%.*s' has blanks in it", kind, file,
		     number, (int)min_of(name.n, 64u), name.p);
		fail_hint("a line is NAME=value, without 'export' and without blanks before '='");
		return -EINVAL;
	}
	return 1;
}

int key_file_lines(struct arena *arena, const char *kind, const char *name, struct str text,
		   void (*take)(struct arena *arena, void *context, const char *line),
		   void *context)
{
	if (text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3)) {
		text.p += 3;
		text.n -= 3;
	}
	for (size_t number = 1; text.n; number++) {
		struct str line = str_line(&text);
		int result = check(kind, name, number, &line);
		TRY(result);
		if (result)
			take(arena, context, arena_dup_n(arena, line.p, line.n));
	}
	return 0;
}

int key_file_read(struct arena *arena, const char *kind, const char *path,
		  void (*take)(struct arena *arena, void *context, const char *line), void *context)
{
	struct str text;
	int error = file_read(arena, AT_FDCWD, path, KEY_FILE_MAX, &text);
	if (error == -EFBIG)
		return fail(error, "%s '%s': more than %d bytes", kind, path, KEY_FILE_MAX);
	if (error)
		return fail_sys(error, "%s '%s'", kind, path);
	return key_file_lines(arena, kind, path, text, take, context);
}
