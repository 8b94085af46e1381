// SPDX-License-Identifier: Apache-2.0
// choice.c - options whose value is one of a few words
#include "engine/namespaces/choice.h"

#include "base/fail.h"

// Of Podman's other words one is about its second process, conmon, which tare does not have, and
// one about splitting the caller's own group in two, one half of it for conmon.
static int cgroups(const char *text, struct choices *choices)
{
	static const char *const words[] = {"enabled", "no-conmon", "disabled", NULL};
	if (str_eq(text, "split")) {
		fail(-EOPNOTSUPP, "--cgroups 'split': not yet");
		fail_hint("in a group that is delegated to an ordinary user, tare splits it "
			  "unasked; as root --cgroup-parent names a group");
		return -EOPNOTSUPP;
	}
	if (!str_is_one_of(str_of(text), words))
		return fail(-EINVAL, "--cgroups '%s': enabled or disabled is expected", text);
	choices->cgroups = !str_eq(text, "disabled");
	choices->cgroup_asked = choices->cgroups;
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
		.cgroups = true,
		.security.seccomp = opts->privileged ? BOX_SECCOMP_UNCONFINED : BOX_SECCOMP_DEFAULT,
	};
	TRY(readers(opts));
	TRY(namespace_choices_parse(opts, choices.ns));
	choices.host_network = choices.ns[NS_NETWORK].mode == NAMESPACE_HOST;
	TRY(userns_parse(arena, opts, !facts->uid, &choices.userns));
	if (opts->cgroups)
		TRY(cgroups(opts->cgroups, &choices));
	for (size_t i = 0; i < opts->security_opt.n; i++)
		TRY(security_opt_parse(arena, opts->security_opt.item[i], &choices.security));
	*ret_choices = choices;
	return 0;
}
