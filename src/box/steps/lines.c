// SPDX-License-Identifier: Apache-2.0
// lines.c - steps that add a line to a file of the root's
//
// Who is run as a bare number has no name, and programs that ask for one (git, ssh, whoami) fail.
// So --passwd and its kin add lines to /etc/passwd and /etc/group, unless the image has the name or
// the number already. A container writes to the files of its own: with an overlay the kernel copies
// the file up first, and the image's layer stays as it is. Where the root is a directory of the
// user's, that would be changed; there HOST makes a copy in the container's directory, with the
// lines, and it is bound over the file, as hosts and resolv.conf are.
//
// The file is the image's, so hostile: it is looked for inside of the root alone, on its own file
// system (a link to a volume of the host's is left alone), and must be a regular one.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/path.h"
#include "base/sys.h"
#include "box/steps/passwd.h"
#include "box/steps/walk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MOST = 4096, PIECE = 4096, FILE_MOST = 4 << 20 };

// Puts the number of the group into the text. Returns its length, or a negative errno.
static int expand(int root, const struct step *step, char text[static LINE_MOST])
{
	static const char mark[] = "$GID";
	struct walk_user user = {0};
	char number[12];
	size_t n = strlen(step->b), digits = 0;
	const char *at = step->c ? strstr(step->b, mark) : NULL;
	if (n + sizeof(number) > LINE_MOST)
		return -E2BIG;
	if (!at) {
		memcpy(text, step->b, n);
		return (int)n;
	}
	TRY(passwd_add_group(root, step->c, &user));
	uint32_t gid = user.groups[0];
	do
		number[sizeof(number) - ++digits] = (char)('0' + gid % 10);
	while (gid /= 10);
	size_t before = (size_t)(at - step->b), skip = before + sizeof(mark) - 1;
	memcpy(text, step->b, before);
	memcpy(text + before, number + sizeof(number) - digits, digits);
	memcpy(text + before + digits, step->b + skip, n - skip);
	return (int)(before + digits + n - skip);
}

// Whether the file ends in the middle of a line.
static int is_open_ended(int fd)
{
	char last = '\n';
	long end = sys_call(SYS_lseek, fd, 0, SEEK_END);
	if (end > 0)
		end = sys_call(SYS_pread64, fd, &last, 1, end - 1);
	return end < 0 ? (int)end : last != '\n';
}

static int append(int fd, const char *text, size_t n)
{
	int open_ended = is_open_ended(fd);
	if (open_ended < 0)
		return open_ended;
	if (open_ended && sys_call(SYS_write, fd, "\n", 1) != 1)
		return -EIO;
	long written = sys_call(SYS_write, fd, text, n);
	return written < 0 ? (int)written : written == (long)n ? 0 : -EIO;
}

// In the root that is ours by now: -ENOENT where there is no such file of it.
static int add_inside(int root, const struct step *step, const char *text, size_t n)
{
	int fd = passwd_open(root, step->a, O_RDWR | O_APPEND);
	if (fd < 0)
		return fd;
	int result = passwd_has(fd, step->b);
	if (result == 0)
		result = append(fd, text, n);
	sys_call(SYS_close, fd);
	return min_of(result, 0);
}

static int copy(int from, int to)
{
	char piece[PIECE];
	size_t total = 0;
	for (ssize_t n; (n = pread(from, piece, sizeof(piece), (off_t)total)) != 0;) {
		if (n < 0)
			return -errno;
		total += (size_t)n;
		if (total > FILE_MOST)
			return -EFBIG;
		if (write(to, piece, (size_t)n) != n)
			return -EIO;
	}
	return 0;
}

// HOST: opens the copy, which the first of several lines makes.
static int open_copy(const struct walk *walk, int root, const struct step *step)
{
	const char *name = strrchr(step->a, '/') + 1;
	int state = walk->slot[SLOT_STATE];
	int fd = openat(state, name, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT)
		return fd >= 0 ? fd : -errno;
	int from = passwd_open(root, step->a, O_RDONLY);
	if (from < 0)
		return from;
	fd = openat(state, name, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int result = fd < 0 ? -errno : fchmod(fd, 0644) ? -errno : copy(from, fd);
	close(from);
	if (result < 0 && fd >= 0)
		close(fd);
	return result < 0 ? result : fd;
}

static int add_to_copy(const struct walk *walk, int root, const struct step *step, const char *text,
		       size_t n)
{
	int fd = open_copy(walk, root, step);
	if (fd < 0)
		return fd;
	int result = passwd_has(fd, step->b);
	if (result == 0)
		result = append(fd, text, n);
	close(fd);
	return min_of(result, 0);
}

// a: the file, b: the line, c: the group whose number "$GID" in it stands for.
static int line_run(struct walk *walk, const struct step *step)
{
	char text[LINE_MOST];
	bool host = step->actor == ACTOR_HOST;
	const char *path = host ? walk->plan->spec->oci.root.path : "/";
	int root = (int)sys_call(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return host ? fail_sys(root, "root '%s'", path) : root;
	int n = expand(root, step, text);
	int result = n < 0  ? n
		     : host ? add_to_copy(walk, root, step, text, (size_t)n)
			    : add_inside(root, step, text, (size_t)n);
	sys_call(SYS_close, root);
	if (host && result < 0 && result != -step->spare)
		return fail_sys(result, "add a line to '%s'", step->a);
	return result;
}

static void line_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	bool host = step->actor == ACTOR_HOST;
	int shown = (int)strcspn(step->b, "\n");
	buf_printf(say->title, "add '%.*s' to %s%s, unless that has the name or the number", shown,
		   step->b, host ? "a copy of the root's " : "", step->a);
	buf_printf(say->call, "openat2(\"%s\", RESOLVE_IN_ROOT|RESOLVE_NO_XDEV); read; %swrite",
		   step->a, host ? "open(copy, O_CREAT|O_EXCL); " : "");
}

const struct op_row op_line = {
	.name = "line",
	.operands = "abc",
	.lore =
		{
			.why = "--passwd, --hostuser and their kin: a number without a name is a "
			       "stranger to programs that ask who they are. What is written is the "
			       "container's own, the image stays as it is",
			.without = "whoami, git and ssh would fail: no user exists for this number",
			.look = "tail -n 1 /proc/PID/root/etc/passwd",
		},
	.run = line_run,
	.say = line_say,
};
