// SPDX-License-Identifier: Apache-2.0
// why.c - finding a program and becoming it
//
// execve(2) takes a path; the search on PATH is ours, in the container's root and with the
// container's PATH. Before it, the program is looked at: neither it nor its interpreter or loader
// may be reached through a link of /proc such as /proc/self/exe, since that would be tare's own
// executable, opened in the host's tree, in the hands of the container (CVE-2019-5736).
//
// When the kernel refuses, its errno alone says little: ENOENT may mean the script's interpreter,
// EACCES a mount option. So the file is looked at again, and what is found goes to the parent.
#include "box/exec/why.h"

#include "base/path.h"
#include "base/str.h"
#include "base/sys.h"
#include "box/exec/look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

enum {
	SCRIPTS_DEEP = 5,   // scripts whose interpreter is a script: the kernel's limit
	ENTRIES_MAX = 4096, // names looked at for the nearest
	NEAR = 2,           // edits
	MOUNT_NOEXEC = 8,   // ST_NOEXEC
};

struct search {
	const struct exec_own *own;
	const char *const *args;
	const char *const *env;
	struct exec_why *why;
	char path[PATH_LENGTH_MAX];
};

static void keep(char *to, size_t room, const char *from)
{
	size_t n = min_of(strlen(from), room - 1);
	memcpy(to, from, n);
	to[n] = '\0';
}

void exec_own(struct exec_own *ret_own)
{
	struct stat status;
	*ret_own = (struct exec_own){0};
	if (stat("/proc/self/exe", &status) == 0)
		*ret_own = (struct exec_own){status.st_dev, status.st_ino};
}

// --- why it failed ------------------------------------------------------------------------------

static bool is_missing(const char *path)
{
	struct stat status;
	long result = sys_call(SYS_newfstatat, AT_FDCWD, path, &status, 0);
	return result == -ENOENT || result == -ENOTDIR;
}

static bool is_file(const char *path)
{
	struct stat status;
	return sys_call(SYS_newfstatat, AT_FDCWD, path, &status, 0) == 0 && S_ISREG(status.st_mode);
}

// Whether this user may execute it, or pass the directory: asked as the kernel will ask.
static int may_execute(const char *path)
{
	return (int)sys_call(SYS_faccessat2, AT_FDCWD, path, X_OK, AT_EACCESS);
}

// The first directory on the way that is missing, none, or may not be passed.
static void find_barrier(const char *path, int error, struct exec_why *why)
{
	char part[PATH_LENGTH_MAX];
	keep(part, sizeof(part), path);
	for (size_t i = 1; part[i]; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		if (error == -ENOENT ? is_missing(part) || is_file(part)
				     : may_execute(part) == -EACCES) {
			keep(why->other, sizeof(why->other), part);
			return;
		}
		part[i] = '/';
	}
}

static bool is_noexec(const char *path)
{
	struct statfs status;
	return sys_call(SYS_statfs, path, &status) == 0 && status.f_flags & MOUNT_NOEXEC;
}

static enum exec_trouble denied(const char *path, const struct exec_look *look,
				struct exec_why *why)
{
	if (look->error)
		find_barrier(path, -EACCES, why);
	if (look->error)
		return EXEC_SEARCH;
	if (S_ISDIR(look->mode))
		return EXEC_DIRECTORY;
	if (!S_ISREG(look->mode))
		return EXEC_NO_FILE;
	return is_noexec(path) ? EXEC_NOEXEC : EXEC_NO_BIT;
}

static bool is_foreign(const struct exec_look *look)
{
	return look->elf && look->bits &&
	       (look->machine != exec_native_machine() || look->bits != 64);
}

static enum exec_trouble not_there(const char *path, const struct exec_look *look,
				   struct exec_why *why)
{
	if (look->error) {
		find_barrier(path, -ENOENT, why);
		return EXEC_MISSING;
	}
	if (is_foreign(look) && look->bits == 64) // its emulator is not in the root
		return EXEC_MACHINE;
	if (look->interpreter[0] && is_missing(look->interpreter))
		return look->script ? EXEC_LOST_INTERPRETER : EXEC_LOST_LOADER;
	return is_foreign(look) ? EXEC_MACHINE : EXEC_OTHER;
}

static enum exec_trouble trouble_of(const char *path, int error, const struct exec_look *look,
				    struct exec_why *why)
{
	if (error == -EACCES)
		return denied(path, look, why);
	if (error == -ENOENT || error == -ENOTDIR)
		return not_there(path, look, why);
	if (error == -ENOEXEC && is_foreign(look))
		return EXEC_MACHINE;
	if (error == -ENOEXEC && look->readable && !look->elf && !look->interpreter[0])
		return EXEC_NO_INTERPRETER;
	return EXEC_OTHER;
}

static int tell(struct search *search, const char *path, int error, enum exec_trouble trouble)
{
	search->why->error = error;
	search->why->trouble = (uint8_t)trouble;
	keep(search->why->path, sizeof(search->why->path), path);
	return error;
}

