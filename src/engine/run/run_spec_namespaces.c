// SPDX-License-Identifier: Apache-2.0
// run_spec_namespaces.c - the section of a specification about namespaces and id maps
//
// A container has namespaces of its own but where an option says otherwise. An ordinary user's
// always has a user namespace too: only in one may he make the others, and only in the one that
// owns them may he join those of others.
#include "engine/run/run_build.h"

#include "base/fail.h"
#include "engine/ids/idmap.h"
#include "engine/namespaces/joins.h"
#include "engine/namespaces/time_offset.h"
#include "kern/namespaces/namespace.h"

enum { SHORT_ID = 12 }; // digits of an id that make a host name, as in Docker

// A namespace of another that is the one tare is in means the host's.
int build_joins(struct build *build)
{
	const struct engine_joins *joins = build->place->joins;
	struct choices *choices = &build->choices;
	for (size_t kind = 0; joins && kind < NAMESPACE_COUNT; kind++) {
		struct namespace_choice *choice = &choices->ns[kind];
		if (!choice->target || !joins->item[kind].same)
			continue;
		if (kind == NS_USER && build_is_ordinary(build)) {
			fail(-EINVAL, "--userns '%s': it is the host's own", choice->target);
			fail_hint("an ordinary user's container needs a user namespace");
			return -EINVAL;
		}
		choice->mode = NAMESPACE_HOST;
		choice->target = NULL;
	}
	choices->host_network = choices->ns[NS_NETWORK].mode == NAMESPACE_HOST;
	if (build->opts->script && choices->ns[NS_IPC].mode == NAMESPACE_CONTAINER)
		return fail(-EOPNOTSUPP, "--script with --ipc container: not yet, mount(8) can't "
					 "copy the other's /dev/shm");
	return 0;
}

static void add(struct build *build, enum namespace_kind kind)
{
	const struct engine_joins *joins = build->place->joins;
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	const struct namespace_choice *choice = &build->choices.ns[kind];
	struct oci_namespace *item = &linux_->namespaces[linux_->namespaces_n];
	if (choice->mode == NAMESPACE_HOST)
		return;
	linux_->namespaces_n++;
	item->type = namespaces[kind].name;
	if (!joins || (kind != NS_USER && !choice->target))
		return;
	item->path = joins->item[kind].path;
	build->spec->join_start[kind] = joins->item[kind].start;
}

static bool joins_user(const struct build *build)
{
	const struct engine_joins *joins = build->place->joins;
	return joins && joins->item[NS_USER].path && !joins->item[NS_USER].same;
}

static bool wants_user(const struct build *build)
{
	enum userns_mode mode = build->choices.userns.mode;
	return build_is_ordinary(build) || (mode != USERNS_USUAL && mode != USERNS_HOST);
}

static int add_user(struct build *build)
{
	const struct engine_joins *joins = build->place->joins;
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	if (joins_user(build)) {
		if (build->choices.userns.mode > USERNS_HOST)
			return fail(-EINVAL,
				    "--userns, id maps: the container is to be in the user "
				    "namespace of another, whose id maps are made");
		linux_->uid_mappings = joins->uid_mappings;
		linux_->uid_mappings_n = joins->uid_mappings_n;
		linux_->gid_mappings = joins->gid_mappings;
		linux_->gid_mappings_n = joins->gid_mappings_n;
	} else if (wants_user(build)) {
		TRY(idmap_make(build->arena, build->opts, build->facts, build->place,
			       &build->choices.userns, linux_));
	} else {
		return 0;
	}
	add(build, NS_USER);
	return 0;
}

// To show its processes takes power over a pid namespace, which a new user namespace has not.
static int check_pid(const struct build *build)
{
	const struct oci_linux *linux_ = &build->spec->oci.linux_;
	const struct oci_namespace *pid = oci_namespace_find(linux_, "pid");
	if (!pid || !pid->path || !oci_namespace_is_own(linux_, "user"))
		return 0;
	fail(-EINVAL,
	     "--pid '%s': a container with a user namespace of its own can't show what "
	     "lives there",
	     build->choices.ns[NS_PID].target);
	fail_hint("join its user namespace, too: --userns, with the same words");
	return -EINVAL;
}

int build_namespaces(struct build *build)
{
	static const enum namespace_kind others[] = {NS_PID, NS_IPC, NS_UTS, NS_CGROUP, NS_NETWORK};
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	linux_->namespaces = arena_array(build->arena, struct oci_namespace, NAMESPACE_COUNT);
	TRY(add_user(build));
	add(build, NS_MOUNT);
	for (size_t i = 0; i < lengthof(others); i++)
		add(build, others[i]);
	linux_->rootfs_propagation = "private";
	build->spec->ipc = build->choices.ns[NS_IPC].mode == NAMESPACE_SHAREABLE ? "shareable"
			   : build->choices.ns[NS_IPC].mode == NAMESPACE_NONE    ? "none"
										 : "private";
	if (build->opts->time_offset) {
		TRY(time_offset_parse(build->opts->time_offset, &linux_->time_offsets));
		add(build, NS_TIME);
	}
	return check_pid(build);
}

bool build_has_power(const struct build *build, enum namespace_kind kind)
{
	const struct oci_linux *linux_ = &build->spec->oci.linux_;
	const struct oci_namespace *user = oci_namespace_find(linux_, "user");
	const struct oci_namespace *found = oci_namespace_find(linux_, namespaces[kind].name);
	return !user || (found && (!found->path || user->path));
}

static bool has_name_of_another(const struct build *build)
{
	return build->choices.ns[NS_UTS].target ||
	       build->choices.ns[NS_NETWORK].mode == NAMESPACE_CONTAINER;
}

int build_hostname(struct build *build)
{
	const char *given = build->opts->hostname;
	const struct engine_joins *joins = build->place->joins;
	struct oci_spec *oci = &build->spec->oci;
	bool host = build->choices.ns[NS_UTS].mode == NAMESPACE_HOST;
	if (given && host)
		return fail(-EINVAL, "--hostname '%s': with --uts host the name is the host's",
			    given);
	if (given && has_name_of_another(build))
		return fail(-EINVAL,
			    "--hostname '%s': the name is that of the container or namespace it "
			    "joins (--uts, --network)",
			    given);
	if (given)
		oci->hostname = given;
	else if (has_name_of_another(build) && joins && joins->hostname)
		oci->hostname = joins->hostname;
	else if (host || build->choices.host_network)
		oci->hostname = build->place->hostname;
	else
		oci->hostname = arena_dup_n(build->arena, build->place->id, SHORT_ID);
	return 0;
}

void build_joined_files(struct build *build)
{
	const struct engine_joins *joins = build->place->joins;
	struct box_spec *spec = build->spec;
	if (!joins || build->choices.ns[NS_NETWORK].mode != NAMESPACE_CONTAINER)
		return;
	for (size_t i = 0; i < spec->files_n; i++) {
		struct box_file *file = &spec->files[i];
		if (joins->hosts && str_eq(file->name, "hosts"))
			file->text = joins->hosts;
		if (joins->resolv_conf && str_eq(file->name, "resolv.conf"))
			file->text = joins->resolv_conf;
	}
}
