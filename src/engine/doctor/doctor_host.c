// SPDX-License-Identifier: Apache-2.0
// doctor_host.c - checks of the kernel, the caller's rights and what belongs to tare
#include "engine/doctor/doctor_checks.h"

#include "kern/caps.h"

enum { FLOOR_MAJOR = 5, FLOOR_MINOR = 15, FILES_LEAST = 1024 };

static bool kernel_is(const struct facts *facts, unsigned major, unsigned minor)
{
	return facts->kernel_major > major ||
	       (facts->kernel_major == major && facts->kernel_minor >= minor);
}

// What newer kernels have that tare uses where it is.
static void kernel(const struct patient *patient, struct doctor_check *check)
{
	static const struct {
		unsigned major, minor;
		const char *what;
	} news[] = {
		{5, 19, "the peak of memory, id-mapped layers"},
		{6, 1, "the peak of processes"},
		{6, 3, "id-mapped tmpfs"},
		{6, 12, "EROFS images from files"},
	};
	const struct facts *facts = patient->facts;
	const char *release = patient->survey->release;
	struct buf lost = buf_new(patient->arena, 512);
	check->found = arena_printf(patient->arena, "Linux %u.%u on %s%s%s%s", facts->kernel_major,
				    facts->kernel_minor, facts->machine, release ? " (" : "",
				    release ? release : "", release ? ")" : "");
	if (!kernel_is(facts, FLOOR_MAJOR, FLOOR_MINOR)) {
		check->state = DOCTOR_MISSING;
		check->fatal = true;
		check->lost = "system calls that every start makes";
		check->mend = "a kernel of at least Linux 5.15";
		return;
	}
	for (size_t i = 0; i < lengthof(news); i++)
		if (!kernel_is(facts, news[i].major, news[i].minor))
			buf_printf(&lost, "%s%s (%u.%u)", lost.n ? ", " : "", news[i].what,
				   news[i].major, news[i].minor);
	check->lost = lost.n ? arena_printf(patient->arena, "of newer ones: %s", lost.p) : NULL;
}

static void rights(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	uint64_t all = facts->last_capability >= 63
			       ? UINT64_MAX
			       : (UINT64_C(1) << (facts->last_capability + 1)) - 1;
	uint64_t without = all & ~facts->capabilities;
	if (facts->uid) {
		check->found =
			arena_printf(patient->arena, "user %s (%u)",
				     facts->user ? facts->user : "without a name", facts->uid);
		return;
	}
	check->found = "root, with all capabilities";
	if (!without)
		return;
	check->state = DOCTOR_LIMITED;
	check->found = arena_printf(patient->arena, "root, without %s",
				    caps_text(patient->arena, without));
	check->lost = without & CAPS_BIT(CAP_SYS_ADMIN)
			      ? "mounting, and so every container"
			      : "what these allow: with SYS_RESOURCE, raising a hard --ulimit";
	check->fatal = without & CAPS_BIT(CAP_SYS_ADMIN);
	check->mend = "start tare where root has them: this is a container or a unit that drops "
		      "them";
}

static void files(const struct patient *patient, struct doctor_check *check)
{
	uint64_t limit = patient->facts->nofile_hard;
	check->found = limit == UINT64_MAX ? "no limit"
					   : arena_printf(patient->arena, "at most %llu a process",
							  (unsigned long long)limit);
	if (limit >= FILES_LEAST)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost = "programs in containers get no more than that";
	check->mend = arena_printf(patient->arena, "sudo prlimit --nofile=%d:524288 --pid $$",
				   FILES_LEAST);
}

static const char *joined(struct arena *arena, const struct survey_names *names)
{
	struct buf text = buf_new(arena, 1024);
	for (size_t i = 0; i < names->n; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", names->item[i]);
	return text.p;
}

static void helpers(const struct patient *patient, struct doctor_check *check)
{
	const struct survey *survey = patient->survey;
	check->found = survey->helpers.n ? joined(patient->arena, &survey->helpers) : "none";
	if (!survey->missing_helpers.n)
		return;
	check->state = DOCTOR_MISSING;
	check->lost = arena_printf(patient->arena, "what these do: %s",
				   joined(patient->arena, &survey->missing_helpers));
	check->mend =
		"install tare as a whole: its programs belong into ../libexec/tare, seen from "
		"the directory that tare is in";
}

static void emulation(const struct patient *patient, struct doctor_check *check)
{
	const struct survey_names *emulated = &patient->survey->emulated;
	if (emulated->n) {
		check->found = arena_printf(patient->arena, "programs of %s run, too",
					    joined(patient->arena, emulated));
		return;
	}
	check->state = DOCTOR_MISSING;
	check->found = "only programs of this machine run";
	check->lost = "images for other machines";
	check->mend = "sudo apt-get install qemu-user-static binfmt-support";
}

static void kernel_log(const struct patient *patient, struct doctor_check *check)
{
	bool may = patient->survey->dmesg_restrict <= 0 ||
		   patient->facts->capabilities & CAPS_BIT(CAP_SYSLOG);
	check->found = may ? "may be read" : "closed: kernel.dmesg_restrict is 1";
	if (may)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost = "the name of the process that was killed for want of memory";
	check->mend = "sudo sysctl -w kernel.dmesg_restrict=0";
}

const struct doctor_row doctor_host_rows[] = {
	{"kernel", "everything: containers are a feature of it", kernel},
	{"rights", "mounting, cgroups, users", rights},
	{"open-files", "the limit that --ulimit nofile can go up to", files},
	{"kernel-log", "saying which process was killed for want of memory", kernel_log},
	{"helpers", "reading images and layers, each in a jail of its own", helpers},
	{"emulation", "programs of other machines", emulation},
	{0},
};
