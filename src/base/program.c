// SPDX-License-Identifier: Apache-2.0
// program.c - tare's helper programs
//
// A program is named by one word and lies beside our own executable, whose place the kernel tells
// (/proc/self/exe). Whoever could change that directory could change the executable as well, with
// two exceptions that are ruled out by looking: a tare that was put into a directory everyone may
// write to (/tmp), next to which anyone may have put a libexec; and a file that its owner left open
// to others.
//
// Between fork and exec the child arranges its descriptors. The numbers it has may be the very
// ones that others are to get, so all are first copied beyond the highest number that is needed,
// then put in place; then everything above is closed, whoever opened it: a descriptor that tare's
// own caller forgot to mark must not come into a jail.
#include "base/program.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/own_program.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_trusted(const struct stat *status, uid_t owner)
{
	bool known = status->st_uid == 0 || status->st_uid == geteuid() || status->st_uid == owner;
	return known && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

// Returns 0, -ENOENT, or an error with words.
static int check(const char *directory, const char *path, uid_t owner)
{
	struct stat status;
	if (stat(path, &status))
		return errno == ENOENT || errno == ENOTDIR ? -ENOENT
							   : fail_sys(-errno, "program '%s'", path);
	if (!S_ISREG(status.st_mode))
		return fail(-EACCES, "program '%s': not a regular file", path);
	if (!is_trusted(&status, owner))
		return fail(-EPERM, "program '%s': others can write to it", path);
	if (stat(directory, &status))
		return fail_sys(-errno, "directory '%s'", directory);
	if (!is_trusted(&status, owner))
		return fail(-EPERM, "program '%s': others can write to its directory", path);
	return 0;
}

int program_find(struct arena *arena, const char *name, const char **ret_path)
{
	static const char *const places[] = {"libexec", "../libexec/tare"};
	struct stat ours;
	char self[PATH_MAX];
	ssize_t n = own_program_path(self);
	if (n < 0 || stat("/proc/self/exe", &ours))
		return fail_sys(n < 0 ? (int)n : -errno, "find our own executable");
	while (n && self[n - 1] != '/')
		n--;
	for (size_t i = 0; i < lengthof(places); i++) {
		const char *directory = arena_printf(arena, "%.*s%s", (int)n, self, places[i]);
		const char *path = arena_printf(arena, "%s/%s", directory, name);
		int result = check(directory, path, ours.st_uid);
		if (result == 0)
			*ret_path = path;
		if (result != -ENOENT)
			return result;
	}
	fail(-ENOENT, "program '%s': not there", name);
	fail_hint("tare's helper programs belong to %.*s%s or %.*s%s; install tare as a whole",
		  (int)n, self, places[0], (int)n, self, places[1]);
	return -ENOENT;
}

// What the child needs, made by the parent: the child allocates nothing.
struct launch {
	const struct program *program;
	const char *path;
	const char **arguments;
	const char *const *environment;
	pid_t parent;
	int reply;  // becomes its standard output
	int report; // close-on-exec: an errno comes through it when exec fails
};

// The same descriptor with a number of `least` or more.
static int move_up(int fd, int least)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, least);
	return moved < 0 ? -errno : moved;
}

static int arrange(const struct launch *launch, int *ret_report)
{
	const struct program *program = launch->program;
	int least = PROGRAM_FD_FIRST + (int)program->fds_n + 1;
	int high[PROGRAM_FDS_MAX];
	for (size_t i = 0; i < program->fds_n; i++) {
		high[i] = program->fds[i] < 0 ? -1 : move_up(program->fds[i], least);
		if (high[i] < -1)
			return high[i];
	}
	int reply = move_up(launch->reply, least), report = move_up(launch->report, least);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (reply < 0 || report < 0 || nothing < 0)
		return -EMFILE;
	if (dup2(nothing, STDIN_FILENO) < 0 || dup2(reply, STDOUT_FILENO) < 0)
		return -errno;
	for (size_t i = 0; i < program->fds_n; i++) {
		int number = PROGRAM_FD_FIRST + (int)i;
		if (high[i] < 0)
			close(number);
		else if (dup2(high[i], number) < 0)
			return -errno;
	}
	if (dup3(report, least - 1, O_CLOEXEC) < 0)
		return -errno;
	*ret_report = least - 1;
	return syscall(SYS_close_range, least, ~0U, 0) ? -errno : 0;
}

noreturn_ static void become(const struct launch *launch)
{
	int report = launch->report;
	sigset_t none;
	sigemptyset(&none);
	int error = prctl(PR_SET_PDEATHSIG, SIGKILL) || sigprocmask(SIG_SETMASK, &none, NULL)
			    ? -errno
			    : 0;
	if (getppid() != launch->parent)
		_exit(1); // it died before it would have killed us
	if (!error)
		error = arrange(launch, &report);
	if (!error) {
		execve(launch->path, (char *const *)launch->arguments,
		       (char *const *)launch->environment);
		error = -errno;
	}
	ssize_t told unused_ = write(report, &error, sizeof(error));
	_exit(1);
}

static const char **arguments_of(struct arena *arena, const char *path,
				 const struct program *program)
{
	size_t n = 0;
	while (program->arguments && program->arguments[n])
		n++;
	const char **list = arena_array(arena, const char *, n + 2);
	list[0] = path;
	for (size_t i = 0; i < n; i++)
		list[i + 1] = program->arguments[i];
	return list;
}

