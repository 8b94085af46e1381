// SPDX-License-Identifier: Apache-2.0
// csv.c - one line of comma separated values, as --mount and --gpus are written
//
// Docker reads these options with a general CSV reader, so a path with a comma in it is written
// 'type=bind,"src=/a,b",dst=/c'. The rules are those of RFC 4180 for one line.
#include "engine/mounts/csv.h"

#include "base/buf.h"

static int quoted(struct arena *arena, struct str *rest, const char **ret_field)
{
	struct buf field = buf_new(arena, rest->n);
	size_t i = 1;
	for (; i < rest->n; i++) {
		if (rest->p[i] == '"' && (i + 1 == rest->n || rest->p[i + 1] != '"'))
			break;
		i += rest->p[i] == '"';
		buf_putc(&field, rest->p[i]);
	}
	if (i >= rest->n || (i + 1 < rest->n && rest->p[i + 1] != ','))
		return -EINVAL;
	if (i + 1 == rest->n)
		*rest = (struct str){0};
	else
		*rest = (struct str){rest->p + i + 2, rest->n - i - 2};
	*ret_field = field.p;
	return 0;
}

int csv_next(struct arena *arena, struct str *rest, const char **ret_field)
{
	if (rest->n && rest->p[0] == '"')
		return quoted(arena, rest, ret_field);
	struct str field = str_cut(rest, ',');
	if (field.n && memchr(field.p, '"', field.n))
		return -EINVAL;
	*ret_field = arena_dup_n(arena, field.p, field.n);
	return 0;
}
