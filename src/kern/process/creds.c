// SPDX-License-Identifier: Apache-2.0
// creds.c - the five capability sets, the ids and the groups of a process
//
// Root's power comes in about forty pieces, capabilities(7). A thread holds five sets of them:
//
//   bounding     what it and its descendants may ever gain, by set-uid programs included
//   permitted    what it may switch on
//   effective    what is switched on: this is what the kernel checks
//   inheritable  what survives exec where the file says so
//   ambient      what survives exec of an ordinary file
//
// A container's root keeps the bounding, permitted and effective sets to a short list. Nearly every
// engine has once left the inheritable set filled, which gave files with capabilities more than
// was meant; `tare run` leaves it and the ambient set empty, and a bundle says what is in them.
// Leaving user 0 empties permitted and effective by itself, unless they are to be kept.
//
// The order matters: bounding needs CAP_SETPCAP, groups need CAP_SETGID, ids CAP_SETUID, so the
// sets shrink last.
#include "kern/process/creds.h"

#include "base/sys.h"

#include <linux/capability.h>
#include <sys/prctl.h>

int creds_bound(uint64_t keep, unsigned last)
{
	for (unsigned capability = 0; capability <= last; capability++) {
		if (keep >> capability & 1)
			continue;
		TRY((int)sys_call(SYS_prctl, PR_CAPBSET_DROP, capability));
	}
	return 0;
}

int creds_become(uint32_t uid, uint32_t gid, const __u32 *groups, size_t groups_n)
{
	if (groups)
		TRY((int)sys_call(SYS_setgroups, groups_n, groups));
	TRY((int)sys_call(SYS_setresgid, gid, gid, gid));
	return (int)sys_call(SYS_setresuid, uid, uid, uid);
}

int creds_keep(void)
{
	return (int)sys_call(SYS_prctl, PR_SET_KEEPCAPS, 1);
}

int creds_set(const struct creds_sets *sets)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	for (unsigned half = 0; half < 2; half++)
		data[half] = (struct __user_cap_data_struct){
			.effective = (uint32_t)(sets->effective >> 32 * half),
			.permitted = (uint32_t)(sets->permitted >> 32 * half),
			.inheritable = (uint32_t)(sets->inheritable >> 32 * half),
		};
	TRY((int)sys_call(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL));
	TRY((int)sys_call(SYS_capset, &header, data));
	for (unsigned number = 0; number < 64; number++)
		if (sets->ambient >> number & 1)
			TRY((int)sys_call(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number));
	return 0;
}

int creds_grant(uint64_t granted)
{
	return creds_set(&(struct creds_sets){.permitted = granted, .effective = granted});
}

int creds_no_new_privileges(void)
{
	return (int)sys_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1);
}
