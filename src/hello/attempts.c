// SPDX-License-Identifier: Apache-2.0
// attempts.c - what it tried to reach, and which wall of the container was in the way
//
// Nothing here does harm, even where nothing is in the way: what worked is undone at once, and
// calls that could not be undone carry an argument that the kernel refuses only after it has
// decided whether the caller may (`past` is that answer: the gate was open).
//
// Which wall it was cannot always be seen from the error alone: EPERM comes from a missing
// capability as well as from a seccomp filter. So `bare` makes the same call with arguments that
// the kernel finds faulty *before* it looks at rights: if that is EPERM, too, then not the kernel
// but the filter in front of it has spoken. Calls that look at rights first have no such bare
// call; there a missing capability is named, which is enough of a reason.
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

enum wall {              // what was in the way
	WALL_NONE,       // nothing: it worked
	WALL_CAPABILITY, // the right is not in the effective set
	WALL_SECCOMP,    // the filter answered instead of the kernel
	WALL_NAMESPACE,  // the right counts in the own namespace only
	WALL_MASK,       // something empty is mounted over it
	WALL_READ_ONLY,  // mounted read-only
	WALL_DEVICES,    // the cgroup's device rules
	WALL_ABSENT,     // no such file here
	WALL_MODE,       // owner and mode of the file, or a security module
	WALL_KERNEL,     // this kernel cannot do it or has it switched off
	WALL_COUNT,
};

static const char *const wall_names[] = {
	[WALL_NONE] = "none",
	[WALL_CAPABILITY] = "capability",
	[WALL_SECCOMP] = "seccomp",
	[WALL_NAMESPACE] = "namespace",
	[WALL_MASK] = "mask",
	[WALL_READ_ONLY] = "read-only mount",
	[WALL_DEVICES] = "device rules",
	[WALL_ABSENT] = "absent",
	[WALL_MODE] = "file mode",
	[WALL_KERNEL] = "kernel",
};
static_assert(lengthof(wall_names) == WALL_COUNT, "a name for each wall");

struct outcome {
	int error;      // errno; 0: it worked
	enum wall wall; // set by the attempt where it knows; WALL_NONE with an error: derive it
};

struct attempt {
	const char *name;  // in JSON
	const char *words; // "mount a file system"
	struct outcome (*make)(void);
	long (*bare)(void); // NULL: there is none
	int capability;     // -1: none opens this
	const char *own;    // the kind of namespace that what worked stays within; NULL: none
};

#define FAULT ((void *)1) // no memory of ours

// musl comes without the kernel's own headers; these are <linux/capability.h>, <linux/bpf.h> and
// <linux/keyctl.h>.
enum {
	CAP_SYS_MODULE = 16,
	CAP_NET_RAW = 13,
	CAP_SYS_RAWIO = 17,
	CAP_SYS_CHROOT = 18,
	CAP_SYS_ADMIN = 21,
	CAP_SYS_BOOT = 22,
	CAP_SYS_TIME = 25,
	CAP_MKNOD = 27,
	CAP_SYSLOG = 34,
	CAP_BPF = 39,
	BPF_PROG_LOAD = 5,
	BPF_ATTR_SIZE = 128, // of union bpf_attr as Linux 5.15 has it, or less: zeros may follow
	KEYCTL_GET_KEYRING_ID = 0,
	KEY_SPEC_SESSION_KEYRING = -3,
};

static struct outcome said(long result)
{
	return (struct outcome){result < 0 ? errno : 0, WALL_NONE};
}

// An open gate answers with an error of its own.
static struct outcome past(struct outcome outcome, int open_a, int open_b, int open_c)
{
	if (outcome.error &&
	    (outcome.error == open_a || outcome.error == open_b || outcome.error == open_c))
		outcome.error = 0;
	return outcome;
}

// Runs it in a child, so that what it changes dies with it; the child's status is the errno.
static struct outcome in_child(int (*body)(void))
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(body());
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return said(-1);
	return (struct outcome){WIFEXITED(status) ? WEXITSTATUS(status) : EIO, WALL_NONE};
}

