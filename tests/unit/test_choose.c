// SPDX-License-Identifier: Apache-2.0
// test_choose.c - from an index to one manifest: by name, by platform, through other indexes
#include "image/choose.h"

#include "base/fail.h"
#include "oci/platform.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define ZEROS    "00000000000000000000000000000000000000000000000000000000000000"
#define INDEX    "application/vnd.oci.image.index.v1+json"
#define MANIFEST "application/vnd.oci.image.manifest.v1+json"

static struct arena arena;
static const char *inner; // what every document is

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static int document(struct image_source *source unused_, struct arena *in unused_,
		    const struct oci_descriptor *descriptor unused_, struct str *ret_text)
{
	*ret_text = str_of(inner);
	return 0;
}

static struct image_source source = {"oci:x", document};

// "01 MANIFEST linux/amd64 name" as an entry of an index; "-": not given.
static void add_entry(struct buf *text, const char *line)
{
	struct str rest = str_of(line), digest = str_word(&rest), type = str_word(&rest);
	struct str platform = str_word(&rest), name = str_word(&rest);
	struct str architecture = platform, os = str_cut(&architecture, '/');
	const char *media = str_is(type, "index")      ? INDEX
			    : str_is(type, "manifest") ? MANIFEST
						       : "a/b";
	if (text->p[text->n - 1] != '[')
		buf_putc(text, ',');
	buf_printf(text, "{\"mediaType\":\"%s\",\"size\":2,\"digest\":\"sha256:" ZEROS "%.*s\"",
		   media, (int)digest.n, digest.p);
	if (architecture.p)
		buf_printf(text, ",\"platform\":{\"os\":\"%.*s\",\"architecture\":\"%.*s\"}",
			   (int)os.n, os.p, (int)architecture.n, architecture.p);
	if (name.p)
		buf_printf(text,
			   ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"%.*s\"}",
			   (int)name.n, name.p);
	buf_putc(text, '}');
}

static const char *index_of(const char *const *lines)
{
	struct buf text = buf_new(&arena, 1 << 20);
	buf_puts(&text, "{\"schemaVersion\":2,\"manifests\":[");
	for (; *lines; lines++)
		add_entry(&text, *lines);
	buf_puts(&text, "]}");
	return text.p;
}

#define INDEX_OF(...) index_of((const char *const[]){__VA_ARGS__, NULL})

// The last two digits of the digest chosen; NULL is an error.
static const char *choose(const char *text, const char *tag, const char *platform)
{
	struct oci_platform wanted;
	struct image_choice choice;
	assert_int_equal(platform_parse(&arena, platform, &wanted), 0);
	if (image_choose(&arena, &source, str_of(text), tag, &wanted, &choice) < 0)
		return NULL;
	return choice.manifest.digest + strlen(choice.manifest.digest) - 2;
}

static void the_only_one_needs_no_name(void **state unused_)
{
	assert_string_equal(choose(INDEX_OF("01 manifest -"), NULL, "amd64"), "01");
	assert_string_equal(choose(INDEX_OF("01 manifest - a"), NULL, "amd64"), "01");
	assert_string_equal(choose(INDEX_OF("01 manifest - a", "01 manifest - b"), NULL, "amd64"),
			    "01");
	assert_null(choose(INDEX_OF("01 manifest - a", "02 manifest - b"), NULL, "amd64"));
	assert_string_equal(fault_last()->text, "oci:x: there are several images in it");
	assert_string_equal(fault_last()->hint, "add a colon and the name of one: a, b");
}

static void names_match_in_either_form(void **state unused_)
{
	const char *text = INDEX_OF("01 manifest - web", "02 manifest - docker.io/library/db:2",
				    "03 manifest - V3.x");
	assert_string_equal(choose(text, "web", "amd64"), "01");
	assert_string_equal(choose(text, "docker.io/library/web:latest", "amd64"), "01");
	assert_string_equal(choose(text, "db:2", "amd64"), "02");
	assert_string_equal(choose(text, "V3.x", "amd64"), "03");
	assert_null(choose(text, "db", "amd64"));
	assert_string_equal(fault_last()->text, "oci:x: there is no image called 'db' in it");
	assert_string_equal(fault_last()->hint, "it has: web, docker.io/library/db:2, V3.x");
}

static void platforms_choose(void **state unused_)
{
	const char *text = INDEX_OF("01 manifest linux/arm64", "02 manifest linux/amd64",
				    "03 manifest unknown/unknown");
	assert_string_equal(choose(text, NULL, "amd64"), "02");
	assert_string_equal(choose(text, NULL, "arm64"), "01");
	assert_null(choose(text, NULL, "s390x"));
	assert_string_equal(fault_last()->text, "oci:x: there is no image for linux/s390x in it");
	assert_non_null(strstr(fault_last()->hint, "it has linux/arm64, linux/amd64"));
	assert_null(strstr(fault_last()->hint, "unknown"));
}

static void indexes_are_followed(void **state unused_)
{
	inner = INDEX_OF("05 manifest linux/arm64", "06 manifest linux/amd64");
	assert_string_equal(choose(INDEX_OF("01 index - web"), "web", "arm64"), "05");
	inner = INDEX_OF("05 index -"); // one that lists another like itself
	assert_null(choose(INDEX_OF("01 index - web"), "web", "arm64"));
	assert_string_equal(fault_last()->text, "oci:x: more than 8 indexes inside one another");
}

static void what_is_no_image_is_an_error(void **state unused_)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"schemaVersion\":1,\"manifests\":[]}",
		"{\"schemaVersion\":2,\"manifests\":[]}",
		"{\"schemaVersion\":2,\"manifests\":null}",
		"{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}",
		"{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST "\",\"manifests\":[]}",
	};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_null(choose(bad[i], NULL, "amd64"));
	assert_null(choose(INDEX_OF("01 other -"), NULL, "amd64"));
	assert_non_null(strstr(fault_last()->text, "is of type 'a/b', which is no image"));
	inner = "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}";
	assert_null(choose(INDEX_OF("01 index -"), NULL, "amd64"));
	assert_non_null(strstr(fault_last()->text, "is an index and a manifest at once"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_one_needs_no_name),
		cmocka_unit_test(names_match_in_either_form),
		cmocka_unit_test(platforms_choose),
		cmocka_unit_test(indexes_are_followed),
		cmocka_unit_test(what_is_no_image_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
