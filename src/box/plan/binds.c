// SPDX-License-Identifier: Apache-2.0
// binds.c - what of the host is shown inside
//
// Some sources are taken early (see steps/bind.c). They are numbered in the order of the mounts.
#include "box/plan/binds.h"

#include "base/fail.h"
#include "kern/mounts/mount.h"

static bool has_word(const struct oci_mount *mount, const char *one, const char *other)
{
	for (size_t i = 0; i < mount->options.n; i++)
		if (str_eq(mount->options.item[i], one) || str_eq(mount->options.item[i], other))
			return true;
	return false;
}

bool plan_is_bind(const struct oci_mount *mount)
{
	return (mount->type && str_eq(mount->type, "bind")) || has_word(mount, "bind", "rbind");
}

static bool is_mapped(const struct oci_mount *mount)
{
	return has_word(mount, "idmap", "ridmap") || mount->uid_mappings_n;
}

static bool is_kept(const struct oci_mount *mount)
{
	return !is_mapped(mount) &&
	       (has_word(mount, "shared", "rshared") || has_word(mount, "slave", "rslave"));
}

// Whether its source is taken before INIT mounts it.
static bool is_early(const struct plan *plan, const struct oci_mount *mount)
{
	return is_mapped(mount) || is_kept(mount) ||
	       (plan->outside && (plan_is_bind(mount) || mount->scratch));
}

// How many early sources the first `n` mounts have.
static int32_t early_of(const struct builder *builder, size_t n)
{
	int32_t number = 0;
	for (size_t i = 0; i < n; i++)
		number += is_early(builder->plan, &builder->spec->oci.mounts[i]);
	return number;
}

// The number that an early source has, of those before `mount`.
static int32_t number_of(const struct builder *builder, const struct oci_mount *mount)
{
	return early_of(builder, (size_t)(mount - builder->spec->oci.mounts));
}

// Behind them comes the root's, see plan_root_slave_number.
int32_t plan_file_number(const struct builder *builder, size_t file)
{
	const struct oci_spec *oci = &builder->spec->oci;
	return early_of(builder, oci->mounts_n) + 1 + (int32_t)file;
}

void plan_mount_maps(struct arena *arena, const struct box_spec *spec,
		     const struct oci_mount *mount, struct id_maps *ret_maps)
{
	const struct oci_linux *linux_ = &spec->oci.linux_;
	bool own = mount->uid_mappings_n;
	const struct oci_id_map *from[] = {own ? mount->uid_mappings : linux_->uid_mappings,
					   own ? mount->gid_mappings : linux_->gid_mappings};
	size_t n[] = {own ? mount->uid_mappings_n : linux_->uid_mappings_n,
		      own ? mount->gid_mappings_n : linux_->gid_mappings_n};
	struct id_map *maps[2];
	for (size_t kind = 0; kind < 2; kind++) {
		maps[kind] = arena_array(arena, struct id_map, n[kind]);
		for (size_t i = 0; i < n[kind]; i++)
			maps[kind][i] = (struct id_map){from[kind][i].container_id,
							from[kind][i].host_id, from[kind][i].size};
	}
	*ret_maps = (struct id_maps){maps[0], n[0], maps[1], n[1]};
}

// The maps as mount(8) takes them.
static const char *maps_text(struct arena *arena, const struct id_maps *maps)
{
	struct buf text = buf_new(arena, 64 * 1024);
	for (size_t i = 0; i < maps->uid_n; i++)
		buf_printf(&text, "%su:%u:%u:%u", text.n ? " " : "", maps->uid[i].inside,
			   maps->uid[i].outside, maps->uid[i].count);
	for (size_t i = 0; i < maps->gid_n; i++)
		buf_printf(&text, " g:%u:%u:%u", maps->gid[i].inside, maps->gid[i].outside,
			   maps->gid[i].count);
	return text.p;
}

static int check_mapped(struct builder *builder, const struct oci_mount *mount,
			const struct id_maps *maps)
{
	if (builder->facts->uid) {
		fail(-EPERM, "mount on '%s': idmap: only root can show files with other ids",
		     mount->destination);
		fail_hint("the kernel wants CAP_SYS_ADMIN over the whole file system; U changes "
			  "the owners of the files themselves");
		return -EPERM;
	}
	if (has_word(mount, "shared", "rshared") || has_word(mount, "slave", "rslave"))
		return fail(-EOPNOTSUPP, "mount on '%s': idmap and propagation together: not yet",
			    mount->destination);
	if (maps->uid_n)
		return 0;
	fail(-EINVAL,
	     "mount on '%s': idmap: this container has no user namespace whose ids the "
	     "files could take",
	     mount->destination);
	fail_hint("say which: idmap=uids=0-1000-1;gids=0-1000-1 shows files of 0 as those of 1000");
	return -EINVAL;
}

