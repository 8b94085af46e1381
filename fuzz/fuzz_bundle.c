// SPDX-License-Identifier: Apache-2.0
// fuzz_bundle.c - config.json, up to the plan of its container
//
// The first byte chooses the host. Whatever the document says, it is an error in words, or a plan
// that can be explained and printed as a script.
#include "base/fail.h"
#include "base/fd.h"
#include "box/readings/explain.h"
#include "box/readings/script.h"
#include "runtime/document.h"

#include <fcntl.h>

enum { HOSTS = 4, FACTS_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct facts *host(unsigned which)
{
	static const char *const names[HOSTS] = {
		FACTS_DIRECTORY "/root-v1-6.18.json",
		FACTS_DIRECTORY "/root-v2-6.1.json",
		FACTS_DIRECTORY "/user-v1-single.json",
		FACTS_DIRECTORY "/user-v2-subids.json",
	};
	static struct facts facts[HOSTS];
	static struct arena arena; // lives as long as the program
	if (!facts[which].machine) {
		struct str text;
		int error = file_read(&arena, AT_FDCWD, names[which], FACTS_MAX, &text);
		if (error >= 0)
			error = facts_from_json(&arena, text, &facts[which]);
		assert(error >= 0);
	}
	return &facts[which];
}

static void read_plan(struct arena *arena, const struct plan *plan)
{
	struct buf out = buf_new(arena, 64 << 20);
	plan_text(&out, plan);
	plan_explain(&out, plan, &(struct explain_look){.width = 80});
	plan_explain_json(&out, plan);
	plan_script(&out, plan, &(struct script_want){"/usr/bin/tare", false});
	assert(out.n && !memchr(out.p, '\0', out.n));
}

static int make_plan(struct arena *arena, const struct facts *facts, struct str text)
{
	struct runtime_call call = {.arena = arena};
	struct container container = {.id = "web", .path = "/run/tare-oci/web"};
	struct bundle bundle = {.path = "/bundle", .text = text};
	struct document_want want = {0};
	struct box_spec spec;
	struct plan plan;
	TRY(oci_spec_parse(arena, text, &bundle.spec));
	TRY(oci_spec_check(&bundle.spec));
	if (!bundle.spec.root.path)
		return fail(-EINVAL, "config.json: root: it is missing");
	if (bundle.spec.process.terminal)
		want.console = "/run/console.sock";
	TRY(document_box(&call, &bundle, facts, &container, &want, &spec));
	TRY(plan_build(arena, &spec, facts, &plan));
	read_plan(arena, &plan);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = {0};
	fault_clear();
	int error = make_plan(&arena, host(*data % HOSTS),
			      (struct str){(const char *)data + 1, size - 1});
	assert(!error || fault_last()->text[0]);
	arena_free(&arena);
	return 0;
}
