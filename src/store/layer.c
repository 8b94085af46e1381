// SPDX-License-Identifier: Apache-2.0
// layer.c - the layers of images, kept unpacked by the digest of their tar and by their id map
//
// Under <store>/layers/<map> (layer_map.h) there are, for one layer:
//
//	<hex>        the layer, whole: a directory never written to again
//	<hex>-N      the same over certain others, with its record (layer_variant.c)
//	.lock-<hex>  locked by the process that makes it
//	.tmp-…       what is being made, or removed (temporary.h)
//
// A process that finds no <hex> takes the lock, and looks again: whoever held it before has perhaps
// made the layer meanwhile. Then it unpacks into a temporary directory, compares digests, syncs,
// and renames, which is the only moment anything becomes visible. Removing goes the other way
// round: a rename, then the work. Temporary trees that nobody holds any more are removed by the
// next who unpacks.
#include "store/layer.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/record.h"
#include "store/layer_remove.h"
#include "store/layer_variant.h"
#include "store/temporary.h"
#include "store/unpack.h"
#include "store/unpacker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// What one unpacking is about.
struct work {
	struct arena *arena;
	const char *store;
	const struct store_map *map;
	const struct oci_strings *lowers;
	const struct store_layer_source *source; // NULL: it is `tar`
	struct str tar;
	const char *directory; // "<store>/layers/<map>"
	int layers;            // that, opened
};

static const struct oci_strings no_lowers;

static const char *hex_of(const char *diff_id)
{
	return diff_id + DIGEST_TEXT - DIGEST_HEX;
}

static int open_layers(struct arena *arena, const char *store, const char *map, int *ret_fd)
{
	const char *const parts[] = {"layers", arena_printf(arena, "layers/%s", map)};
	const char *path = store;
	for (size_t i = 0; i < lengthof(parts); i++) {
		path = arena_printf(arena, "%s/%s", store, parts[i]);
		if (mkdir(path, 0700) && errno != EEXIST)
			return fail_sys(-errno, "make directory '%s'", path);
	}
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "open directory '%s'", path);
	*ret_fd = fd;
	return 0;
}

// The descriptor of the map's directory is the caller's to close.
static int begin(struct work *work, int *ret_layers)
{
	const char *map;
	TRY(layer_map_name(work->arena, work->map, &map));
	work->directory = arena_printf(work->arena, "%s/layers/%s", work->store, map);
	TRY(open_layers(work->arena, work->store, map, ret_layers));
	work->layers = *ret_layers;
	layer_sweep(work->arena, work->layers, map);
	return 0;
}

// The directory of what is unpacked, by the name it has or will have.
static const char *inside(const struct work *work, const char *name)
{
	return arena_printf(work->arena, "%s/%s", work->directory, name);
}

int store_layer_name(struct arena *arena, const char *store, const char *diff_id,
		     const struct store_map *map, const char **ret_directory)
{
	struct digest digest;
	const char *name;
	TRY(digest_parse(str_of(diff_id), &digest)); // its digits become a part of a path
	TRY(layer_map_name(arena, map, &name));
	*ret_directory = arena_printf(arena, "%s/layers/%s/%s", store, name, hex_of(diff_id));
	return 0;
}

static int find_variant(struct arena *arena, const char *directory, const char *hex,
			const struct oci_strings *lowers, const char **ret_directory)
{
	const char *name;
	const char *parent = arena_dup_n(arena, directory, strlen(directory) - DIGEST_HEX - 1);
	_cleanup_fd_ int layers = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (layers < 0 && errno == ENOENT)
		return STORE_LAYER_MISSING;
	if (layers < 0)
		return fail_sys(-errno, "open directory '%s'", parent);
	int result = layer_variant_find(arena, layers, hex, lowers, &name);
	if (result)
		return result == LAYER_VARIANT_NONE ? STORE_LAYER_MISSING : result;
	*ret_directory = arena_printf(arena, "%s/%s", parent, name);
	return 0;
}

