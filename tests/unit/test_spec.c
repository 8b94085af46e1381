// SPDX-License-Identifier: Apache-2.0
// test_spec.c - the runtime specification's documents
#include "oci/spec.h"

#include "base/fail.h"

#include "oracles.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static const char *printed(const struct oci_spec *spec)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	oci_spec_print(&buf, spec);
	assert_false(buf.over);
	return buf.p;
}

static void what_is_printed_reads_the_same(void **state unused_)
{
	const char *args[] = {"sh", "-c", "echo \"\n\""};
	struct oci_mount mounts[] = {{.destination = "/proc", .type = "proc", .source = "proc"}};
	struct oci_device_rule rules[] = {{.allow = false, .major = -1, .minor = -1},
					  {true, "c", 1, 3, "rwm"}};
	struct oci_spec spec;
	oci_spec_init(&spec);
	spec.oci_version = "1.2.0";
	spec.process.args = (struct oci_strings){args, 3};
	spec.process.cwd = "/";
	spec.root.path = "rootfs";
	spec.mounts = mounts;
	spec.mounts_n = lengthof(mounts);
	spec.linux_.resources.devices = rules;
	spec.linux_.resources.devices_n = lengthof(rules);
	spec.linux_.resources.memory_limit = 104857600;
	spec.linux_.resources.cpu_quota = 50000;
	spec.linux_.resources.cpu_period = 100000;
	spec.linux_.resources.pids_limit = -1;
	const char *text = printed(&spec);
	assert_string_equal(text, "{\n"
				  "  \"ociVersion\": \"1.2.0\",\n"
				  "  \"process\": {\n"
				  "    \"user\": {\n"
				  "      \"uid\": 0,\n"
				  "      \"gid\": 0\n"
				  "    },\n"
				  "    \"args\": [\n"
				  "      \"sh\",\n"
				  "      \"-c\",\n"
				  "      \"echo \\\"\\n\\\"\"\n"
				  "    ],\n"
				  "    \"cwd\": \"/\"\n"
				  "  },\n"
				  "  \"root\": {\n"
				  "    \"path\": \"rootfs\"\n"
				  "  },\n"
				  "  \"mounts\": [\n"
				  "    {\n"
				  "      \"destination\": \"/proc\",\n"
				  "      \"type\": \"proc\",\n"
				  "      \"source\": \"proc\"\n"
				  "    }\n"
				  "  ],\n"
				  "  \"linux\": {\n"
				  "    \"resources\": {\n"
				  "      \"devices\": [\n"
				  "        {\n"
				  "          \"allow\": false\n"
				  "        },\n"
				  "        {\n"
				  "          \"allow\": true,\n"
				  "          \"type\": \"c\",\n"
				  "          \"major\": 1,\n"
				  "          \"minor\": 3,\n"
				  "          \"access\": \"rwm\"\n"
				  "        }\n"
				  "      ],\n"
				  "      \"memory\": {\n"
				  "        \"limit\": 104857600\n"
				  "      },\n"
				  "      \"cpu\": {\n"
				  "        \"quota\": 50000,\n"
				  "        \"period\": 100000\n"
				  "      },\n"
				  "      \"pids\": {\n"
				  "        \"limit\": -1\n"
				  "      }\n"
				  "    }\n"
				  "  }\n"
				  "}\n");
	struct oci_spec again;
	assert_int_equal(oci_spec_parse(&arena, str_of(text), &again), 0);
	assert_string_equal(printed(&again), text);
	assert_int_equal(again.linux_.resources.devices[0].major, -1);
	assert_true(again.linux_.resources.memory_swap == INT64_MIN);
	assert_int_equal(again.process.user.umask, -1);
}

static void refuses(const char *text, const char *message)
{
	struct oci_spec spec;
	assert_int_equal(oci_spec_parse(&arena, str_of(text), &spec), -EINVAL);
	assert_string_equal(fault_last()->text, message);
}

