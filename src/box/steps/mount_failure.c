// SPDX-License-Identifier: Apache-2.0
// mount_failure.c - why something could not be mounted, in words
//
// A mount has two sides, and errno does not say which of them it is about: "Not a directory" may be
// a part of either path, or that one side is a file and the other is not. The bind step leaves what
// it was at (bind.h), so that a person is told the side and the path.
#include "box/steps/mount_failure.h"

#include "base/fail.h"
#include "box/steps/bind.h"
#include "kern/mounts/chown.h"

static int source_failure(const struct step *step, int error)
{
	const char *source = step->a;
	switch (-error) {
	case ENOENT:
		return fail(error, "mount '%s' on '%s': there is no '%s' on the host", source,
			    step->b, source);
	case ENOTDIR:
		return fail(error,
			    "mount '%s' on '%s': a part of '%s' on the host is not a "
			    "directory",
			    source, step->b, source);
	case ELOOP:
		return fail(error,
			    "mount '%s' on '%s': '%s' on the host goes through too many "
			    "links, or a loop of them",
			    source, step->b, source);
	case EACCES:
		fail(error, "mount '%s' on '%s': '%s' on the host may not be reached", source,
		     step->b, source);
		fail_hint("a directory on the way to it denies this user the search (x)");
		return error;
	case EINVAL:
		fail(error, "mount '%s' on '%s': '%s' on the host can't be bound", source, step->b,
		     source);
		fail_hint("it lies on an unbindable mount, or for an ordinary user mounts of the "
			  "host below it would be laid bare");
		return error;
	default:
		return fail_sys(error, "mount '%s' on '%s': '%s' on the host", source, step->b,
				source);
	}
}

static int owner_failure(const struct step *step, int error)
{
	if (error == -EMLINK)
		return fail(error,
			    "U: '%s' on the host has more than %d directories below each "
			    "other",
			    step->a, CHOWN_DEPTH_MAX);
	fail_sys(error, "U: give what is below '%s' on the host to the container's user", step->a);
	if (error == -EPERM)
		fail_hint("only files whose owner has a number in the container can be given "
			  "away");
	return error;
}

static int user_failure(const struct step *step, int error)
{
	const char *user = step->c ? step->c : "0";
	if (error == -ENOKEY || error == -ENODATA)
		return fail(error,
			    "U: mount '%s': user '%s' or its group is not in the root's "
			    "/etc/passwd and /etc/group",
			    step->a, user);
	return fail_sys(error, "U: mount '%s': look user '%s' up in the root", step->a, user);
}

static int change_failure(const struct step *step, int error)
{
	fail_sys(error, "mount '%s' on '%s': change the mount's attributes", step->a, step->b);
	if (error == -EPERM && step->m >> 32)
		fail_hint("the host's mount is restricted (nosuid, nodev or noexec), which an "
			  "ordinary user can't undo");
	return error;
}

static int target_failure(const struct step *step, int error)
{
	const char *target = step->b;
	switch (-error) {
	case ENOENT:
		return fail(error,
			    "mount '%s' on '%s': a link on the way to '%s' in the container "
			    "leads to what is not there",
			    step->a, target, target);
	case ENOTDIR:
		return fail(error,
			    "mount '%s' on '%s': a part of '%s' in the container is not a "
			    "directory",
			    step->a, target, target);
	case ELOOP:
		fail(error,
		     "mount '%s' on '%s': links on the way to '%s' in the container can't "
		     "be followed",
		     step->a, target, target);
		fail_hint("they form a loop, or lead through /proc, where links lead out of the "
			  "container");
		return error;
	case EROFS:
		fail(error,
		     "mount '%s' on '%s': '%s' is missing in the container, and can't be "
		     "made on a file system that is read-only",
		     step->a, target, target);
		fail_hint("make it there, or put an overlay over the root with :O");
		return error;
	case EACCES:
	case EPERM:
		return fail(error,
			    "mount '%s' on '%s': '%s' in the container may not be reached "
			    "or made",
			    step->a, target, target);
	default:
		return fail_sys(error, "mount '%s' on '%s': '%s' in the container", step->a, target,
				target);
	}
}

static int kind_failure(const struct step *step, int error, bool file)
{
	if (step->n & MOUNT_VOLUME)
		return fail(error,
			    "a volume on '%s': that is a file in the container, and a volume "
			    "is a directory",
			    step->b);
	fail(error,
	     "mount '%s' on '%s': '%s' on the host is a %s, and '%s' in the container is a "
	     "%s",
	     step->a, step->b, step->a, file ? "file" : "directory", step->b,
	     file ? "directory" : "file");
	fail_hint("a file goes onto a file, a directory onto a directory; a target that is not "
		  "there is made to fit");
	return error;
}

static int bind_failure(const struct step *step, int error, uint32_t detail)
{
	switch ((enum bind_detail)detail) {
	case BIND_SOURCE:
		return source_failure(step, error);
	case BIND_OWNER:
		return owner_failure(step, error);
	case BIND_USER:
		return user_failure(step, error);
	case BIND_CHANGE:
		return change_failure(step, error);
	case BIND_TARGET:
		return target_failure(step, error);
	case BIND_FILE_ON_DIRECTORY:
	case BIND_DIRECTORY_ON_FILE:
		return kind_failure(step, error, detail == BIND_FILE_ON_DIRECTORY);
	case BIND_COPY:
		return fail_sys(error, "copy what '%s' in the container holds into its volume",
				step->b);
	case BIND_ATTACH:
		return 0;
	}
	return 0;
}

// A source that is taken early is not at its target yet.
static int early_failure(const struct step *step, int error, uint32_t detail)
{
	if (detail == BIND_SOURCE) {
		fail_sys(error, "mount '%s': '%s' on the host", step->a, step->a);
		return error;
	}
	fail_sys(error, "mount '%s': show its files with other ids", step->a);
	if (error == -EINVAL || error == -EPERM)
		fail_hint("its file system can't be id-mapped by this kernel, or it is mounted so "
			  "already; ext4, xfs, btrfs, tmpfs (since Linux 6.3) and overlay (6.13) "
			  "can");
	return error;
}

static int mount_new_failure(const struct step *step, int error)
{
	if (error == -ENOTDIR && !(step->n & MOUNT_NO_LINKS))
		return fail(error,
			    "mount %s on '%s': '%s' in the container, or a part of it, is "
			    "not a directory",
			    step->a, step->b, step->b);
	if (error == -EROFS) {
		fail(error,
		     "mount %s on '%s': the directory is missing in the container, and "
		     "can't be made on a file system that is read-only",
		     step->a, step->b);
		fail_hint("make it there, or put an overlay over the root with :O");
		return error;
	}
	return 0;
}

int mount_failure(const struct walk *walk, const struct step *step, int error)
{
	switch (step->op) {
	case OP_BIND:
		if (step->n & MOUNT_PRIVATE_FILE)
			return 0;
		return bind_failure(step, error, walk->detail);
	case OP_BIND_OVERLAY:
		return bind_failure(step, error, walk->detail);
	case OP_MAP_SOURCE:
	case OP_KEEP_SOURCE:
		return fault_last()->error ? error : early_failure(step, error, walk->detail);
	case OP_MOUNT:
		return mount_new_failure(step, error);
	default:
		return 0;
	}
}
