// SPDX-License-Identifier: Apache-2.0
// test_image.c - the embedded image, and archives that are wrong
#include "image/image.h"

#include "base/fail.h"
#include "base/remove.h"
#include "image/embedded.h"
#include "tar_write.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static void hello_opens(void **state unused_)
{
	struct image image;
	assert_int_equal(image_open_hello(&arena, &image), 0);
	assert_string_equal(image.name, "hello");
	assert_int_equal(image.layers_n, 1);
	assert_int_equal(image.config.unknown.n, 0);
	assert_string_equal(image.config.os, "linux");
	assert_int_equal(image.config.config.entrypoint.n, 1);
	assert_string_equal(image.config.config.entrypoint.item[0], "/hello");
	assert_true(str_starts(image.digest, "sha256:"));
}

static void hello_unpacks(void **state unused_)
{
	char store[] = "/tmp/tare-test-image-XXXXXX";
	struct oci_strings layers;
	struct image image;
	struct stat status;
	assert_non_null(mkdtemp(store));
	assert_int_equal(image_open_hello(&arena, &image), 0);
	assert_int_equal(image_layers(&arena, &image, store, IMAGE_UNPACKED, &layers), 0);
	assert_int_equal(layers.n, 1);
	const char *hello = arena_printf(&arena, "%s/hello", layers.item[0]);
	assert_int_equal(stat(hello, &status), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0755);
	assert_int_equal(stat(arena_printf(&arena, "%s/tmp", layers.item[0]), &status), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 01777);
	assert_int_equal(remove_tree(AT_FDCWD, store), 0);
}

static void broken_archives_are_errors(void **state unused_)
{
	struct image image;
	struct str whole = image_embedded();
	struct buf buf = buf_new(&arena, 1 << 20);
	tar_add(&buf, '0', "oci-layout", "", "{}");
	assert_true(image_open_archive(&arena, "x", tar_end(&buf), &image) < 0);
	assert_string_equal(fault_last()->text, "image archive: no file 'index.json'");
	// Cut somewhere, the archive ends before what its index names.
	for (size_t n = 0; n < whole.n - 1024; n += 512)
		assert_true(image_open_archive(&arena, "x", (struct str){whole.p, n}, &image) < 0 ||
			    n > image.layers[0].tar.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_opens),
		cmocka_unit_test(hello_unpacks),
		cmocka_unit_test(broken_archives_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
