// SPDX-License-Identifier: Apache-2.0
// source.c - what a bind mount shows, looked at on the host before the start
//
// Nothing here protects: the name may come to mean something else before the mount is made, and
// then that is mounted, or the mount fails. These are the mistakes that can be told in better words
// than the kernel's.
//
// Propagation. A mount is "shared" when what is mounted below it appears in its copies too (systemd
// makes all of the host so), and a "slave" when it only receives. A copy can take part in that only
// if the mount it is made of does.
//
// Labels. Podman's z and Z give files the SELinux label that a container's processes may touch. It
// is a chcon(1) over a whole tree: on "/etc" it locks everybody else out of the host, which is how
// several hosts were lost. Such places are refused, with SELinux or without.
#include "engine/mounts/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "oci/lists.h"
#include "kern/mounts/mountinfo.h"

struct looking {
	struct arena *arena;
	const struct engine_place *place;
	const char *flag;
	const char *text;
	const struct oci_mount *mount;
	bool make;
	bool ordinary;
};

// --- existence ----------------------------------------------------------------------------------

static int check_there(const struct looking *looking, struct source_found *found)
{
	const char *source = looking->mount->source;
	struct stat status;
	bool overlay = str_eq(looking->mount->type, "overlay");
	if (overlay && !stat(source, &status) && !S_ISDIR(status.st_mode))
		return fail(-ENOTDIR, "%s '%s': O is for directories, and '%s' is a file",
			    looking->flag, looking->text, source);
	if (!access(source, F_OK) || errno != ENOENT || oci_strings_has(&found->missing, source))
		return 0;
	if (!looking->make) {
		fail(-ENOENT, "%s '%s': source '%s' is not there", looking->flag, looking->text,
		     source);
		fail_hint("make it first; -v makes a missing directory, and so does "
			  "bind-create-src");
		return -ENOENT;
	}
	if (!lstat(source, &status) && S_ISLNK(status.st_mode))
		return fail(-ENOENT, "%s '%s': source '%s' is a link to what is not there",
			    looking->flag, looking->text, source);
	oci_strings_push(looking->arena, &found->missing, source);
	oci_strings_push(looking->arena, &found->notices,
			 arena_printf(looking->arena,
				      "%s: '%s' is not there, an empty directory is made for it",
				      looking->flag, source));
	return 0;
}

// --- propagation --------------------------------------------------------------------------------

static bool lies_below(const char *path, const char *mount)
{
	size_t n = strlen(mount);
	if (n == 1)
		return true;
	return strncmp(path, mount, n) == 0 && (!path[n] || path[n] == '/');
}

// The mount that a path lies on: of the longest target the one mounted last.
static int find_mount(const struct looking *looking, const char *path, struct mountinfo *ret_mount)
{
	struct str rest;
	struct mountinfo mount;
	size_t longest = 0;
	int result = file_read(looking->arena, AT_FDCWD, looking->place->mountinfo,
			       MOUNTINFO_BYTES_MAX, &rest);
	if (result < 0)
		return fail_sys(result, "read '%s'", looking->place->mountinfo);
	while ((result = mountinfo_next(looking->arena, &rest, &mount)) != MOUNTINFO_END) {
		if (result < 0 || !lies_below(path, mount.target) || strlen(mount.target) < longest)
			continue;
		longest = strlen(mount.target);
		*ret_mount = mount;
	}
	return longest ? 0 : fail(-ENOENT, "'%s' lies on no mount", path);
}

