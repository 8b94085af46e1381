// SPDX-License-Identifier: Apache-2.0
// tar_name.c - paths as archives have them, and as they are taken
//
// A path is where hostile archives begin: "../../etc/passwd", "/etc/passwd", "a//b". Those that
// come out of here are clean, so that whoever unpacks them can walk them part by part. A slash at
// the beginning means the archive's top, as every tool takes it. A part ".." is refused even where
// it stays inside: with a link before it there are two places it could mean.
//
// That no part is a symbolic link is for the unpacker to see to.
#include "flow/tar_name.h"

#include "flow/tar.h"

// Adds one part to a clean path of `n` bytes. Returns the new length or a negative errno.
static int add_part(char *path, int n, struct str part)
{
	if (!part.n || str_is(part, "."))
		return n;
	if (str_is(part, "..") || memchr(part.p, '\0', part.n))
		return -EINVAL;
	if (part.n > TAR_NAME_MAX)
		return -ENAMETOOLONG;
	if (n)
		path[n++] = '/';
	memcpy(path + n, part.p, part.n);
	return n + (int)part.n;
}

int tar_name_clean(struct str raw, char *room)
{
	int n = 0;
	if (!raw.n)
		return -EINVAL;
	if (raw.n > TAR_PATH_MAX)
		return -ENAMETOOLONG;
	while (raw.p)
		TRY(n = add_part(room, n, str_cut(&raw, '/')));
	if (!n)
		room[n++] = '.';
	room[n] = '\0';
	return 0;
}

int tar_name_target(struct str raw, char *room)
{
	if (!raw.n || memchr(raw.p, '\0', raw.n))
		return -EINVAL;
	if (raw.n > TAR_PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(room, raw.p, raw.n);
	room[raw.n] = '\0';
	return 0;
}
