// SPDX-License-Identifier: Apache-2.0
// mount_data.c - the text operand of a mount step: options of the file system, and its source
#include "box/plan/mount_data.h"

static const char source_key[] = "source=", mode_key[] = ",mode=";

static const char *find_source(const char *text)
{
	for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (str_starts(at, source_key))
			return at;
	return NULL;
}

int mount_data_read(const struct step *step, struct mount_data *ret_data)
{
	const char *text = step->c, *source = text ? find_source(text) : NULL;
	ret_data->options = text;
	ret_data->source = step->a;
	if (!source)
		return 0;
	ret_data->source = source + strlen(source_key);
	ret_data->options = NULL;
	if (source == text)
		return 0;
	size_t n = (size_t)(source - text) - 1; // without the comma
	if (n >= sizeof(ret_data->room))
		return -EOVERFLOW;
	memcpy(ret_data->room, text, n);
	ret_data->room[n] = '\0';
	ret_data->options = ret_data->room;
	return 0;
}

int mount_data_add_mode(struct mount_data *data, int mode)
{
	const char *options = data->options ? data->options : "";
	size_t n = strlen(options);
	if (n + sizeof(mode_key) + 4 > sizeof(data->room))
		return -EOVERFLOW;
	memmove(data->room, options, n);
	memcpy(data->room + n, mode_key + !n, sizeof(mode_key) - !n); // no comma before the first
	n = strlen(data->room);
	for (int shift = 9; shift >= 0; shift -= 3)
		data->room[n++] = (char)('0' + (mode >> shift & 7));
	data->room[n] = '\0';
	data->options = data->room;
	return 0;
}

const char *mount_data_text(struct arena *arena, const char *options, const char *source)
{
	if (!source)
		return options;
	return arena_printf(arena, "%s%s%s%s", options ? options : "", options ? "," : "",
			    source_key, source);
}