// The kernel's answer may be about the interpreter of a script, or about a loader.
static bool is_about_interpreter(const char *path, int error, const struct exec_look *look)
{
	bool may = look->script ? error == -EACCES || error == -ENOENT || error == -ENOEXEC
				: error == -EACCES;
	return may && look->interpreter[0] && may_execute(path) == 0 &&
	       !is_missing(look->interpreter);
}

static void describe(const struct exec_look *look, struct exec_why *why)
{
	why->mode = look->mode;
	why->uid = look->uid;
	why->gid = look->gid;
	why->as_uid = (uint32_t)sys_call(SYS_geteuid);
	why->machine = look->machine;
	why->bits = look->bits;
	keep(why->interpreter, sizeof(why->interpreter), look->interpreter);
	size_t n = strlen(look->interpreter);
	why->returned = look->script && n && look->interpreter[n - 1] == '\r';
}

static int find_out(struct search *search, const char *path, int error)
{
	struct exec_why *why = search->why;
	struct exec_look look;
	char interpreter[EXEC_INTERPRETER_MAX];
	exec_look_at(path, &look);
	for (int deep = 0; deep < SCRIPTS_DEEP && is_about_interpreter(path, error, &look);
	     deep++) {
		keep(why->whose, sizeof(why->whose), path);
		memcpy(interpreter, look.interpreter, sizeof(interpreter));
		path = interpreter;
		exec_look_at(path, &look);
	}
	describe(&look, why);
	return tell(search, path, error, trouble_of(path, error, &look, why));
}

// --- the way out --------------------------------------------------------------------------------

// What execve will refuse as well.
static bool is_refusal(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ELOOP ||
	       error == -ENAMETOOLONG;
}

static bool is_outside(const struct exec_own *own, const struct exec_look *look)
{
	bool ours = own->inode && look->inode == own->inode && look->device == own->device;
	return look->magic || (ours && !look->error);
}

// Likewise what it would load if the kernel took it for a file of the other class.
static bool second_is_outside(const struct exec_own *own, const struct exec_look *look)
{
	struct exec_look second;
	if (!look->second[0])
		return false;
	exec_look_at(look->second, &second);
	return is_outside(own, &second);
}

// Makes sure that neither the file nor anything that the kernel would open on its behalf lies
// outside of the container. What can't be known is refused: a script that its user may execute but
// not read is read by the kernel all the same.
static int check_inside(struct search *search, struct exec_look *ret_look)
{
	const struct exec_own *own = search->own;
	struct exec_look look;
	char path[PATH_LENGTH_MAX];
	keep(path, sizeof(path), search->path);
	exec_look_at(path, ret_look);
	look = *ret_look;
	for (int deep = 0; deep <= SCRIPTS_DEEP + 1; deep++) { // the last may have a loader
		if (is_outside(own, &look) || second_is_outside(own, &look))
			return tell(search, search->path, -EACCES, EXEC_RUNTIME);
		if (look.error && !is_refusal(look.error))
			return tell(search, path, look.error, EXEC_OTHER);
		if (look.error || !S_ISREG(look.mode))
			return 0;
		if (!look.readable && may_execute(path) == 0) {
			describe(&look, search->why);
			return tell(search, path, -EACCES, EXEC_UNREADABLE);
		}
		if (look.long_loader)
			return tell(search, path, -EACCES, EXEC_LONG_LOADER);
		if (!look.interpreter[0])
			return 0;
		keep(path, sizeof(path), look.interpreter);
		exec_look_at(path, &look);
	}
	return 0;
}

// --- the nearest name ---------------------------------------------------------------------------

