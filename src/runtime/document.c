// SPDX-License-Identifier: Apache-2.0
// document.c - from a bundle to what box makes a container of
//
// A bundle is a directory with config.json and, usually, the root it names. What the document says
// is done as it stands there (box/spec.h, `exact`). Little is added, all of it by the
// specification: six devices and the rules that let them be used, a group of its own where none is
// named. Capabilities that are unknown or not to be had are left out with a warning, as it wants.
#include "runtime/document.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json.h"
#include "box/plan/binds.h"
#include "kern/caps.h"
#include "kern/cgroup/cgroup.h"
#include "kern/process/lsm.h"
#include "runtime/activation.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORD_ANNOTATION "dev.tare.seccomp.record"

static const struct oci_device devices[] = {
	{"/dev/null", "c", 1, 3, 0666, 0, 0, NULL},   {"/dev/zero", "c", 1, 5, 0666, 0, 0, NULL},
	{"/dev/full", "c", 1, 7, 0666, 0, 0, NULL},   {"/dev/tty", "c", 5, 0, 0666, 0, 0, NULL},
	{"/dev/random", "c", 1, 8, 0666, 0, 0, NULL}, {"/dev/urandom", "c", 1, 9, 0666, 0, 0, NULL},
};

// What a document need not say of devices: these six, terminals, and making nodes, which is
// harmless where they can't be opened. All others are denied unless it allows them.
static const struct oci_device_rule rules[] = {
	{true, "c", -1, -1, "m"}, {true, "b", -1, -1, "m"},    {true, "c", 1, 3, "rwm"},
	{true, "c", 1, 5, "rwm"}, {true, "c", 1, 7, "rwm"},    {true, "c", 1, 8, "rwm"},
	{true, "c", 1, 9, "rwm"}, {true, "c", 5, 0, "rwm"},    {true, "c", 5, 1, "rwm"},
	{true, "c", 5, 2, "rwm"}, {true, "c", 136, -1, "rwm"},
};

// --- the bundle ---------------------------------------------------------------------------------

static int check_version(const char *version)
{
	if (str_starts(version, "1."))
		return 0;
	return fail(-EINVAL, "config.json: ociVersion '%s': 1.x is what tare-oci knows", version);
}

static int absolute(struct arena *arena, const char *path, const char *what, const char **ret_path)
{
	char real[PATH_MAX];
	if (!realpath(path, real))
		return fail_sys(-errno, "%s '%s'", what, path);
	*ret_path = arena_dup(arena, real);
	return 0;
}

static int read_document(struct arena *arena, const char *directory, const char *config,
			 struct str *ret_text)
{
	const char *name = config ? config : arena_printf(arena, "%s/config.json", directory);
	int error = file_read(arena, AT_FDCWD, name, JSON_BYTES_MAX, ret_text);
	if (error == -ENOENT && !config) {
		fail(error, "bundle '%s': there is no config.json in it", directory);
		fail_hint("tare-oci spec writes one to start from");
		return error;
	}
	return error < 0 ? fail_sys(error, "read '%s'", name) : 0;
}

// What is bound may be named as seen from the bundle (config.md, "Mounts").
static void find_sources(struct arena *arena, struct bundle *bundle)
{
	for (size_t i = 0; i < bundle->spec.mounts_n; i++) {
		struct oci_mount *mount = &bundle->spec.mounts[i];
		if (plan_is_bind(mount) && mount->source && *mount->source &&
		    mount->source[0] != '/')
			mount->source = arena_printf(arena, "%s/%s", bundle->path, mount->source);
	}
}

int bundle_read(struct arena *arena, const char *directory, const char *config,
		struct bundle *ret_bundle)
{
	struct bundle bundle = {0};
	TRY(absolute(arena, directory, "bundle", &bundle.path));
	TRY(read_document(arena, bundle.path, config, &bundle.text));
	TRY(oci_spec_parse(arena, bundle.text, &bundle.spec));
	TRY(check_version(bundle.spec.oci_version));
	TRY(oci_spec_check(&bundle.spec));
	struct oci_root *root = &bundle.spec.root;
	if (root->path[0] != '/')
		root->path = arena_printf(arena, "%s/%s", bundle.path, root->path);
	TRY(absolute(arena, root->path, "root.path", &root->path));
	find_sources(arena, &bundle);
	*ret_bundle = bundle;
	return 0;
}

// --- what is added ------------------------------------------------------------------------------

static bool has_device(const struct oci_linux *linux_, const char *path)
{
	for (size_t i = 0; i < linux_->devices_n; i++)
		if (str_eq(linux_->devices[i].path, path))
			return true;
	return false;
}

// A slash at the end would name what is inside of the device.
static const char *device_path(struct arena *arena, const char *path)
{
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	return path[n] ? arena_dup_n(arena, path, n) : path;
}

