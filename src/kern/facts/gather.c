// SPDX-License-Identifier: Apache-2.0
// gather.c - gathering what this kernel, this host and this caller allow
//
// Every start of a container pays for this, so it asks little: for root on cgroup v1 it is 19
// system calls and about 50 µs where a call costs 2. Three habits keep it small.
//
// One file tells much: /proc/self/status has the ids, the ignored signals and the capability sets,
// the bounding set among them: prctl(2) and sigaction(2) tell one bit a call. Files of /proc and
// /sys that fit into one read need no second one that says "end": the kernel fills the buffer as
// far as there is text. And what an ordinary user needs (passwd, subordinate ids) is not looked at
// for root.
//
// Where the cgroup trees are is found in cgroup.c, what user namespaces can do in
// userns.c.
#include "kern/facts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/facts/parts.h"
#include "kern/namespaces/idmap.h"
#include "kern/cgroup/unit.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char *const names[CONTROLLER_COUNT] = {
	[CONTROLLER_CPU] = "cpu",         [CONTROLLER_CPUACCT] = "cpuacct",
	[CONTROLLER_CPUSET] = "cpuset",   [CONTROLLER_MEMORY] = "memory",
	[CONTROLLER_PIDS] = "pids",       [CONTROLLER_DEVICES] = "devices",
	[CONTROLLER_FREEZER] = "freezer", [CONTROLLER_BLKIO] = "blkio",
	[CONTROLLER_HUGETLB] = "hugetlb", [CONTROLLER_RDMA] = "rdma",
	[CONTROLLER_NET_CLS] = "net_cls", [CONTROLLER_NET_PRIO] = "net_prio",
};

const char *controller_name(enum controller controller)
{
	return names[controller];
}

static int hexadecimal(struct str s, uint64_t *ret_number)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t number = 0;
	if (!s.n || s.n > 16)
		return -EINVAL;
	for (size_t i = 0; i < s.n; i++) {
		const char *digit = memchr(digits, s.p[i], 16);
		if (!digit)
			return -EINVAL;
		number = number << 4 | (uint64_t)(digit - digits);
	}
	*ret_number = number;
	return 0;
}

// The second of the four ids in "Uid:\t1000\t1000\t1000\t1000": the effective one.
static int effective_id(struct str words, uint32_t *ret_id)
{
	uint64_t id;
	str_word(&words);
	if (str_number(str_word(&words), UINT32_MAX, &id))
		return -EINVAL;
	*ret_id = (uint32_t)id;
	return 0;
}

static int gather_status(struct arena *arena, struct facts *facts)
{
	enum { STATUS_MAX = 1 << 20 }; // 65,536 supplementary groups fit
	struct str text;
	int error = file_read_small(arena, "/proc/self/status", STATUS_MAX, &text);
	if (error) {
		fail_sys(error, "read '/proc/self/status'");
		fail_hint("/proc must be mounted");
		return error;
	}
	unsigned found = 0;
	for (struct str line; (line = str_line(&text)).p;) {
		struct str key = str_cut(&line, ':');
		if (str_is(key, "Uid"))
			found += !effective_id(line, &facts->uid);
		else if (str_is(key, "Gid"))
			found += !effective_id(line, &facts->gid);
		else if (str_is(key, "CapEff"))
			found += !hexadecimal(str_word(&line), &facts->capabilities);
		else if (str_is(key, "CapBnd"))
			found += !hexadecimal(str_word(&line), &facts->bounding);
		else if (str_is(key, "SigIgn"))
			found += !hexadecimal(str_word(&line), &facts->ignored);
	}
	return found == 5
		       ? 0
		       : fail(-EINVAL, "'/proc/self/status': ids, signals or capabilities missing");
}

// The kernel refuses to speak of a capability it does not know; the bounding set usually has the
// highest, so that one question is enough.
static unsigned last_capability(uint64_t bounding)
{
	unsigned next = bounding ? 64 - (unsigned)__builtin_clzll(bounding) : 0;
	while (next < 64 && prctl(PR_CAPBSET_READ, next, 0, 0, 0) >= 0)
		next++;
	return next ? next - 1 : 0;
}

