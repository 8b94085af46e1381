// SPDX-License-Identifier: Apache-2.0
// test_collect.c - what no image has goes, all else stays
#include "store/collect.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/record.h"
#include "base/remove.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static char store[] = "/tmp/tare-test-collect-XXXXXX";
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

static bool there(const char *path)
{
	return access(inside(path), F_OK) == 0;
}

// A directory where the name ends in a slash, else a file.
static void make(const char *path)
{
	if (path[strlen(path) - 1] == '/')
		assert_int_equal(mkdir(inside(path), 0700), 0);
	else
		assert_int_equal(mknod(inside(path), S_IFREG | 0600, 0), 0);
}

static const char *const needed[] = {
	"images/",
	"images/docker.io/",
	"images/docker.io/:latest",
	"images/:lock",
	"blobs/",
	"blobs/sha256/",
	"blobs/sha256/" A,
	"blobs/sha256/something-else",
	"layers/",
	"layers/sha256/",
	"layers/sha256/" A "/",
	"layers/sha256/" A "-0/",
	"layers/sha256/" A "-0.over",
	"layers/sha256.0-7-1/",
	"layers/sha256.0-7-1/" A "/",
	"layers/old/",
	"layers/old/" B,
};

static const char *const garbage[] = {
	"images/.tmp-:latest-1-1",     "images/docker.io/.tmp-x-1-1", "blobs/sha256/" B,
	"blobs/sha256/.tmp-1-1",       "layers/sha256/" B "/",        "layers/sha256/" B "/etc/",
	"layers/sha256/" B "-3/",      "layers/sha256/.lock-" B,      "layers/sha256/.tmp-1-1/",
	"layers/sha256/.tmp-1-1.lock", "layers/sha256.0-7-1/" B "/",
};

static void what_no_image_has_goes(void **state unused_)
{
	const char *digest = "sha256:" A;
	const struct store_needed need = {.blobs = {&digest, 1}, .layers = {&digest, 1}};
	for (size_t i = 0; i < lengthof(needed); i++)
		make(needed[i]);
	for (size_t i = 0; i < lengthof(garbage); i++)
		make(garbage[i]);
	assert_int_equal(store_collect(&arena, store, &need), 0);
	for (size_t i = 0; i < lengthof(needed); i++)
		assert_true(there(needed[i]));
	for (size_t i = 0; i < lengthof(garbage); i++)
		assert_false(there(garbage[i]));
	assert_int_equal(store_collect(&arena, store, &need), 0);
}

static void what_somebody_works_on_stays(void **state unused_)
{
	_cleanup_fd_ int layers = -1, lock = -1;
	for (size_t i = 0; i < lengthof(needed); i++)
		make(needed[i]);
	layers = open(inside("layers/sha256"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(record_lock(layers, ".lock-" B, RECORD_EXCLUSIVE, true, &lock), 0);
	assert_int_equal(store_collect(&arena, store, &(struct store_needed){0}), 0);
	assert_true(there("layers/sha256/.lock-" B));
	assert_false(there("layers/sha256/" A));
	assert_false(there("layers/sha256/" A "-0.over"));
	assert_false(there("blobs/sha256/" A));
}

static void a_store_with_nothing_is_fine(void **state unused_)
{
	assert_int_equal(store_collect(&arena, store, &(struct store_needed){0}), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_no_image_has_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_somebody_works_on_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_store_with_nothing_is_fine, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