static void add_devices(struct arena *arena, struct oci_linux *linux_)
{
	size_t n = linux_->devices_n;
	struct oci_device *all = arena_array(arena, struct oci_device, n + lengthof(devices));
	if (n)
		memcpy(all, linux_->devices, n * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i].path = device_path(arena, all[i].path);
	for (size_t i = 0; i < lengthof(devices); i++)
		if (!has_device(linux_, devices[i].path))
			all[n++] = devices[i];
	linux_->devices = all;
	linux_->devices_n = n;
}

static void add_rules(struct arena *arena, struct oci_resources *resources)
{
	size_t n = resources->devices_n;
	struct oci_device_rule *all =
		arena_array(arena, struct oci_device_rule, n + lengthof(rules));
	if (n)
		memcpy(all, resources->devices, n * sizeof(*all));
	memcpy(all + n, rules, sizeof(rules));
	resources->devices = all;
	resources->devices_n = n + lengthof(rules);
}

// --- what is left out ---------------------------------------------------------------------------

static void warn(struct arena *arena, struct box_spec *spec, const char *name, const char *why)
{
	const char *text = arena_printf(arena, "capability '%s': %s", name, why);
	if (!oci_strings_has(&spec->notices, text)) // it may be in several sets
		oci_strings_add(arena, &spec->notices, text);
}

// A label of files is one to SELinux alone: where that is off nobody could tell the difference.
static void drop_mount_label(struct arena *arena, struct box_spec *spec)
{
	const char **label = &spec->oci.linux_.mount_label;
	if (!*label || !**label || lsm_is_on("selinux"))
		return;
	*label = NULL;
	oci_strings_add(arena, &spec->notices,
			"linux.mountLabel: SELinux is off on this host, mounts have no label");
}

// Which of a set's capabilities can be had.
static uint64_t granted(struct arena *arena, struct box_spec *spec, const struct facts *facts,
			const struct oci_strings *set)
{
	uint64_t mask = 0, one = 0;
	for (size_t i = 0; i < set->n; i++) {
		const char *name = set->item[i];
		if (caps_parse(name, &one) < 0 || !str_starts(name, "CAP_")) {
			fault_clear();
			warn(arena, spec, name, "there is none of that name");
		} else if (!(one & facts->bounding)) {
			warn(arena, spec, name, "this caller has not got it and can't grant it");
		} else {
			mask |= one;
		}
	}
	return mask;
}

static struct oci_strings names_of(struct arena *arena, uint64_t mask)
{
	struct oci_strings names = {arena_array(arena, const char *, CAPS_LAST + 1), 0};
	for (unsigned number = 0; number <= CAPS_LAST; number++)
		if (mask & CAPS_BIT(number))
			names.item[names.n++] = caps_name(number);
	return names;
}

// The kernel's own rules: what is effective is permitted, what is ambient both that and
// inheritable.
void document_limit_capabilities(struct arena *arena, const struct facts *facts,
				 struct box_spec *spec)
{
	struct oci_capabilities *sets = &spec->oci.process.capabilities;
	uint64_t bounding = granted(arena, spec, facts, &sets->bounding);
	uint64_t permitted = granted(arena, spec, facts, &sets->permitted);
	uint64_t effective = granted(arena, spec, facts, &sets->effective) & permitted;
	uint64_t inheritable = granted(arena, spec, facts, &sets->inheritable);
	uint64_t ambient = granted(arena, spec, facts, &sets->ambient) & permitted & inheritable;
	*sets = (struct oci_capabilities){
		.bounding = names_of(arena, bounding),
		.effective = names_of(arena, effective),
		.inheritable = names_of(arena, inheritable),
		.permitted = names_of(arena, permitted),
		.ambient = names_of(arena, ambient),
	};
}

// --- the whole ----------------------------------------------------------------------------------

static bool is_systemd(const struct runtime_opts *opts)
{
	return opts->cgroup_manager ? str_eq(opts->cgroup_manager, "systemd")
				    : opts->systemd_cgroup;
}

unsigned document_limits_facts(const struct oci_resources *limits)
{
	bool rare = limits->cpuset_cpus || limits->cpuset_mems || limits->hugepages_n ||
		    limits->unified_n || limits->io_weights_n || limits->io_weight != INT64_MIN ||
		    limits->cpu_rt_runtime != INT64_MIN || limits->cpu_rt_period != UINT64_MAX;
	return rare ? FACTS_LIMITS : 0u;
}

unsigned document_facts(const struct runtime_opts *opts, const struct oci_spec *spec)
{
	unsigned rare = document_limits_facts(&spec->linux_.resources) |
			(is_systemd(opts) ? FACTS_BUS : 0u);
	return geteuid() ? FACTS_USER_NAMESPACE | FACTS_DELEGATED | rare : rare;
}

static int check_terminal(const struct oci_spec *spec, const struct document_want *want)
{
	if (want->console && !spec->process.terminal)
		return fail(-EINVAL, "--console-socket: process.terminal is false");
	return 0;
}

