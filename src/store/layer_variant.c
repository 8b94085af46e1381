// SPDX-License-Identifier: Apache-2.0
// layer_variant.c - layers that are not the same over every other
//
// A layer is a tar, and the same tar makes the same tree, with two exceptions. It may put a file
// into a directory that it has no entry for: then that directory has the owner and mode of the one
// below, or the usual ones where there is none. And it may give another name to a file of a layer
// below, which is then copied. Such a layer is one over these lower layers and another over those,
// and giving one out for the other would let one image choose what is in another.
//
// So it is kept by its digest and by what lies below it. Its directory is "<hex>-0", or the next
// number that is free, and beside it a record "<hex>-0.over" tells the names of all directories
// below, each of which is a digest or again such a name. The record is written last.
#include "store/layer_variant.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *record_of(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s.over", name);
}

static struct str chain(struct arena *arena, const struct oci_strings *lowers)
{
	struct buf text = buf_new(arena, RECORD_MAX);
	for (size_t i = 0; i < lowers->n; i++) {
		const char *slash = strrchr(lowers->item[i], '/');
		buf_puts(&text, slash ? slash + 1 : lowers->item[i]);
		buf_putc(&text, '\n');
	}
	return buf_str(&text);
}

int layer_variant_find(struct arena *arena, int layers, const char *hex,
		       const struct oci_strings *lowers, const char **ret_name)
{
	struct str wanted = chain(arena, lowers), found;
	for (int i = 0; i < LAYER_VARIANTS_MAX; i++) {
		const char *name = arena_printf(arena, "%s-%d", hex, i);
		int result = record_read(arena, layers, record_of(arena, name), &found);
		TRY(result);
		if (result == 0 && found.n == wanted.n && !memcmp(found.p, wanted.p, wanted.n)) {
			*ret_name = name;
			return 0;
		}
	}
	return LAYER_VARIANT_NONE;
}

int layer_variant_choose(struct arena *arena, int layers, const char *hex, const char **ret_name)
{
	for (int i = 0; i < LAYER_VARIANTS_MAX; i++) {
		const char *name = arena_printf(arena, "%s-%d", hex, i);
		if (faccessat(layers, record_of(arena, name), F_OK, AT_SYMLINK_NOFOLLOW)) {
			*ret_name = name;
			return 0;
		}
	}
	fail(-EMFILE, "layer '%s': it lies over %d different ones already", hex,
	     LAYER_VARIANTS_MAX);
	fail_hint("remove an image that has it: tare rmi IMAGE");
	return -EMFILE;
}

int layer_variant_record(struct arena *arena, int layers, const char *name,
			 const struct oci_strings *lowers)
{
	return record_write(layers, record_of(arena, name), chain(arena, lowers), RECORD_DURABLE);
}

void layer_variant_forget(struct arena *arena, int layers, const char *name)
{
	unlinkat(layers, record_of(arena, name), 0);
}
