// SPDX-License-Identifier: Apache-2.0
// test_layer_add.c - layers unpacked by the helper programs: checked, mapped, whole or not at all
#include "store/layer.h"

#include "base/fail.h"
#include "programs.h"
#include "tar_write.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char store[] = "/tmp/tare-test-add-XXXXXX";
static struct arena arena;

static int set_up(void **state unused_)
{
	memcpy(store + sizeof(store) - 7, "XXXXXX", 6);
	return !mkdtemp(store);
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return remove_tree(AT_FDCWD, store);
}

static const char *inside(const char *path)
{
	return arena_printf(&arena, "%s/%s", store, path);
}

static int count(const char *path)
{
	int n = -2; // "." and ".."
	DIR *dir = opendir(inside(path));
	if (!dir)
		return 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static struct str good(void)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	tar_add(&buf, '5', "etc", "", "");
	tar_add(&buf, '0', "etc/hosts", "", "hosts");
	tar_add(&buf, '2', "link", "etc", "");
	return tar_end(&buf);
}

struct
try {
	struct str tar;
	const char *digest, *diff_id;
	int64_t size;
	uint64_t limit;
	bool keep_blob;
	struct oci_strings lowers;
	const struct store_map *map;
};

static int add(const struct try *try, struct store_layer *ret_layer)
{
	_cleanup_fd_ int fd = -1;
	assert_int_equal(store_blob_file(try->tar, &fd), 0);
	const struct store_layer_source source = {
		.fd = fd,
		.digest = try->digest,
		.size = try->size ? try->size : -1,
		.limit = try->limit ? try->limit : 1 << 30,
		.diff_id = try->diff_id,
		.keep_blob = try->keep_blob,
	};
	return store_layer_add(&arena, store, &source, &try->lowers, try->map, ret_layer);
}

static const char *digest_of(struct str text)
{
	struct store_blob blob;
	struct store_blob_source source = {.fd = -1, .text = text, .size = -1, .limit = 1 << 30};
	assert_int_equal(store_blob_add(&arena, store, &source, &blob), 0);
	assert_int_equal(store_blob_remove(&arena, store, blob.digest), 0);
	return arena_dup(&arena, blob.digest);
}

static void a_layer_is_hashed_and_unpacked(void **state unused_)
{
	struct store_layer layer;
	struct str text;
	const char *directory, *id = digest_of(good());
	assert_int_equal(add(&(struct try){.tar = good(), .keep_blob = true}, &layer), 0);
	assert_string_equal(layer.diff_id, id);
	assert_string_equal(layer.blob.digest, id); // it is not compressed
	assert_int_equal(layer.blob.size, good().n);
	assert_int_equal(layer.tar_size, good().n);
	assert_string_equal(layer.codec, "none");
	assert_int_equal(layer.entries, 3);
	assert_int_equal(file_read(&arena, AT_FDCWD,
				   arena_printf(&arena, "%s/link/hosts", layer.directory), 9,
				   &text),
			 0);
	assert_true(str_is(text, "hosts"));
	assert_int_equal(store_layer_find(&arena, store, id, NULL, NULL, &directory), 0);
	assert_string_equal(directory, layer.directory);
	assert_int_equal(count("layers/sha256"), 1);
	assert_int_equal(count("blobs/sha256"), 1);

	// Once more: as new, and when its digest is known before.
	assert_int_equal(add(&(struct try){.tar = good(), .keep_blob = true}, &layer), 0);
	assert_int_equal(add(&(struct try){.tar = good(),
					   .keep_blob = true,
					   .digest = id,
					   .diff_id = id,
					   .size = (int64_t)good().n},
			     &layer),
			 0);
	assert_null(layer.codec);
	assert_string_equal(layer.blob.digest, id);
	assert_int_equal(count("layers/sha256"), 1);
	assert_int_equal(count("blobs/sha256"), 1);

	assert_int_equal(store_layer_remove(&arena, store, id), 0);
	assert_int_equal(count("layers/sha256"), 0);
	assert_int_equal(store_layer_find(&arena, store, id, NULL, NULL, &directory),
			 STORE_LAYER_MISSING);
	assert_int_equal(store_layer_open(&arena, store, id, id, NULL, NULL, &directory), 0);
	assert_int_equal(count("layers/sha256"), 1);
}

