// SPDX-License-Identifier: Apache-2.0
// container.c - the state root, a container's directory, its record
//
// The order on the way in is directory, lock, record, and only then anything outside of it; on the
// way out it is the other way round. A command that is killed at any instant leaves at most a
// directory whose record names the rest, which `delete --force` removes.
//
// A lock is the older kind of fcntl(2): a process has it, and a child that it forks has it not. So
// the container's first process, which may wait for its start for long, never holds it.
//
// A record is read as if it came from a stranger: its id must be the directory's name, its process
// must have begun when it says, in this boot, and its groups must be groups. A directory that
// others can write to is not looked into at all.
#include "runtime/container.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/parents.h"
#include "base/remove.h"
#include "base/sys.h"
#include "box/steps/door.h"
#include "box/record/life.h"
#include "box/steps/unit_stop.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/unit.h"
#include "kern/cgroup/freeze.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ID_LENGTH_MAX = 200, // its lock and temporary files have longer names
	REMOVE_TRIES = 3,
	END_WAIT_MS = 10000, // for a process that was killed
};

static const char record_name[] = "record", lock_name[] = "lock";

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("id", struct container, id, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("ociVersion", struct container, oci_version, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("bundle", struct container, bundle, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("rootfs", struct container, rootfs, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("created", struct container, created, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("owner", struct container, owner, .flags = SHAPE_REQUIRED),
	SHAPE_BOOL_OF("pidNamespace", struct container, pid_namespace),
	SHAPE_TEXTS_OF("cgroups", struct container, cgroups.item, cgroups.n),
	SHAPE_TEXT_OF("cgroupName", struct container, cgroup_name),
	SHAPE_TEXT_OF("unit", struct container, unit),
	SHAPE_TEXT_OF("freezer", struct container, freezer),
	OCI_PAIRS_OF("annotations", struct container, annotations),
	SHAPE_BOOL_OF("hooks", struct container, hooks),
};
static const struct shape container_shape = SHAPE("container", struct container, fields);

void container_close(struct container *container)
{
	fd_close(&container->directory);
	fd_close(&container->pidfd);
}

// --- places -------------------------------------------------------------------------------------

// In a user namespace that an engine has made root is no more than a user, and /run not his.
static int usual_root(struct arena *arena, const char **ret_root)
{
	const char *session = getenv("XDG_RUNTIME_DIR");
	if (geteuid() == 0 && access("/run", W_OK) == 0) {
		*ret_root = "/run/tare-oci";
		return 0;
	}
	if (session && session[0] == '/') {
		*ret_root = arena_printf(arena, "%s/tare-oci", session);
		return 0;
	}
	fail(-EINVAL, "XDG_RUNTIME_DIR is not set: no place to keep states in");
	fail_hint("set it, or use --root DIR");
	return -EINVAL;
}

int container_root(struct runtime_call *call, bool make, const char **ret_root)
{
	const char *root = call->opts.root;
	if (!root)
		TRY(usual_root(call->arena, &root));
	if (root[0] != '/') {
		char cwd[PATH_MAX];
		if (!getcwd(cwd, sizeof(cwd)))
			return fail_sys(-errno, "the working directory");
		root = arena_printf(call->arena, "%s/%s", cwd, root);
	}
	int result = make ? parents_make_with(root, 0700) : 0;
	if (result < 0)
		return fail_sys(result, "make '%s'", root);
	*ret_root = root;
	return 0;
}

// runc's rule.
static int check_id(const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-.";
	size_t n = strlen(id);
	if (n && n <= ID_LENGTH_MAX && strspn(id, letters) == n && !str_eq(id, ".") &&
	    !str_eq(id, ".."))
		return 0;
	fail(-EINVAL, "container id '%.*s': not a valid one", ID_LENGTH_MAX, id);
	fail_hint("letters, digits and _ + - . make an id, at most %d of them", ID_LENGTH_MAX);
	return -EINVAL;
}

// --- locks --------------------------------------------------------------------------------------

static struct flock whole_file(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

// The descriptor is not kept: closing it would give up the lock, so it stays open until we end.
// `make` is O_CREAT, or 0 where the file must be there: one that is made in a directory while
// another removes it would keep it from that.
static int lock(const struct container *container, int make)
{
	struct flock want = whole_file(F_WRLCK);
	struct stat status;
	int fd = openat(container->directory, lock_name, O_RDWR | make | O_NOFOLLOW | O_CLOEXEC,
			0600);
	if (fd < 0)
		return -errno;
	while (fcntl(fd, F_SETLKW, &want))
		if (errno != EINTR)
			return -errno;
	if (fstat(container->directory, &status))
		return -errno;
	return status.st_nlink ? 0 : -ENOENT; // it was deleted while we waited
}

static bool is_locked(const struct container *container)
{
	struct flock held = whole_file(F_WRLCK);
	_cleanup_fd_ int fd =
		openat(container->directory, lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && fcntl(fd, F_GETLK, &held) == 0 && held.l_type != F_UNLCK;
}

void container_unlock(const struct container *container)
{
	struct flock none = whole_file(F_UNLCK);
	_cleanup_fd_ int fd =
		openat(container->directory, lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		fcntl(fd, F_SETLK, &none);
}

int container_relock(const struct container *container)
{
	int result = lock(container, 0);
	if (result == -ENOENT)
		return CONTAINER_MISSING;
	return result < 0 ? fail_sys(result, "lock '%s'", container->path) : 0;
}

// --- all of them --------------------------------------------------------------------------------

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// A root that is not there has no containers.
int container_ids(struct runtime_call *call, struct oci_strings *ret_ids)
{
	struct oci_strings ids = {0};
	const char *root;
	TRY(container_root(call, false, &root));
	DIR *directory = opendir(root);
	if (!directory && errno != ENOENT)
		return fail_sys(-errno, "read '%s'", root);
	for (struct dirent *entry; directory && (entry = readdir(directory));)
		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
			oci_strings_push(call->arena, &ids, arena_dup(call->arena, entry->d_name));
	if (directory)
		closedir(directory);
	if (ids.n)
		qsort(ids.item, ids.n, sizeof(*ids.item), by_bytes);
	*ret_ids = ids;
	return 0;
}

// --- making -------------------------------------------------------------------------------------

int container_make(struct runtime_call *call, const char *id, struct container *ret_container)
{
	const char *root;
	_cleanup_container_ struct container container = CONTAINER_NONE;
	TRY(check_id(id));
	TRY(container_root(call, true, &root));
	container.id = id;
	container.path = arena_printf(call->arena, "%s/%s", root, id);
	if (mkdir(container.path, 0700) && errno == EEXIST)
		return fail(-EEXIST, "container '%s': it exists already", id);
	container.directory = open(container.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int result = container.directory < 0 ? -errno : lock(&container, O_CREAT);
	if (result < 0)
		return fail_sys(result, "make '%s'", container.path);
	*ret_container = container;
	container.directory = -1;
	return 0;
}

static int write_file(int directory, const char *name, struct str text)
{
	_cleanup_fd_ int fd =
		openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = fd < 0 ? -errno : fd_write_all(fd, text.p, text.n);
	return result < 0 ? fail_sys(result, "write '%s'", name) : 0;
}

int container_write(struct arena *arena, const struct container *container, struct str document)
{
	TRY(write_file(container->directory, CONTAINER_DOCUMENT, document));
	return container_rewrite(arena, container);
}

int container_rewrite(struct arena *arena, const struct container *container)
{
	struct buf text = buf_new(arena, RECORD_MAX);
	struct json_writer json = json_writer_new(&text, JSON_COMPACT);
	shape_print(&json, &container_shape, container);
	buf_putc(&text, '\n');
	return record_write(container->directory, record_name, buf_str(&text), RECORD_VOLATILE);
}

// --- reading ------------------------------------------------------------------------------------

int container_parse(struct arena *arena, struct str text, const char *id,
		    struct container *ret_container)
{
	struct container read;
	if (shape_parse(arena, &container_shape, text, &read) < 0)
		return fail_about("container '%s': its record", id);
	if (!str_eq(read.id, id))
		return fail(-EINVAL, "container '%s': its record is another's", id);
	if (read.unit && !unit_is_scope(read.unit))
		return fail(-EINVAL, "container '%s': its record names no scope", id);
	*ret_container = read;
	return 0;
}

static int read_record(struct arena *arena, struct container *container)
{
	struct container read;
	struct str text;
	int result = record_read(arena, container->directory, record_name, &text);
	if (result < 0 || result == RECORD_MISSING)
		return result;
	TRY(container_parse(arena, text, container->id, &read));
	read.path = container->path;
	read.directory = container->directory;
	read.pidfd = -1;
	read.first = (struct record_process){0};
	*container = read;
	return 0;
}

static int find_status(struct arena *arena, struct container *container, bool locked)
{
	int result =
		record_read_link(arena, container->directory, BOX_RECORD_FIRST, &container->first);
	TRY(result);
	if (result == RECORD_MISSING) {
		bool busy = !locked && is_locked(container);
		container->status = busy ? CONTAINER_CREATING : CONTAINER_STOPPED;
		return 0;
	}
	result = record_alive(&container->first, &container->pidfd);
	TRY(result);
	container->status = CONTAINER_STOPPED;
	if (result == RECORD_GONE)
		return 0;
	if (container->freezer && cgroup_is_frozen(container->freezer)) {
		container->status = CONTAINER_PAUSED;
		return 0;
	}
	result = door_look(container->directory);
	TRY(result);
	container->status = result == 0 ? CONTAINER_CREATED : CONTAINER_RUNNING;
	return 0;
}

// What others can write is not to say which processes we kill and which groups we remove.
static int check_owner(const struct container *container)
{
	struct stat status;
	if (fstat(container->directory, &status))
		return fail_sys(-errno, "look at '%s'", container->path);
	if (status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	fail(-EPERM, "container '%s': '%s' is somebody else's, or others can write there",
	     container->id, container->path);
	fail_hint("--root names a directory of one's own");
	return -EPERM;
}

int container_open(struct runtime_call *call, const char *id, enum container_hold hold,
		   struct container *ret_container)
{
	const char *root;
	_cleanup_container_ struct container container = CONTAINER_NONE;
	TRY(check_id(id));
	TRY(container_root(call, false, &root));
	container.id = id;
	container.path = arena_printf(call->arena, "%s/%s", root, id);
	container.directory = open(container.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int result = container.directory < 0 ? -errno : 0;
	if (result == 0)
		TRY(check_owner(&container));
	if (result == 0 && hold == CONTAINER_LOCK)
		result = lock(&container, O_CREAT);
	if (result == -ENOENT)
		return CONTAINER_MISSING;
	if (result < 0)
		return fail_sys(result, "open '%s'", container.path);
	TRY(read_record(call->arena, &container));
	TRY(find_status(call->arena, &container, hold == CONTAINER_LOCK));
	*ret_container = container;
	container.directory = container.pidfd = -1;
	return 0;
}

int container_need(struct runtime_call *call, const char *id, enum container_hold hold,
		   struct container *ret_container)
{
	int result = container_open(call, id, hold, ret_container);
	return result == CONTAINER_MISSING ? fail(-ENOENT, "container '%s' does not exist", id)
					   : result;
}

int container_document(struct arena *arena, const struct container *container,
		       struct oci_spec *ret_spec)
{
	struct str text;
	int error =
		file_read(arena, container->directory, CONTAINER_DOCUMENT, JSON_BYTES_MAX, &text);
	if (error < 0)
		return fail_sys(error, "container '%s': read its document", container->id);
	return oci_spec_parse(arena, text, ret_spec);
}

int container_need_cgroup(const struct container *container)
{
	if (container->cgroup_name)
		return 0;
	fail(-EOPNOTSUPP, "container '%s': it has no cgroup", container->id);
	fail_hint("it was made without limits by an ordinary user, or with "
		  "--cgroup-manager disabled");
	return -EOPNOTSUPP;
}

int64_t container_pid(const struct container *container)
{
	return container->pidfd >= 0 ? container->first.pid : 0;
}

const char *container_status_text(enum container_status status)
{
	static const char *const words[] = {
		[CONTAINER_CREATING] = "creating", [CONTAINER_CREATED] = "created",
		[CONTAINER_RUNNING] = "running",   [CONTAINER_PAUSED] = "paused",
		[CONTAINER_STOPPED] = "stopped",
	};
	static_assert(lengthof(words) == CONTAINER_STATUS_COUNT, "every status has its word");
	return words[status];
}

// --- ending -------------------------------------------------------------------------------------

int container_let_die(const struct container *container, int signal)
{
	bool thaw = signal == SIGKILL && container->status == CONTAINER_PAUSED;
	return thaw ? cgroup_freeze(container->freezer, false) : 0;
}

// containerd looks for these words.
static int not_running(const struct container *container)
{
	return fail(-ESRCH, "signal '%s': container not running", container->id);
}

int container_signal(const struct container *container, int signal)
{
	if (container->pidfd < 0)
		return not_running(container);
	int result = (int)sys_call(SYS_pidfd_send_signal, container->pidfd, signal, NULL, 0);
	if (result == -ESRCH)
		return not_running(container);
	if (result < 0)
		return fail_sys(result, "signal container '%s'", container->id);
	return container_let_die(container, signal);
}

static int kill_first(const struct container *container)
{
	struct pollfd end = {.fd = container->pidfd, .events = POLLIN};
	if (container->pidfd < 0)
		return 0;
	if (container_signal(container, SIGKILL) < 0)
		fault_clear(); // whether it ends is seen below
	if (poll(&end, 1, END_WAIT_MS) != 1)
		return fail(-EBUSY, "container '%s': its first process does not end",
			    container->id);
	return 0;
}

// Its group is gone by now, and systemd may have seen it: this waits until the name is free.
static int stop_unit(struct arena *arena, const char *unit)
{
	struct facts facts = {.uid = geteuid()};
	if (!unit)
		return 0;
	facts_bus(arena, &facts);
	return facts.bus ? unit_stop(arena, facts.bus, unit) : 0;
}

int container_remove(struct arena *arena, struct container *container)
{
	TRY(kill_first(container));
	bool others = container->freezer && !container->pid_namespace;
	if (others && cgroup_is_frozen(container->freezer))
		TRY(cgroup_freeze(container->freezer, false)); // else they could not be killed
	for (size_t i = 0; i < container->cgroups.n; i++)
		TRY(cgroup_remove(container->cgroups.item[i]));
	TRY(stop_unit(arena, container->unit));
	int result = -ENOTEMPTY; // where another has just made the lock, to delete it as well
	for (int i = 0; result == -ENOTEMPTY && i < REMOVE_TRIES; i++)
		result = remove_tree(AT_FDCWD, container->path);
	return result < 0 ? fail_sys(result, "remove '%s'", container->path) : 0;
}
