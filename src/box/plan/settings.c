// SPDX-License-Identifier: Apache-2.0
// settings.c - the part of a plan that sets what a process or a namespace has of its own
//
// Settings of the kernel that belong to a namespace, and traits that a process inherits. What would
// be set for the host, because the container shares a namespace with it, is an error.
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/process/personality.h"
#include "kern/process/rlimit.h"
#include "kern/namespaces/sysctl.h"

enum { DOMAIN_NAME_MAX = 64 }; // the kernel's __NEW_UTS_LEN

static int add_sysctl(struct builder *builder, const char *key, const char *value)
{
	const char *path;
	TRY(sysctl_path(builder->arena, key, &path));
	TRY(sysctl_check_value(key, value));
	const char *namespace = sysctl_namespace(path);
	if (!namespace) {
		fail(-EPERM, "sysctl '%s': it is the host's, no namespace has it for itself", key);
		fail_hint("net.*, fs.mqueue.*, kernel.domainname and kernel.{msg*,sem,shm*} can be "
			  "a container's own");
		return -EPERM;
	}
	if (!spec_has_namespace(builder->spec, namespace))
		return fail(-EPERM,
			    "sysctl '%s': it would be set for all who share the %s namespace: the "
			    "container has none of its own",
			    key, namespace);
	// The file of this one is root's, whoever the namespace belongs to; the system call is not.
	bool domain = str_eq(path, "kernel/domainname");
	if (domain && strlen(value) > DOMAIN_NAME_MAX)
		return fail(-EINVAL, "sysctl '%s=%s': longer than %d bytes", key, value,
			    DOMAIN_NAME_MAX);
	if (domain)
		plan_add_texts(builder, ACTOR_INIT, OP_DOMAINNAME, value, NULL, NULL);
	else
		plan_add_texts(builder, ACTOR_INIT, OP_SYSCTL, path, value, NULL);
	return 0;
}

// One thing with two names must not be told two ways: which of them held would be by chance.
static int check_domain(const struct oci_spec *spec, const char *key, const char *value)
{
	const char *field = spec->domainname;
	if (!field || !*field || !str_eq(key, "kernel.domainname") || str_eq(field, value))
		return 0;
	return fail(-EINVAL, "sysctl '%s=%s': the domainname of the container is '%s'", key, value,
		    field);
}

int plan_add_own_settings(struct builder *builder)
{
	const struct oci_spec *spec = &builder->spec->oci;
	const struct oci_pairs *sysctl = &spec->linux_.sysctl;
	for (size_t i = 0; i < sysctl->n; i++) {
		TRY(check_domain(spec, sysctl->item[i].name, sysctl->item[i].value));
		TRY(add_sysctl(builder, sysctl->item[i].name, sysctl->item[i].value));
	}
	return 0;
}

void plan_add_oom_score(struct builder *builder)
{
	int64_t score = builder->spec->oci.process.oom_score_adj;
	if (score == INT64_MIN)
		return;
	const char *text = arena_printf(builder->arena, "%lld", (long long)score);
	plan_add_texts(builder, ACTOR_INIT, OP_OOM_SCORE, text, NULL, NULL);
}

// Nothing keeps a program to a profile where AppArmor is off, which is what "unconfined" asks for.
void plan_add_labels(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	const char *profile = process->apparmor_profile, *context = process->selinux_label;
	if (profile && *profile)
		plan_add_texts(builder, ACTOR_INIT, OP_LABEL, "apparmor", profile, NULL)->spare =
			str_eq(profile, "unconfined") ? ENOENT : 0;
	if (context && *context)
		plan_add_texts(builder, ACTOR_INIT, OP_LABEL, "selinux", context, NULL);
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

static int add_bits(const char *word, bool domain, uint32_t *bits)
{
	uint32_t some;
	bool is_domain;
	const char *name;
	if (personality_find(str_of(word), &name, &some, &is_domain) || is_domain != domain)
		return fail(-EINVAL, "personality '%s': there is no such %s", word,
			    domain ? "domain" : "flag");
	*bits |= some;
	return 0;
}

static int add_personality(struct builder *builder)
{
	const struct oci_personality *wanted = &builder->spec->oci.linux_.personality;
	struct buf words = buf_new(builder->arena, 1024);
	uint32_t bits = 0;
	if (!wanted->domain)
		return 0;
	TRY(add_bits(wanted->domain, true, &bits));
	buf_puts(&words, wanted->domain);
	for (size_t i = 0; i < wanted->flags.n; i++) {
		TRY(add_bits(wanted->flags.item[i], false, &bits));
		buf_printf(&words, " %s", wanted->flags.item[i]);
	}
	struct step *step = plan_add(builder, ACTOR_INIT, OP_PERSONALITY);
	step->a = words.p;
	step->n = bits;
	return 0;
}

int plan_add_traits(struct builder *builder)
{
	TRY(add_limits(builder));
	TRY(add_personality(builder));
	return plan_add_schedule(builder);
}
