// SPDX-License-Identifier: Apache-2.0
// explain.c - the readings of a plan that are meant for people
//
// Each step has a title (what), a call, and three sentences of lore. Lines are broken at blanks to
// the terminal's width; on a pipe each paragraph is one line, so that grep finds it whole.
#include "box/readings/explain.h"

#include "base/json_write.h"
#include "base/msg.h"
#include "box/steps/op.h"

enum { TEXT_MAX = 64 * 1024, LABEL = 9, INDENT = 13 };

static const char bold[] = "\033[1m", dim[] = "\033[2m", red[] = "\033[31m", plain[] = "\033[0m";

struct step_words {
	struct buf title;
	struct buf call;
	const struct lore *lore;
};

static struct step_words words_of(struct arena *arena, const struct plan *plan,
				  const struct step *step)
{
	struct step_words words = {buf_new(arena, TEXT_MAX), buf_new(arena, TEXT_MAX),
				   op_lore(plan, step)};
	struct say say = {&words.title, &words.call};
	op_row(step->op)->say(&say, plan, step);
	return words;
}

static void add_blanks(struct buf *out, size_t n)
{
	while (n--)
		buf_putc(out, ' ');
}

// Adds text in lines of at most `width` columns, each after the first indented.
static void add_wrapped(struct buf *out, const char *text, size_t column, size_t indent,
			size_t width)
{
	struct str rest = str_of(text), word;
	bool first = true;
	while ((word = str_word(&rest)).p) {
		if (!first && width && column + 1 + word.n > width) {
			buf_putc(out, '\n');
			add_blanks(out, indent);
			column = indent;
		} else if (!first) {
			buf_putc(out, ' ');
			column++;
		}
		msg_escape(out, word);
		column += word.n;
		first = false;
	}
	buf_putc(out, '\n');
}

static void add_paragraph(struct buf *out, const char *label, const char *text,
			  const struct explain_look *look)
{
	add_blanks(out, INDENT - LABEL);
	buf_printf(out, "%s%-*s%s", look->colour ? dim : "", LABEL, label,
		   look->colour ? plain : "");
	add_wrapped(out, text, INDENT, INDENT, look->width);
}

static void add_heading(struct buf *out, const struct plan *plan, const struct explain_look *look)
{
	size_t host = 0, mid = 0, later = 0;
	for (size_t i = 0; i < plan->steps_n; i++) {
		host += plan->steps[i].actor == ACTOR_HOST;
		mid += plan->steps[i].actor == ACTOR_MID;
		later += plan->steps[i].actor == ACTOR_LATER;
	}
	struct buf text = buf_new(out->arena, TEXT_MAX);
	buf_printf(
		&text,
		"%zu steps make this container: %zu are taken outside by tare itself (host), %zu "
		"inside by the new process before it becomes your program (init).",
		plan->steps_n, host, plan->steps_n - host - mid - later);
	if (mid)
		buf_printf(&text,
			   " %zu more are taken between them, by a process that makes the new "
			   "one and ends (mid).",
			   mid);
	if (later)
		buf_printf(&text, " %zu are taken after the start (later).", later);
	add_wrapped(out, text.p, 0, 0, look->width);
	if (!plan->spec->oci.process.no_new_privileges)
		add_wrapped(out,
			    "Laxer than it could be, as in Docker: set-uid programs inside may "
			    "gain rights, since images use sudo. The strict way is --security-opt "
			    "no-new-privileges.",
			    0, 0, look->width);
	if (!plan->spec->device_rules && !plan->spec->privileged)
		add_wrapped(
			out,
			plan->facts->uid
				? "No device filter: an ordinary user may not load one, and can "
				  "make no device nodes either."
				: "No device filter is to be had here, so CAP_MKNOD is not given: "
				  "no process inside can make a device node.",
			0, 0, look->width);
	buf_putc(out, '\n');
}

