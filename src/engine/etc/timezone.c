// SPDX-License-Identifier: Apache-2.0
// timezone.c - --tz: the file that says what time it is here
//
// The kernel counts seconds and knows no zones. The C library reads from /etc/localtime how they
// are to be shown; the files of all zones lie in /usr/share/zoneinfo. So a zone is a file that is
// bound, read-only, over the container's.
#include "engine/etc/timezone.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"
#include "oci/lists.h"

enum { ZONE_MAX = 128 };

static const char directory[] = "/usr/share/zoneinfo";

static bool is_zone(const char *text)
{
	struct str rest = str_of(text);
	if (!rest.n || rest.n > ZONE_MAX)
		return false;
	while (rest.p) {
		struct str part = str_cut(&rest, '/');
		for (size_t i = 0; i < part.n; i++) {
			char c = part.p[i];
			bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
			if (!letter && !(c >= '0' && c <= '9') && !strchr("_+-", c))
				return false;
		}
		if (!part.n)
			return false;
	}
	return true;
}

static int check_file(const char *text, const char *path)
{
	struct stat status;
	char magic[4] = "";
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		int error = fail_sys(-errno, "--tz '%s': '%s'", text, path);
		fail_hint("the zones are those of this host: ls %s", directory);
		return error;
	}
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || read(fd, magic, 4) != 4 ||
	    memcmp(magic, "TZif", 4))
		return fail(-EINVAL, "--tz '%s': '%s' is no time zone", text, path);
	return 0;
}

int timezone_mount(struct arena *arena, const char *text, struct oci_mount *ret_mount)
{
	bool local = str_eq(text, "local");
	if (!local && !is_zone(text)) {
		fail(-EINVAL, "--tz '%.64s': not the name of a time zone", text);
		fail_hint("it is like Europe/Berlin or UTC, or local for this host's");
		return -EINVAL;
	}
	const char *path = local ? "/etc/localtime" : arena_printf(arena, "%s/%s", directory, text);
	TRY(check_file(text, path));
	struct oci_mount mount = {.destination = "/etc/localtime", .type = "bind", .source = path};
	oci_strings_push(arena, &mount.options, "bind");
	oci_strings_push(arena, &mount.options, "ro");
	*ret_mount = mount;
	return 0;
}
