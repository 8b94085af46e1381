// SPDX-License-Identifier: Apache-2.0
// mountinfo.c - reading /proc/self/mountinfo
//
// The kernel shows each mount of a process's mount namespace as a line:
//
//	36 35 98:0 /sub /mnt rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue
//	id |  |    |    |    |          |          |    |         the file system's options
//	   |  |    |    |    |          |          |    source
//	   |  |    |    |    |          |          type
//	   |  |    |    |    |          none, one or more words, up to the dash
//	   |  |    |    |    this mount's options
//	   |  |    |    target
//	   |  |    the directory of it that is mounted (a bind of a part)
//	   |  device
//	   the mount it lies on
//
// Fields are parted by single spaces and may be empty. A space, tab, newline, backslash or hash in
// a name is written as a backslash and three octal digits. Names are chosen by whoever mounts, so
// they are hostile; the shape of the line is the kernel's.
//
// Without this file a program can only guess where a host keeps its cgroup trees, or what it would
// uncover by an unmount.
#include "kern/mounts/mountinfo.h"

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static const char *unescape(struct arena *arena, struct str field)
{
	char *text = arena_dup_n(arena, field.p ? field.p : "", field.n);
	size_t n = 0;
	for (size_t i = 0; i < field.n; i++) {
		const char *at = field.p + i;
		if (*at == '\\' && field.n - i > 3 && at[1] <= '3' && is_octal(at[1]) &&
		    is_octal(at[2]) && is_octal(at[3])) {
			text[n++] = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + at[3] - '0');
			i += 3;
		} else {
			text[n++] = *at;
		}
	}
	text[n] = '\0';
	return text;
}

static int take_number(struct str *rest, char end, uint32_t *ret_number)
{
	uint64_t number;
	if (str_number(str_cut(rest, end), UINT32_MAX, &number))
		return -EINVAL;
	*ret_number = (uint32_t)number;
	return 0;
}

// The optional words up to the dash; `rest` stands behind it afterwards.
static int take_propagation(struct str *rest, struct str *ret_words)
{
	struct str words = {rest->p, 0};
	while (rest->p) {
		struct str word = str_cut(rest, ' ');
		if (str_is(word, "-")) {
			*ret_words = words;
			return 0;
		}
		words.n = (size_t)(word.p + word.n - words.p);
	}
	return -EINVAL;
}

int mountinfo_next(struct arena *arena, struct str *rest, struct mountinfo *ret_mount)
{
	struct str line = str_line(rest);
	if (!line.p)
		return MOUNTINFO_END;
	if (line.n > MOUNTINFO_LINE_MAX || memchr(line.p, '\0', line.n))
		return -EINVAL;
	struct mountinfo mount;
	TRY(take_number(&line, ' ', &mount.id));
	TRY(take_number(&line, ' ', &mount.parent));
	TRY(take_number(&line, ':', &mount.major));
	TRY(take_number(&line, ' ', &mount.minor));
	struct str root = str_cut(&line, ' ');
	struct str target = str_cut(&line, ' ');
	struct str options = str_cut(&line, ' ');
	struct str propagation;
	TRY(take_propagation(&line, &propagation));
	struct str type = str_cut(&line, ' ');
	struct str source = str_cut(&line, ' ');
	if (!line.p || !root.n || !target.n || !type.n)
		return -EINVAL;
	mount.root = unescape(arena, root);
	mount.target = unescape(arena, target);
	mount.options = unescape(arena, options);
	mount.propagation = unescape(arena, propagation);
	mount.type = unescape(arena, type);
	mount.source = unescape(arena, source);
	mount.super_options = unescape(arena, line);
	*ret_mount = mount;
	return 0;
}

bool mountinfo_has(const char *list, const char *word)
{
	struct str rest = str_of(list);
	while (rest.n)
		if (str_is(str_cut(&rest, ','), word))
			return true;
	return false;
}
