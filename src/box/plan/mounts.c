// SPDX-License-Identifier: Apache-2.0
// mounts.c - the part of a plan that fills the root
//
// Order: the file systems and binds as the spec lists them (a later one may lie inside an earlier
// one), the devices into the new /dev, then what hides or protects parts of them.
#include "box/plan/builder.h"
#include "box/plan/mount_data.h"
#include "box/plan/binds.h"

#include "base/fail.h"
#include "kern/mounts/mount.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

// Places in the root that tare fills by itself must be real directories of it.
static uint64_t target_flags(const char *destination)
{
	static const char *const own[] = {"/proc", "/sys", "/dev"};
	for (size_t i = 0; i < lengthof(own); i++) {
		size_t n = strlen(own[i]);
		if (strncmp(destination, own[i], n) == 0 &&
		    (!destination[n] || destination[n] == '/'))
			return MOUNT_NO_LINKS;
	}
	return 0;
}

static bool has_option(const char *data, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = data; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, name, n) == 0)
			return true;
	return false;
}

static int check_destination(const struct oci_mount *mount)
{
	static const char *const kernel[][2] = {{"/proc", "proc"}, {"/sys", "sysfs"}};
	const char *destination = mount->destination;
	for (size_t i = 0; i < lengthof(kernel); i++) {
		size_t n = strlen(kernel[i][0]);
		bool at = strncmp(destination, kernel[i][0], n) == 0;
		bool below = at && destination[n] == '/';
		at = at && !destination[n];
		bool right = mount->type && str_eq(mount->type, kernel[i][1]);
		bool host = plan_is_bind(mount) && str_eq(mount->source, kernel[i][0]);
		if (at && !right && !host) {
			fail(-EINVAL, "mount on '%s': only %s may be mounted there", destination,
			     kernel[i][1]);
			fail_hint("security settings are written below it, and must reach the "
				  "kernel");
			return -EINVAL;
		}
		if (below && i == 0) {
			fail(-EINVAL, "mount on '%s': nothing may be mounted below /proc",
			     destination);
			fail_hint("security settings are written there, and must reach the kernel");
			return -EINVAL;
		}
	}
	return 0;
}

// SELinux knows the files of a labelled mount by that label; file systems that make up their files
// as they are asked for have labels of their own.
static const char *labelled(const struct builder *builder, const char *type, const char *data)
{
	const char *label = builder->spec->oci.linux_.mount_label;
	bool own = str_eq(type, "proc") || str_eq(type, "sysfs") || str_eq(type, "mqueue");
	if (!label || !*label || own)
		return data;
	return arena_printf(builder->arena, "%s%scontext=\"%s\"", data ? data : "", data ? "," : "",
			    label);
}

// "bind" beside it leaves the file system alone.
static void add_remount(struct builder *builder, const struct oci_mount *mount,
			const struct mount_words *words)
{
	const char *type = mount->type ? mount->type : "none";
	struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_MOUNT, type, mount->destination,
					   words->data);
	step->n = words->flags | words->below | (plan_is_bind(mount) ? MOUNT_ONLY_THIS : 0);
}

// Where it is a name of its own: of a device, or what the mount is to be known by.
static const char *source_of(const struct builder *builder, const struct oci_mount *mount)
{
	bool named = mount->source && *mount->source && !str_eq(mount->source, mount->type);
	return builder->spec->exact && named ? mount->source : NULL;
}

// A sysfs shows a network namespace, and may be mounted by who owns that. A user namespace without
// one of its own gets the host's, to be read.
static bool is_hosts_sysfs(const struct builder *builder, const struct oci_mount *mount)
{
	return mount->type && str_eq(mount->type, "sysfs") && builder->plan->maps.uid_n &&
	       !spec_has_namespace(builder->spec, "network");
}

static void add_hosts_sysfs(struct builder *builder, const struct oci_mount *mount,
			    const struct mount_words *words)
{
	struct step *step =
		plan_add_texts(builder, ACTOR_INIT, OP_BIND, "/sys", mount->destination, NULL);
	uint64_t attributes = (words->flags & MOUNT_ATTRIBUTES) | MOUNT_ATTR_RDONLY;
	step->n = attributes | MOUNT_RECURSIVE | MOUNT_NO_LINKS;
	step->m = attributes;
}

static int add_mount(struct builder *builder, const struct oci_mount *mount)
{
	struct mount_words words;
	if (!builder->spec->exact)
		TRY(check_destination(mount));
	if (mount->type && str_eq(mount->type, "cgroup"))
		return plan_add_cgroup_mounts(builder, mount);
	plan_mount_words(builder->arena, mount, &words);
	TRY(plan_check_words(mount, &words));
	if (words.flags & MOUNT_REMOUNT) {
		add_remount(builder, mount, &words);
		return 0;
	}
	if (mount->scratch) {
		plan_add_bind_overlay(builder, mount, &words);
		return 0;
	}
	if (plan_is_bind(mount)) {
		plan_add_bind(builder, mount, &words);
		return 0;
	}
	if (is_hosts_sysfs(builder, mount)) {
		add_hosts_sysfs(builder, mount, &words);
		return 0;
	}
	struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_MOUNT, mount->type,
					   mount->destination, words.data);
	step->n = words.flags % MOUNT_CLEARED | words.below | target_flags(mount->destination);
	if (str_eq(mount->destination, "/dev"))
		step->n = (step->n | MOUNT_KEEP_DEV) & ~(uint64_t)MOUNT_ATTR_RDONLY;
	step->c = mount_data_text(builder->arena, labelled(builder, mount->type, words.data),
				  source_of(builder, mount));
	if (str_eq(mount->type, "tmpfs") && !has_option(words.data, "mode="))
		step->n |= MOUNT_MODE_BELOW;
	return 0;
}

