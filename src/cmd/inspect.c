// SPDX-License-Identifier: Apache-2.0
// inspect.c - tare inspect
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "cmd/template.h"
#include "engine/containers/container_inspect.h"
#include "engine/containers/containers.h"
#include "engine/images/image_inspect.h"

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
	ROW(type, 0, "type", "container|image",
	    "what the names mean; else a container, or an image"),
	OPT_LATER('s', "size",
		  "du -s ROOT/containers/KEY/upper, as root, tells what one has written"),
};

static const struct opt_example examples[] = {
	{"tare inspect -f '{{.State.ExitCode}}' build", "how a container ended"},
	{"tare inspect debian:12", "all that is known of an image, as JSON"},
	{"tare inspect -f '{{json .Config.Env}}' debian:12", "one part of it"},
	{NULL, NULL},
};

const struct opt_table inspect_table = {
	.name = "inspect",
	.purpose = "tell all that is known of containers and images",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER|IMAGE…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

enum { OUTPUT_MAX = 64 << 20 };

// What the names may mean, from --type.
struct inspect_want {
	bool container;
	bool image;
	const struct roots *roots;
	struct box_record *records; // all containers there are
	size_t records_n;
};

static int want_parse(struct command_call *call, const char *type, const struct roots *roots,
		      struct inspect_want *ret_want)
{
	struct inspect_want want = {.container = true, .image = true, .roots = roots};
	if (type && str_eq(type, "image"))
		want.container = false;
	else if (type && str_eq(type, "container"))
		want.image = false;
	else if (type)
		return fail(-EINVAL, "--type '%s': container or image is expected", type);
	if (want.container)
		TRY(containers_list(call->arena, roots, &want.records, &want.records_n));
	*ret_want = want;
	return 0;
}

// A name that is a container's and an image's is the container's, as in Docker.
static int inspect(struct command_call *call, const struct inspect_want *want, const char *name,
		   struct json_writer *json)
{
	const struct box_record *record;
	int result = -ENOENT;
	if (want->container)
		result = container_find(want->records, want->records_n, name, &record);
	if (result == 0)
		container_inspect(call->arena, record, json);
	if (result != -ENOENT || !want->image)
		return result;
	fault_clear();
	result = image_inspect(call->arena, want->roots, name, json);
	if (result != -ENOENT || !want->container)
		return result;
	fail(-ENOENT, "'%s': there is no container and no image of that name or id", name);
	fail_hint("tare ps -a lists the containers, tare images the images");
	return -ENOENT;
}

static int print_template(struct command_call *call, const char *format, struct str text,
			  struct buf *out)
{
	_cleanup_json_ struct json json = {0};
	TRY(json_parse("inspect", text, &json));
	return template_print(call->arena, format, json.root, out);
}

// One of them, as it is to be printed.
static int tell(struct command_call *call, const struct inspect_want *want, const char *name,
		const struct inspect_opts *opts, struct buf *out)
{
	struct buf text = buf_new(call->arena, OUTPUT_MAX);
	bool json = opts->format && str_eq(opts->format, "json");
	struct json_writer writer = json_writer_new(&text, JSON_COMPACT);
	TRY(inspect(call, want, name, &writer));
	if (opts->format && !json)
		return print_template(call, opts->format, buf_str(&text), out);
	buf_puts(out, text.p);
	buf_putc(out, '\n');
	return 0;
}

// The usual form: one list of all, indented. What fails is said, and the others are told.
static int tell_all(struct command_call *call, const struct inspect_want *want,
		    const struct opt_list *names, struct buf *out)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_list(&json);
	for (size_t i = 0; i < names->n; i++) {
		if (inspect(call, want, names->item[i], &json) < 0) {
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
	struct inspect_want want;
	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	int result = command_opts(call, &inspect_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &inspect_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	TRY(want_parse(call, opts.type ? opts.type : call->group, &roots, &want));
	if (!opts.format) {
		TRY(tell_all(call, &want, &rest, &out));
		return msg_print(&out);
	}
	for (size_t i = 0; i < rest.n; i++) {
		if (tell(call, &want, rest.item[i], &opts, &out) < 0) {
			msg_fault(fault_last());
			call->status = 1;
		}
	}
	return msg_print(&out);
}
