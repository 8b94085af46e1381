// SPDX-License-Identifier: Apache-2.0
// oom_log.c - reading the kernel's log for kills of the OOM killer
//
// syslog(2) hands out the end of the log in one call, where /dev/kmsg takes one read(2) a line.
// What stands in a line is partly chosen by the killed process: its name may hold commas and equal
// signs, so the fields are looked for from the end, where only numbers follow it.
#include "kern/cgroup/oom_log.h"

#include <sys/klog.h>

enum { SYSLOG_ACTION_READ_ALL = 3 };

// Where `word` is found last in the text; its length where it is not.
static size_t find_last(struct str text, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = text.n >= n ? text.n - n + 1 : 0; i-- > 0;)
		if (memcmp(text.p + i, word, n) == 0)
			return i;
	return text.n;
}

// Cuts what follows the last `word` off the text, with the word.
static bool cut_last(struct str *text, const char *word, struct str *ret_value)
{
	size_t at = find_last(*text, word);
	if (at == text->n)
		return false;
	size_t from = at + strlen(word);
	*ret_value = (struct str){text->p + from, text->n - from};
	text->n = at;
	return true;
}

// Whether a path that ends a value has the group as one of its parts.
static bool is_of(struct str groups, const char *group)
{
	size_t n = strlen(group);
	for (size_t i = 0; i + n < groups.n; i++) {
		size_t end = i + 1 + n;
		if (groups.p[i] == '/' && memcmp(groups.p + i + 1, group, n) == 0 &&
		    (end == groups.n || groups.p[end] == '/' || groups.p[end] == ','))
			return true;
	}
	return false;
}

static bool read_number(struct str text, uint32_t *ret_number)
{
	uint64_t number;
	if (str_number(text, UINT32_MAX, &number))
		return false;
	*ret_number = (uint32_t)number;
	return true;
}

static bool read_line(struct arena *arena, struct str line, const char *group,
		      struct oom_kill *ret_kill)
{
	static const char begin[] = "oom-kill:constraint=", groups[] = "memcg=";
	struct str uid, pid, name, where;
	struct oom_kill kill;
	const char *start = line.n ? memmem(line.p, line.n, begin, sizeof(begin) - 1) : NULL;
	if (!start)
		return false;
	line = (struct str){start, line.n - (size_t)(start - line.p)};
	if (!cut_last(&line, ",uid=", &uid) || !cut_last(&line, ",pid=", &pid) ||
	    !cut_last(&line, ",task=", &name) || !read_number(uid, &kill.uid) ||
	    !read_number(pid, &kill.pid))
		return false;
	where.p = memmem(line.p, line.n, groups, sizeof(groups) - 1);
	if (!where.p)
		return false;
	where.n = line.n - (size_t)(where.p - line.p);
	if (!is_of(where, group))
		return false;
	kill.name = arena_dup_n(arena, name.p, name.n);
	*ret_kill = kill;
	return true;
}

void oom_log_find(struct arena *arena, struct str log, const char *group,
		  struct oom_kills *ret_kills)
{
	struct oom_kills kills = {0};
	for (struct str line; (line = str_line(&log)).p;) {
		struct oom_kill kill;
		if (!read_line(arena, line, group, &kill))
			continue;
		if (kills.n == OOM_LOG_KILLS_MAX)
			memmove(kills.kill, kills.kill + 1, --kills.n * sizeof(kill));
		kills.kill[kills.n++] = kill;
	}
	*ret_kills = kills;
}

void oom_log_read(struct arena *arena, const char *group, struct oom_kills *ret_kills)
{
	*ret_kills = (struct oom_kills){0};
	char *text = arena_alloc(arena, OOM_LOG_BYTES_MAX, 1);
	int n = klogctl(SYSLOG_ACTION_READ_ALL, text, OOM_LOG_BYTES_MAX);
	if (n > 0)
		oom_log_find(arena, (struct str){text, (size_t)n}, group, ret_kills);
}
