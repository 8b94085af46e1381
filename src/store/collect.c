// SPDX-License-Identifier: Apache-2.0
// collect.c - removing from the store what no image has
//
// An import puts blobs and layers first and the image's document last. Killed between, it leaves
// parts that belong to nobody, whole as they are. They are found by looking at everything there is
// and asking who needs it; that costs no more than listing two directories and searching two
// sorted lists.
#include "store/collect.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/record.h"
#include "store/blob.h"
#include "store/layer.h"
#include "store/layer_map.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_DEPTH_MAX = 64 }; // of directories below images/: parts of a repository's name

#define LOCK_PREFIX      ".lock-"
#define TEMPORARY_PREFIX ".tmp-"

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct oci_strings sorted(struct arena *arena, const struct oci_strings *list)
{
	struct oci_strings copy = {arena_array(arena, const char *, list->n), list->n};
	if (list->n)
		memcpy(copy.item, list->item, list->n * sizeof(*list->item));
	qsort(copy.item, copy.n, sizeof(*copy.item), compare);
	return copy;
}

static bool has(const struct oci_strings *list, const char *text)
{
	return bsearch(&text, list->item, list->n, sizeof(*list->item), compare);
}

// "sha256:<hex>" for a name that begins with 64 digits and, if it is longer, goes on with a hyphen;
// NULL for any other.
static const char *digest_of(struct arena *arena, const char *name)
{
	struct digest digest;
	const char *text = arena_printf(arena, "sha256:%.*s", DIGEST_HEX, name);
	if (strnlen(name, DIGEST_HEX) < DIGEST_HEX || digest_parse(str_of(text), &digest))
		return NULL;
	return !name[DIGEST_HEX] || name[DIGEST_HEX] == '-' ? text : NULL;
}

struct collection {
	struct arena *arena;
	const char *store;
	const struct oci_strings *needed;
	int (*remove)(struct arena *arena, const char *store, const char *digest);
	int result; // the first error
};

static void note(struct collection *collection, int result)
{
	if (result < 0 && !collection->result)
		collection->result = result;
}

// A lock that nobody holds is what a kill left.
static void remove_lock(int directory, const char *name)
{
	_cleanup_fd_ int lock = -1;
	if (record_lock(directory, name, RECORD_EXCLUSIVE, false, &lock) == 0)
		unlinkat(directory, name, 0);
}

// What is in one directory of blobs or of layers.
static void collect_directory(struct collection *collection, const char *path)
{
	DIR *list = opendir(path);
	if (!list && errno != ENOENT)
		note(collection, fail_sys(-errno, "list '%s'", path));
	if (!list)
		return;
	for (struct dirent *entry; (entry = readdir(list));) {
		const char *digest = digest_of(collection->arena, entry->d_name);
		if (digest && !has(collection->needed, digest))
			note(collection,
			     collection->remove(collection->arena, collection->store, digest));
		if (str_starts(entry->d_name, LOCK_PREFIX))
			remove_lock(dirfd(list), entry->d_name);
	}
	closedir(list);
}

static void collect_layers(struct collection *collection)
{
	const char *path = arena_printf(collection->arena, "%s/layers", collection->store);
	struct layer_map_arguments unused;
	DIR *list = opendir(path);
	if (!list && errno != ENOENT)
		note(collection, fail_sys(-errno, "list '%s'", path));
	if (!list)
		return;
	for (struct dirent *entry; (entry = readdir(list));)
		if (!layer_map_arguments_of(collection->arena, entry->d_name, &unused))
			collect_directory(collection, arena_printf(collection->arena, "%s/%s", path,
								   entry->d_name));
	closedir(list);
}

// Halves of documents, here and in the directories below. Nobody writes one now.
static void collect_documents(struct arena *arena, const char *path, int depth)
{
	struct stat status;
	DIR *list = depth < NAMES_DEPTH_MAX ? opendir(path) : NULL;
	if (!list)
		return;
	for (struct dirent *entry; (entry = readdir(list));) {
		if (str_starts(entry->d_name, TEMPORARY_PREFIX))
			unlinkat(dirfd(list), entry->d_name, 0);
		if (entry->d_name[0] != '.' &&
		    !fstatat(dirfd(list), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) &&
		    S_ISDIR(status.st_mode))
			collect_documents(arena, arena_printf(arena, "%s/%s", path, entry->d_name),
					  depth + 1);
	}
	closedir(list);
}

int store_collect(struct arena *arena, const char *store, const struct store_needed *needed)
{
	struct oci_strings blobs = sorted(arena, &needed->blobs);
	struct oci_strings layers = sorted(arena, &needed->layers);
	struct collection collection = {arena, store, &layers, store_layer_remove, 0};
	collect_layers(&collection);
	collection.needed = &blobs;
	collection.remove = store_blob_remove;
	collect_directory(&collection, arena_printf(arena, "%s/blobs/sha256", store));
	collect_documents(arena, arena_printf(arena, "%s/images", store), 0);
	store_sweep(arena, store);
	return collection.result;
}
