// SPDX-License-Identifier: Apache-2.0
// limit.c - the least a container can cost: the same container as tare's, and nothing else
//
//	limit [--host-network] [--unconfined] [--cgroups none|v1|v2] [--limits] [--overlay]
//	      ROOT COMMAND [ARGUMENT…]
//
// What no program could do faster on this kernel is the yardstick for tare: this one parses next to
// nothing, checks nothing it can know beforehand, explains nothing and keeps no record. What it
// makes is what `tare run --rm --rootfs ROOT COMMAND` makes: the same namespaces, mounts, devices,
// masks, files, cgroups, capabilities and filter, removed in the end. Its tricks:
//
//   - no C library: not one instruction before the first of ours, no page of data touched by it
//   - the child shares the parent's memory, on a stack of its own, as vfork(2) does
//   - the root is entered first, and what belongs in it is mounted afterwards with mount(2): one
//     system call each by a plain path. The new mount API would take five to nine, and resolving
//     the target by descriptor two more; that is the price of not trusting the root
//   - the child itself writes 0 to `tasks` (v1), or is born in its cgroup (v2)
//   - the system call filter is the one tare was built with, an interval tree
//
// It trusts the root it is given and must not be used for anything but measuring.
#include "base/sys.h"
#include "kern/seccomp/builtin.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/keyctl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum {
	NAME_MAX_ = 32,
	TEXT_MAX = 512,
	FAILED = 125,
};

enum cgroups { CGROUPS_NONE, CGROUPS_V1, CGROUPS_V2 };

// Everything there is to know. The child shares the parent's memory: so this is all there is, once.
static struct {
	bool host_network;
	bool unconfined;
	bool limits;
	bool overlay;
	enum cgroups cgroups;
	const char *root;
	char **command;
	char name[NAME_MAX_]; // limit-PID: of the cgroups and of the state directory
	char state[TEXT_MAX]; // /run/limit-PID
	int cgroup;           // v2: the directory to be born in
} limit;

static char stack[64 * 1024] __attribute__((aligned(16)));

// --- what a C library would give ----------------------------------------------------------------

// The compiler may put calls to these in place of initialisers and copies.
void *memset(void *to, int byte, size_t n)
{
	for (char *at = to; n--; at++)
		*(volatile char *)at = (char)byte;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}

