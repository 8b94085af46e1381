// SPDX-License-Identifier: Apache-2.0
// rights.c - the part of a plan that moves into the root and gives up rights
//
// Docker's default leaves set-uid programs their power. Then the filter has to be installed while
// CAP_SYS_ADMIN is still there, before the ids: so what comes after it must pass the filter, which
// is checked here. With no_new_privs the filter comes last. One that denies the rest of the start
// is put on right before execve, by a process that has kept CAP_SYS_ADMIN up to there.
#include "box/plan/seccomp.h"

#include "base/fail.h"
#include "kern/caps.h"
#include "oci/words.h"

#include <sys/mount.h>

static int mask_of(const struct oci_strings *names, uint64_t *ret_mask)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < names->n; i++) {
		uint64_t one;
		TRY(caps_parse(names->item[i], &one));
		mask |= one;
	}
	*ret_mask = mask;
	return 0;
}

static bool has_single_id(const struct id_maps *maps)
{
	return maps->gid_n == 1 && maps->gid[0].count == 1;
}

static bool has_agent(const struct plan *plan)
{
	return plan->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

static void add_filter(struct builder *builder)
{
	const struct plan *plan = builder->plan;
	if (builder->spec->seccomp == BOX_SECCOMP_DEFAULT && !builder->spec->watch) {
		plan_add(builder, ACTOR_INIT, OP_SECCOMP);
		return;
	}
	struct step *step =
		plan_add(builder, ACTOR_INIT,
			 plan->filter_at_exec ? OP_SECCOMP_AT_EXEC : OP_SECCOMP_PROFILE);
	step->a = seccomp_filter_text(builder->arena, plan->filter, plan->filter_n);
	step->k = (int32_t)plan->filter_flags;
	if (builder->spec->watch)
		plan_add_texts(builder, ACTOR_HOST, OP_SECCOMP_WATCH, builder->spec->watch_file,
			       NULL, NULL);
	if (builder->spec->watch || !has_agent(plan))
		return;
	const struct oci_seccomp *document = builder->spec->oci.linux_.seccomp;
	plan_add_texts(builder, ACTOR_HOST, OP_SECCOMP_AGENT, document->listener_path,
		       document->listener_metadata, NULL);
}

static void add_user(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	const struct oci_user *user = &spec->oci.process.user;
	plan_add_texts(builder, ACTOR_INIT, OP_USER, spec->user, NULL, NULL);
	for (size_t i = 0; i < user->additional_gids_n; i++) {
		const char *number = arena_printf(builder->arena, "%u", user->additional_gids[i]);
		plan_add_texts(builder, ACTOR_INIT, OP_GROUP, number, NULL, NULL);
	}
	for (size_t i = 0; i < spec->groups.n; i++)
		plan_add_texts(builder, ACTOR_INIT, OP_GROUP, spec->groups.item[i], NULL, NULL);
}

static const char *mask_text(struct builder *builder, uint64_t mask)
{
	return arena_printf(builder->arena, "%llx", (unsigned long long)mask);
}

// What a document says of each set, and `besides` until execve; Docker's words are one list, for
// user 0 alone.
static int add_sets(struct builder *builder, uint64_t besides)
{
	const struct oci_capabilities *sets = &builder->spec->oci.process.capabilities;
	uint64_t permitted, inheritable, ambient;
	if (!builder->spec->exact) {
		plan_add(builder, ACTOR_INIT, OP_CAPABILITIES)->n = builder->plan->granted;
		return 0;
	}
	TRY(mask_of(&sets->permitted, &permitted));
	TRY(mask_of(&sets->inheritable, &inheritable));
	TRY(mask_of(&sets->ambient, &ambient));
	struct step *step =
		plan_add_texts(builder, ACTOR_INIT, OP_CAPABILITY_SETS,
			       mask_text(builder, inheritable), mask_text(builder, ambient), NULL);
	step->n = permitted | besides;
	step->m = builder->plan->granted | besides;
	return 0;
}

static void add_strict_filter(struct builder *builder)
{
	plan_add(builder, ACTOR_INIT, OP_NO_NEW_PRIVS);
	add_filter(builder);
}

// What comes after the last look at the root, and before the strict filter: but one with an agent
// is put on while HOST is there to hand its listener on.
static void add_wait(struct builder *builder, bool filter)
{
	const struct box_spec *spec = builder->spec;
	plan_add(builder, ACTOR_INIT, OP_FIND);
	plan_add(builder, ACTOR_INIT, OP_UNDUMPABLE);
	if (filter)
		add_strict_filter(builder);
	if (spec->console)
		plan_add_texts(builder, ACTOR_HOST, OP_CONSOLE, spec->console, NULL, NULL);
	plan_add(builder, ACTOR_HOST, OP_RECORD);
	plan_add(builder, ACTOR_INIT, OP_AWAIT_START);
}

// Others see the process where it enters; new ids have made it what the host's settings say.
static void add_inside(struct builder *builder)
{
	const char *console = builder->spec->console;
	plan_add(builder, ACTOR_INIT, OP_UNDUMPABLE);
	if (console)
		plan_add_texts(builder, ACTOR_HOST, OP_CONSOLE, console, NULL, NULL);
}

static int add_identity(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	const struct oci_capabilities *sets = &process->capabilities;
	struct plan *plan = builder->plan;
	bool filtered = builder->spec->seccomp != BOX_SECCOMP_UNCONFINED || builder->spec->watch;
	bool strict = process->no_new_privileges;
	TRY(mask_of(&sets->bounding, &plan->bounding));
	TRY(mask_of(&sets->effective, &plan->granted));
	if (filtered)
		TRY(plan_make_filter(builder));
	if (builder->spec->exact && process->user.uid)
		plan_add(builder, ACTOR_INIT, OP_STREAMS)->k = process->terminal;
	struct step *step = plan_add(builder, ACTOR_INIT, OP_BOUNDING);
	step->n = plan->bounding;
	step->k = (int32_t)builder->facts->last_capability;
	if (filtered && !strict)
		add_filter(builder);
	bool admin = plan->filter_at_exec && !strict;
	if (builder->spec->exact && process->user.uid &&
	    (sets->permitted.n || sets->inheritable.n || admin))
		plan_add(builder, ACTOR_INIT, OP_KEEP_RIGHTS);
	plan_add(builder, ACTOR_INIT, OP_IDS)->k = builder->spec->keep_groups   ? IDS_KEEP_GROUPS
						   : has_single_id(&plan->maps) ? IDS_NO_GROUPS
										: 0;
	TRY(add_sets(builder, admin ? CAPS_BIT(CAP_SYS_ADMIN) : 0));
	if (!builder->spec->waits && !builder->spec->target)
		plan_add(builder, ACTOR_INIT, OP_DIE_WITH_PARENT)->k = 1;
	plan_add_texts(builder, ACTOR_INIT, OP_WORKDIR, process->cwd, NULL, NULL);
	bool early = strict && has_agent(plan) && builder->spec->waits;
	if (builder->spec->waits)
		add_wait(builder, early);
	if (builder->spec->target)
		add_inside(builder);
	else
		plan_add_hooks(builder, ACTOR_INIT, OCI_HOOK_START_CONTAINER);
	if (strict && filtered && !early)
		add_strict_filter(builder);
	else if (strict && !filtered)
		plan_add(builder, ACTOR_INIT, OP_NO_NEW_PRIVS);
	return 0;
}

static void add_keyring(struct builder *builder)
{
	const char *name = arena_printf(builder->arena, "tare-%.12s", builder->spec->id);
	if (!builder->spec->keep_keyring)
		plan_add_texts(builder, ACTOR_INIT, OP_KEYRING, name, NULL, NULL)->spare = ENOSYS;
}

// The root came in private, or as a slave.
static void add_root_propagation(struct builder *builder)
{
	const char *word = builder->spec->oci.linux_.rootfs_propagation;
	const struct shape_word *row = word ? shape_word_find(oci_propagations, word) : NULL;
	if (row && row->value & (MS_SHARED | MS_UNBINDABLE))
		plan_add_texts(builder, ACTOR_INIT, OP_ROOT_PROPAGATION, word, NULL, NULL)->n =
			row->value;
}

int plan_add_program(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	TRY(plan_add_traits(builder));
	add_keyring(builder);
	add_user(builder);
	TRY(add_identity(builder));
	if (spec->preserve_fds || spec->preserve_fd)
		plan_add_texts(builder, ACTOR_INIT, OP_DESCRIPTORS, spec->preserve_fd, NULL, NULL)
			->k = spec->preserve_fds;
	if (spec->oci.process.user.umask >= 0)
		plan_add(builder, ACTOR_INIT, OP_UMASK)->k = (int32_t)spec->oci.process.user.umask;
	plan_add(builder, ACTOR_INIT, OP_EXEC);
	return 0;
}

int plan_add_rights(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	plan_add(builder, ACTOR_INIT, OP_PIVOT);
	plan_add(builder, ACTOR_INIT, OP_DETACH);
	plan_add_lines(builder, ACTOR_INIT);
	add_root_propagation(builder);
	if (spec->oci.root.readonly)
		plan_add(builder, ACTOR_INIT, OP_ROOT_READONLY);
	if (spec_has_namespace(spec, "network"))
		plan_add(builder, ACTOR_INIT, OP_LOOPBACK);
	if (spec->oci.hostname && spec_has_namespace(spec, "uts"))
		plan_add_texts(builder, ACTOR_INIT, OP_HOSTNAME, spec->oci.hostname, NULL, NULL);
	if (spec->oci.domainname && spec_has_namespace(spec, "uts"))
		plan_add_texts(builder, ACTOR_INIT, OP_DOMAINNAME, spec->oci.domainname, NULL,
			       NULL);
	if (spec->exact) // the caller's processors are not the container's: its group says which
		plan_add(builder, ACTOR_INIT, OP_AFFINITY);
	return plan_add_program(builder);
}
