// SPDX-License-Identifier: Apache-2.0
// killat.c - kill tare or the container's first process, starve it, or fail its K-th system call
//
//	killat count COMMAND…     print how many calls each side makes: "host 210 init 143"
//	killat host K COMMAND…    SIGKILL for COMMAND itself
//	killat init K COMMAND…    SIGKILL for the container's first process, until it has become the
//	                          workload
//	killat any K COMMAND…     SIGKILL for whoever makes the K-th call of all, COMMAND or what
//	                          descends from it: no set-uid program may be among them
//	killat starve K PROCS COMMAND…
//	                          put the first process in a cgroup, by its file PROCS: has that no
//	                          memory to give, the next page it touches calls the OOM killer
//	killat fail-host K ERRNO COMMAND…
//	killat fail-init K ERRNO COMMAND…
//	                          the call is not made and fails with the number ERRNO; prints what
//	                          COMMAND then ended with: "ended 125"
//
// A program that is killed leaves the kernel in the state between two of its system calls, so
// killing it before each of them in turn tries every state there is. COMMAND is traced with
// ptrace(2), and so is the child that is the first of a new pid namespace; other children go their
// own way. A SIGKILL at the stop before a call ends the process without that call being made.
//
// killat is the reaper of all that descends from it, and ends after the last of them: then whatever
// is left was left for good. Its status: 0 killed as asked, or COMMAND's own after it was to starve
// a process, 1 that many calls were never made, 2 it could not trace, 3 something lived on for ten
// seconds.

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <linux/ptrace.h>

enum side { HOST, INIT, SIDES };

struct traced {
	pid_t pid;  // 0: not born yet
	long calls; // system calls it has entered
	bool done;  // ended, or no longer of interest
};

static struct traced traced[SIDES];
static long fault;        // an error number: the victim's call fails, and the victim lives on
static const char *procs; // a cgroup.procs: the victim is moved there instead of killed

noreturn_ printf_(1, 2) static void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("killat: ", stderr);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, ": %s\n", strerror(errno));
	va_end(arguments);
	exit(2);
}

// How many pid namespaces deep a process is: the numbers on the line NSpid of its status.
static int depth(const char *pid)
{
	char name[64], line[256];
	snprintf(name, sizeof name, "/proc/%s/status", pid);
	FILE *file = fopen(name, "re");
	int n = 0;
	while (file && fgets(line, sizeof line, file)) {
		if (!str_starts(line, "NSpid:"))
			continue;
		for (char *p = line; *p; p++)
			n += *p == '\t';
	}
	if (file)
		fclose(file);
	return n;
}

static bool is_first_process(pid_t pid)
{
	char text[32];
	snprintf(text, sizeof text, "%d", pid);
	return depth(text) > depth("self");
}

static pid_t start(char **command)
{
	int go[2];
	if (pipe(go) < 0)
		die("pipe");
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		char byte;
		close(go[1]);
		if (read(go[0], &byte, 1) < 0)
			_exit(2);
		close(go[0]);
		execv(command[0], command);
		fprintf(stderr, "killat: exec '%s': %s\n", command[0], strerror(errno));
		_exit(2);
	}
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		       PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	if (ptrace(PTRACE_SEIZE, pid, 0, options) < 0)
		die("trace '%s'", command[0]);
	close(go[0]);
	close(go[1]);
	return pid;
}

static enum side side_of(pid_t pid)
{
	enum side side = HOST;
	while (side < SIDES && traced[side].pid != pid)
		side++;
	return side;
}

// Counts the call that `pid` is about to make; true when it is the one to die at.
static bool enters(enum side side, enum side victim, long at)
{
	struct ptrace_syscall_info info;
	long size = ptrace(PTRACE_GET_SYSCALL_INFO, traced[side].pid, sizeof info, &info);
	if (size <= 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY || traced[side].done)
		return false;
	return ++traced[side].calls == at && side == victim;
}

#ifdef __x86_64__
// What has no errno (brk tells of a failure by the old address), and what the C library can't do
// without.
static bool cannot_fail(unsigned long long number)
{
	return number == SYS_exit || number == SYS_exit_group || number == SYS_rt_sigreturn ||
	       number == SYS_futex || number == SYS_brk;
}

// The call at whose entry the process stands is not made, and its result is `fault`.
static void fail_call(pid_t pid)
{
	struct user_regs_struct registers;
	if (ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0)
		die("read registers");
	if (!cannot_fail(registers.orig_rax)) {
		registers.orig_rax = (unsigned long long)-1;
		registers.rax = (unsigned long long)-fault;
		if (ptrace(PTRACE_SETREGS, pid, 0, &registers) < 0)
			die("write registers");
	}
	ptrace(PTRACE_SYSCALL, pid, 0, 0);
}
#else
static void fail_call(pid_t pid)
{
	errno = ENOSYS;
	die("fail a call of process %d", pid);
}
#endif

