// SPDX-License-Identifier: Apache-2.0
// volume.c - -v: directories and files of the host, shown in the container
//
// What the options mean is told in bind.c.
//
// A source that is not there is made as an empty directory, as Docker does: by the plan, not here,
// so that --explain changes nothing.
#include "engine/mounts/volume.h"

#include "base/fail.h"
#include "base/path.h"
#include "engine/mounts/anonymous.h"
#include "engine/mounts/bind.h"
#include "engine/mounts/destination.h"
#include "engine/place.h"

static int bad_volume(const char *text, const char *why)
{
	fail(-EINVAL, "--volume '%s': %s", text, why);
	fail_hint("it is written source:destination[:options], like ./data:/data:ro");
	return -EINVAL;
}

static int volume_options(struct arena *arena, struct str options, struct bind *bind)
{
	while (options.p) {
		struct str option = str_cut(&options, ',');
		int result = bind_word(arena, bind, option);
		if (result < 0)
			return result;
		if (result == 0)
			continue;
		fail(-EINVAL, "--volume '%s': '%.*s' is not an option", bind->text,
		     (int)min_of(option.n, 64u), option.p);
		fail_hint("usual ones are ro, rslave, nosuid, noexec, U and idmap; they stand "
			  "behind the second colon with commas between them");
		return -EINVAL;
	}
	return 0;
}

// A source without a slash that is not "." or ".." is the name of a volume.
static bool is_path(struct str source)
{
	return source.p[0] == '/' || str_is(source, ".") || str_is(source, "..") ||
	       (source.n > 1 && !memcmp(source.p, "./", 2)) ||
	       (source.n > 2 && !memcmp(source.p, "../", 3));
}

static int not_a_path(const char *text, struct str source)
{
	int n = (int)min_of(source.n, 255u);
	if (memchr(source.p, '/', source.n)) {
		fail(-EINVAL, "--volume '%s': '%.*s' is neither a path nor a volume's name", text,
		     n, source.p);
	} else {
		fail(-EOPNOTSUPP, "--volume '%s': named volumes ('%.*s'): not yet", text, n,
		     source.p);
	}
	int error = fault_last()->error;
	fail_hint("for the directory here write ./%.*s", n, source.p);
	return error;
}

int volume_parse(struct arena *arena, const char *cwd, const char *text,
		 struct oci_mount *ret_mount)
{
	struct bind bind = BIND_NEW("--volume", text);
	struct str options = str_of(text);
	struct str source = str_cut(&options, ':');
	struct str destination = options.p ? str_cut(&options, ':') : (struct str){0};
	if (!source.n || (destination.p && !destination.n) || (options.p && !options.n))
		return bad_volume(text, "an empty part between colons");
	if (!destination.p)
		return anonymous_volume(arena, "--volume", text, source, true, ret_mount);
	if (options.p && memchr(options.p, ':', options.n))
		return bad_volume(text, "too many colons");
	if (!is_path(source))
		return not_a_path(text, source);
	TRY(volume_options(arena, options, &bind));
	const char *from = arena_dup_n(arena, source.p, source.n);
	struct oci_mount mount = {.source = engine_absolute(arena, cwd, from)};
	if (strlen(mount.source) >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "--volume '%.64s…': the path is too long", text);
	TRY(destination_parse(arena, "--volume", text, destination, &mount.destination));
	TRY(bind_finish(arena, &bind, &mount));
	*ret_mount = mount;
	return 0;
}