static int check_bind(const struct oci_mount *mount, const struct mount_words *words)
{
	if (words->flags & (MOUNT_SUPER & ~(uint64_t)MOUNT_SILENT))
		return fail(-EINVAL,
			    "mount on '%s': sync, dirsync, lazytime and iversion are of a file "
			    "system, and a bind mount shows one that is mounted already",
			    mount->destination);
	return 0;
}

// Of an overlay over the source of a bind.
static int32_t overlay_flags(const struct builder *builder)
{
	return (plan_overlay_is_users(builder->plan) ? ROOT_OVERLAY_USER : 0) |
	       (builder->spec->remove ? ROOT_OVERLAY_FLEETING : 0);
}

static int check_number(const struct builder *builder)
{
	struct own_file *files;
	size_t n = builder->plan->outside ? plan_own_files(builder, &files) : 0;
	if (plan_file_number(builder, n) <= PLAN_KEPT_MAX)
		return 0;
	return fail(-E2BIG,
		    "more than %d mounts whose sources are taken before the container is "
		    "made",
		    PLAN_KEPT_MAX);
}

int plan_add_map_sources(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	struct mount_words words;
	TRY(check_number(builder));
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		struct id_maps maps;
		if (!plan_is_bind(mount) || !is_mapped(mount))
			continue;
		plan_mount_maps(builder->arena, spec, mount, &maps);
		TRY(check_mapped(builder, mount, &maps));
		plan_mount_words(builder->arena, mount, &words);
		struct step *step =
			plan_add_texts(builder, ACTOR_HOST, OP_MAP_SOURCE, mount->source,
				       maps_text(builder->arena, &maps), NULL);
		step->n = (words.flags & MOUNT_RECURSIVE) |
			  (has_word(mount, "ridmap", "ridmap") ? 0 : MOUNT_ONLY_THIS);
		step->m = i;
		step->k = number_of(builder, mount);
	}
	return 0;
}

// Of a root that is to receive what the host mounts below it, the copy is the first after those
// of the mounts.
uint64_t plan_root_slave_number(const struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	const char *word = spec->oci.linux_.rootfs_propagation;
	bool slave = word && (str_eq(word, "slave") || str_eq(word, "rslave"));
	if (!slave || spec->root != BOX_ROOT_BIND)
		return 0;
	return (uint64_t)early_of(builder, spec->oci.mounts_n) + 1;
}

static void add_keep_root(struct builder *builder)
{
	uint64_t number = plan_root_slave_number(builder);
	if (!number)
		return;
	struct step *step =
		plan_add_texts(builder, builder->plan->outside ? ACTOR_MID : ACTOR_INIT,
			       OP_KEEP_SOURCE, builder->spec->oci.root.path, NULL, NULL);
	step->n = MOUNT_RECURSIVE;
	step->k = (int32_t)number - 1;
}

void plan_add_keep_sources(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	struct mount_words words;
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		if (!plan_is_bind(mount) || !is_kept(mount))
			continue;
		plan_mount_words(builder->arena, mount, &words);
		struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_KEEP_SOURCE,
						   mount->source, NULL, NULL);
		step->n = words.flags & MOUNT_RECURSIVE;
		step->k = number_of(builder, mount);
	}
	add_keep_root(builder);
}

// What belongs to the container as a whole belongs to its root.
static void add_source(struct builder *builder, const struct oci_mount *mount)
{
	struct mount_words words;
	plan_mount_words(builder->arena, mount, &words);
	bool chown = words.flags & MOUNT_CHOWN;
	struct step *step = plan_add_texts(builder, ACTOR_MID, OP_KEEP_SOURCE, mount->source, NULL,
					   chown ? builder->spec->user : NULL);
	step->n = words.flags & (MOUNT_RECURSIVE | MOUNT_CHOWN);
	if (words.flags & MOUNT_VOLUME)
		step->n |= MOUNT_OWN;
	step->k = number_of(builder, mount);
}

static void add_overlay_source(struct builder *builder, const struct oci_mount *mount)
{
	struct step *step = plan_add_texts(builder, ACTOR_MID, OP_OVERLAY_SOURCE, mount->source,
					   NULL, mount->scratch);
	step->k = overlay_flags(builder);
	step->m = (uint64_t)number_of(builder, mount);
}

// Mount events are passed on to copies of a mount, so those that are to get them come before
// everything is made private.
static bool is_in_turn(const struct oci_mount *mount, bool events)
{
	return !is_mapped(mount) && is_kept(mount) == events;
}

