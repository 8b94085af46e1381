// SPDX-License-Identifier: Apache-2.0
// passwd.c - a reader of two old files that trusts neither
//
// The C library's getpwnam would load shared objects and read the host's configuration; here the
// container's files are read line by line through a descriptor, with no memory but a fixed buffer.
#include "box/steps/passwd.h"

#include "base/path.h"
#include "base/str.h"
#include "base/sys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 4096, FILE_MAX = 4 << 20 };

// Lines of a file, one after the other.
struct lines {
	int fd;
	size_t n;      // bytes in the buffer
	size_t at;     // where the next line begins
	size_t total;  // bytes read so far
	bool skipping; // in a line that is too long
	bool end;
	char buffer[LINE_MAX_SIZE];
};

// Returns the descriptor, or -ENOENT when it is of no regular file.
static int regular(int fd)
{
	struct stat status;
	if (fd < 0)
		return fd;
	int result = (int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH);
	if (result >= 0 && S_ISREG(status.st_mode))
		return fd;
	sys_call(SYS_close, fd);
	return result < 0 ? result : -ENOENT;
}

// Returns 0, or -ENOENT when there is no such regular file.
static int lines_open(int root, const char *path, struct lines *lines)
{
	*lines = (struct lines){.fd = -1};
	int fd = regular(path_open_in_root(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
	lines->fd = fd;
	return min_of(fd, 0);
}

static void lines_close(struct lines *lines)
{
	if (lines->fd >= 0)
		sys_call(SYS_close, lines->fd);
	lines->fd = -1;
}

// Fills the buffer up behind what is left in it.
static int lines_fill(struct lines *lines)
{
	memmove(lines->buffer, lines->buffer + lines->at, lines->n - lines->at);
	lines->n -= lines->at;
	lines->at = 0;
	if (lines->n == sizeof(lines->buffer)) {
		lines->skipping = true;
		lines->n = 0;
	}
	long got = sys_call(SYS_read, lines->fd, lines->buffer + lines->n,
			    sizeof(lines->buffer) - lines->n);
	if (got < 0)
		return (int)got;
	lines->n += (size_t)got;
	lines->total += (size_t)got;
	lines->end = got == 0;
	return lines->total > FILE_MAX ? -EFBIG : 0;
}

// The next line. Returns 1, 0 at the end of the file, or a negative errno.
static int lines_next(struct lines *lines, struct str *ret_line)
{
	for (;;) {
		const char *start = lines->buffer + lines->at;
		size_t left = lines->n - lines->at;
		const char *newline = left ? memchr(start, '\n', left) : NULL;
		if (newline || (lines->end && left)) {
			size_t length = newline ? (size_t)(newline - start) : left;
			lines->at += newline ? length + 1 : length;
			bool skip = lines->skipping;
			lines->skipping = false;
			if (skip)
				continue;
			*ret_line = (struct str){start, length};
			return 1;
		}
		if (lines->end)
			return 0;
		TRY(lines_fill(lines));
	}
}

static bool str_same(struct str a, struct str b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

int passwd_open(int root, const char *path, int flags)
{
	int fd = path_open_same_mount(root, path, flags | O_NONBLOCK | O_NOCTTY);
	if (fd == -EXDEV || fd == -ENOTDIR || fd == -ELOOP || fd == -ENXIO || fd == -EISDIR)
		return -ENOENT;
	return regular(fd);
}

static struct str third_field(struct str line)
{
	str_cut(&line, ':');
	str_cut(&line, ':');
	return str_cut(&line, ':');
}

int passwd_has(int fd, const char *line)
{
	struct lines lines = {.fd = fd};
	struct str one, rest = str_of(line);
	struct str number = third_field(rest), name = str_cut(&rest, ':');
	int result = (int)sys_call(SYS_lseek, fd, 0, SEEK_SET);
	while (result >= 0 && (result = lines_next(&lines, &one)) > 0) {
		struct str of_name = one;
		if (str_same(str_cut(&of_name, ':'), name) ||
		    (number.n && str_same(third_field(one), number)))
			return 1;
	}
	return result;
}

static int read_id(struct str text, uint32_t *ret_id)
{
	uint64_t id;
	TRY(str_number(text, UINT32_MAX - 1, &id));
	*ret_id = (uint32_t)id;
	return 0;
}

static bool is_number(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

static void set_home(struct walk_user *user, struct str home)
{
	static const char key[] = "HOME=";
	if (!home.n || home.n >= WALK_HOME_MAX || home.p[0] != '/')
		home = STR("/");
	memcpy(user->home, key, sizeof(key) - 1);
	memcpy(user->home + sizeof(key) - 1, home.p, home.n);
	user->home[sizeof(key) - 1 + home.n] = '\0';
}

// name:password:uid:gid:gecos:home:shell
static int find_user(int root, struct str wanted, struct walk_user *user, char ret_name[static 64])
{
	struct lines lines;
	struct str line;
	bool by_number = is_number(wanted), found = false;
	if (by_number)
		TRY(read_id(wanted, &user->uid));
	int result = lines_open(root, "/etc/passwd", &lines);
	while (result >= 0 && !found && (result = lines_next(&lines, &line)) > 0) {
		struct str name = str_cut(&line, ':');
		uint32_t uid, gid;
		str_cut(&line, ':');
		if (read_id(str_cut(&line, ':'), &uid) || read_id(str_cut(&line, ':'), &gid))
			continue;
		if (by_number ? uid != user->uid : !str_same(name, wanted))
			continue;
		found = true;
		user->uid = uid;
		user->gid = gid;
		str_cut(&line, ':');
		set_home(user, str_cut(&line, ':'));
		if (name.n < 64) {
			memcpy(ret_name, name.p, name.n);
			ret_name[name.n] = '\0';
		}
	}
	lines_close(&lines);
	if (found)
		return 0;
	if (result < 0 && result != -ENOENT && result != -ENOTDIR && result != -ELOOP)
		return result;
	return by_number ? 0 : -ENOKEY;
}

static bool is_member(struct str members, struct str name)
{
	while (members.n)
		if (str_same(str_cut(&members, ','), name))
			return true;
	return false;
}

static int add_group(struct walk_user *user, uint32_t gid)
{
	for (size_t i = 0; i < user->groups_n; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->groups_n == WALK_GROUPS_MAX)
		return -ENOTUNIQ;
	user->groups[user->groups_n++] = gid;
	return 0;
}

// name:password:gid:member,member. Either finds the group `wanted`, or collects those of `member`.
static int find_groups(int root, struct str wanted, struct str member, struct walk_user *user,
		       uint32_t *ret_wanted)
{
	struct lines lines;
	struct str line;
	bool found = false;
	int result = lines_open(root, "/etc/group", &lines);
	while (result >= 0 && !found && (result = lines_next(&lines, &line)) > 0) {
		struct str name = str_cut(&line, ':');
		uint32_t gid;
		str_cut(&line, ':');
		if (read_id(str_cut(&line, ':'), &gid))
			continue;
		if (wanted.n && str_same(name, wanted)) {
			*ret_wanted = gid;
			found = true;
		}
		if (member.n && is_member(line, member))
			result = add_group(user, gid);
	}
	lines_close(&lines);
	if (found)
		return 0;
	if (result < 0 && result != -ENOENT && result != -ENOTDIR && result != -ELOOP)
		return result;
	return wanted.n ? -ENODATA : 0;
}

int passwd_look_up(int root, const char *text, struct walk_user *ret_user)
{
	struct walk_user *user = ret_user;
	char name[64] = "";
	*user = (struct walk_user){0};
	set_home(user, STR("/"));
	struct str group = text ? str_of(text) : STR("0");
	struct str who = str_cut(&group, ':');
	TRY(find_user(root, who.n ? who : STR("0"), user, name));
	if (is_number(group))
		return read_id(group, &user->gid);
	if (group.n)
		return find_groups(root, group, (struct str){0}, user, &user->gid);
	// Docker's list of a user without GROUP begins with its own group.
	TRY(add_group(user, user->gid));
	return name[0] ? find_groups(root, (struct str){0}, str_of(name), user, NULL) : 0;
}

int passwd_add_group(int root, const char *text, struct walk_user *user)
{
	struct str group = str_of(text);
	uint32_t gid;
	if (is_number(group))
		TRY(read_id(group, &gid));
	else
		TRY(find_groups(root, group, (struct str){0}, user, &gid));
	return add_group(user, gid);
}

// Adds a name to the list, or, where there is no room, that there are more. False: it is full.
static bool list_name(char *list, size_t room, struct str name)
{
	static const char between[] = ", ", more[] = " and others";
	size_t n = strlen(list), link = n ? sizeof(between) - 1 : 0;
	if (n + link + name.n + sizeof(more) > room) {
		memcpy(list + n, more, n ? sizeof(more) : 1);
		return false;
	}
	memcpy(list + n, between, link);
	memcpy(list + n + link, name.p, name.n);
	list[n + link + name.n] = '\0';
	return true;
}

void passwd_names(int root, const char *text, int error, struct exec_why *ret_why)
{
	enum { NAME_SIZE = 65, NEAR = 2 }; // longer ones are like no other
	struct lines lines;
	struct str line, wanted = str_of(text ? text : "0"), group = wanted;
	struct str user = str_cut(&group, ':');
	char name[NAME_SIZE], sought[NAME_SIZE] = "";
	size_t best = NEAR + 1;
	bool listing = true;
	if (group.p)
		wanted = error == -ENODATA ? group : user;
	memcpy(sought, wanted.p, min_of(wanted.n, sizeof(sought) - 1));
	ret_why->error = error;
	ret_why->other[0] = ret_why->interpreter[0] = '\0';
	if (lines_open(root, error == -ENODATA ? "/etc/group" : "/etc/passwd", &lines) < 0)
		return;
	while (lines_next(&lines, &line) > 0) {
		struct str one = str_cut(&line, ':');
		if (!one.n || !line.p || one.n >= sizeof(name))
			continue;
		memcpy(name, one.p, one.n);
		name[one.n] = '\0';
		size_t distance = str_distance(name, sought);
		if (distance < best && distance < wanted.n) {
			best = distance;
			memcpy(ret_why->other, name, one.n + 1);
		}
		if (listing)
			listing =
				list_name(ret_why->interpreter, sizeof(ret_why->interpreter), one);
	}
	lines_close(&lines);
}