static struct outcome opened(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct outcome outcome = said(fd);
	if (fd >= 0)
		close(fd);
	return outcome;
}

static struct outcome mount_tmpfs(void)
{
	char directory[] = "/tmp/hello-XXXXXX";
	bool made = mkdtemp(directory);
	const char *target = made ? directory : "/tmp";
	struct outcome outcome = said(mount("hello", target, "tmpfs", MS_NOSUID | MS_NODEV, ""));
	if (!outcome.error)
		umount2(target, MNT_DETACH);
	if (made)
		rmdir(directory);
	return outcome;
}

static long mount_bare(void)
{
	return mount(FAULT, FAULT, FAULT, 0, FAULT);
}

// The old way out: be put into a directory of one's own root, stay outside of it and walk up.
static int climb(void)
{
	struct stat before, after;
	if (stat("/", &before) || chdir("/") || chroot("/proc") || chdir("../../../../../../../.."))
		return errno;
	if (chroot(".") || stat("/", &after))
		return errno;
	return before.st_dev == after.st_dev && before.st_ino == after.st_ino ? EXDEV : 0;
}

static struct outcome leave_root(void)
{
	struct outcome outcome = in_child(climb);
	if (outcome.error == EXDEV)
		outcome.wall = WALL_NAMESPACE;
	return outcome;
}

static long leave_root_bare(void)
{
	return chroot(FAULT);
}

static struct outcome hostname_file(void)
{
	return opened("/proc/sys/kernel/hostname", O_WRONLY);
}

static struct outcome sysrq(void)
{
	return opened("/proc/sysrq-trigger", O_WRONLY);
}

static struct outcome own_limits(void)
{
	const char *root, *top = mounts_cgroup("memory", &root);
	top = top ? top : mounts_cgroup(NULL, &root);
	if (!top)
		return (struct outcome){ENOENT, WALL_ABSENT};
	return opened(text_join(NULL, "%s/cgroup.procs", top), O_WRONLY);
}

// A file that is hidden is opened well and has nothing in it.
static struct outcome kernel_memory(void)
{
	struct stat status;
	char byte;
	if (!stat("/proc/kcore", &status) && S_ISCHR(status.st_mode))
		return (struct outcome){EACCES, WALL_MASK};
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	struct outcome outcome = said(fd < 0 ? fd : read(fd, &byte, 1));
	if (fd >= 0)
		close(fd);
	return outcome;
}

static struct outcome machine_memory(void)
{
	return opened("/dev/mem", O_RDONLY);
}

// The node first, and then the door it stands for: the second is watched by the cgroup.
static struct outcome disk(void)
{
	static const char *const places[] = {"/dev/hello-disk", "/tmp/hello-disk", "/hello-disk"};
	struct outcome outcome = {0};
	for (size_t i = 0; i < lengthof(places); i++) {
		outcome = said(mknod(places[i], S_IFBLK | 0600, makedev(8, 0)));
		if (outcome.error == EPERM)
			return outcome; // the device rules can refuse here, too
		if (outcome.error)
			continue;
		outcome = opened(places[i], O_RDONLY);
		unlink(places[i]);
		if (outcome.error == EPERM)
			outcome.wall = WALL_DEVICES;
		if (outcome.error == EACCES) // nodev
			outcome.wall = WALL_MODE;
		return past(outcome, ENXIO, ENOMEDIUM, ENODEV);
	}
	if (!rights_has(CAP_MKNOD)) // no place to write to, and it would not have helped
		outcome.wall = WALL_CAPABILITY;
	return outcome;
}

static long disk_bare(void)
{
	return mknod(FAULT, S_IFBLK, 0);
}

static struct outcome module(void)
{
	return past(said(syscall(SYS_init_module, NULL, 0, "")), ENOEXEC, EFAULT, EINVAL);
}

