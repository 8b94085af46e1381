// SPDX-License-Identifier: Apache-2.0
// change.c - a line of a Dockerfile that changes how an image is run
//
// One row an instruction. A list as JSON (CMD ["a", "b"]) is a program and its arguments; anything
// else is a line for the shell. Variables are those that ENV has set in the image; a program's own
// line keeps its dollars, as the shell will put them in.
#include "image/change.h"

#include "base/fail.h"
#include "base/json.h"
#include "image/change_health.h"
#include "image/words.h"

enum { PORTS_MAX = 65535 };

struct change {
	struct arena *arena;
	const char *what; // "--change 'ENV'"
	struct str text;  // what follows the instruction
	struct oci_run_config *config;
};

// --- lists --------------------------------------------------------------------------------------

static void append(struct change *change, struct oci_strings *list, const char *text)
{
	const char **item = arena_array(change->arena, const char *, list->n + 1);
	if (list->n)
		memcpy(item, list->item, list->n * sizeof(*item));
	item[list->n] = text;
	list->item = item;
	list->n++;
}

static void append_once(struct change *change, struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return;
	append(change, list, text);
}

// A list in JSON; false where it is none, which is no error: then it is something else.
static bool json_list(struct change *change, struct str text, struct oci_strings *ret_list)
{
	_cleanup_json_ struct json json = {0};
	struct oci_strings list = {0};
	if (json_parse("list", text, &json) || json_kind(json.root) != JSON_LIST) {
		fault_clear();
		return false;
	}
	size_t n = json_count(json.root);
	list.item = arena_array(change->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct str item = json_to_str(json_item(json.root, i));
		if (!item.p || memchr(item.p, '\0', item.n))
			return false;
		list.item[list.n++] = arena_dup_n(change->arena, item.p, item.n);
	}
	*ret_list = list;
	return true;
}

static struct oci_strings program_of(struct change *change, struct str text)
{
	static const char *const shell[] = {"/bin/sh", "-c"};
	struct oci_strings list = {0};
	if (json_list(change, text, &list))
		return list;
	for (size_t i = 0; i < lengthof(shell); i++)
		append(change, &list, shell[i]);
	append(change, &list, arena_dup_n(change->arena, text.p, text.n));
	return list;
}

// --- instructions -------------------------------------------------------------------------------

static int do_cmd(struct change *change)
{
	change->config->cmd = program_of(change, change->text);
	return 0;
}

static int do_entrypoint(struct change *change)
{
	change->config->entrypoint = program_of(change, change->text);
	return 0;
}

static int do_env(struct change *change)
{
	struct oci_strings words, *env = &change->config->env;
	TRY(words_pairs(change->arena, change->what, change->text, env, &words));
	for (size_t i = 0; i < words.n; i += 2) {
		size_t n = strlen(words.item[i]), at = 0;
		if (strchr(words.item[i], '='))
			return fail(-EINVAL, "%s: a name can't have '=' in it", change->what);
		const char *variable =
			arena_printf(change->arena, "%s=%s", words.item[i], words.item[i + 1]);
		while (at < env->n && strncmp(env->item[at], variable, n + 1))
			at++;
		if (at < env->n)
			env->item[at] = variable;
		else
			append(change, env, variable);
	}
	return 0;
}

static int do_label(struct change *change)
{
	struct oci_strings words;
	struct oci_pairs *labels = &change->config->labels;
	TRY(words_pairs(change->arena, change->what, change->text, &change->config->env, &words));
	struct shape_pair *item =
		arena_array(change->arena, struct shape_pair, labels->n + words.n / 2);
	if (labels->n)
		memcpy(item, labels->item, labels->n * sizeof(*item));
	labels->item = item;
	for (size_t i = 0; i < words.n; i += 2) {
		size_t at = 0;
		while (at < labels->n && !str_eq(item[at].name, words.item[i]))
			at++;
		item[at] = (struct shape_pair){words.item[i], words.item[i + 1]};
		labels->n = max_of(labels->n, at + 1);
	}
	return 0;
}

// "80", "80/udp", "8000-8010": each port of a range is one.
static int expose(struct change *change, const char *word)
{
	struct str protocol = str_of(word), range = str_cut(&protocol, '/');
	struct str high = range, low = str_cut(&high, '-');
	uint64_t first, last;
	if (!protocol.p)
		protocol = (struct str){"tcp", 3};
	bool known = str_is(protocol, "tcp") || str_is(protocol, "udp") || str_is(protocol, "sctp");
	if (!high.p)
		high = low;
	if (!known || str_number(low, PORTS_MAX, &first) || str_number(high, PORTS_MAX, &last) ||
	    first > last)
		return fail(-EINVAL, "%s: '%s' is no port, as in 80, 53/udp or 8000-8010",
			    change->what, word);
	for (uint64_t port = first; port <= last; port++)
		append_once(change, &change->config->exposed_ports,
			    arena_printf(change->arena, "%u/%.*s", (unsigned)port, (int)protocol.n,
					 protocol.p));
	return 0;
}

