// SPDX-License-Identifier: Apache-2.0
// images.c - tare images
#include "cmd/command.h"

#include "base/ago.h"
#include "base/fail.h"
#include "base/msg.h"
#include "cmd/columns.h"
#include "cmd/image_filter.h"
#include "engine/images/images.h"

#include <time.h>

struct images_opts {
	bool all;               // -a
	bool quiet;             // -q
	bool no_trunc;          // --no-trunc
	bool digests;           // --digests
	bool json;              // --json
	const char *format;     // --format
	struct opt_list filter; // --filter
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct images_opts, struct opt_list, field), letter, name, value, help    \
	}

static const struct opt options[] = {
	ROW(all, 'a', "all", NULL, "all of them, which is what is shown in any case"),
	ROW(quiet, 'q', "quiet", NULL, "ids only"),
	ROW(no_trunc, 0, "no-trunc", NULL, "show ids in full"),
	ROW(digests, 0, "digests", NULL, "show the digests of manifests"),
	ROW(filter, 'f', "filter", "KEY=VALUE",
	    "only those that match: dangling, reference, label, before, since"),
	ROW(format, 0, "format", "TEMPLATE", "a Go template as Docker takes it, table or json"),
	ROW(json, 0, "json", NULL, "all as one JSON list"),
	OPT_LATER(0, "tree", "{{json .RootFS.Layers}} of tare inspect are the layers of one"),
};

const struct opt_table images_table = {
	.name = "images",
	.purpose = "list images",
	.synopsis = (const char *const[]){"[OPTION…] [NAME[:TAG]]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
};

static const struct column column_list[] = {
	{"Repository", "REPOSITORY"},
	{"Tag", "TAG"},
	{"Digest", "DIGEST"},
	{"ID", "IMAGE ID"},
	{"CreatedSince", "CREATED"},
	{"CreatedAt", "CREATED AT"},
	{"Size", "SIZE"},
	{"Containers", "CONTAINERS"},
};

enum { REPOSITORY, TAG, DIGEST, ID, CREATED_SINCE, CREATED_AT, SIZE, CONTAINERS, COLUMNS };
static_assert(lengthof(column_list) == COLUMNS, "a name for each column");

#define TABLE(digest)                                                                              \
	"table {{.Repository}}\t{{.Tag}}\t" digest "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"

static const struct columns usual = {column_list, lengthof(column_list), TABLE(""), true};
static const struct columns with_digests = {column_list, lengthof(column_list),
					    TABLE("{{.Digest}}\t"), true};

enum { SHORT_ID = 12, ID_PREFIX = 7, OUTPUT_MAX = 16 << 20 };

static const char none[] = "<none>";

// "1.98MB": three digits, in steps of a thousand.
static const char *size_text(struct arena *arena, int64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	double size = (double)bytes;
	size_t unit = 0;
	while (size >= 1000 && unit < lengthof(units) - 1) {
		size /= 1000;
		unit++;
	}
	return arena_printf(arena, size >= 100 ? "%.0f%s" : "%.3g%s", size, units[unit]);
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

static struct row row_of(struct arena *arena, const struct image_row *image, bool full, int64_t now)
{
	const char **row = arena_array(arena, const char *, COLUMNS);
	row[REPOSITORY] = image->repository ? image->repository : none;
	row[TAG] = image->tag ? image->tag : none;
	row[DIGEST] = image->digest;
	row[ID] = full ? image->id : arena_dup_n(arena, image->id + ID_PREFIX, SHORT_ID);
	row[CREATED_SINCE] = arena_printf(arena, "%s ago", ago_text(arena, now - image->created));
	row[CREATED_AT] = time_text(arena, image->created);
	row[SIZE] = size_text(arena, image->size);
	row[CONTAINERS] = image->containers ? image->containers : "";
	return (struct row){row, image->image ? &image->image->config.config.labels : NULL};
}

// With -q an image that has several names is one.
static bool is_repeated(const struct image_row *images, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_eq(images[j].id, images[i].id))
			return true;
	return false;
}

static int print(struct command_call *call, const struct images_opts *opts,
		 const struct image_row *images, size_t n)
{
	const struct columns *columns = opts->digests ? &with_digests : &usual;
	struct row *rows = arena_array(call->arena, struct row, n);
	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	struct format format;
	int64_t now = time(NULL);
	size_t rows_n = 0;
	TRY(format_parse(call->arena, columns, opts->quiet ? "{{.ID}}" : opts->format, &format));
	for (size_t i = 0; i < n; i++)
		if (!opts->quiet || !is_repeated(images, i))
			rows[rows_n++] = row_of(call->arena, &images[i], opts->no_trunc, now);
	if (opts->json)
		format_json(columns, rows, rows_n, &out);
	else
		format_print(&format, columns, rows, rows_n, &out);
	return msg_print(&out);
}

int images_main(struct command_call *call, int argc, char **argv)
{
	struct images_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct image_filter filter = {0};
	struct image_row *images;
	size_t n, kept = 0;
	int result = command_opts(call, &images_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &images_table, &rest, 0, 1));
	if (opts.quiet + opts.json + !!opts.format > 1)
		return fail(-EINVAL, "--quiet, --format and --json: only one of them at a time");
	TRY(image_filter_parse(call->arena, &opts.filter, rest.n ? rest.item[0] : NULL, &filter));
	TRY(command_roots(call, &roots));
	TRY(images_list(call->arena, &roots, &images, &n));
	TRY(image_filter_places(call->arena, &roots, images, n, &filter));
	for (size_t i = 0; i < n; i++)
		if (image_filter_takes(call->arena, &filter, &images[i]))
			images[kept++] = images[i];
	return print(call, &opts, images, kept);
}
