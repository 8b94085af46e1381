// SPDX-License-Identifier: Apache-2.0
// escape.c - what somebody who wants out of a container tries first
//
//	escape [TARGET-PID]
//
// Each try is one line, "NAME: refused" or "NAME: OPEN, what was reached", in the order of the
// table. A try that the kernel here can't do in any case is "absent". Nothing that works does harm:
// it is undone or dies with its process. The status is 1 when one was open.
//
// It is linked statically and is run in a small root; tests/escape/escape.bats is the list of what
// must be refused. TARGET-PID is a process to trace that is not the container's own.
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED, OPEN, ABSENT };

static char reached[512]; // what an open try got
static pid_t target;      // of ptrace

static int open_with(const char *what)
{
	snprintf(reached, sizeof(reached), "%s", what);
	return OPEN;
}

// Runs a try in a child, so that what it changes dies with it.
static int in_child(int (*body)(void))
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(body());
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return ABSENT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED; // killed by the filter
}

static int can_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ABSENT : REFUSED;
	close(fd);
	return open_with(path);
}

// --- descriptors and /proc ----------------------------------------------------------------------

static int descriptors(void)
{
	for (int fd = 3; fd < 1024; fd++) {
		char path[64], to[256];
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, to, sizeof(to) - 1);
		if (n < 0)
			continue;
		to[n] = '\0';
		return open_with(to);
	}
	return REFUSED;
}

// A descriptor that was inherited, but of a directory, is a way out even as 0, 1 or 2.
static int standard_directories(void)
{
	struct stat status;
	for (int fd = 0; fd < 3; fd++)
		if (!fstat(fd, &status) && S_ISDIR(status.st_mode))
			return open_with("a standard descriptor is a directory");
	return REFUSED;
}

static int same_place(const char *a, const char *b)
{
	struct stat one, other;
	return !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

// Process 1 is the container's own: its root is ours, its directory within it.
static int root_of_1(void)
{
	if (access("/proc/1/root", F_OK))
		return errno == ENOENT ? ABSENT : REFUSED;
	return same_place("/proc/1/root", "/") ? REFUSED : open_with("/proc/1/root");
}

static int working_directory(void)
{
	char path[4096];
	long n = syscall(SYS_getcwd, path, sizeof(path));
	return n > 0 && path[0] == '/' ? REFUSED : open_with("the working directory is outside");
}

static int executables(void)
{
	DIR *processes = opendir("/proc");
	int result = REFUSED;
	for (struct dirent *each; processes && (each = readdir(processes));) {
		char path[300];
		struct stat exe, inside;
		if (each->d_name[0] < '0' || each->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/exe", each->d_name);
		if (stat(path, &exe) ||
		    (!stat("/bin/busybox", &inside) && exe.st_ino == inside.st_ino &&
		     exe.st_dev == inside.st_dev))
			continue;
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0) {
			close(fd);
			result = open_with(path);
		}
	}
	if (processes)
		closedir(processes);
	return result;
}

static int core_pattern(void)
{
	return can_write("/proc/sys/kernel/core_pattern");
}

static int modprobe(void)
{
	return can_write("/proc/sys/kernel/modprobe");
}

static int binfmt(void)
{
	return can_write("/proc/sys/fs/binfmt_misc/register");
}

static int uevent_helper(void)
{
	return can_write("/sys/kernel/uevent_helper");
}

static int sysrq(void)
{
	int way = can_write("/proc/sysrq-trigger");
	return way == REFUSED ? REFUSED : way == OPEN ? OPEN : can_write("/proc/sys/kernel/sysrq");
}

static int kernel_memory(void)
{
	char byte;
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ABSENT : REFUSED;
	ssize_t n = read(fd, &byte, 1);
	close(fd);
	return n == 1 ? open_with("/proc/kcore") : REFUSED;
}

static int proc_again_body(void)
{
	if (mkdir("/tmp/proc-again", 0700) && errno != EEXIST)
		return ABSENT;
	return mount("proc", "/tmp/proc-again", "proc", 0, NULL) ? REFUSED : OPEN;
}

static int proc_again(void)
{
	return in_child(proc_again_body);
}

static int unmask_body(void)
{
	return umount2("/proc/keys", MNT_DETACH) ? REFUSED : OPEN;
}

static int unmask(void)
{
	return in_child(unmask_body);
}

static int writable_again_body(void)
{
	return mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL) ? REFUSED : OPEN;
}