size_t strlen(const char *text)
{
	size_t n = 0;
	while (((const volatile char *)text)[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--)
		a++, b++;
	return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

static void join(char out[TEXT_MAX], const char *const *parts)
{
	size_t n = 0;
	for (; *parts; parts++)
		for (const char *at = *parts; *at && n + 1 < TEXT_MAX; at++)
			out[n++] = *at;
	out[n] = '\0';
}

#define JOIN(out, ...) join(out, (const char *const[]){__VA_ARGS__, NULL})

// Ends the process, in the child too, when a system call failed: `limit: mount /proc: 22`.
static void must(long result, const char *what)
{
	if (result >= 0)
		return;
	char number[8], text[TEXT_MAX];
	size_t at = sizeof(number);
	number[--at] = '\0';
	for (long error = -result; error && at; error /= 10)
		number[--at] = (char)('0' + error % 10);
	JOIN(text, "limit: ", what, ": errno ", number + at, "\n");
	sys_call(SYS_write, 2, text, strlen(text));
	sys_call(SYS_exit_group, FAILED);
}

static void write_text(const char *directory, const char *file, const char *text, int flags)
{
	char path[TEXT_MAX];
	JOIN(path, directory, "/", file);
	long fd = sys_call(SYS_openat, AT_FDCWD, path, flags | O_WRONLY | O_CLOEXEC, 0644);
	must(fd, path);
	must(sys_call(SYS_write, fd, text, strlen(text)), path);
	sys_call(SYS_close, fd);
}

// --- the parent: the state directory ------------------------------------------------------------

static const char *const files[] = {"resolv.conf", "hostname", "hosts"};
static const char *const scratch[] = {"upper", "work"};

static void make_name(void)
{
	char digits[12];
	size_t at = sizeof(digits);
	digits[--at] = '\0';
	for (long pid = sys_call(SYS_getpid); pid; pid /= 10)
		digits[--at] = (char)('0' + pid % 10);
	char name[TEXT_MAX];
	JOIN(name, "limit-", digits + at);
	memcpy(limit.name, name, NAME_MAX_);
	JOIN(limit.state, "/run/", limit.name);
}

static void make_state(void)
{
	static char resolv[4096];
	char hosts[TEXT_MAX], hostname[TEXT_MAX];
	long fd = sys_call(SYS_openat, AT_FDCWD, "/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		sys_call(SYS_read, fd, resolv, sizeof(resolv) - 1);
		sys_call(SYS_close, fd);
	}
	JOIN(hosts, "127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.0.1\t", limit.name, "\n");
	JOIN(hostname, limit.name, "\n");
	const char *const texts[] = {resolv, hostname, hosts};
	must(sys_call(SYS_mkdirat, AT_FDCWD, limit.state, 0700), limit.state);
	for (size_t i = 0; i < lengthof(files); i++)
		write_text(limit.state, files[i], texts[i], O_CREAT | O_EXCL);
	for (size_t i = 0; limit.overlay && i < lengthof(scratch); i++) {
		char path[TEXT_MAX];
		JOIN(path, limit.state, "/", scratch[i]);
		must(sys_call(SYS_mkdirat, AT_FDCWD, path, 0755), path);
	}
}

static void remove_at(const char *name, int flags)
{
	char path[TEXT_MAX];
	JOIN(path, limit.state, name);
	must(sys_call(SYS_unlinkat, AT_FDCWD, path, flags), path);
}

static void remove_state(void)
{
	for (size_t i = 0; i < lengthof(files); i++) {
		char name[TEXT_MAX];
		JOIN(name, "/", files[i]);
		remove_at(name, 0);
	}
	if (limit.overlay) {
		// What the kernel left of an overlay mounted volatile into which nobody wrote.
		remove_at("/work/work/incompat/volatile/dirty", 0);
		remove_at("/work/work/incompat/volatile", AT_REMOVEDIR);
		remove_at("/work/work/incompat", AT_REMOVEDIR);
		remove_at("/work/work", AT_REMOVEDIR);
		remove_at("/work", AT_REMOVEDIR);
		remove_at("/upper", AT_REMOVEDIR);
	}
	remove_at("", AT_REMOVEDIR);
}

// --- the parent: cgroups ------------------------------------------------------------------------

static const char *const hierarchies[] = {"memory", "pids", "cpu", "cpuacct", "devices"};

static const char *const device_rules[] = {
	"c *:* m",   "b *:* m",   "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm",   "c 1:8 rwm",
	"c 1:9 rwm", "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm",
};

struct setting {
	const char *hierarchy; // of v1
	const char *file;
	const char *value;
};

// -m 64m --cpus 1 --pids-limit 64
static const struct setting limits_v1[] = {
	{"memory", "memory.limit_in_bytes", "67108864"},
	{"memory", "memory.memsw.limit_in_bytes", "134217728"},
	{"cpu", "cpu.cfs_period_us", "100000"},
	{"cpu", "cpu.cfs_quota_us", "100000"},
	{"pids", "pids.max", "64"},
};
static const struct setting limits_v2[] = {
	{"", "memory.max", "67108864"},
	{"", "memory.swap.max", "67108864"},
	{"", "cpu.max", "100000 100000"},
	{"", "pids.max", "64"},
};

static void group_path(char out[TEXT_MAX], const char *hierarchy)
{
	JOIN(out, "/sys/fs/cgroup/", hierarchy, *hierarchy ? "/" : "", limit.name);
}

static void apply_limits(const struct setting *settings, size_t n)
{
	char group[TEXT_MAX];
	for (size_t i = 0; limit.limits && i < n; i++) {
		group_path(group, settings[i].hierarchy);
		write_text(group, settings[i].file, settings[i].value, 0);
	}
}

static void make_groups_v1(void)
{
	char path[TEXT_MAX];
	for (size_t i = 0; i < lengthof(hierarchies); i++) {
		group_path(path, hierarchies[i]);
		must(sys_call(SYS_mkdirat, AT_FDCWD, path, 0755), path);
	}
	apply_limits(limits_v1, lengthof(limits_v1));
	group_path(path, "devices");
	write_text(path, "devices.deny", "a", 0);
	char allow[TEXT_MAX];
	JOIN(allow, path, "/devices.allow");
	long fd = sys_call(SYS_openat, AT_FDCWD, allow, O_WRONLY | O_CLOEXEC);
	must(fd, allow);
	for (size_t i = 0; i < lengthof(device_rules); i++)
		must(sys_call(SYS_write, fd, device_rules[i], strlen(device_rules[i])), allow);
	sys_call(SYS_close, fd);
}

#define BPF(op, to, from, jump, value)                                                             \
	{                                                                                          \
		.code = (op), .dst_reg = (to), .src_reg = (from), .off = (jump), .imm = (value)    \
	}
#define FIELD(to, name)                                                                            \
	BPF(BPF_LDX | BPF_MEM | BPF_W, to, 1, offsetof(struct bpf_cgroup_dev_ctx, name), 0)
#define IF_EQUAL(reg, value, jump) BPF(BPF_JMP | BPF_JEQ | BPF_K, reg, 0, jump, value)
#define IF_OTHER(reg, value, jump) BPF(BPF_JMP | BPF_JNE | BPF_K, reg, 0, jump, value)
#define SHIFT_RIGHT(reg, value)    BPF(BPF_ALU64 | BPF_RSH | BPF_K, reg, 0, 0, value)
#define AND(reg, value)            BPF(BPF_ALU64 | BPF_AND | BPF_K, reg, 0, 0, value)
#define SET(reg, value)            BPF(BPF_ALU64 | BPF_MOV | BPF_K, reg, 0, 0, value)
#define END                        BPF(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

// The device rules as v2 takes them: mknod alone, or one of the list, may pass.
static const struct bpf_insn device_program[] = {
	FIELD(2, access_type),
	BPF(BPF_ALU64 | BPF_MOV | BPF_X, 5, 2, 0, 0),
	SHIFT_RIGHT(5, 16),
	AND(5, ~BPF_DEVCG_ACC_MKNOD),
	IF_EQUAL(5, 0, 17),
	AND(2, 0xffff),
	IF_OTHER(2, BPF_DEVCG_DEV_CHAR, 13),
	FIELD(3, major),
	FIELD(4, minor),
	IF_EQUAL(3, 136, 12),
	IF_EQUAL(3, 5, 7),
	IF_OTHER(3, 1, 8),
	IF_EQUAL(4, 3, 9),
	IF_EQUAL(4, 5, 8),
	IF_EQUAL(4, 7, 7),
	IF_EQUAL(4, 8, 6),
	IF_EQUAL(4, 9, 5),
	BPF(BPF_JMP | BPF_JA, 0, 0, 2, 0),
	BPF(BPF_JMP | BPF_JGT | BPF_K, 4, 0, 1, 2),
	BPF(BPF_JMP | BPF_JA, 0, 0, 2, 0),
	SET(0, 0),
	END,
	SET(0, 1),
	END,
};

static void make_group_v2(void)
{
	char path[TEXT_MAX];
	group_path(path, "");
	must(sys_call(SYS_mkdirat, AT_FDCWD, path, 0755), path);
	limit.cgroup = (int)sys_call(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(limit.cgroup, path);
	apply_limits(limits_v2, lengthof(limits_v2));
	long group = sys_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = lengthof(device_program),
		.insns = (uintptr_t)device_program,
		.license = (uintptr_t) "Apache-2.0",
	};
	long program = sys_call(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	must(program, "load the device program");
	union bpf_attr attach = {
		.target_fd = (uint32_t)group,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	must(sys_call(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)), "attach it");
}

static void remove_groups(void)
{
	char path[TEXT_MAX];
	if (limit.cgroups == CGROUPS_V2) {
		group_path(path, "");
		must(sys_call(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), path);
	}
	for (size_t i = 0; limit.cgroups == CGROUPS_V1 && i < lengthof(hierarchies); i++) {
		group_path(path, hierarchies[i]);
		must(sys_call(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), path);
	}
}

// --- the child ----------------------------------------------------------------------------------

enum {
	HARD = MS_NOSUID | MS_NODEV | MS_NOEXEC,
};

static void mount_at(const char *type, const char *target, unsigned long flags, const char *data)
{
	must(sys_call(SYS_mount, type, target, type, flags, data), target);
}

static void join_groups(void)
{
	char path[TEXT_MAX];
	for (size_t i = 0; limit.cgroups == CGROUPS_V1 && i < lengthof(hierarchies); i++) {
		group_path(path, hierarchies[i]);
		write_text(path, "tasks", "0", 0);
	}
	must(sys_call(SYS_unshare, CLONE_NEWCGROUP), "unshare the cgroup namespace");
}

// The root becomes a mount, on top of itself, and the working directory.
static void mount_root(void)
{
	const char *root = limit.root;
	must(sys_call(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make / private");
	if (limit.overlay) {
		char options[TEXT_MAX];
		JOIN(options, "volatile,lowerdir=", root, ",upperdir=", limit.state,
		     "/upper,workdir=", limit.state, "/work");
		mount_at("overlay", root, 0, options);
	} else {
		must(sys_call(SYS_mount, root, root, NULL, MS_BIND | MS_REC, NULL), root);
	}
	must(sys_call(SYS_chdir, root), root);
}

// While the host's files can still be named: paths below the root as the working directory.
static void bind_files(void)
{
	for (size_t i = 0; i < lengthof(files); i++) {
		char from[TEXT_MAX], to[TEXT_MAX];
		JOIN(from, limit.state, "/", files[i]);
		JOIN(to, "etc/", files[i]);
		must(sys_call(SYS_mount, from, to, NULL, MS_BIND, NULL), to);
	}
}

static void fill_dev(void)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} nodes[] = {
		{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
		{"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0},
	};
	static const char *const links[][2] = {
		{"/proc/self/fd", "/dev/fd"},       {"/proc/self/fd/0", "/dev/stdin"},
		{"/proc/self/fd/1", "/dev/stdout"}, {"/proc/self/fd/2", "/dev/stderr"},
		{"/proc/kcore", "/dev/core"},       {"pts/ptmx", "/dev/ptmx"},
	};
	static const char *const directories[] = {"/dev/pts", "/dev/mqueue", "/dev/shm"};
	mount_at("tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
	for (size_t i = 0; i < lengthof(nodes); i++)
		must(sys_call(SYS_mknodat, AT_FDCWD, nodes[i].path, S_IFCHR | 0666,
			      makedev(nodes[i].major, nodes[i].minor)),
		     nodes[i].path);
	for (size_t i = 0; i < lengthof(links); i++)
		must(sys_call(SYS_symlinkat, links[i][0], AT_FDCWD, links[i][1]), links[i][1]);
	for (size_t i = 0; i < lengthof(directories); i++)
		must(sys_call(SYS_mkdirat, AT_FDCWD, directories[i], 0755), directories[i]);
	mount_at("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC,
		 "newinstance,ptmxmode=0666,mode=0620,gid=5");
	mount_at("mqueue", "/dev/mqueue", HARD, NULL);
	mount_at("tmpfs", "/dev/shm", HARD, "mode=1777,size=65536k");
}

static void show_groups(void)
{
	static const char top[] = "/sys/fs/cgroup";
	if (limit.cgroups == CGROUPS_V2) {
		mount_at("cgroup2", top, HARD | MS_RDONLY, NULL);
		return;
	}
	if (limit.cgroups == CGROUPS_NONE) {
		mount_at("tmpfs", top, HARD | MS_RDONLY, "size=0,nr_inodes=1,mode=755");
		return;
	}
	mount_at("tmpfs", top, HARD, "mode=755");
	for (size_t i = 0; i < lengthof(hierarchies); i++) {
		char path[TEXT_MAX];
		JOIN(path, top, "/", hierarchies[i]);
		must(sys_call(SYS_mkdirat, AT_FDCWD, path, 0755), path);
		mount_at("cgroup", path, HARD | MS_RDONLY, hierarchies[i]);
	}
	must(sys_call(SYS_mount, NULL, top, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | HARD, NULL),
	     top);
}

// A path that this kernel lacks needs no mask.
static void must_or_missing(long result, const char *what)
{
	if (result != -ENOENT)
		must(result, what);
}

static void hide(void)
{
	static const char *const files_[] = {
		"/proc/interrupts",  "/proc/kcore",      "/proc/keys",        "/proc/latency_stats",
		"/proc/sched_debug", "/proc/timer_list", "/proc/timer_stats",
	};
	static const char *const directories[] = {
		"/proc/acpi",    "/proc/asound", "/proc/scsi", "/sys/devices/virtual/powercap",
		"/sys/firmware",
	};
	static const char *const readonly[] = {
		"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
	};
	const char *empty = NULL;
	for (size_t i = 0; i < lengthof(files_); i++)
		must_or_missing(sys_call(SYS_mount, "/dev/null", files_[i], NULL, MS_BIND, NULL),
				files_[i]);
	for (size_t i = 0; i < lengthof(directories); i++) {
		const char *path = directories[i];
		long result = empty ? sys_call(SYS_mount, empty, path, NULL, MS_BIND, NULL)
				    : sys_call(SYS_mount, "tmpfs", path, "tmpfs", MS_RDONLY,
					       "size=0,mode=755,nr_inodes=1");
		must_or_missing(result, path);
		if (!empty && result == 0)
			empty = path;
	}
	for (size_t i = 0; i < lengthof(readonly); i++) {
		const char *path = readonly[i];
		long result = sys_call(SYS_mount, path, path, NULL, MS_BIND | MS_REC, NULL);
		must_or_missing(result, path);
		if (result == 0)
			must(sys_call(SYS_mount, NULL, path, NULL,
				      MS_REMOUNT | MS_BIND | MS_RDONLY | HARD, NULL),
			     path);
	}
}

static void enter_root(void)
{
	must(sys_call(SYS_pivot_root, ".", "."), "pivot_root");
	must(sys_call(SYS_umount2, ".", MNT_DETACH), "detach the old root");
	must(sys_call(SYS_chdir, "/"), "/");
}

static void name_machine(void)
{
	if (!limit.host_network) {
		struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
		long fd = sys_call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		must(fd, "make a socket");
		must(sys_call(SYS_ioctl, fd, 0x8914 /* SIOCSIFFLAGS */, &lo), "lo");
	}
	must(sys_call(SYS_sethostname, limit.name, strlen(limit.name)), "sethostname");
	must(sys_call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, limit.name), "keyctl");
}

static void give_up_rights(void)
{
	// Docker's: chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service
	// net_raw sys_chroot mknod audit_write setfcap
	static const uint32_t kept = 0xa80425fb;
	const gid_t groups[] = {0};
	for (long cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (cap > 31 || !(kept >> cap & 1))
			sys_call(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (!limit.unconfined) {
		struct sock_fprog filter = {(unsigned short)seccomp_builtin_n,
					    (struct sock_filter *)(uintptr_t)seccomp_builtin};
		must(sys_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
			      &filter),
		     "seccomp");
	}
	must(sys_call(SYS_setgroups, 1, groups), "setgroups");
	must(sys_call(SYS_setresgid, 0, 0, 0), "setresgid");
	must(sys_call(SYS_setresuid, 0, 0, 0), "setresuid");
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2] = {{kept, kept, 0}};
	must(sys_call(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient");
	must(sys_call(SYS_capset, &header, sets), "capset");
}

static noreturn_ void exec_command(void)
{
	char hostname[TEXT_MAX];
	JOIN(hostname, "HOSTNAME=", limit.name);
	char *environment[] = {
		(char *)"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		hostname,
		(char *)"HOME=/root",
		NULL,
	};
	long null = sys_call(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
	must(null, "/dev/null");
	sys_call(SYS_dup3, null, 0, 0);
	sys_call(SYS_umask, 022);
	sys_call(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC);
	must(sys_call(SYS_execve, limit.command[0], limit.command, environment), limit.command[0]);
	__builtin_unreachable();
}

static noreturn_ __attribute__((used)) void child_main(void)
{
	sys_call(SYS_prctl, PR_SET_PDEATHSIG, 9 /* SIGKILL */, 0, 0, 0);
	sys_call(SYS_setsid);
	sys_call(SYS_umask, 0);
	join_groups();
	mount_root();
	bind_files();
	enter_root();
	mount_at("proc", "/proc", HARD, NULL);
	mount_at("sysfs", "/sys", HARD | MS_RDONLY, NULL);
	fill_dev();
	show_groups();
	hide();
	name_machine();
	give_up_rights();
	exec_command();
}

// --- the parent: the start ----------------------------------------------------------------------

// clone3(2) with the stack above. The child never returns from child_main.
static long clone_child(struct clone_args *args)
{
	long result;
#if defined(__x86_64__)
	__asm__ volatile("syscall\n\t"
			 "testq %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "callq child_main\n"
			 "1:"
			 : "=a"(result)
			 : "a"(SYS_clone3), "D"(args), "S"(sizeof(*args))
			 : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = SYS_clone3;
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = sizeof(*args);
	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "bl child_main\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1)
			 : "memory", "cc");
	result = x0;
#endif
	return result;
}

static long start(void)
{
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_VFORK | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
			 CLONE_NEWUTS | (limit.host_network ? 0 : CLONE_NEWNET) |
			 (limit.cgroups == CGROUPS_V2 ? CLONE_INTO_CGROUP : 0),
		.exit_signal = 17, // SIGCHLD
		.stack = (uintptr_t)stack,
		.stack_size = sizeof(stack),
		.cgroup = (uint64_t)limit.cgroup,
	};
	long pid = clone_child(&args);
	must(pid, "clone3");
	return pid;
}

static enum cgroups parse_cgroups(const char *word)
{
	if (str_eq(word, "none"))
		return CGROUPS_NONE;
	if (str_eq(word, "v1"))
		return CGROUPS_V1;
	must(str_eq(word, "v2") ? 0 : -EINVAL, "--cgroups is none, v1 or v2");
	return CGROUPS_V2;
}

static void parse(char **argument)
{
	for (; *argument && **argument == '-'; argument++) {
		if (str_eq(*argument, "--host-network"))
			limit.host_network = true;
		else if (str_eq(*argument, "--unconfined"))
			limit.unconfined = true;
		else if (str_eq(*argument, "--limits"))
			limit.limits = true;
		else if (str_eq(*argument, "--overlay"))
			limit.overlay = true;
		else if (str_eq(*argument, "--cgroups") && argument[1])
			limit.cgroups = parse_cgroups(*++argument);
		else
			must(-EINVAL, *argument);
	}
	must(argument[0] && argument[1] ? 0 : -EINVAL, "a root and a command are needed");
	limit.root = argument[0];
	limit.command = argument + 1;
}

static noreturn_ __attribute__((used)) void main_at(long *arguments)
{
	int status = 0;
	parse((char **)(arguments + 2));
	make_name();
	make_state();
	if (limit.cgroups == CGROUPS_V1)
		make_groups_v1();
	if (limit.cgroups == CGROUPS_V2)
		make_group_v2();
	long pid = start();
	must(sys_call(SYS_wait4, pid, &status, 0, NULL), "wait");
	remove_groups();
	remove_state();
	int signal = status & 0x7f;
	for (;;)
		sys_call(SYS_exit_group, signal ? 128 + signal : status >> 8 & 0xff);
}

// The kernel enters here, with the number of arguments and the arguments themselves on the stack.
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txorl %ebp, %ebp\n\tmovq %rsp, %rdi\n\tandq $-16, %rsp\n\t"
	"callq main_at\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, xzr\n\tmov x0, sp\n\tbl main_at\n");
#endif
