// SPDX-License-Identifier: Apache-2.0
// test_report.c - the document of --report, and the file it goes to
#include "engine/containers/report.h"

#include "base/fd.h"
#include "base/json.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static struct json parse(const struct report *report)
{
	struct buf out = buf_new(&arena, 1 << 20);
	struct json json;
	report_json(&out, report);
	assert_int_equal(json_parse("report", buf_str(&out), &json), 0);
	return json;
}

static struct json_object *at(const struct json *json, const char *object, const char *key)
{
	return json_member(object ? json_member(json->root, object) : json->root, key);
}

static uint64_t number(const struct json *json, const char *object, const char *key)
{
	uint64_t value;
	assert_int_equal(json_to_uint(at(json, object, key), UINT64_MAX, &value), 0);
	return value;
}

static void text_is(const struct json *json, const char *object, const char *key,
		    const char *wanted)
{
	assert_true(str_is(json_to_str(at(json, object, key)), wanted));
}

static void tells_of_an_end(void **state unused_)
{
	const char *args[] = {"tail", "/dev/\"zero\""};
	struct box_spec spec = {.id = "0123", .name = "n", .image = "base"};
	struct verdict verdict = {
		.end = {.killed = true, .code = SIGKILL},
		.kills = {.kill = {{"tail", 7, 0}}, .n = 1},
		.duration = 5000000001,
	};
	oci_spec_init(&spec.oci);
	spec.oci.process.args = (struct oci_strings){args, 2};
	spec.oci.linux_.resources.memory_limit = 20 << 20;
	verdict.report.oom_kills = 1;
	verdict.report.pids_peak = UINT64_MAX;
	verdict.end.usage.ru_maxrss = 3;
	verdict.end.usage.ru_utime = (struct timeval){2, 5};
	struct report report = {
		.spec = &spec,
		.exit_code = 137,
		.started = {1, 2},
		.ended = {6, 3},
		.verdict = &verdict,
		.words = "it was killed",
	};
	_cleanup_json_ struct json json = parse(&report);
	assert_int_equal(number(&json, NULL, "version"), 1);
	text_is(&json, NULL, "id", "0123");
	assert_int_equal(json_count(at(&json, NULL, "command")), 2);
	text_is(&json, NULL, "started", "1970-01-01T00:00:01.000000002Z");
	text_is(&json, NULL, "ended", "1970-01-01T00:00:06.000000003Z");
	assert_int_equal(number(&json, NULL, "duration_ns"), 5000000001);
	assert_int_equal(number(&json, "exit", "code"), 137);
	text_is(&json, "exit", "signal", "SIGKILL");
	assert_int_equal(number(&json, "oom", "kills"), 1);
	text_is(&json, NULL, "words", "it was killed");
	assert_int_equal(number(&json, "memory", "limit"), 20 << 20);
	assert_null(at(&json, "pids", "peak"));
	assert_null(at(&json, "pids", "limit"));
	assert_int_equal(number(&json, "rusage", "max_rss"), 3 * 1024);
	assert_int_equal(number(&json, "rusage", "user_us"), 2000005);
	assert_null(at(&json, NULL, "failure"));
	struct json_object *killed = json_item(at(&json, "oom", "processes"), 0);
	assert_true(str_is(json_to_str(json_member(killed, "name")), "tail"));
}

static void tells_of_a_failure(void **state unused_)
{
	struct box_spec spec = {0};
	struct fault fault = {.error = -ENOENT, .text = "'x': gone", .exit_code = 127};
	struct report report = {
		.spec = &spec, .exit_code = 127, .fault = &fault, .step = 3, .steps = 9};
	_cleanup_json_ struct json json = parse(&report);
	assert_null(at(&json, NULL, "id"));
	assert_null(at(&json, NULL, "started"));
	assert_null(at(&json, NULL, "rusage"));
	assert_int_equal(number(&json, "exit", "code"), 127);
	assert_null(at(&json, "exit", "signal"));
	assert_int_equal(number(&json, "failure", "step"), 3);
	assert_int_equal(number(&json, "failure", "errno"), ENOENT);
	text_is(&json, "failure", "error", "ENOENT");
	text_is(&json, "failure", "text", "'x': gone");
	assert_null(at(&json, "failure", "hint"));
}

// --- the file -----------------------------------------------------------------------------------

static int enter(void **state unused_)
{
	char name[] = "/tmp/test_report.XXXXXX";
	return !mkdtemp(name) || chdir(name);
}

static int leave(void **state unused_)
{
	char name[64];
	return !getcwd(name, sizeof(name)) || chdir("/") || rmdir(name);
}

static int put(const char *path)
{
	struct box_spec spec = {0};
	struct report report = {.spec = &spec};
	int result = report_check(path);
	return result < 0 ? result : report_write(&arena, path, &report);
}

static off_t size_of(const char *path)
{
	struct stat status;
	return stat(path, &status) ? -1 : status.st_size;
}

static void replaces_a_file(void **state unused_)
{
	assert_int_equal(put("r"), 0);
	off_t once = size_of("r");
	assert_true(once > 100);
	assert_int_equal(put("r"), 0);
	assert_int_equal(size_of("r"), once);
	unlink("r");
}

// Links and pipes stay what they are.
static void adds_to_anything_else(void **state unused_)
{
	char text[8192];
	close(open("target", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(put("link"), 0);
	assert_int_equal(put("link"), 0);
	assert_true(readlink("link", text, sizeof(text)) == 6);
	off_t twice = size_of("target");
	assert_int_equal(put("target"), 0);
	assert_int_equal(twice, 2 * size_of("target"));
	unlink("target");
	unlink("link");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int pipe = open("pipe", O_RDWR | O_CLOEXEC);
	assert_int_equal(put("pipe"), 0);
	assert_true(read(pipe, text, sizeof(text)) > 100);
	close(pipe);
	unlink("pipe");
}

static void refuses_what_cannot_be(void **state unused_)
{
	assert_int_equal(put(""), -EINVAL);
	assert_int_equal(put("."), -EISDIR);
	assert_int_equal(put("gone/r"), -ENOENT);
	assert_int_equal(symlink("gone", "link"), 0);
	assert_int_equal(put("link"), -ENOENT);
	unlink("link");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_an_end),        cmocka_unit_test(tells_of_a_failure),
		cmocka_unit_test(replaces_a_file),        cmocka_unit_test(adds_to_anything_else),
		cmocka_unit_test(refuses_what_cannot_be),
	};
	int failed = cmocka_run_group_tests(tests, enter, leave);
	arena_free(&arena);
	return failed;
}
