// SPDX-License-Identifier: Apache-2.0
// images.c - the images there are: list, name, remove
//
// An image is removed when its last name goes. The order is: lock the store, so that nobody is
// putting something there; lock the image, which fails while somebody starts or runs it; look at
// the records of containers, which may be kept after their end; take the documents of its names and
// its id away, from when on nobody finds it; and then its parts. Killed in between, it leaves parts
// that nobody finds.
#include "engine/images/images.h"

#include "base/fail.h"
#include "base/fd.h"
#include "engine/containers/containers.h"
#include "engine/images/image_name.h"
#include "oci/lists.h"
#include "image/parts.h"
#include "image/stored.h"

#include <stdlib.h>
#include <time.h>

enum { SHORT_ID = 12 };

// --- list ---------------------------------------------------------------------------------------

int64_t images_time(const char *text)
{
	struct tm parts = {0};
	if (!text)
		return 0;
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
	if (!rest)
		return 0;
	rest += *rest == '.' ? 1 + strspn(rest + 1, "0123456789") : 0;
	int hours = 0, minutes = 0;
	bool west = *rest == '-';
	if ((*rest == '+' || west) && strlen(rest) == 6) {
		hours = (rest[1] - '0') * 10 + rest[2] - '0';
		minutes = (rest[4] - '0') * 10 + rest[5] - '0';
	}
	int64_t offset = (int64_t)(hours * 60 + minutes) * 60;
	return timegm(&parts) + (west ? offset : -offset);
}

static bool has_name(const struct store_images *names, const char *id)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->item[i].id, id))
			return true;
	return false;
}

static const char *users_of(struct arena *arena, const struct box_record *records, size_t n,
			    const char *id)
{
	const char *users = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!records[i].image_id || !str_eq(records[i].image_id, id))
			continue;
		const char *name = records[i].name ? records[i].name
						   : arena_dup_n(arena, records[i].id, SHORT_ID);
		users = users ? arena_printf(arena, "%s, %s", users, name) : name;
	}
	return users;
}