struct entry { // of getdents64(2)
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

static void look_for_near(struct search *search, const char *directory, size_t *best,
			  unsigned *left)
{
	_Alignas(8) char buffer[4096];
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, directory,
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	for (long n;
	     fd >= 0 && *left && (n = sys_call(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0;) {
		for (long at = 0; at < n && *left; --*left) {
			const struct entry *entry = (const void *)(buffer + at);
			size_t distance = str_distance(entry->name, search->args[0]);
			if (distance < *best && distance < strlen(search->args[0])) {
				*best = distance;
				keep(search->why->other, sizeof(search->why->other), entry->name);
			}
			at += entry->length;
		}
	}
	if (fd >= 0)
		sys_call(SYS_close, fd);
}

// --- the search ---------------------------------------------------------------------------------

static const char *path_variable(const char *const *env)
{
	for (; *env; env++)
		if (str_starts(*env, "PATH="))
			return *env + strlen("PATH=");
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

// Cuts the next directory off *rest into search->path. An empty entry is the working directory.
static bool next_directory(struct search *search, const char **rest)
{
	while (*rest) {
		const char *end = strchr(*rest, ':');
		size_t n = end ? (size_t)(end - *rest) : strlen(*rest);
		const char *start = *rest;
		*rest = end ? end + 1 : NULL;
		if (n + 2 >= sizeof(search->path))
			continue;
		memcpy(search->path, n ? start : ".", n ? n : 1);
		search->path[n ? n : 1] = '\0';
		return true;
	}
	return false;
}

static int unknown(struct search *search)
{
	const char *rest = path_variable(search->env);
	size_t best = NEAR + 1;
	unsigned left = ENTRIES_MAX;
	while (next_directory(search, &rest))
		look_for_near(search, search->path, &best, &left);
	return tell(search, search->args[0], -ENOENT, EXEC_UNKNOWN);
}

static bool goes_on(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES;
}

// Leaves the program's path in search->path.
static int find_program(struct search *search)
{
	const char *name = search->args[0];
	size_t length = strlen(name);
	if (strchr(name, '/')) {
		if (length >= sizeof(search->path))
			return tell(search, name, -ENAMETOOLONG, EXEC_OTHER);
		memcpy(search->path, name, length + 1);
		return 0;
	}
	char denied[PATH_LENGTH_MAX] = "";
	const char *rest = path_variable(search->env);
	while (next_directory(search, &rest)) {
		size_t n = strlen(search->path);
		if (n + 1 + length >= sizeof(search->path))
			continue;
		search->path[n] = '/';
		memcpy(search->path + n + 1, name, length + 1);
		int result = may_execute(search->path);
		if (result == 0 && is_file(search->path))
			return 0;
		if (result < 0 && !goes_on(result))
			return find_out(search, search->path, result);
		if (result == -EACCES && !denied[0])
			keep(denied, sizeof(denied), search->path);
	}
	return denied[0] ? find_out(search, denied, -EACCES) : unknown(search);
}

// With a reaper its child fails to exec, and can tell an errno only: what can be known is found out
// first. Whether the kernel knows the format can't, as the host may have registered others
// (binfmt_misc): how that would be told is left in *why.
static int check_program(struct search *search, const struct exec_look *look)
{
	int result = may_execute(search->path);
	if (result >= 0 && !S_ISREG(look->mode))
		result = -EACCES;
	if (result >= 0 && look->interpreter[0] && is_missing(look->interpreter))
		result = -ENOENT;
	if (result >= 0 && look->script && look->interpreter[0])
		result = may_execute(look->interpreter);
	return result < 0 ? find_out(search, search->path, result) : 0;
}

// A descriptor that the reaper takes along, as a word of its command line.
static int hand_over(int fd, char text[static STR_DECIMAL_MAX])
{
	if (fd < 0)
		return 0;
	str_decimal((uint64_t)fd, text);
	return (int)sys_call(SYS_fcntl, fd, F_SETFD, 0);
}

static int run_reaper(struct search *search, const struct exec_reaper *reaper)
{
	enum { ARGS_MAX = 4096, OWN = 4 };
	char report[STR_DECIMAL_MAX] = "-", end[STR_DECIMAL_MAX] = "-";
	const char *args[ARGS_MAX + OWN + 1] = {"tare-init", report, end, search->path};
	for (size_t i = 0; search->args[i]; i++) {
		if (i == ARGS_MAX)
			return -E2BIG;
		args[i + OWN] = search->args[i];
	}
	TRY(hand_over(reaper->report, report));
	TRY(hand_over(reaper->end, end));
	return (int)sys_call(SYS_execveat, reaper->program, "", args, search->env, AT_EMPTY_PATH);
}

int exec_run(const struct exec_own *own, const char *const *args, const char *const *env,
	     const struct exec_reaper *reaper, int (*before)(void *), void *context,
	     struct exec_why *ret_why)
{
	struct search search = {.own = own, .args = args, .env = env, .why = ret_why};
	struct exec_look look;
	*ret_why = (struct exec_why){0};
	TRY(find_program(&search));
	TRY(check_inside(&search, &look));
	if (reaper->program >= 0) {
		TRY(check_program(&search, &look));
		describe(&look, ret_why);
		ret_why->trouble = (uint8_t)trouble_of(search.path, -ENOEXEC, &look, ret_why);
	}
	keep(ret_why->path, sizeof(ret_why->path), search.path);
	TRY(before(context));
	if (reaper->program >= 0)
		return tell(&search, "tare-init", run_reaper(&search, reaper), EXEC_OTHER);
	int result = (int)sys_call(SYS_execve, search.path, args, env);
	return find_out(&search, search.path, result);
}

int exec_find(const struct exec_own *own, const char *const *args, const char *const *env,
	      struct exec_why *ret_why)
{
	struct search search = {.own = own, .args = args, .env = env, .why = ret_why};
	struct exec_look look;
	*ret_why = (struct exec_why){0};
	TRY(find_program(&search));
	TRY(check_inside(&search, &look));
	return check_program(&search, &look);
}