static int do_expose(struct change *change)
{
	struct oci_strings words;
	TRY(words_split(change->arena, change->what, change->text, &change->config->env, &words));
	for (size_t i = 0; i < words.n; i++)
		TRY(expose(change, words.item[i]));
	return 0;
}

static int do_volume(struct change *change)
{
	struct oci_strings list;
	if (!json_list(change, change->text, &list))
		TRY(words_split(change->arena, change->what, change->text, &change->config->env,
				&list));
	for (size_t i = 0; i < list.n; i++) {
		if (list.item[i][0] != '/')
			return fail(-EINVAL, "%s: '%s' is not an absolute path", change->what,
				    list.item[i]);
		append_once(change, &change->config->volumes, list.item[i]);
	}
	return 0;
}

static int one_word(struct change *change, const char **ret_word)
{
	struct oci_strings words;
	TRY(words_split(change->arena, change->what, change->text, &change->config->env, &words));
	if (words.n != 1)
		return fail(-EINVAL, "%s: wants one word", change->what);
	*ret_word = words.item[0];
	return 0;
}

static int do_user(struct change *change)
{
	return one_word(change, &change->config->user);
}

static int do_stopsignal(struct change *change)
{
	const char *word = "";
	uint64_t number;
	TRY(one_word(change, &word));
	size_t letters = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-");
	bool name = word[letters] == '\0' && word[0] >= 'A';
	bool is_number = !str_number(str_of(word), 64, &number) && number > 0;
	if (!name && !is_number)
		return fail(-EINVAL, "%s: '%s' is no signal, as in SIGTERM or 15", change->what,
			    word);
	change->config->stop_signal = word;
	return 0;
}

// A relative path goes on from where the image was.
static int do_workdir(struct change *change)
{
	const char *path, *before = change->config->working_dir;
	TRY(words_whole(change->arena, change->what, change->text, &change->config->env, &path));
	if (path[0] != '/')
		path = arena_printf(change->arena, "%s/%s", before ? before : "", path);
	change->config->working_dir = path;
	return 0;
}

static int do_healthcheck(struct change *change)
{
	struct oci_healthcheck *check = arena_new(change->arena, struct oci_healthcheck);
	struct str command;
	TRY(change_health(change->arena, change->what, change->text, check, &command));
	if (command.p) {
		struct oci_strings list;
		bool json = json_list(change, command, &list);
		append(change, &check->test, json ? "CMD" : "CMD-SHELL");
		for (size_t i = 0; json && i < list.n; i++)
			append(change, &check->test, list.item[i]);
		if (!json)
			append(change, &check->test,
			       arena_dup_n(change->arena, command.p, command.n));
	}
	change->config->healthcheck = check;
	return 0;
}

static bool starts_with_word(struct str text, const char *word)
{
	size_t n = strlen(word);
	return text.n > n && !strncasecmp(text.p, word, n) &&
	       (text.p[n] == ' ' || text.p[n] == '\t');
}

static int do_onbuild(struct change *change)
{
	static const char *const refused[] = {"ONBUILD", "FROM", "MAINTAINER"};
	for (size_t i = 0; i < lengthof(refused); i++)
		if (starts_with_word(change->text, refused[i]))
			return fail(-EINVAL, "%s: %s can't follow it", change->what, refused[i]);
	append(change, &change->config->on_build,
	       arena_dup_n(change->arena, change->text.p, change->text.n));
	return 0;
}

static const struct instruction {
	const char *name;
	int (*apply)(struct change *change);
} instructions[] = {
	{"CMD", do_cmd},         {"ENTRYPOINT", do_entrypoint},   {"ENV", do_env},
	{"EXPOSE", do_expose},   {"HEALTHCHECK", do_healthcheck}, {"LABEL", do_label},
	{"ONBUILD", do_onbuild}, {"STOPSIGNAL", do_stopsignal},   {"USER", do_user},
	{"VOLUME", do_volume},   {"WORKDIR", do_workdir},
};

static int unknown(const char *line)
{
	fail(-EINVAL, "--change '%.64s': no instruction that changes how an image is run", line);
	fail_hint("CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, "
		  "VOLUME and WORKDIR do");
	return -EINVAL;
}

int change_apply(struct arena *arena, const char *line, struct oci_run_config *config)
{
	struct str rest = str_of(line), name = str_word(&rest);
	for (size_t i = 0; name.p && i < lengthof(instructions); i++) {
		const struct instruction *row = &instructions[i];
		if (strlen(row->name) != name.n || strncasecmp(row->name, name.p, name.n))
			continue;
		size_t skip = 0;
		while (rest.p && skip < rest.n && strchr(" \t\r\n", rest.p[skip]))
			skip++;
		struct change change = {
			.arena = arena,
			.what = arena_printf(arena, "--change '%s'", row->name),
			.text = {rest.p + skip, rest.p ? rest.n - skip : 0},
			.config = config,
		};
		while (change.text.n && strchr(" \t\r\n", change.text.p[change.text.n - 1]))
			change.text.n--;
		if (!change.text.n)
			return fail(-EINVAL, "%s: wants something behind it", change.what);
		return row->apply(&change);
	}
	return unknown(line);
}
