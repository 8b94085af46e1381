// SPDX-License-Identifier: Apache-2.0
// test_jail.c - what is left to a process in a jail
//
// Each test is a child that enters and then tries; its exit status is the number of the line that
// went wrong, 0 where all is as it should be.
#include "kern/process/jail.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/caps.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = true }; // its run time makes calls of its own, so there is no filter
#else
enum { SANITIZED = false };
#endif

static char place[] = "/tmp/tare-test-jail.XXXXXX";
static int top = -1, lower = -1, outside = -1;

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			_exit(__LINE__ & 0xff ? __LINE__ & 0xff : 255);                            \
	} while (0)
#define FAILS(call, error) MUST((call) < 0 && errno == (error))

static int status_of(void (*child)(void))
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		child();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void no_new_powers(void)
{
	FAILS(fork(), ENOSYS);
	FAILS(execl("/bin/true", "true", NULL), ENOSYS);
	FAILS(socket(AF_INET, SOCK_STREAM, 0), ENOSYS);
	FAILS(ptrace(PTRACE_ATTACH, getppid(), 0, 0), ENOSYS);
	FAILS(kill(getppid(), 0), ENOSYS);
	FAILS(chroot("."), ENOSYS);
	FAILS(setuid(0), ENOSYS);
	FAILS(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			      MAP_FAILED
		      ? -1
		      : 0,
	      EACCES);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(page != MAP_FAILED);
	FAILS(mprotect(page, 4096, PROT_READ | PROT_EXEC), EACCES);
	struct rlimit core;
	FAILS(getrlimit(RLIMIT_CORE, &core), ENOSYS);
}

static void bytes(void)
{
	int ends[2];
	MUST(pipe2(ends, O_CLOEXEC) == 0);
	MUST(jail_enter(&(struct jail){.work = JAIL_BYTES, .root = -1, .memory = 256 << 20}) == 0);
	char byte = 1;
	MUST(write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1);
	free(malloc(1 << 20));
	FAILS(openat(top, "file", O_RDONLY), ENOSYS);
	FAILS(mkdirat(top, "new", 0700), ENOSYS);
	MUST(mmap(NULL, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	no_new_powers();
}

static void tree(void)
{
	struct jail jail = {
		.work = JAIL_TREE,
		.root = geteuid() ? -1 : top,
		.writable = &top,
		.writable_n = 1,
		.readable = &lower,
		.readable_n = 1,
		.capabilities = geteuid() ? 0 : CAPS_BIT(CAP_CHOWN),
	};
	MUST(jail_enter(&jail) == 0);
	int fd = openat(top, "made", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	MUST(fd >= 0 && write(fd, "x", 1) == 1 && ftruncate(fd, 0) == 0 && fchmod(fd, 04755) == 0);
	MUST(mkdirat(top, "d", 0755) == 0 && linkat(top, "made", top, "d/link", 0) == 0);
	MUST(renameat(top, "d/link", top, "moved") == 0 && unlinkat(top, "moved", 0) == 0);
	MUST(unlinkat(top, "d", AT_REMOVEDIR) == 0 && unlinkat(top, "made", 0) == 0);
	if (geteuid() == 0) {
		MUST(fchown(fd, 1234, 1234) == 0);
		FAILS(mknodat(top, "device", S_IFCHR, 0x103), EPERM);
		FAILS(openat(AT_FDCWD, "/etc/passwd", O_RDONLY), ENOENT); // the root is `top`
		FAILS(openat(top, "../outside/file", O_RDONLY), ENOENT);
	}
	if (jail_landlock() >= JAIL_LANDLOCK_REFER) {
		MUST(openat(lower, "file", O_RDONLY) >= 0);
		FAILS(openat(lower, "file", O_WRONLY), EACCES);
		FAILS(mkdirat(lower, "new", 0700), EACCES);
		FAILS(unlinkat(lower, "file", 0), EACCES);
		FAILS(openat(lower, "../outside/file", O_RDONLY), EACCES);
		FAILS(openat(outside, "file", O_RDONLY), EACCES);
	}
	no_new_powers();
}

#if defined(__x86_64__)
// The same filter by the door of 32-bit programs, where getpid is 20, and writev on x86-64.
// Where the kernel was built without that door it is SIGSEGV, which cmocka would take for itself.
static void foreign_call(void)
{
	sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
	MUST(jail_enter(&(struct jail){.work = JAIL_BYTES, .root = -1}) == 0);
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
	_exit(result != 0);
}
#endif

static void what_only_has_descriptors(void **state unused_)
{
	if (SANITIZED)
		skip();
	assert_int_equal(status_of(bytes), 0);
}

static void what_makes_a_tree(void **state unused_)
{
	if (SANITIZED)
		skip();
	assert_int_equal(status_of(tree), 0);
}

static void another_abi_is_death(void **state unused_)
{
	if (SANITIZED)
		skip();
#if defined(__x86_64__)
	int status = status_of(foreign_call);
	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == SIGSYS || WTERMSIG(status) == SIGSEGV);
#endif
}

static int make(const char *name, int *ret)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", place, name);
	if (mkdir(path, 0755))
		return -1;
	*ret = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd_ int file = openat(*ret, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	return *ret < 0 || file < 0;
}

int main(void)
{
	if (!mkdtemp(place) || make("top", &top) || make("lower", &lower) ||
	    make("outside", &outside))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_only_has_descriptors),
		cmocka_unit_test(what_makes_a_tree),
		cmocka_unit_test(another_abi_is_death),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	char path[128];
	static const char *const made[] = {"top/file", "top", "lower/file", "lower", "outside/file",
					   "outside",  ""};
	for (size_t i = 0; i < lengthof(made); i++) {
		snprintf(path, sizeof(path), "%s/%s", place, made[i]);
		if (remove(path))
			perror(path);
	}
	return failed;
}
