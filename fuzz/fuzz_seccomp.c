// SPDX-License-Identifier: Apache-2.0
// fuzz_seccomp.c - a seccomp profile in Docker's JSON, and the filter made of it
//
// Whatever is read becomes a filter that the kernel would take: every call has an answer, and the
// filter's text gives the filter again.
#include "base/fail.h"
#include "box/plan/seccomp.h"
#include "engine/process/seccomp_file.h"
#include "kern/seccomp/run.h"

#include <linux/audit.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct arena *arena, const struct oci_seccomp *document)
{
	struct seccomp_want want = {.kernel = {6, 18}, .machine = SECCOMP_X86_64};
	struct seccomp_profile profile;
	struct seccomp_filter filter, again;
	unsigned flags;
	if (seccomp_profile_read(arena, document, &profile, &flags) < 0 ||
	    seccomp_compile(arena, &profile, &want, &filter) < 0)
		return;
	for (int number = 0; number < 480; number += 3) {
		struct seccomp_data call = {.nr = number, .arch = AUDIT_ARCH_X86_64};
		size_t steps;
		seccomp_run(&filter, &call, &steps);
		assert(steps && steps <= filter.n);
	}
	const char *text = seccomp_filter_text(arena, filter.code, filter.n);
	int error = seccomp_filter_read(arena, text, &again);
	assert(!error && again.n == filter.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct facts facts = {.machine = "x86_64", .kernel_major = 6, .kernel_minor = 1};
	struct arena arena = {0};
	struct oci_seccomp document;
	const char *missing;
	fault_clear();
	int error = seccomp_file_parse(&arena, "p.json", (struct str){(const char *)data, size},
				       &facts, 0xa80425fb, &document, &missing);
	assert(!error || fault_last()->text[0]);
	if (!error)
		use(&arena, &document);
	arena_free(&arena);
	return 0;
}
