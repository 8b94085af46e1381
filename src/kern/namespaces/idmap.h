// SPDX-License-Identifier: Apache-2.0
// idmap.h - which numbers users have inside and outside a user namespace
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "kern/facts.h"

enum {
	IDMAP_FILE_MAX = 4 << 20, // bytes of /etc/subuid: some 100,000 users
	IDMAP_LINES_MAX = 340,    // the kernel takes no more
};

struct id_map {
	uint32_t inside;  // first id in the namespace
	uint32_t outside; // the id it stands for, in the parent namespace
	uint32_t count;   // how many from there on
};

struct id_maps {
	const struct id_map *uid;
	size_t uid_n;
	const struct id_map *gid;
	size_t gid_n;
};

// The largest range that the text of /etc/subuid (or subgid) gives to the user, by name or by
// number. Lines that make no sense are passed over. `user` may be NULL.
struct facts_id_range idmap_range(struct str text, const char *user, uint32_t uid);

// All ranges that it gives to the user, a name or a number, but no more than IDMAP_LINES_MAX.
void idmap_ranges(struct arena *arena, struct str text, const char *user,
		  struct facts_id_range **ret_ranges, size_t *ret_n);

// How the maps get into the kernel.
enum idmap_way {
	IDMAP_WRITE,      // written by a caller with CAP_SETUID and CAP_SETGID
	IDMAP_WRITE_OWN,  // written by an ordinary user who maps himself only, setgroups being
			  // denied
	IDMAP_BY_HELPERS, // newuidmap and newgidmap write them
};

// Chooses the way. Errors: maps the kernel would refuse (none, overlapping, too many), or that
// nobody here may write.
int idmap_choose(const struct id_maps *maps, const struct facts *facts, enum idmap_way *ret_way);

// The lines as they are written to /proc/PID/uid_map: "0 1000 1\n1 100000 65536\n".
const char *idmap_text(struct arena *arena, const struct id_map *map, size_t n);

// Gives the new user namespace of process `pid` (our child, not yet reaped) its maps.
int idmap_apply(struct arena *arena, pid_t pid, enum idmap_way way, const struct id_maps *maps,
		const struct facts *facts);
