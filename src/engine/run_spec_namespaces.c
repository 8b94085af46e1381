// SPDX-License-Identifier: Apache-2.0
// run_spec_namespaces.c - the section of a specification about namespaces and id maps
//
// A container has namespaces of its own but where an option says otherwise. An ordinary user's
// always has a user namespace too: only in one may he make the others.
#include "engine/run_build.h"

#include "engine/idmap.h"

int build_namespaces(struct build *build)
{
	static const char *const always[] = {"mount", "pid", "ipc", "uts", "cgroup"};
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	size_t n = 0;
	linux_->namespaces = arena_array(build->arena, struct oci_namespace, lengthof(always) + 2);
	if (build_is_ordinary(build)) {
		linux_->namespaces[n++].type = "user";
		idmap_make(build->arena, build->facts, build->choices.keep_id, linux_);
	}
	for (size_t i = 0; i < lengthof(always); i++)
		linux_->namespaces[n++].type = always[i];
	if (!build->choices.host_network)
		linux_->namespaces[n++].type = "network";
	linux_->namespaces_n = n;
	linux_->rootfs_propagation = "private";
	return 0;
}
