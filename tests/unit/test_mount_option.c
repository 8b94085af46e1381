// SPDX-License-Identifier: Apache-2.0
// test_mount_option.c - --mount
#include "engine/mounts/mount_option.h"

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

static const struct {
	const char *text, *type, *source, *destination, *options;
} good[] = {
	{"type=bind,src=/a,dst=/b", "bind", "/a", "/b", "rbind,rprivate,rw"},
	{"dst=/b,src=a,type=bind", "bind", "/home/u/a", "/b", "rbind,rprivate,rw"},
	{"TYPE=Bind,Source=/a,Target=/b,ReadOnly", "bind", "/a", "/b", "rbind,rprivate,rro"},
	{"type=bind,source=/a,destination=/b,ro=true", "bind", "/a", "/b", "rbind,rprivate,rro"},
	{"type=bind,src=/a,dst=/b,ro=0", "bind", "/a", "/b", "rbind,rprivate,rw"},
	{"type=bind,src=/a,dst=/b,rw", "bind", "/a", "/b", "rbind,rprivate,rw"},
	{"type=bind,\"src=/a,b\",dst=/b", "bind", "/a,b", "/b", "rbind,rprivate,rw"},
	{"type=bind,\"src=/a\"\"b\",dst=/b", "bind", "/a\"b", "/b", "rbind,rprivate,rw"},
	{"type=bind,src=/a=b,dst=/b", "bind", "/a=b", "/b", "rbind,rprivate,rw"},
	{"type=bind,src=/a,dst=/b,bind-propagation=rslave", "bind", "/a", "/b", "rbind,rslave,rw"},
	{"type=bind,src=/a,dst=/b,bind-nonrecursive", "bind", "/a", "/b", "bind,rprivate,rw"},
	{"type=bind,src=/a,dst=/b,bind-nonrecursive=false", "bind", "/a", "/b",
	 "rbind,rprivate,rw"},
	{"type=bind,src=/a,dst=/b,bind-recursive=disabled", "bind", "/a", "/b", "bind,rprivate,rw"},
	{"type=bind,src=/a,dst=/b,ro,bind-recursive=writable", "bind", "/a", "/b",
	 "rbind,rprivate,ro"},
	{"type=bind,src=/a,dst=/b,ro,bind-recursive=readonly", "bind", "/a", "/b",
	 "rbind,rprivate,rro"},
	{"type=bind,src=/a,dst=/b,consistency=cached,nosuid,noexec,dev", "bind", "/a", "/b",
	 "rbind,rprivate,rw,rnoexec,rnosuid,rdev"},
	{"type=bind,src=/a,dst=/b,relabel=shared", "bind", "/a", "/b", "rbind,rprivate,rw,z"},
	{"type=bind,src=/a,dst=/b,relabel=private,U", "bind", "/a", "/b", "rbind,rprivate,rw,Z,U"},
	{"type=bind,src=/a,dst=/b,chown=true", "bind", "/a", "/b", "rbind,rprivate,rw,U"},
	{"type=bind,src=/a,dst=/b,idmap=uids=0-5-1;gids=0-6-2", "bind", "/a", "/b",
	 "rbind,rprivate,rw,ridmap"},
	{"type=bind,src=/a,dst=/b,idmap", "bind", "/a", "/b", "rbind,rprivate,rw,ridmap"},
	{"type=tmpfs,dst=/t", "tmpfs", "tmpfs", "/t", "rw,noexec,nosuid,nodev"},
	{"type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=0700,ro,exec", "tmpfs", "tmpfs", "/t",
	 "ro,exec,nosuid,nodev,size=1048576,mode=0700"},
	{"type=tmpfs,dst=/t,tmpcopyup", "tmpfs", "tmpfs", "/t", "rw,noexec,nosuid,nodev,tmpcopyup"},
	{"type=ramfs,dst=/t,tmpfs-mode=1777", "ramfs", "ramfs", "/t",
	 "rw,noexec,nosuid,nodev,mode=1777"},
	{"type=volume,dst=/v", "bind", "", "/v", "rbind,rprivate,rw,anonymous,copyup"},
	{"dst=/v,volume-nocopy,ro,noexec", "bind", "", "/v",
	 "rbind,rprivate,rw,anonymous,rro,rnoexec"},
	{"type=devpts,dst=/p,mode=0620,gid=5,max=8", "devpts", "devpts", "/p",
	 "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5,max=8"},
};

static void reads_keys_in_any_order(void **state unused_)
{
	for (size_t i = 0; i < lengthof(good); i++) {
		struct oci_mount mount;
		bool make;
		assert_int_equal(mount_option_parse(&arena, "/home/u", good[i].text, &mount, &make),
				 0);
		assert_false(make);
		assert_string_equal(mount.type, good[i].type);
		assert_string_equal(mount.source, good[i].source);
		assert_string_equal(mount.destination, good[i].destination);
		assert_string_equal(joined(&mount.options), good[i].options);
	}
}

