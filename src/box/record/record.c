// SPDX-License-Identifier: Apache-2.0
// record.c - a container's directory, lock, record and name
//
// Order on the way in: directory, lock, record, name. Order on the way out: cgroups, name,
// directory. A command that is killed in between leaves a directory that nobody locks, and from
// its record (or, if that was not yet written, from its name, the id) the next command finds the
// rest.
#include "box/record/record.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "base/remove.h"
#include "box/record/life.h"
#include "box/record/remove_mapped.h"
#include "kern/cgroup/cgroup.h"
#include "kern/process/signals.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	ID_DIGITS = 64,
	LOOKS_MAX = 200,
	END_WAIT_MS = 3000,
	LOOK_PAUSE = 1000000, // ns
	MAKE_TRIES = 10, // a sweeper takes a new directory once in a thousand times, if it tries
};

static const char record_name[] = "record", first_name[] = BOX_RECORD_FIRST;

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("id", struct box_record, id, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("name", struct box_record, name, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("image", struct box_record, image),
	SHAPE_TEXT_OF("imageId", struct box_record, image_id),
	SHAPE_TEXTS_OF("command", struct box_record, command.item, command.n),
	SHAPE_TEXTS_OF("cgroups", struct box_record, cgroups.item, cgroups.n),
	SHAPE_INT64_OF("created", struct box_record, created, .flags = SHAPE_REQUIRED),
	SHAPE_INT64_OF("finished", struct box_record, finished),
	SHAPE_INT64_OF("exitCode", struct box_record, exit_code, .absent = -1),
	SHAPE_BOOL_OF("remove", struct box_record, remove),
	OCI_PAIRS_OF("labels", struct box_record, labels),
	OCI_PAIRS_OF("annotations", struct box_record, annotations),
	SHAPE_INT64_OF("stopSignal", struct box_record, stop_signal, .most = SIGNAL_MAX),
	SHAPE_INT64_OF("stopTimeout", struct box_record, stop_timeout, .absent = BOX_STOP_TIMEOUT,
		       .least = -1, .most = INT32_MAX),
	SHAPE_BOOL_OF("oomKilled", struct box_record, oom_killed),
	SHAPE_OBJECT_OF("about", struct box_record, about, struct box_about, &box_about_shape, 0),
	SHAPE_OBJECTS_OF("uidMappings", struct box_record, uid_mappings, uid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
	SHAPE_OBJECTS_OF("gidMappings", struct box_record, gid_mappings, gid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
	SHAPE_OBJECT_OF("owner", struct box_record, owner, struct record_process,
			&record_process_shape),
};

static const struct shape record_shape = SHAPE("container", struct box_record, fields);

static bool is_hexadecimal(const char *text, size_t digits)
{
	return strspn(text, "0123456789abcdef") == digits && !text[digits];
}

static bool is_key_of(const char *key, const char *id)
{
	return is_hexadecimal(id, ID_DIGITS) && strncmp(key, id, BOX_KEY_DIGITS) == 0;
}

// --- making -------------------------------------------------------------------------------------

// Makes a directory, and on the first run its parents.
static int make_directory(const char *path)
{
	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != ENOENT)
		return -errno;
	TRY(parents_make(path, 0700));
	return mkdir(path, 0700) ? -errno : 0;
}

static int lock_waiting(int fd)
{
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return -errno;
	return 0;
}

// Between its making and its locking a directory looks as if it had been left behind, and a sweeper
// may hold the lock: we wait for it, and see whether the directory still has a name.
static int lock_directory(const char *path, int *ret_directory)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	if (fd < 0)
		return -errno;
	TRY(lock_waiting(fd));
	if (fstat(fd, &status))
		return -errno;
	if (!status.st_nlink)
		return -ENOENT;
	*ret_directory = take_fd(&fd);
	return 0;
}

static int make_locked(const char *path, int *ret_directory)
{
	int result = 0;
	for (int tries = 0; tries < MAKE_TRIES; tries++) {
		result = make_directory(path);
		if (result == 0)
			result = lock_directory(path, ret_directory);
		if (result == 0)
			return 0;
		if (result != -ENOENT)
			break;
	}
	return fail_sys(result, "make '%s'", path);
}

static void describe(struct arena *arena, const struct plan *plan, struct box_record *record)
{
	const struct box_spec *spec = plan->spec;
	*record = (struct box_record){
		.id = spec->id,
		.name = spec->name,
		.image = spec->image,
		.image_id = spec->image_id,
		.command = spec->oci.process.args,
		.created = time(NULL),
		.exit_code = -1,
		.remove = spec->remove,
		.labels = spec->labels,
		.annotations = spec->oci.annotations,
		.stop_signal = spec->stop_signal,
		.stop_timeout = spec->stop_timeout,
		.uid_mappings = spec->oci.linux_.uid_mappings,
		.uid_mappings_n = spec->oci.linux_.uid_mappings_n,
		.gid_mappings = spec->oci.linux_.gid_mappings,
		.gid_mappings_n = spec->oci.linux_.gid_mappings_n,
	};
	record->cgroups.item = arena_array(arena, const char *, CONTROLLER_COUNT + 1);
	for (size_t i = 0; i < plan->steps_n; i++)
		if (plan->steps[i].op == OP_CGROUP)
			record->cgroups.item[record->cgroups.n++] = plan->steps[i].a;
	box_about_make(arena, plan, &record->about);
	record_process(arena, getpid(), &record->owner);
}

static struct str document(struct arena *arena, const struct shape *shape, const void *from)
{
	struct buf text = buf_new(arena, RECORD_MAX);
	struct json_writer json = json_writer_new(&text, JSON_COMPACT);
	shape_print(&json, shape, from);
	buf_putc(&text, '\n');
	return buf_str(&text);
}

static int write_new(int directory, const char *name, struct str text)
{
	_cleanup_fd_ int fd =
		openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd_write_all(fd, text.p, text.n);
}

// --- names --------------------------------------------------------------------------------------

// A name whose container is gone is free: its holder was killed between two steps of its end.
static bool is_stale(struct arena *arena, const struct box_spec *spec, const char *holder)
{
	const char *kept = arena_printf(arena, "%s/containers/%s", spec->root_directory, holder);
	const char *fleeting = arena_printf(arena, "%s/containers/%s", spec->runroot, holder);
	return access(kept, F_OK) && access(fleeting, F_OK);
}

static const char *name_link(struct arena *arena, const char *root, const char *name)
{
	return arena_printf(arena, "%s/names/%s", root, name);
}

bool box_name_is_taken(struct arena *arena, const char *root, const char *name)
{
	struct stat status;
	return lstat(name_link(arena, root, name), &status) == 0;
}

static int take_name(struct arena *arena, const struct box_spec *spec)
{
	const char *link = name_link(arena, spec->root_directory, spec->name);
	const char *key = arena_dup_n(arena, spec->id, BOX_KEY_DIGITS);
	char holder[BOX_KEY_DIGITS + 1] = "";
	for (int tries = 0; tries < 3; tries++) {
		if (symlink(key, link) == 0)
			return 0;
		if (errno == ENOENT) {
			TRY(parents_make(link, 0700));
			continue;
		}
		if (errno != EEXIST)
			return fail_sys(-errno, "name '%s'", spec->name);
		ssize_t n = readlink(link, holder, BOX_KEY_DIGITS);
		holder[max_of(n, (ssize_t)0)] = '\0';
		if (n < 0 || !is_stale(arena, spec, holder))
			break;
		unlink(link);
	}
	fail(-EEXIST, "name '%s': container %.12s has it already", spec->name, holder);
	fail_hint("remove that one (tare rm %s), or choose another name", spec->name);
	return -EEXIST;
}

// Gives the name back, if it is still this container's.
static void drop_name(struct arena *arena, const char *root, const char *name, const char *id)
{
	char holder[BOX_KEY_DIGITS + 1] = "";
	if (!name || strchr(name, '/') || name[0] == '.')
		return;
	const char *link = name_link(arena, root, name);
	if (readlink(link, holder, BOX_KEY_DIGITS) == BOX_KEY_DIGITS && is_key_of(holder, id))
		unlink(link);
}

int box_record_create(struct arena *arena, const struct plan *plan, int *ret_directory)
{
	const struct box_spec *spec = plan->spec;
	_cleanup_fd_ int directory = -1;
	struct box_record record;
	TRY(make_locked(spec->state, &directory));
	describe(arena, plan, &record);
	int result = write_new(directory, record_name, document(arena, &record_shape, &record));
	if (result < 0)
		fail_sys(result, "write '%s/%s'", spec->state, record_name);
	else
		result = take_name(arena, spec);
	if (result < 0) {
		remove_tree(AT_FDCWD, spec->state);
		return result;
	}
	*ret_directory = take_fd(&directory);
	return 0;
}

// --- ending -------------------------------------------------------------------------------------

void box_record_started(struct arena *arena, int directory, pid_t first)
{
	struct fault kept = *fault_last();
	struct record_process process;
	if (record_process(arena, first, &process) == 0)
		record_link(directory, first_name, &process);
	fault_restore(&kept);
}

int box_record_mark(struct arena *arena, int directory, pid_t first)
{
	struct record_process process;
	TRY(record_process(arena, first, &process));
	return record_link(directory, first_name, &process);
}

int box_record_finish(struct arena *arena, const struct plan *plan, int directory, int exit_code,
		      bool oom_killed)
{
	struct box_record record;
	describe(arena, plan, &record);
	struct str before;
	if (record_read(arena, directory, record_name, &before) == 0)
		shape_parse(arena, &record_shape, before, &record);
	record.finished = time(NULL);
	record.exit_code = exit_code;
	record.oom_killed = oom_killed;
	record.cgroups.n = 0;
	int result = record_write(directory, record_name, document(arena, &record_shape, &record),
				  RECORD_DURABLE);
	return result < 0 ? fail_sys(result, "write '%s/%s'", plan->spec->state, record_name) : 0;
}

// Removes what the start of a plain container put there, name by name. False: there is more.
static bool remove_plain(const struct box_spec *spec, int directory)
{
	unlinkat(directory, record_name, 0);
	unlinkat(directory, first_name, 0);
	for (size_t i = 0; i < spec->files_n; i++)
		unlinkat(directory, spec->files[i].name, 0);
	return rmdir(spec->state) == 0;
}

void box_record_discard(struct arena *arena, const struct plan *plan, int directory)
{
	const struct box_spec *spec = plan->spec;
	drop_name(arena, spec->root_directory, spec->name, spec->id);
	if (!remove_plain(spec, directory))
		remove_mapped(arena, plan->facts, spec->state);
}

// Who runs a container holds the lock alone, for long: then -EWOULDBLOCK. Who looks at it shares
// the lock for a moment, which is waited for.
static int lock_idle(int fd)
{
	for (int looks = 0; flock(fd, LOCK_EX | LOCK_NB); looks++) {
		if (errno != EWOULDBLOCK || looks == LOOKS_MAX || flock(fd, LOCK_SH | LOCK_NB))
			return -errno;
		flock(fd, LOCK_UN);
		nanosleep(&(struct timespec){0, LOOK_PAUSE}, NULL);
	}
	return 0;
}

// Of a container whose tare was killed: its first process should have been killed with it, but may
// have asked the kernel not to.
static void end_survivor(const struct box_record *record)
{
	struct fault kept = *fault_last();
	_cleanup_fd_ int pidfd = -1;
	if (record->first.boot && record_alive(&record->first, &pidfd) == 0) {
		struct pollfd end = {.fd = pidfd, .events = POLLIN};
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
		poll(&end, 1, END_WAIT_MS);
	}
	fault_restore(&kept);
}

// Of a container that is kept. Without a pid namespace of its own more may have survived than its
// first process: they are in its cgroups.
static void end_killed(const struct box_record *record)
{
	_cleanup_fd_ int lock = open(record->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || lock_idle(lock) < 0)
		return; // it runs by now
	end_survivor(record);
	for (size_t i = 0; i < record->cgroups.n; i++)
		cgroup_remove_own(record->cgroups.item[i]);
}

int box_record_remove(struct arena *arena, const struct box_place *place, const struct facts *facts,
		      const struct box_record *record)
{
	_cleanup_fd_ int lock = open(record->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0)
		return errno == ENOENT ? 0 : fail_sys(-errno, "open '%s'", record->directory);
	int error = lock_idle(lock);
	if (error < 0)
		return error == -EWOULDBLOCK ? BOX_RECORD_RUNNING
					     : fail_sys(error, "lock '%s'", record->directory);
	end_survivor(record);
	for (size_t i = 0; i < record->cgroups.n; i++)
		TRY(cgroup_remove_own(record->cgroups.item[i]));
	drop_name(arena, place->root, record->name, record->id);
	int result = remove_mapped(arena, facts, record->directory);
	return result < 0 ? fail_sys(result, "remove '%s'", record->directory) : 0;
}

// --- listing ------------------------------------------------------------------------------------

static void read_first(struct arena *arena, int directory, struct record_process *ret_first)
{
	if (directory < 0 || record_read_link(arena, directory, first_name, ret_first) != 0)
		*ret_first = (struct record_process){0};
	fault_clear();
}

int box_record_parse(struct arena *arena, struct str text, const char *key,
		     struct box_record *ret_record)
{
	struct box_record record = {0};
	TRY(shape_parse(arena, &record_shape, text, &record));
	if (!is_key_of(key, record.id))
		return fail(-EINVAL, "container '%s': its record is another's", key);
	*ret_record = record;
	return 0;
}

static void read_one(struct arena *arena, const char *directory, const char *key,
		     struct box_record *ret_record)
{
	struct box_record record = {0};
	struct str text;
	_cleanup_fd_ int fd = openat(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool read = fd >= 0 && record_read(arena, fd, record_name, &text) == 0 &&
		    box_record_parse(arena, text, key, &record) == 0;
	if (!read) {
		fault_clear();
		record = (struct box_record){.id = key, .exit_code = -1};
	}
	record.directory = directory;
	record.running = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	if (!record.running && !record.finished)
		read_first(arena, fd, &record.first);
	*ret_record = record;
}

struct list {
	struct box_record *item;
	size_t n;
	size_t room;
};

static void list_one(struct arena *arena, struct list *list, const char *directory, const char *key)
{
	if (list->n == list->room) {
		size_t room = max_of(list->room * 2, (size_t)16);
		struct box_record *item = arena_array(arena, struct box_record, room);
		if (list->n)
			memcpy(item, list->item, list->n * sizeof(*item));
		list->item = item;
		list->room = room;
	}
	read_one(arena, arena_printf(arena, "%s/%s", directory, key), arena_dup(arena, key),
		 &list->item[list->n++]);
}

static int list_directory(struct arena *arena, const char *base, unsigned most, const char *own,
			  struct list *list)
{
	const char *directory = arena_printf(arena, "%s/containers", base);
	DIR *entries = opendir(directory);
	if (!entries)
		return errno == ENOENT ? 0 : fail_sys(-errno, "open '%s'", directory);
	unsigned seen = 0;
	for (struct dirent *entry; (!most || seen < most) && (entry = readdir(entries));) {
		if (!is_hexadecimal(entry->d_name, BOX_KEY_DIGITS) ||
		    (own && is_key_of(entry->d_name, own)))
			continue;
		seen++;
		list_one(arena, list, directory, entry->d_name);
	}
	closedir(entries);
	return 0;
}

static int list_all(struct arena *arena, const struct box_place *place, unsigned most,
		    const char *own, struct list *list)
{
	TRY(list_directory(arena, place->root, most, own, list));
	return list_directory(arena, place->runroot, most, own, list);
}

int box_record_list(struct arena *arena, const struct box_place *place,
		    struct box_record **ret_records, size_t *ret_n)
{
	struct list list = {0};
	TRY(list_all(arena, place, 0, NULL, &list));
	*ret_records = list.item;
	*ret_n = list.n;
	return 0;
}

// What a record that was never written would have named: the groups bear the id.
static void remove_groups_of(struct arena *arena, const struct facts *facts, const char *id)
{
	struct cgroup_group *groups;
	size_t n;
	cgroup_groups(arena, facts, CGROUP_EVERY, arena_printf(arena, CGROUP_PREFIX "%.12s", id),
		      &groups, &n);
	for (size_t i = 0; i < n; i++)
		cgroup_remove_own(groups[i].directory);
}

void box_record_sweep(struct arena *arena, const struct box_place *place, const struct facts *facts,
		      unsigned most, const char *own)
{
	struct list list = {0};
	struct fault kept = *fault_last();
	if (list_all(arena, place, most, own, &list) == 0) {
		for (size_t i = 0; i < list.n; i++) {
			struct box_record *record = &list.item[i];
			if (record->running)
				continue;
			if (record->name && !record->remove) {
				if (!record->finished)
					end_killed(record);
				continue;
			}
			if (!record->name && !facts->uid)
				remove_groups_of(arena, facts, record->id);
			box_record_remove(arena, place, facts, record);
		}
	}
	fault_restore(&kept);
}
