// SPDX-License-Identifier: Apache-2.0
// unpack.c - a layer's tar into a directory
//
// A layer is the most hostile thing there is in an image, and the process that reads it is jailed.
// This is what it does inside. The parts, each in a file of its own:
//
//	unpack_path       the directory that an entry is made in: past no link that leads out
//	unpack_make       the entry itself, in the place of what has its name
//	unpack_dress      owner, attributes, mode, times
//	unpack_directory  directories, which are finished last
//	unpack_white      what the layer takes away from those below it
//	unpack_link       hard links, which may speak of what comes later
//	unpack_lower      what is taken over from the layers below
//	unpack_node       device nodes, which another process makes
//	unpack_record     how it is asked to
//
// The same archive makes the same tree for every umask and clock. Limits are in unpack.h: each has
// a message that names it.
#include "store/unpack.h"

#include "base/fail.h"
#include "base/fd.h"
#include "store/unpack_parts.h"

#include <sys/statvfs.h>

static int take_entry(struct unpack *unpack, const struct tar_entry *entry)
{
	switch (unpack_white_of(entry->path)) {
	case UNPACK_WHITE_NONE:
		break;
	case UNPACK_WHITE_OUT:
		return unpack_white_out(unpack, entry->path);
	case UNPACK_WHITE_OPAQUE:
		return unpack_white_opaque(unpack, entry->path);
	case UNPACK_WHITE_SKIP:
		return 0;
	case UNPACK_WHITE_BAD:
		return fail(-EINVAL, "layer: '%s' is no whiteout, and no other name begins so",
			    entry->path);
	}
	if (entry->left_out)
		unpack_leave_out(unpack, STR("an access control list or a label, as text"));
	return entry->kind == TAR_HARDLINK ? unpack_link(unpack, entry)
					   : unpack_make(unpack, entry);
}

static int take_entries(struct unpack *unpack)
{
	struct tar_entry entry;
	int result;
	while ((result = tar_next(&unpack->tar, &entry)) == 0) {
		if (++unpack->did.entries > UNPACK_ENTRIES_MAX)
			return fail(-EFBIG, "layer: more than %d entries", UNPACK_ENTRIES_MAX);
		unpack->path = entry.path;
		result = take_entry(unpack, &entry);
		if (result)
			return fault_last()->error
				       ? result
				       : fail_sys(result, "layer: make '%s'", entry.path);
	}
	return min_of(result, 0); // TAR_END is above zero
}

static int unpack_all(struct unpack *unpack)
{
	TRY(unpack_directory_later(unpack, ".", &(struct unpack_attributes){.mode = 0755}));
	TRY(take_entries(unpack));
	TRY(unpack_finish_links(unpack));
	TRY(unpack_clear_nodes(unpack));
	// Before directories get their owners, modes and times: whoever makes the nodes has no
	// right over other users' directories, and changes the time of each that he makes one in.
	TRY(unpack_pass_nodes(unpack));
	TRY(unpack_pass_marks(unpack));
	return unpack_finish_directories(unpack);
}

int unpack_layer(struct arena *arena, const struct unpack_want *want,
		 struct unpack_result *ret_result)
{
	struct statvfs free;
	struct unpack *unpack = arena_new(arena, struct unpack);
	unpack->arena = arena;
	unpack->want = want;
	unpack->here.fd = unpack->there.fd = -1;
	unpack->deferred_end = &unpack->deferred;
	unpack->bytes_max = want->bytes_max;
	if (!want->bytes_max) {
		if (fstatvfs(want->top, &free))
			return fail_sys(-errno, "layer: what the file system has free");
		unpack->bytes_max = (uint64_t)free.f_bavail * free.f_frsize;
	}
	fault_clear();
	tar_open(&unpack->tar, arena, want->source);
	int result = unpack_all(unpack);
	fd_close(&unpack->here.fd);
	fd_close(&unpack->there.fd);
	TRY(result);
	*ret_result = unpack->did;
	return 0;
}
