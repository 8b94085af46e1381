// SPDX-License-Identifier: Apache-2.0
// read.c - from a manifest to the config and the layers it names
//
// The manifest names a config and layers, each by the digest of its bytes as they are stored. The
// config lists a diff id for each layer: the digest of its tar, whatever it was compressed with.
// OCI's documents and Docker's differ in their media types only.
#include "image/read.h"

#include "base/fail.h"
#include "oci/digest.h"
#include "oci/manifest.h"

// How a layer is compressed is seen in its first bytes: the types differ in that alone, and not all
// writers are right about it.
static const char *const layer_types[] = {
	OCI_MEDIA_LAYER,
	OCI_MEDIA_LAYER_GZIP,
	OCI_MEDIA_LAYER_ZSTD,
	DOCKER_MEDIA_LAYER,
	"application/vnd.docker.image.rootfs.diff.tar",
	"application/vnd.docker.image.rootfs.diff.tar.zstd",
	"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
	"application/vnd.oci.image.layer.nondistributable.v1.tar",
	"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
	"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
};

static bool is_one_of(const char *type, const char *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(type, types[i]))
			return true;
	return false;
}

static bool has(const struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return true;
	return false;
}

static int read_manifest(struct arena *arena, struct image_source *source,
			 const struct oci_descriptor *descriptor, struct oci_manifest *ret_manifest)
{
	struct oci_manifest manifest;
	struct str text;
	TRY(source->document(source, arena, descriptor, &text));
	TRY(oci_manifest_parse(arena, text, &manifest));
	if (has(&manifest.unknown, "manifests"))
		return fail(-EINVAL, "%s: '%s' is a manifest and an index at once", source->name,
			    descriptor->digest);
	if (manifest.media_type && !str_eq(manifest.media_type, descriptor->media_type))
		return fail(-EINVAL, "%s: '%s' is of type '%s', its descriptor says '%s'",
			    source->name, descriptor->digest, manifest.media_type,
			    descriptor->media_type);
	*ret_manifest = manifest;
	return 0;
}

static int check_config_type(const struct image_source *source, const struct oci_descriptor *config)
{
	static const char *const types[] = {OCI_MEDIA_CONFIG, DOCKER_MEDIA_CONFIG};
	if (is_one_of(config->media_type, types, lengthof(types)))
		return 0;
	return fail(-ENOTSUP, "%s: no image: its config is of type '%.128s'", source->name,
		    config->media_type);
}

static int read_layers(struct arena *arena, const struct image_source *source,
		       const struct oci_manifest *manifest, struct image *image)
{
	const struct oci_strings *ids = &image->config.diff_ids;
	struct digest digest;
	if (ids->n != manifest->layers_n)
		return fail(-EINVAL, "%s: the manifest has %zu layers, the config %zu diff ids",
			    source->name, manifest->layers_n, ids->n);
	if (ids->n > IMAGE_LAYERS_MAX)
		return fail(-EINVAL, "%s: %zu layers; at most %d can be laid over one another",
			    source->name, ids->n, IMAGE_LAYERS_MAX);
	image->layers_n = ids->n;
	image->layers = arena_array(arena, struct image_layer, ids->n);
	for (size_t i = 0; i < ids->n; i++) {
		const struct oci_descriptor *layer = &manifest->layers[i];
		if (!is_one_of(layer->media_type, layer_types, lengthof(layer_types)))
			return fail(-ENOTSUP, "%s: layer '%s' is of type '%.128s'", source->name,
				    layer->digest, layer->media_type);
		TRY(digest_parse(str_of(layer->digest), &digest));
		TRY(digest_parse(str_of(ids->item[i]), &digest));
		image->layers[i] = (struct image_layer){.diff_id = ids->item[i], .blob = *layer};
	}
	return 0;
}

int image_read(struct arena *arena, struct image_source *source,
	       const struct oci_descriptor *manifest, struct image *ret_image)
{
	struct image image = {
		.name = source->name, .digest = manifest->digest, .manifest = *manifest};
	struct oci_manifest document;
	struct digest id;
	TRY(read_manifest(arena, source, manifest, &document));
	TRY(check_config_type(source, &document.config));
	TRY(digest_parse(str_of(document.config.digest), &id));
	TRY(source->document(source, arena, &document.config, &image.config_text));
	TRY(oci_image_config_parse(arena, image.config_text, &image.config));
	image.id = document.config.digest;
	image.config_blob = document.config;
	TRY(read_layers(arena, source, &document, &image));
	*ret_image = image;
	return 0;
}
