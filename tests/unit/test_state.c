// SPDX-License-Identifier: Apache-2.0
// test_state.c - what a runtime tells of a container, and of itself
#include "oci/state.h"

#include "base/fail.h"
#include "oci/features.h"
#include "oci/words.h"

#include "oracles.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void good_state(const char *name, struct str text)
{
	struct oci_state state, again;
	struct buf buf = buf_new(&arena, 1 << 16);
	if (oci_state_parse(&arena, text, &state))
		fail_msg("%s: %s", name, fault_last()->text);
	assert_int_equal(state.unknown.n, 0);
	oci_state_print(&buf, JSON_INDENTED, &state);
	assert_int_equal(oci_state_parse(&arena, buf_str(&buf), &again), 0);
	assert_string_equal(again.id, state.id);
	assert_int_equal(again.annotations.n, state.annotations.n);
}

static void bad_state(const char *name, struct str text)
{
	struct oci_state state;
	if (!oci_state_parse(&arena, text, &state))
		fail_msg("%s: taken without a word", name);
}

static void good_features(const char *name, struct str text)
{
	struct oci_features features, again;
	struct buf first = buf_new(&arena, 1 << 20), second = buf_new(&arena, 1 << 20);
	if (oci_features_parse(&arena, text, &features))
		fail_msg("%s: %s", name, fault_last()->text);
	assert_int_equal(features.unknown.n, 0);
	oci_features_print(&first, &features);
	assert_int_equal(oci_features_parse(&arena, buf_str(&first), &again), 0);
	oci_features_print(&second, &again);
	assert_string_equal(first.p, second.p);
}

static void bad_features(const char *name, struct str text)
{
	struct oci_features features;
	if (!oci_features_parse(&arena, text, &features))
		fail_msg("%s: taken without a word", name);
}

static void published_documents(void **state unused_)
{
	size_t n = oracles_each("runtime-spec/state/good", good_state);
	n += oracles_each("runtime-spec/state/bad", bad_state);
	n += oracles_each("runtime-spec/features/good", good_features);
	n += oracles_each("runtime-spec/features/bad", bad_features);
	if (!n) {
		print_message("published_documents skipped: no oracles\n");
		skip();
	}
}

static void a_state_has_its_keys(void **state unused_)
{
	struct oci_state read;
	assert_int_equal(oci_state_parse(&arena,
					 STR("{\"ociVersion\": \"1.0.0\", \"id\": \"a\", "
					     "\"status\": \"gone\", \"bundle\": \"/\"}"),
					 &read),
			 -EINVAL);
	assert_string_equal(fault_last()->text, "state:1:46: status: wants one of creating, "
						"created, running, paused, stopped");
	assert_int_equal(oci_state_parse(&arena,
					 STR("{\"ociVersion\": \"1.0.0\", \"id\": \"a\", "
					     "\"status\": \"stopped\"}"),
					 &read),
			 -EINVAL);
	assert_string_equal(fault_last()->text, "state:1:1: the document: lacks 'bundle'");
}

static void an_agent_gets_the_state_in_its_own(void **state unused_)
{
	const char *names[] = {"seccompFd"};
	struct oci_process_state process = {
		.oci_version = "1.3.0",
		.fds = {names, 1},
		.pid = 42,
		.metadata = "m",
		.state = {.oci_version = "1.3.0",
			  .id = "a",
			  .status = "creating",
			  .pid = 42,
			  .bundle = "/b"},
	};
	struct buf buf = buf_new(&arena, 1 << 16);
	oci_process_state_print(&buf, &process);
	assert_string_equal(buf.p, "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":42,"
				   "\"metadata\":\"m\",\"state\":{\"ociVersion\":\"1.3.0\",\"id\":"
				   "\"a\",\"status\":\"creating\",\"pid\":42,\"bundle\":\"/b\"}}");
	struct oci_process_state again;
	assert_int_equal(oci_process_state_parse(&arena, buf_str(&buf), &again), 0);
	assert_string_equal(again.state.id, "a");
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_documents),
		cmocka_unit_test(a_state_has_its_keys),
		cmocka_unit_test(an_agent_gets_the_state_in_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
