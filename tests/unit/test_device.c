// SPDX-License-Identifier: Apache-2.0
// test_device.c - --device and --device-cgroup-rule
#include "engine/mounts/device.h"

#include "base/fail.h"
#include "engine/mounts/defaults.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void takes_words_apart(void **state unused_)
{
	static const struct {
		const char *text, *host, *container, *access;
	} table[] = {
		{"/dev/fuse", "/dev/fuse", "/dev/fuse", "rwm"},
		{"/dev/fuse:r", "/dev/fuse", "/dev/fuse", "r"},
		{"/dev/fuse:mw", "/dev/fuse", "/dev/fuse", "mw"},
		{"/dev/fuse:/dev/x", "/dev/fuse", "/dev/x", "rwm"},
		{"/dev/fuse:/dev/x:rw", "/dev/fuse", "/dev/x", "rw"},
		{"/dev//a/../fuse:/x/", "/dev/fuse", "/x", "rwm"},
		{"/dev/snd:/dev", "/dev/snd", "/dev", "rwm"},
		{"/dev/a=b", "/dev/a=b", "/dev/a=b", "rwm"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct device_words words;
		assert_int_equal(device_words_parse(&arena, table[i].text, &words), 0);
		assert_string_equal(words.host, table[i].host);
		assert_string_equal(words.container, table[i].container);
		assert_string_equal(words.access, table[i].access);
	}
}

static void refuses_other_words(void **state unused_)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{"", "an empty part between colons"},
		{":/dev/x", "an empty part between colons"},
		{"/dev/x:", "an empty part between colons"},
		{"/dev/x:/dev/y:", "an empty part between colons"},
		{"/dev/x:/dev/y:rw:m", "too many colons"},
		{"dev/x", "the device is not an absolute path"},
		{"null", "the device is not an absolute path"},
		{"/dev/x:rx", "access is one or more of r, w and m, each once"},
		{"/dev/x:rr", "access is one or more of r, w and m, each once"},
		{"/dev/x:/dev/y:rwmw", "access is one or more of r, w and m, each once"},
		{"/dev/x:y", "access is one or more of r, w and m, each once"},
		{"/dev/x:/proc/y", "/proc takes only the kernel's own procfs"},
		{"/dev/x:/", "the destination can't be '/'"},
		{"/dev/x:/dev/pts/0",
		 "'/dev/pts' is a file system of the container's own, which would hide it"},
		{"nvidia.com/gpu=all", "names of the Container Device Interface: not yet"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct device_words words;
		assert_true(device_words_parse(&arena, table[i].text, &words) < 0);
		assert_string_equal(
			fault_last()->text,
			arena_printf(&arena, "--device '%s': %s", table[i].text, table[i].words));
	}
}

static void reads_rules(void **state unused_)
{
	static const struct {
		const char *text, *type, *access;
		int64_t major, minor;
	} table[] = {
		{"c 10:229 rwm", "c", "rwm", 10, 229},
		{"b 8:* r", "b", "r", 8, -1},
		{"a *:* m", "a", "m", -1, -1},
		{"c 0:4294967295 w", "c", "w", 0, 4294967295},
	};
	static const char *const wrong[] = {
		"",           "c",        "c 1:3",      "c 1:3 ",           "c 1 rwm",  "u 1:3 rwm",
		"cc 1:3 rwm", "c 1:3 x",  "c 1:3 rwmr", "c 4294967296:3 r", "c -1:3 r", "c 1:3  r",
		" c 1:3 r",   "c 1:3 r ", "c *:*: r",   "c 01:3 r",
	};
	struct oci_device_rule rule;
	for (size_t i = 0; i < lengthof(table); i++) {
		assert_int_equal(device_rule_parse(&arena, table[i].text, &rule), 0);
		assert_true(rule.allow);
		assert_string_equal(rule.type, table[i].type);
		assert_string_equal(rule.access, table[i].access);
		assert_int_equal(rule.major, table[i].major);
		assert_int_equal(rule.minor, table[i].minor);
	}
	for (size_t i = 0; i < lengthof(wrong); i++) {
		assert_int_equal(device_rule_parse(&arena, wrong[i], &rule), -EINVAL);
		assert_string_equal(
			fault_last()->text,
			arena_printf(&arena, "--device-cgroup-rule '%s': not a rule", wrong[i]));
	}
}

