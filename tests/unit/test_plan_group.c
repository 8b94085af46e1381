// SPDX-License-Identifier: Apache-2.0
// test_plan_group.c - where a container's cgroups may be, when a document says so
#include "box/plan.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define TOP "/sys/fs/cgroup"
#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena arena;

static struct facts facts_of(uint32_t uid)
{
	return (struct facts){
		.uid = uid,
		.user = uid ? "user" : "root",
		.kernel_major = 6,
		.controller = {[CONTROLLER_MEMORY] = {CGROUP_V2, TOP, "/", true},
			       [CONTROLLER_PIDS] = {CGROUP_V2, TOP, "/", true}},
		.cgroup2 = TOP,
		.cgroup2_own = "/",
	};
}

// The container's group with this cgroupsPath and a limit of memory, or what is wrong with it.
static const char *group_of(const struct facts *facts, const char *path)
{
	static const char *args[] = {"/bin/true"};
	static struct oci_namespace own[] = {{"mount", NULL}};
	struct box_spec spec = {.id = ID, .state = "/s", .runroot = "/r", .cgroups = true};
	struct plan plan;
	oci_spec_init(&spec.oci);
	spec.oci.process.args = (struct oci_strings){args, 1};
	spec.oci.process.cwd = "/";
	spec.oci.root.path = "/root";
	spec.oci.linux_.namespaces = own;
	spec.oci.linux_.namespaces_n = lengthof(own);
	spec.oci.linux_.cgroups_path = path;
	spec.oci.linux_.resources.memory_limit = 1 << 24;
	if (plan_build(&arena, &spec, facts, &plan))
		return fault_last()->text;
	return plan.cgroup_name ? plan.cgroup_name : "none";
}

static void a_path_is_taken_as_it_is(void **state unused_)
{
	const struct facts facts = facts_of(0);
	assert_string_equal(group_of(&facts, NULL), "tare-0123456789ab");
	assert_string_equal(group_of(&facts, "/batch/tare-x"), "batch/tare-x");
	assert_string_equal(group_of(&facts, "tare-x"), "tare-x");
}

static void a_path_that_leads_elsewhere_is_refused(void **state unused_)
{
	const struct facts facts = facts_of(0);
	static const char *const bad[] = {"/../tare-x", "/a/../tare-x", "a//tare-x", "/a/./tare-x",
					  "/a/tare-x/"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_non_null(strstr(group_of(&facts, bad[i]), "not a path of cgroups"));
	static const char *const others[] = {"/system.slice/sshd.service", "/a/tare-", "/a"};
	for (size_t i = 0; i < lengthof(others); i++)
		assert_non_null(strstr(group_of(&facts, others[i]), "does not begin with 'tare-'"));
}

static void a_users_group_is_where_it_was_given(void **state unused_)
{
	struct facts facts = facts_of(1000);
	assert_string_equal(group_of(&facts, NULL),
			    "limits: this user has no cgroup to make others in");
	facts.delegated = "/own";
	facts.delegated_controllers = "memory";
	assert_string_equal(group_of(&facts, NULL), "own/tare-0123456789ab");
	facts.delegated = "";
	assert_string_equal(group_of(&facts, NULL), "tare-0123456789ab");
	facts.delegated_controllers = "pids";
	assert_non_null(strstr(group_of(&facts, NULL), "was not given the controller"));
	facts.delegated = "/m";
	facts.delegated_controllers = "memory pids";
	facts.service_manager = true;
	assert_string_equal(group_of(&facts, NULL),
			    "m/app.slice/tare-0123456789ab.scope/tare-0123456789ab");
	assert_string_equal(group_of(&facts, "/a.slice/a-b.slice/tare-x"),
			    "m/a.slice/a-b.slice/tare-0123456789ab.scope/tare-0123456789ab");
	assert_non_null(strstr(group_of(&facts, "/a/tare-x"), "no cgroup to make others in"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_taken_as_it_is),
		cmocka_unit_test(a_path_that_leads_elsewhere_is_refused),
		cmocka_unit_test(a_users_group_is_where_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