static void fill_row(struct arena *arena, const char *root, const struct store_image *stored,
		     struct image_row *row)
{
	struct reference reference;
	struct image *image = arena_new(arena, struct image);
	*row = (struct image_row){
		.id = stored->id,
		.digest = stored->manifest.digest,
		.size = stored->size,
		.created = stored->added,
	};
	// What can't be read is listed with what is known of it, and can be removed.
	if (image_open_stored(arena, root, stored, image) == 0) {
		row->image = image;
		int64_t created = images_time(image->config.created);
		row->created = created ? created : stored->added;
	}
	fault_clear();
	if (stored->name && reference_parse(arena, str_of(stored->name), &reference) == 0) {
		row->repository = reference_familiar(arena, &reference);
		row->tag = reference.tag;
		row->name = stored->name;
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct image_row *one = a, *other = b;
	if (one->created != other->created)
		return one->created < other->created ? 1 : -1;
	if (!one->name || !other->name)
		return one->name ? -1 : other->name ? 1 : strcmp(one->id, other->id);
	return strcmp(one->name, other->name);
}

int images_list(struct arena *arena, const struct roots *roots, struct image_row **ret_rows,
		size_t *ret_n)
{
	struct store_images names, ids;
	struct box_record *records;
	size_t records_n, n = 0;
	TRY(store_names_list(arena, roots->root, &names));
	TRY(store_ids_list(arena, roots->root, &ids));
	TRY(containers_list(arena, roots, &records, &records_n));
	struct image_row *rows = arena_array(arena, struct image_row, names.n + ids.n);
	for (size_t i = 0; i < names.n; i++)
		fill_row(arena, roots->root, &names.item[i], &rows[n++]);
	for (size_t i = 0; i < ids.n; i++)
		if (!has_name(&names, ids.item[i].id))
			fill_row(arena, roots->root, &ids.item[i], &rows[n++]);
	for (size_t i = 0; i < n; i++)
		rows[i].containers = users_of(arena, records, records_n, rows[i].id);
	if (n)
		qsort(rows, n, sizeof(*rows), compare_rows);
	*ret_rows = rows;
	*ret_n = n;
	return 0;
}

// --- tag ----------------------------------------------------------------------------------------

int images_tag(struct arena *arena, const struct roots *roots, const char *source,
	       const char *target)
{
	_cleanup_fd_ int lock = -1;
	struct reference reference;
	struct store_image image;
	if (image_is_hello(arena, source))
		return fail(-EINVAL,
			    "image 'hello': tare carries it with it, under that name alone");
	TRY(image_target_parse(arena, target, &reference));
	TRY(roots_make(roots));
	TRY(store_lock(arena, roots->root, RECORD_SHARED, &lock));
	TRY(image_name_find(arena, roots->root, source, &image));
	image.name = reference_full(arena, &reference);
	return store_name_put(arena, roots->root, &image);
}

// --- remove -------------------------------------------------------------------------------------

struct removal {
	struct arena *arena;
	const struct roots *roots;
	const char *text; // as the user wrote it
	bool force;
	struct store_image image; // what that means
	struct oci_strings names; // all names of the image, in full
	struct oci_strings lines; // what is told
};

static int find_names(struct removal *removal)
{
	struct store_images all;
	TRY(store_names_list(removal->arena, removal->roots->root, &all));
	for (size_t i = 0; i < all.n; i++)
		if (str_eq(all.item[i].id, removal->image.id))
			oci_strings_push(removal->arena, &removal->names, all.item[i].name);
	return 0;
}

static int in_use(const struct removal *removal, const char *users, bool running)
{
	fail(-EBUSY, "image '%s': %s%s%s%s", removal->text,
	     running ? "a container runs with it" : "it is used by container ",
	     users ? (running ? ": '" : "'") : "", users ? users : "", users ? "'" : "");
	if (users && !running)
		fail_hint("remove that first: tare rm %s", users);
	return -EBUSY;
}

// Whether a container needs it. 0: none; with `force` IMAGE_IN_USE for containers that have ended.
static int check_use(struct removal *removal, int *ret_lock)
{
	struct box_record *records;
	size_t n;
	struct arena *arena = removal->arena;
	TRY(containers_list(arena, removal->roots, &records, &n));
	const char *users = users_of(arena, records, n, removal->image.id);
	int result = image_lock_removal(arena, removal->roots->root, removal->image.id, ret_lock);
	if (result < 0)
		return result;
	if (result == IMAGE_IN_USE)
		return in_use(removal, users, true);
	if (!users)
		return 0;
	return removal->force ? IMAGE_IN_USE : in_use(removal, users, false);
}

static int untag(struct removal *removal, const char *name)
{
	struct reference reference;
	TRY(reference_parse(removal->arena, str_of(name), &reference));
	TRY(store_name_remove(removal->arena, removal->roots->root, &reference));
	oci_strings_push(removal->arena, &removal->lines,
			 arena_printf(removal->arena, "Untagged: %s",
				      reference_short(removal->arena, &reference)));
	return 0;
}

static int untag_all(struct removal *removal)
{
	for (size_t i = 0; i < removal->names.n; i++)
		TRY(untag(removal, removal->names.item[i]));
	return 0;
}

// All that is left of it, and what is nobody's.
static int remove_whole(struct removal *removal)
{
	const char *root = removal->roots->root;
	struct arena *arena = removal->arena;
	TRY(untag_all(removal));
	TRY(store_id_remove(arena, root, removal->image.id));
	TRY(image_parts_collect(arena, root));
	oci_strings_push(arena, &removal->lines,
			 arena_printf(arena, "Deleted: %s", removal->image.id));
	return 0;
}

static int several_names(struct removal *removal)
{
	fail(-EBUSY, "image '%s': it has %zu names", removal->text, removal->names.n);
	fail_hint("name one of them, or remove it with all of them: tare rmi -f %s", removal->text);
	return -EBUSY;
}

static int remove_found(struct removal *removal)
{
	struct reference reference;
	_cleanup_fd_ int lock = -1;
	bool by_name = removal->image.name &&
		       reference_parse(removal->arena, str_of(removal->text), &reference) == 0;
	fault_clear();
	TRY(find_names(removal));
	if (by_name && removal->names.n > 1)
		return untag(removal, removal->image.name);
	if (removal->names.n > 1 && !removal->force)
		return several_names(removal);
	int result = check_use(removal, &lock);
	if (result == IMAGE_IN_USE)
		return untag_all(removal);
	return result ? result : remove_whole(removal);
}

int images_remove(struct arena *arena, const struct roots *roots, const char *text, bool force,
		  struct oci_strings *ret_lines)
{
	_cleanup_fd_ int lock = -1;
	struct removal removal = {.arena = arena, .roots = roots, .text = text, .force = force};
	if (image_is_hello(arena, text))
		return fail(-EINVAL, "image 'hello': tare carries it with it; it can't be removed");
	// What isn't there needs no lock, and so no directory to be made.
	TRY(image_name_find(arena, roots->root, text, &removal.image));
	TRY(store_lock(arena, roots->root, RECORD_EXCLUSIVE, &lock));
	TRY(image_name_find(arena, roots->root, text, &removal.image));
	TRY(remove_found(&removal));
	*ret_lines = removal.lines;
	return 0;
}
