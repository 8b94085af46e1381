// SPDX-License-Identifier: Apache-2.0
// userns.c - the words of --userns that are about id maps
//
// They are Podman's: a word, and for two of them options behind a colon:
//
//	host                    no user namespace but the caller's; an ordinary user's container
//	                        has one nevertheless, or it could have nothing else
//	private                 its own; --uidmap and its kin say with which ids
//	auto:size=1000,…        its own, with ids that nobody else has
//	keep-id:uid=5,gid=5,…   its own, in which the caller has these numbers
//	nomap                   its own, in which the caller has none
#include "engine/ids/userns.h"

#include "base/fail.h"
#include "oci/lists.h"

static const char expected[] = "host, private, auto, keep-id, nomap, ns:PATH or container:NAME";

static int bad_option(const char *text, struct str option, const char *known)
{
	return fail(-EINVAL, "--userns '%s': '%.*s' is no option here: %s", text,
		    (int)min_of(option.n, (size_t)64), option.p, known);
}

static int number(const char *text, struct str key, struct str value, uint64_t least,
		  uint64_t *ret_number)
{
	if (value.p && !str_number(value, UINT32_MAX - 1, ret_number) && *ret_number >= least)
		return 0;
	return fail(-EINVAL, "--userns '%s': %.*s: a number from %llu on is expected", text,
		    (int)key.n, key.p, (unsigned long long)least);
}

static int keep_id_option(const char *text, struct str option, struct userns *userns)
{
	struct str value = option;
	struct str key = str_cut(&value, '=');
	uint64_t n;
	bool size = str_is(key, "size");
	if (!size && !str_is(key, "uid") && !str_is(key, "gid"))
		return bad_option(text, option, "uid=N, gid=N and size=N are");
	TRY(number(text, key, value, size, &n));
	if (size)
		userns->size = (uint32_t)n;
	else if (str_is(key, "uid"))
		userns->uid = (int64_t)n;
	else
		userns->gid = (int64_t)n;
	return 0;
}

static int auto_option(struct arena *arena, const char *text, struct str option,
		       struct userns *userns)
{
	struct str value = option;
	struct str key = str_cut(&value, '=');
	uint64_t n;
	if (str_is(key, "size")) {
		TRY(number(text, key, value, 1, &n));
		userns->size = (uint32_t)n;
		return 0;
	}
	bool users = str_is(key, "uidmapping");
	if (!value.p || (!users && !str_is(key, "gidmapping")))
		return bad_option(text, option, "size=N, uidmapping=MAP and gidmapping=MAP are");
	oci_strings_push(arena, users ? &userns->uidmapping : &userns->gidmapping,
			 arena_dup_n(arena, value.p, value.n));
	return 0;
}

static int options(struct arena *arena, const char *text, struct str rest, struct userns *userns)
{
	while (rest.p) {
		struct str option = str_cut(&rest, ',');
		if (userns->mode == USERNS_AUTO)
			TRY(auto_option(arena, text, option, userns));
		else if (userns->mode == USERNS_KEEP_ID)
			TRY(keep_id_option(text, option, userns));
		else
			return bad_option(text, option, "none are");
	}
	return 0;
}

static int word(struct arena *arena, const char *text, struct userns *userns)
{
	static const struct {
		const char *word;
		enum userns_mode mode;
	} words[] = {
		{"", USERNS_HOST},     {"host", USERNS_HOST},       {"private", USERNS_PRIVATE},
		{"auto", USERNS_AUTO}, {"keep-id", USERNS_KEEP_ID}, {"nomap", USERNS_NOMAP},
	};
	struct str rest = str_of(text);
	struct str first = str_cut(&rest, ':');
	for (size_t i = 0; i < lengthof(words); i++) {
		if (!str_is(first, words[i].word))
			continue;
		userns->mode = words[i].mode;
		return options(arena, text, rest, userns);
	}
	return fail(-EINVAL, "--userns '%s': %s is expected", text, expected);
}

static int for_users_only(const char *text, const char *hint)
{
	fail(-EINVAL, "--userns %s: for ordinary users only", text);
	fail_hint("%s", hint);
	return -EINVAL;
}

static int check_root(const char *text, const struct userns *userns, bool maps)
{
	if (userns->mode == USERNS_KEEP_ID)
		return for_users_only(text, "as root every number is kept already");
	if (userns->mode == USERNS_NOMAP)
		return for_users_only(text, "root is not mapped in when --uidmap leaves 0 of the "
					    "host out");
	if (userns->mode != USERNS_PRIVATE || maps)
		return 0;
	fail(-EINVAL, "--userns private: it needs id maps");
	fail_hint("--uidmap 0:100000:65536 gives them, or --subuidname NAME of /etc/subuid; "
		  "--userns auto chooses some");
	return -EINVAL;
}

int userns_parse(struct arena *arena, const struct run_opts *opts, bool root,
		 struct userns *ret_userns)
{
	struct userns userns = {.uid = -1, .gid = -1};
	const char *text = opts->userns;
	bool joins = text && (str_starts(text, "ns:") || str_starts(text, "container:"));
	bool names = opts->subuidname || opts->subgidname;
	bool maps = opts->uidmap.n || opts->gidmap.n;
	if (text && !joins)
		TRY(word(arena, text, &userns));
	if (text && (maps || names) && userns.mode != USERNS_PRIVATE)
		return fail(-EINVAL, "--userns '%s' does not go with %s: its ids are given", text,
			    maps ? "--uidmap or --gidmap" : "--subuidname or --subgidname");
	if (maps && names)
		return fail(-EINVAL, "--subuidname and --subgidname do not go with --uidmap and "
				     "--gidmap");
	if (root && text && !joins)
		TRY(check_root(text, &userns, maps || names));
	if (maps || names)
		userns.mode = USERNS_PRIVATE;
	*ret_userns = userns;
	return 0;
}