int store_layer_find(struct arena *arena, const char *store, const char *diff_id,
		     const struct store_map *map, const struct oci_strings *lowers,
		     const char **ret_directory)
{
	const char *directory;
	TRY(store_layer_name(arena, store, diff_id, map, &directory));
	if (access(directory, F_OK) == 0) {
		*ret_directory = directory;
		return 0;
	}
	if (errno != ENOENT)
		return fail_sys(-errno, "layer '%s'", directory);
	return find_variant(arena, directory, hex_of(diff_id), lowers ? lowers : &no_lowers,
			    ret_directory);
}

// Unpacks what this process may read itself: tare's own.
static int unpack_here(const struct work *work, int top)
{
	struct unpack_result did;
	const struct unpack_want want = {
		.top = top,
		.source = stream_memory(work->arena, work->tar),
		.owners = geteuid() == 0,
		.marks = geteuid() == 0 ? UNPACK_MARKS_TRUSTED : UNPACK_MARKS_USER,
	};
	return unpack_layer(work->arena, &want, &did);
}

static int unpack_by_helper(const struct work *work, int top, int blob,
			    struct unpacker_result *ret_result)
{
	const struct store_layer_source *source = work->source;
	const struct oci_strings *lowers = work->lowers;
	int *fds = arena_array(work->arena, int, lowers->n);
	struct unpacker_want want = {
		.source = source->fd,
		.top = top,
		.blob = blob,
		.lowers = fds,
		.map = work->map,
		.limit = source->limit,
	};
	if (source->size >= 0 && (uint64_t)source->size < want.limit)
		want.limit = (uint64_t)source->size;
	int result = 0;
	for (; want.lowers_n < lowers->n && !result; want.lowers_n++) {
		const char *path = lowers->item[want.lowers_n];
		fds[want.lowers_n] = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fds[want.lowers_n] < 0)
			result = fail_sys(-errno, "open layer '%s'", path);
	}
	if (!result)
		result = unpacker_run(work->arena, &want, ret_result);
	for (size_t i = 0; i < want.lowers_n; i++)
		fd_close(&fds[i]);
	return result;
}

// Gives the directory its name, and tells it. What others made meanwhile is as good.
static int keep(const struct work *work, struct temporary *top, const char *hex, bool variant,
		const char **ret_name)
{
	const char *name = hex;
	if (variant)
		TRY(layer_variant_choose(work->arena, work->layers, hex, &name));
	if (syncfs(top->fd))
		return fail_sys(-errno, "sync layer '%s'", hex);
	if (variant) { // without a record it is what a kill left
		struct layer_map_arguments maps = layer_map_arguments(work->arena, work->map);
		TRY(unpacker_remove(work->arena, work->layers, name, &maps));
	}
	TRY(temporary_keep(top, name));
	if (variant)
		TRY(layer_variant_record(work->arena, work->layers, name, work->lowers));
	*ret_name = name;
	return 0;
}

// One that is another over others, and whose digest nobody knew before: nobody holds its lock.
static int keep_variant(const struct work *work, struct temporary *top, const char *hex,
			const char **ret_name)
{
	_cleanup_fd_ int lock = -1;
	const char *lock_name = arena_printf(work->arena, ".lock-%s", hex);
	TRY(record_lock(work->layers, lock_name, RECORD_EXCLUSIVE, true, &lock));
	int result = layer_variant_find(work->arena, work->layers, hex, work->lowers, ret_name);
	if (result == LAYER_VARIANT_NONE)
		result = keep(work, top, hex, true, ret_name);
	unlinkat(work->layers, lock_name, 0);
	return result;
}

static void remove_rest(const struct work *work, struct temporary *top)
{
	const struct fault fault = *fault_last();
	struct layer_map_arguments maps = layer_map_arguments(work->arena, work->map);
	if (top->name[0])
		unpacker_remove(work->arena, work->layers, top->name, &maps);
	temporary_drop(top);
	fault_restore(&fault);
}