static bool has_own_dev(const struct box_spec *spec)
{
	for (size_t i = 0; i < spec->oci.mounts_n; i++)
		if (str_eq(spec->oci.mounts[i].destination, "/dev"))
			return !plan_is_bind(&spec->oci.mounts[i]);
	return spec->exact; // the root's
}

static void add_device(struct builder *builder, const struct oci_device *device)
{
	// In a user namespace nobody may make device nodes: they are borrowed. So are those outside
	// of /dev, where a node would stay behind in the root, unless a bundle wants just that.
	bool exact = builder->spec->exact;
	if (builder->plan->maps.uid_n || builder->facts->nested ||
	    (!exact && !str_starts(device->path, "/dev/"))) {
		plan_add_texts(builder, ACTOR_INIT, OP_NODE_BIND,
			       device->source ? device->source : device->path, device->path, NULL);
		return;
	}
	uint32_t type = device->type[0] == 'b'   ? S_IFBLK
			: device->type[0] == 'p' ? S_IFIFO
						 : S_IFCHR;
	struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_NODE, device->path, NULL, NULL);
	step->k = (int32_t)(type | device->file_mode);
	step->n = makedev((unsigned)device->major, (unsigned)device->minor);
	step->m = (uint64_t)device->uid << 32 | device->gid;
}

static void add_devices(struct builder *builder)
{
	static const char *const links[][2] = {
		{"/proc/self/fd", "/dev/fd"},       {"/proc/self/fd/0", "/dev/stdin"},
		{"/proc/self/fd/1", "/dev/stdout"}, {"/proc/self/fd/2", "/dev/stderr"},
		{"/proc/kcore", "/dev/core"},       {"pts/ptmx", "/dev/ptmx"},
	};
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	if (!has_own_dev(builder->spec))
		return;
	for (size_t i = 0; i < linux_->devices_n; i++)
		add_device(builder, &linux_->devices[i]);
	for (size_t i = 0; i < lengthof(links); i++)
		plan_add_texts(builder, ACTOR_INIT, OP_LINK, links[i][0], links[i][1], NULL)
			->spare = builder->spec->exact ? EEXIST : 0;
}

// A container's own overlay is written to, a directory of the user's is not: see steps/lines.c.
static enum actor who_adds_lines(const struct box_spec *spec)
{
	return spec->root == BOX_ROOT_OVERLAY ? ACTOR_INIT : ACTOR_HOST;
}

void plan_add_lines(struct builder *builder, enum actor actor)
{
	const struct box_spec *spec = builder->spec;
	for (size_t i = 0; actor == who_adds_lines(spec) && i < spec->lines_n; i++) {
		const struct box_line *line = &spec->lines[i];
		struct step *step = plan_add_texts(builder, actor, OP_LINE, line->file, line->text,
						   line->group);
		step->spare = ENOENT;
	}
}

// Those that were made, and the copies that HOST made, each once; where it had nothing to add there
// is none.
size_t plan_own_files(const struct builder *builder, struct own_file **ret_files)
{
	const struct box_spec *spec = builder->spec;
	struct own_file *files =
		arena_array(builder->arena, struct own_file, spec->files_n + spec->lines_n);
	size_t n = 0;
	for (size_t i = 0; i < spec->files_n; i++)
		files[n++] = (struct own_file){
			arena_printf(builder->arena, "%s/%s", spec->state, spec->files[i].name),
			spec->files[i].destination, 0};
	for (size_t i = 0; who_adds_lines(spec) == ACTOR_HOST && i < spec->lines_n; i++) {
		const char *file = spec->lines[i].file;
		bool again = i && str_eq(file, spec->lines[i - 1].file);
		if (!again)
			files[n++] =
				(struct own_file){arena_printf(builder->arena, "%s%s", spec->state,
							       strrchr(file, '/')),
						  file, ENOENT};
	}
	*ret_files = files;
	return n;
}

// Like the root they are laid over, they are read-only where that was asked, as Docker has it.
static void add_files(struct builder *builder)
{
	struct own_file *files;
	size_t n = plan_own_files(builder, &files);
	for (size_t i = 0; i < n; i++) {
		struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_BIND, files[i].source,
						   files[i].destination, NULL);
		step->spare = files[i].spare;
		step->n = MOUNT_PRIVATE_FILE |
			  (builder->spec->oci.root.readonly ? MOUNT_ATTR_RDONLY : 0);
		if (builder->plan->outside)
			step->k = plan_file_number(builder, i) + 1;
	}
}