// The child's words about why it did not become the program; none when it did.
static int hear_report(int report, const char *path)
{
	int error;
	ssize_t n;
	do
		n = read(report, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == sizeof(error) && error < 0 ? fail_sys(error, "program '%s'", path) : 0;
}

int program_start(struct arena *arena, const struct program *program,
		  struct program_child *ret_child)
{
	static const char *const empty[] = {NULL};
	assert(program->fds_n <= PROGRAM_FDS_MAX);
	const char *path;
	int answer[2], report[2];
	TRY(program_find(arena, program->name, &path));
	if (pipe2(answer, O_CLOEXEC))
		return fail_sys(-errno, "pipe for '%s'", program->name);
	_cleanup_fd_ int answer_read = answer[0], answer_write = answer[1];
	if (pipe2(report, O_CLOEXEC))
		return fail_sys(-errno, "pipe for '%s'", program->name);
	_cleanup_fd_ int report_read = report[0], report_write = report[1];
	struct launch launch = {
		.program = program,
		.path = path,
		.arguments = arguments_of(arena, path, program),
		.environment = program->environment ? program->environment : empty,
		.parent = getpid(),
		.reply = answer_write,
		.report = report_write,
	};
	_cleanup_program_ struct program_child child = {.name = program->name, .reply = -1};
	child.pid = fork();
	if (child.pid < 0) {
		child.pid = 0;
		return fail_sys(-errno, "start '%s'", program->name);
	}
	if (child.pid == 0)
		become(&launch);
	fd_close(&report_write);
	TRY(hear_report(report_read, path));
	*ret_child = (struct program_child){program->name, child.pid, take_fd(&answer_read)};
	child.pid = 0;
	return 0;
}

static int wait_for(pid_t pid, int *ret_status)
{
	while (waitpid(pid, ret_status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

void program_stop(struct program_child *child)
{
	int status;
	if (child->pid) {
		kill(child->pid, SIGKILL);
		wait_for(child->pid, &status);
	}
	child->pid = 0;
	fd_close(&child->reply);
}

// "fault ERRNO CODE", the line, the hint: cut to size here and made visible where it is printed.
int program_raise(struct arena *arena, const char *name, struct str reply)
{
	struct str line = str_line(&reply);
	struct str word = str_word(&line), number = str_word(&line), code = str_word(&line);
	uint64_t error, exit_code;
	if (!str_is(word, "fault") || str_number(number, 4095, &error) || !error ||
	    str_number(code, 255, &exit_code))
		return fail(-EBADMSG, "program '%s' failed without a word", name);
	struct str text = str_line(&reply), hint = str_line(&reply);
	fail(-(int)error, "%s", arena_dup_n(arena, text.p ? text.p : "", text.n));
	if (hint.n)
		fail_hint("%s", arena_dup_n(arena, hint.p, hint.n));
	if (exit_code)
		fail_exit_code((int)exit_code);
	return -(int)error;
}

int program_finish(struct arena *arena, struct program_child *child, struct str *ret_reply)
{
	struct str reply = {0};
	int status;
	int result = fd_read_all(arena, child->reply, PROGRAM_REPLY_MAX, &reply);
	if (result) {
		program_stop(child);
		return fail_sys(result, "answer of program '%s'", child->name);
	}
	result = wait_for(child->pid, &status);
	child->pid = 0;
	fd_close(&child->reply);
	if (result)
		return fail_sys(result, "wait for program '%s'", child->name);
	if (WIFSIGNALED(status))
		return fail(-ECHILD, "program '%s' died of signal %d (SIG%s)", child->name,
			    WTERMSIG(status), sigabbrev_np(WTERMSIG(status)));
	if (WEXITSTATUS(status))
		return program_raise(arena, child->name, reply);
	*ret_reply = reply;
	return 0;
}

int program_run(struct arena *arena, const struct program *program, struct str *ret_reply)
{
	_cleanup_program_ struct program_child child = PROGRAM_NONE;
	TRY(program_start(arena, program, &child));
	return program_finish(arena, &child, ret_reply);
}

int program_value(struct str reply, const char *key, struct str *ret_value)
{
	size_t n = strlen(key);
	for (struct str line; (line = str_line(&reply)).p;) {
		if (line.n <= n || memcmp(line.p, key, n) != 0 || line.p[n] != ' ')
			continue;
		*ret_value = (struct str){line.p + n + 1, line.n - n - 1};
		return 0;
	}
	return fail(-EBADMSG, "a helper program's answer has no '%s'", key);
}

int program_number(struct str reply, const char *key, uint64_t max, uint64_t *ret_number)
{
	struct str value;
	TRY(program_value(reply, key, &value));
	return str_number(value, max, ret_number)
		       ? fail(-EBADMSG, "a helper program's answer: '%s' is no number", key)
		       : 0;
}

int program_answer(struct str text)
{
	return fd_write_all(STDOUT_FILENO, text.p, text.n) ? 1 : 0;
}

int program_answer_fault(void)
{
	const struct fault *fault = fault_last();
	char text[sizeof(fault->text) + sizeof(fault->hint) + 64];
	int n = snprintf(text, sizeof(text), "fault %d %d\n", fault->error ? -fault->error : EIO,
			 fault->exit_code);
	char *line = text + n;
	n += snprintf(line, sizeof(text) - (size_t)n, "%s", fault->text);
	for (char *p = line; *p; p++)
		if (*p == '\n')
			*p = '?';
	n += snprintf(text + n, sizeof(text) - (size_t)n, "\n%s\n", fault->hint);
	fd_write_all(STDOUT_FILENO, text, (size_t)n);
	return 1;
}
