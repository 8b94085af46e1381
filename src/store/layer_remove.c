// SPDX-License-Identifier: Apache-2.0
// layer_remove.c - taking layers away, and what killed processes left of them
//
// A layer that is to go is first renamed to a temporary name: from then on nobody finds it, and if
// we are killed on the way, what is left is swept like any other temporary tree. Its owners are the
// ids of the map it was unpacked with, which the name of its directory tells.
#include "store/layer_remove.h"

#include "base/fail.h"
#include "base/fd.h"
#include "store/layer.h"
#include "store/layer_variant.h"
#include "store/temporary.h"
#include "store/unpacker.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

struct removal {
	struct arena *arena;
	struct layer_map_arguments maps;
	const char *hex;
};

static int remove_dead(void *context, int parent, const char *name)
{
	const struct removal *removal = context;
	const struct fault before = *fault_last();
	int result = unpacker_remove(removal->arena, parent, name, &removal->maps);
	if (result)
		fault_restore(&before);
	return result;
}

void layer_sweep(struct arena *arena, int layers, const char *map)
{
	struct removal removal = {.arena = arena};
	if (!layer_map_arguments_of(arena, map, &removal.maps))
		temporary_sweep_directories(layers, remove_dead, &removal);
}

static int remove_one(const struct removal *removal, int layers, const char *name)
{
	struct temporary taken = TEMPORARY_NONE;
	layer_variant_forget(removal->arena, layers, name);
	int result = temporary_take(layers, name, &taken);
	if (result)
		return result == TEMPORARY_GONE ? 0 : result;
	result = unpacker_remove(removal->arena, layers, taken.name, &removal->maps);
	const struct fault fault = *fault_last();
	temporary_drop(&taken);
	fault_restore(&fault);
	return result;
}

// Whether the name is the layer's, or that of a variant of it.
static bool is_of(const char *name, const char *hex)
{
	size_t n = strlen(hex);
	return !strncmp(name, hex, n) && (!name[n] || (name[n] == '-' && !strchr(name, '.')));
}

static int remove_in(struct removal *removal, int layers)
{
	int result = 0;
	int copy = openat(layers, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	if (!list) {
		fd_close(&copy);
		return fail_sys(-errno, "list the layers");
	}
	for (struct dirent *entry; !result && (entry = readdir(list));)
		if (is_of(entry->d_name, removal->hex))
			result = remove_one(removal, layers, entry->d_name);
	closedir(list);
	return result;
}

// Calls visit for the directory of each map.
static int each_map(struct arena *arena, const char *store,
		    int (*visit)(struct removal *removal, int layers, const char *map),
		    struct removal *removal)
{
	int result = 0;
	const char *path = arena_printf(arena, "%s/layers", store);
	DIR *list = opendir(path);
	if (!list)
		return errno == ENOENT ? 0 : fail_sys(-errno, "list '%s'", path);
	for (struct dirent *entry; !result && (entry = readdir(list));) {
		if (layer_map_arguments_of(arena, entry->d_name, &removal->maps))
			continue;
		_cleanup_fd_ int layers = openat(dirfd(list), entry->d_name,
						 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (layers < 0)
			result = fail_sys(-errno, "open '%s/%s'", path, entry->d_name);
		else
			result = visit(removal, layers, entry->d_name);
	}
	closedir(list);
	return result;
}

static int visit_remove(struct removal *removal, int layers, const char *map unused_)
{
	return remove_in(removal, layers);
}

int store_layer_remove(struct arena *arena, const char *store, const char *diff_id)
{
	struct digest digest;
	TRY(digest_parse(str_of(diff_id), &digest));
	struct removal removal = {.arena = arena, .hex = diff_id + DIGEST_TEXT - DIGEST_HEX};
	return each_map(arena, store, visit_remove, &removal);
}

static int visit_sweep(struct removal *removal, int layers, const char *map)
{
	layer_sweep(removal->arena, layers, map);
	return 0;
}

void store_sweep(struct arena *arena, const char *store)
{
	struct removal removal = {.arena = arena};
	const struct fault before = *fault_last();
	_cleanup_fd_ int blobs = open(arena_printf(arena, "%s/blobs/sha256", store),
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (blobs >= 0)
		temporary_sweep_files(blobs);
	each_map(arena, store, visit_sweep, &removal);
	fault_restore(&before);
}
