// SPDX-License-Identifier: Apache-2.0
// name.c - which images the store has, and what they are called
#include "store/name.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "oci/digest.h"
#include "store/name_index.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char id_prefix[] = "sha256:";

enum { PATH_DEPTH_MAX = 128 }; // parts of a name: 255 bytes hold no more

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("name", struct store_image, name),
	SHAPE_TEXT_OF("id", struct store_image, id, .flags = SHAPE_REQUIRED, .check = digest_check),
	SHAPE_OBJECT_OF("manifest", struct store_image, manifest, struct oci_descriptor,
			&oci_descriptor_shape, .flags = SHAPE_REQUIRED),
	OCI_STRINGS_OF("indexes", struct store_image, indexes, .check = digest_check),
	SHAPE_INT64_OF("size", struct store_image, size),
	SHAPE_INT64_OF("added", struct store_image, added),
};
static const struct shape shape = SHAPE("image record", struct store_image, fields);

// --- finding ------------------------------------------------------------------------------------

static const char *repository_path(struct arena *arena, const char *root,
				   const struct reference *reference)
{
	return arena_printf(arena, "%s/images/%s/%s", root, reference->domain, reference->path);
}

static const char *ids_path(struct arena *arena, const char *root)
{
	return arena_printf(arena, "%s/images/:id", root);
}

static int read_document(struct arena *arena, const char *path, struct store_image *ret_image)
{
	struct str text;
	int result = file_read(arena, AT_FDCWD, path, RECORD_MAX, &text);
	if (result == -ENOENT || result == -ENOTDIR)
		return STORE_NONE;
	if (result < 0)
		return fail_sys(result, "read '%s'", path);
	return shape_parse(arena, &shape, text, ret_image);
}

// The names of a directory that `wanted` takes; a directory that isn't there has none.
static int list_directory(struct arena *arena, const char *path, bool (*wanted)(const char *name),
			  struct oci_strings *ret_names)
{
	struct oci_strings names = {0};
	size_t room = 0;
	DIR *directory = opendir(path);
	if (!directory && errno != ENOENT)
		return fail_sys(-errno, "open directory '%s'", path);
	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		if (!wanted(entry->d_name) || names.n >= STORE_IMAGES_MAX)
			continue;
		if (names.n == room) {
			room = max_of(room * 2, (size_t)16);
			const char **item = arena_array(arena, const char *, room);
			if (names.n)
				memcpy(item, names.item, names.n * sizeof(*item));
			names.item = item;
		}
		names.item[names.n++] = arena_dup(arena, entry->d_name);
	}
	if (directory)
		closedir(directory);
	*ret_names = names;
	return 0;
}

static bool is_tag_file(const char *name)
{
	return name[0] == ':' && name[1];
}

static bool is_id_file(const char *name)
{
	return strspn(name, "0123456789abcdef") == DIGEST_HEX && !name[DIGEST_HEX];
}

static bool is_part(const char *name)
{
	return name[0] != '.' && name[0] != ':';
}

static int find_digest(struct arena *arena, const char *path, const char *digest,
		       struct store_image *ret_image)
{
	struct oci_strings tags;
	TRY(list_directory(arena, path, is_tag_file, &tags));
	for (size_t i = 0; i < tags.n; i++) {
		const char *file = arena_printf(arena, "%s/%s", path, tags.item[i]);
		if (read_document(arena, file, ret_image) == 0 &&
		    str_eq(ret_image->manifest.digest, digest))
			return 0;
	}
	return STORE_NONE;
}

int store_name_find(struct arena *arena, const char *root, const struct reference *reference,
		    struct store_image *ret_image)
{
	struct store_image image;
	const char *path = repository_path(arena, root, reference);
	int result;
	if (reference->tag)
		result = read_document(arena, arena_printf(arena, "%s/:%s", path, reference->tag),
				       &image);
	else
		result = find_digest(arena, path, reference->digest, &image);
	if (result)
		return result;
	// With both the digest decides, and must be that of the tag.
	if (reference->digest && !str_eq(image.manifest.digest, reference->digest))
		return STORE_NONE;
	*ret_image = image;
	return 0;
}

int store_id_find(struct arena *arena, const char *root, const char *text,
		  struct store_image *ret_image)
{
	const char *digits = str_starts(text, id_prefix) ? text + sizeof(id_prefix) - 1 : text;
	const char *directory = ids_path(arena, root), *found = NULL;
	size_t n = strspn(digits, "0123456789abcdef");
	struct oci_strings ids;
	if (!n || digits[n] || n > DIGEST_HEX)
		return STORE_NONE;
	if (n == DIGEST_HEX)
		return read_document(arena, arena_printf(arena, "%s/%s", directory, digits),
				     ret_image);
	TRY(list_directory(arena, directory, is_id_file, &ids));
	for (size_t i = 0; i < ids.n; i++) {
		if (!str_starts(ids.item[i], digits))
			continue;
		if (found)
			return STORE_SEVERAL;
		found = ids.item[i];
	}
	return found ? read_document(arena, arena_printf(arena, "%s/%s", directory, found),
				     ret_image)
		     : STORE_NONE;
}

// --- listing ------------------------------------------------------------------------------------

struct list {
	struct arena *arena;
	struct store_images images;
	size_t room;
};

static void list_add_document(struct list *list, const char *path)
{
	struct store_image image;
	if (read_document(list->arena, path, &image))
		return;
	if (list->images.n == list->room) {
		list->room = max_of(list->room * 2, (size_t)16);
		struct store_image *item = arena_array(list->arena, struct store_image, list->room);
		if (list->images.n)
			memcpy(item, list->images.item, list->images.n * sizeof(*item));
		list->images.item = item;
	}
	list->images.item[list->images.n++] = image;
}

