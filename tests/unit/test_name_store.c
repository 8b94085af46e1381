// SPDX-License-Identifier: Apache-2.0
// test_name_store.c - names of images on disk: put, found, listed, removed, and the index of them
#include "store/name.h"
#include "store/name_index.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "oci/index.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define TAIL "00000000000000000000000000000000000000000000000000000000000"

static struct arena arena;
static char root[] = "/tmp/tare-test-names-XXXXXX";

static int set_up(void **state unused_)
{
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return remove_tree(AT_FDCWD, root);
}

static struct reference reference_of(const char *text)
{
	struct reference reference;
	assert_int_equal(reference_parse(&arena, str_of(text), &reference), 0);
	return reference;
}

static void put(const char *name, const char *id, const char *manifest)
{
	struct store_image image = {
		.id = arena_printf(&arena, "sha256:%s%s", id, TAIL),
		.manifest = {.media_type = OCI_MEDIA_MANIFEST,
			     .digest = arena_printf(&arena, "sha256:%s%s", manifest, TAIL),
			     .size = 400},
		.size = 7,
	};
	if (name) {
		struct reference reference = reference_of(name);
		image.name = reference_full(&arena, &reference);
	}
	assert_int_equal(store_name_put(&arena, root, &image), 0);
}

static const char *found(const char *name)
{
	struct store_image image;
	struct reference reference = reference_of(name);
	int result = store_name_find(&arena, root, &reference, &image);
	assert_true(result >= 0);
	return result ? NULL : arena_dup_n(&arena, image.id + 7, 5);
}

static struct oci_index read_index(void)
{
	struct oci_index index;
	struct str text;
	const char *path = arena_printf(&arena, "%s/index.json", root);
	assert_int_equal(file_read(&arena, AT_FDCWD, path, 1 << 20, &text), 0);
	assert_int_equal(oci_index_parse(&arena, text, &index), 0);
	return index;
}

static void nothing_is_there_at_first(void **state unused_)
{
	struct store_images images;
	struct store_image image;
	assert_null(found("base"));
	assert_int_equal(store_id_find(&arena, root, "0", &image), STORE_NONE);
	assert_int_equal(store_names_list(&arena, root, &images), 0);
	assert_int_equal(images.n, 0);
}

static void names_are_found_in_either_form(void **state unused_)
{
	put("base", "aaaa1", "bbbb1");
	put("base:2", "aaaa2", "bbbb2");
	put("localhost:5000/x/y:3", "aaaa1", "bbbb1");
	put("base/more", "aaaa3", "bbbb3");
	assert_string_equal(found("base"), "aaaa1");
	assert_string_equal(found("docker.io/library/base:latest"), "aaaa1");
	assert_string_equal(found("base:2"), "aaaa2");
	assert_string_equal(found("localhost:5000/x/y:3"), "aaaa1");
	assert_string_equal(found("base@sha256:bbbb2" TAIL), "aaaa2");
	assert_string_equal(found("base:2@sha256:bbbb2" TAIL), "aaaa2");
	assert_null(found("base:latest@sha256:bbbb2" TAIL));
	assert_null(found("base:3"));
	assert_null(found("base/more/deeper"));
	assert_null(found("docker.io/base/latest"));
}

static void ids_are_found_by_their_beginning(void **state unused_)
{
	struct store_image image;
	assert_int_equal(store_id_find(&arena, root, "aaaa2", &image), 0);
	assert_int_equal(store_id_find(&arena, root, "sha256:aaaa3", &image), 0);
	assert_null(image.name);
	assert_int_equal(store_id_find(&arena, root, "aaaa", &image), STORE_SEVERAL);
	assert_int_equal(store_id_find(&arena, root, "sha256:aaaa1" TAIL, &image), 0);
	assert_int_equal(store_id_find(&arena, root, "cccc", &image), STORE_NONE);
	assert_int_equal(store_id_find(&arena, root, "", &image), STORE_NONE);
	assert_int_equal(store_id_find(&arena, root, "sha256:", &image), STORE_NONE);
	assert_int_equal(store_id_find(&arena, root, "../aaaa1", &image), STORE_NONE);
	assert_int_equal(store_id_find(&arena, root, "aaaa1" TAIL "0", &image), STORE_NONE);
}

