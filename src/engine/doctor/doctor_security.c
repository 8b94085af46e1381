// SPDX-License-Identifier: Apache-2.0
// doctor_security.c - checks of the walls beside namespaces
#include "engine/doctor/doctor_checks.h"

static void seccomp(const struct patient *patient, struct doctor_check *check)
{
	check->found = "filters may be installed";
	if (patient->survey->seccomp)
		return;
	check->state = DOCTOR_MISSING;
	check->fatal = true;
	check->found = "not in this kernel";
	check->lost = "the filter of system calls, without which only --security-opt "
		      "seccomp=unconfined starts";
	check->mend = "a kernel with CONFIG_SECCOMP_FILTER";
}

static void landlock(const struct patient *patient, struct doctor_check *check)
{
	uint32_t version = patient->survey->landlock;
	check->found = arena_printf(patient->arena, "version %u", version);
	if (version >= 2)
		return;
	check->state = version ? DOCTOR_LIMITED : DOCTOR_MISSING;
	check->found = version ? "version 1" : "off, or not in this kernel";
	check->lost = "one of the walls around the programs that read images; the others stand";
	check->mend = version ? "a kernel of at least Linux 5.19"
			      : "boot with landlock at the head of the kernel's lsm= list";
}

static void apparmor(const struct patient *patient, struct doctor_check *check)
{
	const struct survey *survey = patient->survey;
	check->found = !survey->apparmor          ? "off: nothing to do"
		       : survey->apparmor_profile ? "on, with a profile of tare's"
						  : "on, without a profile of tare's";
	if (!survey->apparmor || survey->apparmor_profile || survey->ubuntu_userns != 1 ||
	    !patient->facts->uid)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost = "user namespaces with rights in them, which only profiled programs get";
	check->mend = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
}

static void selinux(const struct patient *patient, struct doctor_check *check)
{
	int64_t mode = patient->survey->selinux;
	check->found = mode < 0 ? "off: nothing to do" : mode ? "enforcing" : "permissive";
	if (mode <= 0)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost = "containers run with the caller's label: the policy does not part them";
}

const struct doctor_row doctor_security_rows[] = {
	{"seccomp", "refusing system calls that containers have no need of", seccomp},
	{"landlock", "jailing the programs that read images", landlock},
	{"apparmor", "one more wall, where the host has it", apparmor},
	{"selinux", "one more wall, where the host has it", selinux},
	{0},
};
