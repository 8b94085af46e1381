// SPDX-License-Identifier: Apache-2.0
// take.c - an image of somebody's layout, taken into the store
//
// First we look whether it is there: its manifest, by the digest that the layout's index gives, and
// a document for its id. If not, documents are put into the store one by one, each verified before
// what it names is believed, then the layers from the lowest, and at last the id's document, which
// makes it an image. Meanwhile we hold the store's lock, shared, so that nobody takes the parts for
// garbage.
#include "image/take.h"

#include "base/fail.h"
#include "base/fd.h"
#include "image/choose.h"
#include "image/parts.h"
#include "image/read.h"
#include "image/stored.h"
#include "store/blob.h"
#include "store/layer.h"

#include <time.h>

enum way {
	WAY_LOOK, // only what the store has: a document that isn't there is -ENODATA, unworded
	WAY_TELL, // what the store has not comes from the layout, as it is
	WAY_TAKE, // what the store has not is put there
};

struct taking {
	struct image_source source;
	struct stored_source stored;
	const struct image_take *take;
	struct layout *layout;
	enum way way;
	struct image_choice choice;
};

static void add(struct arena *arena, struct oci_strings *list, const char *text)
{
	const char **item = arena_array(arena, const char *, list->n + 1);
	if (list->n)
		memcpy(item, list->item, list->n * sizeof(*item));
	item[list->n++] = text;
	list->item = item;
}

static void add_once(struct arena *arena, struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return;
	add(arena, list, text);
}

static int put(struct arena *arena, struct taking *taking, const struct oci_descriptor *descriptor,
	       struct str text)
{
	struct store_blob_source source = {
		.fd = -1,
		.text = text,
		.digest = descriptor->digest,
		.size = descriptor->size,
		.limit = IMAGE_DOCUMENT_MAX,
	};
	struct store_blob blob;
	int result = store_blob_add(arena, taking->take->root, &source, &blob);
	if (result == -EBADMSG)
		return fail(result,
			    "%s: a document is not what its descriptor says: its digest is "
			    "not '%s'",
			    taking->source.name, descriptor->digest);
	return result;
}

static int document(struct image_source *source, struct arena *arena,
		    const struct oci_descriptor *descriptor, struct str *ret_text)
{
	struct taking *taking = (struct taking *)source;
	struct image_source *layout = &taking->layout->source;
	struct str text;
	if (stored_has(arena, taking->take->root, descriptor))
		return taking->stored.source.document(&taking->stored.source, arena, descriptor,
						      ret_text);
	if (taking->way == WAY_LOOK)
		return -ENODATA;
	TRY(layout->document(layout, arena, descriptor, &text));
	if (taking->way == WAY_TAKE)
		TRY(put(arena, taking, descriptor, text));
	*ret_text = text;
	return 0;
}

static int look(struct arena *arena, struct taking *taking, enum way way, struct image *ret_image)
{
	const struct image_take *take = taking->take;
	struct str index;
	taking->way = way;
	TRY(layout_index(arena, taking->layout, &index));
	TRY(image_choose(arena, &taking->source, index, take->tag, take->platform,
			 &taking->choice));
	return image_read(arena, &taking->source, &taking->choice.manifest, ret_image);
}

static int take_layer(struct arena *arena, struct taking *taking, const struct image_layer *layer,
		      const struct oci_strings *lowers, struct store_layer *ret_layer)
{
	_cleanup_layout_blob_ struct layout_blob blob = LAYOUT_BLOB_NONE;
	TRY(layout_blob(arena, taking->layout, &layer->blob, &blob));
	struct store_layer_source source = {
		.fd = blob.fd,
		.digest = layer->blob.digest,
		.size = layer->blob.size,
		.limit = (uint64_t)layer->blob.size,
		.diff_id = layer->diff_id,
		.keep_blob = true,
	};
	int result = store_layer_add(arena, taking->take->root, &source, lowers, taking->take->map,
				     ret_layer);
	return result;
}