static int add_documents(struct list *list, const char *path, bool (*wanted)(const char *name))
{
	struct oci_strings names;
	TRY(list_directory(list->arena, path, wanted, &names));
	for (size_t i = 0; i < names.n; i++)
		list_add_document(list, arena_printf(list->arena, "%s/%s", path, names.item[i]));
	return 0;
}

// The tags of a repository, and those of the repositories whose names go on after a slash.
static int add_repositories(struct list *list, const char *path, unsigned depth)
{
	struct oci_strings parts;
	TRY(add_documents(list, path, is_tag_file));
	TRY(list_directory(list->arena, path, is_part, &parts));
	for (size_t i = 0; i < parts.n && depth < PATH_DEPTH_MAX; i++)
		TRY(add_repositories(list, arena_printf(list->arena, "%s/%s", path, parts.item[i]),
				     depth + 1));
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const struct store_image *one = a, *other = b;
	return strcmp(one->name ? one->name : one->id, other->name ? other->name : other->id);
}

static void sort(struct list *list)
{
	if (list->images.n)
		qsort(list->images.item, list->images.n, sizeof(*list->images.item), compare_names);
}

int store_names_list(struct arena *arena, const char *root, struct store_images *ret_images)
{
	struct list list = {.arena = arena};
	TRY(add_repositories(&list, arena_printf(arena, "%s/images", root), 0));
	sort(&list);
	*ret_images = list.images;
	return 0;
}

int store_ids_list(struct arena *arena, const char *root, struct store_images *ret_images)
{
	struct list list = {.arena = arena};
	TRY(add_documents(&list, ids_path(arena, root), is_id_file));
	sort(&list);
	*ret_images = list.images;
	return 0;
}

// --- changing -----------------------------------------------------------------------------------

static int open_made(const char *path, int *ret_fd)
{
	int result = parents_make_with(path, 0700);
	int fd = result < 0 ? result : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(result < 0 ? result : -errno, "make directory '%s'", path);
	*ret_fd = fd;
	return 0;
}

int store_lock(struct arena *arena, const char *root, enum record_lock lock, int *ret_fd)
{
	_cleanup_fd_ int images = -1;
	TRY(open_made(arena_printf(arena, "%s/images", root), &images));
	return record_lock(images, ":lock", lock, true, ret_fd);
}

int store_lock_try(struct arena *arena, const char *root, int *ret_fd)
{
	_cleanup_fd_ int images = -1;
	TRY(open_made(arena_printf(arena, "%s/images", root), &images));
	return record_lock(images, ":lock", RECORD_EXCLUSIVE, false, ret_fd) == RECORD_BUSY
		       ? STORE_BUSY
		       : 0;
}

static int write_document(struct arena *arena, const char *directory, const char *name,
			  const struct store_image *image)
{
	_cleanup_fd_ int fd = -1;
	struct buf text = buf_new(arena, RECORD_MAX);
	struct json_writer json = json_writer_new(&text, JSON_COMPACT);
	shape_print(&json, &shape, image);
	buf_putc(&text, '\n');
	if (text.over)
		return fail(-EFBIG, "image '%s': its record is too large", image->id);
	TRY(open_made(directory, &fd));
	return record_write(fd, name, buf_str(&text), RECORD_DURABLE);
}

// Several may add at once, as they hold a shared lock: the index is written by one after another.
static int write_index(struct arena *arena, const char *root)
{
	_cleanup_fd_ int directory = -1, lock = -1;
	struct store_images names, ids;
	TRY(open_made(root, &directory));
	TRY(record_lock(directory, ".index-lock", RECORD_EXCLUSIVE, true, &lock));
	TRY(store_names_list(arena, root, &names));
	TRY(store_ids_list(arena, root, &ids));
	return name_index_write(arena, directory, &names, &ids);
}

int store_name_put(struct arena *arena, const char *root, const struct store_image *image)
{
	struct store_image by_id = *image;
	struct reference reference;
	by_id.name = NULL;
	TRY(write_document(arena, ids_path(arena, root), image->id + sizeof(id_prefix) - 1,
			   &by_id));
	if (image->name) {
		TRY(reference_parse(arena, str_of(image->name), &reference));
		TRY(write_document(arena, repository_path(arena, root, &reference),
				   arena_printf(arena, ":%s", reference.tag), image));
	}
	return write_index(arena, root);
}

// Takes away the directories above a name that have become empty.
static void remove_empty(struct arena *arena, const char *root, const char *path)
{
	size_t top = strlen(root) + strlen("/images");
	char *part = arena_dup(arena, path);
	while (strlen(part) > top && rmdir(part) == 0)
		*strrchr(part, '/') = '\0';
}

int store_name_remove(struct arena *arena, const char *root, const struct reference *reference)
{
	const char *path = repository_path(arena, root, reference);
	const char *file = arena_printf(arena, "%s/:%s", path, reference->tag);
	if (unlink(file) && errno != ENOENT && errno != ENOTDIR)
		return fail_sys(-errno, "remove '%s'", file);
	remove_empty(arena, root, path);
	return write_index(arena, root);
}

int store_id_remove(struct arena *arena, const char *root, const char *id)
{
	const char *file =
		arena_printf(arena, "%s/%s", ids_path(arena, root), id + sizeof(id_prefix) - 1);
	if (unlink(file) && errno != ENOENT)
		return fail_sys(-errno, "remove '%s'", file);
	return write_index(arena, root);
}
