// SPDX-License-Identifier: Apache-2.0
// userns.c - what an ordinary user's namespaces can do on this host
//
// A user namespace gives its maker all capabilities, but only over what the namespace owns. That is
// how an ordinary user can mount and pivot. It also opens much kernel code to everyone, so some
// hosts switch it off, each kind with a switch of its own: Debian's unprivileged_userns_clone,
// everybody's max_user_namespaces, and Ubuntu's AppArmor, which lets the namespace be made and
// then takes its capabilities away. What nobody's switch explains shows in a trial: a child makes
// one and tries to deny itself setgroups, which needs nothing but the namespace.
//
// Overlay mounts in user namespaces since Linux 5.11, and it may mount and yet not work: without
// `userxattr` it can't mark a removed directory, and rm ends with EIO. So the trial removes one,
// and makes it anew, on the file system where containers would have it.
//
// A trial costs a fork, a user namespace and, for overlay, a dozen files: 2 to 4 ms. So answers are
// kept, by boot and user.
#include "kern/facts/parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char debian_denies[] =
	"kernel.unprivileged_userns_clone is 0 (allow it: sudo sysctl -w "
	"kernel.unprivileged_userns_clone=1)";
static const char limit_denies[] =
	"user.max_user_namespaces is 0 (allow some: sudo sysctl -w user.max_user_namespaces=10000)";
static const char apparmor_denies[] =
	"kernel.apparmor_restrict_unprivileged_userns is 1 (allow it: sudo sysctl -w "
	"kernel.apparmor_restrict_unprivileged_userns=0)";
static const char unknown_denies[] =
	"a trial failed, though no known switch is set (a security module, a seccomp filter or a "
	"container around us may forbid it)";

static bool switch_is(const char *path, char value)
{
	char text[2] = "";
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, text, sizeof(text)) == 2 && text[0] == value && text[1] == '\n';
}

// That a trial worked, as a file of the cache directory that is named for the question and the
// user, and holds the boot's id. What did not work is tried again.
struct kept {
	const char *path; // NULL: nothing is kept
	struct str boot;
};

static struct kept kept_at(struct arena *arena, const char *cache, const char *question,
			   const struct facts *facts)
{
	struct str text;
	if (!cache || file_read_small(arena, "/proc/sys/kernel/random/boot_id", 256, &text))
		return (struct kept){0};
	return (struct kept){
		.path = arena_printf(arena, "%s/%s-%u", cache, question, facts->uid),
		.boot = str_line(&text),
	};
}

static bool was_kept(struct arena *arena, const struct kept *kept)
{
	struct str text;
	if (!kept->path || file_read_small(arena, kept->path, 256, &text))
		return false;
	struct str boot = str_line(&text);
	return boot.n == kept->boot.n && !memcmp(boot.p, kept->boot.p, boot.n);
}

// A cache that can't be written only costs the next start its time.
static void keep(const struct kept *kept)
{
	char fresh[PATH_MAX], line[64];
	if (!kept->path)
		return;
	snprintf(fresh, sizeof(fresh), "%s.%d", kept->path, (int)getpid());
	int n = snprintf(line, sizeof(line), "%.*s\n", (int)kept->boot.n, kept->boot.p);
	_cleanup_fd_ int fd =
		open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (fd_write_all(fd, line, (size_t)n) < 0 || rename(fresh, kept->path) < 0)
		unlink(fresh);
}

// Runs the trial in a child; true when it ends with 0.
static bool try_out(int (*trial)(void *), void *with)
{
	pid_t child = fork();
	if (child < 0)
		return false;
	if (child == 0)
		_exit(trial(with) == 0 ? 0 : 1);
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return status == 0;
}

static int try_user_namespace(void *unused unused_)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	return file_put(AT_FDCWD, "/proc/self/setgroups", "deny", 4);
}