static struct outcome bpf(void)
{
	char attributes[BPF_ATTR_SIZE] = {0};
	return past(said(syscall(SYS_bpf, BPF_PROG_LOAD, attributes, sizeof(attributes))), E2BIG,
		    EFAULT, EINVAL);
}

static int new_user_namespace(void)
{
	return unshare(CLONE_NEWUSER) ? errno : 0;
}

static struct outcome user_namespace(void)
{
	return in_child(new_user_namespace);
}

static long user_namespace_bare(void)
{
	return unshare(0);
}

static struct outcome keyring(void)
{
	return past(said(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0)),
		    ENOKEY, EACCES, EKEYREVOKED);
}

static long keyring_bare(void)
{
	return syscall(SYS_keyctl, -1);
}

static struct outcome restart(void)
{
	return past(said(syscall(SYS_reboot, 0, 0, 0, NULL)), EINVAL, EINVAL, EINVAL);
}

static struct outcome set_clock(void)
{
	struct timex change = {.modes = ADJ_TICK, .tick = 1}; // no clock ticks like that
	return past(said(adjtimex(&change)), EINVAL, EINVAL, EINVAL);
}

static long set_clock_bare(void)
{
	return syscall(SYS_adjtimex, FAULT);
}

static struct outcome kernel_log(void)
{
	char text[16];
	return said(syscall(SYS_syslog, 3, text, sizeof(text)));
}

static struct outcome opened_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	struct outcome outcome = said(fd);
	if (fd >= 0)
		close(fd);
	return outcome;
}

static struct outcome crypto(void)
{
	return opened_socket(AF_ALG, SOCK_SEQPACKET, 0);
}

static struct outcome packets(void)
{
	return opened_socket(AF_PACKET, SOCK_RAW, 0);
}

static long packets_bare(void)
{
	return socket(AF_PACKET, 15, 0); // types end at 10
}

static struct outcome trace(void)
{
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	if (child < 0)
		return said(-1);
	struct outcome outcome = said(ptrace(PTRACE_SEIZE, child, NULL, NULL));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return outcome;
}

static long trace_bare(void)
{
	return ptrace(PTRACE_SEIZE, -1, NULL, NULL);
}

static const struct attempt attempts[] = {
	{"mount", "mount a file system", mount_tmpfs, mount_bare, CAP_SYS_ADMIN, NULL},
	{"escape_root", "climb out of its root", leave_root, leave_root_bare, CAP_SYS_CHROOT, NULL},
	{"hostname_file", "write kernel settings", hostname_file, NULL, -1, NULL},
	{"sysrq", "press SysRq", sysrq, NULL, -1, NULL},
	{"cgroup_write", "change cgroups", own_limits, NULL, -1, NULL},
	{"kcore", "read kernel memory", kernel_memory, NULL, CAP_SYS_RAWIO, NULL},
	{"dev_mem", "read /dev/mem", machine_memory, NULL, CAP_SYS_RAWIO, NULL},
	{"disk", "open a disk", disk, disk_bare, CAP_MKNOD, NULL},
	{"module", "load a module", module, NULL, CAP_SYS_MODULE, NULL},
	{"bpf", "load a BPF program", bpf, NULL, CAP_BPF, NULL},
	{"user_namespace", "nest a user namespace", user_namespace, user_namespace_bare, -1, NULL},
	{"keyring", "see the key ring", keyring, keyring_bare, -1, NULL},
	{"reboot", "restart the machine", restart, NULL, CAP_SYS_BOOT, "pid"},
	{"clock", "set the clock", set_clock, set_clock_bare, CAP_SYS_TIME, NULL},
	{"kernel_log", "read the kernel's log", kernel_log, NULL, CAP_SYSLOG, NULL},
	{"af_alg", "use kernel crypto", crypto, NULL, -1, NULL},
	{"af_packet", "send raw packets", packets, packets_bare, CAP_NET_RAW, "net"},
	{"ptrace", "trace its own child", trace, trace_bare, -1, NULL},
};

