// SPDX-License-Identifier: Apache-2.0
// run_image.c - the image that a run names
//
// An image is its config, which says how to run it, and its layers, which an overlay puts on each
// other. `hello` is compiled into the program, so nothing is fetched; its layer is unpacked when it
// is run for the first time.
#include "engine/run_image.h"

#include "base/fail.h"
#include "image/image.h"

int run_image_open(struct arena *arena, const char *name, const char *root, bool only_tells,
		   struct engine_image *ret_image)
{
	if (!str_eq(name, "hello")) {
		fail(-ENOENT, "image '%s': not there", name);
		fail_hint("hello is the only image yet; --rootfs DIR runs any root file system");
		return -ENOENT;
	}
	struct image *image = arena_new(arena, struct image);
	struct engine_image opened = {.name = "hello", .config = &image->config.config};
	TRY(image_open_hello(arena, image));
	TRY(image_layers(arena, image, root, only_tells ? IMAGE_NAMES : IMAGE_UNPACKED,
			 &opened.layers));
	*ret_image = opened;
	return 0;
}
