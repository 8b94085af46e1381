// SPDX-License-Identifier: Apache-2.0
// process.c - the process of a runtime document, as tables
#include "oci/process.h"

#include "oci/check.h"
#include "oci/words.h"

static const struct shape_field user_fields[] = {
	SHAPE_UINT32_OF("uid", struct oci_user, uid, .flags = SHAPE_PRINTED),
	SHAPE_UINT32_OF("gid", struct oci_user, gid, .flags = SHAPE_PRINTED),
	SHAPE_INT64_OF("umask", struct oci_user, umask, .absent = -1, .most = 0777),
	SHAPE_UINT32S_OF("additionalGids", struct oci_user, additional_gids, additional_gids_n),
	SHAPE_TEXT_OF("username", struct oci_user, username),
};
static const struct shape user_shape = SHAPE("user", struct oci_user, user_fields);

#define SIZE_OF(key, member)                                                                       \
	SHAPE_UINT64_OF(key, struct oci_console_size, member, .flags = SHAPE_REQUIRED,             \
			.most = UINT16_MAX) // as the kernel keeps it

static const struct shape_field console_size_fields[] = {
	SIZE_OF("height", height),
	SIZE_OF("width", width),
};
static const struct shape console_size_shape =
	SHAPE("console size", struct oci_console_size, console_size_fields);

static const char *check_rlimit(const char *text)
{
	static const char prefix[] = "RLIMIT_";
	const char *name = text + sizeof(prefix) - 1;
	bool fine = str_starts(text, prefix) && *name &&
		    !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
	return fine ? NULL : "a name such as RLIMIT_NOFILE";
}

static const struct shape_field rlimit_fields[] = {
	SHAPE_TEXT_OF("type", struct oci_rlimit, type, .flags = SHAPE_REQUIRED,
		      .check = check_rlimit),
	SHAPE_UINT64_OF("soft", struct oci_rlimit, soft, .flags = SHAPE_REQUIRED),
	SHAPE_UINT64_OF("hard", struct oci_rlimit, hard, .flags = SHAPE_REQUIRED),
};
static const struct shape rlimit_shape = SHAPE("rlimit", struct oci_rlimit, rlimit_fields);

static const struct shape_field capabilities_fields[] = {
	OCI_STRINGS_OF("bounding", struct oci_capabilities, bounding),
	OCI_STRINGS_OF("effective", struct oci_capabilities, effective),
	OCI_STRINGS_OF("inheritable", struct oci_capabilities, inheritable),
	OCI_STRINGS_OF("permitted", struct oci_capabilities, permitted),
	OCI_STRINGS_OF("ambient", struct oci_capabilities, ambient),
};
static const struct shape capabilities_shape =
	SHAPE("capabilities", struct oci_capabilities, capabilities_fields);

// Zero means "not given" to the kernel as well.
static const struct shape_field scheduler_fields[] = {
	SHAPE_TEXT_OF("policy", struct oci_scheduler, policy, .flags = SHAPE_REQUIRED,
		      .words = oci_scheduler_policies),
	SHAPE_INT64_OF("nice", struct oci_scheduler, nice, .least = -20, .most = 19),
	SHAPE_INT64_OF("priority", struct oci_scheduler, priority, .most = 99),
	OCI_STRINGS_OF("flags", struct oci_scheduler, flags, .words = oci_scheduler_flags),
	SHAPE_UINT64_OF("runtime", struct oci_scheduler, runtime),
	SHAPE_UINT64_OF("deadline", struct oci_scheduler, deadline),
	SHAPE_UINT64_OF("period", struct oci_scheduler, period),
};
static const struct shape scheduler_shape =
	SHAPE("scheduler", struct oci_scheduler, scheduler_fields);

// The specification's text requires a priority, its schema does not; engines leave out a zero.
static const struct shape_field io_priority_fields[] = {
	SHAPE_TEXT_OF("class", struct oci_io_priority, class, .flags = SHAPE_REQUIRED,
		      .words = oci_io_classes),
	SHAPE_INT64_OF("priority", struct oci_io_priority, priority, .flags = SHAPE_PRINTED,
		       .most = 7),
};
static const struct shape io_priority_shape =
	SHAPE("I/O priority", struct oci_io_priority, io_priority_fields);

static const struct shape_field affinity_fields[] = {
	SHAPE_TEXT_OF("initial", struct oci_affinity, initial, .check = oci_check_cpus),
	SHAPE_TEXT_OF("final", struct oci_affinity, final, .check = oci_check_cpus),
};
static const struct shape affinity_shape = SHAPE("affinity", struct oci_affinity, affinity_fields);

static const struct shape_field process_fields[] = {
	SHAPE_BOOL_OF("terminal", struct oci_process, terminal),
	SHAPE_OBJECT_OF("consoleSize", struct oci_process, console_size, struct oci_console_size,
			&console_size_shape),
	SHAPE_OBJECT_OF("user", struct oci_process, user, struct oci_user, &user_shape,
			.flags = SHAPE_PRINTED),
	OCI_STRINGS_OF("args", struct oci_process, args),
	SHAPE_TEXT_OF("commandLine", struct oci_process, command_line),
	OCI_STRINGS_OF("env", struct oci_process, env, .check = oci_check_variable),
	SHAPE_TEXT_OF("cwd", struct oci_process, cwd, .flags = SHAPE_REQUIRED,
		      .check = oci_check_absolute),
	SHAPE_OBJECT_OF("capabilities", struct oci_process, capabilities, struct oci_capabilities,
			&capabilities_shape),
	SHAPE_OBJECTS_OF("rlimits", struct oci_process, rlimits, rlimits_n, struct oci_rlimit,
			 &rlimit_shape),
	SHAPE_BOOL_OF("noNewPrivileges", struct oci_process, no_new_privileges),
	SHAPE_INT64_OF("oomScoreAdj", struct oci_process, oom_score_adj, .absent = INT64_MIN,
		       .least = -1000, .most = 1000),
	SHAPE_OBJECT_OF("scheduler", struct oci_process, scheduler, struct oci_scheduler,
			&scheduler_shape),
	SHAPE_OBJECT_OF("ioPriority", struct oci_process, io_priority, struct oci_io_priority,
			&io_priority_shape),
	SHAPE_OBJECT_OF("execCPUAffinity", struct oci_process, exec_cpu_affinity,
			struct oci_affinity, &affinity_shape),
	SHAPE_TEXT_OF("apparmorProfile", struct oci_process, apparmor_profile),
	SHAPE_TEXT_OF("selinuxLabel", struct oci_process, selinux_label),
};
const struct shape oci_process_shape = SHAPE("process", struct oci_process, process_fields);

int oci_process_parse(struct arena *arena, struct str text, struct oci_process *ret_process,
		      struct oci_strings *ret_unknown)
{
	return shape_parse_part(arena, &oci_process_shape, text, ret_process, &ret_unknown->item,
				&ret_unknown->n);
}
