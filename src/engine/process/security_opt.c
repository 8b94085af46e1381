// SPDX-License-Identifier: Apache-2.0
// security_opt.c - what --security-opt asks for
//
// A value is a word, or a word and what it is set to: seccomp=FILE. Docker wrote a colon in the
// place of the equals sign before 1.11 and still reads it.
//
// Nothing here weakens in silence: what asks for a security module that is not there is an error,
// and what asks to do without one is done only where tare does without.
#include "engine/process/security_opt.h"

#include "base/fail.h"
#include "oci/lists.h"

#include <unistd.h>

// As Docker's client reads truth.
static int truth(const char *text, struct str word, bool *ret_truth)
{
	static const char *const yes[] = {"true", "True", "TRUE", "t", "T", "1", NULL};
	static const char *const no[] = {"false", "False", "FALSE", "f", "F", "0", NULL};
	if (!str_is_one_of(word, yes) && !str_is_one_of(word, no))
		return fail(-EINVAL, "--security-opt '%s': true or false is expected", text);
	*ret_truth = str_is_one_of(word, yes);
	return 0;
}

static int no_new_privileges(const char *text, struct str value, struct security *security)
{
	if (value.p)
		return truth(text, value, &security->no_new_privileges);
	security->no_new_privileges = true;
	return 0;
}

// These leave the filter as it is.
static int watch(const char *text, struct str value, struct security *security)
{
	bool explain = str_is(value, "explain");
	enum box_watch wanted = explain ? BOX_WATCH_EXPLAIN : BOX_WATCH_RECORD;
	if (security->watch && security->watch != wanted)
		return fail(-EINVAL,
			    "--security-opt '%s': seccomp=record or seccomp=explain, one "
			    "at a time",
			    text);
	security->watch = wanted;
	if (explain)
		return 0;
	security->watch_file = value.p + strlen("record:"); // the value is the end of the text
	if (!*security->watch_file)
		return fail(-EINVAL, "--security-opt '%s': record:FILE is expected", text);
	return 0;
}

static int seccomp(const char *text, struct str value, struct security *security)
{
	if (!value.n)
		return fail(-EINVAL,
			    "--security-opt '%s': a file, unconfined or builtin is expected", text);
	if (str_is(value, "explain") || str_starts(value.p, "record:"))
		return watch(text, value, security);
	security->seccomp_file = NULL;
	if (str_is(value, "unconfined")) {
		security->seccomp = BOX_SECCOMP_UNCONFINED;
	} else if (str_is(value, "builtin")) {
		security->seccomp = BOX_SECCOMP_DEFAULT;
	} else {
		security->seccomp = BOX_SECCOMP_PROFILE;
		security->seccomp_file = value.p; // the value is the end of the text
	}
	return 0;
}

// No profile is put on a container, so "unconfined" is what it is.
static int apparmor(const char *text, struct str value)
{
	if (str_is(value, "unconfined"))
		return 0;
	if (!value.n)
		return fail(-EINVAL, "--security-opt '%s': a profile's name is expected", text);
	if (access("/sys/kernel/security/apparmor", F_OK)) {
		fail(-EOPNOTSUPP, "--security-opt '%s': there is no AppArmor here", text);
		fail_hint("without it no profile can be applied; seccomp and capabilities hold "
			  "all the same");
		return -EOPNOTSUPP;
	}
	fail(-EOPNOTSUPP, "--security-opt '%s': not yet", text);
	fail_hint("aa-exec -p PROFILE tare run … puts it on tare and on what tare starts");
	return -EOPNOTSUPP;
}

static int label(const char *text, struct str value)
{
	if (str_is(value, "disable"))
		return 0;
	fail(-EOPNOTSUPP, "--security-opt '%s': not yet", text);
	fail_hint("containers have no SELinux label of their own: label=disable says so");
	return -EOPNOTSUPP;
}

static int paths(struct arena *arena, const char *text, struct str value, bool all,
		 struct oci_strings *list)
{
	if (all && str_is(value, "ALL")) {
		oci_strings_push(arena, list, "ALL");
		return 0;
	}
	while (value.n) {
		struct str path = str_cut(&value, ':');
		if (!path.n || path.p[0] != '/')
			return fail(-EINVAL, "--security-opt '%s': absolute paths are expected%s",
				    text, all ? ", or ALL" : "");
		oci_strings_push(arena, list, arena_dup_n(arena, path.p, path.n));
	}
	return list->n ? 0 : fail(-EINVAL, "--security-opt '%s': which paths?", text);
}

static int systempaths(const char *text, struct str value, struct security *security)
{
	if (!str_is(value, "unconfined"))
		return fail(-EINVAL, "--security-opt '%s': unconfined is expected", text);
	security->systempaths_unconfined = true;
	return 0;
}

int security_opt_parse(struct arena *arena, const char *text, struct security *security)
{
	struct str value = str_of(text);
	struct str key = str_cut(&value, '=');
	if (!value.p) {
		value = str_of(text);
		key = str_cut(&value, ':');
	}
	if (str_is(key, "no-new-privileges"))
		return no_new_privileges(text, value, security);
	if (str_is(key, "seccomp"))
		return seccomp(text, value, security);
	if (str_is(key, "apparmor"))
		return apparmor(text, value);
	if (str_is(key, "label"))
		return label(text, value);
	if (str_is(key, "systempaths"))
		return systempaths(text, value, security);
	if (str_is(key, "mask"))
		return paths(arena, text, value, false, &security->mask);
	if (str_is(key, "unmask"))
		return paths(arena, text, value, true, &security->unmask);
	if (str_is(key, "writable-cgroups") || str_is(key, "proc-opts"))
		return fail(-EOPNOTSUPP, "--security-opt '%s': not yet", text);
	fail(-EINVAL, "--security-opt '%s': there is no such option", text);
	fail_hint("no-new-privileges, seccomp=FILE, seccomp=unconfined, seccomp=record:FILE, "
		  "seccomp=explain, systempaths=unconfined, "
		  "mask=PATH, unmask=PATH, label=disable and apparmor=unconfined are there");
	return -EINVAL;
}

static bool is_in(const struct oci_strings *list, const char *path)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], path) || str_eq(list->item[i], "ALL"))
			return true;
	return false;
}

static void take_out(struct oci_strings *list, const struct oci_strings *out)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		if (!is_in(out, list->item[i]))
			list->item[n++] = list->item[i];
	list->n = n;
}

void security_opt_masks(struct arena *arena, const struct security *security,
			struct oci_linux *linux_)
{
	if (security->systempaths_unconfined)
		linux_->masked_paths.n = linux_->readonly_paths.n = 0;
	if (security->unmask.n) {
		take_out(&linux_->masked_paths, &security->unmask);
		take_out(&linux_->readonly_paths, &security->unmask);
	}
	for (size_t i = 0; i < security->mask.n; i++)
		oci_strings_push(arena, &linux_->masked_paths, security->mask.item[i]);
}
