// SPDX-License-Identifier: Apache-2.0
// run_spec_namespaces.c - the section of a specification about namespaces and id maps
//
// A container has namespaces of its own but where an option says otherwise. An ordinary user's
// always has a user namespace too: only in one may he make the others.
#include "engine/run_build.h"

#include "base/fail.h"
#include "engine/idmap.h"
#include "kern/namespace.h"

enum { SHORT_ID = 12 }; // digits of an id that make a host name, as in Docker

static void add(struct oci_linux *linux_, const char *type, const struct namespace_choice *choice)
{
	if (choice->mode == NAMESPACE_HOST)
		return;
	linux_->namespaces[linux_->namespaces_n++].type = type;
}

int build_namespaces(struct build *build)
{
	static const struct namespace_choice always = {0};
	const struct choices *choices = &build->choices;
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	linux_->namespaces = arena_array(build->arena, struct oci_namespace, NAMESPACE_COUNT);
	if (build_is_ordinary(build)) {
		add(linux_, "user", &always);
		idmap_make(build->arena, build->facts, choices->keep_id, linux_);
	}
	add(linux_, "mount", &always);
	add(linux_, "pid", &choices->pid);
	add(linux_, "ipc", &choices->ipc);
	add(linux_, "uts", &choices->uts);
	add(linux_, "cgroup", &choices->cgroup);
	add(linux_, "network", &choices->network);
	linux_->rootfs_propagation = "private";
	return 0;
}

int build_hostname(struct build *build)
{
	const char *given = build->opts->hostname;
	struct oci_spec *oci = &build->spec->oci;
	if (build->choices.uts.mode == NAMESPACE_HOST && given) {
		fail(-EINVAL, "--hostname '%s': with --uts host the name is the host's", given);
		return -EINVAL;
	}
	if (given)
		oci->hostname = given;
	else if (build->choices.uts.mode == NAMESPACE_HOST || build->choices.host_network)
		oci->hostname = build->place->hostname;
	else
		oci->hostname = arena_dup_n(build->arena, build->place->id, SHORT_ID);
	return 0;
}
