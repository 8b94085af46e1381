// SPDX-License-Identifier: Apache-2.0
// idmap.c - giving a user namespace its ids
//
// A new user namespace knows no users at all: everything in it belongs to 65534, and no id can be
// changed to another. Its two maps, one for users and one for groups, are written once, from
// outside, as lines of three numbers:
//
//	0 1000 1              root inside is user 1000 outside
//	1 100000 65536        the next 65,536 are a range that nobody else has
//
// Who may write them is what keeps the host safe. A process with CAP_SETUID over the parent
// namespace may write anything. Anyone may map himself, one line of one id, after he gave up
// setgroups(2) in there: else a user could drop a group that a file's mode shuts out ("rwx---r-x").
// For more, an administrator sets ranges aside in /etc/subuid and /etc/subgid, and the set-uid
// programs newuidmap and newgidmap check them and write.
//
// Without ranges a container has one user: programs that switch to another (apt, a mail server)
// fail in it.
#include "kern/namespaces/idmap.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

// "name:first:count"
static bool range_line(struct str line, const char *user, uint32_t uid,
		       struct facts_id_range *ret_range)
{
	struct str owner = str_cut(&line, ':');
	struct str first_text = str_cut(&line, ':');
	uint64_t number, first, count;
	bool by_name = user && str_is(owner, user);
	bool by_number = !str_number(owner, UINT32_MAX, &number) && number == uid;
	if (!by_name && !by_number)
		return false;
	// The last number, 4294967295, means "no id" to the kernel.
	if (str_number(first_text, UINT32_MAX - 1, &first) ||
	    str_number(line, UINT32_MAX - first, &count))
		return false;
	*ret_range = (struct facts_id_range){(uint32_t)first, (uint32_t)count};
	return true;
}

struct facts_id_range idmap_range(struct str text, const char *user, uint32_t uid)
{
	struct facts_id_range largest = {0}, range;
	for (struct str line; (line = str_line(&text)).p;)
		if (range_line(line, user, uid, &range) && range.count > largest.count)
			largest = range;
	return largest.count ? largest : (struct facts_id_range){0};
}

void idmap_ranges(struct arena *arena, struct str text, const char *user,
		  struct facts_id_range **ret_ranges, size_t *ret_n)
{
	struct facts_id_range *ranges = arena_array(arena, struct facts_id_range, IDMAP_LINES_MAX);
	uint64_t number;
	bool by_number = !str_number(str_of(user), UINT32_MAX - 1, &number);
	size_t n = 0;
	for (struct str line; n < IDMAP_LINES_MAX && (line = str_line(&text)).p;)
		if (range_line(line, user, by_number ? (uint32_t)number : UINT32_MAX, &ranges[n]) &&
		    ranges[n].count)
			n++;
	*ret_ranges = ranges;
	*ret_n = n;
}

static bool overlap(uint32_t a, uint32_t a_n, uint32_t b, uint32_t b_n)
{
	return a < (uint64_t)b + b_n && b < (uint64_t)a + a_n;
}

static int check(const char *kind, const struct id_map *map, size_t n)
{
	if (!n)
		return fail(-EINVAL, "%s map: no ids", kind);
	if (n > IDMAP_LINES_MAX)
		return fail(-E2BIG, "%s map: %zu ranges, the kernel takes %d", kind, n,
			    IDMAP_LINES_MAX);
	for (size_t i = 0; i < n; i++) {
		if (!map[i].count || map[i].count > UINT32_MAX - map[i].inside ||
		    map[i].count > UINT32_MAX - map[i].outside)
			return fail(-EINVAL, "%s map: range %zu is empty or too long", kind, i + 1);
		for (size_t j = 0; j < i; j++)
			if (overlap(map[i].inside, map[i].count, map[j].inside, map[j].count) ||
			    overlap(map[i].outside, map[i].count, map[j].outside, map[j].count))
				return fail(-EINVAL, "%s map: ranges %zu and %zu overlap", kind,
					    j + 1, i + 1);
	}
	return 0;
}

static bool is_own(const struct id_map *map, size_t n, uint32_t id)
{
	return n == 1 && map->count == 1 && map->outside == id;
}

