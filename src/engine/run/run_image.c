// SPDX-License-Identifier: Apache-2.0
// run_image.c - the image that a run names
//
// An image is its config, which says how to run it, and its layers, which an overlay puts on each
// other. `hello` is compiled into the program; its layer is unpacked when it is run for the first
// time. An image of the store was unpacked when it came there: a start reads its name's document
// and its config.
#include "engine/run/run_image.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/parents.h"
#include "engine/images/image_map.h"
#include "engine/images/image_name.h"
#include "engine/images/image_place.h"
#include "engine/images/images.h"
#include "image/stored.h"
#include "image/take.h"
#include "kern/facts/binfmt.h"
#include "oci/platform.h"
#include "store/layer.h"

struct run_image {
	struct image image;        // opened
	struct store_image stored; // its document; nothing for hello and for what is only told
};

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
		return fail(-ENOENT, "image '%s': it is for %s, asked for is %s", opened->name,
			    platform_text(arena, &platform), platform_text(arena, wanted));
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

static int open_stored(struct arena *arena, const char *root, const char *name,
		       struct run_image *opened)
{
	TRY(image_name_find(arena, root, name, &opened->stored));
	return image_open_config(arena, root, &opened->stored, &opened->image);
}

struct beginning {
	struct arena *arena;
	const struct run_opts *opts;
	const struct oci_platform *wanted;
};

// What can't run is not unpacked. That it takes a while is told where somebody looks on.
static int begin(void *context, const struct image *image)
{
	struct beginning *beginning = context;
	struct engine_image unused = {.name = image->name};
	TRY(check_platform(beginning->arena, image, beginning->wanted, &unused));
	if (!beginning->opts->quiet)
		msg_notice("%s: unpacking %zu layer%s", image->name, image->layers_n,
			   image->layers_n == 1 ? "" : "s");
	return 0;
}

static int open_layout(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		       const char *root, bool only_tells, struct run_image *opened,
		       const struct oci_platform *platform)
{
	_cleanup_layout_ struct layout layout = LAYOUT_NONE;
	struct image_place place;
	image_place_parse(arena, opts->image, &place);
	TRY(layout_open(arena, opts->image, place.path, place.archive,
			parents_existing(arena, root), &layout));
	struct image_take take = {
		.root = root,
		.tag = place.tag,
		.platform = platform ? platform : &platform_host,
		.map = image_map_usual(arena, facts),
		.begin = begin,
		.context = &(struct beginning){arena, opts, platform},
	};
	if (only_tells)
		return image_take_told(arena, &take, &layout, &opened->image);
	TRY(image_take(arena, &take, &layout, &opened->image, &opened->stored));
	// From here on it is an image like any other, and held like one.
	return image_open_config(arena, root, &opened->stored, &opened->image);
}

// The machine that is asked for; *ret_text is NULL where none is.
static int platform_asked(struct arena *arena, const struct run_opts *opts, const char **ret_text)
{
	*ret_text = opts->platform;
	if (!opts->arch && !opts->os && !opts->variant)
		return 0;
	if (opts->platform)
		return fail(-EINVAL, "--platform: it says all that --arch, --os and --variant do");
	*ret_text = arena_printf(arena, "%s/%s%s%s", opts->os ? opts->os : platform_host.os,
				 opts->arch ? opts->arch : platform_host.architecture,
				 opts->variant ? "/" : "", opts->variant ? opts->variant : "");
	return 0;
}

int run_image_open(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		   const char *root, bool only_tells, struct engine_image *ret_image)
{
	struct run_image *opened = arena_new(arena, struct run_image);
	struct engine_image image = {.name = opts->image, .opened = opened};
	struct oci_platform platform, *wanted = NULL;
	TRY(check_pull(opts->pull));
	const char *asked;
	TRY(platform_asked(arena, opts, &asked));
	if (asked) {
		TRY(platform_parse(arena, asked, &platform));
		wanted = &platform;
	}
	image.embedded = image_is_hello(arena, opts->image);
	if (image.embedded)
		TRY(image_open_hello(arena, &opened->image));
	else if (image_place_is(opts->image))
		TRY(open_layout(arena, opts, facts, root, only_tells, opened, wanted));
	else
		TRY(open_stored(arena, root, opts->image, opened));
	TRY(check_platform(arena, &opened->image, wanted, &image));
	image.config = &opened->image.config.config;
	image.id = image.embedded ? NULL : opened->image.id;
	*ret_image = image;
	return 0;
}

// --- layers -------------------------------------------------------------------------------------

// What its blob is called stands in the manifest alone, which is read only when it is needed.
static int unpack_again(struct arena *arena, const struct run_image *opened, const char *root,
			size_t i, const struct oci_strings *lowers, const struct store_map *map,
			const char **ret_directory)
{
	struct image whole;
	TRY(image_open_stored(arena, root, &opened->stored, &whole));
	return store_layer_open(arena, root, whole.layers[i].diff_id, whole.layers[i].blob.digest,
				lowers, map, ret_directory);
}

// From the lowest: where a layer lies may depend on those below it.
static int find_layers(struct arena *arena, const struct run_image *opened, const char *root,
		       bool only_tells, const struct store_map *map, struct oci_strings *ret_layers)
{
	size_t n = opened->image.layers_n;
	struct oci_strings layers = {arena_array(arena, const char *, n) + n, 0};
	for (size_t i = 0; i < n; i++) {
		const char *diff_id = opened->image.layers[i].diff_id, *directory;
		int result = store_layer_find(arena, root, diff_id, map, &layers, &directory);
		if (result == STORE_LAYER_MISSING && only_tells)
			result = store_layer_name(arena, root, diff_id, map, &directory);
		else if (result == STORE_LAYER_MISSING)
			result = unpack_again(arena, opened, root, i, &layers, map, &directory);
		TRY(result);
		*--layers.item = directory;
		layers.n++;
	}
	*ret_layers = layers;
	return 0;
}

int run_image_layers(struct arena *arena, const struct engine_image *image, const char *root,
		     bool only_tells, struct box_spec *spec)
{
	const struct store_map *map =
		spec->root_mapped ? NULL : image_map(arena, &spec->oci.linux_);
	if (!image->embedded)
		return find_layers(arena, image->opened, root, only_tells, map, &spec->layers);
	// Its files are for everybody, so one copy serves all maps.
	return image_layers(arena, &image->opened->image, root,
			    only_tells ? IMAGE_NAMES : IMAGE_UNPACKED, &spec->layers);
}

// One of a layout has its id alone.
int run_image_remove(struct arena *arena, const struct engine_image *image,
		     const struct roots *roots)
{
	struct oci_strings lines = {0};
	int in_use = image->opened->image.in_use;
	const char *name = image->opened->stored.name ? image->name : image->id;
	fd_close(&in_use);
	return images_remove(arena, roots, name, false, &lines);
}