static void add_file_sources(struct builder *builder)
{
	struct own_file *files;
	size_t n = plan_own_files(builder, &files);
	for (size_t i = 0; i < n; i++) {
		struct step *step = plan_add_texts(builder, ACTOR_MID, OP_KEEP_SOURCE,
						   files[i].source, NULL, NULL);
		step->spare = files[i].spare;
		step->n = MOUNT_OWN;
		step->k = plan_file_number(builder, i);
	}
}

void plan_add_outside_sources(struct builder *builder, bool events)
{
	const struct box_spec *spec = builder->spec;
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		if (!is_early(builder->plan, mount) || !is_in_turn(mount, events))
			continue;
		if (builder->spec->shm && str_eq(mount->source, builder->spec->shm))
			continue; // it is held
		if (mount->scratch)
			add_overlay_source(builder, mount);
		else
			add_source(builder, mount);
	}
	if (events)
		add_keep_root(builder);
	else
		add_file_sources(builder);
}

// A container can't make the host see what it mounts, from a user namespace of its own.
int plan_check_outside_sources(const struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		if (is_mapped(mount) && has_word(mount, "U", "U"))
			return fail(-EINVAL, "mount on '%s': idmap and U: only one of them",
				    mount->destination);
		if (!plan_is_bind(mount) || !has_word(mount, "shared", "rshared"))
			continue;
		fail(-EPERM, "mount on '%s': shared: mounts do not travel out of a user namespace",
		     mount->destination);
		fail_hint("rslave lets those of the host in");
		return -EPERM;
	}
	return 0;
}

// A container's root that has another number on the host owns its volumes, if it is root who makes
// them. An ordinary user's own number is the container's root, or its user.
static uint64_t owner_of(const struct builder *builder)
{
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	uint64_t uid = 0, gid = 0;
	if (builder->facts->uid || builder->plan->outside)
		return 0;
	for (size_t i = 0; i < linux_->uid_mappings_n; i++)
		if (!linux_->uid_mappings[i].container_id)
			uid = linux_->uid_mappings[i].host_id;
	for (size_t i = 0; i < linux_->gid_mappings_n; i++)
		if (!linux_->gid_mappings[i].container_id)
			gid = linux_->gid_mappings[i].host_id;
	return uid << 32 | gid;
}

void plan_add_volumes(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	for (size_t i = 0; i < spec->oci.mounts_n; i++) {
		const struct oci_mount *mount = &spec->oci.mounts[i];
		if (mount->scratch)
			plan_add_texts(builder, ACTOR_HOST, OP_VOLUME, mount->scratch,
				       mount->source, NULL);
		else if (has_word(mount, "anonymous", "anonymous"))
			plan_add_texts(builder, ACTOR_HOST, OP_VOLUME, mount->source, NULL, NULL)
				->m = owner_of(builder);
	}
}

void plan_add_bind_overlay(struct builder *builder, const struct oci_mount *mount,
			   const struct mount_words *words)
{
	if (builder->plan->outside) {
		plan_add_bind(builder, mount, words);
		return;
	}
	struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_BIND_OVERLAY, mount->source,
					   mount->destination, mount->scratch);
	step->n = words->flags;
	step->k = overlay_flags(builder);
}

bool plan_keeps_source(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps_n; i++)
		if (plan->steps[i].op == OP_KEEP_SOURCE)
			return true;
	return false;
}

int plan_check_words(const struct oci_mount *mount, const struct mount_words *words)
{
	if (has_word(mount, "mand", "mand"))
		return fail(-EOPNOTSUPP,
			    "mount on '%s': mand: kernels have no mandatory locks any more",
			    mount->destination);
	if (plan_is_bind(mount) && !(words->flags & MOUNT_REMOUNT))
		return check_bind(mount, words);
	if (is_mapped(mount))
		return fail(-EOPNOTSUPP, "mount on '%s': idmap: only bind mounts can have it",
			    mount->destination);
	return 0;
}

void plan_add_bind(struct builder *builder, const struct oci_mount *mount,
		   const struct mount_words *words)
{
	bool own = words->flags & MOUNT_CHOWN && !builder->plan->outside;
	struct step *step = plan_add_texts(builder, ACTOR_INIT, OP_BIND, mount->source,
					   mount->destination, own ? builder->spec->user : NULL);
	step->n = own ? words->flags : words->flags & ~(uint64_t)MOUNT_CHOWN;
	step->m = words->below | words->cleared << 32;
	if (str_eq(mount->destination, "/proc") || str_eq(mount->destination, "/sys"))
		step->n |= MOUNT_NO_LINKS;
	bool held = builder->spec->shm && str_eq(mount->source, builder->spec->shm);
	if (is_early(builder->plan, mount) && !held)
		step->k = number_of(builder, mount) + 1;
}
