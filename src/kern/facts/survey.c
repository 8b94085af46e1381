// SPDX-License-Identifier: Apache-2.0
// survey.c - looking a host over
//
// Each question is one function: a sysctl, a file's presence, a system call that would have to
// exist. Where the answer depends on rights that an ordinary user has in a user namespace only
// (mounting), a child makes one and answers by its exit status.
#include "kern/facts/survey.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "base/program.h"
#include "kern/facts/binfmt.h"
#include "kern/process/jail.h"
#include "kern/mounts/mountinfo.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { SMALL_FILE_MAX = 64 << 10, PROFILES_MAX = 1 << 20 };

// Numbers of system calls that the floor's headers may lack.
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif

// --- sysctl and small files ---------------------------------------------------------------------

static struct str read_small(struct arena *arena, const char *path)
{
	struct str text = {0};
	file_read_small(arena, path, SMALL_FILE_MAX, &text);
	return text;
}

static int64_t read_switch(struct arena *arena, const char *path)
{
	struct str text = read_small(arena, path), line = str_line(&text);
	uint64_t number;
	if (!line.p || str_number(line, INT64_MAX, &number))
		return -1;
	return (int64_t)number;
}

static void look_at_switches(struct arena *arena, struct survey *survey)
{
	survey->debian_userns = read_switch(arena, "/proc/sys/kernel/unprivileged_userns_clone");
	survey->ubuntu_userns =
		read_switch(arena, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
	survey->max_userns = read_switch(arena, "/proc/sys/user/max_user_namespaces");
	survey->first_port = read_switch(arena, "/proc/sys/net/ipv4/ip_unprivileged_port_start");
	survey->dmesg_restrict = read_switch(arena, "/proc/sys/kernel/dmesg_restrict");
	struct str release = read_small(arena, "/proc/sys/kernel/osrelease");
	struct str line = str_line(&release);
	survey->release = line.p ? arena_dup_n(arena, line.p, line.n) : NULL;
}

// "1000:    12 11/11 9/200 120/20000": users' keys and what they may have.
static void look_at_keys(struct arena *arena, uint32_t uid, struct survey *survey)
{
	const char *most =
		uid ? "/proc/sys/kernel/keys/maxkeys" : "/proc/sys/kernel/keys/root_maxkeys";
	int64_t limit = read_switch(arena, most);
	survey->keys_most = limit > 0 ? (uint64_t)limit : 0;
	struct str text = read_small(arena, "/proc/key-users");
	for (struct str line; (line = str_line(&text)).p;) {
		uint64_t number;
		struct str head = str_word(&line);
		head = str_cut(&head, ':');
		if (str_number(head, UINT32_MAX, &number) || number != uid)
			continue;
		str_word(&line);
		str_word(&line);
		struct str used = str_word(&line);
		if (str_number(str_cut(&used, '/'), UINT64_MAX, &number) == 0)
			survey->keys_used = number;
	}
}

// --- systemd ------------------------------------------------------------------------------------

static void look_at_systemd(struct arena *arena, const struct facts *facts, struct survey *survey)
{
	survey->systemd = access("/run/systemd/system", F_OK) == 0;
	const char *bus = arena_printf(arena, "/run/user/%u/bus", facts->uid);
	survey->session_bus = facts->uid && survey->systemd && access(bus, R_OK | W_OK) == 0;
}

// --- programs -----------------------------------------------------------------------------------

static const char *find_program(struct arena *arena, const char *name)
{
	static const char *const directories[] = {"/usr/bin", "/usr/local/bin", "/usr/sbin",
						  "/run/wrappers/bin"};
	for (size_t i = 0; i < lengthof(directories); i++) {
		const char *path = arena_printf(arena, "%s/%s", directories[i], name);
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

static struct survey_program look_at_program(struct arena *arena, const char *name)
{
	struct survey_program program = {.path = find_program(arena, name)};
	struct stat status;
	if (!program.path || stat(program.path, &status))
		return program;
	program.set_id = status.st_mode & S_ISUID && status.st_uid == 0;
	program.capabilities = getxattr(program.path, "security.capability", NULL, 0) > 0;
	return program;
}

static void add_name(struct arena *arena, struct survey_names *names, size_t most, const char *name)
{
	if (!names->item)
		names->item = arena_array(arena, const char *, most);
	if (names->n < most)
		names->item[names->n++] = name;
}

static void look_at_programs(struct arena *arena, const char *const *helpers, struct survey *survey)
{
	size_t most = 0;
	survey->newuidmap = look_at_program(arena, "newuidmap");
	survey->newgidmap = look_at_program(arena, "newgidmap");
	survey->pasta = find_program(arena, "pasta");
	while (helpers[most])
		most++;
	for (size_t i = 0; i < most; i++) {
		const char *path;
		bool found = program_find(arena, helpers[i], &path) == 0;
		add_name(arena, found ? &survey->helpers : &survey->missing_helpers, most,
			 helpers[i]);
	}
	fault_clear();
}

static void look_at_emulators(struct arena *arena, struct survey *survey)
{
	static const char *const architectures[] = {"amd64",   "arm64", "arm",     "386",
						    "riscv64", "s390x", "ppc64le", "loong64"};
	for (size_t i = 0; i < lengthof(architectures); i++) {
		struct binfmt_handler handler;
		if (binfmt_look(arena, BINFMT_PLACE, architectures[i], &handler) ==
			    BINFMT_HANDLER &&
		    handler.enabled)
			add_name(arena, &survey->emulated, lengthof(architectures),
				 architectures[i]);
	}
}

// --- security modules ---------------------------------------------------------------------------

static void look_at_modules(struct arena *arena, struct survey *survey)
{
	struct str text = read_small(arena, "/sys/module/apparmor/parameters/enabled");
	survey->seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 &&
			  access("/proc/sys/kernel/seccomp/actions_avail", F_OK) == 0;
	survey->landlock = (uint32_t)max_of(jail_landlock(), 0);
	survey->apparmor = text.n && text.p[0] == 'Y';
	survey->selinux = read_switch(arena, "/sys/fs/selinux/enforce");
	if (survey->apparmor && file_read_small(arena, "/sys/kernel/security/apparmor/profiles",
						PROFILES_MAX, &text) == 0)
		for (struct str line; (line = str_line(&text)).p;)
			survey->apparmor_profile |= str_is(str_word(&line), "tare");
}

// --- file systems -------------------------------------------------------------------------------

static bool kernel_has(struct arena *arena, const char *file_system)
{
	struct str text = read_small(arena, "/proc/filesystems");
	for (struct str line; (line = str_line(&text)).p;)
		for (struct str word; (word = str_word(&line)).p;)
			if (str_is(word, file_system))
				return true;
	return false;
}

enum { MOUNT_API = 1, LOWER_PLUS = 2, IDMAPPED = 4 };

// In a child: the answers as bits. A kernel without mount_setattr(2) says ENOSYS, one that has it
// asks for a user namespace before it does anything.
static int try_mounts(const struct facts *facts)
{
	int bits = 0;
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = UINT64_MAX};
	if (facts->uid && unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return 0;
	int fd = (int)syscall(SYS_fsopen, "overlay", 0);
	if (fd >= 0 || errno != ENOSYS)
		bits |= MOUNT_API;
	if (fd >= 0 && syscall(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "lowerdir+", "/", 0) == 0)
		bits |= LOWER_PLUS;
	if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &attributes, sizeof(attributes)) == 0 ||
	    errno != ENOSYS)
		bits |= IDMAPPED;
	return bits;
}

static void look_at_mounts(struct arena *arena, const struct facts *facts, struct survey *survey)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(try_mounts(facts));
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	int bits = child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	survey->erofs = kernel_has(arena, "erofs");
	survey->mount_api = bits & MOUNT_API;
	survey->lower_plus = bits & LOWER_PLUS;
	survey->idmapped = bits & IDMAPPED;
	survey->time_namespace = access("/proc/self/ns/time", F_OK) == 0;
}

