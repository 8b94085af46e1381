// SPDX-License-Identifier: Apache-2.0
// jail.c - what a helper program gives up before it reads a byte that a stranger wrote
//
// A decompressor and a tar reader are the code an image's author talks to first. Should he take one
// over, it is to be of no use to him. Four fences stand around it, each whole in itself, as any of
// them may once have a hole:
//
//   the root       a directory of its choice is the process's root: ".." and "/" end there, and
//                  no descriptor leads out of it
//   Landlock       every open, make and remove is allowed beneath the given directories only,
//                  landlock(7). Kernels since 5.13 have it, where it is switched on
//   capabilities   none but those that are named, now and by any exec
//   seccomp        a short list of calls; no exec, no new process, no socket, no mount, no other
//                  process to be seen. Memory can't be made executable
//
// A call that is not on the list answers ENOSYS, as an old kernel would: a C library that tries a
// newer call first then takes its older way. A call by another ABI kills the process.
//
// Beneath a directory Landlock's kernel rule is: what a ruleset handles is denied everywhere but
// where a rule allows it. We handle all that the kernel knows, so the version is asked for first.
#include "kern/process/jail.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "kern/process/creds.h"
#include "kern/seccomp/seccomp.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif

static const uint16_t bytes_calls[] = {
	// descriptors it has
	SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_pwrite64, SYS_lseek, SYS_close,
	SYS_dup, SYS_dup3, SYS_fcntl, SYS_fstat, SYS_newfstatat, SYS_ftruncate, SYS_fallocate,
	SYS_fsync, SYS_fdatasync, SYS_sync_file_range, SYS_fadvise64, SYS_splice, SYS_sendfile,
	SYS_ppoll, SYS_pipe2, SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg,
#if defined(__x86_64__)
	SYS_poll, SYS_dup2,
#endif
	// memory, which mmap and mprotect below may not make executable
	SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
	// what a C library does on its own account
	SYS_futex, SYS_getrandom, SYS_clock_gettime, SYS_getpid, SYS_gettid, SYS_getuid,
	SYS_geteuid, SYS_getgid, SYS_getegid, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_rt_sigreturn, SYS_sigaltstack, SYS_sched_yield, SYS_restart_syscall, SYS_tgkill,
	// and its end; it waits for children it had before
	SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid};

static const uint16_t tree_calls[] = {
	SYS_openat,     SYS_openat2,    SYS_getdents64,   SYS_statx,        SYS_readlinkat,
	SYS_faccessat,  SYS_faccessat2, SYS_mkdirat,      SYS_mknodat,      SYS_symlinkat,
	SYS_linkat,     SYS_unlinkat,   SYS_renameat2,    SYS_fchmod,       SYS_fchmodat,
	SYS_fchown,     SYS_fchownat,   SYS_utimensat,    SYS_fsetxattr,    SYS_fgetxattr,
	SYS_flistxattr, SYS_setxattr,   SYS_lsetxattr,    SYS_getxattr,     SYS_lgetxattr,
	SYS_listxattr,  SYS_llistxattr, SYS_fremovexattr, SYS_lremovexattr, SYS_copy_file_range,
	SYS_fstatfs,    SYS_fchdir,     SYS_umask,        SYS_syncfs,       SYS_renameat,
};

enum { CODE_MAX = 2 * (lengthof(bytes_calls) + lengthof(tree_calls)) + 32 };

struct code {
	struct sock_filter at[CODE_MAX];
	size_t n;
};

static void put(struct code *code, uint16_t op, uint8_t yes, uint8_t no, uint32_t value)
{
	assert(code->n < CODE_MAX);
	code->at[code->n++] = (struct sock_filter){op, yes, no, value};
}

static void load(struct code *code, size_t offset)
{
	put(code, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void answer(struct code *code, uint32_t action)
{
	put(code, BPF_RET | BPF_K, 0, 0, action);
}

static void allow(struct code *code, const uint16_t *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, calls[i]);
		answer(code, SECCOMP_RET_ALLOW);
	}
}

// The third argument, protection, without PROT_EXEC.
static void allow_data(struct code *code, uint32_t call)
{
	put(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, call);
	load(code, offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t));
	put(code, BPF_ALU | BPF_AND | BPF_K, 0, 0, PROT_EXEC);
	put(code, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
	answer(code, SECCOMP_RET_ALLOW);
	answer(code, SECCOMP_RET_ERRNO | EACCES);
}

