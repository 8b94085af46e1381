// SPDX-License-Identifier: Apache-2.0
// unpack_directory.c - directories, which are finished last
//
// A directory gets its attributes after everything in it was made: it may be read-only, a default
// ACL or a set-group-id bit of it would pass on to what is made in it, and each entry changes its
// time. The innermost come first, since those around them may lose the bits that let one pass.
//
// One that no entry names, only a path through it, has the owner and mode that the layers below
// give it: an overlay shows the attributes of the topmost. Where they have none it is 0755 and
// root's. Its time is always the same, so that two unpacks of a layer are.
#include "store/unpack_parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

static void add(struct unpack *unpack, const struct unpack_directory *directory)
{
	struct unpack_directory *made = arena_new(unpack->arena, struct unpack_directory);
	*made = *directory;
	made->next = unpack->directories;
	made->order = unpack->directories_n++;
	unpack->directories = made;
}

void unpack_opaque_later(struct unpack *unpack, const char *path)
{
	add(unpack,
	    &(struct unpack_directory){.path = arena_dup(unpack->arena, path), .opaque = true});
}

// The attributes are the tar's, and go with the next entry.
static int keep_xattrs(struct unpack *unpack, struct unpack_attributes *attributes)
{
	if (!attributes->xattrs_n)
		return 0;
	struct tar_xattr *kept = arena_array(unpack->arena, struct tar_xattr, attributes->xattrs_n);
	for (size_t i = 0; i < attributes->xattrs_n; i++) {
		struct str name = attributes->xattrs[i].name, value = attributes->xattrs[i].value;
		unpack->xattr_bytes += name.n + value.n;
		if (unpack->xattr_bytes > UNPACK_XATTR_BYTES_MAX)
			return fail(-EFBIG,
				    "layer: its directories have more than %d bytes of attributes",
				    UNPACK_XATTR_BYTES_MAX);
		kept[i].name.p = arena_dup_n(unpack->arena, name.p, name.n);
		kept[i].name.n = name.n;
		kept[i].value.p = arena_dup_n(unpack->arena, value.p, value.n);
		kept[i].value.n = value.n;
	}
	attributes->xattrs = kept;
	return 0;
}

int unpack_directory_later(struct unpack *unpack, const char *path,
			   const struct unpack_attributes *attributes)
{
	struct unpack_directory directory = {.path = arena_dup(unpack->arena, path),
					     .attributes = *attributes};
	TRY(keep_xattrs(unpack, &directory.attributes));
	add(unpack, &directory);
	return 0;
}

int unpack_directory_implied(struct unpack *unpack, const char *path)
{
	struct unpack_directory directory = {.path = arena_dup(unpack->arena, path),
					     .attributes.mode = 0755,
					     .implied = !str_eq(path, ".")};
	_cleanup_fd_ int parent = -1;
	struct stat status;
	int result = unpack_lower_find(unpack, path, &parent, &status);
	if (result == 0 && S_ISDIR(status.st_mode)) {
		directory.attributes.mode = status.st_mode & 07777;
		directory.attributes.uid = status.st_uid;
		directory.attributes.gid = status.st_gid;
	}
	if (result && result != -ENOENT)
		return result;
	add(unpack, &directory);
	return 0;
}

static const char *below_top(const struct unpack_directory *directory)
{
	return str_eq(directory->path, ".") ? "" : directory->path;
}

// Marks before attributes, the innermost first, of two with one path the later first.
static int compare(const void *a, const void *b)
{
	const struct unpack_directory *one = *(struct unpack_directory *const *)a;
	const struct unpack_directory *other = *(struct unpack_directory *const *)b;
	if (one->opaque != other->opaque)
		return other->opaque - one->opaque;
	int order = strcmp(below_top(other), below_top(one));
	return order ? order : (one->order < other->order) - (one->order > other->order);
}

static struct unpack_directory **sorted(struct unpack *unpack)
{
	size_t n = 0;
	struct unpack_directory **list =
		arena_array(unpack->arena, struct unpack_directory *, unpack->directories_n + 1);
	for (struct unpack_directory *each = unpack->directories; each; each = each->next)
		list[n++] = each;
	qsort(list, n, sizeof(*list), compare);
	return list;
}

static bool is_again(struct unpack_directory *const *list, size_t i)
{
	return i && list[i]->opaque == list[i - 1]->opaque &&
	       str_eq(list[i]->path, list[i - 1]->path);
}

// Returns -ENOENT for one that another entry took the place of.
static int open_finished(struct unpack *unpack, const char *path, int *ret_fd)
{
	int fd = path_open_no_links(unpack->want->top, path, O_RDONLY | O_DIRECTORY);
	if (fd == -ENOTDIR || fd == -ELOOP)
		fd = -ENOENT;
	TRY(fd);
	*ret_fd = fd;
	return 0;
}

static int finish(struct unpack *unpack, const struct unpack_directory *directory)
{
	_cleanup_fd_ int fd = -1;
	enum unpack_marks marks = unpack->want->marks;
	const char *mark =
		marks == UNPACK_MARKS_USER ? "user.overlay.opaque" : "trusted.overlay.opaque";
	if (directory->opaque && marks == UNPACK_MARKS_PASSED)
		return 0;
	int result = open_finished(unpack, directory->path, &fd);
	if (result)
		return result == -ENOENT ? 0 : result;
	unpack->did.by_lower |= directory->implied;
	if (!directory->opaque)
		return unpack_dress(unpack, fd, &directory->attributes);
	if (fsetxattr(fd, mark, "y", 1, 0))
		return fail_sys(-errno, "layer: mark '%s' with %s", directory->path, mark);
	return 0;
}

int unpack_finish_directories(struct unpack *unpack)
{
	struct unpack_directory **list = sorted(unpack);
	for (size_t i = 0; i < unpack->directories_n; i++) {
		if (is_again(list, i))
			continue;
		unpack->path = list[i]->path;
		int result = finish(unpack, list[i]);
		if (result)
			return fault_last()->error
				       ? result
				       : fail_sys(result, "layer: finish '%s'", list[i]->path);
	}
	return 0;
}

int unpack_pass_marks(struct unpack *unpack)
{
	if (unpack->want->marks != UNPACK_MARKS_PASSED)
		return 0;
	struct unpack_directory **list = sorted(unpack);
	for (size_t i = 0; i < unpack->directories_n && list[i]->opaque; i++) {
		_cleanup_fd_ int fd = -1;
		struct unpack_record record = {.kind = UNPACK_OPAQUE, .path = list[i]->path};
		if (is_again(list, i))
			continue;
		int result = open_finished(unpack, list[i]->path, &fd);
		if (result == -ENOENT)
			continue;
		TRY(result);
		unpack->did.records++;
		TRY(unpack->want->pass(unpack->want->context, &record));
	}
	return 0;
}