int idmap_choose(const struct id_maps *maps, const struct facts *facts, enum idmap_way *ret_way)
{
	const uint64_t both = UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID;
	TRY(check("user id", maps->uid, maps->uid_n));
	TRY(check("group id", maps->gid, maps->gid_n));
	if ((facts->capabilities & both) == both) {
		*ret_way = IDMAP_WRITE;
	} else if (is_own(maps->uid, maps->uid_n, facts->uid) &&
		   is_own(maps->gid, maps->gid_n, facts->gid)) {
		*ret_way = IDMAP_WRITE_OWN;
	} else if (facts->newuidmap && facts->newgidmap) {
		*ret_way = IDMAP_BY_HELPERS;
	} else {
		fail(-EPERM, "user %u may map only himself into a user namespace", facts->uid);
		fail_hint("more ids need newuidmap (package uidmap) and lines for '%s' in "
			  "/etc/subuid and /etc/subgid",
			  facts->user ? facts->user : "the number");
		return -EPERM;
	}
	return 0;
}

const char *idmap_text(struct arena *arena, const struct id_map *map, size_t n)
{
	struct buf text = buf_new(arena, IDMAP_LINES_MAX * 40);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%u %u %u\n", map[i].inside, map[i].outside, map[i].count);
	return text.p;
}

static int put(struct arena *arena, pid_t pid, const char *file, const char *text)
{
	const char *path = arena_printf(arena, "/proc/%d/%s", (int)pid, file);
	int error = file_put(AT_FDCWD, path, text, strlen(text));
	return error ? fail_sys(error, "write '%s'", path) : 0;
}

// The helper's last line of complaint, in one piece.
static void word_helper(struct arena *arena, const char *path, int pipe_end)
{
	enum { WORDS_MAX = 512 };
	char piece[WORDS_MAX];
	ssize_t n = read(pipe_end, piece, sizeof(piece));
	struct str text = {piece, n > 0 ? (size_t)n : 0};
	struct str words = {0};
	for (struct str line; (line = str_line(&text)).p;)
		if (line.n)
			words = line;
	for (size_t i = 0; i < words.n; i++)
		if (words.p[i] < ' ')
			piece[words.p + i - piece] = '?';
	fail(-EPERM, "%s: %s", path,
	     words.n ? arena_dup_n(arena, words.p, words.n) : "failed without a word");
}

// newuidmap PID INSIDE OUTSIDE COUNT …; it gets an empty environment and nothing to read.
static const char **helper_arguments(struct arena *arena, const char *path, pid_t pid,
				     const struct id_map *map, size_t n)
{
	const char **arguments = arena_array(arena, const char *, 2 + 3 * n + 1);
	size_t at = 0;
	arguments[at++] = path;
	arguments[at++] = arena_printf(arena, "%d", (int)pid);
	for (size_t i = 0; i < n; i++) {
		arguments[at++] = arena_printf(arena, "%u", map[i].inside);
		arguments[at++] = arena_printf(arena, "%u", map[i].outside);
		arguments[at++] = arena_printf(arena, "%u", map[i].count);
	}
	return arguments;
}

static int spawn(const char *path, const char **arguments, int complaints, pid_t *ret_pid)
{
	char *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
	int error =
		posix_spawn(ret_pid, path, &actions, NULL, (char *const *)arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	return error ? fail_sys(-error, "run '%s'", path) : 0;
}

static int run_helper(struct arena *arena, const char *path, pid_t pid, const struct id_map *map,
		      size_t n, const char *file)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_sys(-errno, "pipe for '%s'", path);
	_cleanup_fd_ int ours = ends[0];
	_cleanup_fd_ int theirs = ends[1];
	pid_t child;
	TRY(spawn(path, helper_arguments(arena, path, pid, map, n), theirs, &child));
	fd_close(&theirs);
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return fail_sys(-errno, "wait for '%s'", path);
	if (status == 0)
		return 0;
	word_helper(arena, path, ours);
	fail_hint("the range must stand in %s as NAME:FIRST:COUNT, and the program be set-uid root",
		  file);
	return -EPERM;
}

int idmap_apply(struct arena *arena, pid_t pid, enum idmap_way way, const struct id_maps *maps,
		const struct facts *facts)
{
	if (way == IDMAP_BY_HELPERS) {
		TRY(run_helper(arena, facts->newuidmap, pid, maps->uid, maps->uid_n,
			       "/etc/subuid"));
		return run_helper(arena, facts->newgidmap, pid, maps->gid, maps->gid_n,
				  "/etc/subgid");
	}
	if (way == IDMAP_WRITE_OWN)
		TRY(put(arena, pid, "setgroups", "deny"));
	TRY(put(arena, pid, "uid_map", idmap_text(arena, maps->uid, maps->uid_n)));
	return put(arena, pid, "gid_map", idmap_text(arena, maps->gid, maps->gid_n));
}
