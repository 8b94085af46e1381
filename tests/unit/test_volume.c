// SPDX-License-Identifier: Apache-2.0
// test_volume.c - -v and --tmpfs
#include "engine/volume.h"

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

static void binds_a_path(void **state unused_)
{
	static const struct {
		const char *text, *source, *destination, *options;
	} table[] = {
		{"/a:/b", "/a", "/b", "rbind,rprivate,rw"},
		{"/a:/b:rw", "/a", "/b", "rbind,rprivate,rw"},
		{"/a:/b:ro", "/a", "/b", "rbind,rprivate,rro"},
		{"./x:/y", "/home/u/x", "/y", "rbind,rprivate,rw"},
		{".:/y", "/home/u", "/y", "rbind,rprivate,rw"},
		{"..:/y", "/home", "/y", "rbind,rprivate,rw"},
		{"../../../z:/y", "/z", "/y", "rbind,rprivate,rw"},
		{"/:/host", "/", "/host", "rbind,rprivate,rw"},
		{"/a//b/./c/:/d/../e//f/", "/a/b/c", "/e/f", "rbind,rprivate,rw"},
		{"/a b:/c d", "/a b", "/c d", "rbind,rprivate,rw"},
		{"/sys:/host/sys", "/sys", "/host/sys", "rbind,rprivate,rw"},
		{"/c:/sys/fs/cgroup", "/c", "/sys/fs/cgroup", "rbind,rprivate,rw"},
		{"/c:/process", "/c", "/process", "rbind,rprivate,rw"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_mount mount;
		assert_int_equal(volume_parse(&arena, "/home/u", table[i].text, &mount), 0);
		assert_string_equal(mount.type, "bind");
		assert_string_equal(mount.source, table[i].source);
		assert_string_equal(mount.destination, table[i].destination);
		assert_string_equal(joined(&mount.options), table[i].options);
	}
}

static void refuses_other_volumes(void **state unused_)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{"", "an empty part between colons"},
		{":/b", "an empty part between colons"},
		{"/a:", "an empty part between colons"},
		{"/a:/b:", "an empty part between colons"},
		{"/a:/b:ro:x", "too many colons"},
		{"/a", "volumes without a source: not yet"},
		{"data:/b", "named volumes ('data'): not yet"},
		{".hidden:/b", "named volumes ('.hidden'): not yet"},
		{"a/b:/c", "'a/b' is neither a path nor a volume's name"},
		{"/a:b", "the destination is not an absolute path"},
		{"/a:ro", "the destination is not an absolute path"},
		{"/a:/", "the destination can't be '/'"},
		{"/a:/b/..", "the destination can't be '/'"},
		{"/a:/proc", "/proc takes only the kernel's own procfs"},
		{"/a:/x/../proc/self/attr", "/proc takes only the kernel's own procfs"},
		{"/a:/sys/", "/sys takes only the kernel's own sysfs"},
		{"/dev:/dev", "a mount over all of /dev: not yet"},
		{"/a:/b:z", "option 'z': not yet"},
		{"/a:/b:ro,Z", "option 'Z': not yet"},
		{"/a:/b:U", "option 'U': not yet"},
		{"/a:/b:rslave", "option 'rslave': not yet"},
		{"/a:/b:nocopy", "option 'nocopy': not yet"},
		{"/a:/b:idmap=uids=0-1-10", "option 'idmap=uids=0-1-10': not yet"},
		{"/a:/b:zz", "'zz' is not an option, ro and rw are"},
		{"/a:/b:ro,", "'' is not an option, ro and rw are"},
		{"/a:/b:ro,rw", "ro or rw stands there twice"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_mount mount;
		assert_true(volume_parse(&arena, "/", table[i].text, &mount) < 0);
		assert_string_equal(
			fault_last()->text,
			arena_printf(&arena, "--volume '%s': %s", table[i].text, table[i].words));
	}
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
		"/t:tmpcopyup",
		"/t:mode=0o755",
		"/t:size=1.5g",
	};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct oci_mount mount;
		assert_true(tmpfs_parse(&arena, wrong[i], &mount) < 0);
		assert_true(str_starts(fault_last()->text, "--tmpfs '"));
	}
}

static void mounts_are_sorted_and_single(void **state unused_)
{
	const char *volumes[] = {"/:/a/b/c", "/nowhere/x:/b", "/nowhere/x:/a/b", "/etc/passwd:/p"};
	const char *tmpfs[] = {"/a", "/d"};
	struct run_opts opts = {.volume = {volumes, 4}, .tmpfs = {tmpfs, 2}};
	const struct engine_place place = {.cwd = "/"};
	struct oci_mount *mounts;
	struct oci_strings missing;
	size_t n;
	assert_int_equal(mounts_parse(&arena, &place, &opts, &mounts, &n, &missing), 0);
	static const char *const order[] = {"/b", "/p", "/a", "/d", "/a/b", "/a/b/c"};
	assert_int_equal(n, lengthof(order));
	for (size_t i = 0; i < n; i++)
		assert_string_equal(mounts[i].destination, order[i]);
	assert_string_equal(joined(&missing), "/nowhere/x");

	tmpfs[1] = "/a/b/";
	assert_int_equal(mounts_parse(&arena, &place, &opts, &mounts, &n, &missing), -EINVAL);
	assert_string_equal(fault_last()->text, "duplicate mount point '/a/b'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_a_path),
		cmocka_unit_test(refuses_other_volumes),
		cmocka_unit_test(tmpfs_options_undo_each_other),
		cmocka_unit_test(tmpfs_settings_are_checked),
		cmocka_unit_test(mounts_are_sorted_and_single),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