static int writable_again(void)
{
	return in_child(writable_again_body);
}

// --- files of the kernel ------------------------------------------------------------------------

static int control_group_files(const char *directory, int depth)
{
	DIR *files = opendir(directory);
	int result = REFUSED;
	for (struct dirent *each; files && result != OPEN && (each = readdir(files));) {
		char path[1024];
		if (each->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, each->d_name);
		if (each->d_type == DT_DIR && depth < 4)
			result = control_group_files(path, depth + 1);
		else if (each->d_type == DT_REG &&
			 (!strcmp(each->d_name, "release_agent") ||
			  !strcmp(each->d_name, "cgroup.procs") || strstr(each->d_name, "limit") ||
			  !strcmp(each->d_name, "memory.max") ||
			  !strncmp(each->d_name, "devices", 7)))
			result = can_write(path) == OPEN ? OPEN : REFUSED;
	}
	if (files)
		closedir(files);
	return result;
}

static int control_groups(void)
{
	return control_group_files("/sys/fs/cgroup", 0);
}

static int control_group_below(void)
{
	if (mkdir("/sys/fs/cgroup/escape", 0755))
		return REFUSED;
	rmdir("/sys/fs/cgroup/escape");
	return open_with("a cgroup was made");
}

static int hierarchy_body(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP))
		return REFUSED;
	mkdir("/tmp/hierarchy", 0700);
	return mount("c", "/tmp/hierarchy", "cgroup", 0, "memory") ? REFUSED : OPEN;
}

static int hierarchy(void)
{
	return in_child(hierarchy_body);
}

static int plain_hierarchy_body(void)
{
	mkdir("/tmp/hierarchy", 0700);
	return mount("c", "/tmp/hierarchy", "cgroup", 0, "rdma,escape") ? REFUSED : OPEN;
}

static int plain_hierarchy(void)
{
	return in_child(plain_hierarchy_body);
}

// --- disks and devices --------------------------------------------------------------------------

// A node can be made where CAP_MKNOD is; what counts is whether it opens.
static int device(mode_t type, unsigned major_number, unsigned minor_number)
{
	static const char path[] = "/tmp/escape-device";
	unlink(path);
	if (mknod(path, type | 0600, makedev(major_number, minor_number)))
		return REFUSED;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = errno;
	unlink(path);
	if (fd >= 0) {
		close(fd);
		return OPEN;
	}
	return error == EPERM || error == EACCES ? REFUSED : ABSENT;
}

static int disks(void)
{
	static const unsigned disks[][2] = {{8, 0}, {253, 0}, {254, 0}, {259, 0}, {7, 0}, {252, 0}};
	int result = ABSENT;
	for (size_t i = 0; i < sizeof(disks) / sizeof(*disks); i++) {
		int way = device(S_IFBLK, disks[i][0], disks[i][1]);
		if (way == OPEN)
			return open_with("a disk");
		result = way == REFUSED ? REFUSED : result;
	}
	return result;
}

static int memory_device(void)
{
	return device(S_IFCHR, 1, 1);
}

static int kernel_log_device(void)
{
	return device(S_IFCHR, 1, 11);
}

static int virtual_machines(void)
{
	return device(S_IFCHR, 10, 232);
}

static int fuse(void)
{
	return device(S_IFCHR, 10, 229);
}

// tmpfs is what any mount of a disk would be, without needing one.
static int mounting_body(void)
{
	mkdir("/tmp/mounted", 0700);
	if (!mount("none", "/tmp/mounted", "tmpfs", 0, NULL))
		return OPEN;
	return syscall(SYS_fsopen, "tmpfs", 0) >= 0 ? OPEN : REFUSED;
}

