// SPDX-License-Identifier: Apache-2.0
// probes.c - small things to do in a container that has no shell
//
// Each does one thing that a test wants to see happen inside: end in some way, use up something,
// open something, leave something behind. What fails says so with the noun and ends with 1.
#include "hello/probes.h"

#include "hello/json.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int complain(const char *verb, const char *noun)
{
	fprintf(stderr, "hello: %s '%s': %s\n", verb, noun, strerror(errno));
	return 1;
}

static bool number(const char *text, unsigned long most, unsigned long *ret_number)
{
	char *end;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || value > most) {
		fprintf(stderr, "hello: '%s': not a number from 0 to %lu\n", text, most);
		return false;
	}
	*ret_number = value;
	return true;
}

static int run_exit(char **arguments, int n unused_)
{
	unsigned long status;
	return number(arguments[0], 255, &status) ? (int)status : 2;
}

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ILL", SIGILL},
	{"ABRT", SIGABRT}, {"BUS", SIGBUS},   {"FPE", SIGFPE},   {"KILL", SIGKILL},
	{"USR1", SIGUSR1}, {"SEGV", SIGSEGV}, {"USR2", SIGUSR2}, {"PIPE", SIGPIPE},
	{"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"STOP", SIGSTOP}, {"XCPU", SIGXCPU},
};

static char *volatile nowhere; // the compiler must not see that it leads nowhere

// PID 1 of a pid namespace ignores what it sends itself, SIGKILL too: then the default action of a
// fault is all that is left, and it is taken for SEGV, ILL and FPE only.
static int run_signal(char **arguments, int n unused_)
{
	const char *name = arguments[0] + 3 * str_starts(arguments[0], "SIG");
	for (size_t i = 0; i < lengthof(signals); i++) {
		if (!str_eq(signals[i].name, name))
			continue;
		raise(signals[i].number);
		if (signals[i].number == SIGSEGV)
			*nowhere = 0;
		if (signals[i].number == SIGILL)
			__builtin_trap();
		fprintf(stderr, "hello: signal '%s': process %d takes it from outside only\n", name,
			getpid());
		return 1;
	}
	fprintf(stderr, "hello: signal '%s': not known\n", name);
	return 2;
}

static int run_sleep(char **arguments, int n unused_)
{
	unsigned long seconds;
	if (!number(arguments[0], 1000000, &seconds))
		return 2;
	struct timespec rest = {.tv_sec = (time_t)seconds};
	while (nanosleep(&rest, &rest) && errno == EINTR)
		;
	return 0;
}

static int run_spin(char **arguments, int n unused_)
{
	unsigned long seconds;
	if (!number(arguments[0], 1000000, &seconds))
		return 2;
	struct timespec now, end;
	clock_gettime(CLOCK_MONOTONIC, &end);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec < end.tv_sec + (time_t)seconds ||
	       (now.tv_sec == end.tv_sec + (time_t)seconds && now.tv_nsec < end.tv_nsec));
	return 0;
}

static int run_memory(char **arguments, int n unused_)
{
	unsigned long mebibytes;
	if (!number(arguments[0], 1 << 20, &mebibytes))
		return 2;
	size_t size = (size_t)mebibytes << 20;
	volatile char *memory = malloc(size + 1);
	if (!memory)
		return complain("memory", arguments[0]);
	for (size_t at = 0; at < size; at += 1024)
		memory[at] = 1;
	printf("%lu MiB touched\n", mebibytes);
	return 0;
}

