// SPDX-License-Identifier: Apache-2.0
// doctor.c - tare doctor
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "cmd/columns.h"
#include "engine/doctor/doctor.h"
#include "kern/process/tty.h"

#include <stdlib.h>
#include <unistd.h>

struct doctor_opts {
	bool verbose;       // -v
	bool json;          // --json
	const char *format; // --format
};

enum { OUTPUT_MAX = 1 << 20, EXIT_UNABLE = 1 };

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct doctor_opts, struct opt_list, field), letter, name, value, help    \
	}

static const struct opt options[] = {
	ROW(verbose, 'v', "verbose", NULL, "say what each is for, also where all is well"),
	ROW(format, 0, "format", "TEMPLATE", "a Go template as Docker takes it, or json"),
	ROW(json, 0, "json", NULL, "all as one JSON object"),
};

static const struct opt_example examples[] = {
	{"tare doctor", "see what this host has for containers, and what to type for the rest"},
	{"tare doctor --format '{{.Name}} {{.State}}'", "a line a check, for scripts"},
	{NULL, NULL},
};

const struct opt_table doctor_table = {
	.name = "doctor",
	.purpose = "tell what this host lacks for containers, and how to mend it",
	.synopsis = (const char *const[]){"[OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

static const struct column column_list[] = {
	{"Name", "NAME"}, {"State", "STATE"}, {"Found", "FOUND"},
	{"Use", "FOR"},   {"Lost", "LOST"},   {"Mend", "MEND"},
};

static const struct columns columns = {column_list, lengthof(column_list),
				       "table {{.Name}}\t{{.State}}\t{{.Found}}"};

// The programs under libexec.
static const char *const helpers[] = {"tare-unpack", "tare-nodes", "tare-blob", "tare-scope", NULL};

static void print_rows(struct arena *arena, const struct doctor_report *report,
		       const struct format *format, struct buf *out)
{
	struct row *rows = arena_array(arena, struct row, report->n);
	for (size_t i = 0; i < report->n; i++) {
		const struct doctor_check *check = &report->check[i];
		const char **row = arena_array(arena, const char *, lengthof(column_list));
		row[0] = check->name;
		row[1] = doctor_state_name(check->state);
		row[2] = check->found;
		row[3] = check->use;
		row[4] = check->lost ? check->lost : "";
		row[5] = check->mend ? check->mend : "";
		rows[i].cell = row;
	}
	format_print(format, &columns, rows, report->n, out);
}

static struct doctor_look look_of(bool verbose)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool terminal = tty_is(STDOUT_FILENO), dumb = term && str_eq(term, "dumb");
	return (struct doctor_look){
		.width = terminal ? tty_columns(STDOUT_FILENO) : 0,
		.colour = terminal && !dumb && !(no_colour && *no_colour),
		.verbose = verbose,
	};
}

int doctor_main(struct command_call *call, int argc, char **argv)
{
	struct doctor_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct facts facts;
	struct survey survey;
	struct doctor_report report;
	struct format format;
	int result = command_opts(call, &doctor_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &doctor_table, &rest, 0, 0));
	if (opts.json + !!opts.format > 1)
		return fail(-EINVAL, "--format and --json: only one of them at a time");
	TRY(format_parse(call->arena, &columns, opts.format, &format));
	TRY(roots_name(call->arena, call->opts.root, call->opts.runroot, &roots));
	unsigned want = FACTS_USER_NAMESPACE | FACTS_OVERLAY | FACTS_LIMITS | FACTS_DELEGATED;
	TRY(facts_gather(call->arena, want, &(struct facts_places){.layers = roots.root}, &facts));
	if (!facts.uid)
		facts_idmapped_layers(call->arena, roots.root, &facts);
	survey_gather(call->arena, &facts, roots.root, roots.runroot, helpers, &survey);
	doctor_examine(call->arena, &facts, &survey, &report);

	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	struct doctor_look look = look_of(opts.verbose);
	if (opts.json)
		doctor_json(&out, &report);
	else if (opts.format)
		print_rows(call->arena, &report, &format, &out);
	else
		doctor_text(&out, &facts, &report, &look);
	call->status = report.able ? 0 : EXIT_UNABLE;
	return msg_print(&out);
}
