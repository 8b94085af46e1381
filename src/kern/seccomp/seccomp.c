// SPDX-License-Identifier: Apache-2.0
// seccomp.c - the default filter, and how a filter is put on
//
// What Docker gives a container by default is what nearly every container gets, so that filter is
// compiled when tare is built (generate.c) and only pointed at here. Other capabilities
// open or close calls, and the profile is compiled at the start.
//
// A filter is put on by seccomp(2), in the process it is for. The kernel asks for no_new_privs or
// CAP_SYS_ADMIN first: a filter could lie to a set-user-ID program that it inherits ("setuid:
// worked"). So without no_new_privs it has to come before capabilities are dropped, and must then
// let through what is still to be done: capset, setresuid, setgroups, close_range, execve.
#include "kern/seccomp/seccomp.h"

#include "base/sys.h"
#include "kern/caps.h"
#include "kern/seccomp/builtin.h"

// What of the wish has a say in the filter: two that are equal here get the same one.
static uint64_t asked_capabilities(void)
{
	uint64_t asked = 0;
	for (size_t i = 0; i < seccomp_docker.rows_n; i++)
		asked |= seccomp_docker.rows[i].with | seccomp_docker.rows[i].without;
	return asked;
}

static bool kernel_has_all(const struct seccomp_want *want)
{
	for (size_t i = 0; i < seccomp_docker.rows_n; i++) {
		const unsigned *asked = seccomp_docker.rows[i].kernel;
		if (want->kernel[0] < asked[0] ||
		    (want->kernel[0] == asked[0] && want->kernel[1] < asked[1]))
			return false;
	}
	return true;
}

int seccomp_default(struct arena *arena, const struct seccomp_want *want,
		    struct seccomp_filter *ret_filter)
{
	bool usual = want->machine == SECCOMP_NATIVE && !want->socketcall && kernel_has_all(want) &&
		     ((want->capabilities ^ CAPS_DOCKER) & asked_capabilities()) == 0;
	if (!usual)
		return seccomp_compile(arena, &seccomp_docker, want, ret_filter);
	*ret_filter = (struct seccomp_filter){seccomp_builtin, seccomp_builtin_n};
	return 0;
}

long seccomp_install(const struct sock_filter *code, size_t n, unsigned flags)
{
	struct sock_fprog program = {.len = (unsigned short)n,
				     .filter = (struct sock_filter *)code};
	return sys_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}
