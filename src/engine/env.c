// SPDX-License-Identifier: Apache-2.0
// env.c - the environment of the workload: defaults, the image's, --env-file, -e
//
// What comes later wins: Docker's defaults, then the image's, then the files, then -e. A name
// stands in the list once: with two, getenv(3) would take the first and a shell the last.
//
// A file is read as Docker's client 28 reads it: the text behind '=' is the value, quotes,
// blanks and backslashes included.
#include "engine/env.h"

#include <fcntl.h>

#include "base/fail.h"
#include "base/fd.h"
#include "engine/list.h"

static size_t name_length(const char *variable)
{
	return strcspn(variable, "=");
}

// Where the name of `variable` stands in the list; list.n when it does not.
static size_t find(const struct oci_strings *list, const char *variable)
{
	size_t n = name_length(variable), i = 0;
	while (i < list->n &&
	       !(name_length(list->item[i]) == n && !memcmp(list->item[i], variable, n)))
		i++;
	return i;
}

void env_set(struct arena *arena, struct env *env, const char *variable)
{
	size_t at = find(&env->list, variable);
	if (at < env->list.n)
		env->list.item[at] = variable;
	else
		list_add(arena, &env->list, variable);
}

static void env_remove(struct arena *arena, struct env *env, const char *name)
{
	struct oci_strings kept = {0};
	size_t at = find(&env->list, name);
	for (size_t i = 0; i < env->list.n; i++)
		if (i != at)
			list_add(arena, &kept, env->list.item[i]);
	env->list = kept;
}

// "NAME=value" as the caller has it, or NULL.
static const char *caller_variable(const struct env *env, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; env->environment && env->environment[i]; i++)
		if (!strncmp(env->environment[i], name, n) && env->environment[i][n] == '=')
			return env->environment[i];
	return NULL;
}

// Takes "NAME=value" or "NAME", whose form was checked.
static void take(struct arena *arena, struct env *env, const char *variable)
{
	const char *name = arena_dup_n(arena, variable, name_length(variable));
	if (!strchr(variable, '='))
		variable = caller_variable(env, name);
	if (!variable) {
		env_remove(arena, env, name);
		return;
	}
	env_set(arena, env, variable);
	if (!list_has(&env->given, name))
		list_add(arena, &env->given, name);
}

int env_option(struct arena *arena, struct env *env, const char *text)
{
	if (name_length(text) == 0) {
		fail(-EINVAL, "--env '%s': no name", text);
		fail_hint("it is written NAME=value; or NAME, to pass on the caller's value");
		return -EINVAL;
	}
	if (strlen(text) >= ENV_VARIABLE_MAX)
		return fail(-E2BIG, "--env '%.32s…': longer than the kernel's %d bytes", text,
			    ENV_VARIABLE_MAX);
	take(arena, env, text);
	return 0;
}

// How many bytes the UTF-8 character at the front takes; 0: it is not one.
static size_t utf8_length(struct str s)
{
	unsigned char first = (unsigned char)s.p[0];
	if (first < 0x80)
		return 1;
	size_t n = first >= 0xc2 && first < 0xe0   ? 2
		   : first >= 0xe0 && first < 0xf0 ? 3
		   : first >= 0xf0 && first < 0xf5 ? 4
						   : 0;
	if (n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
	unsigned char second = n ? (unsigned char)s.p[1] : 0;
	bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
	bool no_character = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
	return overlong || no_character ? 0 : n;
}

static bool is_text(struct str s)
{
	while (s.n) {
		size_t n = s.p[0] ? utf8_length(s) : 0;
		if (!n)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}

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

static int env_line(struct arena *arena, struct env *env, const char *file, size_t number,
		    struct str line)
{
	if (!is_text(line))
		return fail(-EILSEQ, "env file '%s' line %zu: not UTF-8 text", file, number);
	line = trim(line);
	if (!line.n || line.p[0] == '#')
		return 0;
	if (line.n >= ENV_VARIABLE_MAX)
		return fail(-E2BIG, "env file '%s' line %zu: longer than the kernel's %d bytes",
			    file, number, ENV_VARIABLE_MAX);
	struct str rest = line;
	struct str name = str_cut(&rest, '=');
	if (!name.n)
		return fail(-EINVAL, "env file '%s' line %zu: no name before '='", file, number);
	if (memchr(name.p, ' ', name.n) || memchr(name.p, '\t', name.n)) {
		fail(-EINVAL, "env file '%s' line %zu: the name '%.*s' has blanks in it", file,
		     number, (int)min_of(name.n, 64u), name.p);
		fail_hint("a line is NAME=value, without 'export' and without blanks before '='");
		return -EINVAL;
	}
	take(arena, env, arena_dup_n(arena, line.p, line.n));
	return 0;
}

int env_lines(struct arena *arena, struct env *env, const char *name, struct str text)
{
	if (text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3)) {
		text.p += 3;
		text.n -= 3;
	}
	for (size_t number = 1; text.n; number++)
		TRY(env_line(arena, env, name, number, str_line(&text)));
	return 0;
}

int env_file(struct arena *arena, struct env *env, const char *path)
{
	struct str text;
	int error = file_read(arena, AT_FDCWD, path, ENV_FILE_MAX, &text);
	if (error == -EFBIG)
		return fail(error, "env file '%s': more than %d bytes", path, ENV_FILE_MAX);
	if (error)
		return fail_sys(error, "env file '%s'", path);
	return env_lines(arena, env, path, text);
}