// The group where none is named. An ordinary user's container has none of its own until a limit
// asks for one, nor has that of a user whom an engine has made root of a user namespace.
static const char *cgroups_path(struct runtime_call *call, const struct oci_spec *spec,
				const struct facts *facts, const char *id)
{
	if (facts->uid)
		return NULL;
	if (spec->linux_.cgroups_path && *spec->linux_.cgroups_path)
		return spec->linux_.cgroups_path;
	if (facts->nested)
		return NULL;
	return arena_printf(call->arena, CGROUP_PREFIX "%s", id);
}

static int check_manager(const struct runtime_opts *opts, bool *ret_cgroups)
{
	const char *manager = opts->cgroup_manager ? opts->cgroup_manager : "cgroupfs";
	*ret_cgroups = !str_eq(manager, "disabled");
	if (!*ret_cgroups || str_eq(manager, "cgroupfs"))
		return 0;
	if (is_systemd(opts))
		return 0;
	fail(-EINVAL, "--cgroup-manager '%s': not supported", manager);
	fail_hint("cgroupfs, systemd or disabled");
	return -EINVAL;
}

// The host's name would have to change.
static int check_hostname(const struct oci_spec *spec)
{
	const char *given = spec->hostname && *spec->hostname       ? "hostname"
			    : spec->domainname && *spec->domainname ? "domainname"
								    : NULL;
	if (!given || oci_namespace_find(&spec->linux_, "uts"))
		return 0;
	return fail(-EINVAL, "config.json: %s: without a uts namespace it would be the host's",
		    given);
}

static const char *annotation(const struct oci_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->annotations.n; i++)
		if (str_eq(spec->annotations.item[i].name, name))
			return spec->annotations.item[i].value;
	return NULL;
}

// How Podman says its --group-add keep-groups; crun's word.
static bool keeps_groups(const struct oci_spec *spec)
{
	const char *value = annotation(spec, "run.oci.keep_original_groups");
	return value && str_eq(value, "1");
}

// An annotation may come from whoever wrote a pod's description: it names a new file beside the
// config.json and no other place.
static int set_watch(struct arena *arena, const struct bundle *bundle, struct box_spec *spec)
{
	const char *name = annotation(&bundle->spec, RECORD_ANNOTATION);
	if (!name)
		return 0;
	if (!*name || strchr(name, '/') || str_eq(name, ".") || str_eq(name, ".."))
		return fail(-EINVAL,
			    "annotation " RECORD_ANNOTATION
			    ": '%.64s': the name of a new file in the bundle is expected",
			    name);
	spec->watch = BOX_WATCH_RECORD;
	spec->watch_file = arena_printf(arena, "%s/%s", bundle->path, name);
	oci_strings_add(arena, &spec->notices,
			"annotation " RECORD_ANNOTATION " is for trying, not for production: each "
			"system call waits some 20 µs until it is noted");
	return 0;
}

// Who only has an ordinary user's rights opens no device that he could not open anyway.
static bool filters_devices(const struct box_spec *spec, const struct facts *facts)
{
	return spec->oci.linux_.resources.devices_n ||
	       (facts->uid == 0 && spec->cgroups && facts_filter_devices(facts));
}

int document_box(struct runtime_call *call, const struct bundle *bundle, const struct facts *facts,
		 const struct container *container, const struct document_want *want,
		 struct box_spec *ret_spec)
{
	struct arena *arena = call->arena;
	const struct oci_user *user = &bundle->spec.process.user;
	struct box_spec spec = {
		.oci = bundle->spec,
		.id = container->id,
		.name = container->id,
		.state = container->path,
		.exact = true,
		.waits = true,
		.bundle = bundle->path,
		.console = want->console,
		.preserve_fds = want->preserve_fds,
		.keep_keyring = want->no_new_keyring,
		.root = BOX_ROOT_BIND,
		.user = arena_printf(arena, "%u:%u", user->uid, user->gid),
		.home_from_passwd = true,
		.keep_groups = keeps_groups(&bundle->spec),
		.stdin_open = true,
		.seccomp =
			bundle->spec.linux_.seccomp ? BOX_SECCOMP_PROFILE : BOX_SECCOMP_UNCONFINED,
	};
	TRY(check_terminal(&spec.oci, want));
	TRY(check_hostname(&spec.oci));
	TRY(check_manager(&call->opts, &spec.cgroups));
	spec.systemd = is_systemd(&call->opts);
	document_limit_capabilities(arena, facts, &spec);
	drop_mount_label(arena, &spec);
	TRY(set_watch(arena, bundle, &spec));
	add_devices(arena, &spec.oci.linux_);
	spec.device_rules = filters_devices(&spec, facts);
	if (spec.device_rules)
		add_rules(arena, &spec.oci.linux_.resources);
	if (!spec.systemd)
		spec.oci.linux_.cgroups_path = cgroups_path(call, &spec.oci, facts, container->id);
	activation_pass(arena, want, &spec);
	*ret_spec = spec;
	return 0;
}