void plan_explain(struct buf *out, const struct plan *plan, const struct explain_look *look)
{
	add_heading(out, plan, look);
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		struct step_words words = words_of(out->arena, plan, step);
		buf_printf(out, "%3zu %s%s%s ", i + 1, look->colour ? dim : "",
			   actor_name(step->actor), look->colour ? plain : "");
		buf_puts(out, look->colour ? bold : "");
		add_wrapped(out, words.title.p, LABEL, LABEL, look->width);
		buf_puts(out, look->colour ? plain : "");
		add_paragraph(out, "call", words.call.p, look);
		add_paragraph(out, "why", words.lore->why, look);
		add_paragraph(out, "without", words.lore->without, look);
		add_paragraph(out, "look", words.lore->look, look);
		if (step->spare)
			add_paragraph(out, "else",
				      "nothing to do where the kernel answers that it is not there",
				      look);
	}
}

static void put_step(struct json_writer *json, const struct plan *plan, size_t i,
		     const struct step_words *words)
{
	const struct step *step = &plan->steps[i];
	json_key(json, "step");
	json_put_uint(json, i + 1);
	json_key(json, "actor");
	json_put_text(json, actor_name(step->actor));
	json_key(json, "op");
	json_put_text(json, op_row(step->op)->name);
	json_key(json, "what");
	json_put_text(json, words->title.p);
}

static void put_text(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

void plan_explain_json(struct buf *out, const struct plan *plan)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put_text(&json, "id", plan->spec->id);
	json_key(&json, "steps");
	json_open_list(&json);
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		struct step_words words = words_of(out->arena, plan, step);
		json_open_object(&json);
		put_step(&json, plan, i, &words);
		put_text(&json, "call", words.call.p);
		put_text(&json, "why", words.lore->why);
		put_text(&json, "without", words.lore->without);
		put_text(&json, "look", words.lore->look);
		if (step->spare)
			put_text(&json, "tolerates", strerrorname_np(step->spare));
		json_close_object(&json);
	}
	json_close_list(&json);
	json_close_object(&json);
	buf_putc(out, '\n');
}

// --- trace --------------------------------------------------------------------------------------

static const char *result_of(const struct walk_trace *trace)
{
	if (!trace->begin)
		return "not reached";
	if (trace->spared)
		return "not there";
	return trace->result < 0 ? strerrorname_np(-trace->result) : "ok";
}

// The last step has no end when it succeeded: the process became another.
static bool has_end(const struct walk_trace *trace)
{
	return trace->begin && trace->end;
}

void plan_trace(struct buf *out, const struct plan *plan, const struct walk_trace *trace,
		const struct explain_look *look)
{
	uint64_t first = 0, last = 0;
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		struct step_words words = words_of(out->arena, plan, step);
		bool failed = trace[i].result < 0 && !trace[i].spared;
		if (!first)
			first = trace[i].begin;
		last = max_of(last, max_of(trace[i].end, trace[i].begin));
		buf_printf(out, "%s%3zu %s%s ", look->colour ? dim : "", i + 1,
			   actor_name(step->actor), look->colour ? plain : "");
		if (has_end(&trace[i]))
			buf_printf(out, "%6llu µs ",
				   (unsigned long long)(trace[i].end - trace[i].begin + 500) /
					   1000);
		else
			buf_puts(out, "          ");
		buf_puts(out, failed && look->colour ? red : "");
		struct buf line = buf_new(out->arena, TEXT_MAX);
		buf_puts(&line, words.title.p);
		if (failed || trace[i].spared || !trace[i].begin)
			buf_printf(&line, " (%s)", result_of(&trace[i]));
		add_wrapped(out, line.p, 19, 19, look->width);
		buf_puts(out, failed && look->colour ? plain : "");
	}
	buf_printf(out, "%zu steps in %llu µs\n", plan->steps_n,
		   (unsigned long long)(last - first) / 1000);
}

void plan_trace_json(struct buf *out, const struct plan *plan, const struct walk_trace *trace)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put_text(&json, "id", plan->spec->id);
	json_key(&json, "steps");
	json_open_list(&json);
	for (size_t i = 0; i < plan->steps_n; i++) {
		struct step_words words = words_of(out->arena, plan, &plan->steps[i]);
		json_open_object(&json);
		put_step(&json, plan, i, &words);
		put_text(&json, "result", result_of(&trace[i]));
		json_key(&json, "nanoseconds");
		if (has_end(&trace[i]))
			json_put_uint(&json, trace[i].end - trace[i].begin);
		else
			json_put_null(&json);
		json_close_object(&json);
	}
	json_close_list(&json);
	json_close_object(&json);
	buf_putc(out, '\n');
}
