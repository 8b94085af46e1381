// SPDX-License-Identifier: Apache-2.0
// run_spec_mounts.c - the sections of a specification about files: mounts, devices, masks
//
// What every container gets unasked comes first (defaults.c), without those places that an option
// takes for itself; then what the options ask for, those nearer to the root before those below
// them. A device is a node in /dev and a rule that opens it.
#include "engine/run/run_build.h"

#include "base/fail.h"
#include "engine/mounts/anonymous.h"
#include "engine/mounts/defaults.h"
#include "engine/mounts/device.h"
#include "engine/etc/etc_files.h"
#include "engine/mounts/host_devices.h"
#include "engine/ids/idmap.h"
#include "engine/namespaces/joins.h"
#include "engine/mounts/mounts.h"
#include "engine/etc/passwd_lines.h"
#include "base/size.h"
#include "engine/etc/timezone.h"

#include <unistd.h>

static bool is_there(const struct build *build, const char *name)
{
	return access(arena_printf(build->arena, "%s/%s", build->place->dev, name), F_OK) == 0;
}

// A file system that shows a namespace can be mounted by who has power over that. In a user
// namespace of its own a container has none over what is the host's: there the host's mounts are
// bound.
static void want_of_namespaces(const struct build *build, struct defaults_want *want)
{
	const struct namespace_choice *ipc = &build->choices.ns[NS_IPC];
	bool host_ipc = ipc->mode == NAMESPACE_HOST;
	want->host_sys = !build_has_power(build, NS_NETWORK);
	want->host_proc = !build_has_power(build, NS_PID);
	want->no_shm = ipc->mode == NAMESPACE_NONE;
	if (host_ipc)
		want->shm = "/dev/shm";
	else if (ipc->mode == NAMESPACE_CONTAINER && build->place->joins)
		want->shm = build->spec->shm = build->place->joins->shm;
	if (!build_has_power(build, NS_IPC)) {
		want->host_mqueue = host_ipc && is_there(build, "mqueue");
		want->no_mqueue = !want->host_mqueue;
	}
}

// Docker takes 0 for its default, Podman for no limit at all.
static int shm_size(const struct build *build, const struct mounts_asked *asked,
		    struct defaults_want *want)
{
	const char *text = build->opts->shm_size;
	if (!text)
		return 0;
	TRY(size_parse("--shm-size", text, &want->shm_size));
	if (!want->shm_size) {
		fail(-EINVAL, "--shm-size '%s': 0 means 64m to Docker and no limit to Podman",
		     text);
		fail_hint("say the size that is meant");
		return -EINVAL;
	}
	if (want->shm || want->no_shm)
		return fail(-EINVAL,
			    "--shm-size '%s': with --ipc %s the container has no /dev/shm of "
			    "its own",
			    text, want->no_shm ? "none" : "host");
	for (size_t i = 0; i < asked->n; i++)
		if (str_eq(asked->mounts[i].destination, "/dev/shm"))
			return fail(-EINVAL,
				    "--shm-size '%s': another mount takes the place of "
				    "/dev/shm",
				    text);
	return 0;
}

// What is written to a volume may be much: like an overlay's, the container's directory is then
// one on the disk, not in the runroot's memory.
static void place_volumes(struct build *build, const struct mounts_asked *asked)
{
	struct box_spec *spec = build->spec;
	for (size_t i = 0; i < asked->n; i++)
		if (needs_directory(&asked->mounts[i]))
			spec->state = build_directory(build, build->place->root);
	anonymous_place(build->arena, spec->state, asked->mounts, asked->n);
}

static int add_timezone(struct build *build, const struct mounts_asked *asked,
			struct oci_mount *ret_mount)
{
	for (size_t i = 0; i < asked->n; i++)
		if (str_eq(asked->mounts[i].destination, "/etc/localtime"))
			return fail(-EINVAL,
				    "--tz '%s': another mount takes the place of "
				    "/etc/localtime",
				    build->opts->tz);
	return timezone_mount(build->arena, build->opts->tz, ret_mount);
}

// With another's network come its files of names.
static int check_joined(const struct build *build)
{
	const struct run_opts *opts = build->opts;
	const char *flag = opts->add_host.n                    ? "--add-host"
			   : opts->hosts_file                  ? "--hosts-file"
			   : opts->dns.n || opts->dns_search.n ? "--dns"
			   : opts->dns_option.n                ? "--dns-option"
							       : NULL;
	if (!flag || build->choices.ns[NS_NETWORK].mode != NAMESPACE_CONTAINER)
		return 0;
	return fail(-EINVAL,
		    "%s and --network container: conflicting options, the file is that of the "
		    "other container",
		    flag);
}

// --hosts-file image is --no-hosts by another name, as long as nothing is added.
static int check_hosts(const struct run_opts *opts, bool *ret_leave)
{
	const char *file = opts->hosts_file && *opts->hosts_file ? opts->hosts_file : NULL;
	bool image = file && str_eq(file, "image");
	if (opts->no_hosts && opts->add_host.n)
		return fail(-EINVAL, "--no-hosts and --add-host: only one of them");
	if (opts->no_hosts && file)
		return fail(-EINVAL, "--no-hosts and --hosts-file: only one of them");
	if (image && opts->add_host.n)
		return fail(-EOPNOTSUPP, "--hosts-file image with --add-host: not yet");
	*ret_leave = opts->no_hosts || image;
	return 0;
}

