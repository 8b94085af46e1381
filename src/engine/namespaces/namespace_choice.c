// SPDX-License-Identifier: Apache-2.0
// namespace_choice.c - the words after --pid, --ipc, --uts, --cgroupns, --network, --userns
//
// They are the same words for every kind of namespace, as far as a kind has them:
//
//	private          the container gets a new one
//	host             it shares tare's own, which usually is the machine's first
//	ns:PATH          it joins the one whose file this is: /proc/PID/ns/net, /run/netns/NAME
//	container:NAME   it joins that of a container that runs, for as long as that runs
//
// Docker knows host and container:NAME for most kinds, Podman all of them.
#include "engine/namespaces/namespace_choice.h"

#include "base/fail.h"

static const struct word {
	const char *word;
	const char *shown; // in the list of what is expected
	enum namespace_mode mode;
	bool target; // it ends in a colon, and what follows is the target
} words[] = {
	{"none", "none", NAMESPACE_NONE, false},
	{"host", "host", NAMESPACE_HOST, false},
	{"private", "private", NAMESPACE_PRIVATE, false},
	{"shareable", "shareable", NAMESPACE_SHAREABLE, false},
	{"ns:", "ns:PATH", NAMESPACE_PATH, true},
	{"container:", "container:NAME", NAMESPACE_CONTAINER, true},
};

static bool is_known(unsigned modes, const struct word *word)
{
	return modes >> word->mode & 1;
}

static int unexpected(const char *flag, const char *text, unsigned modes)
{
	char expected[128] = "";
	size_t n = 0, left = 0;
	for (size_t i = 0; i < lengthof(words); i++)
		left += is_known(modes, &words[i]);
	for (size_t i = 0; i < lengthof(words); i++) {
		if (!is_known(modes, &words[i]))
			continue;
		left--;
		n += (size_t)snprintf(expected + n, sizeof(expected) - n, "%s%s", words[i].shown,
				      left > 1    ? ", "
				      : left == 1 ? " or "
						  : "");
	}
	return fail(-EINVAL, "%s '%s': %s is expected", flag, text, expected);
}

int namespace_choice_parse(const char *flag, const char *text, unsigned modes,
			   struct namespace_choice *ret_choice)
{
	struct namespace_choice choice = {0};
	if (!*text) {
		*ret_choice = choice;
		return 0;
	}
	for (size_t i = 0; i < lengthof(words); i++) {
		const struct word *word = &words[i];
		bool same = word->target ? str_starts(text, word->word) : str_eq(text, word->word);
		if (!same || !is_known(modes, word))
			continue;
		choice.mode = word->mode;
		choice.target = word->target ? text + strlen(word->word) : NULL;
		if (choice.target && !*choice.target)
			return unexpected(flag, text, modes);
		*ret_choice = choice;
		return 0;
	}
	return unexpected(flag, text, modes);
}

// What none of our words is would be the name of a network.
static int network(const char *text, struct namespace_choice *ret_choice)
{
	static const unsigned modes = 1 << NAMESPACE_NONE | 1 << NAMESPACE_HOST |
				      1 << NAMESPACE_PATH | 1 << NAMESPACE_CONTAINER;
	bool known = !*text || str_eq(text, "none") || str_eq(text, "host") ||
		     str_starts(text, "ns:") || str_starts(text, "container:");
	if (!known) {
		fail(-EOPNOTSUPP, "--network '%s': not yet", text);
		fail_hint("none gives the container a loopback of its own, host shares the host's "
			  "network, container:NAME that of another");
		return -EOPNOTSUPP;
	}
	if (!*text)
		return fail(-EINVAL, "--network '': none, host, ns:PATH or container:NAME is "
				     "expected");
	return namespace_choice_parse("--network", text, modes, ret_choice);
}

enum {
	JOINING = 1 << NAMESPACE_PATH | 1 << NAMESPACE_CONTAINER,
	USUAL = 1 << NAMESPACE_HOST | 1 << NAMESPACE_PRIVATE | JOINING,
	OF_IPC = USUAL | 1 << NAMESPACE_NONE | 1 << NAMESPACE_SHAREABLE,
};

static const char *const flags[NAMESPACE_COUNT] = {
	[NS_USER] = "--userns", [NS_PID] = "--pid", [NS_NETWORK] = "--network",
	[NS_IPC] = "--ipc",     [NS_UTS] = "--uts", [NS_CGROUP] = "--cgroupns",
};

const char *namespace_flag(enum namespace_kind kind)
{
	return flags[kind];
}

int namespace_choices_parse(const struct run_opts *opts,
			    struct namespace_choice ret_choices[static NAMESPACE_COUNT])
{
	const struct {
		enum namespace_kind kind;
		const char *text;
		unsigned modes;
	} rows[] = {
		{NS_PID, opts->pid, USUAL},
		{NS_IPC, opts->ipc, OF_IPC},
		{NS_UTS, opts->uts, USUAL},
		{NS_CGROUP, opts->cgroupns, USUAL},
	};
	const char *user = opts->userns;
	if (opts->network)
		TRY(network(opts->network, &ret_choices[NS_NETWORK]));
	for (size_t i = 0; i < lengthof(rows); i++)
		if (rows[i].text)
			TRY(namespace_choice_parse(flags[rows[i].kind], rows[i].text, rows[i].modes,
						   &ret_choices[rows[i].kind]));
	if (user && (str_starts(user, "ns:") || str_starts(user, "container:")))
		TRY(namespace_choice_parse("--userns", user, JOINING, &ret_choices[NS_USER]));
	return 0;
}
