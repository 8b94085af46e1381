// SPDX-License-Identifier: Apache-2.0
// doctor_limits.c - checks of cgroups: which, whose, and what they can limit
#include "engine/doctor/doctor_checks.h"

static const enum controller asked[] = {CONTROLLER_MEMORY, CONTROLLER_CPU, CONTROLLER_PIDS,
					CONTROLLER_CPUSET, CONTROLLER_BLKIO};

static bool any_on(const struct facts *facts, enum cgroup_kind kind)
{
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (facts->controller[i].kind == kind)
			return true;
	return false;
}

static void cgroups(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	bool v1 = any_on(facts, CGROUP_V1), v2 = any_on(facts, CGROUP_V2);
	if (!v1 && !v2 && !facts->cgroup2) {
		check->state = DOCTOR_MISSING;
		check->found = "none are mounted";
		check->lost = "all limits, and knowing what a container used";
		check->mend = "sudo mount -t cgroup2 none /sys/fs/cgroup";
		return;
	}
	check->found = v1 && facts->cgroup2 ? "hybrid: controllers on v1, and a v2 tree beside them"
		       : v1                 ? "v1"
					    : "v2";
	if (!v1)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost =
		"limits of ordinary users, but beneath a --cgroup-parent that root hands over; "
		"io.max, memory.high";
	check->mend = "boot with systemd.unified_cgroup_hierarchy=1 on the kernel's command line";
}

static void controllers(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	struct buf there = buf_new(patient->arena, 512), gone = buf_new(patient->arena, 512);
	for (size_t i = 0; i < lengthof(asked); i++) {
		enum cgroup_kind kind = facts->controller[asked[i]].kind;
		struct buf *list = kind == CGROUP_NONE ? &gone : &there;
		buf_printf(list, "%s%s", list->n ? ", " : "", controller_name(asked[i]));
		if (kind != CGROUP_NONE)
			buf_puts(list, kind == CGROUP_V1 ? " v1" : " v2");
	}
	check->found = there.n ? there.p : "none";
	if (!gone.n)
		return;
	check->state = there.n ? DOCTOR_LIMITED : DOCTOR_MISSING;
	check->lost = arena_printf(patient->arena, "limits by %s", gone.p);
	check->mend = facts->cgroup2
			      ? "cat /proc/cgroups shows those that are switched off; "
				"cgroup_enable=memory on the kernel's command line gives that "
				"one back"
			      : NULL;
}

static bool has_word(const char *list, const char *word)
{
	struct str rest = str_of(list);
	for (struct str at; (at = str_word(&rest)).p;)
		if (str_is(at, word))
			return true;
	return false;
}

// systemd's own default for users, and what they would need.
static void delegation(const struct patient *patient, struct doctor_check *check)
{
	static const char line[] =
		"sudo mkdir -p /etc/systemd/system/user@.service.d && printf "
		"'[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee "
		"/etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload";
	const struct survey *survey = patient->survey;
	const char *list = patient->facts->delegated_controllers;
	if (!patient->facts->uid) {
		check->found = "root needs none";
		return;
	}
	if (patient->facts->delegated && list) {
		bool all =
			has_word(list, "cpu") && has_word(list, "memory") && has_word(list, "pids");
		check->found =
			arena_printf(patient->arena, "%s%s", *list ? list : "no controller",
				     patient->facts->service_manager ? ", by the user's systemd"
								     : ", in a group of his own");
		check->state = all ? DOCTOR_OK : DOCTOR_LIMITED;
		check->lost = all ? NULL : "limits by the controllers that are not in this list";
		check->mend = all ? NULL : line;
		return;
	}
	check->state = DOCTOR_MISSING;
	check->lost = "-m, --cpus and --pids-limit; --ulimit works";
	if (any_on(patient->facts, CGROUP_V1)) {
		check->found = "none on v1";
		check->mend = "root can hand a group over: tare run --cgroup-parent GROUP";
	} else if (!survey->systemd) {
		check->found = "no systemd that could hand them out";
		check->mend = "root can hand a group over: tare run --cgroup-parent GROUP";
	} else if (!survey->session_bus) {
		check->found = "no session: its bus is not there";
		check->mend = "log in (not by su or sudo), or: sudo loginctl enable-linger $USER";
	} else {
		check->found = "none";
		check->mend = line;
	}
}

static void swap(const struct patient *patient, struct doctor_check *check)
{
	bool memory = patient->facts->controller[CONTROLLER_MEMORY].kind != CGROUP_NONE;
	check->found = patient->facts->swap_accounting ? "counted" : "not counted";
	if (patient->facts->swap_accounting || !memory)
		return;
	check->state = DOCTOR_MISSING;
	check->lost = "--memory-swap; a container at its limit of memory may swap";
	check->mend = "boot with swapaccount=1 on the kernel's command line";
}

static void devices(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	if (facts->uid) {
		check->found = "not needed: users can't make nodes";
		return;
	}
	if (facts->controller[CONTROLLER_DEVICES].kind == CGROUP_V1) {
		check->found = "by cgroup v1";
		return;
	}
	check->found = "by a BPF program on cgroup v2";
	if (facts->device_filter)
		return;
	check->state = DOCTOR_MISSING;
	check->found = "no filter";
	check->lost = "--device-cgroup-rule; containers can't make any device nodes instead";
	check->mend = "a kernel with CONFIG_CGROUP_BPF, and CAP_BPF or CAP_SYS_ADMIN";
}

static void block_io(const struct patient *patient, struct doctor_check *check)
{
	const char *scheduler = patient->facts->io_scheduler;
	if (patient->facts->controller[CONTROLLER_BLKIO].kind == CGROUP_NONE) {
		check->state = DOCTOR_MISSING;
		check->found = "no controller";
		check->lost = "--blkio-weight, --device-read-bps and its kin";
		return;
	}
	check->found = scheduler ? arena_printf(patient->arena, "disks have %s", scheduler)
				 : "no disk has a scheduler";
	if (scheduler && str_eq(scheduler, "bfq"))
		return;
	check->state = DOCTOR_LIMITED;
	check->lost = "--blkio-weight; --device-read-bps and its kin work";
	check->mend = "echo bfq | sudo tee /sys/block/sda/queue/scheduler # for each disk";
}

const struct doctor_row doctor_limit_rows[] = {
	{"cgroups", "limits, and knowing what a container used", cgroups},
	{"controllers", "-m, --cpus, --pids-limit, --cpuset-cpus, --device-read-bps", controllers},
	{"delegation", "limits of ordinary users", delegation},
	{"swap", "--memory-swap", swap},
	{"block-io", "sharing disks by weight, or by rate", block_io},
	{"device-filter", "letting root's containers make device nodes and open few", devices},
	{0},
};
