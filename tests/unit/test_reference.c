// SPDX-License-Identifier: Apache-2.0
// test_reference.c - names of images: what Docker takes, what it makes of it, what it refuses
#include "oci/reference.h"

#include "base/buf.h"
#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static const struct {
	const char *text, *full, *short_;
} good[] = {
	{"base", "docker.io/library/base:latest", "base:latest"},
	{"base:latest", "docker.io/library/base:latest", "base:latest"},
	{"docker.io/library/base:latest", "docker.io/library/base:latest", "base:latest"},
	{"docker.io/base", "docker.io/library/base:latest", "base:latest"},
	{"library/base:1", "docker.io/library/base:1", "base:1"},
	{"index.docker.io/base:1", "docker.io/library/base:1", "base:1"},
	{"app/web:V2_x.y-z", "docker.io/app/web:V2_x.y-z", "app/web:V2_x.y-z"},
	{"docker.io/l.b/a:b", "docker.io/l.b/a:b", "docker.io/l.b/a:b"},
	{"library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"},
	{"quay.io/app/web", "quay.io/app/web:latest", "quay.io/app/web:latest"},
	{"localhost/web", "localhost/web:latest", "localhost/web:latest"},
	{"localhost:5000/web:3", "localhost:5000/web:3", "localhost:5000/web:3"},
	{"Host/web", "Host/web:latest", "Host/web:latest"},
	{"[::1]:5000/web", "[::1]:5000/web:latest", "[::1]:5000/web:latest"},
	{"a__b-_", NULL, NULL},
	{"a__b--c.d_e", "docker.io/library/a__b--c.d_e:latest", "a__b--c.d_e:latest"},
	{"web@sha256:" HEX, "docker.io/library/web@sha256:" HEX, "web@sha256:" HEX},
	{"web:1@sha256:" HEX, "docker.io/library/web:1@sha256:" HEX, "web:1@sha256:" HEX},
	{"0123456789abcdef", "docker.io/library/0123456789abcdef:latest",
	 "0123456789abcdef:latest"},
};

static void names_are_completed(void **state unused_)
{
	for (size_t i = 0; i < lengthof(good); i++) {
		struct reference ref, again;
		int result = reference_parse(&arena, str_of(good[i].text), &ref);
		if (!good[i].full) {
			assert_true(result < 0);
			continue;
		}
		assert_int_equal(result, 0);
		assert_string_equal(reference_full(&arena, &ref), good[i].full);
		assert_string_equal(reference_short(&arena, &ref), good[i].short_);
		assert_int_equal(reference_parse(&arena, str_of(good[i].short_), &again), 0);
		assert_string_equal(reference_full(&arena, &again), good[i].full);
	}
}

static void bad_names_are_refused(void **state unused_)
{
	static const char *const bad[] = {
		"",
		"-x",
		"../x",
		"a/../b",
		"a//b",
		"/a",
		"a/",
		".",
		"..",
		"Base",
		"app/Web",
		"a:",
		"a:-1",
		"a:b:c",
		"a b",
		"a\nb",
		"a\033[1mb",
		"a..b",
		"a___b",
		"a@",
		"a@sha256:",
		"a@md5:12",
		"host.:5/x",
		"h.x:99999/x",
		"h.x:port/x",
		"-h.x/y",
		"[]/x",
		"[::1/x",
		"a@sha256:" HEX "0",
		HEX,

		"_a",
		"a_",
		"\xc3\xa4",
		"a/.b",
		"localhost:/x",
	};
	struct reference ref;
	for (size_t i = 0; i < lengthof(bad); i++) {
		fault_clear();
		assert_int_equal(reference_parse(&arena, str_of(bad[i]), &ref), -EINVAL);
		assert_true(str_starts(fault_last()->text, "image name '"));
	}
	assert_int_equal(reference_parse(&arena, (struct str){"a\0b", 3}, &ref), -EINVAL);
}

static void lengths_have_limits(void **state unused_)
{
	struct reference ref;
	struct buf text = buf_new(&arena, 8192);
	for (int i = 0; i < 4096; i++)
		buf_putc(&text, 'a');
	assert_int_equal(reference_parse(&arena, buf_str(&text), &ref), -EINVAL);
	assert_true(strlen(fault_last()->text) < 160);
	// docker.io/library/ are 18 bytes of the 255
	assert_int_equal(reference_parse(&arena, (struct str){text.p, 237}, &ref), 0);
	assert_int_equal(reference_parse(&arena, (struct str){text.p, 238}, &ref), -EINVAL);
	const char *tag = arena_printf(&arena, "a:%.128s", text.p);
	assert_int_equal(reference_parse(&arena, str_of(tag), &ref), 0);
	tag = arena_printf(&arena, "a:%.129s", text.p);
	assert_int_equal(reference_parse(&arena, str_of(tag), &ref), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_completed),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(lengths_have_limits),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
