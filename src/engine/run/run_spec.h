// SPDX-License-Identifier: Apache-2.0
// run_spec.h - the meaning of `tare run`: raw options to the specification of a container
#pragma once

#include "box/spec.h"
#include "engine/place.h"
#include "engine/run_opts.h"
#include "kern/facts.h"
#include "oci/image_config.h"

// An image as a start needs it.
struct engine_image {
	const char *name;          // as it was given: "hello", "base:1", "oci:web"
	struct oci_strings layers; // unpacked directories, the topmost first; see run_image_layers
	const struct oci_run_config *config; // what it says about running it
	const char *id;                      // digest of its config; NULL: of no image that is kept
	bool embedded;                       // it is hello, which tare carries with it
	const char *emulated; // its platform, where only an emulator runs it; NULL: it runs here
	const char *emulator; // that emulator's path
	const struct run_image *opened; // see run_image.h
};

// What --rootfs says: "DIR", "DIR:O", "DIR:idmap", "DIR:O,idmap". A name that ends otherwise is one
// with a colon in it.
struct rootfs_words {
	const char *directory;
	bool over;   // O: an overlay over it
	bool mapped; // idmap: seen through the container's id maps
};

struct rootfs_words engine_rootfs_words(struct arena *arena, const char *text);

// Fills the specification. `image` is NULL with --rootfs. Reads what the options name (the
// --env-file, whether the sources of -v, the --rootfs and the --cidfile are there), the host's
// hosts and resolv.conf and, for --privileged, its device nodes; changes nothing. Two calls with
// the same input give the same specification.
//
// What the user should be told is left in ret_spec->notices, but for the network of a run without
// --network.
int engine_run_spec(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		    const struct engine_place *place, const struct engine_image *image,
		    struct box_spec *ret_spec);