// The switches are read each time, as an administrator may have moved one since the last trial.
const char *facts_userns_denied(struct arena *arena, const char *cache, const struct facts *facts)
{
	if (switch_is("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		return debian_denies;
	if (switch_is("/proc/sys/user/max_user_namespaces", '0'))
		return limit_denies;
	bool apparmor = switch_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1');
	struct kept kept = kept_at(arena, cache, "userns", facts);
	if (!apparmor && was_kept(arena, &kept))
		return NULL;
	if (!try_out(try_user_namespace, NULL))
		return apparmor ? apparmor_denies : unknown_denies;
	keep(&kept);
	return NULL;
}

// The directories of a trial, in the order they are made.
static const char *const trial_directories[] = {"lower", "lower/old", "upper", "work", "merged"};

static int map_myself(const struct facts *facts)
{
	char line[32];
	TRY(file_put(AT_FDCWD, "/proc/self/setgroups", "deny", 4));
	int n = snprintf(line, sizeof(line), "0 %u 1", facts->uid);
	TRY(file_put(AT_FDCWD, "/proc/self/uid_map", line, (size_t)n));
	n = snprintf(line, sizeof(line), "0 %u 1", facts->gid);
	return file_put(AT_FDCWD, "/proc/self/gid_map", line, (size_t)n);
}

#define TRIAL_PREFIX ".overlay-"

struct overlay_trial {
	const struct facts *facts;
	const char *directory;
};

static int try_overlay(void *with)
{
	const struct overlay_trial *trial = with;
	if (chdir(trial->directory) < 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	TRY(map_myself(trial->facts));
	if (mount("overlay", "merged", "overlay", 0,
		  "userxattr,lowerdir=lower,upperdir=upper,workdir=work") < 0)
		return -errno;
	// "old" holds a file of the lower layer: what comes after it must be empty.
	if (unlink("merged/old/file") < 0 || rmdir("merged/old") < 0 ||
	    mkdir("merged/old", 0700) < 0)
		return -errno;
	return access("merged/old/file", F_OK) < 0 ? 0 : -EIO;
}

static int make_trial(int at)
{
	for (size_t i = 0; i < lengthof(trial_directories); i++)
		if (mkdirat(at, trial_directories[i], 0700) < 0)
			return -errno;
	_cleanup_fd_ int file = openat(at, "lower/old/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	return file < 0 ? -errno : 0;
}

// Overlay's own directory, in which it keeps a whiteout to link others from, and which it lets
// nobody read.
static void empty_work(int at)
{
	if (fchmodat(at, "work/work", 0700, 0) < 0)
		return;
	int fd = openat(at, "work/work", O_DIRECTORY | O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	if (!list) {
		fd_close(&fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));)
		unlinkat(dirfd(list), entry->d_name, 0);
	closedir(list);
}

// Everything that make_trial, the overlay and the trial may have left.
static void remove_trial(const char *directory, int at)
{
	static const char *const made_by_overlay[] = {"upper/old", "work/work", "work/index"};
	unlinkat(at, "lower/old/file", 0);
	empty_work(at);
	unlinkat(at, "upper/old", 0); // a whiteout, where the trial stopped in the middle
	for (size_t i = 0; i < lengthof(made_by_overlay); i++)
		unlinkat(at, made_by_overlay[i], AT_REMOVEDIR);
	for (size_t i = lengthof(trial_directories); i-- > 0;)
		unlinkat(at, trial_directories[i], AT_REMOVEDIR);
	rmdir(directory);
}

// A trial's directory is named by its process, so that what a killed one left is known as such.
static void remove_left_trials(struct arena *arena, const char *place)
{
	DIR *list = opendir(place);
	if (!list)
		return;
	for (struct dirent *entry; (entry = readdir(list));) {
		uint64_t pid;
		if (!str_starts(entry->d_name, TRIAL_PREFIX) ||
		    str_number(str_of(entry->d_name + strlen(TRIAL_PREFIX)), INT_MAX, &pid) ||
		    !kill((pid_t)pid, 0) || errno != ESRCH)
			continue;
		const char *directory = arena_printf(arena, "%s/%s", place, entry->d_name);
		_cleanup_fd_ int at =
			open(directory, O_DIRECTORY | O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		remove_trial(directory, at);
	}
	closedir(list);
}

// /tmp where there is no `path`, or where the caller may make nothing.
static const char *trial_place(struct arena *arena, const char *path)
{
	const char *place = parents_existing(arena, path ? path : "/tmp");
	return access(place, W_OK) < 0 ? "/tmp" : place;
}

// A directory for a trial. What lies where others may make directories, too, is left alone.
static char *trial_directory(struct arena *arena, const char *place, const struct stat *is)
{
	char *directory;
	if (is->st_uid != geteuid() || is->st_mode & (S_IWGRP | S_IWOTH)) {
		directory = arena_printf(arena, "%s/" TRIAL_PREFIX "XXXXXX", place);
		return mkdtemp(directory);
	}
	remove_left_trials(arena, place);
	directory = arena_printf(arena, "%s/" TRIAL_PREFIX "%d", place, (int)getpid());
	return mkdir(directory, 0700) ? NULL : directory;
}

static bool overlay_works(struct arena *arena, const char *place, const struct stat *is,
			  const struct facts *facts)
{
	char *directory = trial_directory(arena, place, is);
	if (!directory)
		return false;
	_cleanup_fd_ int at = open(directory, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	struct overlay_trial trial = {facts, directory};
	bool works = at >= 0 && make_trial(at) == 0 && try_out(try_overlay, &trial);
	remove_trial(directory, at);
	return works;
}

bool facts_userns_overlay(struct arena *arena, const struct facts_places *places,
			  const struct facts *facts)
{
	struct stat is;
	const char *place = trial_place(arena, places->layers);
	if (stat(place, &is) < 0)
		return false;
	const char *question = arena_printf(arena, "overlay-%llx", (unsigned long long)is.st_dev);
	struct kept kept = kept_at(arena, places->cache, question, facts);
	if (was_kept(arena, &kept))
		return true;
	if (!overlay_works(arena, place, &is, facts))
		return false;
	keep(&kept);
	return true;
}
