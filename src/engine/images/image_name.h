// SPDX-License-Identifier: Apache-2.0
// image_name.h - images of the store, by what people call them
#pragma once

#include "store/name.h"

// Whether it is tare's own image, which is no file: "hello", short or in full.
bool image_is_hello(struct arena *arena, const char *text);

// Reads a name that an image is to get: a tag, no digest, and not "hello".
int image_target_parse(struct arena *arena, const char *text, struct reference *ret_reference);

// Finds an image by name, id or the beginning of an id. There being none is an error that says what
// there is of nearly that name.
int image_name_find(struct arena *arena, const char *root, const char *text,
		    struct store_image *ret_image);
