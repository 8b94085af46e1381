// SPDX-License-Identifier: Apache-2.0
// sysctl.c - the kernel's settings that a container can have for itself
//
// /proc/sys holds about a thousand settings. Most are the host's; a few belong to a namespace, and
// which namespace a file of that name speaks of is decided by who opens it. So a process in a new
// network namespace sets net.* for itself alone, and the same write from outside would set it for
// the host: what is not known to belong to a namespace, or to one that the container shares with
// the host, is refused.
#include "kern/namespaces/sysctl.h"

#include "base/fail.h"
#include "base/str.h"

static const struct {
	const char *path;      // "net/": all below it
	const char *namespace; // whose it is
} known[] = {
	{"net/", "network"},      {"kernel/msgmax", "ipc"},     {"kernel/msgmnb", "ipc"},
	{"kernel/msgmni", "ipc"}, {"kernel/sem", "ipc"},        {"kernel/shmall", "ipc"},
	{"kernel/shmmax", "ipc"}, {"kernel/shmmni", "ipc"},     {"kernel/shm_rmid_forced", "ipc"},
	{"fs/mqueue/", "ipc"},    {"kernel/domainname", "uts"},
};

static bool is_part(struct str part)
{
	static const char others[] = "-_.:@";
	for (size_t i = 0; i < part.n; i++) {
		char c = part.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && !memchr(others, c, sizeof(others) - 1))
			return false;
	}
	return part.n && !str_is(part, ".") && !str_is(part, "..");
}

int sysctl_path(struct arena *arena, const char *key, const char **ret_path)
{
	size_t first = strcspn(key, "./");
	bool dots = key[first] == '.';
	char *path = arena_dup(arena, key);
	for (char *c = path; dots && *c; c++)
		*c = (char)(*c == '.' ? '/' : *c == '/' ? '.' : *c);
	struct str rest = str_of(path);
	bool good = rest.n && rest.n <= SYSCTL_KEY_MAX && key[first];
	while (good && rest.p)
		good = is_part(str_cut(&rest, '/'));
	if (!good)
		return fail(-EINVAL, "sysctl '%.*s': not the name of a setting", SYSCTL_KEY_MAX,
			    key);
	*ret_path = path;
	return 0;
}

const char *sysctl_namespace(const char *path)
{
	for (size_t i = 0; i < lengthof(known); i++) {
		size_t n = strlen(known[i].path);
		bool below = known[i].path[n - 1] == '/';
		if (below ? str_starts(path, known[i].path) && path[n]
			  : str_eq(path, known[i].path))
			return known[i].namespace;
	}
	return NULL;
}

int sysctl_check_value(const char *key, const char *value)
{
	size_t n = strlen(value);
	bool good = n <= SYSCTL_VALUE_MAX;
	for (size_t i = 0; good && i < n; i++) {
		unsigned char c = (unsigned char)value[i];
		good = (c >= ' ' || c == '\t') && c < 0x7f && c != '+' && c != '/';
	}
	if (good)
		return 0;
	fail(-EINVAL, "sysctl '%s=%.64s': not a value", key, value);
	fail_hint("it is a line of printable text without '+' and '/'");
	return -EINVAL;
}
