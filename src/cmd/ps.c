// SPDX-License-Identifier: Apache-2.0
// ps.c - tare ps
#include "cmd/command.h"

#include "base/ago.h"
#include "base/fail.h"
#include "base/msg.h"
#include "cmd/columns.h"
#include "engine/containers/containers.h"
#include "engine/process/labels.h"

#include <time.h>

struct ps_opts {
	bool all;               // -a
	bool quiet;             // -q
	bool no_trunc;          // --no-trunc
	bool latest;            // -l
	const char *last;       // -n: how many
	bool json;              // --json
	const char *format;     // --format
	struct opt_list filter; // --filter
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct ps_opts, struct opt_list, field), letter, name, value, help        \
	}

static const struct opt options[] = {
	ROW(all, 'a', "all", NULL, "those that have ended, too"),
	ROW(quiet, 'q', "quiet", NULL, "ids only"),
	ROW(latest, 'l', "latest", NULL, "only the one that was made last, whatever it does"),
	ROW(last, 'n', "last", "NUMBER", "only so many that were made last, whatever they do"),
	ROW(no_trunc, 0, "no-trunc", NULL, "show ids and commands in full"),
	ROW(filter, 'f', "filter", "KEY=VALUE",
	    "only those whose id, name, label, status, exited or ancestor is VALUE"),
	ROW(format, 0, "format", "TEMPLATE", "a Go template as Docker takes it, or json"),
	ROW(json, 0, "json", NULL, "all as one JSON list"),
	OPT_LATER('s', "size",
		  "du -s ROOT/containers/KEY/upper, as root, tells what one has written"),
};

