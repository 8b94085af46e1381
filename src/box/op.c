// SPDX-License-Identifier: Apache-2.0
// op.c - the table of all steps
#include "box/op.h"

static const struct op_row *const rows[] = {
	[OP_STATE] = &op_state,
	[OP_FILE] = &op_file,
	[OP_VOLUME] = &op_volume,
	[OP_SOURCE] = &op_source,
	[OP_SCOPE] = &op_scope,
	[OP_CGROUP_OWN] = &op_cgroup_own,
	[OP_CGROUP_PARENT] = &op_cgroup_parent,
	[OP_CGROUP] = &op_cgroup,
	[OP_CGROUP_SET] = &op_cgroup_set,
	[OP_CGROUP_INHERIT] = &op_cgroup_inherit,
	[OP_DEVICE_FILTER] = &op_device_filter,
	[OP_REAPER] = &op_reaper,
	[OP_MAP_SOURCE] = &op_map_source,
	[OP_ID_SPACE] = &op_id_space,
	[OP_HOLD] = &op_hold,
	[OP_DOOR] = &op_door,
	[OP_NAMESPACE_OPEN] = &op_namespace_open,
	[OP_MID] = &op_mid,
	[OP_APART] = &op_apart,
	[OP_OVERLAY_SOURCE] = &op_overlay_source,
	[OP_UNDUMPABLE] = &op_undumpable,
	[OP_JOIN] = &op_join,
	[OP_CLOCKS] = &op_clocks,
	[OP_CLONE] = &op_clone,
	[OP_ID_MAP_WITHIN] = &op_id_map_within,
	[OP_ID_MAP] = &op_id_map,
	[OP_NET_DEVICE] = &op_net_device,
	[OP_CONSOLE] = &op_console,
	[OP_RECORD] = &op_record,
	[OP_DIE_WITH_PARENT] = &op_die_with_parent,
	[OP_CLEAN_SLATE] = &op_clean_slate,
	[OP_CGROUP_JOIN] = &op_cgroup_join,
	[OP_CGROUP_VIEW] = &op_cgroup_view,
	[OP_BECOME_ROOT] = &op_become_root,
	[OP_OOM_SCORE] = &op_oom_score,
	[OP_LABEL] = &op_label,
	[OP_KEEP_SOURCE] = &op_keep_source,
	[OP_PRIVATE] = &op_private,
	[OP_SYSCTL] = &op_sysctl,
	[OP_ROOT_BIND] = &op_root_bind,
	[OP_ROOT_OVERLAY] = &op_root_overlay,
	[OP_ROOT_PLACE] = &op_root_place,
	[OP_MOUNT] = &op_mount,
	[OP_BIND] = &op_bind,
	[OP_BIND_OVERLAY] = &op_bind_overlay,
	[OP_NODE] = &op_node,
	[OP_NODE_BIND] = &op_node_bind,
	[OP_LINK] = &op_link,
	[OP_TERMINAL] = &op_terminal,
	[OP_MASK] = &op_mask,
	[OP_READONLY] = &op_readonly,
	[OP_MAKE_DIRECTORY] = &op_make_directory,
	[OP_HOOK] = &op_hook,
	[OP_PIVOT] = &op_pivot,
	[OP_DETACH] = &op_detach,
	[OP_LINE] = &op_line,
	[OP_ROOT_PROPAGATION] = &op_root_propagation,
	[OP_ROOT_READONLY] = &op_root_readonly,
	[OP_LOOPBACK] = &op_loopback,
	[OP_HOSTNAME] = &op_hostname,
	[OP_DOMAINNAME] = &op_domainname,
	[OP_RLIMIT] = &op_rlimit,
	[OP_PERSONALITY] = &op_personality,
	[OP_MEMORY_POLICY] = &op_memory_policy,
	[OP_IO_PRIORITY] = &op_io_priority,
	[OP_SCHEDULER] = &op_scheduler,
	[OP_KEYRING] = &op_keyring,
	[OP_STDIN_NULL] = &op_stdin_null,
	[OP_OUTPUT_NULL] = &op_output_null,
	[OP_USER] = &op_user,
	[OP_GROUP] = &op_group,
	[OP_BOUNDING] = &op_bounding,
	[OP_NO_NEW_PRIVS] = &op_no_new_privs,
	[OP_SECCOMP] = &op_seccomp,
	[OP_SECCOMP_PROFILE] = &op_seccomp_profile,
	[OP_SECCOMP_AGENT] = &op_seccomp_agent,
	[OP_KEEP_RIGHTS] = &op_keep_rights,
	[OP_IDS] = &op_ids,
	[OP_CAPABILITIES] = &op_capabilities,
	[OP_CAPABILITY_SETS] = &op_capability_sets,
	[OP_WORKDIR] = &op_workdir,
	[OP_DESCRIPTORS] = &op_descriptors,
	[OP_UMASK] = &op_umask,
	[OP_FIND] = &op_find,
	[OP_AWAIT_START] = &op_await_start,
	[OP_EXEC] = &op_exec,
};

static_assert(lengthof(rows) == OP_COUNT, "every op has its row");

const struct op_row *op_row(unsigned op)
{
	assert(op < OP_COUNT);
	return rows[op];
}

const struct lore *op_lore(const struct plan *plan, const struct step *step)
{
	const struct op_row *row = op_row(step->op);
	const struct lore *own = row->lore_of ? row->lore_of(plan, step) : NULL;
	return own ? own : &row->lore;
}
