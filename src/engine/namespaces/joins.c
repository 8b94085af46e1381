// SPDX-License-Identifier: Apache-2.0
// joins.c - the namespaces of others that a container is to be in
//
// A namespace is named by a file, or by a container that runs: then it is that of the container's
// first process, which its record names by number and start time. Here all of them are looked at
// once, to find what the specification depends on: the id maps of the user namespace, the host
// name, the container's hosts file. The plan opens them again and sees that they are the same.
#include "engine/namespaces/joins.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/record/life.h"
#include "engine/containers/containers.h"
#include "engine/etc/etc_files.h"
#include "engine/namespaces/name.h"
#include "engine/namespaces/namespace_choice.h"
#include "kern/namespaces/look.h"

#include <fcntl.h>

struct search {
	struct arena *arena;
	const struct facts *facts;
	const struct engine_place *place;
	struct namespace_choice choices[NAMESPACE_COUNT];
	struct engine_joins *joins;
	int fds[NAMESPACE_COUNT]; // -1: this kind is not joined
};

static int word(enum namespace_kind kind, const char *path, int error)
{
	const char *flag = namespace_flag(kind);
	if (error == -ENOTTY)
		return fail(error, "%s: '%s' is no namespace", flag, path);
	if (error == -EINVAL)
		return fail(error, "%s: '%s' is no %s namespace", flag, path,
			    namespaces[kind].name);
	return fail_sys(error, "%s '%s'", flag, path);
}

static int open_it(struct search *search, enum namespace_kind kind)
{
	struct engine_join *join = &search->joins->item[kind];
	_cleanup_fd_ int own = namespace_own(&namespaces[kind]);
	int fd = namespace_open(&namespaces[kind], join->path, join->start);
	if (fd < 0)
		return word(kind, join->path, fd);
	search->fds[kind] = fd;
	join->same = own >= 0 && namespace_is_same(fd, own);
	return 0;
}

// --- by a container -----------------------------------------------------------------------------

static const char *read_file(struct search *search, const struct box_record *record,
			     const char *name)
{
	struct str text;
	const char *path = arena_printf(search->arena, "%s/%s", record->directory, name);
	return file_read(search->arena, AT_FDCWD, path, ETC_FILE_SIZE_MAX, &text) < 0 ? NULL
										      : text.p;
}

// Whose network it has, its name it has too, as in Docker: localhost is the same machine. The files
// can be written by the container: what is no name is not taken for one.
static void take_names(struct search *search, const struct box_record *record)
{
	struct engine_joins *joins = search->joins;
	struct fault kept = *fault_last();
	const char *hostname = read_file(search, record, "hostname");
	joins->hosts = read_file(search, record, "hosts");
	joins->resolv_conf = read_file(search, record, "resolv.conf");
	if (hostname) {
		hostname = arena_dup_n(search->arena, hostname, strcspn(hostname, "\n"));
		if (hostname_check(hostname) == 0)
			joins->hostname = hostname;
	}
	fault_restore(&kept);
}

// Docker's rule: what one container writes into its shared memory is its own, unless it says that
// others may have it.
static int check_shareable(const struct box_record *record, const char *name)
{
	if (!record->about.ipc || !str_eq(record->about.ipc, "private"))
		return 0;
	fail(-EPERM, "--ipc: container '%s' does not share its own: it has --ipc private", name);
	fail_hint("start that one with --ipc shareable");
	return -EPERM;
}

static int find_container(struct search *search, enum namespace_kind kind)
{
	const char *name = search->choices[kind].target;
	struct engine_join *join = &search->joins->item[kind];
	struct box_place place = {search->place->root, search->place->runroot};
	const struct box_record *record;
	struct box_record *records;
	struct record_process first;
	size_t n;
	TRY(box_record_list(search->arena, &place, &records, &n));
	TRY(container_find(records, n, name, &record));
	_cleanup_fd_ int pidfd = -1;
	if (box_record_first(search->arena, record, &first) != 0 ||
	    record_alive(&first, &pidfd) != 0) {
		fail(-ESRCH, "%s: container '%s' does not run", namespace_flag(kind), name);
		fail_hint("a namespace lives as long as its container: start that one first");
		return -ESRCH;
	}
	if (kind == NS_IPC)
		TRY(check_shareable(record, name));
	join->path = arena_printf(search->arena, "/proc/%lld/ns/%s", (long long)first.pid,
				  namespaces[kind].file);
	join->start = first.start;
	if (kind == NS_NETWORK)
		take_names(search, record);
	if (kind == NS_IPC) {
		search->joins->shm = arena_printf(search->arena, "/proc/%lld/root/dev/shm",
						  (long long)first.pid);
		search->joins->shm_start = first.start;
	}
	return open_it(search, kind);
}