static void errors_name_the_place(void **state unused_)
{
	refuses("{\"ociVersion\":\"1.0.0\",\n \"linux\":{\"resources\":{\"memory\":"
		"{\"limit\":\"1g\"}}}}",
		"config.json:2:42: linux.resources.memory.limit: wants a whole number, not text");
	refuses("{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":\"x\"}}",
		"config.json:1:40: process.cwd: wants an absolute path");
	refuses("{}", "config.json:1:1: the document: lacks 'ociVersion'");
}

static void parse_good(const char *name, struct str text)
{
	struct oci_spec spec;
	if (oci_spec_parse(&arena, text, &spec))
		fail_msg("%s: %s", name, fault_last()->text);
	struct oci_spec again;
	const char *out = printed(&spec);
	assert_int_equal(oci_spec_parse(&arena, str_of(out), &again), 0);
	assert_string_equal(printed(&again), out);
	assert_int_equal(again.unknown.n, 0);
}

static void parse_bad(const char *name, struct str text)
{
	struct oci_spec spec;
	if (!oci_spec_parse(&arena, text, &spec) && !oci_spec_check(&spec))
		fail_msg("%s: taken without a word", name);
}

// Those for other systems are good, and not for this one.
static void check_good(const char *name, struct str text)
{
	struct oci_spec spec;
	bool other = str_starts(name, "freebsd-") || str_starts(name, "zos-");
	assert_int_equal(oci_spec_parse(&arena, text, &spec), 0);
	int error = oci_spec_check(&spec);
	if (error != (other ? -EOPNOTSUPP : 0))
		fail_msg("%s: %d %s", name, error, fault_last()->text);
}

// What a document without a word about it has is not given, and what is known is not unknown.
static void nothing_is_unknown(const char *name, struct str text)
{
	struct oci_spec spec;
	assert_int_equal(oci_spec_parse(&arena, text, &spec), 0);
	for (size_t i = 0; i < spec.unknown.n; i++)
		if (!str_eq(spec.unknown.item[i], "linux.resources.oomScoreAdj")) // of 2016
			fail_msg("%s: '%s' is not known", name, spec.unknown.item[i]);
}

static void published_documents(void **state unused_)
{
	size_t n = oracles_each("runtime-spec/config/good", parse_good);
	n += oracles_each("runtime-spec/config/good", check_good);
	n += oracles_each("runtime-spec/config/good", nothing_is_unknown);
	n += oracles_each("runtime-spec/config/bad", parse_bad);
	if (!n) {
		print_message("published_documents skipped: no oracles\n");
		skip();
	}
}

static void three_ways_of_a_namespace(void **state unused_)
{
	struct oci_namespace list[] = {{.type = "pid"}, {.type = "network", .path = "/run/n"}};
	struct oci_linux linux_ = {.namespaces = list, .namespaces_n = lengthof(list)};
	assert_true(oci_namespace_is_own(&linux_, "pid"));
	assert_false(oci_namespace_is_own(&linux_, "network"));
	assert_string_equal(oci_namespace_find(&linux_, "network")->path, "/run/n");
	assert_null(oci_namespace_find(&linux_, "uts"));
	assert_false(oci_namespace_is_own(&linux_, "uts"));
}

static void clocks_of_a_time_namespace(void **state unused_)
{
	static const char text[] =
		"{\"ociVersion\": \"1.2.0\", \"linux\": {\"timeOffsets\": {"
		"\"monotonic\": {\"secs\": 172800, \"nanosecs\": 5}, \"boottime\": {\"secs\": -1}}}}";
	struct oci_spec spec;
	assert_int_equal(oci_spec_parse(&arena, str_of(text), &spec), 0);
	assert_int_equal(spec.linux_.time_offsets.monotonic.secs, 172800);
	assert_int_equal(spec.linux_.time_offsets.monotonic.nanosecs, 5);
	assert_int_equal(spec.linux_.time_offsets.boottime.secs, -1);
	assert_int_equal(spec.unknown.n, 0);
	assert_non_null(strstr(printed(&spec), "timeOffsets"));
}

// --- the whole document -------------------------------------------------------------------------

