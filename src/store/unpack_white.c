// SPDX-License-Identifier: Apache-2.0
// unpack_white.c - what a layer takes away from those below it
//
// A layer says that a file of the layers below is gone by an entry ".wh.NAME", and that all of a
// directory is gone by ".wh..wh..opq" in it (image specification, layer.md). It is the name that
// says so, whatever the entry's type. An overlay says the same by a character device 0:0 called
// NAME, which any process may make, and by an attribute of the directory.
//
// Both speak of the layers below only. Where the layer itself has an entry NAME, before or after,
// that entry counts; a directory of that name then hides what lies below it.
#include "store/unpack_parts.h"

#include "base/fail.h"

#include <fcntl.h>
#include <sys/sysmacros.h>

static const char prefix[] = ".wh.";

bool unpack_is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == makedev(0, 0);
}

static enum unpack_white white_of_part(struct str part, bool last)
{
	size_t n = sizeof(prefix) - 1;
	if (part.n < n || memcmp(part.p, prefix, n))
		return UNPACK_WHITE_NONE;
	struct str name = {part.p + n, part.n - n};
	if (str_is(name, ".wh..opq"))
		return last ? UNPACK_WHITE_OPAQUE : UNPACK_WHITE_BAD;
	if (name.n > n && !memcmp(name.p, prefix, n))
		return UNPACK_WHITE_SKIP;
	if (!last || !name.n || str_is(name, ".") || str_is(name, "..") ||
	    (name.n == n && !memcmp(name.p, prefix, n)))
		return UNPACK_WHITE_BAD;
	return UNPACK_WHITE_OUT;
}

enum unpack_white unpack_white_of(const char *path)
{
	struct str rest = str_of(path);
	while (rest.p) {
		struct str part = str_cut(&rest, '/');
		enum unpack_white white = white_of_part(part, !rest.p);
		if (white != UNPACK_WHITE_NONE)
			return white;
	}
	return UNPACK_WHITE_NONE;
}

int unpack_white_out(struct unpack *unpack, const char *path)
{
	const char *name, *hidden;
	struct stat status;
	struct timespec times[2] = {0};
	TRY(unpack_parent(unpack, &unpack->here, path, &name));
	name += sizeof(prefix) - 1;
	if (!fstatat(unpack->here.fd, name, &status, AT_SYMLINK_NOFOLLOW)) {
		if (!S_ISDIR(status.st_mode))
			return 0;
		TRY(unpack_join(unpack, &unpack->here, name, &hidden));
		unpack_opaque_later(unpack, hidden);
		return 0;
	}
	if (errno != ENOENT || mknodat(unpack->here.fd, name, S_IFCHR, makedev(0, 0)))
		return -errno;
	return utimensat(unpack->here.fd, name, times, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

int unpack_white_opaque(struct unpack *unpack, const char *path)
{
	const char *name;
	TRY(unpack_parent(unpack, &unpack->here, path, &name));
	unpack_opaque_later(unpack, unpack->here.path);
	return 0;
}
