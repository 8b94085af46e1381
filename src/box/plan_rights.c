// SPDX-License-Identifier: Apache-2.0
// plan_rights.c - the part of a plan that moves into the root and gives up rights
//
// Docker's default leaves set-uid programs their power. Then the filter has to be installed while
// CAP_SYS_ADMIN is still there, before the ids: so what comes after it must pass the filter, which
// is checked here. With no_new_privs the filter comes last.
#include "box/builder.h"

#include "base/fail.h"
#include "kern/caps.h"
#include "kern/rlimit.h"
#include "kern/seccomp_run.h"

#include <sys/syscall.h>

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

static int add_limits(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	for (size_t i = 0; i < process->rlimits_n; i++) {
		const struct oci_rlimit *limit = &process->rlimits[i];
		int number = rlimit_number(limit->type);
		if (number < 0)
			return fail(-EINVAL, "rlimit '%s': there is no such limit", limit->type);
		struct step *step = plan_add(builder, ACTOR_INIT, OP_RLIMIT);
		step->a = limit->type;
		step->k = number;
		step->n = limit->soft;
		step->m = limit->hard;
	}
	return 0;
}

// What tare still calls once the filter is there.
static int check_filter(const struct seccomp_filter *filter)
{
	static const struct {
		long number;
		const char *name;
	} needed[] = {
		{SYS_execve, "execve"},
		{SYS_setgroups, "setgroups"},
		{SYS_setresgid, "setresgid"},
		{SYS_setresuid, "setresuid"},
		{SYS_prctl, "prctl"},
		{SYS_capset, "capset"},
		{SYS_openat2, "openat2"},
		{SYS_fchdir, "fchdir"},
		{SYS_getcwd, "getcwd"},
		{SYS_sendmsg, "sendmsg"},
		{SYS_close_range, "close_range"},
	};
	for (size_t i = 0; i < lengthof(needed); i++) {
		if (!seccomp_denies(filter, SECCOMP_NATIVE, (uint32_t)needed[i].number))
			continue;
		fail(-EINVAL, "the seccomp profile denies %s, which the start itself needs",
		     needed[i].name);
		fail_hint("allow it, or add --security-opt no-new-privileges: then the filter "
			  "comes last");
		return -EINVAL;
	}
	return 0;
}

static int make_filter(struct builder *builder)
{
	const struct facts *facts = builder->facts;
	struct seccomp_want want = {
		.capabilities = builder->plan->bounding,
		.kernel = {facts->kernel_major, facts->kernel_minor},
		.machine = SECCOMP_NATIVE,
	};
	struct seccomp_filter filter;
	TRY(seccomp_default(builder->arena, &want, &filter));
	if (!builder->spec->oci.process.no_new_privileges)
		TRY(check_filter(&filter));
	builder->plan->filter = filter.code;
	builder->plan->filter_n = filter.n;
	return 0;
}

static bool has_single_id(const struct id_maps *maps)
{
	return maps->gid_n == 1 && maps->gid[0].count == 1;
}

static int add_identity(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	const struct oci_capabilities *sets = &process->capabilities;
	struct plan *plan = builder->plan;
	bool filtered = builder->spec->seccomp == BOX_SECCOMP_DEFAULT;
	bool strict = process->no_new_privileges;
	TRY(mask_of(&sets->bounding, &plan->bounding));
	TRY(mask_of(&sets->effective, &plan->granted));
	if (filtered)
		TRY(make_filter(builder));
	struct step *step = plan_add(builder, ACTOR_INIT, OP_BOUNDING);
	step->n = plan->bounding;
	step->k = (int32_t)builder->facts->last_capability;
	if (filtered && !strict)
		plan_add(builder, ACTOR_INIT, OP_SECCOMP);
	plan_add(builder, ACTOR_INIT, OP_IDS)->k = has_single_id(&plan->maps);
	plan_add(builder, ACTOR_INIT, OP_CAPABILITIES)->n = plan->granted;
	plan_add(builder, ACTOR_INIT, OP_DIE_WITH_PARENT)->k = 1;
	plan_add_texts(builder, ACTOR_INIT, OP_WORKDIR, process->cwd, NULL, NULL);
	if (strict)
		plan_add(builder, ACTOR_INIT, OP_NO_NEW_PRIVS);
	if (filtered && strict)
		plan_add(builder, ACTOR_INIT, OP_SECCOMP);
	return 0;
}

int plan_add_rights(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	plan_add(builder, ACTOR_INIT, OP_PIVOT);
	plan_add(builder, ACTOR_INIT, OP_DETACH);
	if (spec->oci.root.readonly)
		plan_add(builder, ACTOR_INIT, OP_ROOT_READONLY);
	if (spec_has_namespace(spec, "network"))
		plan_add(builder, ACTOR_INIT, OP_LOOPBACK);
	if (spec->oci.hostname && spec_has_namespace(spec, "uts"))
		plan_add_texts(builder, ACTOR_INIT, OP_HOSTNAME, spec->oci.hostname, NULL, NULL);
	TRY(add_limits(builder));
	const char *keyring = arena_printf(builder->arena, "tare-%.12s", spec->id);
	plan_add_texts(builder, ACTOR_INIT, OP_KEYRING, keyring, NULL, NULL)->spare = ENOSYS;
	plan_add_texts(builder, ACTOR_INIT, OP_USER, spec->user, NULL, NULL);
	TRY(add_identity(builder));
	plan_add(builder, ACTOR_INIT, OP_EXEC);
	return 0;
}
