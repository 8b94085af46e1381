// SPDX-License-Identifier: Apache-2.0
// import.c - tare import
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/images/import.h"

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct import_opts, struct oci_strings, field), letter, name, value, help \
	}

static const struct opt options[] = {
	ROW(change, 'c', "change", "INSTRUCTION",
	    "set how it is run, by a line as in a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, "
	    "HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR"),
	ROW(message, 'm', "message", "TEXT", "a line for the image's history"),
	ROW(platform, 0, "platform", "OS/ARCH", "the machine it is for, if not this one"),
};

static const struct opt_example examples[] = {
	{"mmdebstrap bookworm | tare import - debian:bookworm", "make an image of Debian"},
	{"tare import -c 'CMD [\"nginx\"]' -c 'EXPOSE 80' web.tar.gz web", "say how it is run"},
	{NULL, NULL},
};

const struct opt_table import_table = {
	.name = "import",
	.purpose = "make an image of the tar of a root file system",
	.synopsis = (const char *const[]){"[OPTION…] FILE|- [NAME[:TAG]]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

int import_main(struct command_call *call, int argc, char **argv)
{
	struct import_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct buf out = buf_new(call->arena, 1024);
	const char *id;
	int result = command_opts(call, &import_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &import_table, &rest, 1, 2));
	opts.file = rest.item[0];
	opts.name = rest.n > 1 ? rest.item[1] : NULL;
	TRY(command_roots(call, &roots));
	TRY(engine_import(call->arena, &roots, &opts, &id));
	buf_printf(&out, "%s\n", id);
	return msg_print(&out);
}