static void refuses_with_the_reason(void **state unused_)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{"", "'' is not a key"},
		{"type=bind,src=/a", "a target is missing (dst=PATH)"},
		{"type=bind,dst=/b", "a bind mount needs a source (src=PATH)"},
		{"type=bind,src=/a,src=/b,dst=/c", "the source is given twice"},
		{"type=bind,src=/a,dst=/b,target=/c", "the target is given twice"},
		{"type=bind,src=,dst=/b", "src: a path is expected"},
		{"type=bind,src=/a,dst=b", "the destination is not an absolute path"},
		{"type=bind,src=/a,dst=/proc/x", "/proc takes only the kernel's own procfs"},
		{"type=bind,src=/a,dst=/b,readonly=yes", "readonly: true or false is expected"},
		{"type=bind,src=/a,dst=/b,bind-propagation=up",
		 "bind-propagation: private, rprivate, shared, rshared, slave, rslave, unbindable or "
		 "runbindable is expected"},
		{"type=bind,src=/a,dst=/b,bind-propagation=ro",
		 "bind-propagation: private, rprivate, shared, rshared, slave, rslave, unbindable or "
		 "runbindable is expected"},
		{"type=bind,src=/a,dst=/b,bind-recursive=writable",
		 "bind-recursive=writable is about read-only mounts, and this one is not (readonly)"},
		{"type=bind,src=/a,dst=/b,bind-recursive=no",
		 "bind-recursive: enabled, disabled, writable or readonly is expected"},
		{"type=bind,src=/a,dst=/b,tmpfs-size=1m", "tmpfs-size does not go with type bind"},
		{"type=tmpfs,dst=/t,src=/a", "src does not go with type tmpfs"},
		{"type=tmpfs,dst=/t,tmpfs-mode=9", "mode: an octal mode such as 1777 is expected"},
		{"type=tmpfs,dst=/t,bind-propagation=rslave",
		 "bind-propagation does not go with type tmpfs"},
		{"type=bind,src=/a,dst=/b,noexec=1", "noexec takes no value"},
		{"type=bind,src=/a,dst=/b,size=1", "'size' is not a key"},
		{"type=bind,src=/a,dst=/b,", "'' is not a key"},
		{"type=bind,src=\"/a,b\",dst=/b", "a double quote stands where none may"},
		{"type=bind,\"src=/a,b,dst=/b", "a double quote stands where none may"},
		{"type=zfs,dst=/b",
		 "'zfs' is not a type: bind, tmpfs, ramfs, devpts and volume are"},
		{"type=npipe,src=a,dst=/b", "type npipe: named pipes are Windows'"},
		{"type=image,src=a,dst=/b", "type image: not yet"},
		{"type=glob,src=/a*,dst=/b",
		 "type glob: which files it shows would depend on the moment: name each with "
		 "type=bind"},
		{"src=data,dst=/b", "named volumes: not yet"},
		{"type=volume,src=data,dst=/b,volume-nocopy", "named volumes: not yet"},
		{"type=volume,dst=/b,volume-driver=x", "volume-driver: not yet"},
		{"type=bind,src=/a,dst=/b,idmap=uids=0-1-1", "'idmap=uids=0-1-1' is no id mapping"},
		{"type=bind,src=/a,dst=/b,idmap=uids=0-1;gids=0-1-1", "'0-1' is no id mapping"},
		{"type=bind,src=/a,dst=/b,idmap=uids=0-1-0;gids=0-1-1", "'0-1-0' is no id mapping"},
		{"type=bind,src=/a,dst=/b,idmap=uids=4294967290-1-10;gids=0-1-1",
		 "'4294967290-1-10' is no id mapping"},
		{"type=bind,src=/a,dst=/b,idmap=all", "'all' is no id mapping"},
		{"type=devpts,dst=/p,gid=tty", "gid: a number is expected"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_mount mount;
		bool make;
		assert_true(mount_option_parse(&arena, "/", table[i].text, &mount, &make) < 0);
		assert_string_equal(
			fault_last()->text,
			arena_printf(&arena, "--mount '%s': %s", table[i].text, table[i].words));
	}
}

static void reads_id_mappings(void **state unused_)
{
	struct oci_mount mount;
	bool make;
	assert_int_equal(mount_option_parse(&arena, "/",
					    "type=bind,src=/a,dst=/b,bind-create-src,"
					    "idmap=uids=0-1-10#@10-11-10;gids=0-100-10",
					    &mount, &make),
			 0);
	assert_true(make);
	assert_int_equal(mount.uid_mappings_n, 2);
	assert_int_equal(mount.uid_mappings[1].container_id, 10);
	assert_int_equal(mount.uid_mappings[1].host_id, 11);
	assert_int_equal(mount.gid_mappings_n, 1);
	assert_int_equal(mount.gid_mappings[0].host_id, 100);
	assert_int_equal(mount.gid_mappings[0].size, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_keys_in_any_order),
		cmocka_unit_test(refuses_with_the_reason),
		cmocka_unit_test(reads_id_mappings),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
