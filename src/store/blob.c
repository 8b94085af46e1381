// SPDX-License-Identifier: Apache-2.0
// blob.c - content by its digest
//
// Who reads a blob later trusts its name. So a name is given only after the bytes were hashed on
// their way into the file it is given to, and that file is written by nobody else: it was made
// under a temporary name with a lock, and only the hashing program had its descriptor.
#include "store/blob.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/program.h"
#include "store/temporary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int store_blobs_open(struct arena *arena, const char *store, int *ret_fd)
{
	static const char *const parts[] = {"blobs", "blobs/sha256"};
	const char *path = store;
	for (size_t i = 0; i < lengthof(parts); i++) {
		path = arena_printf(arena, "%s/%s", store, parts[i]);
		if (mkdir(path, 0700) && errno != EEXIST)
			return fail_sys(-errno, "make directory '%s'", path);
	}
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "open directory '%s'", path);
	temporary_sweep_files(fd);
	*ret_fd = fd;
	return 0;
}

int store_blob_file(struct str text, int *ret_fd)
{
	_cleanup_fd_ int fd = memfd_create("blob", MFD_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "make a file in memory");
	int result = fd_write_all(fd, text.p, text.n);
	if (result || lseek(fd, 0, SEEK_SET))
		return fail_sys(result ? result : -errno, "write a file in memory");
	*ret_fd = take_fd(&fd);
	return 0;
}

static int hash(struct arena *arena, int from, int to, uint64_t limit, struct store_blob *ret_blob)
{
	struct store_blob blob;
	struct str reply, digest;
	struct digest parsed;
	const char *arguments[] = {arena_printf(arena, "%llu", (unsigned long long)limit), NULL};
	int fds[] = {from, to};
	TRY(program_run(arena,
			&(struct program){
				.name = "tare-blob",
				.arguments = arguments,
				.fds = fds,
				.fds_n = lengthof(fds),
			},
			&reply));
	TRY(program_number(reply, "size", INT64_MAX, &blob.size));
	TRY(program_value(reply, "digest", &digest));
	TRY(digest_parse(digest, &parsed));
	digest_print(&parsed, blob.digest);
	*ret_blob = blob;
	return 0;
}

int store_blob_check(const char *what, const struct store_blob *blob, const char *digest,
		     int64_t size)
{
	if (size >= 0 && blob->size != (uint64_t)size)
		return fail(-EBADMSG, "%s: %llu bytes, expected are %lld", what,
			    (unsigned long long)blob->size, (long long)size);
	if (digest && !str_eq(digest, blob->digest))
		return fail(-EBADMSG, "%s: its digest is '%s', expected is '%s'", what,
			    blob->digest, digest);
	return 0;
}

int store_blob_add(struct arena *arena, const char *store, const struct store_blob_source *source,
		   struct store_blob *ret_blob)
{
	_cleanup_fd_ int blobs = -1, text = -1;
	_cleanup_temporary_ struct temporary temporary = TEMPORARY_NONE;
	struct digest expected;
	struct store_blob blob;
	if (source->digest)
		TRY(digest_parse(str_of(source->digest), &expected));
	TRY(store_blobs_open(arena, store, &blobs));
	if (source->fd < 0)
		TRY(store_blob_file(source->text, &text));
	TRY(temporary_file(blobs, &temporary));
	uint64_t limit = source->limit;
	if (source->size >= 0 && (uint64_t)source->size < limit)
		limit = (uint64_t)source->size;
	TRY(hash(arena, text >= 0 ? text : source->fd, temporary.fd, limit, &blob));
	TRY(store_blob_check("blob", &blob, source->digest, source->size));
	TRY(temporary_keep(&temporary, blob.digest + DIGEST_TEXT - DIGEST_HEX));
	*ret_blob = blob;
	return 0;
}

int store_blob_name(struct arena *arena, const char *store, const char *digest,
		    const char **ret_path)
{
	struct digest parsed;
	TRY(digest_parse(str_of(digest), &parsed)); // its digits become a part of a path
	*ret_path =
		arena_printf(arena, "%s/blobs/sha256/%s", store, digest + DIGEST_TEXT - DIGEST_HEX);
	return 0;
}

int store_blob_open(struct arena *arena, const char *store, const char *digest, int *ret_fd)
{
	const char *path;
	TRY(store_blob_name(arena, store, digest, &path));
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "blob '%s'", digest);
	*ret_fd = fd;
	return 0;
}

int store_blob_remove(struct arena *arena, const char *store, const char *digest)
{
	const char *path;
	TRY(store_blob_name(arena, store, digest, &path));
	if (unlink(path) && errno != ENOENT)
		return fail_sys(-errno, "remove blob '%s'", digest);
	return 0;
}
