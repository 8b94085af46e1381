// SPDX-License-Identifier: Apache-2.0
// pick.c - the containers that a command line names, or means by --all and the like
#include "engine/containers/pick.h"

#include <fcntl.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"
#include "engine/containers/containers.h"

enum { CIDFILE_MAX = 4096 };

int pick_begin(struct arena *arena, const struct roots *roots, const struct pick_want *want,
	       struct pick *ret_pick)
{
	bool named = want->names.n || want->cidfiles.n;
	if (named + want->all + want->latest > 1)
		return fail(-EINVAL, "names, --all and --latest: only one of them at a time");
	*ret_pick = (struct pick){.want = want};
	return containers_list(arena, roots, &ret_pick->records, &ret_pick->records_n);
}

static int read_cidfile(struct arena *arena, const char *path, const char **ret_id)
{
	struct str text;
	int error = file_read(arena, AT_FDCWD, path, CIDFILE_MAX, &text);
	if (error)
		return fail_sys(error, "--cidfile '%s'", path);
	struct str id = str_line(&text);
	if (!id.n)
		return fail(-EINVAL, "--cidfile '%s': there is no id in it", path);
	*ret_id = arena_dup_n(arena, id.p, id.n);
	return 0;
}

static int find_named(struct arena *arena, struct pick *pick, size_t at, struct picked *ret_picked)
{
	const struct pick_want *want = pick->want;
	struct picked picked = {0};
	if (at < want->names.n)
		picked.given = want->names.item[at];
	else
		TRY(read_cidfile(arena, want->cidfiles.item[at - want->names.n], &picked.given));
	int error = container_find(pick->records, pick->records_n, picked.given, &picked.record);
	if (error && !(want->ignore && error == -ENOENT))
		return error;
	*ret_picked = picked;
	return 0;
}

int pick_next(struct arena *arena, struct pick *pick, struct picked *ret_picked)
{
	const struct pick_want *want = pick->want;
	if (!want->all && !want->latest) {
		size_t at = pick->next++;
		return at < want->names.n + want->cidfiles.n
			       ? find_named(arena, pick, at, ret_picked)
			       : PICK_END;
	}
	while (pick->next < pick->records_n) {
		const struct box_record *record = &pick->records[pick->next++];
		if (want->latest)
			pick->next = pick->records_n;
		if (want->all && want->running && !record->running)
			continue;
		*ret_picked = (struct picked){record->id, record};
		return 0;
	}
	return PICK_END;
}