static int mounting(void)
{
	return in_child(mounting_body);
}

// --- processes ----------------------------------------------------------------------------------

static int trace(void)
{
	if (!target)
		return ABSENT;
	if (!ptrace(PTRACE_SEIZE, target, NULL, NULL)) {
		ptrace(PTRACE_DETACH, target, NULL, NULL);
		return open_with("a process outside was traced");
	}
	if (!kill(target, 0))
		return open_with("a process outside can be signalled");
	return REFUSED;
}

static int pidfd_of_init(void)
{
	int fd = (int)syscall(SYS_pidfd_open, 1, 0);
	if (fd < 0)
		return REFUSED;
	int stolen = (int)syscall(SYS_pidfd_getfd, fd, 0, 0), error = errno;
	close(fd);
	if (stolen >= 0 && getpid() != 1)
		return open_with("a descriptor of process 1");
	return error == ENOSYS ? ABSENT : REFUSED;
}

static int join_1_body(void)
{
	int fd = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return REFUSED;
	return setns(fd, CLONE_NEWNS) ? REFUSED : OPEN;
}

static int join_1(void)
{
	return in_child(join_1_body);
}

static int by_handle(void)
{
	struct file_handle *handle = calloc(1, sizeof(*handle) + 128);
	int id;
	handle->handle_bytes = 128;
	if (name_to_handle_at(AT_FDCWD, "/", handle, &id, 0)) {
		free(handle);
		handle = calloc(1, sizeof(*handle) + 128);
		handle->handle_bytes = 8;
		handle->handle_type = 1;
		((uint32_t *)handle->f_handle)[0] = 2; // the root of an ext4
	}
	int root = open("/", O_RDONLY | O_CLOEXEC);
	int fd = open_by_handle_at(root, handle, O_RDONLY);
	close(root);
	free(handle);
	return fd >= 0 ? open_with("a file by its handle") : REFUSED;
}

// The breakout of chroot: a directory that is held while the root moves below it.
static int chroot_body(void)
{
	int out = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat before, after;
	mkdir("/tmp/chroot", 0700);
	if (out < 0 || stat("/", &before) || chroot("/tmp/chroot") || fchdir(out))
		return REFUSED;
	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			return REFUSED;
	if (chroot(".") || stat("/", &after))
		return REFUSED;
	return before.st_ino == after.st_ino && before.st_dev == after.st_dev ? REFUSED : OPEN;
}

static int chroot_twice(void)
{
	return in_child(chroot_body);
}

// --- user namespaces ----------------------------------------------------------------------------

static int user_namespace_body(void)
{
	return unshare(CLONE_NEWUSER) ? REFUSED : OPEN;
}

static int user_namespace(void)
{
	return in_child(user_namespace_body);
}

static int user_namespace_by_clone(void)
{
	fflush(stdout);
	long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		_exit(0);
	if (child < 0)
		return REFUSED;
	waitpid((pid_t)child, NULL, 0);
	return open_with("clone made a user namespace");
}

static int user_namespace_by_clone3(void)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	fflush(stdout);
	long child = syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0)
		_exit(0);
	if (child < 0)
		return REFUSED;
	waitpid((pid_t)child, NULL, 0);
	return open_with("clone3 made a user namespace");
}

// --- the kernel's own doors ---------------------------------------------------------------------

static int programs(void)
{
	struct bpf_insn code[] = {{.code = 0xb7}, {.code = 0x95}};
	union bpf_attr attributes = {0};
	attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attributes.insns = (uintptr_t)code;
	attributes.insn_cnt = 2;
	attributes.license = (uintptr_t) "GPL";
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
	return fd >= 0 ? open_with("a BPF program was loaded") : REFUSED;
}

static int modules(void)
{
	return syscall(SYS_init_module, "", 0, "") && errno != ENOEXEC && errno != EFAULT ? REFUSED
											  : OPEN;
}

static int kexec(void)
{
	return syscall(SYS_kexec_load, 0, 0, NULL, 0) ? REFUSED : open_with("kexec");
}

