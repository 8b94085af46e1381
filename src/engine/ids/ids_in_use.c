// SPDX-License-Identifier: Apache-2.0
// ids_in_use.c - which ids of the host the containers that run have
//
// For --userns auto: no two containers that run share an id, so that a process which gets out of
// one has no power over the files and processes of another. What a container has stands in its
// record from its first step on, and it runs as long as its directory is locked; one that has ended
// needs its ids no more, as all it left lies in directories that are closed to everybody. Between
// choosing and writing the record a second command could choose the same: a lock keeps it waiting.
#include "engine/ids/ids_in_use.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/record.h"

#include <fcntl.h>
#include <unistd.h>

static void take(const struct oci_id_map *maps, size_t n, struct subordinate *ids)
{
	for (size_t i = 0; i < n; i++)
		ids->item[ids->n++] = (struct facts_id_range){maps[i].host_id, maps[i].size};
}

static int lock_ids(const char *runroot, int *ret_lock)
{
	_cleanup_fd_ int directory = open(runroot, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return fail_sys(-errno, "open '%s'", runroot);
	return record_lock(directory, "ids.lock", RECORD_EXCLUSIVE, true, ret_lock);
}

int ids_in_use(struct arena *arena, const struct box_place *place, struct subordinate *ret_uids,
	       struct subordinate *ret_gids, int *ret_lock)
{
	_cleanup_fd_ int lock = -1;
	struct box_record *records;
	size_t n, users = 0, groups = 0;
	if (ret_lock)
		TRY(lock_ids(place->runroot, &lock));
	TRY(box_record_list(arena, place, &records, &n));
	for (size_t i = 0; i < n; i++) {
		users += records[i].uid_mappings_n;
		groups += records[i].gid_mappings_n;
	}
	struct subordinate uids = {arena_array(arena, struct facts_id_range, users), 0};
	struct subordinate gids = {arena_array(arena, struct facts_id_range, groups), 0};
	for (size_t i = 0; i < n; i++) {
		if (!records[i].running)
			continue;
		take(records[i].uid_mappings, records[i].uid_mappings_n, &uids);
		take(records[i].gid_mappings, records[i].gid_mappings_n, &gids);
	}
	*ret_uids = uids;
	*ret_gids = gids;
	if (ret_lock)
		*ret_lock = take_fd(&lock);
	return 0;
}