static int find_one(struct search *search, enum namespace_kind kind)
{
	const struct namespace_choice *choice = &search->choices[kind];
	if (!choice->target)
		return 0;
	if (choice->mode == NAMESPACE_CONTAINER)
		return find_container(search, kind);
	search->joins->item[kind].path =
		engine_absolute(search->arena, search->place->cwd, choice->target);
	return open_it(search, kind);
}

// --- the user namespace that owns it ------------------------------------------------------------

static int not_his(enum namespace_kind kind, const char *path)
{
	fail(-EPERM, "%s: '%s' belongs to the host, only root may enter it", namespace_flag(kind),
	     path);
	fail_hint("an ordinary user can join what belongs to a user namespace of his own, such as "
		  "that of his containers");
	return -EPERM;
}

// The owner has no name by itself. That of a process's namespaces usually is the user namespace of
// the same process.
static int name_owner(struct search *search, enum namespace_kind kind, int owner)
{
	const struct engine_join *join = &search->joins->item[kind];
	struct engine_join *user = &search->joins->item[NS_USER];
	const char *end = strstr(join->path, "/ns/");
	if (str_starts(join->path, "/proc/") && end) {
		const char *process =
			arena_dup_n(search->arena, join->path, (size_t)(end - join->path));
		user->path = arena_printf(search->arena, "%s/ns/user", process);
		user->start = join->start;
		TRY(open_it(search, NS_USER));
		if (namespace_is_same(owner, search->fds[NS_USER]))
			return 0;
	}
	fail(-EPERM, "%s: '%s' belongs to a user namespace that has to be joined, too",
	     namespace_flag(kind), join->path);
	fail_hint("name it: --userns ns:PATH");
	return -EPERM;
}

static int find_owner(struct search *search, enum namespace_kind kind)
{
	const char *path = search->joins->item[kind].path;
	_cleanup_fd_ int own = namespace_own(&namespaces[NS_USER]);
	_cleanup_fd_ int owner = namespace_owner(search->fds[kind]);
	if (owner < 0 || namespace_is_same(owner, own))
		return not_his(kind, path);
	if (search->fds[NS_USER] < 0)
		return name_owner(search, kind, owner);
	if (namespace_is_same(owner, search->fds[NS_USER]))
		return 0;
	fail(-EPERM, "%s: '%s' does not belong to the user namespace '%s'", namespace_flag(kind),
	     path, search->joins->item[NS_USER].path);
	fail_hint("what an ordinary user joins must all be of one user namespace");
	return -EPERM;
}

static int find_owners(struct search *search)
{
	for (size_t kind = 0; kind < NAMESPACE_COUNT; kind++)
		if (kind != NS_USER && search->fds[kind] >= 0 && !search->joins->item[kind].same)
			TRY(find_owner(search, kind));
	return 0;
}

// --- what is in them ----------------------------------------------------------------------------

static struct oci_id_map *copy_map(struct arena *arena, const struct id_map *map, size_t n)
{
	struct oci_id_map *copy = arena_array(arena, struct oci_id_map, n);
	for (size_t i = 0; i < n; i++)
		copy[i] = (struct oci_id_map){map[i].inside, map[i].outside, map[i].count};
	return copy;
}

static int look(struct search *search)
{
	struct engine_joins *joins = search->joins;
	struct namespace_view view;
	int user = joins->item[NS_USER].same ? -1 : search->fds[NS_USER];
	int uts = joins->item[NS_UTS].same ? -1 : search->fds[NS_UTS];
	if (user < 0 && uts < 0)
		return 0;
	int result = namespace_look(search->arena, user, uts, &view);
	if (result < 0) {
		enum namespace_kind kind = user >= 0 ? NS_USER : NS_UTS;
		return fail_sys(result, "enter the %s namespace '%s'", namespaces[kind].name,
				joins->item[kind].path);
	}
	if (uts >= 0)
		joins->hostname = view.hostname;
	joins->uid_mappings = copy_map(search->arena, view.maps.uid, view.maps.uid_n);
	joins->uid_mappings_n = view.maps.uid_n;
	joins->gid_mappings = copy_map(search->arena, view.maps.gid, view.maps.gid_n);
	joins->gid_mappings_n = view.maps.gid_n;
	return 0;
}

int joins_find(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
	       const struct engine_place *place, struct engine_joins *ret_joins)
{
	struct engine_joins joins = {0};
	struct search search = {.arena = arena, .facts = facts, .place = place, .joins = &joins};
	int result = 0;
	TRY(namespace_choices_parse(opts, search.choices));
	for (size_t kind = 0; kind < NAMESPACE_COUNT; kind++)
		search.fds[kind] = -1;
	for (size_t kind = 0; kind < NAMESPACE_COUNT && result >= 0; kind++)
		result = find_one(&search, kind);
	if (result >= 0 && facts->uid)
		result = find_owners(&search);
	if (result >= 0)
		result = look(&search);
	for (size_t kind = 0; kind < NAMESPACE_COUNT; kind++)
		fd_close(&search.fds[kind]);
	TRY(result);
	*ret_joins = joins;
	return 0;
}