// An unpacked root directory belongs to root, and everyone may look into it, unless the archive
// says otherwise.
static int prepare_top(const struct work *work, const struct temporary *top)
{
	uint32_t uid, gid;
	if (fchmod(top->fd, 0755))
		return fail_sys(-errno, "mode of '%s'", top->name);
	if (geteuid() == 0 && layer_map_root(work->map, &uid, &gid) && (uid || gid) &&
	    fchown(top->fd, uid, gid))
		return fail_sys(-errno, "owner of '%s'", top->name);
	return 0;
}

static int check(const struct work *work, const struct unpacker_result *result)
{
	const struct store_layer_source *source = work->source;
	TRY(store_blob_check("layer", &result->blob, source->digest, source->size));
	if (source->diff_id && !str_eq(source->diff_id, result->diff_id))
		return fail(-EBADMSG, "layer '%s': the digest of its tar is '%s', expected is '%s'",
			    result->blob.digest, result->diff_id, source->diff_id);
	return 0;
}

static int unpack_source(const struct work *work, struct temporary *top,
			 struct store_layer *ret_layer)
{
	_cleanup_fd_ int blobs = -1;
	_cleanup_temporary_ struct temporary blob = TEMPORARY_NONE;
	struct unpacker_result did;
	const char *name;
	if (work->source->keep_blob) {
		TRY(store_blobs_open(work->arena, work->store, &blobs));
		TRY(temporary_file(blobs, &blob));
	}
	TRY(unpack_by_helper(work, top->fd, blob.fd, &did));
	TRY(check(work, &did));
	if (did.by_lower && !work->source->diff_id)
		TRY(keep_variant(work, top, hex_of(did.diff_id), &name));
	else
		TRY(keep(work, top, hex_of(did.diff_id), did.by_lower, &name));
	if (blob.fd >= 0)
		TRY(temporary_keep(&blob, hex_of(did.blob.digest)));
	struct store_layer layer = {
		.directory = inside(work, name),
		.blob = did.blob,
		.codec = did.codec,
		.tar_size = did.tar_size,
		.entries = did.entries,
		.nodes_left_out = did.nodes_left_out,
		.xattrs_left_out = did.xattrs_left_out,
		.xattr = did.xattr,
	};
	memcpy(layer.diff_id, did.diff_id, sizeof(layer.diff_id));
	*ret_layer = layer;
	return 0;
}

// With the layer's lock held, if its digest is known.
static int make(const struct work *work, const char *diff_id, struct store_layer *ret_layer)
{
	struct temporary top = TEMPORARY_NONE;
	const char *name;
	TRY(temporary_directory(work->layers, &top));
	int result = prepare_top(work, &top);
	if (!result && work->source) {
		result = unpack_source(work, &top, ret_layer);
	} else if (!result) {
		result = unpack_here(work, top.fd);
		if (!result)
			result = keep(work, &top, hex_of(diff_id), false, &name);
	}
	remove_rest(work, &top);
	return result < 0 ? result : 0;
}

// Makes a layer whose digest is known, unless it is there once the lock is got.
static int make_locked(const struct work *work, const char *diff_id, struct store_layer *layer)
{
	_cleanup_fd_ int lock = -1;
	const char *lock_name = arena_printf(work->arena, ".lock-%s", hex_of(diff_id));
	TRY(record_lock(work->layers, lock_name, RECORD_EXCLUSIVE, true, &lock));
	int result = store_layer_find(work->arena, work->store, diff_id, work->map, work->lowers,
				      &layer->directory);
	if (result == STORE_LAYER_MISSING)
		result = make(work, diff_id, layer);
	unlinkat(work->layers, lock_name, 0); // who waits sees that it is gone, and takes another
	return result;
}

