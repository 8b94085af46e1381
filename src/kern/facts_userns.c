// SPDX-License-Identifier: Apache-2.0
// facts_userns.c - what an ordinary user's namespaces can do on this host
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
// and makes it anew, on the file system where containers would have it. It costs a fork, four
// mounts' worth of time and some files, hence its answer is kept by boot and user.
#include "kern/facts_parts.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sched.h>
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

const char *facts_userns_denied(void)
{
	if (switch_is("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		return debian_denies;
	if (switch_is("/proc/sys/user/max_user_namespaces", '0'))
		return limit_denies;
	if (try_out(try_user_namespace, NULL))
		return NULL;
	if (switch_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
		return apparmor_denies;
	return unknown_denies;
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

// Everything that make_trial, the overlay and the trial may have left.
static void remove_trial(const char *directory, int at)
{
	static const char *const made_by_overlay[] = {"upper/old", "work/work", "work/index"};
	unlinkat(at, "lower/old/file", 0);
	unlinkat(at, "upper/old", 0); // a whiteout, where the trial stopped in the middle
	for (size_t i = 0; i < lengthof(made_by_overlay); i++)
		unlinkat(at, made_by_overlay[i], AT_REMOVEDIR);
	for (size_t i = lengthof(trial_directories); i-- > 0;)
		unlinkat(at, trial_directories[i], AT_REMOVEDIR);
	rmdir(directory);
}

static bool overlay_works(struct arena *arena, const char *place, const struct facts *facts)
{
	char *directory = arena_printf(arena, "%s/.overlay-XXXXXX", place);
	if (!mkdtemp(directory)) {
		directory = arena_dup(arena, "/tmp/.overlay-XXXXXX");
		if (!mkdtemp(directory))
			return false;
	}
	_cleanup_fd_ int at = open(directory, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	struct overlay_trial trial = {facts, directory};
	bool works = at >= 0 && make_trial(at) == 0 && try_out(try_overlay, &trial);
	remove_trial(directory, at);
	return works;
}

// The answer kept is a line: the boot's id, a blank, yes or no.
static bool read_answer(struct arena *arena, const char *path, struct str boot, bool *ret_answer)
{
	struct str text;
	if (facts_read(arena, path, 256, &text))
		return false;
	struct str line = str_line(&text);
	struct str kept_boot = str_word(&line), answer = str_word(&line);
	if (kept_boot.n != boot.n || memcmp(kept_boot.p, boot.p, boot.n) != 0 || line.n)
		return false;
	*ret_answer = str_is(answer, "yes");
	return *ret_answer || str_is(answer, "no");
}

// A cache that can't be written only costs the next start its time.
static void keep_answer(struct arena *arena, const char *path, struct str boot, bool answer)
{
	const char *line =
		arena_printf(arena, "%.*s %s\n", (int)boot.n, boot.p, answer ? "yes" : "no");
	const char *fresh = arena_printf(arena, "%s.%d", path, (int)getpid());
	_cleanup_fd_ int fd =
		open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (fd_write_all(fd, line, strlen(line)) < 0 || rename(fresh, path) < 0)
		unlink(fresh);
}

bool facts_userns_overlay(struct arena *arena, const char *cache, const struct facts *facts)
{
	struct str text = {0};
	if (!cache || facts_read(arena, "/proc/sys/kernel/random/boot_id", 256, &text))
		return overlay_works(arena, "/tmp", facts);
	struct str boot = str_line(&text);
	const char *path = arena_printf(arena, "%s/overlay-%u", cache, facts->uid);
	bool works;
	if (read_answer(arena, path, boot, &works))
		return works;
	works = overlay_works(arena, cache, facts);
	keep_answer(arena, path, boot, works);
	return works;
}
