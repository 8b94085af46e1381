// SPDX-License-Identifier: Apache-2.0
// test_mounts.c - -v, --mount and --tmpfs together, and their sources
#include "engine/mounts/mounts.h"

#include "engine/mounts/anonymous.h"

#include "base/buf.h"
#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
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

static const struct engine_place place = {
	.cwd = "/",
	.environment = (const char *const[]){"HOME=/srv/people/u", NULL},
	.mountinfo = "mountinfo.test",
	.selinux = "/nowhere",
};

static const struct oci_strings no_volumes;

static void mounts_are_sorted_and_single(void **state unused_)
{
	const char *volumes[] = {"/:/a/b/c", "/nowhere/x:/b", "/nowhere/x:/a/b", "/etc/passwd:/p"};
	const char *tmpfs[] = {"/a", "/d"};
	const char *mount[] = {"type=tmpfs,dst=/a/b/d", "type=bind,src=/etc,dst=/e"};
	struct run_opts opts = {.volume = {volumes, 4}, .tmpfs = {tmpfs, 2}, .mount = {mount, 2}};
	struct mounts_asked asked;
	assert_int_equal(mounts_parse(&arena, &place, &opts, &no_volumes, false, &asked), 0);
	static const char *const order[] = {"/b", "/p",   "/e",     "/a",
					    "/d", "/a/b", "/a/b/c", "/a/b/d"};
	assert_int_equal(asked.n, lengthof(order));
	for (size_t i = 0; i < asked.n; i++)
		assert_string_equal(asked.mounts[i].destination, order[i]);
	assert_string_equal(joined(&asked.found.missing), "/nowhere/x");
	assert_string_equal(
		joined(&asked.found.notices),
		"--volume: '/nowhere/x' is not there, an empty directory is made for it");

	tmpfs[1] = "/a/b/";
	assert_int_equal(mounts_parse(&arena, &place, &opts, &no_volumes, false, &asked), -EINVAL);
	assert_string_equal(fault_last()->text, "duplicate mount point '/a/b'");
}

static void an_image_wants_volumes_too(void **state unused_)
{
	const char *volumes[] = {"/b/v", "/../../m", "/given", "/b/v/"};
	const char *given[] = {"/etc:/given", "/anonymous"};
	const struct oci_strings wanted = {volumes, lengthof(volumes)};
	struct run_opts opts = {.volume = {given, 2}};
	struct mounts_asked asked;
	assert_int_equal(mounts_parse(&arena, &place, &opts, &wanted, false, &asked), 0);
	static const char *const order[] = {"/given", "/anonymous", "/m", "/b/v"};
	assert_int_equal(asked.n, lengthof(order));
	anonymous_place(&arena, "/state", asked.mounts, asked.n);
	static const char *const sources[] = {"/etc", "/state/volumes/0", "/state/volumes/1",
					      "/state/volumes/2"};
	for (size_t i = 0; i < asked.n; i++) {
		assert_string_equal(asked.mounts[i].destination, order[i]);
		assert_string_equal(asked.mounts[i].source, sources[i]);
	}
	static const char *const hostile[] = {"", "data", "/", "/proc/self", "/sys", "/x/.."};
	for (size_t i = 0; i < lengthof(hostile); i++) {
		volumes[0] = hostile[i];
		assert_true(mounts_parse(&arena, &place, &opts, &wanted, false, &asked) < 0);
		assert_true(str_starts(fault_last()->text, "the image's volume '"));
	}
}

static void options_say_what_becomes_of_volumes(void **state unused_)
{
	const char *volumes[] = {"/data", "/tmp"}, *tmpfs[] = {"/run"};
	const struct oci_strings wanted = {volumes, lengthof(volumes)};
	struct run_opts opts = {.image_volume = "tmpfs"};
	struct mounts_asked asked;
	assert_int_equal(mounts_parse(&arena, &place, &opts, &wanted, false, &asked), 0);
	assert_int_equal(asked.n, 2);
	assert_string_equal(asked.mounts[0].type, "tmpfs");
	assert_string_equal(joined(&asked.mounts[0].options), "rw,noexec,nosuid,nodev,tmpcopyup");
	opts = (struct run_opts){
		.image_volume = "ignore", .read_only_tmpfs = true, .tmpfs = {tmpfs, 1}};
	assert_int_equal(mounts_parse(&arena, &place, &opts, &wanted, false, &asked), 0);
	assert_int_equal(asked.n, 3);
	assert_string_equal(asked.mounts[0].destination, "/run");
	assert_string_equal(joined(&asked.mounts[0].options), "rw,noexec,nosuid,nodev");
	assert_string_equal(asked.mounts[1].destination, "/tmp");
	assert_string_equal(joined(&asked.mounts[1].options), "rw,nosuid,nodev,tmpcopyup,noexec");
	assert_string_equal(asked.mounts[2].destination, "/var/tmp");
	opts.image_volume = NULL;
	assert_int_equal(mounts_parse(&arena, &place, &opts, &wanted, false, &asked), 0);
	assert_int_equal(asked.n, 4);
	opts.image_volume = "copy";
	assert_int_equal(mounts_parse(&arena, &place, &opts, &wanted, false, &asked), -EINVAL);
}