static int filter_calls(enum jail_work work)
{
	struct code code = {.n = 0};
	load(&code, offsetof(struct seccomp_data, arch));
	put(&code, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCH);
	answer(&code, SECCOMP_RET_KILL_PROCESS);
	load(&code, offsetof(struct seccomp_data, nr));
	allow(&code, bytes_calls, lengthof(bytes_calls));
	if (work == JAIL_TREE)
		allow(&code, tree_calls, lengthof(tree_calls));
	allow_data(&code, SYS_mmap);
	allow_data(&code, SYS_mprotect);
	answer(&code, SECCOMP_RET_ERRNO | ENOSYS);
	return (int)seccomp_install(code.at, code.n, SECCOMP_FLAGS);
}

// Rights of Landlock by the version that brought them; the kernel's headers may be older than the
// kernel.
enum {
	ACCESS_V1 = (1 << 13) - 1,
	ACCESS_REFER = 1 << 13,
	ACCESS_TRUNCATE = 1 << 14,
	ACCESS_IOCTL_DEVICE = 1 << 15,
	ACCESS_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	ACCESS_NEVER = LANDLOCK_ACCESS_FS_EXECUTE | ACCESS_IOCTL_DEVICE,
};

int jail_landlock(void)
{
	long version =
		sys_call(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return version > 0 ? (int)version : 0;
}

static int allow_beneath(int rules, const int *directories, size_t n, uint64_t access)
{
	for (size_t i = 0; i < n; i++) {
		struct landlock_path_beneath_attr rule = {.allowed_access = access,
							  .parent_fd = directories[i]};
		TRY((int)sys_call(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule,
				  0));
	}
	return 0;
}

static int restrict_paths(const struct jail *jail)
{
	int version = jail_landlock();
	if (version < JAIL_LANDLOCK_REFER)
		return 0;
	uint64_t handled = ACCESS_V1 | ACCESS_REFER;
	if (version >= 3)
		handled |= ACCESS_TRUNCATE;
	if (version >= 5)
		handled |= ACCESS_IOCTL_DEVICE;
	struct landlock_ruleset_attr wanted = {.handled_access_fs = handled};
	int made = (int)sys_call(SYS_landlock_create_ruleset, &wanted,
				 sizeof(wanted.handled_access_fs), 0);
	if (made < 0)
		return made;
	_cleanup_fd_ int rules = made;
	TRY(allow_beneath(rules, jail->writable, jail->writable_n,
			  handled & ~(uint64_t)ACCESS_NEVER));
	TRY(allow_beneath(rules, jail->readable, jail->readable_n, ACCESS_READ));
	return (int)sys_call(SYS_landlock_restrict_self, rules, 0);
}

static int change_root(int root)
{
	if (root < 0)
		return 0;
	return fchdir(root) || chroot(".") ? -errno : 0;
}

static int limit(const struct jail *jail)
{
	if (setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}))
		return -errno;
#if !defined(__SANITIZE_ADDRESS__)
	if (jail->memory && setrlimit(RLIMIT_AS, &(struct rlimit){jail->memory, jail->memory}))
		return -errno;
#endif
	return 0;
}

static int drop(uint64_t keep)
{
	// Without CAP_SETPCAP the bounding set stays, and means nothing: no exec is to come.
	int bounded = creds_bound(keep, 63);
	if (bounded && bounded != -EPERM && bounded != -EINVAL)
		return bounded;
	return creds_grant(keep);
}

int jail_enter(const struct jail *jail)
{
	int result = change_root(jail->root);
	if (result)
		return fail_sys(result, "jail: change the root");
	result = creds_no_new_privileges();
	if (result)
		return fail_sys(result, "jail: no new privileges");
	result = restrict_paths(jail);
	if (result)
		return fail_sys(result, "jail: landlock");
	result = limit(jail);
	if (result)
		return fail_sys(result, "jail: limits");
	result = drop(jail->capabilities);
	if (result)
		return fail_sys(result, "jail: capabilities");
#if !defined(__SANITIZE_ADDRESS__) // a sanitizer makes calls of its own
	result = filter_calls(jail->work);
#endif
	return result ? fail_sys(result, "jail: seccomp") : 0;
}
