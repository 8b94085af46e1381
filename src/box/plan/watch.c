// SPDX-License-Identifier: Apache-2.0
// watch.c - a filter that asks the watcher
//
// It is the plain filter with other answers. So what is refused stays so while it is recorded, and
// what passes costs nothing while refusals are explained.
#include "box/plan/watch.h"

#include "base/fail.h"

#include <linux/audit.h>
#include <stddef.h>
#include <sys/syscall.h>

#if defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#endif

int plan_watch_flags(struct builder *builder)
{
	const struct facts *facts = builder->facts;
	struct plan *plan = builder->plan;
	unsigned version = facts->kernel_major * 1000 + facts->kernel_minor;
	if (plan->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return fail(-EINVAL, "seccomp=record and seccomp=explain: this profile leaves "
				     "calls to an agent, and a filter has one listener");
	if (version < 5005)
		return fail(-EOPNOTSUPP,
			    "seccomp=record and seccomp=explain are of Linux 5.5, this is %u.%u",
			    facts->kernel_major, facts->kernel_minor);
	if (builder->spec->waits && version < 5009) // a listener does not hang up before
		return fail(-EOPNOTSUPP,
			    "recording the calls of a bundle is of Linux 5.9, this is %u.%u",
			    facts->kernel_major, facts->kernel_minor);
	plan->filter_flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (version >= 5019) // a signal waits for the answer, which comes at once
		plan->filter_flags |= SECCOMP_WAIT_KILLABLE;
	return 0;
}

static bool is_asked(enum box_watch watch, uint32_t action)
{
	action &= SECCOMP_RET_ACTION_FULL;
	if (watch == BOX_WATCH_EXPLAIN)
		return action == SECCOMP_RET_ERRNO;
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

int plan_watch_filter(struct arena *arena, enum box_watch watch, const struct seccomp_filter *judge,
		      struct seccomp_filter *ret_filter)
{
	static const struct sock_filter sendmsg_passes[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	size_t before = watch == BOX_WATCH_RECORD ? lengthof(sendmsg_passes) : 0;
	if (judge->n + before > BPF_MAXINSNS)
		return fail(-E2BIG, "the seccomp profile has no room for what seccomp=record adds");
	struct sock_filter *code = arena_array(arena, struct sock_filter, judge->n + before);
	memcpy(code, sendmsg_passes, before * sizeof(*code));
	for (size_t i = 0; i < judge->n; i++) {
		code[before + i] = judge->code[i];
		if (judge->code[i].code == (BPF_RET | BPF_K) && is_asked(watch, judge->code[i].k))
			code[before + i].k = SECCOMP_RET_USER_NOTIF;
	}
	*ret_filter = (struct seccomp_filter){code, judge->n + before};
	return 0;
}
