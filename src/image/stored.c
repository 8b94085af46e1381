// SPDX-License-Identifier: Apache-2.0
// stored.c - an image of our own store, opened
//
// What lies under blobs/sha256 got its name when its digest was computed, so it is not computed
// again. The documents are read as if they were a stranger's all the same: they are, only whole.
#include "image/stored.h"

#include "base/fail.h"
#include "base/fd.h"
#include "image/read.h"
#include "store/blob.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static int read_blob(struct arena *arena, const char *root, const char *name, const char *digest,
		     struct str *ret_text)
{
	const char *path;
	TRY(store_blob_name(arena, root, digest, &path));
	int result = file_read(arena, AT_FDCWD, path, IMAGE_DOCUMENT_MAX, ret_text);
	if (result == -ENOENT) {
		fail(-ENOENT, "image '%s': its document '%s' is not in the store", name, digest);
		fail_hint("remove the image (tare rmi -f) and make it again");
		return -ENOENT;
	}
	return result < 0 ? fail_sys(result, "image '%s': read '%s'", name, digest) : 0;
}

static int document(struct image_source *source, struct arena *arena,
		    const struct oci_descriptor *descriptor, struct str *ret_text)
{
	struct stored_source *stored = (struct stored_source *)source;
	struct str text;
	TRY(read_blob(arena, stored->root, source->name, descriptor->digest, &text));
	if ((int64_t)text.n != descriptor->size)
		return fail(-EINVAL, "image '%s': '%s' has %zu bytes, its descriptor says %lld",
			    source->name, descriptor->digest, text.n, (long long)descriptor->size);
	*ret_text = text;
	return 0;
}

struct stored_source stored_source(const char *root, const char *name)
{
	return (struct stored_source){{name, document}, root};
}

bool stored_has(struct arena *arena, const char *root, const struct oci_descriptor *descriptor)
{
	const char *path;
	struct stat status;
	return store_blob_name(arena, root, descriptor->digest, &path) == 0 &&
	       !stat(path, &status) && status.st_size == descriptor->size;
}

static int gone(const char *name)
{
	return fail(-ENOENT, "image '%s': it is being removed just now", name);
}

// Opens the config with a shared lock. One that lost its name meanwhile is a removed image's.
static int hold(struct arena *arena, const char *root, const char *name, const char *id,
		int *ret_fd)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result = store_blob_open(arena, root, id, &fd);
	if (result == -ENOENT)
		fail_hint("remove the image (tare rmi -f) and make it again");
	TRY(result);
	if (flock(fd, LOCK_SH | LOCK_NB))
		return errno == EWOULDBLOCK ? gone(name) : fail_sys(-errno, "image '%s'", name);
	if (fstat(fd, &status))
		return fail_sys(-errno, "image '%s'", name);
	if (!status.st_nlink)
		return gone(name);
	*ret_fd = take_fd(&fd);
	return 0;
}

int image_lock_removal(struct arena *arena, const char *root, const char *id, int *ret_fd)
{
	const char *path;
	TRY(store_blob_name(arena, root, id, &path));
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return fail_sys(-errno, "open '%s'", path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? IMAGE_IN_USE : fail_sys(-errno, "lock '%s'", path);
	*ret_fd = take_fd(&fd);
	return 0;
}

static const char *name_of(const struct store_image *stored)
{
	return stored->name ? stored->name : stored->id;
}

int image_open_config(struct arena *arena, const char *root, const struct store_image *stored,
		      struct image *ret_image)
{
	struct image image = {
		.name = name_of(stored),
		.id = stored->id,
		.digest = stored->manifest.digest,
		.manifest = stored->manifest,
	};
	TRY(hold(arena, root, image.name, image.id, &image.in_use));
	int result = fd_read_all(arena, image.in_use, IMAGE_DOCUMENT_MAX, &image.config_text);
	if (result < 0)
		return fail_sys(result, "image '%s': read its config", image.name);
	TRY(oci_image_config_parse(arena, image.config_text, &image.config));
	image.layers_n = image.config.diff_ids.n;
	if (!image.layers_n || image.layers_n > IMAGE_LAYERS_MAX)
		return fail(-EINVAL, "image '%s': %zu layers", image.name, image.layers_n);
	image.layers = arena_array(arena, struct image_layer, image.layers_n);
	for (size_t i = 0; i < image.layers_n; i++)
		image.layers[i].diff_id = image.config.diff_ids.item[i];
	*ret_image = image;
	return 0;
}

int image_open_stored(struct arena *arena, const char *root, const struct store_image *stored,
		      struct image *ret_image)
{
	struct stored_source source = stored_source(root, name_of(stored));
	return image_read(arena, &source.source, &stored->manifest, ret_image);
}