static int io_rings(void)
{
	char parameters[120] = {0};
	return syscall(SYS_io_uring_setup, 1, parameters) < 0 ? REFUSED : open_with("io_uring");
}

static int faults(void)
{
	return syscall(SYS_userfaultfd, 0) < 0 ? REFUSED : open_with("userfaultfd");
}

static int performance(void)
{
	char attributes[120] = {0};
	return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0) < 0 && errno != EINVAL
		       ? REFUSED
		       : open_with("perf");
}

static int kernel_log(void)
{
	char text[16];
	return syscall(SYS_syslog, 3, text, sizeof(text)) < 0 ? REFUSED
							      : open_with("the kernel log");
}

// The kernel looks at rights before it finds the time impossible.
static int clock_set(void)
{
	struct timex wrong = {.modes = ADJ_SETOFFSET, .time.tv_usec = -1};
	return adjtimex(&wrong) && errno == EINVAL ? open_with("the clock") : REFUSED;
}

static int restart(void)
{
	syscall(SYS_reboot, 0xfee1dead, 672274793, 0x12345678, 0);
	return errno == EINVAL ? open_with("reboot") : REFUSED;
}

// keyctl itself is refused, so no key of another container with our number is found.
static int keys(void)
{
	long ring = syscall(SYS_keyctl, 0 /* get id */, -4 /* of the user */, 1);
	return ring < 0 ? REFUSED : open_with("the user's key ring");
}

static int key_search(void)
{
	return syscall(SYS_request_key, "user", "escape", NULL, 0) < 0 && errno != ENOKEY
		       ? REFUSED
		       : open_with("a search for keys");
}

// --- terminals ----------------------------------------------------------------------------------

// A terminal that has no name in here is the caller's. One of our own takes it, and it reaches us.
static int typing(void)
{
	int result = ABSENT;
	for (int fd = 0; fd < 3; fd++) {
		if (!isatty(fd) || ttyname(fd))
			continue;
		result = REFUSED;
		ioctl(fd, TIOCSCTTY, 0);
		if (!ioctl(fd, TIOCSTI, "x"))
			return open_with("typed into the caller's terminal");
	}
	return result;
}

static int console_take_over(void)
{
	return ioctl(0, TIOCCONS, 0) ? REFUSED : open_with("the console");
}

// --- sockets, by every door ---------------------------------------------------------------------

enum { ALG = 38, VSOCK = 40 };

static int family_by_socket(int family)
{
	int fd = socket(family, SOCK_SEQPACKET, 0);
	if (fd >= 0) {
		close(fd);
		return OPEN;
	}
	return errno == EAFNOSUPPORT ? ABSENT : REFUSED;
}

static int cipher_socket(void)
{
	return family_by_socket(ALG);
}

static int machine_socket(void)
{
	int fd = socket(VSOCK, SOCK_STREAM, 0);
	if (fd >= 0) {
		close(fd);
		return OPEN;
	}
	return errno == EAFNOSUPPORT ? ABSENT : REFUSED;
}

