// SPDX-License-Identifier: Apache-2.0
// import.c - an image of one layer, made of the tar of a root file system
//
// The layer first: its digests go into the two documents that are then written. The order on disk
// is that of take.c.
#include "image/import.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/moment.h"
#include "image/parts.h"
#include "image/source.h"
#include "oci/manifest.h"
#include "store/blob.h"

#include <time.h>

static const char *media_type_of(const char *codec)
{
	return str_eq(codec, "gzip")   ? OCI_MEDIA_LAYER_GZIP
	       : str_eq(codec, "zstd") ? OCI_MEDIA_LAYER_ZSTD
				       : OCI_MEDIA_LAYER;
}

// RFC 3339, in UTC.
static const char *time_text(struct arena *arena)
{
	char text[MOMENT_SIZE];
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	moment_text(&now, text);
	return arena_dup(arena, text);
}

static int put(struct arena *arena, const char *root, const struct buf *text,
	       const char *media_type, struct oci_descriptor *ret_descriptor)
{
	struct store_blob_source source = {
		.fd = -1, .text = buf_str(text), .size = -1, .limit = IMAGE_DOCUMENT_MAX};
	struct store_blob blob;
	if (text->over)
		return fail(-EFBIG, "image: a document of more than %d bytes", IMAGE_DOCUMENT_MAX);
	TRY(store_blob_add(arena, root, &source, &blob));
	*ret_descriptor = (struct oci_descriptor){
		.media_type = media_type,
		.digest = arena_dup(arena, blob.digest),
		.size = (int64_t)blob.size,
	};
	return 0;
}

static int put_config(struct arena *arena, const struct image_import *import,
		      const struct store_layer *layer, struct oci_descriptor *ret_descriptor)
{
	struct oci_image_config config = *import->config;
	struct buf text = buf_new(arena, IMAGE_DOCUMENT_MAX);
	struct oci_history history = {
		.created_by = "tare import",
		.comment = import->message,
	};
	const char *diff_id = layer->diff_id;
	config.created = history.created = time_text(arena);
	config.diff_ids = (struct oci_strings){&diff_id, 1};
	config.history = &history;
	config.history_n = 1;
	oci_image_config_print(&text, &config);
	return put(arena, import->root, &text, OCI_MEDIA_CONFIG, ret_descriptor);
}

static int put_manifest(struct arena *arena, const struct image_import *import,
			const struct store_layer *layer, const struct oci_descriptor *config,
			struct oci_descriptor *ret_descriptor)
{
	struct oci_descriptor blob = {
		.media_type = media_type_of(layer->codec),
		.digest = layer->blob.digest,
		.size = (int64_t)layer->blob.size,
	};
	struct oci_manifest manifest = {.media_type = OCI_MEDIA_MANIFEST,
					.config = *config,
					.layers = &blob,
					.layers_n = 1};
	struct buf text = buf_new(arena, IMAGE_DOCUMENT_MAX);
	oci_manifest_print(&text, &manifest);
	TRY(put(arena, import->root, &text, OCI_MEDIA_MANIFEST, ret_descriptor));
	struct oci_platform *platform = arena_new(arena, struct oci_platform);
	platform->os = import->config->os;
	platform->architecture = import->config->architecture;
	platform->variant = import->config->variant;
	ret_descriptor->platform = platform;
	return 0;
}

static int make(struct arena *arena, const struct image_import *import,
		struct store_image *ret_stored, struct store_layer *ret_layer)
{
	struct store_layer_source source = {
		.fd = import->fd, .size = -1, .limit = INT64_MAX, .keep_blob = true};
	struct store_image stored = {.name = import->name, .added = time(NULL)};
	const struct oci_strings none = {0};
	struct oci_descriptor config;
	_cleanup_fd_ int lock = -1;
	TRY(store_lock(arena, import->root, RECORD_SHARED, &lock));
	TRY(store_layer_add(arena, import->root, &source, &none, import->map, ret_layer));
	TRY(put_config(arena, import, ret_layer, &config));
	TRY(put_manifest(arena, import, ret_layer, &config, &stored.manifest));
	stored.id = config.digest;
	stored.size = (int64_t)ret_layer->tar_size;
	TRY(store_name_put(arena, import->root, &stored));
	*ret_stored = stored;
	return 0;
}

int image_import(struct arena *arena, const struct image_import *import,
		 struct store_image *ret_stored, struct store_layer *ret_layer)
{
	int result = make(arena, import, ret_stored, ret_layer);
	const struct fault fault = *fault_last();
	_cleanup_fd_ int lock = -1;
	// What a failure left, or a kill before; unless somebody else is putting something there.
	if (store_lock_try(arena, import->root, &lock) == 0)
		image_parts_collect(arena, import->root);
	fault_restore(&fault);
	return min_of(result, 0);
}