static int run_open(char **arguments, int n)
{
	int flags = n > 1 && str_eq(arguments[1], "w") ? O_WRONLY : O_RDONLY;
	int fd = open(arguments[0], flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return complain("open", arguments[0]);
	printf("open\n");
	return 0;
}

static int run_mknod(char **arguments, int n)
{
	const char *path = n > 3 ? arguments[3] : "/dev/hello-node";
	unsigned long major, minor;
	mode_t type = str_eq(arguments[0], "c") ? S_IFCHR : str_eq(arguments[0], "b") ? S_IFBLK : 0;
	if (!type) {
		fprintf(stderr, "hello: mknod '%s': wants c or b\n", arguments[0]);
		return 2;
	}
	if (!number(arguments[1], 4095, &major) || !number(arguments[2], 1048575, &minor))
		return 2;
	if (mknod(path, type | 0600, makedev(major, minor)))
		return complain("mknod", path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int error = errno;
	unlink(path);
	errno = error;
	if (fd < 0)
		return complain("open", path);
	printf("made and opened\n");
	return 0;
}

static int run_args(char **arguments, int n)
{
	json_open(NULL, '[');
	for (int i = 0; i < n; i++)
		json_text(NULL, arguments[i]);
	json_close(']');
	return 0;
}

static int run_env(char **arguments unused_, int n unused_)
{
	for (char **each = environ; *each; each++)
		printf("%s\n", *each);
	return 0;
}

static int run_cat(char **arguments, int n unused_)
{
	char bytes[65536];
	ssize_t got;
	int fd = open(arguments[0], O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return complain("open", arguments[0]);
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, got, stdout);
	return got < 0 ? complain("read", arguments[0]) : 0;
}

static int run_write(char **arguments, int n unused_)
{
	size_t length = strlen(arguments[1]);
	int fd = open(arguments[0], O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0644);
	if (fd < 0)
		return complain("open", arguments[0]);
	if (write(fd, arguments[1], length) != (ssize_t)length)
		return complain("write", arguments[0]);
	return close(fd) ? complain("close", arguments[0]) : 0;
}

// Children that live at the same time: a limit on processes is met by the first that can't be made.
static int run_fork(char **arguments, int n unused_)
{
	unsigned long wanted, made = 0;
	int hold[2], error = 0;
	if (!number(arguments[0], 1000000, &wanted))
		return 2;
	if (pipe2(hold, O_CLOEXEC))
		return complain("pipe", "hold");
	for (; made < wanted; made++) {
		pid_t child = fork();
		if (child == 0) {
			char byte;
			close(hold[1]);
			_exit(read(hold[0], &byte, 1) != 0); // until the parent lets go
		}
		if (child < 0) {
			error = errno;
			break;
		}
	}
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	printf("%lu of %lu\n", made, wanted);
	errno = error;
	return error ? complain("fork", arguments[0]) : 0;
}

// A child that ends and is not waited for, and a grandchild whose parent ends: both are left to
// PID 1. It prints how many of its children wait to be reaped.
static int run_orphan(char **arguments unused_, int n unused_)
{
	fflush(stdout);
	pid_t middle = fork();
	if (middle == 0) {
		if (fork() == 0) {
			nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
			_exit(7);
		}
		_exit(0);
	}
	if (middle < 0)
		return complain("fork", "orphan");
	if (fork() == 0)
		_exit(0);
	waitpid(middle, NULL, 0);
	nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	int zombies = 0;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		zombies++;
	printf("process %d has %d children to reap\n", getpid(), zombies);
	return 0;
}

static int run_tty(char **arguments unused_, int n unused_)
{
	struct winsize size;
	const char *name = ttyname(STDIN_FILENO);
	if (!isatty(STDIN_FILENO)) {
		printf("not a tty\n");
		return 1;
	}
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size))
		return complain("window size of", "stdin");
	// This name leads to the terminal that controls the session, if there is one.
	int controlling = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	printf("%s %ux%u %s\n", name ? name : "unnamed", size.ws_col, size.ws_row,
	       controlling < 0 ? "not controlling" : "controlling");
	return 0;
}

const struct probe probes[] = {
	{"exit", "STATUS", "end with this status", 1, 1, run_exit},
	{"signal", "NAME", "send itself a signal", 1, 1, run_signal},
	{"sleep", "SECONDS", "wait", 1, 1, run_sleep},
	{"spin", "SECONDS", "keep a processor busy", 1, 1, run_spin},
	{"memory", "MIB", "use this much memory", 1, 1, run_memory},
	{"open", "PATH [w]", "open a file to read, or to write", 1, 2, run_open},
	{"mknod", "c|b MAJOR MINOR [PATH]", "make a device and open it", 3, 4, run_mknod},
	{"args", "[ARG...]", "print the arguments as JSON", 0, -1, run_args},
	{"env", "", "print the environment", 0, 0, run_env},
	{"cat", "FILE", "print a file", 1, 1, run_cat},
	{"write", "FILE TEXT", "write the text into a file", 2, 2, run_write},
	{"fork", "N", "have that many children at once", 1, 1, run_fork},
	{"orphan", "", "leave processes to process 1", 0, 0, run_orphan},
	{"tty", "", "name the terminal, its size and role", 0, 0, run_tty},
};
const size_t probes_n = lengthof(probes);