static void what_is_not_as_expected_is_not_kept(void **state unused_)
{
	static const char other[] =
		"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	const char *id = digest_of(good());
	struct str cut = {good().p, 700};
	const struct {
		struct try try;
		const char *words;
	} cases[] = {
		{{.tar = good(), .digest = other}, "expected is 'sha256:0123"},
		{{.tar = good(), .diff_id = other}, "the digest of its tar is"},
		{{.tar = good(), .diff_id = id, .size = 10}, "more than 10 bytes"},
		{{.tar = good(), .diff_id = id, .size = 1 << 20}, "expected are 1048576"},
		{{.tar = good(), .limit = 1000}, "more than 1000 bytes"},
		{{.tar = cut}, "cut off"},
		{{.tar = STR("no tar at all")}, "tar at byte 0"},
		{{.tar = STR("\x1f\x8b\x08\x00")}, "gzip"},
		{{.tar = good(), .digest = "sha256:../../M"}, "digest"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct try try = cases[i].try;
		struct store_layer layer;
		try.keep_blob = true;
		assert_true(add(&try, &layer) < 0);
		if (!strstr(fault_last()->text, cases[i].words))
			print_error("%s\n", fault_last()->text);
		assert_non_null(strstr(fault_last()->text, cases[i].words));
		assert_int_equal(count("layers/sha256"), 0);
		assert_int_equal(count("blobs/sha256"), 0);
	}
}

// Changes a field of a header, and its sum with it.
static void patch(char *header, size_t at, const char *bytes, size_t n)
{
	unsigned long sum = 0;
	memcpy(header + at, bytes, n);
	memset(header + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)header[i];
	tar_octal(header + 148, 7, sum);
	header[154] = '\0';
}

// What no user namespace can make comes from tare-nodes: in a directory of somebody else, whose
// time stays.
static void root_gets_devices_and_marks(void **state unused_)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	struct store_layer layer;
	struct stat status;
	char value[8];
	if (geteuid())
		skip();
	tar_add_mode(&buf, '5', "dir", 0500);
	tar_add(&buf, '0', "dir/.wh..wh..opq", "", "");
	tar_add(&buf, '0', ".wh.gone", "", "");
	tar_add(&buf, '3', "dir/null", "", "");
	patch(buf.p, 108, "0000041", 7);           // uid 33
	patch(buf.p + 3 * 512, 108, "0000012", 7); // uid 10
	patch(buf.p + 3 * 512, 329,
	      "0000001\0"
	      "0000003",
	      15); // 1:3
	assert_int_equal(add(&(struct try){.tar = tar_end(&buf)}, &layer), 0);
	assert_int_equal(stat(arena_printf(&arena, "%s/dir/null", layer.directory), &status), 0);
	assert_int_equal(status.st_mode, S_IFCHR | 0644);
	assert_int_equal(status.st_rdev, makedev(1, 3));
	assert_int_equal(status.st_uid, 10);
	assert_int_equal(status.st_mtime, 1700000000);
	assert_int_equal(stat(arena_printf(&arena, "%s/gone", layer.directory), &status), 0);
	assert_int_equal(status.st_rdev, 0);
	assert_int_equal(getxattr(arena_printf(&arena, "%s/dir", layer.directory),
				  "trusted.overlay.opaque", value, sizeof(value)),
			 1);
	assert_int_equal(stat(arena_printf(&arena, "%s/dir", layer.directory), &status), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0500);
	assert_int_equal(status.st_uid, 33);
	assert_int_equal(status.st_mtime, 1700000000);
}

