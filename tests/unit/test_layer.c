// SPDX-License-Identifier: Apache-2.0
// test_layer.c - layers unpacked once, by many, and by ones that die
#include "store/layer.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "tar_write.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID  "sha256:" HEX

static char store[] = "/tmp/tare-test-layer-XXXXXX";
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

static int count(const char *directory)
{
	int n = -2; // "." and ".."
	DIR *dir = opendir(directory);
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static const char *inside(const char *path)
{
	return arena_printf(&arena, "%s/%s", store, path);
}

static struct str good(void)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	tar_add(&buf, '5', "etc", "", "");
	tar_add(&buf, '0', "etc/hosts", "", "one");
	tar_add(&buf, '0', "etc/hosts", "", "two");
	tar_add(&buf, '2', "etc/link", "/etc", "");
	tar_add(&buf, '1', "copy", "etc/hosts", "");
	tar_add(&buf, '0', "deep/er/file", "", "");
	return tar_end(&buf);
}

static void a_layer_is_unpacked_once(void **state unused_)
{
	const char *directory, *again;
	struct str text;
	struct stat status;
	assert_int_equal(store_layer(&arena, store, ID, good(), NULL, &directory), 0);
	assert_string_equal(directory, inside("layers/sha256/" HEX));
	assert_int_equal(count(inside("layers/sha256")), 1);
	assert_int_equal(file_read(&arena, AT_FDCWD,
				   arena_printf(&arena, "%s/etc/hosts", directory), 100, &text),
			 0);
	assert_true(str_is(text, "two"));
	assert_int_equal(stat(arena_printf(&arena, "%s/copy", directory), &status), 0);
	assert_int_equal(status.st_nlink, 2);
	assert_int_equal(status.st_mode, S_IFREG | 0644);
	assert_int_equal(status.st_mtime, 1700000000);
	assert_int_equal(stat(arena_printf(&arena, "%s/etc", directory), &status), 0);
	assert_int_equal(status.st_mtime, 1700000000);
	assert_int_equal(stat(arena_printf(&arena, "%s/deep/er", directory), &status), 0);

	// When it is there the archive is not looked at.
	assert_int_equal(store_layer(&arena, store, ID, STR("no tar"), NULL, &again), 0);
	assert_string_equal(again, directory);
}

// A directory that only its content names, and one that is named twice: modes and times come from
// the archive alone, whatever the caller's umask is.
static void directories_are_as_the_archive_says(void **state unused_)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	const char *directory;
	struct stat status;
	tar_add_mode(&buf, '5', "twice", 0700);
	tar_add_mode(&buf, '0', "late/file", 0600);
	tar_add_mode(&buf, '5', "twice", 0751);
	tar_add_mode(&buf, '5', "late", 0711);
	tar_add_mode(&buf, '0', "deep/er/file", 0644);
	mode_t before = umask(0077);
	assert_int_equal(store_layer(&arena, store, ID, tar_end(&buf), NULL, &directory), 0);
	umask(before);
	static const struct {
		const char *path;
		mode_t mode;
		time_t mtime;
	} wanted[] = {
		{"", 0755, -1},    {"twice", 0751, 1700000000}, {"late", 0711, 1700000000},
		{"deep", 0755, 0}, {"deep/er", 0755, 0},
	};
	for (size_t i = 0; i < lengthof(wanted); i++) {
		const char *path = arena_printf(&arena, "%s/%s", directory, wanted[i].path);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode, S_IFDIR | wanted[i].mode);
		if (wanted[i].mtime >= 0)
			assert_int_equal(status.st_mtime, wanted[i].mtime);
	}
}

