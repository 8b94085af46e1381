// SPDX-License-Identifier: Apache-2.0
// doctor.c - examining a host, and telling what was found
//
// The checks are rows of five tables, by subject; each is a function of facts and survey. On a
// terminal a check is one line; where something is amiss, what is lost and the line to type stand
// below it. Lines to type are never broken: they are there to be copied.
#include "engine/doctor/doctor.h"

#include "base/json_write.h"
#include "base/msg.h"
#include "engine/doctor/doctor_checks.h"

enum { NAME_WIDTH = 17, STATE_WIDTH = 9, INDENT = 2 + STATE_WIDTH };

static const struct {
	const char *title;
	const struct doctor_row *rows;
} subjects[] = {
	{"Host", doctor_host_rows},
	{"Users", doctor_user_rows},
	{"Limits", doctor_limit_rows},
	{"Walls", doctor_security_rows},
	{"File systems", doctor_storage_rows},
};

const char *doctor_state_name(enum doctor_state state)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok", [DOCTOR_LIMITED] = "limited", [DOCTOR_MISSING] = "missing"};
	return names[state];
}

void doctor_examine(struct arena *arena, const struct facts *facts, const struct survey *survey,
		    struct doctor_report *ret_report)
{
	struct patient patient = {arena, facts, survey};
	struct doctor_report *report = ret_report;
	*report = (struct doctor_report){.able = true};
	for (size_t i = 0; i < lengthof(subjects); i++) {
		for (const struct doctor_row *row = subjects[i].rows; row->name; row++) {
			assert(report->n < DOCTOR_CHECKS_MAX);
			struct doctor_check *check = &report->check[report->n++];
			*check = (struct doctor_check){.name = row->name, .use = row->use};
			row->look(&patient, check);
			report->able = report->able && !check->fatal;
		}
	}
}

// --- for people ---------------------------------------------------------------------------------

static const char *colour_of(enum doctor_state state, const struct doctor_look *look)
{
	static const char *const colours[] = {[DOCTOR_OK] = "\033[32m",
					      [DOCTOR_LIMITED] = "\033[33m",
					      [DOCTOR_MISSING] = "\033[31m"};
	return look->colour ? colours[state] : "";
}

static const char *set(const struct doctor_look *look, const char *code)
{
	return look->colour ? code : "";
}

// Columns that a text fills, a character each.
static size_t width_of(struct str text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.n; i++)
		width += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return width;
}

// A labelled paragraph, broken between words.
static void paragraph(struct buf *out, const char *label, const char *text,
		      const struct doctor_look *look)
{
	enum { LABEL = 6 };
	if (!text)
		return;
	struct buf safe = buf_new(out->arena, 4096);
	msg_escape(&safe, str_of(text));
	struct str rest = buf_str(&safe);
	size_t column = INDENT + LABEL;
	buf_printf(out, "%*s%s%-*s%s", INDENT, "", set(look, "\033[2m"), LABEL, label,
		   set(look, "\033[0m"));
	bool first = true;
	for (struct str word; (word = str_word(&rest)).p; first = false) {
		size_t width = width_of(word);
		if (!first && look->width && column + 1 + width > look->width) {
			buf_printf(out, "\n%*s", INDENT + LABEL, "");
			column = INDENT + LABEL;
		} else if (!first) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, word.p, word.n);
		column += width;
	}
	buf_putc(out, '\n');
}

static void check_text(struct buf *out, const struct doctor_check *check,
		       const struct doctor_look *look)
{
	const struct doctor_look unbroken = {.colour = look->colour};
	const char *state = doctor_state_name(check->state);
	buf_printf(out, "  %s%-*s%s%-*s ", colour_of(check->state, look), STATE_WIDTH, state,
		   set(look, "\033[0m"), NAME_WIDTH, check->name);
	msg_escape(out, str_of(check->found ? check->found : ""));
	buf_putc(out, '\n');
	bool amiss = check->state != DOCTOR_OK;
	if (amiss || look->verbose)
		paragraph(out, "for", check->use, look);
	if (amiss || look->verbose)
		paragraph(out, "lost", check->lost, look);
	if (amiss)
		paragraph(out, "mend", check->mend, &unbroken);
}

void doctor_text(struct buf *out, const struct facts *facts, const struct doctor_report *report,
		 const struct doctor_look *look)
{
	size_t n = 0, amiss = 0;
	for (size_t i = 0; i < lengthof(subjects); i++) {
		buf_printf(out, "%s%s%s%s\n", i ? "\n" : "", set(look, "\033[1m"),
			   subjects[i].title, set(look, "\033[0m"));
		for (const struct doctor_row *row = subjects[i].rows; row->name; row++) {
			amiss += report->check[n].state != DOCTOR_OK;
			check_text(out, &report->check[n++], look);
		}
	}
	const char *who = facts->uid ? "this user" : "root";
	if (!report->able)
		buf_printf(out, "\nNo container can run for %s: see what is missing above.\n", who);
	else if (amiss)
		buf_printf(out, "\nContainers run for %s, with the limits above.\n", who);
	else
		buf_printf(out, "\nContainers run for %s, and nothing is missing.\n", who);
}

// --- for programs -------------------------------------------------------------------------------

static void member(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

void doctor_json(struct buf *out, const struct doctor_report *report)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	json_key(&json, "able");
	json_put_bool(&json, report->able);
	json_key(&json, "checks");
	json_open_list(&json);
	for (size_t i = 0; i < report->n; i++) {
		const struct doctor_check *check = &report->check[i];
		json_open_object(&json);
		member(&json, "name", check->name);
		member(&json, "state", doctor_state_name(check->state));
		json_key(&json, "fatal");
		json_put_bool(&json, check->fatal);
		member(&json, "found", check->found);
		member(&json, "use", check->use);
		member(&json, "lost", check->lost);
		member(&json, "mend", check->mend);
		json_close_object(&json);
	}
	json_close_list(&json);
	json_close_object(&json);
	buf_putc(out, '\n');
}