const struct opt_table ps_table = {
	.name = "ps",
	.purpose = "list containers",
	.synopsis = (const char *const[]){"[OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
};

static const struct column column_list[] = {
	{"ID", "CONTAINER ID"},      {"Image", "IMAGE"},   {"Command", "COMMAND"},
	{"RunningFor", "CREATED"},   {"Status", "STATUS"}, {"Names", "NAMES"},
	{"CreatedAt", "CREATED AT"}, {"State", "STATE"},   {"Labels", "LABELS"},
};

enum { ID, IMAGE, COMMAND, RUNNING_FOR, STATUS, NAMES, CREATED_AT, STATE, LABELS, COLUMNS };
static_assert(lengthof(column_list) == COLUMNS, "a name for each column");

static const struct columns columns = {
	column_list, lengthof(column_list),
	"table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}", true};

enum { SHORT_ID = 12, SHORT_COMMAND = 20, OUTPUT_MAX = 16 << 20 };

static const char *command_text(struct arena *arena, const struct box_record *record, bool full)
{
	struct buf text = buf_new(arena, 64 * 1024);
	for (size_t i = 0; i < record->command.n; i++)
		buf_printf(&text, "%s%s", i ? " " : "", record->command.item[i]);
	if (!full && text.n > SHORT_COMMAND)
		return arena_printf(arena, "\"%.*s…\"", SHORT_COMMAND - 1, text.p);
	return arena_printf(arena, "\"%s\"", text.p);
}

static const char *time_text(struct arena *arena, int64_t seconds)
{
	char text[64];
	time_t moment = (time_t)seconds;
	struct tm parts;
	gmtime_r(&moment, &parts);
	size_t n = strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S +0000 UTC", &parts);
	return arena_dup_n(arena, text, n);
}

// "NAME=VALUE,NAME=VALUE", as Docker shows them.
static const char *labels_text(struct arena *arena, const struct oci_pairs *labels)
{
	struct buf text = buf_new(arena, 2 * LABELS_BYTES_MAX);
	for (size_t i = 0; i < labels->n; i++)
		buf_printf(&text, "%s%s=%s", i ? "," : "", labels->item[i].name,
			   labels->item[i].value);
	return text.p;
}

// "NAME": it is there; "NAME=VALUE": it has this value.
static bool has_label(const struct box_record *record, const char *text)
{
	struct str value = str_of(text);
	struct str name = str_cut(&value, '=');
	const char *found = labels_find(&record->labels, name);
	return found && (!value.p || str_eq(found, value.p));
}

static struct row row_of(struct arena *arena, const struct box_record *record,
			 const struct ps_opts *opts)
{
	int64_t now = time(NULL);
	const char **row = arena_array(arena, const char *, COLUMNS);
	row[ID] = opts->no_trunc ? record->id : arena_dup_n(arena, record->id, SHORT_ID);
	row[IMAGE] = record->image ? record->image : "";
	row[COMMAND] = command_text(arena, record, opts->no_trunc);
	row[RUNNING_FOR] = arena_printf(arena, "%s ago", ago_text(arena, now - record->created));
	row[STATUS] = container_status(arena, record, now);
	row[NAMES] = record->name ? record->name : "";
	row[CREATED_AT] = time_text(arena, record->created);
	row[STATE] = container_state(record);
	row[LABELS] = labels_text(arena, &record->labels);
	return (struct row){row, &record->labels};
}

static bool is_exited(const struct box_record *record, const char *value)
{
	uint64_t code;
	return str_number(str_of(value), INT32_MAX, &code) == 0 && !record->running &&
	       record->finished && record->exit_code == (int64_t)code;
}

// The image as it was named, or its id, or how that begins.
static bool is_of_image(const struct box_record *record, const char *value)
{
	const char *id = record->image_id;
	const char *digits = id && strchr(id, ':') ? strchr(id, ':') + 1 : id;
	return (record->image && str_eq(record->image, value)) ||
	       (*value && id && (str_starts(id, value) || str_starts(digits, value)));
}

// Filters of one key are alternatives, but for labels; those of different keys all hold: as in
// Docker.
static bool key_matches(const struct box_record *record, struct str key, const char *value)
{
	if (str_is(key, "id"))
		return str_starts(record->id, value);
	if (str_is(key, "name"))
		return record->name && strstr(record->name, value);
	if (str_is(key, "label"))
		return has_label(record, value);
	if (str_is(key, "exited"))
		return is_exited(record, value);
	if (str_is(key, "ancestor"))
		return is_of_image(record, value);
	return str_eq(container_state(record), value);
}

static bool matches(const struct box_record *record, const struct opt_list *filters)
{
	for (size_t i = 0; i < filters->n; i++) {
		struct str value = str_of(filters->item[i]);
		struct str key = str_cut(&value, '=');
		bool any = false;
		if (str_is(key, "label") && !has_label(record, value.p))
			return false;
		for (size_t j = 0; j < filters->n; j++) {
			struct str other_value = str_of(filters->item[j]);
			struct str other = str_cut(&other_value, '=');
			if (other.n == key.n && memcmp(other.p, key.p, key.n) == 0)
				any = any || key_matches(record, key, other_value.p);
		}
		if (!any)
			return false;
	}
	return true;
}

// Docker's words, those for states that do not come up here among them: nothing is in them.
static int check_status(const char *filter, const char *status)
{
	static const char *const known[] = {"created", "restarting", "running", "removing",
					    "paused",  "exited",     "dead"};
	for (size_t i = 0; i < lengthof(known); i++)
		if (str_eq(status, known[i]))
			return 0;
	const char *nearest = opt_nearest(status, known, lengthof(known));
	fail(-EINVAL, "--filter '%s': there is no such status", filter);
	if (nearest)
		fail_hint("did you mean status=%s?", nearest);
	return -EINVAL;
}

static int check_filters(const struct opt_list *filters, bool *ret_all)
{
	static const char *const keys[] = {"id",     "name",     "label", "status",
					   "exited", "ancestor", NULL};
	for (size_t i = 0; i < filters->n; i++) {
		struct str value = str_of(filters->item[i]);
		struct str key = str_cut(&value, '=');
		bool status = str_is(key, "status"), exited = str_is(key, "exited");
		uint64_t code;
		if (!value.p || !str_is_one_of(key, keys))
			return fail(-EINVAL,
				    "--filter '%s': id=, name=, label=, status=, exited= or "
				    "ancestor= is expected",
				    filters->item[i]);
		if (status)
			TRY(check_status(filters->item[i], value.p));
		if (exited && str_number(value, INT32_MAX, &code))
			return fail(-EINVAL, "--filter '%s': an exit code is expected",
				    filters->item[i]);
		*ret_all = *ret_all || status || exited;
	}
	return 0;
}

// How many of the newest are shown, of whatever state; SIZE_MAX: all that are asked for.
static int parse_last(const struct ps_opts *opts, size_t *ret_most)
{
	uint64_t number = opts->latest ? 1 : SIZE_MAX;
	if (opts->last && str_number(str_of(opts->last), INT32_MAX, &number))
		return fail(-EINVAL, "--last '%s': a number is expected", opts->last);
	*ret_most = (size_t)number;
	return 0;
}

int ps_main(struct command_call *call, int argc, char **argv)
{
	struct ps_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct format format;
	struct box_record *records;
	size_t n, rows_n = 0, most = SIZE_MAX;
	int result = command_opts(call, &ps_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &ps_table, &rest, 0, 0));
	if (opts.quiet + opts.json + !!opts.format > 1)
		return fail(-EINVAL, "--quiet, --format and --json: only one of them at a time");
	TRY(check_filters(&opts.filter, &opts.all));
	TRY(parse_last(&opts, &most));
	opts.all = opts.all || most != SIZE_MAX;
	TRY(format_parse(call->arena, &columns, opts.quiet ? "{{.ID}}" : opts.format, &format));
	TRY(command_roots(call, &roots));
	TRY(containers_list(call->arena, &roots, &records, &n));

	struct row *rows = arena_array(call->arena, struct row, n);
	for (size_t i = 0; i < n && rows_n < most; i++)
		if ((opts.all || records[i].running) && matches(&records[i], &opts.filter))
			rows[rows_n++] = row_of(call->arena, &records[i], &opts);
	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	if (opts.json)
		format_json(&columns, rows, rows_n, &out);
	else
		format_print(&format, &columns, rows, rows_n, &out);
	return msg_print(&out);
}
