// SPDX-License-Identifier: Apache-2.0
// layer.c - the layers of images, kept unpacked by the digest of their tar
//
// Under <store>/layers/sha256 there are, for one layer:
//
//	<hex>        the layer, whole: a directory never written to again
//	.tmp-<hex>   one that is being unpacked
//	.lock-<hex>  locked by the process that does so
//
// A process that finds no <hex> takes the lock, and looks again: whoever held it before has perhaps
// made the layer meanwhile. A .tmp-<hex> that is there when the lock was got belongs to nobody,
// since a lock dies with its holder; it is removed. The new one is unpacked, synced, and given its
// name by rename(2), which is the only moment anything becomes visible. Then the lock's file goes.
#include "store/layer.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/record.h"
#include "base/remove.h"
#include "oci/digest.h"
#include "store/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_layers(struct arena *arena, const char *store, int *ret_fd)
{
	static const char *const parts[] = {"layers", "layers/sha256"};
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

// With the lock held.
static int unpack(struct arena *arena, int layers, const char *hex, struct str tar)
{
	const char *name = arena_printf(arena, ".tmp-%s", hex);
	int result = remove_tree(layers, name);
	if (result)
		return fail_sys(result, "remove '%s'", name);
	if (mkdirat(layers, name, 0700))
		return fail_sys(-errno, "make directory '%s'", name);
	_cleanup_fd_ int top =
		openat(layers, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (top < 0)
		return fail_sys(-errno, "open directory '%s'", name);
	if (fchmod(top, 0755)) // unless the archive says otherwise: it is to be a root directory
		return fail_sys(-errno, "mode of '%s'", name);
	struct unpack_result did;
	const struct unpack_want want = {
		.top = top,
		.source = stream_memory(arena, tar),
		.owners = geteuid() == 0,
		.marks = geteuid() == 0 ? UNPACK_MARKS_TRUSTED : UNPACK_MARKS_USER,
	};
	result = unpack_layer(arena, &want, &did);
	if (result == 0 && syncfs(top))
		result = fail_sys(-errno, "sync layer '%s'", name);
	if (result == 0 && renameat(layers, name, layers, hex))
		result = fail_sys(-errno, "rename '%s' to '%s'", name, hex);
	if (result == 0 && fsync(layers))
		result = fail_sys(-errno, "sync the directory of layers");
	if (result < 0)
		remove_tree(layers, name); // if that fails, too, the next one tries again
	return result;
}

static int make(struct arena *arena, const char *store, const char *hex, struct str tar)
{
	_cleanup_fd_ int layers = -1, lock = -1;
	const char *lock_name = arena_printf(arena, ".lock-%s", hex);
	TRY(open_layers(arena, store, &layers));
	TRY(record_lock(layers, lock_name, RECORD_EXCLUSIVE, true, &lock));
	int result = 0;
	if (faccessat(layers, hex, F_OK, 0))
		result = unpack(arena, layers, hex, tar);
	unlinkat(layers, lock_name, 0); // who waits for it sees that it is gone, and takes another
	return result;
}

int store_layer_name(struct arena *arena, const char *store, const char *diff_id,
		     const char **ret_directory)
{
	struct digest digest;
	TRY(digest_parse(str_of(diff_id), &digest)); // its digits become a part of a path
	*ret_directory = arena_printf(arena, "%s/layers/sha256/%s", store,
				      diff_id + DIGEST_TEXT - DIGEST_HEX);
	return 0;
}

int store_layer(struct arena *arena, const char *store, const char *diff_id, struct str tar,
		const char **ret_directory)
{
	const char *directory;
	TRY(store_layer_name(arena, store, diff_id, &directory));
	if (access(directory, F_OK)) {
		if (errno != ENOENT)
			return fail_sys(-errno, "layer '%s'", directory);
		TRY(make(arena, store, diff_id + DIGEST_TEXT - DIGEST_HEX, tar));
	}
	*ret_directory = directory;
	return 0;
}
