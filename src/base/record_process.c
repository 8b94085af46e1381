// SPDX-License-Identifier: Apache-2.0
// record_process.c - is the process a record speaks of still the one that has its number?
//
// A pidfd is a process for good, but it can't be written to disk. What can be is the number, the
// time the process began (in ticks since boot) and the boot's id. To get from there back to a pidfd
// without a race: open one by number, read the start time of the number, then see that the pidfd's
// process has not ended. If it hasn't, the number was its own all the time, so the start time read
// in between was too.
#include "base/record.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

static const struct shape_field fields[] = {
	SHAPE_INT64_OF("pid", struct record_process, pid, .flags = SHAPE_REQUIRED, .least = 1,
		       .most = INT_MAX),
	SHAPE_UINT64_OF("start", struct record_process, start, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("boot", struct record_process, boot, .flags = SHAPE_REQUIRED),
};
const struct shape record_process_shape = SHAPE("process", struct record_process, fields);

// Reads up to `size` - 1 bytes of a file of /proc, which gives them in one read.
static int read_proc(const char *name, char *ret_text, size_t size)
{
	_cleanup_fd_ int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret_text, size - 1);
	if (n < 0)
		return -errno;
	ret_text[n] = '\0';
	return 0;
}

int record_boot(char ret_boot[RECORD_BOOT_SIZE])
{
	static const char name[] = "/proc/sys/kernel/random/boot_id";
	static char boot[RECORD_BOOT_SIZE]; // read once: no process sees two
	int error = *boot ? 0 : read_proc(name, boot, sizeof(boot));
	if (!error && strlen(boot) != RECORD_BOOT_SIZE - 1)
		error = -EIO;
	if (error)
		return fail_sys(error, "read '%s'", name);
	memcpy(ret_boot, boot, sizeof(boot));
	return 0;
}

// The name in parentheses may hold anything, parentheses too: fields are counted from the last one.
static int read_start(pid_t pid, uint64_t *ret_start)
{
	enum { FIELD_AFTER_NAME = 3, FIELD_START = 22 };
	char name[32], text[1024];
	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	TRY(read_proc(name, text, sizeof(text)));
	const char *end = strrchr(text, ')');
	struct str rest = str_of(end ? end + 1 : ""), word = {0};
	for (int field = FIELD_AFTER_NAME; field <= FIELD_START; field++)
		word = str_word(&rest);
	return str_number(word, UINT64_MAX, ret_start);
}

static bool has_ended(int pidfd)
{
	struct pollfd wait = {.fd = pidfd, .events = POLLIN};
	int n;
	do
		n = poll(&wait, 1, 0);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

static int fail_start(int error, pid_t pid)
{
	return fail_sys(error, "read '/proc/%d/stat'", (int)pid);
}

// Opens the process and reads its start time, both certainly of one process.
static int open_process(pid_t pid, uint64_t *ret_start, int *ret_pidfd)
{
	uint64_t start = 0;
	_cleanup_fd_ int pidfd = (int)sys_call(SYS_pidfd_open, pid, 0);
	// The number of a thread that leads no process is refused in another way by each kernel.
	if (pidfd == -ESRCH || pidfd == -EINVAL || pidfd == -ENOENT)
		return RECORD_GONE;
	if (pidfd < 0)
		return fail_sys(pidfd, "open process %d", (int)pid);
	int error = read_start(pid, &start);
	if (has_ended(pidfd))
		return RECORD_GONE;
	if (error)
		return fail_start(error, pid);
	*ret_start = start;
	*ret_pidfd = take_fd(&pidfd);
	return 0;
}

int record_process(struct arena *arena, pid_t pid, struct record_process *ret_process)
{
	char boot[RECORD_BOOT_SIZE];
	uint64_t start = 0;
	TRY(record_boot(boot));
	int error = read_start(pid, &start);
	if (error)
		return fail_start(error, pid);
	*ret_process = (struct record_process){pid, start, arena_dup(arena, boot)};
	return 0;
}

// --- as a link ----------------------------------------------------------------------------------

enum { LINK_SIZE = 96 }; // two numbers of up to 20 digits and a boot id

int record_link(int directory, const char *name, const struct record_process *process)
{
	char text[LINK_SIZE];
	snprintf(text, sizeof(text), "%lld %llu %s", (long long)process->pid,
		 (unsigned long long)process->start, process->boot);
	return symlinkat(text, directory, name) ? fail_sys(-errno, "write record '%s'", name) : 0;
}

static bool parse_link(struct arena *arena, struct str rest, struct record_process *ret_process)
{
	uint64_t pid, start;
	if (str_number(str_cut(&rest, ' '), INT_MAX, &pid) || !pid ||
	    str_number(str_cut(&rest, ' '), UINT64_MAX, &start) || rest.n != RECORD_BOOT_SIZE - 1)
		return false;
	*ret_process =
		(struct record_process){(int64_t)pid, start, arena_dup_n(arena, rest.p, rest.n)};
	return true;
}

int record_read_link(struct arena *arena, int directory, const char *name,
		     struct record_process *ret_process)
{
	char text[LINK_SIZE];
	ssize_t n = readlinkat(directory, name, text, sizeof(text));
	if (n < 0 && errno == ENOENT)
		return RECORD_MISSING;
	if (n < 0)
		return fail_sys(-errno, "read record '%s'", name);
	if (!parse_link(arena, (struct str){text, (size_t)n}, ret_process))
		return fail(-EINVAL, "record '%s': it names no process", name);
	return 0;
}

// --- alive --------------------------------------------------------------------------------------

int record_alive(const struct record_process *process, int *ret_pidfd)
{
	char boot[RECORD_BOOT_SIZE];
	uint64_t start = 0;
	_cleanup_fd_ int pidfd = -1;
	if (process->pid <= 0 || process->pid > INT_MAX)
		return RECORD_GONE;
	TRY(record_boot(boot));
	if (!process->boot || !str_eq(process->boot, boot))
		return RECORD_GONE;
	int result = open_process((pid_t)process->pid, &start, &pidfd);
	if (result)
		return result;
	if (start != process->start)
		return RECORD_GONE;
	*ret_pidfd = take_fd(&pidfd);
	return 0;
}