static void all_are_listed_in_the_index(void **state unused_)
{
	struct store_images images;
	put(NULL, "aaaa9", "bbbb9");
	assert_int_equal(store_names_list(&arena, root, &images), 0);
	assert_int_equal(images.n, 4);
	assert_string_equal(images.item[0].name, "docker.io/base/more:latest");
	assert_string_equal(images.item[1].name, "docker.io/library/base:2");
	assert_int_equal(store_ids_list(&arena, root, &images), 0);
	assert_int_equal(images.n, 4);
	struct oci_index index = read_index();
	assert_int_equal(index.manifests_n, 5);
	assert_string_equal(index.manifests[1].annotations.item[0].value,
			    "docker.io/library/base:2");
	assert_int_equal(index.manifests[4].annotations.n, 0);
	assert_int_equal(access(arena_printf(&arena, "%s/oci-layout", root), F_OK), 0);
}

static void what_is_removed_is_gone(void **state unused_)
{
	struct reference reference = reference_of("localhost:5000/x/y:3");
	assert_int_equal(store_name_remove(&arena, root, &reference), 0);
	assert_int_equal(store_name_remove(&arena, root, &reference), 0);
	assert_null(found("localhost:5000/x/y:3"));
	assert_true(access(arena_printf(&arena, "%s/images/localhost:5000", root), F_OK));
	reference = reference_of("base");
	assert_int_equal(store_name_remove(&arena, root, &reference), 0);
	assert_string_equal(found("base:2"), "aaaa2");
	assert_int_equal(store_id_remove(&arena, root, "sha256:aaaa9" TAIL), 0);
	assert_int_equal(read_index().manifests_n, 3);
}

static void an_index_has_an_end(void **state unused_)
{
	enum { MANY = 20000 };
	struct store_image *many = arena_array(&arena, struct store_image, MANY);
	struct store_images none = {0}, names = {many, MANY};
	_cleanup_fd_ int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t before = read_index().manifests_n;
	for (size_t i = 0; i < MANY; i++)
		many[i] = (struct store_image){
			.name = arena_printf(&arena, "docker.io/library/base:v%zu", i),
			.manifest = {.media_type = OCI_MEDIA_MANIFEST,
				     .digest = "sha256:aaaa1" TAIL,
				     .size = 400}};
	fault_clear();
	assert_int_equal(name_index_write(&arena, fd, &names, &none), -EFBIG);
	assert_non_null(strstr(fault_last()->text, "20000 entries"));
	assert_non_null(strstr(fault_last()->hint, "tare rmi"));
	assert_int_equal(read_index().manifests_n, before);
}

static void what_is_no_record_is_an_error(void **state unused_)
{
	struct store_image image;
	struct store_images images;
	struct reference reference = reference_of("base:2");
	const char *path = arena_printf(&arena, "%s/images/docker.io/library/base/:2", root);
	assert_int_equal(file_put(AT_FDCWD, path, "{}", 2), 0);
	assert_int_equal(truncate(path, 2), 0);
	assert_true(store_name_find(&arena, root, &reference, &image) < 0);
	assert_int_equal(store_names_list(&arena, root, &images), 0);
	assert_int_equal(images.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_there_at_first),
		cmocka_unit_test(names_are_found_in_either_form),
		cmocka_unit_test(ids_are_found_by_their_beginning),
		cmocka_unit_test(all_are_listed_in_the_index),
		cmocka_unit_test(what_is_removed_is_gone),
		cmocka_unit_test(an_index_has_an_end),
		cmocka_unit_test(what_is_no_record_is_an_error),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
