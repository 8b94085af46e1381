// SPDX-License-Identifier: Apache-2.0
// identity.c - which process this is, and who it is
//
// A process has one number in each pid namespace it can be seen from, its own the innermost:
// NSpid in /proc/self/status lists those from the reader's namespace inward. A parent in an outer
// namespace has no number here and reads as 0.
//
// User and group numbers are translated by the user namespace. /proc/self/uid_map has lines of
// "inside outside count"; the map of the machine's first namespace is "0 0 4294967295".
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

#include <sys/stat.h>
#include <unistd.h>

enum { GROUPS_MAX = 1024 };

// The name that a file such as /etc/passwd gives a number; NULL when it has none.
static char *name_of(const char *path, unsigned number)
{
	char *rest = file_text(path);
	for (char *line; (line = file_line(&rest));) {
		char *name = strsep(&line, ":");
		if (line && strsep(&line, ":") && line && *line &&
		    strtoul(line, NULL, 10) == number)
			return name;
	}
	return NULL;
}

static char *who(const char *path, unsigned number)
{
	char *name = name_of(path, number);
	return name ? text_join(NULL, "%s (%u)", name, number) : text_join(NULL, "%u", number);
}

static void map_json(const char *key, const char *path)
{
	char *rest = file_text(path);
	json_open(key, '[');
	for (char *line; (line = file_line(&rest));) {
		long long inside, outside, count;
		if (sscanf(line, "%lld %lld %lld", &inside, &outside, &count) != 3)
			continue;
		json_open(NULL, '{');
		json_number("inside", inside);
		json_number("outside", outside);
		json_number("count", count);
		json_close('}');
	}
	json_close(']');
}

void identity_json(void)
{
	gid_t groups[GROUPS_MAX];
	int n = getgroups(GROUPS_MAX, groups);
	char host[256] = "", cwd[4096];
	gethostname(host, sizeof(host) - 1);
	json_open("process", '{');
	json_number("pid", getpid());
	json_number("parent", getppid());
	json_number("process_group", getpgrp());
	json_number("session", getsid(0));
	json_text("cwd", getcwd(cwd, sizeof(cwd)));
	mode_t mask = umask(0);
	umask(mask);
	json_number("umask", mask);
	json_text("oom_score_adj", file_word("/proc/self/oom_score_adj"));
	json_close('}');

	json_open("user", '{');
	json_number("uid", getuid());
	json_number("euid", geteuid());
	json_text("name", name_of("/etc/passwd", geteuid()));
	json_number("gid", getgid());
	json_number("egid", getegid());
	json_open("groups", '[');
	for (int i = 0; i < n; i++)
		json_number(NULL, groups[i]);
	json_close(']');
	map_json("uid_map", "/proc/self/uid_map");
	map_json("gid_map", "/proc/self/gid_map");
	json_text("setgroups", file_word("/proc/self/setgroups"));
	json_close('}');
	json_text("hostname", host);
}

bool identity_is_mapped(void)
{
	long long inside = 0, outside = 0, count = 0;
	char *map = file_text("/proc/self/uid_map");
	if (map)
		sscanf(map, "%lld %lld %lld", &inside, &outside, &count);
	return map && (inside || outside || count != 4294967295);
}

static char *map_words(const char *path)
{
	char *rest = file_text(path), *words = NULL;
	for (char *line; (line = file_line(&rest));) {
		long long in, out, count;
		if (sscanf(line, "%lld %lld %lld", &in, &out, &count) != 3)
			continue;
		words = text_join(words, words ? ", " : "");
		if (count == 1)
			words = text_join(words, "%lld is %lld outside", in, out);
		else
			words = text_join(words, "%lld-%lld are %lld-%lld outside", in,
					  in + count - 1, out, out + count - 1);
	}
	return words ? words : "no number has a meaning outside";
}

void identity_text(void)
{
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	if (getpid() == 1)
		text_row("process", "1: the first of its pid namespace; when it ends, all end");
	else if (getppid() == 0)
		text_row("process", "%d, its parent is outside of what it can see", getpid());
	else
		text_row("process", "%d, a child of process %d", getpid(), getppid());

	gid_t groups[GROUPS_MAX];
	char *more = NULL;
	for (int i = 0, n = getgroups(GROUPS_MAX, groups); i < n; i++) {
		if (groups[i] != getegid())
			more = text_join(more, "%s%s", more ? ", " : "; also in ",
					 who("/etc/group", groups[i]));
	}
	text_row("user", "%s, group %s%s", who("/etc/passwd", geteuid()),
		 who("/etc/group", getegid()), more ? more : "");
	if (identity_is_mapped()) {
		char *uids = map_words("/proc/self/uid_map"),
		     *gids = map_words("/proc/self/gid_map");
		text_row("ids", "users: %s", uids);
		if (!str_eq(uids, gids))
			text_row("", "groups: %s", gids);
	} else {
		text_row("ids", "the same numbers inside and outside: no user namespace");
	}
	text_row("host name", "%s", host);
}
