// SPDX-License-Identifier: Apache-2.0
// volume.c - -v: directories and files of the host, shown in the container
//
// A bind mount shows a part of the host's tree at a second place; no data is copied. It is made
// recursive, so that what is mounted below the source is seen too, and private, so that later
// mounts do not travel either way. "ro" is recursive as well ("rro" in OCI's words): with a plain
// "ro" a file system mounted below the source would stay writable.
//
// A source that is not there is made as an empty directory, as Docker does: by the plan, not here,
// so that --explain changes nothing.
#include "engine/volume.h"

#include <unistd.h>

#include "base/fail.h"
#include "base/path.h"
#include "engine/destination.h"
#include "engine/list.h"

static int bad_volume(const char *text, const char *why)
{
	fail(-EINVAL, "--volume '%s': %s", text, why);
	fail_hint("it is written source:destination[:ro], like ./data:/data:ro");
	return -EINVAL;
}

// Words that Docker or Podman know here; any other is a mistake.
static bool is_later_option(struct str option)
{
	static const char *const words[] = {
		"z",      "Z",          "U",
		"O",      "copy",       "nocopy",
		"idmap",  "private",    "rprivate",
		"shared", "rshared",    "slave",
		"rslave", "unbindable", "runbindable",
		"rbind",  "bind",       "exec",
		"noexec", "suid",       "nosuid",
		"dev",    "nodev",      "consistent",
		"cached", "delegated",  "volume-nocopy",
	};
	for (size_t i = 0; i < lengthof(words); i++)
		if (str_is(option, words[i]))
			return true;
	return str_starts(option.p, "idmap=") || str_starts(option.p, "upperdir=") ||
	       str_starts(option.p, "workdir=");
}

static int volume_options(const char *text, struct str options, bool *ret_readonly)
{
	bool readonly = false, said = false;
	while (options.p) {
		struct str option = str_cut(&options, ',');
		bool ro = str_is(option, "ro");
		if (!ro && !str_is(option, "rw")) {
			if (option.n && is_later_option(option))
				return fail(-EOPNOTSUPP, "--volume '%s': option '%.*s': not yet",
					    text, (int)option.n, option.p);
			return fail(-EINVAL,
				    "--volume '%s': '%.*s' is not an option, ro and rw are", text,
				    (int)min_of(option.n, 64u), option.p);
		}
		if (said)
			return bad_volume(text, "ro or rw stands there twice");
		readonly = ro;
		said = true;
	}
	*ret_readonly = readonly;
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
	bool readonly = false;
	struct str options = str_of(text);
	struct str source = str_cut(&options, ':');
	struct str destination = options.p ? str_cut(&options, ':') : (struct str){0};
	if (!source.n || (destination.p && !destination.n) || (options.p && !options.n))
		return bad_volume(text, "an empty part between colons");
	if (!destination.p) {
		fail(-EOPNOTSUPP, "--volume '%s': volumes without a source: not yet", text);
		fail_hint("it is written source:destination[:ro], like ./data:/data:ro");
		return -EOPNOTSUPP;
	}
	if (options.p && memchr(options.p, ':', options.n))
		return bad_volume(text, "too many colons");
	if (!is_path(source))
		return not_a_path(text, source);
	TRY(volume_options(text, options, &readonly));
	const char *from = arena_dup_n(arena, source.p, source.n);
	struct oci_mount mount = {.type = "bind", .source = engine_absolute(arena, cwd, from)};
	if (strlen(mount.source) >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "--volume '%.64s…': the path is too long", text);
	TRY(destination_parse(arena, "--volume", text, destination, &mount.destination));
	const char *const words[] = {"rbind", "rprivate", readonly ? "rro" : "rw", NULL};
	list_add_all(arena, &mount.options, words);
	*ret_mount = mount;
	return 0;
}

static int duplicate(const struct oci_mount *mounts, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (str_eq(mounts[i].destination, mounts[n - 1].destination))
			return fail(-EINVAL, "duplicate mount point '%s'",
				    mounts[n - 1].destination);
	return 0;
}

static size_t depth(const struct oci_mount *mount)
{
	size_t slashes = 0;
	for (const char *p = mount->destination; *p; p++)
		slashes += *p == '/';
	return slashes;
}

// Stable: of two that lie equally deep the earlier stays first.
static void sort_by_depth(struct oci_mount *mounts, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct oci_mount mount = mounts[i];
		size_t at = i;
		for (; at && depth(&mounts[at - 1]) > depth(&mount); at--)
			mounts[at] = mounts[at - 1];
		mounts[at] = mount;
	}
}

int mounts_parse(struct arena *arena, const struct engine_place *place, const struct run_opts *opts,
		 struct oci_mount **ret_mounts, size_t *ret_n, struct oci_strings *ret_missing)
{
	size_t n = 0;
	struct oci_strings missing = {0};
	struct oci_mount *mounts =
		arena_array(arena, struct oci_mount, opts->volume.n + opts->tmpfs.n);
	for (size_t i = 0; i < opts->volume.n; i++) {
		TRY(volume_parse(arena, place->cwd, opts->volume.item[i], &mounts[n++]));
		TRY(duplicate(mounts, n));
		const char *source = mounts[n - 1].source;
		if (access(source, F_OK) && errno == ENOENT && !list_has(&missing, source))
			list_add(arena, &missing, source);
	}
	for (size_t i = 0; i < opts->tmpfs.n; i++) {
		TRY(tmpfs_parse(arena, opts->tmpfs.item[i], &mounts[n++]));
		TRY(duplicate(mounts, n));
	}
	sort_by_depth(mounts, n);
	*ret_mounts = mounts;
	*ret_n = n;
	*ret_missing = missing;
	return 0;
}
