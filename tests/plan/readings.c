// SPDX-License-Identifier: Apache-2.0
// readings.c - what must hold of every way to read a plan
//
// Whatever the plan: each step says all that a step has to say, in one paragraph each; no line is
// wider than the terminal, unless one word alone is; the JSON is JSON, and says the same steps; and
// what the user gave the workload in its environment is nobody's business.
#include "readings.h"

#include "base/fail.h"
#include "base/json.h"
#include "box/readings/explain.h"
#include "box/steps/op.h"
#include "box/readings/script.h"

enum { TEXT_MAX = 1 << 20, WIDTH = 80, INDENT = 13, WHAT_MAX = 64 * 1024 };

static int check_text(const struct plan *plan, size_t i, const char *what, const char *text)
{
	const char *name = op_row(plan->steps[i].op)->name;
	if (!text || !*text)
		return fail(-ENODATA, "step %zu (%s): it has no %s", i + 1, name, what);
	if (strpbrk(text, "\n\r\t"))
		return fail(-EINVAL, "step %zu (%s): its %s is no paragraph", i + 1, name, what);
	if (text[strlen(text) - 1] == ' ' || strstr(text, "(null)"))
		return fail(-EINVAL, "step %zu (%s): its %s reads '%s'", i + 1, name, what, text);
	return 0;
}

static int check_step(struct arena *arena, const struct plan *plan, size_t i)
{
	struct buf title = buf_new(arena, WHAT_MAX), call = buf_new(arena, WHAT_MAX);
	struct say say = {&title, &call};
	const struct lore *lore = op_lore(plan, &plan->steps[i]);
	op_row(plan->steps[i].op)->say(&say, plan, &plan->steps[i]);
	TRY(check_text(plan, i, "title", title.p));
	TRY(check_text(plan, i, "call", call.p));
	TRY(check_text(plan, i, "why", lore->why));
	TRY(check_text(plan, i, "without", lore->without));
	return check_text(plan, i, "look", lore->look);
}

static size_t columns(struct str line)
{
	size_t n = 0;
	for (size_t i = 0; i < line.n; i++)
		n += (line.p[i] & 0xc0) != 0x80;
	return n;
}

// A word that is wider than what is left behind the indent stands there alone.
static int check_width(struct arena *arena, const struct plan *plan)
{
	struct buf text = buf_new(arena, TEXT_MAX);
	struct explain_look look = {.width = WIDTH};
	plan_explain(&text, plan, &look);
	if (text.over)
		return fail(-EFBIG, "the explanation is longer than %d bytes", TEXT_MAX);
	struct str rest = buf_str(&text), line;
	while ((line = str_line(&rest)).p) {
		const char *blank = memrchr(line.p, ' ', line.n);
		if (columns(line) > WIDTH && blank && blank - line.p >= INDENT)
			return fail(-E2BIG, "explanation, %zu columns: '%.*s'", columns(line),
				    (int)line.n, line.p);
	}
	return 0;
}

static int check_json(struct arena *arena, const struct plan *plan)
{
	static const char *const keys[] = {"actor", "op", "what", "call", "why", "without", "look"};
	struct buf text = buf_new(arena, TEXT_MAX);
	_cleanup_json_ struct json json = {0};
	plan_explain_json(&text, plan);
	TRY(json_parse("explain", buf_str(&text), &json));
	struct json_object *steps = json_member(json.root, "steps");
	if (json_count(steps) != plan->steps_n)
		return fail(-EINVAL, "explain: %zu steps of %zu", json_count(steps), plan->steps_n);
	for (size_t i = 0; i < plan->steps_n; i++)
		for (size_t k = 0; k < lengthof(keys); k++) {
			struct json_object *value = json_member(json_item(steps, i), keys[k]);
			if (!json_to_str(value).n)
				return fail(-ENODATA, "explain: step %zu has no %s", i + 1,
					    keys[k]);
		}
	return 0;
}

static int check_secrets(struct arena *arena, const struct plan *plan,
			 const struct oci_strings *secrets)
{
	struct buf text = buf_new(arena, 4 * TEXT_MAX);
	struct explain_look look = {0};
	plan_text(&text, plan);
	plan_explain(&text, plan, &look);
	plan_explain_json(&text, plan);
	for (int json = 0; json < 2; json++) {
		struct script_want want = {"/usr/bin/tare", json};
		plan_script(&text, plan, &want);
	}
	for (size_t i = 0; i < secrets->n; i++)
		if (strstr(text.p, secrets->item[i]))
			return fail(-EPERM, "'%s' can be read in the plan", secrets->item[i]);
	return 0;
}

int readings_check(struct arena *arena, const struct plan *plan, const struct oci_strings *secrets,
		   bool met[OP_COUNT])
{
	for (size_t i = 0; i < plan->steps_n; i++) {
		TRY(check_step(arena, plan, i));
		met[plan->steps[i].op] = true;
	}
	TRY(check_width(arena, plan));
	TRY(check_json(arena, plan));
	TRY(check_secrets(arena, plan, secrets));
	return 0;
}
