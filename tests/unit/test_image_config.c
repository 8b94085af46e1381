// SPDX-License-Identifier: Apache-2.0
// test_image_config.c - digests, descriptors, manifests, indexes and configs of images
#include "oci/image_config.h"

#include "base/fail.h"
#include "oci/digest.h"
#include "oci/index.h"
#include "oci/manifest.h"

#include "oracles.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define HEX64 "5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270"

static struct arena arena;

static void digests_have_one_spelling(void **state unused_)
{
	struct digest digest;
	char text[DIGEST_TEXT + 1];
	assert_int_equal(digest_parse(STR("sha256:" HEX64), &digest), 0);
	assert_int_equal(digest.bytes[0], 0x5b);
	digest_print(&digest, text);
	assert_string_equal(text, "sha256:" HEX64);
	static const char *const wrong[] = {
		"",
		"sha256:",
		"sha256:" HEX64 "0",
		"SHA256:" HEX64,
		"sha512:" HEX64,
		"sha256:5B0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
		"sha256:../../bd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
	};
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(digest_parse(str_of(wrong[i]), &digest), -EINVAL);
}

static void layers_are_read_and_written(void **state unused_)
{
	static const char text[] =
		"{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_MANIFEST "\","
		"\"config\":{\"mediaType\":\"" OCI_MEDIA_CONFIG "\",\"digest\":\"sha256:" HEX64
		"\",\"size\":7},\"layers\":[{\"mediaType\":\"" OCI_MEDIA_LAYER_GZIP
		"\",\"digest\":\"sha256:" HEX64 "\",\"size\":9,\"annotations\":{\"a\":\"b\"}}]}";
	struct oci_manifest manifest;
	assert_int_equal(oci_manifest_parse(&arena, str_of(text), &manifest), 0);
	assert_int_equal(manifest.config.size, 7);
	assert_string_equal(manifest.layers[0].annotations.item[0].value, "b");
	struct buf buf = buf_new(&arena, 4096);
	oci_manifest_print(&buf, &manifest);
	assert_string_equal(buf.p, text);
}

static void docker_nulls_and_extras(void **state unused_)
{
	struct str text = STR("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{"
			      "\"Hostname\":\"\",\"Entrypoint\":null,\"Cmd\":[\"sh\"],"
			      "\"Volumes\":{\"/a\":{}},\"Labels\":null},"
			      "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
	struct oci_image_config config;
	assert_int_equal(oci_image_config_parse(&arena, text, &config), 0);
	assert_int_equal(config.config.entrypoint.n, 0);
	assert_string_equal(config.config.volumes.item[0], "/a");
	assert_int_equal(config.unknown.n, 1);
	assert_string_equal(config.unknown.item[0], "config.Hostname");
	struct buf buf = buf_new(&arena, 4096);
	oci_image_config_print(&buf, &config);
	assert_string_equal(buf.p, "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{"
				   "\"Cmd\":[\"sh\"],\"Volumes\":{\"/a\":{}}},"
				   "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
}

// One of each kind: what an oracle document of that kind is read into.
static union {
	struct oci_descriptor descriptor;
	struct oci_manifest manifest;
	struct oci_index index;
	struct oci_image_config config;
} document;

static int parse_as_descriptor(struct str text)
{
	return oci_descriptor_parse(&arena, text, &document.descriptor);
}

static int parse_as_manifest(struct str text)
{
	return oci_manifest_parse(&arena, text, &document.manifest);
}

static int parse_as_index(struct str text)
{
	return oci_index_parse(&arena, text, &document.index);
}

static int parse_as_config(struct str text)
{
	return oci_image_config_parse(&arena, text, &document.config);
}

// Docker's three kinds lie in one folder.
static int parse_as_any(struct str text)
{
	return parse_as_manifest(text) && parse_as_index(text) ? parse_as_config(text) : 0;
}

static int (*parse)(struct str text);

static void is_taken(const char *name, struct str text)
{
	if (parse(text))
		fail_msg("%s: %s", name, fault_last()->text);
}

static void is_refused(const char *name, struct str text)
{
	if (!parse(text))
		fail_msg("%s: taken", name);
}

static void published_documents(void **state unused_)
{
	static const struct {
		const char *name;
		int (*parse)(struct str text);
	} kinds[] = {
		{"descriptor", parse_as_descriptor}, {"manifest", parse_as_manifest},
		{"index", parse_as_index},           {"config", parse_as_config},
		{"docker-manifest", parse_as_any},
	};
	size_t n = 0;
	for (size_t i = 0; i < lengthof(kinds); i++) {
		parse = kinds[i].parse;
		n += oracles_each(arena_printf(&arena, "image-spec/%s/good", kinds[i].name),
				  is_taken);
		n += oracles_each(arena_printf(&arena, "image-spec/%s/bad", kinds[i].name),
				  is_refused);
	}
	if (!n) {
		print_message("published_documents skipped: no oracles\n");
		skip();
	}
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_have_one_spelling),
		cmocka_unit_test(layers_are_read_and_written),
		cmocka_unit_test(docker_nulls_and_extras),
		cmocka_unit_test(published_documents),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
