// SPDX-License-Identifier: Apache-2.0
// image_inspect.c - all that is known of an image, in Docker's shape
//
// The keys are those that `docker image inspect` has and that mean something here. Config is the
// image's own, with the keys of its document.
#include "engine/images/image_inspect.h"

#include "base/fail.h"
#include "engine/images/image_name.h"
#include "image/stored.h"

struct inspection {
	struct arena *arena;
	struct json_writer *json;
	struct store_image stored;
	struct image image;
};

static void put(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text ? text : "");
}

static int put_names(struct inspection *inspection, const char *root)
{
	struct json_writer *json = inspection->json;
	struct arena *arena = inspection->arena;
	struct reference reference;
	struct store_images names = {0};
	TRY(store_names_list(arena, root, &names));
	json_key(json, "RepoTags");
	json_open_list(json);
	for (size_t i = 0; i < names.n; i++)
		if (str_eq(names.item[i].id, inspection->stored.id) &&
		    reference_parse(arena, str_of(names.item[i].name), &reference) == 0)
			json_put_text(json, reference_short(arena, &reference));
	json_close_list(json);
	json_key(json, "RepoDigests");
	json_open_list(json);
	for (size_t i = 0; i < names.n; i++)
		if (str_eq(names.item[i].id, inspection->stored.id) &&
		    reference_parse(arena, str_of(names.item[i].name), &reference) == 0)
			json_put_text(json, arena_printf(arena, "%s@%s",
							 reference_familiar(arena, &reference),
							 names.item[i].manifest.digest));
	json_close_list(json);
	return 0;
}

static void put_rootfs(struct inspection *inspection)
{
	struct json_writer *json = inspection->json;
	json_key(json, "RootFS");
	json_open_object(json);
	put(json, "Type", "layers");
	json_key(json, "Layers");
	json_open_list(json);
	for (size_t i = 0; i < inspection->image.layers_n; i++)
		json_put_text(json, inspection->image.layers[i].diff_id);
	json_close_list(json);
	json_close_object(json);
}

static void put_descriptor(struct inspection *inspection)
{
	struct json_writer *json = inspection->json;
	json_key(json, "Descriptor");
	json_open_object(json);
	put(json, "mediaType", inspection->stored.manifest.media_type);
	put(json, "digest", inspection->stored.manifest.digest);
	json_key(json, "size");
	json_put_int(json, inspection->stored.manifest.size);
	json_close_object(json);
}

static int put_image(struct inspection *inspection, const char *root)
{
	struct json_writer *json = inspection->json;
	const struct oci_image_config *config = &inspection->image.config;
	json_open_object(json);
	put(json, "Id", inspection->stored.id);
	TRY(put_names(inspection, root));
	put(json, "Created", config->created);
	put(json, "Author", config->author);
	put(json, "Comment",
	    config->history_n ? config->history[config->history_n - 1].comment : NULL);
	put(json, "Architecture", config->architecture);
	if (config->variant)
		put(json, "Variant", config->variant);
	put(json, "Os", config->os);
	json_key(json, "Size");
	json_put_int(json, inspection->stored.size);
	json_key(json, "Config");
	oci_run_config_print(json, &config->config);
	put_rootfs(inspection);
	if (inspection->stored.manifest.digest)
		put_descriptor(inspection);
	json_close_object(json);
	return 0;
}

int image_inspect(struct arena *arena, const struct roots *roots, const char *text,
		  struct json_writer *json)
{
	struct inspection inspection = {.arena = arena, .json = json};
	if (image_is_hello(arena, text)) {
		TRY(image_open_hello(arena, &inspection.image));
		inspection.stored.id = inspection.image.id;
		inspection.stored.manifest = inspection.image.manifest;
		for (size_t i = 0; i < inspection.image.layers_n; i++)
			inspection.stored.size += (int64_t)inspection.image.layers[i].tar.n;
	} else {
		TRY(image_name_find(arena, roots->root, text, &inspection.stored));
		TRY(image_open_stored(arena, roots->root, &inspection.stored, &inspection.image));
	}
	return put_image(&inspection, roots->root);
}
