// SPDX-License-Identifier: Apache-2.0
// unpack_link.c - hard links, to what came before, comes later or lies below
//
// A hard link gives another name to a file of the same layer. Tools write the file first, but not
// all do; and there are layers that link to a file of a layer below, which only a copy can do
// justice to. So a link whose target is not there waits for the end. Then the waiting ones are
// tried until none succeeds any more, what is still missing is looked for below, and what is
// nowhere is an error that names both.
//
// The target is resolved as a path of an entry is, and its last part is not followed: a link to a
// symbolic link is another name of that link.
#include "store/unpack_parts.h"

#include "base/fail.h"

#include <fcntl.h>
#include <unistd.h>

enum { MISSING = 1, AGAIN = 2 };

static int find_target(struct unpack *unpack, const char *link, const char **ret_name,
		       struct stat *ret_status)
{
	int result = unpack_look(unpack, &unpack->there, link, ret_name);
	if (result == -ENOENT || result == -ENOTDIR)
		return MISSING;
	TRY(result);
	if (fstatat(unpack->there.fd, *ret_name, ret_status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? MISSING : -errno;
	if (S_ISDIR(ret_status->st_mode))
		return fail(-EINVAL, "layer: a hard link to '%s', which is a directory", link);
	return unpack_is_whiteout(ret_status) ? MISSING : 0;
}

// Returns 0, MISSING, or AGAIN when something was in the way.
static int try_once(struct unpack *unpack, const char *path, const char *link)
{
	const char *from, *name, *target;
	struct stat status, there;
	int result = find_target(unpack, link, &from, &status);
	if (result)
		return result;
	TRY(unpack_join(unpack, &unpack->there, from, &target));
	TRY(unpack_parent(unpack, &unpack->here, path, &name));
	const struct unpack_node *node = unpack_node_at(unpack, target);
	if (!fstatat(unpack->here.fd, name, &there, AT_SYMLINK_NOFOLLOW)) {
		if (there.st_dev == status.st_dev && there.st_ino == status.st_ino)
			return 0;
		TRY(unpack_make_way(unpack, name));
		return AGAIN;
	}
	if (node)
		return unpack_node(unpack, &node->record, name);
	return linkat(unpack->there.fd, from, unpack->here.fd, name, 0) ? -errno : 0;
}

static int try(struct unpack *unpack, const char *path, const char *link)
{
	int result = try_once(unpack, path, link);
	if (result == AGAIN)
		result = try_once(unpack, path, link);
	return result == AGAIN ? -EEXIST : result;
}

// What the link takes the place of goes now: what is there at the end came later.
static int defer(struct unpack *unpack, const struct tar_entry *entry)
{
	const char *name;
	if (unpack->deferred_n++ == UNPACK_DEFERRED_MAX)
		return fail(-EFBIG, "layer: more than %d hard links to what is not there",
			    UNPACK_DEFERRED_MAX);
	TRY(unpack_parent(unpack, &unpack->here, entry->path, &name));
	TRY(unpack_make_way(unpack, name));
	struct unpack_deferred *deferred = arena_new(unpack->arena, struct unpack_deferred);
	TRY(unpack_join(unpack, &unpack->here, name, &deferred->path));
	deferred->link = arena_dup(unpack->arena, entry->link);
	*unpack->deferred_end = deferred;
	unpack->deferred_end = &deferred->next;
	return 0;
}

int unpack_link(struct unpack *unpack, const struct tar_entry *entry)
{
	if (unpack_white_of(entry->link) != UNPACK_WHITE_NONE)
		return fail(-EINVAL, "layer: '%s' is a hard link to '%s', which is a whiteout",
			    entry->path, entry->link);
	int result = try(unpack, entry->path, entry->link);
	return result == MISSING ? defer(unpack, entry) : result;
}

static int word(const struct unpack_deferred *link, int result)
{
	if (result >= 0 || fault_last()->error)
		return result;
	return fail_sys(result, "layer: link '%s' to '%s'", link->path, link->link);
}

static int is_there(struct unpack *unpack, const char *path, bool *ret_there)
{
	const char *name;
	struct stat status;
	int result = unpack_look(unpack, &unpack->here, path, &name);
	*ret_there = result == 0 && !fstatat(unpack->here.fd, name, &status, AT_SYMLINK_NOFOLLOW);
	return result == -ENOENT || result == -ENOTDIR ? 0 : result;
}

static int try_all(struct unpack *unpack, bool *ret_progress)
{
	for (struct unpack_deferred *each = unpack->deferred; each; each = each->next) {
		bool there;
		if (each->done)
			continue;
		TRY(word(each, is_there(unpack, each->path, &there)));
		int result = there ? 0 : try(unpack, each->path, each->link);
		TRY(word(each, result));
		each->done = result == 0;
		*ret_progress |= each->done;
	}
	return 0;
}

// A chain of links, the last one first, takes as many rounds as it is long.
static int try_until_none(struct unpack *unpack)
{
	bool progress = true;
	for (int round = 0; progress && round < UNPACK_LINKS_MAX; round++) {
		progress = false;
		TRY(try_all(unpack, &progress));
	}
	return 0;
}

static int take_from_below(struct unpack *unpack)
{
	for (struct unpack_deferred *each = unpack->deferred; each; each = each->next) {
		if (each->done)
			continue;
		unpack->path = each->path;
		int result = unpack_lower_copy(unpack, each->link, each->path);
		if (result == -ENOENT)
			continue;
		TRY(word(each, result));
		each->done = true;
	}
	return 0;
}

int unpack_finish_links(struct unpack *unpack)
{
	if (!unpack->deferred)
		return 0;
	TRY(try_until_none(unpack));
	TRY(take_from_below(unpack));
	TRY(try_until_none(unpack));
	for (struct unpack_deferred *each = unpack->deferred; each; each = each->next) {
		if (!each->done)
			return fail(-ENOENT, "layer: '%s' is a hard link to '%s', which is nowhere",
				    each->path, each->link);
	}
	return 0;
}
