// SPDX-License-Identifier: Apache-2.0
// tmpfs.c - --tmpfs: file systems in memory
//
// What is written to one counts as memory of the container and is gone with it. Options come in
// two kinds: flags of the mount, of which the later undoes the earlier ("noexec,exec"), and
// settings of the file system ("size=64m"), of which the later replaces the earlier.
#include "engine/mounts/tmpfs.h"

#include "base/fail.h"
#include "engine/mounts/destination.h"
#include "oci/lists.h"

// The flags in pairs: giving one takes the other away.
static const char *const flags[][2] = {
	{"ro", "rw"},
	{"noexec", "exec"},
	{"nosuid", "suid"},
	{"nodev", "dev"},
	{"noatime", "atime"},
	{"nodiratime", "diratime"},
	{"sync", "async"},
	{"relatime", "norelatime"},
	{"strictatime", "nostrictatime"},
	{"tmpcopyup", "notmpcopyup"},
};

enum setting_kind { AMOUNT, PERCENT_OR_AMOUNT, OCTAL, NUMBER_32, WORD };

static const struct setting {
	const char *name;
	enum setting_kind kind;
	const char *expected;
} settings[] = {
	{"size", PERCENT_OR_AMOUNT, "bytes such as 64m, or a share of memory such as 10%"},
	{"mode", OCTAL, "an octal mode such as 1777"},
	{"uid", NUMBER_32, "a number"},
	{"gid", NUMBER_32, "a number"},
	{"nr_inodes", AMOUNT, "a number such as 4096 or 10k"},
	{"nr_blocks", AMOUNT, "a number such as 4096 or 10k"},
	{"huge", WORD, "never, always, within_size or advise"},
	{"mpol", WORD, "a memory policy such as interleave or bind:0-3"},
};

bool tmpfs_is_mode(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
	return s.n >= 1 && s.n <= 4 + (s.p[0] == '0');
}

// What the kernel's memparse takes of it: a whole number and one letter. It would stop at anything
// else without a word.
static bool is_amount(struct str s, bool percent)
{
	uint64_t number;
	if (s.n && percent && s.p[s.n - 1] == '%') {
		s.n--;
		return str_number(s, 100, &number) == 0 && number;
	}
	if (s.n && memchr("kKmMgG", s.p[s.n - 1], 6))
		s.n--;
	return str_number(s, UINT64_MAX >> 31, &number) == 0;
}

// The kernel knows which; here is only seen to it that it stays one option.
static bool is_word(struct str s)
{
	static const char more[] = ":=-_*";
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!plain && !memchr(more, c, sizeof(more) - 1))
			return false;
	}
	return s.n > 0;
}

static bool is_value(enum setting_kind kind, struct str s)
{
	uint64_t number;
	switch (kind) {
	case AMOUNT:
		return is_amount(s, false);
	case PERCENT_OR_AMOUNT:
		return is_amount(s, true);
	case OCTAL:
		return tmpfs_is_mode(s);
	case NUMBER_32:
		return str_number(s, UINT32_MAX - 1, &number) == 0;
	case WORD:
		return is_word(s);
	}
	return false;
}

// Puts the option in the place of the one that begins with, or is, `old`; else at the end.
static void replace(struct arena *arena, struct oci_strings *list, const char *old,
		    const char *option)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *item = list->item[i];
		if (str_eq(item, old) || (strchr(old, '=') && str_starts(item, old))) {
			list->item[i] = option;
			return;
		}
	}
	if (!oci_strings_has(list, option))
		oci_strings_push(arena, list, option);
}

static bool take_flag(struct arena *arena, struct oci_strings *list, struct str option)
{
	for (size_t i = 0; i < lengthof(flags); i++)
		for (int side = 0; side < 2; side++)
			if (str_is(option, flags[i][side])) {
				replace(arena, list, flags[i][!side], flags[i][side]);
				return true;
			}
	return false;
}

static int take_setting(struct arena *arena, const char *flag, const char *text, struct str option,
			struct oci_strings *list)
{
	struct str value = option;
	struct str name = str_cut(&value, '=');
	for (size_t i = 0; i < lengthof(settings); i++) {
		if (!str_is(name, settings[i].name))
			continue;
		if (!value.p || !is_value(settings[i].kind, value))
			return fail(-EINVAL, "%s '%s': %s: %s is expected", flag, text,
				    settings[i].name, settings[i].expected);
		replace(arena, list, arena_printf(arena, "%s=", settings[i].name),
			arena_dup_n(arena, option.p, option.n));
		return 0;
	}
	fail(-EINVAL, "%s '%s': '%.*s' is not an option of a tmpfs", flag, text,
	     (int)min_of(option.n, 64u), option.p);
	fail_hint("usual ones are size=64m, mode=1777, uid=1000, exec and ro");
	return -EINVAL;
}

void tmpfs_begin(struct arena *arena, struct oci_mount *mount)
{
	static const char *const defaults[] = {"rw", "noexec", "nosuid", "nodev", NULL};
	oci_strings_push_all(arena, &mount->options, defaults);
}

int tmpfs_word(struct arena *arena, const char *flag, const char *text, struct str word,
	       struct oci_mount *mount)
{
	if (take_flag(arena, &mount->options, word))
		return 0;
	return take_setting(arena, flag, text, word, &mount->options);
}

int tmpfs_parse(struct arena *arena, const char *text, struct oci_mount *ret_mount)
{
	struct oci_mount mount = {.type = "tmpfs", .source = "tmpfs"};
	struct str options = str_of(text);
	struct str destination = str_cut(&options, ':');
	TRY(destination_parse(arena, "--tmpfs", text, destination, &mount.destination));
	tmpfs_begin(arena, &mount);
	while (options.n)
		TRY(tmpfs_word(arena, "--tmpfs", text, str_cut(&options, ','), &mount));
	*ret_mount = mount;
	return 0;
}
