// SPDX-License-Identifier: Apache-2.0
// name_index.c - the two files that make the store a layout for other tools
//
// index.json lists the manifests (image specification, image-layout.md): each name as an entry with
// the annotation that such tools look for, and then, without it, the images that have no name. So
// `skopeo copy oci:/var/lib/tare:docker.io/library/base:latest …` finds what `tare run base` runs.
#include "store/name_index.h"

#include "base/fail.h"
#include "oci/index.h"

#include <fcntl.h>
#include <unistd.h>

#define REF_NAME "org.opencontainers.image.ref.name"

enum { INDEX_MAX = RECORD_MAX };

static const char index_name[] = "index.json", layout_name[] = "oci-layout";

static struct oci_descriptor entry_of(struct arena *arena, const struct store_image *image)
{
	struct oci_descriptor entry = image->manifest;
	if (!image->name)
		return entry;
	entry.annotations.item = arena_array(arena, struct shape_pair, 1);
	entry.annotations.item[0] = (struct shape_pair){REF_NAME, image->name};
	entry.annotations.n = 1;
	return entry;
}

static bool has_name(const struct store_images *names, const char *digest)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->item[i].manifest.digest, digest))
			return true;
	return false;
}

static int write_layout(int directory)
{
	static const char text[] = "{\"imageLayoutVersion\":\"1.0.0\"}\n";
	if (faccessat(directory, layout_name, F_OK, 0) == 0)
		return 0;
	return record_write(directory, layout_name, (struct str){text, sizeof(text) - 1},
			    RECORD_DURABLE);
}

int name_index_write(struct arena *arena, int directory, const struct store_images *names,
		     const struct store_images *ids)
{
	struct oci_index index = {.media_type = OCI_MEDIA_INDEX};
	index.manifests = arena_array(arena, struct oci_descriptor, names->n + ids->n);
	for (size_t i = 0; i < names->n; i++)
		index.manifests[index.manifests_n++] = entry_of(arena, &names->item[i]);
	for (size_t i = 0; i < ids->n; i++)
		if (!has_name(names, ids->item[i].manifest.digest))
			index.manifests[index.manifests_n++] = entry_of(arena, &ids->item[i]);
	struct buf text = buf_new(arena, INDEX_MAX);
	oci_index_print(&text, &index);
	if (text.over) {
		fail(-EFBIG, "index.json: %zu entries are more than its %d bytes",
		     index.manifests_n, INDEX_MAX);
		fail_hint("the rest is done, tare itself reads no index: for other tools it stays "
			  "as it was until tare rmi has taken some names away");
		return -EFBIG;
	}
	TRY(write_layout(directory));
	return record_write(directory, index_name, buf_str(&text), RECORD_DURABLE);
}
