// SPDX-License-Identifier: Apache-2.0
// inspect.c - tare inspect
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "cmd/template.h"
#include "engine/containers.h"
#include "engine/image_inspect.h"

struct inspect_opts {
	const char *format; // -f
	const char *type;   // --type
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct inspect_opts, struct opt_list, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(format, 'f', "format", "TEMPLATE", "a Go template as Docker takes it, or json"),
	ROW(type, 0, "type", "image|container", "what the names mean"),
};

static const struct opt_example examples[] = {
	{"tare inspect debian:12", "all that is known of an image, as JSON"},
	{"tare inspect -f '{{json .Config.Env}}' debian:12", "one part of it"},
	{NULL, NULL},
};

const struct opt_table inspect_table = {
	.name = "inspect",
	.purpose = "tell all that is known of images",
	.synopsis = (const char *const[]){"[OPTION…] IMAGE…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

enum { OUTPUT_MAX = 64 << 20 };

static bool is_container(struct arena *arena, const struct roots *roots, const char *name)
{
	struct box_record *records;
	size_t n;
	if (containers_list(arena, roots, &records, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (str_eq(records[i].id, name) ||
		    (records[i].name && str_eq(records[i].name, name)))
			return true;
	return false;
}

// Writes the image; where there is none of that name but a container, the error says that.
static int inspect(struct command_call *call, const struct roots *roots, const char *name,
		   struct json_writer *json)
{
	int result = image_inspect(call->arena, roots, name, json);
	if (result != -ENOENT)
		return result;
	struct fault fault = *fault_last();
	if (!is_container(call->arena, roots, name)) {
		fault_restore(&fault);
		return result;
	}
	fail(-EOPNOTSUPP, "inspect '%s': that is a container, and those can't be inspected yet",
	     name);
	fail_hint("tare ps -a --json tells of containers");
	return -EOPNOTSUPP;
}

static int print_template(struct command_call *call, const char *format, struct str text,
			  struct buf *out)
{
	_cleanup_json_ struct json json = {0};
	TRY(json_parse("inspect", text, &json));
	return template_print(call->arena, format, json.root, out);
}

// One image, as it is to be printed.
static int tell(struct command_call *call, const struct roots *roots, const char *name,
		const struct inspect_opts *opts, struct buf *out)
{
	struct buf text = buf_new(call->arena, OUTPUT_MAX);
	bool json = opts->format && str_eq(opts->format, "json");
	struct json_writer writer = json_writer_new(&text, JSON_COMPACT);
	TRY(inspect(call, roots, name, &writer));
	if (opts->format && !json)
		return print_template(call, opts->format, buf_str(&text), out);
	buf_puts(out, text.p);
	buf_putc(out, '\n');
	return 0;
}

// The usual form: one list of all, indented. What fails is said, and the others are told.
static int tell_all(struct command_call *call, const struct roots *roots,
		    const struct opt_list *names, struct buf *out)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_list(&json);
	for (size_t i = 0; i < names->n; i++) {
		if (inspect(call, roots, names->item[i], &json) < 0) {
			msg_fault(fault_last());
			call->status = 1;
		}
	}
	json_close_list(&json);
	buf_putc(out, '\n');
	return 0;
}

int inspect_main(struct command_call *call, int argc, char **argv)
{
	struct inspect_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	int result = command_opts(call, &inspect_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(command_arguments(call, &inspect_table, &rest, 1, SIZE_MAX));
	if (opts.type && str_eq(opts.type, "container"))
		return fail(-EOPNOTSUPP,
			    "--type container: not yet: tare ps -a --json tells of them");
	if (opts.type && !str_eq(opts.type, "image"))
		return fail(-EINVAL, "--type '%s': image or container is expected", opts.type);
	TRY(command_roots(call, &roots));
	if (!opts.format) {
		TRY(tell_all(call, &roots, &rest, &out));
		return command_print(&out);
	}
	for (size_t i = 0; i < rest.n; i++) {
		if (tell(call, &roots, rest.item[i], &opts, &out) < 0) {
			msg_fault(fault_last());
			call->status = 1;
		}
	}
	return command_print(&out);
}
