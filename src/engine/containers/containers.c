// SPDX-License-Identifier: Apache-2.0
// containers.c - the containers there are: list, find, remove
#include "engine/containers/containers.h"

#include "base/ago.h"
#include "base/fail.h"
#include "base/fd.h"
#include "box/record/life.h"
#include "engine/containers/stop.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NEAR = 2, FORCE_WAIT_MS = 10000 };

static struct box_place place_of(const struct roots *roots)
{
	return (struct box_place){roots->root, roots->runroot};
}

static int newest_first(const void *a, const void *b)
{
	const struct box_record *left = a, *right = b;
	if (left->created != right->created)
		return left->created < right->created ? 1 : -1;
	return strcmp(left->id, right->id);
}

int containers_list(struct arena *arena, const struct roots *roots, struct box_record **ret_records,
		    size_t *ret_n)
{
	struct box_place place = place_of(roots);
	struct facts facts;
	TRY(facts_gather(arena, FACTS_CHEAP, NULL, &facts));
	box_record_sweep(arena, &place, &facts, 0, NULL);
	TRY(box_record_list(arena, &place, ret_records, ret_n));
	if (*ret_n)
		qsort(*ret_records, *ret_n, sizeof(**ret_records), newest_first);
	return 0;
}

const char *container_state(const struct box_record *record)
{
	if (record->running)
		return "running";
	return record->finished ? "exited" : "dead";
}

const char *container_status(struct arena *arena, const struct box_record *record, int64_t now)
{
	if (record->running)
		return arena_printf(arena, "Up %s", ago_text(arena, now - record->created));
	if (!record->finished)
		return "Dead";
	return arena_printf(arena, "Exited (%lld) %s ago", (long long)record->exit_code,
			    ago_text(arena, now - record->finished));
}

// --- find ---------------------------------------------------------------------------------------

static bool is_called(const struct box_record *record, const char *name)
{
	return str_eq(record->id, name) || (record->name && str_eq(record->name, name));
}

static int not_there(const struct box_record *records, size_t n, const char *name)
{
	const char *near = NULL;
	for (size_t i = 0; i < n && !near; i++)
		if (records[i].name && str_distance(records[i].name, name) <= NEAR)
			near = records[i].name;
	fail(-ENOENT, "container '%s': there is none of that name or id", name);
	if (near)
		fail_hint("is it '%s'?", near);
	else
		fail_hint("tare ps -a lists them");
	return -ENOENT;
}

int container_find(const struct box_record *records, size_t n, const char *name,
		   const struct box_record **ret_record)
{
	const struct box_record *found = NULL;
	for (size_t i = 0; i < n; i++) {
		if (is_called(&records[i], name)) {
			*ret_record = &records[i];
			return 0;
		}
	}
	for (size_t i = 0; i < n && *name; i++) {
		if (!str_starts(records[i].id, name))
			continue;
		if (found) {
			fail(-EEXIST, "container '%s': several ids begin so", name);
			fail_hint("%.12s and %.12s, for two", found->id, records[i].id);
			return -EEXIST;
		}
		found = &records[i];
	}
	if (!found)
		return not_there(records, n, name);
	*ret_record = found;
	return 0;
}

// --- remove -------------------------------------------------------------------------------------

// Whoever runs it is killed, and with it, by the kernel, the container.
static int kill_owner(const struct box_record *record)
{
	_cleanup_fd_ int pidfd = -1;
	if (record_alive(&record->owner, &pidfd) != 0)
		return 0;
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
		return fail_sys(-errno, "kill what runs container %.12s", record->id);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	poll(&end, 1, FORCE_WAIT_MS);
	return 0;
}

// The container is killed, and its tare sees it end as it would any other. A tare that does not
// react is killed itself.
static int end(struct arena *arena, const struct box_record *record, const char *given)
{
	struct stop stop;
	int result = stop_begin(arena, record, given, SIGKILL, FORCE_WAIT_MS / 1000, &stop);
	if (result == 0)
		result = stop_finish(arena, &stop);
	if (result == 0 && box_record_await_end(record, 0) == 0)
		return 0;
	fault_clear();
	return kill_owner(record);
}

// The lock is free a moment after its holder has died: the container's first process has it too.
static int remove_killed(struct arena *arena, const struct box_place *place,
			 const struct facts *facts, const struct box_record *record)
{
	int result = BOX_RECORD_RUNNING;
	for (int waited = 0; result == BOX_RECORD_RUNNING && waited < FORCE_WAIT_MS; waited += 10) {
		result = box_record_remove(arena, place, facts, record);
		if (result == BOX_RECORD_RUNNING)
			usleep(10 * 1000);
	}
	return result;
}

int container_remove(struct arena *arena, const struct roots *roots,
		     const struct box_record *record, const char *given, bool force)
{
	struct box_place place = place_of(roots);
	struct facts facts;
	TRY(facts_gather(arena, FACTS_CHEAP, NULL, &facts));
	if (record->running && force)
		TRY(end(arena, record, given));
	int result = force ? remove_killed(arena, &place, &facts, record)
			   : box_record_remove(arena, &place, &facts, record);
	TRY(result);
	if (result == BOX_RECORD_RUNNING) {
		fail(-EBUSY, "container '%s' is running", given);
		fail_hint("end it first (tare stop %s), or kill and remove it at once: "
			  "tare rm -f %s",
			  given, given);
		return -EBUSY;
	}
	return 0;
}

int container_replace(struct arena *arena, const struct roots *roots, const char *name)
{
	struct box_record *records;
	size_t n;
	if (!name)
		return fail(-EINVAL, "--replace: it needs --name, the container to replace");
	TRY(containers_list(arena, roots, &records, &n));
	for (size_t i = 0; i < n; i++)
		if (records[i].name && str_eq(records[i].name, name))
			TRY(container_remove(arena, roots, &records[i], name, true));
	return 0;
}
