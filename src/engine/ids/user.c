// SPDX-License-Identifier: Apache-2.0
// user.c - who the workload runs as: "USER[:GROUP]"
//
// Several engines made root out of a user number they could not read: by overflow, by a sign, or
// because a passwd file held a user whose name was that number. So there is one strict reader, and
// what it does not understand stops the start.
#include "engine/ids/user.h"

#include "base/fail.h"

enum {
	NAME_MAX_BYTES = 255, // far above any passwd's
};

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

// No control characters or blanks, and nothing that looks like a sign.
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || s.p[i] == ':' ||
		    s.p[i] == '/')
			return false;
	return s.n && s.n <= NAME_MAX_BYTES && s.p[0] != '-' && s.p[0] != '+';
}

// Sets *ret_number and returns true in *ret_is_number where it is one.
static int part(const char *what, const char *text, const char *kind, struct str s,
		bool *ret_is_number, uint32_t *ret_number)
{
	uint64_t number = 0;
	if (is_digits(s)) {
		// 4294967295 is (uid_t)-1, which system calls read as "leave it as it is"
		int error = str_number(s, UINT32_MAX - 1, &number);
		if (error)
			return fail(error, "%s '%s': %s numbers are 0 to 4294967294%s", what, text,
				    kind, error == -EINVAL ? ", without leading zeros" : "");
	} else if (!is_name(s)) {
		return fail(-EINVAL, "%s '%s': the %s is neither a name nor a number", what, text,
			    kind);
	}
	*ret_is_number = is_digits(s);
	*ret_number = (uint32_t)number;
	return 0;
}

int user_parse(const char *what, const char *text, struct engine_user *ret_user)
{
	struct engine_user user = {0};
	struct str group = str_of(text);
	struct str name = str_cut(&group, ':');
	TRY(part(what, text, "user", name, &user.has_number, &user.uid));
	if (group.p)
		TRY(part(what, text, "group", group, &user.has_group, &user.gid));
	user.root = user.has_number ? user.uid == 0 : str_is(name, "root");
	*ret_user = user;
	return 0;
}

int group_parse(const char *text, bool *ret_is_number, uint32_t *ret_gid)
{
	return part("--group-add", text, "group", str_of(text), ret_is_number, ret_gid);
}