static void a_map_has_layers_of_its_own(void **state unused_)
{
	static const struct oci_id_map ids[] = {{0, 200000, 65536}};
	static const struct store_map map = {ids, 1, ids, 1};
	struct store_layer layer;
	struct stat status;
	const char *id = digest_of(good()), *directory;
	if (geteuid())
		skip();
	assert_int_equal(add(&(struct try){.tar = good(), .map = &map, .keep_blob = true}, &layer),
			 0);
	assert_string_equal(layer.directory,
			    inside(arena_printf(&arena, "layers/sha256.0-200000-65536/%s",
						id + DIGEST_TEXT - DIGEST_HEX)));
	assert_int_equal(lstat(arena_printf(&arena, "%s/etc/hosts", layer.directory), &status), 0);
	assert_int_equal(status.st_uid, 200000);
	assert_int_equal(status.st_gid, 200000);
	assert_int_equal(stat(layer.directory, &status), 0);
	assert_int_equal(status.st_uid, 200000);
	assert_int_equal(store_layer_open(&arena, store, id, id, NULL, NULL, &directory), 0);
	assert_string_not_equal(directory, layer.directory);
	assert_int_equal(store_layer_remove(&arena, store, id), 0);
	assert_int_equal(count("layers/sha256.0-200000-65536") + count("layers/sha256"), 0);
}

// A file linked from the layer below is a copy of that one, and so the layer is another over
// another.
static void what_took_from_below_is_kept_for_that_alone(void **state unused_)
{
	struct store_layer one, other, over_one, over_other;
	struct str tars[3], text;
	const char *ids[3], *found;
	for (int i = 0; i < 3; i++) {
		struct buf buf = buf_new(&arena, 1 << 20);
		if (i < 2)
			tar_add(&buf, '0', "low", "", i ? "other" : "one");
		else
			tar_add(&buf, '1', "lowlink", "low", "");
		tars[i] = tar_end(&buf);
		ids[i] = digest_of(tars[i]);
	}
	assert_int_equal(add(&(struct try){.tar = tars[0]}, &one), 0);
	assert_int_equal(add(&(struct try){.tar = tars[1]}, &other), 0);
	struct try try = {.tar = tars[2], .diff_id = ids[2], .lowers = {&one.directory, 1}};
	assert_int_equal(add(&try, &over_one), 0);
	try.lowers.item = &other.directory;
	assert_int_equal(store_layer_find(&arena, store, ids[2], NULL, &try.lowers, &found),
			 STORE_LAYER_MISSING);
	assert_int_equal(add(&try, &over_other), 0);
	assert_string_not_equal(over_one.directory, over_other.directory);
	assert_int_equal(file_read(&arena, AT_FDCWD,
				   arena_printf(&arena, "%s/lowlink", over_other.directory), 9,
				   &text),
			 0);
	assert_true(str_is(text, "other"));
	assert_int_equal(store_layer_find(&arena, store, ids[2], NULL, &try.lowers, &found), 0);
	assert_string_equal(found, over_other.directory);
	assert_int_equal(count("layers/sha256"), 6); // four layers and two records
	assert_int_equal(store_layer_remove(&arena, store, ids[2]), 0);
	assert_int_equal(count("layers/sha256"), 2);
}

static uint32_t mode_of(const char *directory, const char *name)
{
	struct stat status;
	assert_int_equal(stat(arena_printf(&arena, "%s/%s", directory, name), &status), 0);
	return status.st_mode & 07777;
}