static int add_own_files(struct build *build, const struct mounts_asked *asked)
{
	const struct run_opts *opts = build->opts;
	struct box_spec *spec = build->spec;
	struct etc_want want = {
		.hostname = spec->oci.hostname,
		.host_network = build->choices.host_network,
		.hosts_file = opts->hosts_file && *opts->hosts_file ? opts->hosts_file : NULL,
		.no_hostname = opts->no_hostname,
		.add_host = opts->add_host,
	};
	TRY(check_joined(build));
	TRY(check_hosts(opts, &want.no_hosts));
	TRY(dns_parse(&opts->dns, &opts->dns_search, &opts->dns_option, &want.dns));
	spec->files = arena_array(build->arena, struct box_file, ETC_FILES_MAX);
	return etc_files_make(build->arena, build->place, &want, asked->mounts, asked->n,
			      spec->files, &spec->files_n);
}

static int add_passwd_lines(struct build *build, const struct mounts_asked *asked)
{
	struct passwd_want want = {
		.text = build->spec->user,
		.user = &build->user,
		.keep_id = build->choices.userns.mode == USERNS_KEEP_ID &&
			   build->choices.userns.uid < 0,
		.cwd = build->spec->oci.process.cwd,
		.mounts = asked->mounts,
		.mounts_n = asked->n,
	};
	return passwd_lines_make(build->arena, build->opts, build->place, &want, build->spec);
}

int build_mounts(struct build *build)
{
	struct box_spec *spec = build->spec;
	struct oci_linux *linux_ = &spec->oci.linux_;
	struct mounts_asked asked;
	if (build->opts->read_only_tmpfs && !build->opts->read_only)
		return fail(-EINVAL, "--read-only-tmpfs: it goes with --read-only; without that "
				     "all of the root can be written");
	TRY(mounts_parse(build->arena, build->place, build->opts, &build->config->volumes,
			 build_is_ordinary(build), &asked));
	place_volumes(build, &asked);
	spec->make_directories = asked.found.missing;
	for (size_t i = 0; i < asked.found.notices.n; i++)
		build_notice(build, asked.found.notices.item[i]);
	struct defaults_want want = {
		.privileged = build->opts->privileged,
		.tty_group = !linux_->gid_mappings_n ||
			     idmap_has(linux_->gid_mappings, linux_->gid_mappings_n, 5),
	};
	want_of_namespaces(build, &want);
	TRY(shm_size(build, &asked, &want));
	struct oci_mount *all =
		arena_array(build->arena, struct oci_mount, DEFAULT_MOUNTS_MAX + asked.n + 1);
	size_t n = defaults_mounts(build->arena, want, asked.mounts, asked.n, all);
	if (asked.n)
		memcpy(all + n, asked.mounts, asked.n * sizeof(*all));
	spec->oci.mounts = all;
	spec->default_mounts = n;
	spec->oci.mounts_n = n + asked.n;
	if (build->opts->tz)
		TRY(add_timezone(build, &asked, &all[spec->oci.mounts_n++]));
	TRY(add_own_files(build, &asked));
	TRY(add_passwd_lines(build, &asked));
	build_joined_files(build);
	return 0;
}

static struct device_filter device_filter(const struct build *build)
{
	struct device_filter filter = {.on = build->spec->device_rules};
	if (build->opts->privileged) {
		filter.all = true;
		filter.why_not = "--privileged allows all devices";
	} else if (build_is_ordinary(build)) {
		filter.why_not = "an ordinary user may load no filter";
	} else if (!build->spec->cgroups) {
		filter.why_not = "the container has no cgroup of its own (--cgroups disabled)";
	} else {
		filter.why_not = "this host can't filter devices";
	}
	return filter;
}

static int privileged_devices(struct build *build)
{
	static const struct oci_device_rule everything = {true, "a", -1, -1, "rwm"};
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	linux_->resources.devices = arena_new(build->arena, struct oci_device_rule);
	linux_->resources.devices[0] = everything;
	linux_->resources.devices_n = 1;
	return host_devices_list(build->arena, build->place->dev, build_is_ordinary(build),
				 &linux_->devices, &linux_->devices_n);
}

int build_devices(struct build *build)
{
	struct box_spec *spec = build->spec;
	struct oci_linux *linux_ = &spec->oci.linux_;
	spec->cgroups = build->choices.cgroups;
	spec->cgroup_asked = build->choices.cgroup_asked;
	if (build->opts->privileged) {
		TRY(privileged_devices(build));
	} else {
		defaults_devices(build->arena, linux_);
		defaults_masks(build->arena, &build->place->processor_masks, linux_);
		security_opt_masks(build->arena, &build->choices.security, linux_);
		spec->device_rules = spec->cgroups && !build_is_ordinary(build) &&
				     facts_filter_devices(build->facts);
	}
	return devices_add(build->arena, &build->opts->device, &build->opts->device_rule,
			   device_filter(build), linux_, &spec->device_rules_added);
}
