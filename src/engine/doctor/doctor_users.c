// SPDX-License-Identifier: Apache-2.0
// doctor_users.c - checks of what ordinary users need: namespaces, ids, keys, networks
#include "engine/doctor/doctor_checks.h"

#include "base/fail.h"

enum { KEYS_FEW = 10, PORT_HTTP = 80 };

// The line that opens the switch which denies user namespaces.
static const char *open_namespaces(const struct survey *survey)
{
	if (survey->debian_userns == 0)
		return "sudo sysctl -w kernel.unprivileged_userns_clone=1";
	if (survey->max_userns == 0)
		return "sudo sysctl -w user.max_user_namespaces=10000";
	if (survey->ubuntu_userns == 1)
		return "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
	return "ask who runs this host: a security module, a seccomp filter or a container around "
	       "us forbids it";
}

static const char *closed_switch(const struct survey *survey)
{
	if (survey->debian_userns == 0)
		return "kernel.unprivileged_userns_clone is 0";
	if (survey->max_userns == 0)
		return "user.max_user_namespaces is 0";
	if (survey->ubuntu_userns == 1)
		return "kernel.apparmor_restrict_unprivileged_userns is 1";
	return NULL;
}

static void user_namespaces(const struct patient *patient, struct doctor_check *check)
{
	const char *closed = closed_switch(patient->survey);
	if (!patient->facts->uid) {
		check->found = closed ? arena_printf(patient->arena,
						     "root needs none; users have none: %s", closed)
				      : "root needs none; users may make them";
		check->state = closed ? DOCTOR_LIMITED : DOCTOR_OK;
		check->lost = closed ? "containers of ordinary users" : NULL;
		check->mend = closed ? open_namespaces(patient->survey) : NULL;
		return;
	}
	check->found = "may be made";
	if (!patient->facts->user_namespace_denied)
		return;
	check->state = DOCTOR_MISSING;
	check->fatal = true;
	check->found = closed ? closed : "a trial failed, though no known switch is set";
	check->lost = "every container, as this user is not root";
	check->mend = open_namespaces(patient->survey);
}

static void subordinate_ids(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	const char *user = facts->user ? facts->user : "$USER";
	if (!facts->uid) {
		check->found = "root needs none";
		return;
	}
	check->found = arena_printf(patient->arena, "%u users from %u, %u groups from %u",
				    facts->subuid.count, facts->subuid.first, facts->subgid.count,
				    facts->subgid.first);
	if (facts->subuid.count && facts->subgid.count)
		return;
	check->state = DOCTOR_MISSING;
	check->found = arena_printf(patient->arena, "no range in %s",
				    facts->subuid.count ? "/etc/subgid" : "/etc/subuid");
	check->lost = "all users inside but one: -u, and most packages' installation";
	check->mend = arena_printf(patient->arena,
				   "sudo usermod --add-subuids 100000-165535 --add-subgids "
				   "100000-165535 %s # a range that nobody else has",
				   user);
}

static bool works(const struct survey_program *program)
{
	return program->path && (program->set_id || program->capabilities);
}

static void newuidmap(const struct patient *patient, struct doctor_check *check)
{
	const struct survey_program *uid = &patient->survey->newuidmap;
	const struct survey_program *gid = &patient->survey->newgidmap;
	bool there = uid->path && gid->path, work = works(uid) && works(gid);
	if (work) {
		check->found = arena_printf(patient->arena, "%s and newgidmap, %s", uid->path,
					    uid->set_id ? "set-uid" : "with capabilities");
		return;
	}
	check->found = there ? "there, but neither set-uid nor with file capabilities"
		       : uid->path || gid->path ? "one of the two is not there"
						: "not installed";
	check->state = patient->facts->uid ? DOCTOR_MISSING : DOCTOR_LIMITED;
	check->lost = patient->facts->uid ? "subordinate ids, and so all users inside but one"
					  : "for ordinary users: all users inside but one";
	check->mend =
		there ? arena_printf(patient->arena, "sudo chmod u+s %s %s", uid->path, gid->path)
		      : "sudo apt-get install uidmap";
}

