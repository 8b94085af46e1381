// SPDX-License-Identifier: Apache-2.0
// profile.c - Docker's default choice of system calls, as a table
//
// About 480 calls lead into a kernel, and a usual program makes 60 of them. The others are code
// that a container's processes can reach, and mistakes in it have been the usual way out of
// containers. So what containers do not need is refused. What is refused here follows a few
// thoughts:
//
//   not namespaced        the clock, modules, swap, the kernel log, kexec: the host's own
//   makes namespaces      a user namespace gives a process all capabilities over new kernel code
//   sees other processes' memory, or the kernel's: ptrace of old kernels, perf, bpf, kcmp
//   large and young       io_uring, userfaultfd: more holes than users so far
//   superseded            uselib, _sysctl, create_module, nfsservctl
//
// Most of the refused do check for a capability themselves. The filter stands before that check: it
// holds when the check was forgotten. Where a container was given the capability, its calls open.
#include "kern/seccomp/profile.h"

#include "kern/caps.h"

#include <sched.h>
#include <sys/personality.h>
#include <sys/socket.h>

#define ALLOW SECCOMP_RET_ALLOW

// Refused but where one of these holds.
#define ONLY_WHERE(...)                                                                            \
	.action = SECCOMP_PROFILE_REFUSAL, .rules = &(const struct seccomp_rules)                  \
	{                                                                                          \
		(const struct seccomp_rule[]){__VA_ARGS__},                                        \
			lengthof(((const struct seccomp_rule[]){__VA_ARGS__}))                     \
	}
#define ALLOW_IF(...)                                                                              \
	{                                                                                          \
		ALLOW, &(const struct seccomp_test){__VA_ARGS__}, 1                                \
	}
#define IS(argument, value)      ALLOW_IF(argument, SECCOMP_EQUAL, false, UINT64_MAX, value)
#define LESS(argument, value)    ALLOW_IF(argument, SECCOMP_LESS, false, UINT64_MAX, value)
#define GREATER(argument, value) ALLOW_IF(argument, SECCOMP_GREATER, false, UINT64_MAX, value)
#define NONE_OF(argument, bits)  ALLOW_IF(argument, SECCOMP_EQUAL, false, bits, 0)

// Flags of clone(2) that would make a namespace. CLONE_NEWTIME shares its bit with the exit signal,
// only clone3 and unshare take it.
#define NEW_NAMESPACES                                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)

