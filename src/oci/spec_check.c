// SPDX-License-Identifier: Apache-2.0
// spec_check.c - what the specification demands of a document beyond the form of each value
//
// Each function below judges one object and names the place of what is wrong, as the tables do.
// Line numbers are gone by now: a document that is built by a program has none.
#include "oci/spec.h"

#include "base/fail.h"

// "config.json: PLACE: REASON"
#define WRONG(place, ...) fail(-EINVAL, "config.json: " place __VA_ARGS__)

// --- platforms ----------------------------------------------------------------------------------

// Objects of other platforms say nothing to Linux, unless the document is for one of them.
static int check_platform(const struct oci_spec *spec)
{
	const char *other = spec->freebsd   ? "FreeBSD"
			    : spec->solaris ? "Solaris"
			    : spec->windows ? "Windows"
			    : spec->zos     ? "z/OS"
					    : NULL;
	if (spec->vm)
		return fail(-EOPNOTSUPP, "config.json: vm: it asks for a virtual machine, and "
					 "this makes containers");
	if (other && !spec->linux_.namespaces_n)
		return fail(-EOPNOTSUPP, "config.json: it is for %s, and this is Linux", other);
	return 0;
}

// --- process ------------------------------------------------------------------------------------

static int check_rlimits(const struct oci_process *process)
{
	for (size_t i = 0; i < process->rlimits_n; i++) {
		const struct oci_rlimit *limit = &process->rlimits[i];
		if (limit->soft > limit->hard)
			return WRONG("process.rlimits",
				     "[%zu]: the soft limit is above the hard one", i);
		for (size_t j = 0; j < i; j++)
			if (str_eq(process->rlimits[j].type, limit->type))
				return WRONG("process.rlimits", "[%zu]: a second '%s'", i,
					     limit->type);
	}
	return 0;
}

// A document may do without a process until it is started.
static int check_process(const struct oci_process *process)
{
	if (!process->cwd)
		return 0;
	if (process->command_line)
		return WRONG("process.commandLine", ": it is for Windows; args has the command");
	if (!process->args.n)
		return WRONG("process.args", ": there is no command");
	if (process->user.username && !process->user.uid)
		return WRONG("process.user.username", ": it is for Windows; uid and gid name a "
						      "user here");
	return check_rlimits(process);
}

// --- mounts -------------------------------------------------------------------------------------

static bool is_bind(const struct oci_mount *mount)
{
	for (size_t i = 0; i < mount->options.n; i++)
		if (str_eq(mount->options.item[i], "bind") ||
		    str_eq(mount->options.item[i], "rbind"))
			return true;
	return mount->type && str_eq(mount->type, "bind");
}

static int check_mounts(const struct oci_spec *spec)
{
	for (size_t i = 0; i < spec->mounts_n; i++) {
		const struct oci_mount *mount = &spec->mounts[i];
		bool bind = is_bind(mount);
		if (!*mount->destination)
			return WRONG("mounts", "[%zu].destination: it is empty", i);
		if (!mount->uid_mappings_n != !mount->gid_mappings_n)
			return WRONG("mounts", "[%zu]: uidMappings and gidMappings need each other",
				     i);
		if (bind && (!mount->source || !*mount->source))
			return WRONG("mounts", "[%zu]: a bind mount has no source", i);
		if (!bind && !mount->type)
			return WRONG("mounts", "[%zu]: it has no type, and is no bind mount", i);
	}
	return 0;
}

// --- linux --------------------------------------------------------------------------------------

static int check_namespaces(const struct oci_linux *linux_)
{
	const struct oci_namespace *user = oci_namespace_find(linux_, "user");
	for (size_t i = 0; i < linux_->namespaces_n; i++)
		for (size_t j = 0; j < i; j++)
			if (str_eq(linux_->namespaces[i].type, linux_->namespaces[j].type))
				return WRONG("linux.namespaces", "[%zu]: a second '%s'", i,
					     linux_->namespaces[i].type);
	if (!user && (linux_->uid_mappings_n || linux_->gid_mappings_n))
		return WRONG("linux", ": uidMappings or gidMappings, and no user namespace");
	if (user && !user->path && (!linux_->uid_mappings_n || !linux_->gid_mappings_n))
		return WRONG("linux", ": a new user namespace needs uidMappings and gidMappings");
	return 0;
}

static int check_devices(const struct oci_linux *linux_)
{
	for (size_t i = 0; i < linux_->devices_n; i++) {
		const struct oci_device *device = &linux_->devices[i];
		if (device->type[0] != 'p' && (device->major < 0 || device->minor < 0))
			return WRONG("linux.devices", "[%zu] ('%s'): lacks 'major' or 'minor'", i,
				     device->path);
	}
	return 0;
}

static int check_resources(const struct oci_resources *resources)
{
	for (size_t i = 0; i < resources->io_weights_n; i++)
		if (!resources->io_weights[i].weight && !resources->io_weights[i].leaf_weight)
			return WRONG("linux.resources.blockIO.weightDevice",
				     "[%zu]: lacks both 'weight' and 'leafWeight'", i);
	for (size_t i = 0; i < resources->rdma_n; i++)
		if (resources->rdma[i].handles < 0 && resources->rdma[i].objects < 0)
			return WRONG("linux.resources.rdma",
				     ".%s: lacks both 'hcaHandles' and 'hcaObjects'",
				     resources->rdma[i].device);
	if (resources->cpu_quota > 0 && resources->cpu_burst != UINT64_MAX &&
	    resources->cpu_burst > (uint64_t)resources->cpu_quota)
		return WRONG("linux.resources.cpu.burst", ": it is above the quota");
	return 0;
}

static int check_memory_policy(const struct oci_memory_policy *policy)
{
	bool nodes = policy->nodes && *policy->nodes;
	if (!policy->mode)
		return 0;
	bool none = str_eq(policy->mode, "MPOL_DEFAULT") || str_eq(policy->mode, "MPOL_LOCAL");
	if (none && nodes)
		return WRONG("linux.memoryPolicy.nodes", ": %s takes none", policy->mode);
	if (!none && !nodes && !str_eq(policy->mode, "MPOL_PREFERRED"))
		return WRONG("linux.memoryPolicy.nodes", ": %s needs some", policy->mode);
	return 0;
}

static int check_seccomp(const struct oci_seccomp *seccomp)
{
	if (seccomp && seccomp->listener_metadata && !seccomp->listener_path)
		return WRONG("linux.seccomp.listenerMetadata", ": there is no listenerPath");
	return 0;
}

int oci_spec_check(const struct oci_spec *spec)
{
	TRY(check_platform(spec));
	TRY(check_process(&spec->process));
	if (!spec->root.path || !*spec->root.path)
		return WRONG("root", ".path: a container needs a root");
	TRY(check_mounts(spec));
	TRY(check_namespaces(&spec->linux_));
	TRY(check_devices(&spec->linux_));
	TRY(check_resources(&spec->linux_.resources));
	TRY(check_memory_policy(&spec->linux_.memory_policy));
	return check_seccomp(spec->linux_.seccomp);
}
