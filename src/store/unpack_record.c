// SPDX-License-Identifier: Apache-2.0
// unpack_record.c - what an unpacker asks another process to make, in bytes
//
// The reader has rights that the writer lacks, and the writer has read a hostile tar: to the reader
// every byte is hostile. So it takes one form only, and tells nothing on that was not checked.
#include "store/unpack_record.h"

#include "base/fail.h"
#include "store/unpack.h"

#include <limits.h>
#include <sys/stat.h>

enum {
	MAGIC = 0x72524154,        // "TARr", read as a little-endian number
	MAJOR_MAX = (1 << 12) - 1, // what the kernel's dev_t holds
	MINOR_MAX = (1 << 20) - 1,
};

static void put(char *at, uint64_t number, size_t n)
{
	for (size_t i = 0; i < n; i++, number >>= 8)
		at[i] = (char)(number & 0xff);
}

static uint64_t get(const char *at, size_t n)
{
	uint64_t number = 0;
	while (n--)
		number = number << 8 | (unsigned char)at[n];
	return number;
}

size_t unpack_record_write(const struct unpack_record *record, char bytes[UNPACK_RECORD_MAX])
{
	size_t n = strnlen(record->path, UNPACK_RECORD_PATH_MAX);
	memset(bytes, 0, UNPACK_RECORD_HEAD);
	put(bytes, MAGIC, 4);
	put(bytes + 4, (uint64_t)record->kind, 2);
	put(bytes + 6, n, 2);
	put(bytes + 8, record->mode, 4);
	put(bytes + 16, record->uid, 4);
	put(bytes + 20, record->gid, 4);
	put(bytes + 24, record->major, 4);
	put(bytes + 28, record->minor, 4);
	put(bytes + 32, (uint64_t)record->mtime, 8);
	put(bytes + 40, record->mtime_ns, 4);
	memcpy(bytes + UNPACK_RECORD_HEAD, record->path, n);
	return UNPACK_RECORD_HEAD + n;
}

// "a/b": no empty part, none that is "." or "..", none too long, not too many.
static bool path_is_clean(struct str path)
{
	size_t depth = 0;
	if (!path.n || memchr(path.p, '\0', path.n))
		return false;
	while (path.p) {
		struct str part = str_cut(&path, '/');
		if (!part.n || part.n > NAME_MAX || str_is(part, ".") || str_is(part, ".."))
			return false;
		if (++depth > UNPACK_DEPTH_MAX)
			return false;
	}
	return true;
}

static bool node_is_good(const struct unpack_record *record, struct str path)
{
	mode_t type = record->mode & S_IFMT;
	if ((type != S_IFCHR && type != S_IFBLK) || (record->mode & ~(uint32_t)(S_IFMT | 07777)))
		return false;
	if (type == S_IFCHR && !record->major && !record->minor)
		return false;
	if (record->major > MAJOR_MAX || record->minor > MINOR_MAX)
		return false;
	if (record->uid == UINT32_MAX || record->gid == UINT32_MAX) // "leave it as it is"
		return false;
	return record->mtime_ns < 1000000000 && path_is_clean(path);
}

static bool mark_is_good(const struct unpack_record *record, struct str path)
{
	return !record->mode && !record->uid && !record->gid && !record->major && !record->minor &&
	       !record->mtime && !record->mtime_ns && (str_is(path, ".") || path_is_clean(path));
}

static bool is_good(const struct unpack_record *record, struct str path)
{
	switch (record->kind) {
	case UNPACK_NODE:
		return node_is_good(record, path);
	case UNPACK_OPAQUE:
		return mark_is_good(record, path);
	}
	return false;
}

int unpack_record_read(struct arena *arena, struct str bytes, struct unpack_record *ret_record,
		       size_t *ret_used)
{
	if (bytes.n < UNPACK_RECORD_HEAD)
		return UNPACK_RECORD_SHORT;
	const char *p = bytes.p;
	struct str path = {p + UNPACK_RECORD_HEAD, get(p + 6, 2)};
	struct unpack_record record = {
		.kind = (enum unpack_record_kind)get(p + 4, 2),
		.mode = (uint32_t)get(p + 8, 4),
		.uid = (uint32_t)get(p + 16, 4),
		.gid = (uint32_t)get(p + 20, 4),
		.major = (uint32_t)get(p + 24, 4),
		.minor = (uint32_t)get(p + 28, 4),
		.mtime = (int64_t)get(p + 32, 8),
		.mtime_ns = (uint32_t)get(p + 40, 4),
	};
	if (get(p, 4) != MAGIC || get(p + 12, 4) || get(p + 44, 4))
		return fail(-EINVAL, "layer: a record that is none");
	if (!path.n || path.n > UNPACK_RECORD_PATH_MAX)
		return fail(-EINVAL, "layer: a record with a path of %zu bytes", path.n);
	if (bytes.n - UNPACK_RECORD_HEAD < path.n)
		return UNPACK_RECORD_SHORT;
	if (!is_good(&record, path))
		return fail(-EINVAL, "layer: a record that may not be, for '%.*s'",
			    (int)min_of(path.n, 200), path.p);
	record.path = arena_dup_n(arena, path.p, path.n);
	*ret_record = record;
	*ret_used = UNPACK_RECORD_HEAD + path.n;
	return 0;
}
