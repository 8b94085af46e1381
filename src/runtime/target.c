// SPDX-License-Identifier: Apache-2.0
// target.c - namespaces and groups of a container that runs
//
// Its namespaces are those that its document names, made or joined; only a user namespace that is
// our own already can't be entered again. Its groups stand in its record.
//
// A group of cgroup v2 that hands controllers to groups below it can hold no processes itself: an
// init system in the container does so. Then the process goes where the first one is.
#include "runtime/target.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// --- namespaces ---------------------------------------------------------------------------------

static bool is_ours(const struct container *container, const struct namespace *kind)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%lld/ns/%s", (long long)container->first.pid,
		 kind->file);
	_cleanup_fd_ int theirs = open(path, O_RDONLY | O_CLOEXEC), ours = namespace_own(kind);
	return theirs >= 0 && ours >= 0 && namespace_is_same(theirs, ours);
}

static uint64_t kinds_of(const struct container *container, const struct oci_linux *linux_)
{
	uint64_t kinds = 0;
	for (size_t i = 0; i < linux_->namespaces_n; i++) {
		const struct oci_namespace *each = &linux_->namespaces[i];
		const struct namespace *kind = namespace_find(each->type);
		bool joined_user = kind == &namespaces[NS_USER] && each->path;
		if (kind && !(joined_user && is_ours(container, kind)))
			kinds |= kind->flag;
	}
	return kinds;
}

// --- groups -------------------------------------------------------------------------------------

static bool lies_below(const char *path, const char *directory)
{
	return directory && str_starts(path, directory) && path[strlen(directory)] == '/';
}

static bool is_v2(const struct facts *facts, const char *group)
{
	return lies_below(group, facts->cgroup2);
}

static bool has_controller(const struct facts *facts, const char *group, struct str name)
{
	for (unsigned i = 0; i < CONTROLLER_COUNT; i++)
		if (str_is(name, controller_name(i)))
			return lies_below(group, facts->controller[i].directory);
	return false;
}

// Of "cpu,memory:PATH": whether one of them is this group's.
static bool has_one_of(const struct facts *facts, const char *group, struct str names)
{
	while (names.n)
		if (has_controller(facts, group, str_cut(&names, ',')))
			return true;
	return false;
}

static struct str controllers_of(const char *below)
{
	const char *colon = strchr(below, ':');
	return (struct str){below, colon ? (size_t)(colon - below) : 0};
}

// A controller that no group of the container's has would be heeded by nobody.
static int check_controllers(const struct container *container, const struct facts *facts,
			     const struct oci_strings *below)
{
	for (size_t i = 0; i < below->n; i++) {
		struct str names = controllers_of(below->item[i]);
		while (names.n) {
			struct str name = str_cut(&names, ',');
			bool found = false;
			for (size_t j = 0; j < container->cgroups.n; j++)
				found = found ||
					has_controller(facts, container->cgroups.item[j], name);
			if (!found)
				return fail(-EINVAL,
					    "--cgroup '%s': the container has no group for '%.*s'",
					    below->item[i], (int)name.n, name.p);
		}
	}
	return 0;
}

static bool leads_up(struct str path)
{
	while (path.n)
		if (str_is(str_cut(&path, '/'), ".."))
			return true;
	return false;
}

// The group below this one that --cgroup names for it, the last of them; or the group itself.
static int go_below(struct arena *arena, const struct facts *facts, const struct oci_strings *below,
		    const char **group)
{
	const char *path = NULL;
	for (size_t i = 0; i < below->n; i++) {
		struct str names = controllers_of(below->item[i]);
		bool all = !strchr(below->item[i], ':');
		if (all || has_one_of(facts, *group, names))
			path = all ? below->item[i] : names.p + names.n + 1;
	}
	if (!path)
		return 0;
	if (leads_up(str_of(path)))
		return fail(-EINVAL, "--cgroup '%s': it leads out of the container's", path);
	const char *found = arena_printf(arena, "%s/%s", *group, path + strspn(path, "/"));
	if (access(found, F_OK))
		return fail_sys(-errno, "--cgroup '%s': '%s'", path, found);
	*group = found;
	return 0;
}

// Whether controllers are handed down from here.
static bool is_inner(struct arena *arena, const char *group)
{
	struct str text;
	const char *file = arena_printf(arena, "%s/cgroup.subtree_control", group);
	return file_read(arena, AT_FDCWD, file, CGROUP_FILE_MAX, &text) == 0 && text.n > 1;
}

// Where the first process is in the tree of v2. What can't be read leaves the group as it is.
static const char *group_of_first(struct arena *arena, const struct container *container,
				  const struct facts *facts, const char *group)
{
	struct cgroup_line line;
	struct str text;
	const char *file =
		arena_printf(arena, "/proc/%lld/cgroup", (long long)container->first.pid);
	if (file_read(arena, AT_FDCWD, file, CGROUP_FILE_MAX, &text) < 0)
		return group;
	while (cgroup_file_next(&text, &line) == 0) {
		if (line.hierarchy || leads_up(line.path))
			continue;
		const char *found = arena_printf(arena, "%s%.*s", facts->cgroup2, (int)line.path.n,
						 line.path.p);
		return lies_below(found, group) ? found : group;
	}
	return group;
}

static int add_group(struct arena *arena, const struct container *container,
		     const struct facts *facts, const struct oci_strings *below, const char *group,
		     struct box_target *target)
{
	TRY(go_below(arena, facts, below, &group));
	if (!is_v2(facts, group)) {
		target->tasks.item[target->tasks.n++] = arena_printf(arena, "%s/tasks", group);
		return 0;
	}
	bool full = !below->n && is_inner(arena, group);
	target->cgroup2 = full ? group_of_first(arena, container, facts, group) : group;
	return 0;
}

int target_find(struct arena *arena, const struct container *container,
		const struct oci_spec *document, const struct facts *facts,
		const struct oci_strings *below, struct box_target *ret_target)
{
	struct box_target target = {
		.pidfd = container->pidfd,
		.pid = container->first.pid,
		.namespaces = kinds_of(container, &document->linux_),
		.tasks.item = arena_array(arena, const char *, container->cgroups.n),
	};
	if (below->n && !container->cgroups.n)
		return fail(-EINVAL, "--cgroup '%s': container '%s' has no cgroup of its own",
			    below->item[0], container->id);
	TRY(check_controllers(container, facts, below));
	for (size_t i = 0; i < container->cgroups.n; i++)
		TRY(add_group(arena, container, facts, below, container->cgroups.item[i], &target));
	*ret_target = target;
	return 0;
}
