// SPDX-License-Identifier: Apache-2.0
// entries.c - the entries of a directory, for walks that go into what they find
//
// There is one buffer for all depths. Before a directory is left for one below it, its position is
// set behind the entry, so that reading goes on there afterwards.
#include "kern/mounts/entries.h"

#include "base/sys.h"

#include <unistd.h>

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

int entries_take(int directory, struct entries *entries,
		 int (*take)(void *context, const char *name), void *context)
{
	long n = sys_call(SYS_getdents64, directory, entries->bytes, sizeof(entries->bytes));
	if (n <= 0)
		return (int)n;
	for (long at = 0; at < n;) {
		const struct dirent64 *entry = (const void *)(entries->bytes + at);
		at += entry->d_reclen;
		if (is_dots(entry->d_name))
			continue;
		int64_t behind = entry->d_off;
		int result = take(context, entry->d_name);
		if (result < 0)
			return result;
		if (result) {
			long moved = sys_call(SYS_lseek, directory, behind, SEEK_SET);
			return moved < 0 ? (int)moved : 1;
		}
	}
	return 1;
}
