// SPDX-License-Identifier: Apache-2.0
// image.c - an image, opened: its config, and its layers as tars
//
// An OCI archive is a tar of an image layout: index.json lists manifests, a manifest names the
// config and the layers, each by the digest of its bytes, and what has the digest sha256:<hex> is
// the file blobs/sha256/<hex>. Finding a blob is passing over tar headers, content is not touched:
// of the embedded archive a start reads about one kilobyte.
//
// The config lists a diff id for each layer, the digest of the uncompressed tar. As layers here are
// not compressed, both digests of a layer must be the same.
#include "image/image.h"

#include "base/fail.h"
#include "flow/tar.h"
#include "image/embedded.h"
#include "image/read.h"
#include "oci/digest.h"
#include "oci/index.h"
#include "store/layer.h"

// An archive in memory as a source of documents.
struct archive_source {
	struct image_source source;
	struct str archive;
};

static int find_file(struct arena *arena, struct str archive, const char *path,
		     struct str *ret_content)
{
	struct tar tar;
	struct tar_entry entry;
	struct tar_piece piece = {0};
	int result;
	tar_open(&tar, arena, stream_memory(arena, archive));
	while ((result = tar_next(&tar, &entry)) == 0) {
		if (entry.kind != TAR_FILE || !str_eq(entry.path, path))
			continue;
		TRY(tar_piece(&tar, &piece));
		if (piece.bytes.n != entry.size)
			return fail(-EINVAL, "image archive: '%s' is not in one piece", path);
		*ret_content = piece.bytes;
		return 0;
	}
	TRY(result);
	return fail(-ENOENT, "image archive: no file '%s'", path);
}

static int find_blob(struct arena *arena, struct str archive,
		     const struct oci_descriptor *descriptor, struct str *ret_content)
{
	struct digest digest;
	struct str content;
	TRY(digest_parse(str_of(descriptor->digest), &digest));
	const char *hex = descriptor->digest + DIGEST_TEXT - DIGEST_HEX;
	TRY(find_file(arena, archive, arena_printf(arena, "blobs/sha256/%s", hex), &content));
	if (descriptor->size != (int64_t)content.n)
		return fail(-EINVAL, "image blob '%s': %zu bytes, its descriptor says %lld",
			    descriptor->digest, content.n, (long long)descriptor->size);
	*ret_content = content;
	return 0;
}

static int document(struct image_source *source, struct arena *arena,
		    const struct oci_descriptor *descriptor, struct str *ret_text)
{
	struct archive_source *archive = (struct archive_source *)source;
	if (descriptor->size > IMAGE_DOCUMENT_MAX)
		return fail(-EFBIG, "image blob '%s': a document of more than %d bytes",
			    descriptor->digest, IMAGE_DOCUMENT_MAX);
	return find_blob(arena, archive->archive, descriptor, ret_text);
}

static int find_layers(struct arena *arena, struct str archive, struct image *image)
{
	for (size_t i = 0; i < image->layers_n; i++) {
		struct image_layer *layer = &image->layers[i];
		if (!str_eq(layer->blob.digest, layer->diff_id))
			return fail(-EINVAL, "image layer '%s': its diff id is '%s'",
				    layer->blob.digest, layer->diff_id);
		TRY(find_blob(arena, archive, &layer->blob, &layer->tar));
	}
	return 0;
}

int image_open_archive(struct arena *arena, const char *name, struct str archive,
		       struct image *ret_image)
{
	struct archive_source source = {{name, document}, archive};
	struct image image;
	struct oci_index index;
	struct str text;
	TRY(find_file(arena, archive, "index.json", &text));
	if (text.n > IMAGE_DOCUMENT_MAX)
		return fail(-EFBIG, "index.json: more than %d bytes", IMAGE_DOCUMENT_MAX);
	TRY(oci_index_parse(arena, text, &index));
	if (!index.manifests_n)
		return fail(-EINVAL, "index.json: no manifests");
	TRY(image_read(arena, &source.source, &index.manifests[0], &image));
	TRY(find_layers(arena, archive, &image));
	*ret_image = image;
	return 0;
}

int image_open_hello(struct arena *arena, struct image *ret_image)
{
	return image_open_archive(arena, "hello", image_embedded(), ret_image);
}

int image_layers(struct arena *arena, const struct image *image, const char *store,
		 enum image_want want, struct oci_strings *ret_directories)
{
	struct oci_strings list = {arena_array(arena, const char *, image->layers_n),
				   image->layers_n};
	for (size_t i = 0; i < image->layers_n; i++) {
		const struct image_layer *layer = &image->layers[i];
		const char **directory = &list.item[image->layers_n - 1 - i];
		if (want == IMAGE_UNPACKED)
			TRY(store_layer(arena, store, layer->diff_id, layer->tar, NULL, directory));
		else
			TRY(store_layer_name(arena, store, layer->diff_id, NULL, directory));
	}
	*ret_directories = list;
	return 0;
}
