// SPDX-License-Identifier: Apache-2.0
// fuzz_choose.c - an index, and the documents it leads to: chosen is something it lists, or nothing
//
// The first line of the input is the index, each further document the next line, then all again.
#include "base/fail.h"
#include "image/read.h"
#include "image/choose.h"
#include "oci/platform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct lines {
	struct image_source source;
	struct str all, rest;
};

static int document(struct image_source *source, struct arena *arena unused_,
		    const struct oci_descriptor *descriptor unused_, struct str *ret_text)
{
	struct lines *lines = (struct lines *)source;
	struct str line = str_line(&lines->rest);
	if (!line.p) {
		lines->rest = lines->all;
		line = str_line(&lines->rest);
	}
	*ret_text = line.p ? line : (struct str){"", 0};
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str all = {(const char *)data, size};
	struct lines lines = {{"fuzz", document}, all, all};
	struct str index = str_line(&lines.rest);
	struct image_choice choice;
	struct image image;
	fault_clear();
	int error = image_choose(&arena, &lines.source, index.p ? index : all, NULL, &platform_host,
				 &choice);
	assert(!error || fault_last()->text[0]);
	if (!error && image_read(&arena, &lines.source, &choice.manifest, &image) == 0)
		assert(image.layers_n <= IMAGE_LAYERS_MAX && image.id);
	arena_free(&arena);
	return 0;
}