// clang-format off
static const struct seccomp_row rows[] = {
// Files and directories by name
{.action = ALLOW, .names =
	"access chdir chmod chown chown32 creat faccessat faccessat2 fchmodat fchmodat2 fchownat "
	"fstatat64 futimesat getcwd lchown lchown32 link linkat lstat lstat64 mkdir mkdirat mknod "
	"mknodat name_to_handle_at newfstatat open openat openat2 readlink readlinkat rename "
	"renameat renameat2 rmdir stat stat64 statfs statfs64 statx symlink symlinkat truncate "
	"truncate64 umask unlink unlinkat utime utimensat utimensat_time64 utimes"},

// Attributes of files
{.action = ALLOW, .names =
	"fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr "
	"listxattrat llistxattr lremovexattr lsetxattr removexattr removexattrat setxattr "
	"setxattrat"},

// Open files: their position, their bytes, their state
{.action = ALLOW, .names =
	"_llseek cachestat close close_range copy_file_range dup dup2 dup3 fadvise64 fadvise64_64 "
	"fallocate fchdir fchmod fchown fchown32 fcntl fcntl64 fdatasync flock fstat fstat64 "
	"fstatfs fstatfs64 fsync ftruncate ftruncate64 getdents getdents64 ioctl lseek pipe pipe2 "
	"pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile "
	"sendfile64 splice sync sync_file_range syncfs tee vmsplice write writev"},

// What is mounted, to look at
{.action = ALLOW, .names = "listmount statmount"},

// Waiting for files, and files that events come from
{.action = ALLOW, .names =
	"_newselect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 "
	"epoll_wait epoll_wait_old eventfd eventfd2 fanotify_mark inotify_add_watch inotify_init "
	"inotify_init1 inotify_rm_watch poll ppoll ppoll_time64 pselect6 pselect6_time64 select "
	"signalfd signalfd4 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime "
	"timerfd_settime64"},

// Asynchronous I/O of the old kind
{.action = ALLOW, .names =
	"io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit "
	"ioprio_get ioprio_set"},

// Sockets
{.action = ALLOW, .names =
	"accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom "
	"recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown "
	"socketpair"},

// Every family of sockets but two: AF_ALG, the kernel's ciphers, and AF_VSOCK, the way to a virtual
// machine's host, past any network namespace
{.names = "socket", ONLY_WHERE(LESS(0, AF_ALG), IS(0, AF_ALG + 1), GREATER(0, AF_VSOCK))},

// The old single door of 32-bit x86 to all socket calls. The filter cannot see through it which
// family is wanted, as the arguments lie in memory. Docker leaves it open; tare does for an image
// that is itself 32-bit
{.action = ALLOW, .socketcall = true, .names = "socketcall"},

// Memory
{.action = ALLOW, .names =
	"brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 "
	"mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap pkey_alloc "
	"pkey_free pkey_mprotect process_mrelease remap_file_pages"},

// Memory and messages shared in the ways of System V and of POSIX
{.action = ALLOW, .names =
	"ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend "
	"mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop "
	"semtimedop_time64 shmat shmctl shmdt shmget"},

// Processes and threads
{.action = ALLOW, .names =
	"capget capset execve execveat exit exit_group fork futex futex_requeue futex_time64 "
	"futex_wait futex_waitv futex_wake get_robust_list get_thread_area getcpu getpgid getpgrp "
	"getpid getppid getpriority getrandom getrlimit getrusage getsid gettid kill "
	"landlock_add_rule landlock_create_ruleset landlock_restrict_self pidfd_open "
	"pidfd_send_signal prctl prlimit64 restart_syscall rseq seccomp set_robust_list "
	"set_thread_area set_tid_address setpgid setpriority setrlimit setsid sysinfo tgkill times "
	"tkill ugetrlimit uname uretprobe vfork wait4 waitid waitpid"},

// Users and groups
{.action = ALLOW, .names =
	"getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid "
	"getresgid32 getresuid getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid "
	"setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid "
	"setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32"},

// Signals
{.action = ALLOW, .names =
	"pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn "
	"rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack "
	"sigprocmask sigreturn"},

// The scheduler
{.action = ALLOW, .names =
	"sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr "
	"sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
	"sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield"},

// Clocks to read and timers to set. That adjtimex is here is no slip: it reads too, and checks for
// CAP_SYS_TIME before it sets
{.action = ALLOW, .names =
	"adjtimex alarm clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 "
	"clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 getitimer "
	"gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun "
	"timer_gettime timer_gettime64 timer_settime timer_settime64"},

// Before Linux 4.8 ptrace could be used to step around a filter
{.action = ALLOW, .kernel = {4, 8}, .names = "process_vm_readv process_vm_writev ptrace"},

// Personalities that change no more than the name of the system: uname's version as 2.6, the machine
// as 32-bit, both; and the question which one is set
{.names = "personality",
	ONLY_WHERE(IS(0, PER_LINUX), IS(0, PER_LINUX32), IS(0, UNAME26),
		   IS(0, PER_LINUX32 | UNAME26), IS(0, 0xffffffff))},

// What belongs to the processor
{.action = ALLOW, .machines = 1 << SECCOMP_X86_64, .names = "arch_prctl modify_ldt"},
{.action = ALLOW, .machines = 1 << SECCOMP_AARCH64, .names =
	"arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls"},

// Threads and processes, but no namespaces. What clone3 is to do lies in memory, where the filter
// cannot read: "not there" makes a C library fall back to clone
{.without = CAPS_BIT(CAP_SYS_ADMIN), .names = "clone", ONLY_WHERE(NONE_OF(0, NEW_NAMESPACES))},
{.action = SECCOMP_RET_ERRNO | ENOSYS, .without = CAPS_BIT(CAP_SYS_ADMIN), .names = "clone3"},

// What a capability opens
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_ADMIN), .names =
	"bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie "
	"lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount "
	"open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog "
	"umount umount2 unshare"},
{.action = ALLOW, .with = CAPS_BIT(CAP_DAC_READ_SEARCH), .names = "open_by_handle_at"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_BOOT), .names = "reboot"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_CHROOT), .names = "chroot"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_MODULE), .names =
	"delete_module finit_module init_module"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_PACCT), .names = "acct"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_PTRACE), .names =
	"kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_RAWIO), .names = "ioperm iopl"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_TIME), .names =
	"clock_settime clock_settime64 settimeofday stime"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_TTY_CONFIG), .names = "vhangup"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYS_NICE), .names =
	"get_mempolicy mbind set_mempolicy set_mempolicy_home_node"},
{.action = ALLOW, .with = CAPS_BIT(CAP_SYSLOG), .names = "syslog"},
{.action = ALLOW, .with = CAPS_BIT(CAP_BPF), .names = "bpf"},
{.action = ALLOW, .with = CAPS_BIT(CAP_PERFMON), .names = "perf_event_open"},
};
// clang-format on

const struct seccomp_profile seccomp_docker = {
	.rows = rows,
	.rows_n = lengthof(rows),
	.otherwise = SECCOMP_PROFILE_REFUSAL,
	.newer = SECCOMP_PROFILE_NEWER,
	.abis = ~0u,
};