// "6.18.4-generic"
static void kernel_version(const char *release, struct facts *facts)
{
	facts->kernel_major = (unsigned)strtoul(release, (char **)&release, 10);
	if (*release == '.')
		facts->kernel_minor = (unsigned)strtoul(release + 1, NULL, 10);
}

static int gather_kernel(struct arena *arena, struct facts *facts)
{
	struct utsname kernel;
	if (uname(&kernel) < 0)
		return fail_sys(-errno, "uname");
	kernel_version(kernel.release, facts);
	facts->machine = arena_dup(arena, kernel.machine);
	facts->last_capability = last_capability(facts->bounding);
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return fail_sys(-errno, "getrlimit of open files");
	facts->nofile_hard = files.rlim_max;
	return 0;
}

// The name of the caller's number, from lines such as "app:x:1000:1000:…".
static const char *user_name(struct arena *arena, struct str passwd, uint32_t uid)
{
	for (struct str line; (line = str_line(&passwd)).p;) {
		struct str name = str_cut(&line, ':');
		str_cut(&line, ':');
		uint64_t number;
		if (name.n && !str_number(str_cut(&line, ':'), UINT32_MAX, &number) &&
		    number == uid)
			return arena_dup_n(arena, name.p, name.n);
	}
	return NULL;
}

// The helpers are set-uid programs of the host: looked for where distributions put them, never
// along a PATH that the caller could have set.
static const char *find_helper(struct arena *arena, const char *name)
{
	static const char *const directories[] = {"/usr/bin", "/usr/local/bin",
						  "/run/wrappers/bin"};
	for (size_t i = 0; i < lengthof(directories); i++) {
		const char *path = arena_printf(arena, "%s/%s", directories[i], name);
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

// A file that is not there says nothing; one that can't be read, or has no end, is an error.
static int read_if_there(struct arena *arena, const char *path, struct str *ret_text)
{
	int error = file_read_small(arena, path, IDMAP_FILE_MAX, ret_text);
	if (error == -ENOENT) {
		*ret_text = (struct str){0};
		return 0;
	}
	return error ? fail_sys(error, "read '%s'", path) : 0;
}

static int gather_user(struct arena *arena, struct facts *facts)
{
	struct str passwd, subuid, subgid;
	TRY(read_if_there(arena, "/etc/passwd", &passwd));
	TRY(read_if_there(arena, "/etc/subuid", &subuid));
	TRY(read_if_there(arena, "/etc/subgid", &subgid));
	facts->user = user_name(arena, passwd, facts->uid);
	facts->subuid = idmap_range(subuid, facts->user, facts->uid);
	facts->subgid = idmap_range(subgid, facts->user, facts->uid);
	if (facts->subuid.count && facts->subgid.count) {
		facts->newuidmap = find_helper(arena, "newuidmap");
		facts->newgidmap = find_helper(arena, "newgidmap");
	}
	return 0;
}

// The first user namespace has a number of its own (PROC_USER_INIT_INO in linux/proc_ns.h).
static bool is_nested(void)
{
	enum { FIRST_USER_NAMESPACE = 0xEFFFFFFDU };
	struct stat status;
	return stat("/proc/self/ns/user", &status) == 0 && status.st_ino != FIRST_USER_NAMESPACE;
}

int facts_gather(struct arena *arena, unsigned want, const struct facts_places *places,
		 struct facts *ret_facts)
{
	static const struct facts_places nowhere;
	if (!places)
		places = &nowhere;
	struct facts facts = {0};
	TRY(gather_status(arena, &facts));
	TRY(gather_kernel(arena, &facts));
	TRY(facts_cgroup(arena, want, &facts));
	if (facts.uid == 0) {
		facts.user = "root";
		facts.nested = is_nested();
	} else {
		TRY(gather_user(arena, &facts));
	}
	if (facts.uid && want & FACTS_DELEGATED)
		facts_delegated(arena, &facts);
	if (want & FACTS_BUS)
		facts_bus(arena, &facts);
	if (facts.uid && want & FACTS_USER_NAMESPACE)
		facts.user_namespace_denied = facts_userns_denied(arena, places->cache, &facts);
	if (facts.uid && want & FACTS_OVERLAY)
		facts.overlay_in_userns = facts_userns_overlay(arena, places, &facts);
	*ret_facts = facts;
	return 0;
}
