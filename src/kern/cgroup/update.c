// SPDX-License-Identifier: Apache-2.0
// update.c - other limits for a group that has processes
//
// A new group has no limits, and what is written into it first is bounded by nothing. Of one that
// is in use some values bound others: on v1 the memory's limit may never be above that of memory
// and swap together, a processor's quota of any version not below its burst, a period not so short
// that the quota is more than the group above has. Which of two has to go first depends on both.
// So each is tried in the usual order, and what the kernel did not take is tried again when the
// others are there.
//
// A process is moved by writing its number into cgroup.procs. One that forks meanwhile has left its
// child behind, so the list is read until nobody is left who could.
#include "kern/cgroup/update.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/read.h"

#include <fcntl.h>
#include <unistd.h>

enum { ROUNDS_MAX = 16, PROCS_MAX = 4 << 20, DONE_MAX = 512 };

// --- completing ---------------------------------------------------------------------------------

static int64_t now_of(struct arena *arena, const struct facts *facts, enum controller controller,
		      const char *name, const char *file)
{
	const char *tree = facts->controller[controller].directory;
	uint64_t value = cgroup_read(arena, arena_printf(arena, "%s/%s", tree, name), file, NULL);
	return value >= INT64_MAX / 2 ? -1 : (int64_t)value; // v1's number for no limit is huge
}

void cgroup_complete(struct arena *arena, const struct facts *facts, const char *name,
		     struct cgroup_limits *limits)
{
	bool v1 = facts->controller[CONTROLLER_MEMORY].kind == CGROUP_V1;
	if (limits->memory == -1 && limits->memory_swap == INT64_MIN && facts->swap_accounting)
		limits->memory_swap = -1;
	if (limits->memory_swap != INT64_MIN && limits->memory == INT64_MIN)
		limits->memory = now_of(arena, facts, CONTROLLER_MEMORY, name,
					v1 ? "memory.limit_in_bytes" : "memory.max");
	if (facts->controller[CONTROLLER_CPU].kind == CGROUP_V2 &&
	    limits->cpu_period != INT64_MIN && limits->cpu_quota == INT64_MIN)
		limits->cpu_quota = now_of(arena, facts, CONTROLLER_CPU, name, "cpu.max");
}

// --- changing -----------------------------------------------------------------------------------

static void tell_done(struct arena *arena, const struct cgroup_write *writes, const bool *done,
		      size_t n)
{
	struct buf text = buf_new(arena, n * DONE_MAX + 1);
	for (size_t i = 0; i < n; i++)
		if (done[i])
			buf_printf(&text, "%s%s=%s", text.n ? ", " : "", writes[i].file,
				   writes[i].value);
	if (!text.n)
		return;
	const char *hint = fault_last()->hint;
	const char *before = *hint ? arena_printf(arena, "%s; ", hint) : "";
	fail_hint("%schanged before that, and left so: %s", before, text.p);
}

int cgroup_change(struct arena *arena, const struct cgroup_write *writes, size_t n)
{
	bool *done = arena_array(arena, bool, n + 1);
	size_t left = n, before;
	int result = 0;
	memset(done, 0, n);
	do {
		before = left;
		result = 0;
		for (size_t i = 0; i < n; i++) {
			if (done[i])
				continue;
			int error =
				cgroup_set(writes[i].directory, writes[i].file, writes[i].value);
			done[i] = error == 0;
			left -= done[i];
			result = error ? error : result;
		}
	} while (left && left < before);
	if (result < 0)
		tell_done(arena, writes, done, n);
	else
		fault_clear();
	return result;
}

// --- moving -------------------------------------------------------------------------------------

static int read_procs(struct arena *arena, const char *group, struct str *ret_text)
{
	return file_read(arena, AT_FDCWD, arena_printf(arena, "%s/cgroup.procs", group), PROCS_MAX,
			 ret_text);
}

static bool has_process(struct str procs, struct str number)
{
	for (struct str line; (line = str_line(&procs)).p;)
		if (line.n == number.n && memcmp(line.p, number.p, line.n) == 0)
			return true;
	return false;
}

// Returns how many were moved.
static int move(struct arena *arena, const char *from, const char *to, int at)
{
	struct str procs, there;
	int n = 0;
	TRY(read_procs(arena, from, &procs));
	TRY(read_procs(arena, to, &there));
	for (struct str line; (line = str_line(&procs)).p;) {
		if (has_process(there, line))
			continue;
		const char *number = arena_dup_n(arena, line.p, line.n);
		int result = file_put(at, "cgroup.procs", number, line.n);
		if (result < 0 && result != -ESRCH) // it has ended
			return result;
		n++;
	}
	return n;
}

int cgroup_move_all(struct arena *arena, const char *from, const char *to)
{
	_cleanup_fd_ int at = open(to, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = at < 0 ? -errno : 1;
	for (int round = 0; result > 0 && round < ROUNDS_MAX; round++)
		result = move(arena, from, to, at);
	if (result < 0)
		return fail_sys(result, "move the processes of cgroup '%s' to '%s'", from, to);
	return result ? fail(-EAGAIN,
			     "cgroup '%s': its processes fork faster than they can be moved", from)
		      : 0;
}