static const char whole[] =
	"{\"ociVersion\": \"1.3.0\", \"process\": {\"terminal\": true, \"consoleSize\": {\"height\": "
	"25, \"width\": 80}, \"user\": {\"uid\": 1, \"gid\": 2, \"umask\": 63}, \"args\": [\"sh\"], "
	"\"cwd\": \"/\", \"scheduler\": {\"policy\": \"SCHED_FIFO\", \"priority\": 5, \"flags\": "
	"[\"SCHED_FLAG_RESET_ON_FORK\"]}, \"ioPriority\": {\"class\": \"IOPRIO_CLASS_BE\", "
	"\"priority\": 4}, \"execCPUAffinity\": {\"initial\": \"7\", \"final\": \"0-3,7\"}, "
	"\"apparmorProfile\": \"p\", \"selinuxLabel\": \"l\"}, \"root\": {\"path\": \"rootfs\"}, "
	"\"hooks\": {\"prestart\": [{\"path\": \"/a\", \"args\": [\"a\", \"b\"], \"env\": "
	"[\"A=1\"], \"timeout\": 3}], \"poststop\": [{\"path\": \"/b\"}]}, \"linux\": "
	"{\"namespaces\": [{\"type\": \"network\"}], \"netDevices\": {\"eth0\": {\"name\": "
	"\"inside\"}, \"eth1\": {}}, \"resources\": {\"memory\": {\"useHierarchy\": true}, "
	"\"blockIO\": {\"leafWeight\": 20, \"weightDevice\": [{\"major\": 8, \"minor\": 0, "
	"\"leafWeight\": 300}]}, \"network\": {\"classID\": 0, \"priorities\": [{\"name\": \"eth0\", "
	"\"priority\": 500}]}, \"rdma\": {\"mlx5_1\": {\"hcaHandles\": 3}}}, \"intelRdt\": {}, "
	"\"memoryPolicy\": {\"mode\": \"MPOL_INTERLEAVE\", \"nodes\": \"2-3\", \"flags\": "
	"[\"MPOL_F_STATIC_NODES\"]}, \"rootfsPropagation\": \"slave\", \"mountLabel\": \"m\"}, "
	"\"vm\": {\"kernel\": {\"path\": \"/k\"}}}";

static void every_object_has_its_place(void **state unused_)
{
	struct oci_spec spec;
	assert_int_equal(oci_spec_parse(&arena, str_of(whole), &spec), 0);
	assert_int_equal(spec.unknown.n, 0);
	assert_int_equal(spec.process.console_size.width, 80);
	assert_string_equal(spec.process.scheduler.flags.item[0], "SCHED_FLAG_RESET_ON_FORK");
	assert_int_equal(spec.process.io_priority.priority, 4);
	assert_string_equal(spec.process.exec_cpu_affinity.final, "0-3,7");
	assert_int_equal(spec.hooks.kind[OCI_HOOK_PRESTART].item[0].timeout, 3);
	assert_string_equal(spec.hooks.kind[OCI_HOOK_POSTSTOP].item[0].path, "/b");
	assert_string_equal(spec.linux_.net_devices[0].host_name, "eth0");
	assert_string_equal(spec.linux_.net_devices[0].name, "inside");
	assert_null(spec.linux_.net_devices[1].name);
	assert_int_equal(spec.linux_.resources.net_class, 0);
	assert_string_equal(spec.linux_.resources.rdma[0].device, "mlx5_1");
	assert_int_equal(spec.linux_.resources.rdma[0].objects, -1);
	assert_int_equal(spec.linux_.resources.io_weights[0].weight, 0);
	assert_non_null(spec.linux_.intel_rdt);
	assert_string_equal(spec.vm, "{\"kernel\":{\"path\":\"/k\"}}");
	parse_good("whole", str_of(whole));
}

