// SPDX-License-Identifier: Apache-2.0
// mount_words.c - the options of a mount, parted by who heeds them
//
// The words of mount(8) are of two kinds: attributes of a mount and ways to bind, which become
// flags of the step, and options of the file system, which stay text. The runtime specification
// writes an "r" before an attribute that is to hold for what is mounted below as well.
#include "box/plan/mount_words.h"

#include "box/plan.h"
#include "kern/mounts/mount.h"

struct option_row {
	const char *word;
	uint64_t set;
	uint64_t clear;
};

static const struct option_row option_rows[] = {
	{"ro", MOUNT_ATTR_RDONLY, 0},
	{"rw", 0, MOUNT_ATTR_RDONLY},
	{"nosuid", MOUNT_ATTR_NOSUID, 0},
	{"suid", 0, MOUNT_ATTR_NOSUID},
	{"nodev", MOUNT_ATTR_NODEV, 0},
	{"dev", 0, MOUNT_ATTR_NODEV},
	{"noexec", MOUNT_ATTR_NOEXEC, 0},
	{"exec", 0, MOUNT_ATTR_NOEXEC},
	{"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
	{"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
	{"relatime", 0, MOUNT_ATTR__ATIME},
	{"atime", 0, MOUNT_ATTR_NOATIME},
	{"norelatime", 0, 0},
	{"nostrictatime", 0, MOUNT_ATTR_STRICTATIME},
	{"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
	{"diratime", 0, MOUNT_ATTR_NODIRATIME},
	{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
	{"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
	{"sync", MOUNT_SYNC, 0},
	{"async", 0, MOUNT_SYNC},
	{"dirsync", MOUNT_DIRSYNC, 0},
	{"lazytime", MOUNT_LAZYTIME, 0},
	{"nolazytime", 0, MOUNT_LAZYTIME},
	{"iversion", MOUNT_IVERSION, 0},
	{"noiversion", 0, MOUNT_IVERSION},
	{"silent", MOUNT_SILENT, 0},
	{"loud", 0, MOUNT_SILENT},
	{"nomand", 0, 0}, // kernels have no mandatory locks any more
	{"remount", MOUNT_REMOUNT, 0},
	{"defaults", 0, 0},
	{"bind", 0, MOUNT_RECURSIVE},
	{"rbind", MOUNT_RECURSIVE, 0},
	{"private", 0, 0}, // as all mounts of a container are
	{"rprivate", 0, 0},
	{"shared", MOUNT_SHARED, 0},
	{"rshared", MOUNT_SHARED, 0},
	{"slave", MOUNT_SLAVE, 0},
	{"rslave", MOUNT_SLAVE, 0},
	{"unbindable", MOUNT_UNBINDABLE, 0},
	{"runbindable", MOUNT_UNBINDABLE, 0},
	{"U", MOUNT_CHOWN, 0},
	{"z", MOUNT_LABEL, 0},
	{"Z", MOUNT_LABEL, 0},
	{"idmap", 0, 0}, // see is_mapped
	{"ridmap", 0, 0},
	{"anonymous", MOUNT_VOLUME, 0}, // words of ours
	{"copyup", MOUNT_COPY_UP, 0},
	{"tmpcopyup", MOUNT_COPY_UP, 0},
	{"notmpcopyup", 0, MOUNT_COPY_UP},
};

static const struct option_row *find_option(const char *word)
{
	for (size_t i = 0; i < lengthof(option_rows); i++)
		if (str_eq(word, option_rows[i].word))
			return &option_rows[i];
	return NULL;
}

// What is told of a mount, not of how it comes about: attributes, and words that ask for what is
// so anyway.
static bool is_attribute(const struct option_row *row)
{
	uint64_t bits = row->set | row->clear;
	return bits ? !(bits >> 32) : str_eq(row->word, "norelatime");
}

// An attribute with an "r" before it: of this mount and of those below.
static const struct option_row *find_recursive(const char *word)
{
	const struct option_row *row = word[0] == 'r' ? find_option(word + 1) : NULL;
	return row && is_attribute(row) ? row : NULL;
}

static bool is_own_word(const struct option_row *row)
{
	return row->set & (MOUNT_CHOWN | MOUNT_LABEL | MOUNT_VOLUME) || str_eq(row->word, "copyup");
}

void plan_mount_options(struct arena *arena, struct oci_strings *ret_names)
{
	const char **names = arena_array(arena, const char *, 2 * lengthof(option_rows));
	size_t n = 0;
	for (size_t i = 0; i < lengthof(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		if (is_own_word(row))
			continue;
		names[n++] = row->word;
		if (is_attribute(row))
			names[n++] = arena_printf(arena, "r%s", row->word);
	}
	*ret_names = (struct oci_strings){names, n};
}

// "rw" leaves a source as it is: it is what everybody writes who does not want "ro".
static void take_top(struct mount_words *words, const struct option_row *row)
{
	bool clears = is_attribute(row) && !(row->set & MOUNT_ATTR__ATIME);
	uint64_t cleared = clears ? row->clear & ~(uint64_t)MOUNT_ATTR_RDONLY : 0;
	words->flags = (words->flags & ~row->clear & ~mount_as_cleared(row->set)) | row->set |
		       mount_as_cleared(cleared);
}

static void take_below(struct mount_words *words, const struct option_row *row)
{
	words->below = (words->below & ~row->clear) | row->set;
	words->cleared = (words->cleared & ~row->set) | row->clear;
}

void plan_mount_words(struct arena *arena, const struct oci_mount *mount,
		      struct mount_words *ret_words)
{
	struct buf data = buf_new(arena, 4096);
	struct mount_words words = {0};
	for (size_t i = 0; i < mount->options.n; i++) {
		const char *word = mount->options.item[i];
		const struct option_row *row = find_option(word), *below = NULL;
		if (!row)
			below = find_recursive(word);
		if (row)
			take_top(&words, row);
		else if (below)
			take_below(&words, below);
		else
			buf_printf(&data, "%s%s", data.n ? "," : "", word);
	}
	words.data = data.n ? data.p : NULL;
	*ret_words = words;
}
