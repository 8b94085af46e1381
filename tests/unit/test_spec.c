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

// What is wrong with a bad document must not get in: refused, or its key reported as unknown.
static void parse_bad(const char *name, struct str text)
{
	struct oci_spec spec;
	if (!oci_spec_parse(&arena, text, &spec) && !spec.unknown.n)
		fail_msg("%s: taken without a word", name);
}

static void published_documents(void **state unused_)
{
	size_t n = oracles_each("runtime-spec/config/good", parse_good);
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
		cmocka_unit_test(three_ways_of_a_namespace),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
