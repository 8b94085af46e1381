// SPDX-License-Identifier: Apache-2.0
// test_tmpfs.c - --tmpfs
#include "engine/mounts/tmpfs.h"

#include "base/buf.h"
#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static const char *joined(const struct oci_strings *list)
{
	struct buf text = buf_new(&arena, 4096);
	for (size_t i = 0; i < list->n; i++)
		buf_printf(&text, "%s%s", i ? "," : "", list->item[i]);
	return text.p;
}

static void tmpfs_options_undo_each_other(void **state unused_)
{
	static const struct {
		const char *text, *destination, *options;
	} table[] = {
		{"/t", "/t", "rw,noexec,nosuid,nodev"},
		{"/t:", "/t", "rw,noexec,nosuid,nodev"},
		{"/t/../u/:size=64k", "/u", "rw,noexec,nosuid,nodev,size=64k"},
		{"/t:exec,ro", "/t", "ro,exec,nosuid,nodev"},
		{"/t:exec,noexec", "/t", "rw,noexec,nosuid,nodev"},
		{"/t:noexec,noexec", "/t", "rw,noexec,nosuid,nodev"},
		{"/t:mode=0700,size=64k,size=10%", "/t",
		 "rw,noexec,nosuid,nodev,mode=0700,size=10%"},
		{"/t:uid=1000,gid=4294967294,nr_inodes=10k", "/t",
		 "rw,noexec,nosuid,nodev,uid=1000,gid=4294967294,nr_inodes=10k"},
		{"/t:dev,suid,noatime,mode=1777", "/t", "rw,noexec,suid,dev,noatime,mode=1777"},
		{"/t:tmpcopyup", "/t", "rw,noexec,nosuid,nodev,tmpcopyup"},
		{"/t:tmpcopyup,notmpcopyup", "/t", "rw,noexec,nosuid,nodev,notmpcopyup"},
		{"/t:huge=within_size,mpol=bind:0-3", "/t",
		 "rw,noexec,nosuid,nodev,huge=within_size,mpol=bind:0-3"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_mount mount;
		assert_int_equal(tmpfs_parse(&arena, table[i].text, &mount), 0);
		assert_string_equal(mount.type, "tmpfs");
		assert_string_equal(mount.destination, table[i].destination);
		assert_string_equal(joined(&mount.options), table[i].options);
	}
}

static void tmpfs_settings_are_checked(void **state unused_)
{
	static const char *const wrong[] = {
		"",
		"t",
		"/",
		"/t:bad",
		"/t:size",
		"/t:size=",
		"/t:size=1q",
		"/t:size=-1",
		"/t:size=0%",
		"/t:size=101%",
		"/t:mode=8",
		"/t:mode=",
		"/t:mode=77777",
		"/t:uid=-1",
		"/t:uid=4294967295",
		"/t:gid=app",
		"/t:rw,,ro",
		"/t:size=1m:x",
		"/t:tmpcopyup=1",
		"/t:huge=",
		"/t:mpol=A",
		"/t:mode=0o755",
		"/t:size=1.5g",
	};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct oci_mount mount;
		assert_true(tmpfs_parse(&arena, wrong[i], &mount) < 0);
		assert_true(str_starts(fault_last()->text, "--tmpfs '"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tmpfs_options_undo_each_other),
		cmocka_unit_test(tmpfs_settings_are_checked),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