static bool is_filtered(const struct attempt *attempt)
{
	if (rights_seccomp() != 2 || !attempt->bare)
		return false;
	return attempt->bare() < 0 && (errno == EPERM || errno == ENOSYS);
}

static bool lacks(const struct attempt *attempt)
{
	return attempt->capability >= 0 && !rights_has(attempt->capability);
}

static enum wall wall_of(const struct attempt *attempt, struct outcome outcome)
{
	if (!outcome.error || outcome.wall)
		return outcome.wall;
	if (outcome.error == EROFS)
		return WALL_READ_ONLY;
	if (outcome.error == ENOENT)
		return WALL_ABSENT;
	if (outcome.error != EPERM && outcome.error != EACCES && outcome.error != ENOSYS)
		return WALL_KERNEL;
	if (outcome.error != EACCES && is_filtered(attempt))
		return WALL_SECCOMP;
	if (outcome.error == ENOSYS)
		return WALL_KERNEL;
	if (outcome.error == EPERM && lacks(attempt))
		return WALL_CAPABILITY;
	if (outcome.error == EACCES)
		return WALL_MODE;
	if (attempt->make == crypto && rights_seccomp() == 2) // open to all in the kernel itself
		return WALL_SECCOMP;
	if (attempt->make == disk && !identity_is_mapped())
		return WALL_DEVICES; // mknod is asked of them as well as open
	return identity_is_mapped() ? WALL_NAMESPACE : WALL_KERNEL;
}

static const char *kernel_words(int error)
{
	switch (error) {
	case ENOSYS:
		return "this kernel has no such call";
	case EAFNOSUPPORT:
		return "this kernel has no such sockets";
	case EPERM:
		return "the kernel says no to everybody";
	case ENOSPC:
		return "there may be no more of them";
	default:
		return strerror(error);
	}
}

static const char *allowed_words(const struct attempt *attempt)
{
	if (!attempt->own)
		return "nothing is in the way";
	if (!namespaces_own(attempt->own))
		return "nothing is in the way, on the machine itself";
	return text_join(NULL, "only within its own %s namespace", attempt->own);
}

static const char *reason(const struct attempt *attempt, enum wall wall, int error)
{
	switch (wall) {
	case WALL_NONE:
		return allowed_words(attempt);
	case WALL_CAPABILITY:
		return text_join(NULL, "lacks %s", rights_name(attempt->capability));
	case WALL_SECCOMP:
		return "the seccomp filter says no";
	case WALL_NAMESPACE:
		return attempt->make == leave_root ? "its mount namespace has no way up"
						   : "its powers end at its user namespace";
	case WALL_MASK:
		return "something empty is mounted over it";
	case WALL_READ_ONLY:
		return "it is mounted read-only";
	case WALL_DEVICES:
		return "the device rules of its cgroup say no";
	case WALL_ABSENT:
		return "there is no such file here";
	case WALL_MODE:
		return attempt->make == disk ? "its mount allows no devices (nodev)"
					     : "the owner and mode of the file say no";
	case WALL_KERNEL:
		return kernel_words(error);
	case WALL_COUNT:
		break;
	}
	return "";
}

void attempts_json(void)
{
	json_open("attempts", '{');
	for (size_t i = 0; i < lengthof(attempts); i++) {
		struct outcome outcome = attempts[i].make();
		json_open(attempts[i].name, '{');
		json_bool("worked", !outcome.error);
		json_number("errno", outcome.error);
		json_text("wall", wall_names[wall_of(&attempts[i], outcome)]);
		json_close('}');
	}
	json_close('}');
}

void attempts_text(void)
{
	for (size_t i = 0; i < lengthof(attempts); i++) {
		const struct attempt *attempt = &attempts[i];
		struct outcome outcome = attempt->make();
		enum wall wall = wall_of(attempt, outcome);
		text_mark(outcome.error ? TEXT_SHUT : TEXT_GOOD,
			  outcome.error ? "refused" : "allowed", "%-23s%s", attempt->words,
			  reason(attempt, wall, outcome.error));
	}
}
