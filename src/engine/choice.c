// SPDX-License-Identifier: Apache-2.0
// choice.c - options whose value is one of a few words
#include "engine/choice.h"

#include "base/fail.h"

static bool is_one_of(struct str text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (str_is(text, words[i]))
			return true;
	return false;
}

static int not_yet(const char *flag, const char *text)
{
	return fail(-EOPNOTSUPP, "%s '%s': not yet", flag, text);
}

// What none of our words is would be the name of a network.
static int network(const char *text, struct namespace_choice *ret_choice)
{
	static const unsigned modes = 1 << NAMESPACE_NONE | 1 << NAMESPACE_HOST |
				      1 << NAMESPACE_PATH | 1 << NAMESPACE_CONTAINER;
	bool known = str_eq(text, "none") || str_eq(text, "host") || str_starts(text, "ns:") ||
		     str_starts(text, "container:");
	if (!known && *text) {
		not_yet("--network", text);
		fail_hint("none gives the container a loopback of its own, host shares the host's "
			  "network");
		return -EOPNOTSUPP;
	}
	if (!*text)
		return fail(-EINVAL, "--network '': none, host, ns:PATH or container:NAME is "
				     "expected");
	return namespace_choice_parse("--network", text, modes, ret_choice);
}

// The kinds that have no words of their own but these.
static int simple_namespaces(const struct run_opts *opts, struct choices *choices)
{
	enum {
		USUAL = 1 << NAMESPACE_HOST | 1 << NAMESPACE_PRIVATE | 1 << NAMESPACE_PATH |
			1 << NAMESPACE_CONTAINER,
		OF_IPC = 1 << NAMESPACE_NONE | 1 << NAMESPACE_SHAREABLE,
	};
	const struct {
		const char *flag;
		const char *text;
		unsigned modes;
		struct namespace_choice *choice;
	} rows[] = {
		{"--pid", opts->pid, USUAL, &choices->pid},
		{"--ipc", opts->ipc, USUAL | OF_IPC, &choices->ipc},
		{"--uts", opts->uts, USUAL, &choices->uts},
		{"--cgroupns", opts->cgroupns, USUAL, &choices->cgroup},
	};
	for (size_t i = 0; i < lengthof(rows); i++)
		if (rows[i].text)
			TRY(namespace_choice_parse(rows[i].flag, rows[i].text, rows[i].modes,
						   rows[i].choice));
	return 0;
}

static int no_joins_yet(const struct choices *choices)
{
	const struct namespace_choice *all[] = {&choices->network, &choices->pid, &choices->ipc,
						&choices->uts, &choices->cgroup};
	for (size_t i = 0; i < lengthof(all); i++)
		if (all[i]->target)
			return fail(-EOPNOTSUPP, "namespace '%s': joining one is not yet done",
				    all[i]->target);
	return 0;
}

static int userns(const char *text, const struct facts *facts, bool *ret_keep_id)
{
	static const char *const later[] = {"auto", "nomap", "private", "remap", "", NULL};
	struct str rest = str_of(text);
	struct str word = str_cut(&rest, ':');
	bool keep_id = str_eq(text, "keep-id");
	if (!keep_id && !str_eq(text, "host")) {
		bool known = *text && (rest.p || is_one_of(word, later));
		if (known)
			return not_yet("--userns", text);
		fail(-EINVAL, "--userns '%s': host or keep-id is expected", text);
		return -EINVAL;
	}
	if (keep_id && facts->uid == 0) {
		fail(-EINVAL, "--userns keep-id: for ordinary users only");
		fail_hint("as root every number is kept already");
		return -EINVAL;
	}
	*ret_keep_id = keep_id;
	return 0;
}

static int cgroups(const char *text, const struct facts *facts, bool *ret_cgroups)
{
	static const char *const later[] = {"no-conmon", "split", NULL};
	bool enabled = str_eq(text, "enabled");
	if (is_one_of(str_of(text), later))
		return not_yet("--cgroups", text);
	if (!enabled && !str_eq(text, "disabled"))
		return fail(-EINVAL, "--cgroups '%s': enabled or disabled is expected", text);
	if (enabled && facts->uid) {
		fail(-EPERM, "--cgroups enabled: not yet for ordinary users, their containers stay "
			     "in the caller's cgroup");
		return -EPERM;
	}
	*ret_cgroups = enabled;
	return 0;
}

static int readers(const struct run_opts *opts)
{
	if (opts->explain + opts->trace + opts->script > 1)
		return fail(-EINVAL, "--explain, --trace and --script: only one of them at a time");
	if (opts->json && !opts->explain && !opts->trace && !opts->script && !opts->image)
		return fail(-EINVAL, "--json: nothing here to print as JSON, it goes with "
				     "--explain, --trace, --script or hello");
	return 0;
}

int choices_parse(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		  struct choices *ret_choices)
{
	struct choices choices = {
		.cgroups = facts->uid == 0,
		.security.seccomp = opts->privileged ? BOX_SECCOMP_UNCONFINED : BOX_SECCOMP_DEFAULT,
	};
	TRY(readers(opts));
	if (opts->network)
		TRY(network(opts->network, &choices.network));
	choices.host_network = choices.network.mode == NAMESPACE_HOST;
	TRY(simple_namespaces(opts, &choices));
	TRY(no_joins_yet(&choices));
	if (opts->userns)
		TRY(userns(opts->userns, facts, &choices.keep_id));
	if (opts->cgroups)
		TRY(cgroups(opts->cgroups, facts, &choices.cgroups));
	for (size_t i = 0; i < opts->security_opt.n; i++)
		TRY(security_opt_parse(arena, opts->security_opt.item[i], &choices.security));
	*ret_choices = choices;
	return 0;
}