// One -v or --mount.
static int parse(const char *volume, const char *mount, bool ordinary, struct mounts_asked *asked)
{
	struct run_opts opts = {.volume = {&volume, volume != NULL},
				.mount = {&mount, mount != NULL}};
	return mounts_parse(&arena, &place, &opts, &no_volumes, ordinary, asked);
}

static void only_v_makes_what_is_missing(void **state unused_)
{
	struct mounts_asked asked;
	assert_int_equal(parse(NULL, "type=bind,src=/nowhere,dst=/a", false, &asked), -ENOENT);
	assert_string_equal(fault_last()->text, "--mount 'type=bind,src=/nowhere,dst=/a': source "
						"'/nowhere' is not there");
	assert_int_equal(
		parse(NULL, "type=bind,bind-create-src,src=/nowhere,dst=/a", false, &asked), 0);
	assert_string_equal(joined(&asked.found.missing), "/nowhere");
	// A source that can't be looked at is the start's own matter.
	assert_int_equal(parse("/etc/passwd/x:/a", NULL, false, &asked), 0);
	assert_int_equal(asked.found.missing.n, 0);
}

static void labels_never_go_to_the_host(void **state unused_)
{
	static const char *const places[] = {
		"/",     "/etc",        "/usr",          "/usr/share",  "/home",
		"/srv",  "/srv/people", "/srv/people/u", "/home/other", "/bin",
		"/root", "/tmp",        "/var/lib",      "/dev/shm",    "/proc/self"};
	struct mounts_asked asked;
	for (size_t i = 0; i < lengthof(places); i++)
		for (size_t z = 0; z < 2; z++) {
			const char *text =
				arena_printf(&arena, "%s:/m:%s", places[i], z ? "Z" : "z");
			assert_int_equal(parse(text, NULL, false, &asked), -EINVAL);
			assert_non_null(strstr(fault_last()->text, "labelled anew"));
		}
	assert_int_equal(parse("/srv/people/u/data:/m:Z", NULL, false, &asked), 0);
	assert_string_equal(joined(&asked.mounts[0].options), "rbind,rprivate,rw,Z");
}

static void propagation_wants_a_source_that_has_it(void **state unused_)
{
	static const struct {
		const char *text, *why;
	} table[] = {
		{"/a/b:/m:rshared", NULL},
		{"/a/b:/m:rslave", NULL},
		{"/slave:/m:rslave", NULL},
		{"/slave/x:/m:rshared",
		 "'/slave/x' lies on the mount '/slave', which is not shared"},
		{"/slavery:/m:rshared", NULL},
		{"/private/x:/m:rslave",
		 "'/private/x' lies on the mount '/private', which is neither "
		 "shared nor a slave"},
		{"/twice:/m:shared", "'/twice' lies on the mount '/twice', which is not shared"},
		{"/private/x:/m:runbindable", NULL},
	};
	struct mounts_asked asked;
	for (size_t i = 0; i < lengthof(table); i++) {
		int result = parse(table[i].text, NULL, false, &asked);
		assert_int_equal(result, table[i].why ? -EINVAL : 0);
		if (table[i].why)
			assert_string_equal(fault_last()->text,
					    arena_printf(&arena, "--volume '%s': %s", table[i].text,
							 table[i].why));
	}
	assert_int_equal(parse("/a/b:/m:rshared", NULL, true, &asked), 0);
	assert_non_null(strstr(joined(&asked.found.notices), "mounts only come in"));
}

static int write_mountinfo(void **state unused_)
{
	static const char text[] = "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
				   "2 1 8:2 / /slave rw master:3 - ext4 /dev/sda2 rw\n"
				   "nonsense\n"
				   "3 1 8:3 / /private rw - ext4 /dev/sda3 rw\n"
				   "4 1 8:4 / /twice rw shared:7 - ext4 /dev/sda4 rw\n"
				   "5 4 8:5 / /twice rw - ext4 /dev/sda5 rw\n";
	FILE *file = fopen(place.mountinfo, "we");
	if (!file)
		return -1;
	fputs(text, file);
	return fclose(file);
}

static int remove_mountinfo(void **state unused_)
{
	return unlink(place.mountinfo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounts_are_sorted_and_single),
		cmocka_unit_test(an_image_wants_volumes_too),
		cmocka_unit_test(options_say_what_becomes_of_volumes),
		cmocka_unit_test(only_v_makes_what_is_missing),
		cmocka_unit_test(labels_never_go_to_the_host),
		cmocka_unit_test(propagation_wants_a_source_that_has_it),
	};
	char directory[] = "/tmp/test_mounts.XXXXXX";
	if (!mkdtemp(directory) || chdir(directory))
		return 1;
	int failed = cmocka_run_group_tests(tests, write_mountinfo, remove_mountinfo);
	arena_free(&arena);
	rmdir(directory);
	return failed;
}