// A layer without an entry for a directory it uses, first over nothing, and then over layers that
// have the directory with other modes.
static void a_directory_without_an_entry_is_as_below_each_time(void **state unused_)
{
	static const uint32_t modes[] = {0755, 0700, 01777};
	struct store_layer layer, lowers[lengthof(modes)];
	const char *found, *id;
	struct buf buf = buf_new(&arena, 1 << 20);
	tar_add(&buf, '0', "d/x", "", "x");
	struct str tar = tar_end(&buf);
	id = digest_of(tar);
	for (size_t i = 0; i < lengthof(modes); i++) {
		buf = buf_new(&arena, 1 << 20);
		tar_add_mode(&buf, '5', "d", modes[i]);
		assert_int_equal(add(&(struct try){.tar = tar_end(&buf)}, &lowers[i]), 0);
	}
	for (int again = 0; again < 2; again++) {
		assert_int_equal(add(&(struct try){.tar = tar}, &layer), 0); // as an import does it
		assert_int_equal(mode_of(layer.directory, "d"), 0755);
		assert_int_equal(store_layer_find(&arena, store, id, NULL, NULL, &found), 0);
		assert_string_equal(found, layer.directory);
		for (size_t i = 0; i < lengthof(modes); i++) {
			struct try try = {
				.tar = tar, .diff_id = id, .lowers = {&lowers[i].directory, 1}};
			assert_int_equal(add(&try, &layer), 0);
			assert_int_equal(mode_of(layer.directory, "d"), modes[i]);
		}
	}
	assert_int_equal(count("layers/sha256"), 3 + 4 * 2); // four variants and their records
	assert_int_equal(store_layer_remove(&arena, store, id), 0);
	assert_int_equal(count("layers/sha256"), 3);
}

// Killed at any moment: nothing or all of it, and what is left the next one removes.
static void a_kill_leaves_no_half(void **state unused_)
{
	struct store_layer layer;
	const char *id = digest_of(good()), *directory;
	int status = SIGKILL;
	for (unsigned delay = 100; WIFSIGNALED(status); delay += delay / 3) {
		pid_t maker = fork();
		if (maker == 0)
			_exit(add(&(struct try){.tar = good(), .keep_blob = true}, &layer) ? 1 : 0);
		usleep(delay);
		kill(maker, SIGKILL);
		assert_int_equal(waitpid(maker, &status, 0), maker);
		int result = store_layer_find(&arena, store, id, NULL, NULL, &directory);
		assert_true(result == 0 || result == STORE_LAYER_MISSING);
		if (result == 0)
			assert_int_equal(
				access(arena_printf(&arena, "%s/link/hosts", directory), F_OK), 0);
		assert_int_equal(add(&(struct try){.tar = good(), .keep_blob = true}, &layer), 0);
		for (int tries = 0;
		     tries < 3000 && count("layers/sha256") + count("blobs/sha256") > 2; tries++) {
			usleep(1000); // its helpers die a little later
			store_sweep(&arena, store);
		}
		assert_int_equal(count("layers/sha256"), 1);
		assert_int_equal(count("blobs/sha256"), 1);
		assert_int_equal(store_layer_remove(&arena, store, id), 0);
		assert_int_equal(store_blob_remove(&arena, store, id), 0);
	}
	assert_int_equal(status, 0);
}

static void a_full_disk_is_an_error(void **state unused_)
{
	struct store_layer layer;
	struct buf buf = buf_new(&arena, 8 << 20);
	char *much = memset(arena_alloc(&arena, (1 << 20) + 1, 1), 'x', 1 << 20);
	if (geteuid() || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", store, "tmpfs", 0, "size=256k"))
		skip();
	tar_add(&buf, '0', "much", "", much);
	struct try try = {.tar = tar_end(&buf)};
	for (int i = 0; i < 2; i++) {
		try.keep_blob = i;
		assert_true(add(&try, &layer) < 0);
		assert_non_null(strstr(fault_last()->text, i ? "No space" : "there is room for"));
		assert_int_equal(count("layers/sha256"), 0);
		assert_int_equal(count("blobs/sha256"), 0);
	}
	assert_int_equal(umount(store), 0);
}

int main(int argc unused_, char **argv)
{
	if (programs_beside(argv))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_layer_is_hashed_and_unpacked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_as_expected_is_not_kept, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(root_gets_devices_and_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_took_from_below_is_kept_for_that_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_directory_without_an_entry_is_as_below_each_time,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_map_has_layers_of_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_kill_leaves_no_half, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_disk_is_an_error, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) | programs_remove();
}
