// SPDX-License-Identifier: Apache-2.0
// about.c - what the record of a container keeps of its specification
//
// Enough for `tare inspect`, and no more than can be written in passing: the record is made before
// the first step of a start. What an image says of its environment is written down; what the user
// gave with -e is not, as that is where secrets are.
#include "box/record/about.h"

#include "base/shape.h"
#include "box/plan/binds.h"

enum { ENV_BYTES_MAX = 64 << 10, OPTIONS_MAX = 1024 }; // more of an environment is left out

static const struct shape_field mount_fields[] = {
	SHAPE_TEXT_OF("type", struct box_about_mount, type),
	SHAPE_TEXT_OF("source", struct box_about_mount, source),
	SHAPE_TEXT_OF("destination", struct box_about_mount, destination, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("options", struct box_about_mount, options),
};

static const struct shape mount_shape = SHAPE("mount", struct box_about_mount, mount_fields);

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("hostname", struct box_about, hostname),
	SHAPE_TEXT_OF("domainname", struct box_about, domainname),
	SHAPE_TEXT_OF("user", struct box_about, user),
	SHAPE_TEXT_OF("workdir", struct box_about, workdir),
	SHAPE_TEXT_OF("network", struct box_about, network),
	SHAPE_TEXT_OF("ipc", struct box_about, ipc),
	OCI_STRINGS_OF("env", struct box_about, env),
	SHAPE_OBJECTS_OF("mounts", struct box_about, mounts, mounts_n, struct box_about_mount,
			 &mount_shape, 0),
	SHAPE_BOOL_OF("terminal", struct box_about, terminal),
	SHAPE_BOOL_OF("stdin", struct box_about, stdin_open),
	SHAPE_BOOL_OF("init", struct box_about, init),
	SHAPE_BOOL_OF("readonly", struct box_about, readonly),
	SHAPE_BOOL_OF("privileged", struct box_about, privileged),
	SHAPE_BOOL_OF("noNewPrivileges", struct box_about, no_new_privileges),
	SHAPE_TEXT_OF("cgroup", struct box_about, cgroup),
	SHAPE_INT64_OF("memory", struct box_about, memory),
	SHAPE_INT64_OF("memorySwap", struct box_about, memory_swap),
	SHAPE_INT64_OF("memoryReservation", struct box_about, memory_reservation),
	SHAPE_INT64_OF("pids", struct box_about, pids),
	SHAPE_INT64_OF("cpuQuota", struct box_about, cpu_quota),
	SHAPE_INT64_OF("cpuPeriod", struct box_about, cpu_period),
	SHAPE_INT64_OF("cpuShares", struct box_about, cpu_shares),
	SHAPE_TEXT_OF("cpusetCpus", struct box_about, cpuset_cpus),
	SHAPE_TEXT_OF("cpusetMems", struct box_about, cpuset_mems),
};

const struct shape box_about_shape = SHAPE("about", struct box_about, fields);

// "host", the path of a namespace, or `own`.
static const char *namespace_text(const struct box_spec *spec, const char *type, const char *own)
{
	const struct oci_namespace *found = oci_namespace_find(&spec->oci.linux_, type);
	return !found ? "host" : found->path ? found->path : own;
}

static void add_env(struct arena *arena, const struct plan *plan, struct oci_strings *env)
{
	const struct oci_strings *all = &plan->spec->oci.process.env;
	size_t bytes = 0;
	env->item = arena_array(arena, const char *, all->n);
	for (size_t i = 0; i < all->n; i++) {
		const char *variable = all->item[i];
		if (plan_is_secret(plan, variable))
			variable = arena_dup_n(arena, variable, strcspn(variable, "="));
		bytes += strlen(variable);
		if (bytes <= ENV_BYTES_MAX)
			env->item[env->n++] = variable;
	}
}

static const char *joined(struct arena *arena, const struct oci_strings *options)
{
	struct buf text = buf_new(arena, OPTIONS_MAX);
	for (size_t i = 0; i < options->n; i++)
		buf_printf(&text, "%s%s", i ? "," : "", options->item[i]);
	return text.p;
}

static bool is_volume(const struct oci_mount *mount)
{
	for (size_t i = 0; i < mount->options.n; i++)
		if (str_eq(mount->options.item[i], "anonymous"))
			return true;
	return false;
}

static void add_mounts(struct arena *arena, const struct box_spec *spec, struct box_about *about)
{
	size_t first = min_of(spec->default_mounts, spec->oci.mounts_n);
	about->mounts = arena_array(arena, struct box_about_mount, spec->oci.mounts_n - first);
	for (size_t i = first; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		about->mounts[about->mounts_n++] = (struct box_about_mount){
			.type = is_volume(mount)      ? "volume"
				: plan_is_bind(mount) ? "bind"
						      : mount->type,
			.source = mount->source,
			.destination = mount->destination,
			.options = joined(arena, &mount->options),
		};
	}
}

// What the kernel would not be told is no limit.
static int64_t given(int64_t number)
{
	return number > 0 ? number : 0;
}

static int64_t given_uint(uint64_t number)
{
	return number < INT64_MAX ? (int64_t)number : 0;
}

static void add_limits(const struct oci_resources *resources, struct box_about *about)
{
	about->memory = given(resources->memory_limit);
	about->memory_swap = resources->memory_swap == -1 ? -1 : given(resources->memory_swap);
	about->memory_reservation = given(resources->memory_reservation);
	about->pids = given(resources->pids_limit);
	about->cpu_quota = given(resources->cpu_quota);
	about->cpu_period = given_uint(resources->cpu_period);
	about->cpu_shares = given_uint(resources->cpu_shares);
	about->cpuset_cpus = resources->cpuset_cpus;
	about->cpuset_mems = resources->cpuset_mems;
}

void box_about_make(struct arena *arena, const struct plan *plan, struct box_about *ret_about)
{
	const struct box_spec *spec = plan->spec;
	struct box_about about = {
		.hostname = spec->oci.hostname,
		.domainname = spec->oci.domainname,
		.user = spec->user,
		.workdir = spec->oci.process.cwd,
		.network = namespace_text(spec, "network", "none"),
		.ipc = namespace_text(spec, "ipc", spec->ipc ? spec->ipc : "private"),
		.terminal = spec->oci.process.terminal,
		.stdin_open = spec->stdin_open,
		.init = spec->init,
		.readonly = spec->oci.root.readonly,
		.privileged = spec->privileged,
		.no_new_privileges = spec->oci.process.no_new_privileges,
		.cgroup = plan->cgroup_name,
	};
	add_env(arena, plan, &about.env);
	add_mounts(arena, spec, &about);
	add_limits(&spec->oci.linux_.resources, &about);
	*ret_about = about;
}
