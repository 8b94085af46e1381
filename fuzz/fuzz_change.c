// SPDX-License-Identifier: Apache-2.0
// fuzz_change.c - lines of --change, one after the other: what they leave is a document that reads
#include "base/fail.h"
#include "image/change.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *diff_id =
	"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static bool has_name(const char *variable)
{
	const char *equals = strchr(variable, '=');
	return equals && equals > variable;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct oci_image_config document = {
		.architecture = "amd64", .os = "linux", .diff_ids = {&diff_id, 1}};
	struct oci_image_config again;
	struct str rest = {(const char *)data, size}, line;
	for (int i = 0; i < 64 && (line = str_line(&rest)).p; i++) {
		fault_clear();
		const char *text = arena_dup_n(&arena, line.p, line.n);
		if (change_apply(&arena, text, &document.config) < 0)
			assert(fault_last()->text[0]);
	}
	for (size_t i = 0; i < document.config.env.n; i++)
		assert(has_name(document.config.env.item[i]));
	for (size_t i = 0; i < document.config.volumes.n; i++)
		assert(document.config.volumes.item[i][0] == '/');
	struct buf text = buf_new(&arena, 64 << 20);
	oci_image_config_print(&text, &document);
	if (!text.over && text.n < (4 << 20)) {
		int error = oci_image_config_parse(&arena, buf_str(&text), &again);
		assert(!error && again.config.env.n == document.config.env.n);
	}
	arena_free(&arena);
	return 0;
}