static void strike(pid_t pid)
{
	if (fault) {
		fail_call(pid);
		return;
	}
	if (!procs) {
		kill(pid, SIGKILL);
		return;
	}
	FILE *file = fopen(procs, "we");
	if (!file || fprintf(file, "%d", pid) < 0 || fclose(file) != 0)
		die("write '%s'", procs);
	ptrace(PTRACE_CONT, pid, 0, 0);
}

// The same when everybody is traced, and any of them may be struck.
static bool anybody_stopped(pid_t pid, int status, long at)
{
	static bool running;
	static long calls;
	struct ptrace_syscall_info info;
	int signal = WSTOPSIG(status), event = status >> 16;
	bool call = signal == (SIGTRAP | 0x80);
	running |= event == PTRACE_EVENT_EXEC;
	if (call && running && ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_ENTRY && ++calls == at) {
		kill(pid, SIGKILL);
		return true;
	}
	ptrace(PTRACE_SYSCALL, pid, 0, event || call ? 0 : signal);
	return false;
}

// A stop of a traced process. Returns true when the victim was struck in it.
static bool stopped(pid_t pid, int status, enum side victim, long at)
{
	static bool running; // COMMAND has been executed: from here on its calls count
	enum side side = side_of(pid);
	int signal = WSTOPSIG(status), event = status >> 16;

	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE) {
		unsigned long child = 0;
		ptrace(PTRACE_GETEVENTMSG, pid, 0, &child);
		if (!traced[INIT].pid && is_first_process((pid_t)child))
			traced[INIT].pid = (pid_t)child;
	} else if (event == PTRACE_EVENT_EXEC && side == HOST) {
		running = true;
	} else if (event == PTRACE_EVENT_EXEC && side == INIT) {
		traced[INIT].done = true;
	} else if (event == PTRACE_EVENT_STOP && side == SIDES) {
		// A child's first stop can come before its parent's event.
		if (!traced[INIT].pid && is_first_process(pid))
			traced[INIT].pid = pid;
		else
			return ptrace(PTRACE_DETACH, pid, 0, 0), false;
	} else if (signal == (SIGTRAP | 0x80) && running && side != SIDES) {
		if (enters(side, victim, at)) {
			strike(pid);
			traced[side].done = !fault;
			return true;
		}
	}
	bool deliver = !event && signal != (SIGTRAP | 0x80);
	bool follow = side != INIT || !traced[INIT].done;
	ptrace(follow ? PTRACE_SYSCALL : PTRACE_CONT, pid, 0, deliver ? signal : 0);
	return false;
}

static void too_long(int signal unused_)
{
	static const char text[] = "killat: something is still alive\n";
	ssize_t written unused_ = write(2, text, sizeof text - 1);
	_exit(3);
}

int main(int argc, char **argv)
{
	bool count = argc > 2 && str_eq(argv[1], "count");
	bool host = argc > 3 && str_eq(argv[1], "host");
	bool init = argc > 3 && str_eq(argv[1], "init");
	bool starve = argc > 4 && str_eq(argv[1], "starve");
	bool any = argc > 3 && str_eq(argv[1], "any");
	bool fail_host = argc > 4 && str_eq(argv[1], "fail-host");
	bool fail_init = argc > 4 && str_eq(argv[1], "fail-init");
	bool failing = fail_host || fail_init;
	if (!count && !host && !init && !starve && !any && !failing) {
		fputs("usage: killat count|host K|init K|any K|starve K PROCS|"
		      "fail-host K ERRNO|fail-init K ERRNO COMMAND...\n",
		      stderr);
		return 2;
	}
	enum side victim = host || fail_host ? HOST : count ? SIDES : INIT;
	procs = starve ? argv[3] : NULL;
	fault = failing ? strtol(argv[3], NULL, 10) : 0;
	long at = count ? 0 : strtol(argv[2], NULL, 10);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = too_long}, NULL);
	alarm(10);
	traced[HOST].pid = start(argv + (count ? 2 : starve || failing ? 4 : 3));

	bool struck = false;
	int status, result = 0;
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
		if (pid > 0 && WIFSTOPPED(status) && any)
			struck |= anybody_stopped(pid, status, at);
		else if (pid > 0 && WIFSTOPPED(status))
			struck |= stopped(pid, status, victim, at);
		else if (pid == traced[HOST].pid && (starve || failing))
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	if (count)
		printf("host %ld init %ld\n", traced[HOST].calls, traced[INIT].calls);
	if (failing)
		printf("ended %d\n", result);
	if (count)
		return 0;
	if (!struck)
		return 1;
	return starve ? result : 0;
}