static void nothing_is_left_of_a_bad_one(void **state unused_)
{
	static const struct {
		char type;
		const char *path, *link, *words;
	} cases[] = {
		{'0', "file/passwd", "", "layer: make 'file/passwd': Not a directory"},
		{'5', "file/sub", "", "layer: make 'file/sub': Not a directory"},
		{'1', "a", "link/hosts",
		 "layer: 'a' is a hard link to 'link/hosts', which is nowhere"},
		{'1', "a", "none", "layer: 'a' is a hard link to 'none', which is nowhere"},
		{'1', "a", "dir", "layer: a hard link to 'dir', which is a directory"},
		{'0', "dir/.wh.gone/x", "",
		 "layer: 'dir/.wh.gone/x' is no whiteout, and no other name begins so"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct buf buf = buf_new(&arena, 1 << 20);
		const char *directory = "untouched";
		tar_add(&buf, '5', "dir", "", "");
		tar_add(&buf, '0', "file", "", "");
		tar_add(&buf, '2', "link", "/etc", "");
		tar_add(&buf, cases[i].type, cases[i].path, cases[i].link, "");
		assert_true(store_layer(&arena, store, ID, tar_end(&buf), NULL, &directory) < 0);
		assert_string_equal(fault_last()->text, cases[i].words);
		assert_string_equal(directory, "untouched");
		assert_int_equal(count(inside("layers/sha256")), 0);
	}
	const char *directory;
	assert_true(store_layer(&arena, store, "sha256:../../etc", good(), NULL, &directory) < 0);
}

static void many_at_once_all_succeed(void **state unused_)
{
	enum { MAKERS = 6 };
	struct str tar = good();
	const char *directory;
	for (int i = 0; i < MAKERS; i++) {
		if (fork() == 0)
			_exit(store_layer(&arena, store, ID, tar, NULL, &directory) ? 1 : 0);
	}
	for (int i = 0, status; i < MAKERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count(inside("layers/sha256")), 1);
}

// What a maker leaves that was killed: a directory half made, and locks that nobody holds.
static void a_dead_makers_rest_is_removed(void **state unused_)
{
	const char *directory;
	assert_int_equal(mkdir(inside("layers"), 0700), 0);
	assert_int_equal(mkdir(inside("layers/sha256"), 0700), 0);
	assert_int_equal(mkdir(inside("layers/sha256/.tmp-1-0"), 0700), 0);
	assert_int_equal(mkdir(inside("layers/sha256/.tmp-1-0/etc"), 0700), 0);
	assert_int_equal(mknod(inside("layers/sha256/.tmp-1-0.lock"), S_IFREG | 0600, 0), 0);
	assert_int_equal(mknod(inside("layers/sha256/.lock-" HEX), S_IFREG | 0600, 0), 0);
	assert_int_equal(store_layer(&arena, store, ID, good(), NULL, &directory), 0);
	assert_int_equal(count(inside("layers/sha256")), 1);
	assert_int_equal(count(directory), 3);
}

// Killed at any moment, a maker leaves no layer or a whole one, and the next maker succeeds. The
// delay grows until a maker has done its work before it is over.
static void a_killed_maker_harms_nobody(void **state unused_)
{
	const char *directory = inside("layers/sha256/" HEX);
	struct str tar = good();
	int status = SIGKILL;
	for (unsigned delay = 50; WIFSIGNALED(status); delay += delay / 3) {
		pid_t maker = fork();
		if (maker == 0)
			_exit(store_layer(&arena, store, ID, tar, NULL, &directory) ? 1 : 0);
		usleep(delay);
		kill(maker, SIGKILL);
		assert_int_equal(waitpid(maker, &status, 0), maker);
		if (access(directory, F_OK) == 0)
			assert_int_equal(count(directory), 3);
		assert_int_equal(store_layer(&arena, store, ID, tar, NULL, &directory), 0);
		assert_int_equal(count(directory), 3);
		assert_int_equal(remove_tree(AT_FDCWD, directory), 0);
		store_sweep(&arena, store);
		assert_true(count(inside("layers/sha256")) <= 1); // a lock that nobody holds
	}
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_layer_is_unpacked_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directories_are_as_the_archive_says, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_left_of_a_bad_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_at_once_all_succeed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_dead_makers_rest_is_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_killed_maker_harms_nobody, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