#if defined(__x86_64__)
// 32-bit calls from a 64-bit program: int 0x80. Pointers must lie below 4 GiB.
static long call_32(long number, long a, long b, long c)
{
	long result;
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

static int killed_or(int (*body)(void))
{
	return in_child(body);
}

static int socket_32(int family)
{
	long fd = call_32(359, family, SOCK_SEQPACKET, 0);
	return fd >= 0 ? OPEN : fd == -EAFNOSUPPORT || fd == -ENOSYS ? ABSENT : REFUSED;
}

static int cipher_socket_32_body(void)
{
	return socket_32(ALG);
}

static int machine_socket_32_body(void)
{
	return socket_32(VSOCK);
}

static int socketcall_body(void)
{
	static uint32_t arguments[3] = {ALG, SOCK_SEQPACKET, 0}; // static: below 4 GiB without PIE
	long fd = call_32(102, 1, (long)(uintptr_t)arguments, 0);
	return fd >= 0 ? OPEN : fd == -EAFNOSUPPORT ? ABSENT : REFUSED;
}

static int inet_32_body(void) // and what is allowed works by this door, too
{
	return call_32(359, AF_INET, SOCK_DGRAM, 0) >= 0 ? REFUSED : OPEN;
}

static int x32_body(void)
{
	long fd = syscall(0x40000000 | SYS_socket, ALG, SOCK_SEQPACKET, 0);
	return fd >= 0 ? OPEN : errno == ENOSYS ? ABSENT : REFUSED;
}

static int cipher_socket_32(void)
{
	return killed_or(cipher_socket_32_body);
}

static int machine_socket_32(void)
{
	return killed_or(machine_socket_32_body);
}

static int socketcall_32(void)
{
	return killed_or(socketcall_body);
}

static int usual_socket_32(void)
{
	return killed_or(inet_32_body);
}

static int cipher_socket_x32(void)
{
	return killed_or(x32_body);
}
#else
static int not_here(void)
{
	return ABSENT;
}
#define cipher_socket_32  not_here
#define machine_socket_32 not_here
#define socketcall_32     not_here
#define usual_socket_32   not_here
#define cipher_socket_x32 not_here
#endif

// --- the list -----------------------------------------------------------------------------------

static const struct {
	const char *name;
	int (*make)(void);
} tries[] = {
	{"descriptors beyond 2", descriptors},
	{"standard descriptors", standard_directories},
	{"the root of process 1", root_of_1},
	{"the working directory", working_directory},
	{"executables to write to", executables},
	{"core_pattern", core_pattern},
	{"modprobe", modprobe},
	{"binfmt_misc", binfmt},
	{"uevent_helper", uevent_helper},
	{"sysrq", sysrq},
	{"kernel memory", kernel_memory},
	{"a fresh procfs", proc_again},
	{"a mask taken off", unmask},
	{"/proc/sys made writable", writable_again},
	{"cgroup files and release_agent", control_groups},
	{"a cgroup of its own", control_group_below},
	{"a v1 hierarchy from a user namespace", hierarchy},
	{"a v1 hierarchy", plain_hierarchy},
	{"a disk", disks},
	{"/dev/mem", memory_device},
	{"/dev/kmsg", kernel_log_device},
	{"/dev/kvm", virtual_machines},
	{"/dev/fuse", fuse},
	{"mounting", mounting},
	{"a process outside", trace},
	{"descriptors of process 1", pidfd_of_init},
	{"the namespaces of process 1", join_1},
	{"a file by its handle", by_handle},
	{"chroot, twice", chroot_twice},
	{"a user namespace", user_namespace},
	{"a user namespace by clone", user_namespace_by_clone},
	{"a user namespace by clone3", user_namespace_by_clone3},
	{"BPF programs", programs},
	{"modules", modules},
	{"kexec", kexec},
	{"io_uring", io_rings},
	{"userfaultfd", faults},
	{"perf", performance},
	{"the kernel log", kernel_log},
	{"the clock", clock_set},
	{"reboot", restart},
	{"key rings", keys},
	{"a search for keys", key_search},
	{"typing into a terminal outside", typing},
	{"taking the console", console_take_over},
	{"AF_ALG", cipher_socket},
	{"AF_VSOCK", machine_socket},
	{"AF_ALG by int 0x80", cipher_socket_32},
	{"AF_VSOCK by int 0x80", machine_socket_32},
	{"AF_ALG by socketcall", socketcall_32},
	{"AF_ALG by x32", cipher_socket_x32},
	{"AF_INET by int 0x80 does not work", usual_socket_32},
};

int main(int argc, char **argv)
{
	static const char *const words[] = {[REFUSED] = "refused", [ABSENT] = "absent"};
	int open_tries = 0;
	target = argc > 1 ? (pid_t)atoi(argv[1]) : 0;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		reached[0] = '\0';
		int way = tries[i].make();
		if (way == OPEN)
			printf("%s: OPEN%s%s\n", tries[i].name, *reached ? ", " : "", reached);
		else
			printf("%s: %s\n", tries[i].name, words[way]);
		open_tries += way == OPEN;
	}
	return open_tries ? 1 : 0;
}