static void add_masks(struct builder *builder)
{
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	struct oci_strings masked;
	oci_strings_last(builder->arena, &linux_->masked_paths, 0, &masked);
	for (size_t i = 0; i < masked.n; i++)
		plan_add_texts(builder, ACTOR_INIT, OP_MASK, masked.item[i], NULL, NULL)->spare =
			ENOENT;
	for (size_t i = 0; i < linux_->readonly_paths.n; i++)
		plan_add_texts(builder, ACTOR_INIT, OP_READONLY, linux_->readonly_paths.item[i],
			       NULL, NULL)
			->spare = ENOENT;
}

const char *plan_mount_point(const struct builder *builder)
{
	if (builder->spec->exact)
		return builder->spec->oci.root.path; // over itself
	return arena_printf(builder->arena, "%s/root", builder->spec->runroot);
}

// In a user namespace of the child's that is not MID's, it is not the child who mounts them.
bool plan_overlay_is_users(const struct plan *plan)
{
	return plan->outside ? plan->outer.uid_n > 0 : plan->maps.uid_n > 0;
}

int plan_add_root(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	enum actor actor = builder->plan->outside ? ACTOR_MID : ACTOR_INIT;
	const char *point = plan_mount_point(builder);
	if (spec->root == BOX_ROOT_BIND) {
		struct step *step = plan_add_texts(builder, actor, OP_ROOT_BIND,
						   spec->oci.root.path, point, NULL);
		step->k = (spec->oci.root.readonly ? ROOT_BIND_READONLY : 0) |
			  (spec->root_mapped ? ROOT_BIND_MAPPED : 0);
		step->n = plan_root_slave_number(builder);
		return 0;
	}
	if (!spec->layers.n)
		return fail(-EINVAL, "the root has no layers");
	bool user = plan_overlay_is_users(builder->plan);
	if (user && !builder->facts->overlay_in_userns) {
		fail(-ENOSYS, "no overlay for ordinary users works in '%s'", spec->root_directory);
		fail_hint("name another place by --root (its file system may lack user.* "
			  "attributes, as NFS and before Linux 6.6 tmpfs do), use --rootfs DIR "
			  "without :O, or run tare as root");
		return -ENOSYS;
	}
	struct step *step =
		plan_add_texts(builder, actor, OP_ROOT_OVERLAY,
			       arena_printf(builder->arena, "%s/upper", spec->scratch),
			       arena_printf(builder->arena, "%s/work", spec->scratch), point);
	// What is thrown away, or never written, need not be synced.
	bool fleeting = spec->remove || spec->oci.root.readonly;
	step->n = (user ? ROOT_OVERLAY_USER : 0u) | (fleeting ? ROOT_OVERLAY_FLEETING : 0u) |
		  (spec->root_mapped ? ROOT_OVERLAY_MAPPED : 0u);
	return 0;
}

// A /dev that may only be read has to be filled first.
static void add_readonly_dev(struct builder *builder)
{
	const struct oci_spec *oci = &builder->spec->oci;
	struct mount_words words;
	for (size_t i = 0; i < oci->mounts_n; i++) {
		const struct oci_mount *mount = &oci->mounts[i];
		if (!str_eq(mount->destination, "/dev") || plan_is_bind(mount))
			continue;
		plan_mount_words(builder->arena, mount, &words);
		if (words.flags & MOUNT_ATTR_RDONLY && !(words.flags & MOUNT_REMOUNT))
			plan_add_texts(builder, ACTOR_INIT, OP_READONLY, "/dev", NULL, NULL)->k = 1;
	}
}

static void add_terminal(struct builder *builder)
{
	const struct oci_console_size *size = &builder->spec->oci.process.console_size;
	struct step *step = plan_add(builder, ACTOR_INIT, OP_TERMINAL);
	step->n = size->height;
	step->m = size->width;
	step->k = builder->spec->plain_lines;
}

int plan_add_mounts(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		TRY(add_mount(builder, &spec->oci.mounts[i]));
		if (!spec->exact && str_eq(spec->oci.mounts[i].destination, "/dev"))
			add_devices(builder);
	}
	if (spec->exact)
		add_devices(builder);
	add_files(builder);
	if (spec->oci.process.terminal)
		add_terminal(builder);
	else if (!spec->stdin_open)
		plan_add(builder, ACTOR_INIT, OP_STDIN_NULL);
	for (int stream = 1; stream <= 2; stream++)
		if (builder->spec->null_output >> stream & 1)
			plan_add(builder, ACTOR_INIT, OP_OUTPUT_NULL)->k = stream;
	add_masks(builder);
	add_readonly_dev(builder);
	if (!str_eq(spec->oci.process.cwd, "/"))
		plan_add_texts(builder, ACTOR_INIT, OP_MAKE_DIRECTORY, spec->oci.process.cwd, NULL,
			       NULL);
	return 0;
}