static int add(const char *device, const char *rule, struct device_filter filter,
	       struct oci_linux *linux_, size_t *added)
{
	const struct oci_strings devices = {&device, device != NULL}, rules = {&rule, rule != NULL};
	*linux_ = (struct oci_linux){0};
	defaults_devices(&arena, linux_);
	return devices_add(&arena, &devices, &rules, filter, linux_, added);
}

static void nodes_and_rules_join_the_usual_ones(void **state unused_)
{
	const struct device_filter filter = {.on = true};
	struct oci_linux linux_, plain = {0};
	size_t added;
	defaults_devices(&arena, &plain);
	assert_int_equal(add("/dev/null:/dev/x:r", "c 10:229 rw", filter, &linux_, &added), 0);
	assert_int_equal(added, 2);
	assert_int_equal(linux_.devices_n, plain.devices_n + 1);
	const struct oci_device *device = &linux_.devices[plain.devices_n];
	assert_string_equal(device->path, "/dev/x");
	assert_string_equal(device->source, "/dev/null");
	assert_int_equal(device->minor, 3);
	assert_int_equal(linux_.resources.devices_n, plain.resources.devices_n + 2);
	assert_string_equal(linux_.resources.devices[plain.resources.devices_n].access, "r");

	// A default node gives way.
	assert_int_equal(add("/dev/zero:/dev/null", NULL, filter, &linux_, &added), 0);
	assert_int_equal(linux_.devices_n, plain.devices_n);
	assert_int_equal(linux_.devices[plain.devices_n - 1].minor, 5);

	// Nothing asked for: the lists are not touched.
	assert_int_equal(add(NULL, NULL, filter, &linux_, &added), 0);
	assert_int_equal(linux_.devices_n, plain.devices_n);
}

static void what_no_filter_holds_is_an_error(void **state unused_)
{
	const struct device_filter filter = {.why_not = "there is none"};
	struct oci_linux linux_;
	size_t added;
	assert_int_equal(add("/dev/null:/dev/x:r", NULL, filter, &linux_, &added), -EPERM);
	assert_int_equal(add("/dev/null:/dev/x:m", NULL, filter, &linux_, &added), -EPERM);
	assert_int_equal(add(NULL, "c 1:3 r", filter, &linux_, &added), -EPERM);
	assert_non_null(strstr(fault_last()->text, "there is none"));
	assert_int_equal(add("/dev/null:/dev/x:rw", NULL, filter, &linux_, &added), 0);
	assert_int_equal(added, 0);
	const struct device_filter all = {.all = true, .why_not = "all are"};
	assert_int_equal(add(NULL, "c 1:3 r", all, &linux_, &added), 0);
	assert_int_equal(added, 0);
}

static void what_is_no_device_is_refused(void **state unused_)
{
	const struct device_filter filter = {.on = true};
	struct oci_linux linux_;
	size_t added;
	assert_int_equal(add("/etc/passwd", NULL, filter, &linux_, &added), -ENODEV);
	assert_string_equal(fault_last()->text,
			    "--device '/etc/passwd': '/etc/passwd' is not a device");
	assert_int_equal(add("/nowhere", NULL, filter, &linux_, &added), -ENOENT);
	assert_int_equal(add("/proc/self:/dev/x", NULL, filter, &linux_, &added), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_words_apart),
		cmocka_unit_test(refuses_other_words),
		cmocka_unit_test(reads_rules),
		cmocka_unit_test(nodes_and_rules_join_the_usual_ones),
		cmocka_unit_test(what_no_filter_holds_is_an_error),
		cmocka_unit_test(what_is_no_device_is_refused),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
