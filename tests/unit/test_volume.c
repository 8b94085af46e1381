// SPDX-License-Identifier: Apache-2.0
// test_volume.c - -v
#include "engine/mounts/volume.h"

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
		{"/a:/b:z", "/a", "/b", "rbind,rprivate,rw,z"},
		{"/a:/b:U,ro,Z", "/a", "/b", "rbind,rprivate,rro,Z,U"},
		{"/a:/b:bind,rslave", "/a", "/b", "bind,rslave,rw"},
		{"/a:/b:nosuid,nodev,noexec", "/a", "/b",
		 "rbind,rprivate,rw,rnoexec,rnosuid,rnodev"},
		{"/a:/b:exec,cached", "/a", "/b", "rbind,rprivate,rw,rexec"},
		{"/a:/b:idmap=uids=0-1-10;gids=0-1-10", "/a", "/b", "rbind,rprivate,rw,ridmap"},
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

static void an_overlay_is_no_bind(void **state unused_)
{
	struct oci_mount mount;
	assert_int_equal(volume_parse(&arena, "/home/u", "./a:/b:O,noexec", &mount), 0);
	assert_string_equal(mount.type, "overlay");
	assert_string_equal(mount.source, "/home/u/a");
	assert_string_equal(joined(&mount.options), "rw,noexec");
}

static void a_path_alone_is_a_volume_without_a_name(void **state unused_)
{
	struct oci_mount mount;
	assert_int_equal(volume_parse(&arena, "/home/u", "/a/../data/", &mount), 0);
	assert_string_equal(mount.destination, "/data");
	assert_string_equal(mount.source, "");
	assert_string_equal(joined(&mount.options), "rbind,rprivate,rw,anonymous,copyup");
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
		{"data", "the destination is not an absolute path"},
		{"/proc/1", "/proc takes only the kernel's own procfs"},
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
		{"/a:/b:nocopy", "option 'nocopy' (named volumes): not yet"},
		{"/a:/b:zz", "'zz' is not an option"},
		{"/a:/b:ro,", "'' is not an option"},
		{"/a:/b:ro,rw", "'rw': ro or rw is said twice"},
		{"/a:/b:rslave,shared", "'shared': rslave is said twice"},
		{"/a:/b:nodev,dev", "'dev': nodev is said twice"},
		{"/a:/b:z,z", "'z': it is said twice"},
		{"/a:/b:O,rslave", "rslave does not go with O"},
		{"/a:/b:U,O", "U does not go with O"},
		{"/a:/b:O,upperdir=/x", "option 'upperdir=/x' (changes that stay): not yet"},
		{"/a:/b:idmap=uids=0-1-10", "'idmap=uids=0-1-10' is no id mapping"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_mount mount;
		assert_true(volume_parse(&arena, "/", table[i].text, &mount) < 0);
		assert_string_equal(
			fault_last()->text,
			arena_printf(&arena, "--volume '%s': %s", table[i].text, table[i].words));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_a_path),
		cmocka_unit_test(an_overlay_is_no_bind),
		cmocka_unit_test(a_path_alone_is_a_volume_without_a_name),
		cmocka_unit_test(refuses_other_volumes),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