static void words_and_forms_are_judged(void **state unused_)
{
	refuses("{\"ociVersion\":\"1.0\"}",
		"config.json:1:15: ociVersion: wants a version such as 1.2.0");
	refuses("{\"ociVersion\":\"1.0.0\",\"linux\":{\"rootfsPropagation\":\"own\"}}",
		"config.json:1:52: linux.rootfsPropagation: wants one of private, rprivate, "
		"shared, rshared, slave, rslave, unbindable, runbindable");
	refuses("{\"ociVersion\":\"1.0.0\",\"hooks\":{\"poststop\":[{\"path\":\"a\"}]}}",
		"config.json:1:52: hooks.poststop[0].path: wants an absolute path");
	refuses("{\"ociVersion\":\"1.0.0\",\"linux\":{\"netDevices\":{\"a/b\":{}}}}",
		"config.json:1:52: linux.netDevices.a/b: its key must be a name of a network "
		"device, of at most 15 bytes");
	refuses("{\"ociVersion\":\"1.0.0\",\"hooks\":{\"prestart\":[{\"path\":\"/a\",\"timeout\":0}]"
		"}}",
		"config.json:1:67: hooks.prestart[0].timeout: wants a number from 1 to "
		"9223372036854775807");
}

static void wrong(const char *rest, const char *message)
{
	struct oci_spec spec;
	const char *text = arena_printf(
		&arena, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},%s}", rest);
	assert_int_equal(oci_spec_parse(&arena, str_of(text), &spec), 0);
	assert_true(oci_spec_check(&spec) < 0);
	assert_string_equal(fault_last()->text, message);
}

static void what_is_wrong_only_together(void **state unused_)
{
	wrong("\"process\":{\"cwd\":\"/\"}", "config.json: process.args: there is no command");
	wrong("\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],\"rlimits\":[{\"type\":\"RLIMIT_CORE\","
	      "\"soft\":2,\"hard\":1}]}",
	      "config.json: process.rlimits[0]: the soft limit is above the hard one");
	wrong("\"mounts\":[{\"destination\":\"/a\",\"options\":[\"rbind\"]}]",
	      "config.json: mounts[0]: a bind mount has no source");
	wrong("\"mounts\":[{\"destination\":\"/a\",\"type\":\"tmpfs\",\"uidMappings\":[{"
	      "\"containerID\":0,\"hostID\":0,\"size\":1}]}]",
	      "config.json: mounts[0]: uidMappings and gidMappings need each other");
	wrong("\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\"}]}",
	      "config.json: linux.namespaces[1]: a second 'pid'");
	wrong("\"linux\":{\"namespaces\":[{\"type\":\"user\"}]}",
	      "config.json: linux: a new user namespace needs uidMappings and gidMappings");
	wrong("\"linux\":{\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1}]}",
	      "config.json: linux.devices[0] ('/dev/a'): lacks 'major' or 'minor'");
	wrong("\"linux\":{\"memoryPolicy\":{\"mode\":\"MPOL_BIND\"}}",
	      "config.json: linux.memoryPolicy.nodes: MPOL_BIND needs some");
	wrong("\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerMetadata\":"
	      "\"x\"}}",
	      "config.json: linux.seccomp.listenerMetadata: there is no listenerPath");
	wrong("\"windows\":{}", "config.json: it is for Windows, and this is Linux");
}

static void parts_stand_alone(void **state unused_)
{
	struct oci_process process;
	struct oci_resources resources;
	struct oci_strings unknown;
	assert_int_equal(oci_process_parse(&arena,
					   STR("{\"cwd\": \"/\", \"args\": [\"a\"], \"x\": 1}"),
					   &process, &unknown),
			 0);
	assert_int_equal(unknown.n, 1);
	assert_string_equal(unknown.item[0], "x");
	assert_int_equal(process.user.umask, -1);
	assert_int_equal(oci_resources_parse(&arena, STR("{\"pids\": {\"limit\": 5, \"y\": 2}}"),
					     &resources, &unknown),
			 0);
	assert_int_equal(resources.pids_limit, 5);
	assert_true(resources.memory_limit == INT64_MIN);
	assert_string_equal(unknown.item[0], "pids.y");
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_reads_the_same),
		cmocka_unit_test(errors_name_the_place),
		cmocka_unit_test(published_documents),
		cmocka_unit_test(clocks_of_a_time_namespace),
		cmocka_unit_test(every_object_has_its_place),
		cmocka_unit_test(words_and_forms_are_judged),
		cmocka_unit_test(what_is_wrong_only_together),
		cmocka_unit_test(parts_stand_alone),
		cmocka_unit_test(three_ways_of_a_namespace),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
