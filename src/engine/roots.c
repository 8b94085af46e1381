// SPDX-License-Identifier: Apache-2.0
// roots.c - choosing, checking and making the root and the runroot
//
// In order: the option, the variable TARE_ROOT or TARE_RUNROOT, the usual place. For root that is
// /var/lib/tare and /run/tare. A user's are $XDG_DATA_HOME/tare (or ~/.local/share/tare) and
// $XDG_RUNTIME_DIR/tare. Where there is no session, and so no XDG_RUNTIME_DIR, it is /tmp/tare-UID:
// a name that anyone could have taken first. A directory is therefore opened without following a
// link, and the descriptor, not the name, is asked whose it is.
#include "engine/roots.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "base/path.h"
#include "engine/place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// The value of a variable; NULL when it is not set or empty.
static const char *variable(const struct roots_caller *caller, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; caller->environment[i]; i++) {
		const char *entry = caller->environment[i];
		if (strncmp(entry, name, n) == 0 && entry[n] == '=')
			return entry[n + 1] ? entry + n + 1 : NULL;
	}
	return NULL;
}

// A variable of the XDG specification, which wants relative paths to be ignored.
static const char *xdg(const struct roots_caller *caller, const char *name)
{
	const char *path = variable(caller, name);
	return path && path[0] == '/' ? path : NULL;
}

static int usual_root(struct arena *arena, const struct roots_caller *caller, const char **ret)
{
	const char *data = xdg(caller, "XDG_DATA_HOME"), *home = variable(caller, "HOME");
	if (!caller->uid) {
		*ret = "/var/lib/tare";
	} else if (data) {
		*ret = arena_printf(arena, "%s/tare", data);
	} else if (home && home[0] == '/') {
		*ret = arena_printf(arena, "%s/.local/share/tare", home);
	} else {
		fail(-EINVAL, "HOME is not set: no place to keep containers in");
		fail_hint("set HOME or TARE_ROOT, or use --root DIR");
		return -EINVAL;
	}
	return 0;
}

static const char *usual_runroot(struct arena *arena, const struct roots_caller *caller)
{
	const char *runtime = xdg(caller, "XDG_RUNTIME_DIR");
	if (!caller->uid)
		return "/run/tare";
	if (runtime)
		return arena_printf(arena, "%s/tare", runtime);
	return arena_printf(arena, "/tmp/tare-%u", caller->uid);
}

int roots_choose(struct arena *arena, const char *root, const char *runroot,
		 const struct roots_caller *caller, struct roots *ret_roots)
{
	struct roots roots = {
		root ? root : variable(caller, "TARE_ROOT"),
		runroot ? runroot : variable(caller, "TARE_RUNROOT"),
	};
	if (root && !root[0])
		return fail(-EINVAL, "--root '': a directory is expected");
	if (runroot && !runroot[0])
		return fail(-EINVAL, "--runroot '': a directory is expected");
	if (!roots.root)
		TRY(usual_root(arena, caller, &roots.root));
	if (!roots.runroot)
		roots.runroot = usual_runroot(arena, caller);
	ret_roots->root = engine_absolute(arena, caller->cwd, roots.root);
	ret_roots->runroot = engine_absolute(arena, caller->cwd, roots.runroot);
	return 0;
}

enum { MISSING = 1 };

// Refuses a directory that somebody else owns or may write to.
static int check(const char *path)
{
	uid_t uid = geteuid();
	struct stat status;
	_cleanup_fd_ int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return MISSING;
	if (fd < 0 || fstat(fd, &status))
		return fail_sys(-errno, "directory '%s'", path);
	if (status.st_uid == uid && !(status.st_mode & 0022))
		return 0;
	if (status.st_uid != uid)
		fail(-EPERM, "directory '%s' belongs to user %u", path, status.st_uid);
	else
		fail(-EPERM, "directory '%s' may be written to by others", path);
	fail_hint("what lies in it can't be trusted; name another with --root or --runroot");
	return -EPERM;
}

int roots_name(struct arena *arena, const char *root, const char *runroot, struct roots *ret_roots)
{
	char cwd[PATH_LENGTH_MAX];
	if (!getcwd(cwd, sizeof(cwd)))
		return fail_sys(-errno, "working directory");
	const struct roots_caller caller = {geteuid(), cwd, (const char *const *)environ};
	return roots_choose(arena, root, runroot, &caller, ret_roots);
}

int roots_find(struct arena *arena, const char *root, const char *runroot, struct roots *ret_roots)
{
	struct roots roots;
	TRY(roots_name(arena, root, runroot, &roots));
	TRY(check(roots.root));
	TRY(check(roots.runroot));
	*ret_roots = roots;
	return 0;
}

// Makes a directory and what is missing above it.
static int make(const char *path)
{
	int there = check(path);
	if (there != MISSING)
		return there;
	int result = parents_make_with(path, 0700);
	return result < 0 ? fail_sys(result, "make directory '%s'", path) : check(path);
}

int roots_make(const struct roots *roots)
{
	TRY(make(roots->root));
	return make(roots->runroot);
}