// The bytes of a layer that is there already, where they are wanted and missing.
static int add_blob(struct arena *arena, const char *store, const struct store_layer_source *source,
		    struct store_blob *ret_blob)
{
	_cleanup_fd_ int there = -1;
	if (source->digest && !store_blob_open(arena, store, source->digest, &there)) {
		memcpy(ret_blob->digest, source->digest, sizeof(ret_blob->digest));
		return 0;
	}
	fault_clear();
	return store_blob_add(arena, store,
			      &(struct store_blob_source){
				      .fd = source->fd,
				      .digest = source->digest,
				      .size = source->size,
				      .limit = source->limit,
			      },
			      ret_blob);
}

static int check_expected(const struct store_layer_source *source, const struct oci_strings *lowers)
{
	struct digest digest;
	assert(source->diff_id || !lowers || !lowers->n);
	if (source->digest)
		TRY(digest_parse(str_of(source->digest), &digest));
	return source->diff_id ? digest_parse(str_of(source->diff_id), &digest) : 0;
}

int store_layer_add(struct arena *arena, const char *store, const struct store_layer_source *source,
		    const struct oci_strings *lowers, const struct store_map *map,
		    struct store_layer *ret_layer)
{
	_cleanup_fd_ int layers = -1;
	struct store_layer layer = {0};
	struct work work = {arena, store, map, lowers ? lowers : &no_lowers, source, .layers = -1};
	TRY(check_expected(source, lowers));
	if (source->diff_id)
		memcpy(layer.diff_id, source->diff_id, sizeof(layer.diff_id));
	TRY(begin(&work, &layers));
	if (source->diff_id)
		TRY(make_locked(&work, source->diff_id, &layer));
	else
		TRY(make(&work, NULL, &layer));
	if (!layer.codec && source->keep_blob)
		TRY(add_blob(arena, store, source, &layer.blob));
	*ret_layer = layer;
	return 0;
}

int store_layer_open(struct arena *arena, const char *store, const char *diff_id, const char *blob,
		     const struct oci_strings *lowers, const struct store_map *map,
		     const char **ret_directory)
{
	_cleanup_fd_ int fd = -1;
	struct store_layer layer;
	int result = store_layer_find(arena, store, diff_id, map, lowers, ret_directory);
	if (result != STORE_LAYER_MISSING)
		return result;
	TRY(store_blob_open(arena, store, blob, &fd));
	const struct store_layer_source source = {
		.fd = fd, .digest = blob, .size = -1, .limit = INT64_MAX, .diff_id = diff_id};
	TRY(store_layer_add(arena, store, &source, lowers, map, &layer));
	*ret_directory = layer.directory;
	return 0;
}

// Whether files that belong to the caller are root's in a container with this map.
static bool is_own(const struct store_map *map)
{
	uint32_t uid, gid;
	return layer_map_root(map, &uid, &gid) && uid == geteuid() && gid == getegid();
}

int store_layer(struct arena *arena, const char *store, const char *diff_id, struct str tar,
		const struct store_map *map, const char **ret_directory)
{
	_cleanup_fd_ int layers = -1, memory = -1;
	struct store_layer layer = {0};
	struct store_layer_source source = {.size = -1, .limit = INT64_MAX, .diff_id = diff_id};
	int result = store_layer_find(arena, store, diff_id, map, NULL, ret_directory);
	if (result != STORE_LAYER_MISSING)
		return result;
	if (!is_own(map)) {
		TRY(store_blob_file(tar, &memory));
		source.fd = memory;
		TRY(store_layer_add(arena, store, &source, NULL, map, &layer));
		*ret_directory = layer.directory;
		return 0;
	}
	struct work work = {arena, store, map, &no_lowers, .tar = tar, .layers = -1};
	TRY(begin(&work, &layers));
	TRY(make_locked(&work, diff_id, &layer));
	return store_layer_name(arena, store, diff_id, map, ret_directory);
}