static void overlay(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	if (!facts->uid) {
		check->found = "root may mount it";
		return;
	}
	check->found = "works in a user namespace";
	if (facts->overlay_in_userns)
		return;
	check->state = DOCTOR_MISSING;
	check->found = facts->user_namespace_denied ? "unknown, as there are no user namespaces"
						    : "does not mount in a user namespace";
	check->lost = "images, and --rootfs DIR:O; --rootfs DIR works";
	check->mend = facts->user_namespace_denied
			      ? open_namespaces(patient->survey)
			      : "keep containers on a file system that overlay can write to (ext4, "
				"xfs, btrfs; tmpfs from Linux 6.6): tare --root DIR";
}

static void keyrings(const struct patient *patient, struct doctor_check *check)
{
	const struct survey *survey = patient->survey;
	uint64_t left =
		survey->keys_most > survey->keys_used ? survey->keys_most - survey->keys_used : 0;
	check->found = arena_printf(patient->arena, "%llu of %llu keys are used",
				    (unsigned long long)survey->keys_used,
				    (unsigned long long)survey->keys_most);
	if (!survey->keys_most) {
		check->found = "the kernel does not tell";
		return;
	}
	if (left >= KEYS_FEW)
		return;
	check->state = left ? DOCTOR_LIMITED : DOCTOR_MISSING;
	check->lost = arena_printf(patient->arena, "more than %llu containers at a time",
				   (unsigned long long)left);
	check->mend = arena_printf(patient->arena, "sudo sysctl -w kernel.keys.%smaxkeys=20000",
				   patient->facts->uid ? "" : "root_");
}

static void pasta(const struct patient *patient, struct doctor_check *check)
{
	check->found = patient->survey->pasta ? patient->survey->pasta : "not installed";
	if (patient->survey->pasta)
		return;
	check->state = DOCTOR_MISSING;
	check->lost =
		"networks of ordinary users' containers, when they come; --network host works";
	check->mend = "sudo apt-get install passt";
}

static void tun(const struct patient *patient, struct doctor_check *check)
{
	int64_t error = patient->survey->tun_error;
	check->found = "/dev/net/tun may be opened";
	if (!error)
		return;
	check->state = DOCTOR_MISSING;
	check->found = arena_printf(patient->arena, "/dev/net/tun: %s", strerror((int)error));
	check->lost = "pasta's network";
	check->mend = error == EACCES || error == EPERM ? "sudo chmod 666 /dev/net/tun"
							: "sudo modprobe tun";
}

static void ports(const struct patient *patient, struct doctor_check *check)
{
	int64_t first = patient->survey->first_port;
	if (!patient->facts->uid || first < 0) {
		check->found = patient->facts->uid ? "the kernel does not tell" : "root has all";
		return;
	}
	check->found = arena_printf(patient->arena, "from %lld on", (long long)first);
	if (first <= PORT_HTTP)
		return;
	check->state = DOCTOR_LIMITED;
	check->lost =
		arena_printf(patient->arena, "listening on ports below %lld with --network host",
			     (long long)first);
	check->mend = "sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80";
}

const struct doctor_row doctor_user_rows[] = {
	{"user-namespaces", "containers of ordinary users", user_namespaces},
	{"subordinate-ids", "more than one user in an ordinary user's container", subordinate_ids},
	{"newuidmap", "giving an ordinary user's container its subordinate ids", newuidmap},
	{"overlay", "a root that is written without changing what lies below", overlay},
	{"keyrings", "a session keyring for each container", keyrings},
	{"pasta", "a network for ordinary users", pasta},
	{"tun", "pasta's way into the container", tun},
	{"low-ports", "listening on ports such as 80 and 443", ports},
	{0},
};
