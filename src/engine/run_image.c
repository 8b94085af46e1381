// SPDX-License-Identifier: Apache-2.0
// run_image.c - the image that a run names
//
// An image is its config, which says how to run it, and its layers, which an overlay puts on each
// other. `hello` is compiled into the program; its layer is unpacked when it is run for the first
// time. An image of the store was unpacked when it came there: a start reads its name's document
// and its config.
#include "engine/run_image.h"

#include "base/fail.h"
#include "engine/image_name.h"
#include "image/stored.h"
#include "kern/binfmt.h"
#include "oci/platform.h"
#include "store/layer.h"

// --pull says when to ask a registry. There are none, so nothing is ever newer or elsewhere.
static int check_pull(const char *pull)
{
	if (!pull || str_eq(pull, "missing") || str_eq(pull, "never"))
		return 0;
	if (str_eq(pull, "always")) {
		fail(-EOPNOTSUPP, "--pull always: not yet: there are no registries");
		fail_hint("images are made of files: tare import FILE NAME, or tare run oci:DIR");
		return -EOPNOTSUPP;
	}
	return fail(-EINVAL, "--pull '%s': missing, never or always is expected", pull);
}

static int no_emulator(struct arena *arena, const char *name, const struct oci_platform *platform)
{
	const char *qemu = binfmt_qemu_name(platform->architecture);
	fail(-ENOEXEC, "image '%s': it is for %s, this machine is %s", name,
	     platform_text(arena, platform), platform_text(arena, &platform_host));
	if (qemu)
		fail_hint("an emulator can run it: install qemu-user-static (and binfmt-support), "
			  "which registers qemu-%s with the kernel",
			  qemu);
	fail_exit_code(125);
	return -ENOEXEC;
}

static int check_platform(struct arena *arena, const struct image *image,
			  const struct oci_platform *wanted, struct engine_image *opened)
{
	const struct oci_image_config *config = &image->config;
	struct oci_platform platform = {
		.os = config->os, .architecture = config->architecture, .variant = config->variant};
	const char *interpreter;
	bool fixed;
	if (wanted && !platform_fits(wanted, &platform))
		return fail(-ENOENT, "image '%s': it is for %s, --platform asks for %s",
			    opened->name, platform_text(arena, &platform),
			    platform_text(arena, wanted));
	if (platform_runs(&platform))
		return 0;
	if (!str_eq(platform.os, "linux"))
		return fail(-ENOEXEC, "image '%s': it is for %s, not for Linux", opened->name,
			    platform_text(arena, &platform));
	if (binfmt_find(arena, BINFMT_PLACE, platform.architecture, &interpreter, &fixed))
		return no_emulator(arena, opened->name, &platform);
	opened->emulated = platform_text(arena, &platform);
	opened->emulator = interpreter;
	return 0;
}

static int open_hello(struct arena *arena, const char *root, bool only_tells, struct image *image,
		      struct engine_image *opened)
{
	opened->embedded = true;
	TRY(image_open_hello(arena, image));
	return image_layers(arena, image, root, only_tells ? IMAGE_NAMES : IMAGE_UNPACKED,
			    &opened->layers);
}

// The topmost first.
static int name_layers(struct arena *arena, const char *root, const struct image *image,
		       struct oci_strings *ret_layers)
{
	struct oci_strings layers = {arena_array(arena, const char *, image->layers_n),
				     image->layers_n};
	for (size_t i = 0; i < image->layers_n; i++)
		TRY(store_layer_name(arena, root, image->layers[i].diff_id, NULL,
				     &layers.item[image->layers_n - 1 - i]));
	*ret_layers = layers;
	return 0;
}

static int open_stored(struct arena *arena, const char *root, const char *name, struct image *image,
		       struct engine_image *opened)
{
	struct store_image stored;
	TRY(image_name_find(arena, root, name, &stored));
	TRY(image_open_config(arena, root, &stored, image));
	opened->id = stored.id;
	return name_layers(arena, root, image, &opened->layers);
}

int run_image_open(struct arena *arena, const struct run_opts *opts, const char *root,
		   bool only_tells, struct engine_image *ret_image)
{
	struct image *image = arena_new(arena, struct image);
	struct engine_image opened = {.name = opts->image, .config = &image->config.config};
	struct oci_platform platform, *wanted = NULL;
	TRY(check_pull(opts->pull));
	if (opts->platform) {
		TRY(platform_parse(arena, opts->platform, &platform));
		wanted = &platform;
	}
	if (image_is_hello(arena, opts->image))
		TRY(open_hello(arena, root, only_tells, image, &opened));
	else
		TRY(open_stored(arena, root, opts->image, image, &opened));
	TRY(check_platform(arena, image, wanted, &opened));
	*ret_image = opened;
	return 0;
}
