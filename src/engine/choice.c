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
	TRY(namespace_choices_parse(opts, choices.ns));
	choices.host_network = choices.ns[NS_NETWORK].mode == NAMESPACE_HOST;
	if (opts->userns && !choices.ns[NS_USER].target)
		TRY(userns(opts->userns, facts, &choices.keep_id));
	if (opts->cgroups)
		TRY(cgroups(opts->cgroups, facts, &choices.cgroups));
	for (size_t i = 0; i < opts->security_opt.n; i++)
		TRY(security_opt_parse(arena, opts->security_opt.item[i], &choices.security));
	*ret_choices = choices;
	return 0;
}