// The type of a file system, by the device's number in the list of mounts.
static const char *file_system_of(struct arena *arena, const struct stat *status)
{
	struct str text;
	struct mountinfo mount;
	if (file_read(arena, AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text))
		return NULL;
	for (int got; (got = mountinfo_next(arena, &text, &mount)) != MOUNTINFO_END;)
		if (got == 0 && mount.major == major(status->st_dev) &&
		    mount.minor == minor(status->st_dev))
			return mount.type;
	return NULL;
}

static struct survey_place look_at_place(struct arena *arena, const char *path)
{
	struct survey_place place = {.path = parents_existing(arena, path)};
	struct statvfs room;
	struct stat status;
	if (stat(place.path, &status) || statvfs(place.path, &room))
		return place;
	place.file_system = file_system_of(arena, &status);
	place.free = (uint64_t)room.f_bavail * room.f_frsize;
	place.total = (uint64_t)room.f_blocks * room.f_frsize;
	place.writable = access(place.path, W_OK | X_OK) == 0;
	place.noexec = room.f_flag & ST_NOEXEC;
	place.nodev = room.f_flag & ST_NODEV;
	place.nosuid = room.f_flag & ST_NOSUID;
	return place;
}

void survey_gather(struct arena *arena, const struct facts *facts, const char *root,
		   const char *runroot, const char *const *helpers, struct survey *ret_survey)
{
	struct survey survey = {0};
	look_at_switches(arena, &survey);
	look_at_keys(arena, facts->uid, &survey);
	look_at_systemd(arena, facts, &survey);
	look_at_programs(arena, helpers, &survey);
	look_at_emulators(arena, &survey);
	look_at_modules(arena, &survey);
	look_at_mounts(arena, facts, &survey);
	_cleanup_fd_ int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	survey.tun_error = tun < 0 ? errno : 0;
	survey.root = look_at_place(arena, root);
	survey.runroot = look_at_place(arena, runroot);
	*ret_survey = survey;
}
