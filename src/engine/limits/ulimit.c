// SPDX-License-Identifier: Apache-2.0
// ulimit.c - --ulimit: limits of one process, set before it starts
//
// A resource limit (getrlimit(2)) is a pair: the soft value is what the kernel enforces, the hard
// one is how far the process may raise it by itself. They belong to a process and are inherited,
// unlike a cgroup's limits, which the whole container shares: nproc even counts the processes that
// the same user has outside. Docker does not know "as" by name, as few programs start under it.
#include "engine/limits/ulimit.h"

#include <linux/capability.h>

#include "base/fail.h"

static const char *const names[] = {
	"core",   "cpu",   "data", "fsize",  "locks",  "memlock",    "msgqueue", "nice",
	"nofile", "nproc", "rss",  "rtprio", "rttime", "sigpending", "stack",
};

static const char *nearest(const char *name)
{
	const char *best = NULL;
	size_t least = 3; // further off it is another word
	for (size_t i = 0; i < lengthof(names); i++) {
		size_t distance = str_distance(name, names[i]);
		if (distance < least) {
			least = distance;
			best = names[i];
		}
	}
	return best;
}

static int bad_name(const char *text, const char *name)
{
	fail(-EINVAL, "--ulimit '%s': '%s' is not a limit", text, name);
	const char *near = nearest(name);
	if (near)
		fail_hint("did you mean %s?", near);
	else
		fail_hint("core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, "
			  "rss, rtprio, rttime, sigpending and stack can be limited");
	return -EINVAL;
}

static int value(struct str text, uint64_t *ret_value)
{
	if (str_is(text, "-1")) {
		*ret_value = UINT64_MAX;
		return 0;
	}
	return str_number(text, INT64_MAX, ret_value);
}

// "nofile" to "RLIMIT_NOFILE"; NULL when there is no such limit.
static const char *rlimit_type(struct arena *arena, struct str name)
{
	for (size_t i = 0; i < lengthof(names); i++) {
		if (!str_is(name, names[i]))
			continue;
		char *type = arena_printf(arena, "RLIMIT_%s", names[i]);
		for (char *c = type; *c; c++)
			if (*c >= 'a' && *c <= 'z')
				*c -= 'a' - 'A';
		return type;
	}
	return NULL;
}

int ulimit_parse(struct arena *arena, const char *text, struct oci_rlimit *ret_limit)
{
	struct str hard = str_of(text);
	struct str name = str_cut(&hard, '=');
	struct str soft = hard.p ? str_cut(&hard, ':') : (struct str){0};
	struct oci_rlimit limit = {.type = rlimit_type(arena, name)};
	if (!soft.p) {
		fail(-EINVAL, "--ulimit '%s': no value", text);
		fail_hint("it is written name=soft[:hard], like nofile=1024:4096");
		return -EINVAL;
	}
	if (!limit.type)
		return bad_name(text, arena_dup_n(arena, name.p, name.n));
	if (value(soft, &limit.soft) || value(hard.p ? hard : soft, &limit.hard)) {
		fail(-EINVAL, "--ulimit '%s': the values are whole numbers, or -1 for unlimited",
		     text);
		return -EINVAL;
	}
	if (limit.soft > limit.hard)
		return fail(-EINVAL, "--ulimit '%s': the soft limit is above the hard one", text);
	*ret_limit = limit;
	return 0;
}

static int check_files(const char *text, const struct oci_rlimit *limit, const struct facts *facts)
{
	bool may_raise = facts->uid == 0 && (facts->capabilities >> CAP_SYS_RESOURCE & 1);
	if (may_raise || !str_eq(limit->type, "RLIMIT_NOFILE") || limit->hard <= facts->nofile_hard)
		return 0;
	fail(-EPERM, "--ulimit '%s': above the caller's own hard limit of %llu open files", text,
	     (unsigned long long)facts->nofile_hard);
	fail_hint("raising it takes the capability CAP_SYS_RESOURCE");
	return -EPERM;
}

int ulimits_parse(struct arena *arena, const struct oci_strings *texts, const struct facts *facts,
		  struct oci_process *process)
{
	struct oci_rlimit *limits = arena_array(arena, struct oci_rlimit, texts->n);
	size_t n = 0;
	for (size_t i = 0; i < texts->n; i++) {
		struct oci_rlimit limit;
		if (str_eq(texts->item[i], "host")) // Podman's word for what holds in any case
			continue;
		TRY(ulimit_parse(arena, texts->item[i], &limit));
		TRY(check_files(texts->item[i], &limit, facts));
		size_t at = 0;
		while (at < n && !str_eq(limits[at].type, limit.type))
			at++;
		limits[at] = limit;
		n = max_of(n, at + 1);
	}
	process->rlimits = limits;
	process->rlimits_n = n;
	return 0;
}