// From the lowest; what a layer takes from those below it has to be there.
static int take_layers(struct arena *arena, struct taking *taking, const struct image *image,
		       int64_t *ret_size)
{
	const char **room = arena_array(arena, const char *, image->layers_n);
	struct oci_strings lowers = {room + image->layers_n, 0};
	int64_t size = 0;
	for (size_t i = 0; i < image->layers_n; i++) {
		struct store_layer layer;
		TRY(take_layer(arena, taking, &image->layers[i], &lowers, &layer));
		size += layer.tar_size ? (int64_t)layer.tar_size : image->layers[i].blob.size;
		*--lowers.item = layer.directory;
		lowers.n++;
	}
	*ret_size = size;
	return 0;
}

// The image is there, by another manifest: compressed in another way, or converted. Its layers are
// the same then, and of this one only the documents are kept.
static int take_twin(struct arena *arena, struct taking *taking, struct store_image *stored)
{
	const struct image_choice *choice = &taking->choice;
	struct oci_strings *found = &stored->indexes;
	for (size_t i = 0; i < choice->indexes.n; i++)
		add_once(arena, found, choice->indexes.item[i]);
	if (!str_eq(choice->manifest.digest, stored->manifest.digest))
		add_once(arena, found, choice->manifest.digest);
	return store_name_put(arena, taking->take->root, stored);
}

static int take_all(struct arena *arena, struct taking *taking, struct image *image,
		    struct store_image *ret_stored)
{
	struct store_image stored = {.added = time(NULL)};
	TRY(look(arena, taking, WAY_TAKE, image));
	if (taking->take->begin)
		TRY(taking->take->begin(taking->take->context, image));
	int result = store_id_find(arena, taking->take->root, image->id, ret_stored);
	if (result <= 0)
		return result < 0 ? result : take_twin(arena, taking, ret_stored);
	TRY(take_layers(arena, taking, image, &stored.size));
	stored.id = image->id;
	stored.manifest = taking->choice.manifest;
	stored.manifest.annotations = (struct oci_pairs){0};
	stored.indexes = taking->choice.indexes;
	TRY(store_name_put(arena, taking->take->root, &stored));
	*ret_stored = stored;
	return 0;
}

// Takes back what a failure left, unless somebody else is putting something there: then what is
// left is garbage, which may lie.
static void take_back(struct arena *arena, const struct taking *taking)
{
	const struct fault fault = *fault_last();
	_cleanup_fd_ int lock = -1;
	if (store_lock_try(arena, taking->take->root, &lock) == 0)
		image_parts_collect(arena, taking->take->root);
	fault_restore(&fault);
}

static struct taking taking_of(const struct image_take *take, struct layout *layout)
{
	const char *name = layout->source.name;
	return (struct taking){
		.source = {name, document},
		.stored = stored_source(take->root, name),
		.take = take,
		.layout = layout,
	};
}

static int take_locked(struct arena *arena, struct taking *taking, struct image *image,
		       struct store_image *ret_stored)
{
	_cleanup_fd_ int lock = -1;
	TRY(store_lock(arena, taking->take->root, RECORD_SHARED, &lock));
	return take_all(arena, taking, image, ret_stored);
}

int image_take(struct arena *arena, const struct image_take *take, struct layout *layout,
	       struct image *ret_image, struct store_image *ret_stored)
{
	struct taking taking = taking_of(take, layout);
	struct image image = {0};
	int result = look(arena, &taking, WAY_LOOK, &image);
	if (result == 0)
		result = store_id_find(arena, take->root, image.id, ret_stored);
	if (result == -ENODATA || result == STORE_NONE) {
		image = (struct image){0};
		result = take_locked(arena, &taking, &image, ret_stored);
		if (result < 0)
			take_back(arena, &taking);
	}
	TRY(result);
	*ret_image = image;
	return 0;
}

int image_take_told(struct arena *arena, const struct image_take *take, struct layout *layout,
		    struct image *ret_image)
{
	struct taking taking = taking_of(take, layout);
	return look(arena, &taking, WAY_TELL, ret_image);
}
