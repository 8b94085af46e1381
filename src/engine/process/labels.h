// SPDX-License-Identifier: Apache-2.0
// labels.h - what people and programs write on a container: labels and annotations
#pragma once

#include "oci/spec.h"

enum {
	LABELS_BYTES_MAX = 128 * 1024
}; // of all names and values of a container: they are in its
   // record, which has 1 MiB

// The image's labels, then those of the files, then those of --label ("NAME=value", "NAME"): what
// comes later counts. A name is not empty and has no blanks or control characters.
int labels_make(struct arena *arena, const struct oci_pairs *of_image,
		const struct oci_strings *files, const struct oci_strings *texts,
		struct oci_pairs *ret_labels);

// Values of --annotation, "NAME=value".
int annotations_make(struct arena *arena, const struct oci_strings *texts,
		     struct oci_pairs *ret_annotations);

// The value of a label; NULL: there is none of that name.
const char *labels_find(const struct oci_pairs *labels, struct str name);