static int check_propagation(const struct looking *looking, struct source_found *found)
{
	const struct oci_mount *mount = looking->mount;
	bool shared = oci_strings_has(&mount->options, "shared") ||
		      oci_strings_has(&mount->options, "rshared");
	bool slave = oci_strings_has(&mount->options, "slave") ||
		     oci_strings_has(&mount->options, "rslave");
	if (!shared && !slave)
		return 0;
	char real[PATH_LENGTH_MAX];
	struct mountinfo on = {.target = "", .propagation = ""};
	TRY(find_mount(looking, realpath(mount->source, real) ? real : mount->source, &on));
	bool is_shared = strstr(on.propagation, "shared:");
	if (!is_shared && !(slave && strstr(on.propagation, "master:"))) {
		fail(-EINVAL, "%s '%s': '%s' lies on the mount '%s', which is %s", looking->flag,
		     looking->text, mount->source, on.target,
		     shared ? "not shared" : "neither shared nor a slave");
		fail_hint("as root on the host: mount --make-shared '%s'", on.target);
		return -EINVAL;
	}
	if (shared && looking->ordinary)
		oci_strings_push(
			looking->arena, &found->notices,
			arena_printf(looking->arena,
				     "%s '%s': shared: from an ordinary user's container no "
				     "mount goes out to the host, mounts only come in",
				     looking->flag, looking->text));
	return 0;
}

// --- labels -------------------------------------------------------------------------------------

// Places whose files belong to the host's own programs.
static const char *const host_places[] = {
	"/",      "/bin", "/boot", "/dev",  "/etc",     "/home",    "/lib",     "/lib64",
	"/media", "/mnt", "/opt",  "/proc", "/root",    "/run",     "/sbin",    "/srv",
	"/sys",   "/tmp", "/usr",  "/var",  "/var/lib", "/var/log", "/var/tmp", "/var/run",
};

// Directories of which all that is below is the host's, too.
static const char *const host_trees[] = {"/bin",   "/boot", "/dev",  "/etc", "/lib",
					 "/lib64", "/proc", "/sbin", "/sys", "/usr"};

static bool is_host_place(const struct looking *looking, const char *path)
{
	const char *const *variable = looking->place->environment;
	for (size_t i = 0; i < lengthof(host_places); i++)
		if (str_eq(path, host_places[i]))
			return true;
	for (size_t i = 0; i < lengthof(host_trees); i++)
		if (lies_below(path, host_trees[i]))
			return true;
	for (; variable && *variable; variable++)
		if (str_starts(*variable, "HOME=") && lies_below(*variable + 5, path))
			return true;
	// /home/NAME, whoever that is
	return str_starts(path, "/home/") && !strchr(path + 6, '/');
}

static int check_label(const struct looking *looking)
{
	const struct oci_mount *mount = looking->mount;
	const char *word = oci_strings_has(&mount->options, "Z")   ? "Z"
			   : oci_strings_has(&mount->options, "z") ? "z"
								   : NULL;
	if (!word)
		return 0;
	struct stat status;
	char real[PATH_LENGTH_MAX];
	bool linked = !lstat(mount->source, &status) && S_ISLNK(status.st_mode);
	const char *path = realpath(mount->source, real) ? real : mount->source;
	if (linked || is_host_place(looking, mount->source) || is_host_place(looking, path)) {
		fail(-EINVAL, "%s '%s': %s: '%s' is %s, whose files are not labelled anew",
		     looking->flag, looking->text, word, mount->source,
		     linked ? "a symbolic link" : "a place of the host's own");
		fail_hint("leave out %s, or give the container a directory of its own", word);
		return -EINVAL;
	}
	const char *enforce = arena_printf(looking->arena, "%s/enforce", looking->place->selinux);
	if (access(enforce, F_OK))
		return 0;
	fail(-EOPNOTSUPP, "%s '%s': %s: SELinux is on here, and labels for it: not yet",
	     looking->flag, looking->text, word);
	fail_hint("chcon -R -t container_file_t '%s' labels the files", mount->source);
	return -EOPNOTSUPP;
}

int source_check(struct arena *arena, const struct engine_place *place, const char *flag,
		 const char *text, const struct oci_mount *mount, bool make, bool ordinary,
		 struct source_found *found)
{
	const struct looking looking = {arena, place, flag, text, mount, make, ordinary};
	TRY(check_label(&looking));
	TRY(check_there(&looking, found));
	return check_propagation(&looking, found);
}
