// SPDX-License-Identifier: Apache-2.0
// env.c - the environment of the workload: defaults, the image's, --env-file, -e
//
// What comes later wins: Docker's defaults, then the image's, then the files, then -e. A name
// stands in the list once: with two, getenv(3) would take the first and a shell the last.
//
// The whole environment of the caller, or its proxies, comes in only where it is asked for; an
// image names variables with a value or not at all.
#include "engine/process/env.h"

#include "base/buf.h"
#include "base/fail.h"
#include "engine/key_file.h"
#include "oci/lists.h"

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
		oci_strings_push(arena, &env->list, variable);
}

static void env_remove(struct arena *arena, struct env *env, const char *name)
{
	struct oci_strings kept = {0};
	size_t at = find(&env->list, name);
	for (size_t i = 0; i < env->list.n; i++)
		if (i != at)
			oci_strings_push(arena, &kept, env->list.item[i]);
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
	if (!oci_strings_has(&env->given, name))
		oci_strings_push(arena, &env->given, name);
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

static void take_line(struct arena *arena, void *context, const char *line)
{
	take(arena, context, line);
}

int env_lines(struct arena *arena, struct env *env, const char *name, struct str text)
{
	return key_file_lines(arena, "env file", name, text, take_line, env);
}

int env_file(struct arena *arena, struct env *env, const char *path)
{
	return key_file_read(arena, "env file", path, take_line, env);
}

// --- the caller's, and the image's ---------------------------------------------------------------

void env_take_all(struct arena *arena, struct env *env)
{
	for (size_t i = 0; env->environment && env->environment[i]; i++)
		if (name_length(env->environment[i]) && strchr(env->environment[i], '='))
			take(arena, env, env->environment[i]);
}

void env_take_proxies(struct arena *arena, struct env *env)
{
	static const char *const names[] = {"http_proxy",  "HTTP_PROXY", "https_proxy",
					    "HTTPS_PROXY", "ftp_proxy",  "FTP_PROXY",
					    "no_proxy",    "NO_PROXY"};
	for (size_t i = 0; i < lengthof(names); i++)
		if (caller_variable(env, names[i]))
			take(arena, env, names[i]);
}

int env_unset(struct arena *arena, struct env *env, const char *name)
{
	if (!*name || strchr(name, '='))
		return fail(-EINVAL, "--unsetenv '%.64s': the name of a variable is expected",
			    name);
	env_remove(arena, env, name);
	return 0;
}

static bool is_name_byte(char c, bool first)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	return letter || (!first && c >= '0' && c <= '9');
}

// The value of the variable that "$NAME" or "${NAME}" at the front of *text names, cut off it.
static int expand(struct arena *arena, const struct env *env, const char **text,
		  const char **ret_value)
{
	const char *name = *text + 1;
	bool braces = *name == '{';
	name += braces;
	size_t n = 0;
	while (is_name_byte(name[n], n == 0))
		n++;
	if (!n || (braces && name[n] != '}'))
		return -EINVAL;
	size_t at = find(&env->list, arena_dup_n(arena, name, n));
	*ret_value = at < env->list.n ? env->list.item[at] + n + 1 : "";
	*text = name + n + braces;
	return 0;
}

int env_merge(struct arena *arena, const struct env *env, const char *text,
	      const char **ret_variable)
{
	struct buf merged = buf_new(arena, ENV_VARIABLE_MAX);
	// Names are taken as they stand: what one expands to could be none.
	if (!name_length(text) || text[strcspn(text, "$=")] != '=')
		return fail(-EINVAL, "--env-merge '%.64s': NAME=VALUE is expected", text);
	for (const char *at = text; *at;) {
		const char *value;
		if (at[0] == '\\' && at[1] == '$')
			at++;
		else if (at[0] == '$') {
			if (expand(arena, env, &at, &value))
				return fail(-EINVAL,
					    "--env-merge '%.64s': only ${NAME} and $NAME are "
					    "understood behind a '$'",
					    text);
			buf_puts(&merged, value);
			continue;
		}
		buf_putc(&merged, *at++);
	}
	if (merged.over)
		return fail(-E2BIG, "--env-merge '%.32s…': longer than the kernel's %d bytes", text,
			    ENV_VARIABLE_MAX);
	*ret_variable = merged.p;
	return 0;
}
