// SPDX-License-Identifier: Apache-2.0
// list.c - tare-oci list
//
// A container that can't be read is told of and passed over: the others are there all the same. So
// is one that goes while it is looked at.
#include "runtime/state.h"

#include "base/fail.h"
#include "base/msg.h"
#include "runtime/log.h"

enum { LIST_MAX = 64 << 20 }; // bytes that are printed

struct list_opts {
	bool quiet;         // -q
	const char *format; // -f
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct list_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(quiet, 'q', "quiet", NULL, "ids only"),
	ROW(format, 'f', "format", "table|json", "for people, or all states as one JSON list"),
};

const struct opt_table runtime_list_table = {
	.program = "tare-oci",
	.name = "list",
	.purpose = "list the containers of the state root",
	.synopsis = (const char *const[]){"[OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
};

struct states {
	struct oci_state *item;
	size_t n;
};

// --- reading ------------------------------------------------------------------------------------

static void look(struct runtime_call *call, const char *id, struct states *states)
{
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = container_open(call, id, CONTAINER_LOOK, &container);
	if (result < 0) {
		log_warning(call, arena_printf(call->arena, "container '%s' is left out: %s", id,
					       fault_last()->text));
		fault_clear();
	}
	if (result == 0)
		states->item[states->n++] = state_of(&container);
}

static int read_all(struct runtime_call *call, struct states *states)
{
	struct oci_strings ids;
	TRY(container_ids(call, &ids));
	states->item = arena_array(call->arena, struct oci_state, ids.n);
	for (size_t i = 0; i < ids.n; i++)
		look(call, ids.item[i], states);
	return 0;
}

// --- printing -----------------------------------------------------------------------------------

enum { COLUMNS = 6, WIDTH_LEAST = 12, GAP = 3 };

static void row_of(struct arena *arena, const struct oci_state *state, const char *row[COLUMNS])
{
	row[0] = state->id;
	row[1] = arena_printf(arena, "%lld", (long long)state->pid);
	row[2] = state->status;
	row[3] = state->bundle;
	row[4] = state->created ? state->created : "";
	row[5] = state->owner ? state->owner : "";
}

static void print_row(struct buf *out, const char *const row[COLUMNS], const size_t width[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++) {
		size_t before = out->n;
		msg_escape(out, str_of(row[i]));
		while (i + 1 < COLUMNS && out->n - before < width[i])
			buf_putc(out, ' ');
	}
	buf_putc(out, '\n');
}

static void print_table(struct arena *arena, struct buf *out, const struct states *states)
{
	static const char *const heads[COLUMNS] = {"ID",     "PID",     "STATUS",
						   "BUNDLE", "CREATED", "OWNER"};
	const char *row[COLUMNS];
	size_t width[COLUMNS];
	for (size_t i = 0; i < COLUMNS; i++)
		width[i] = WIDTH_LEAST;
	for (size_t i = 0; i < states->n; i++) {
		row_of(arena, &states->item[i], row);
		for (size_t j = 0; j < COLUMNS; j++)
			width[j] = max_of(width[j], strlen(row[j]) + GAP);
	}
	print_row(out, heads, width);
	for (size_t i = 0; i < states->n; i++) {
		row_of(arena, &states->item[i], row);
		print_row(out, row, width);
	}
}

static void print_json(struct buf *out, const struct states *states)
{
	struct json_writer json = json_writer_new(out, JSON_COMPACT);
	json_open_list(&json);
	for (size_t i = 0; i < states->n; i++)
		shape_print(&json, &oci_state_shape, &states->item[i]);
	json_close_list(&json);
	buf_putc(out, '\n');
}

int runtime_list_main(struct runtime_call *call, int argc, char **argv)
{
	struct list_opts opts = {0};
	struct opt_list rest = {0};
	struct states states = {0};
	struct buf out = buf_new(call->arena, LIST_MAX);
	int result = runtime_read(call, &runtime_list_table, argc, argv, &opts, 0, 0, &rest);
	bool json;
	if (result)
		return result;
	TRY(runtime_format(opts.format, &json));
	TRY(read_all(call, &states));
	if (json && !opts.quiet)
		print_json(&out, &states);
	else if (!opts.quiet)
		print_table(call->arena, &out, &states);
	for (size_t i = 0; opts.quiet && i < states.n; i++)
		buf_printf(&out, "%s\n", states.item[i].id);
	return msg_print(&out);
}
