// SPDX-License-Identifier: Apache-2.0
// read.c - what happened in a container's cgroups
//
// A process that the kernel kills for want of memory sees nothing of it, and its parent sees a
// SIGKILL like any other. The group counts: how often its limit was reached, how many of its
// processes were killed, the most that was in use. The counts go with the group, so they are read
// after the last process and before the removal. Without them "Killed" is all there is to say.
//
// Kernels differ in what they count (memory.peak came with Linux 5.19): what is not there is not
// known, and no error.
#include "kern/cgroup/read.h"

#include "base/fd.h"
#include "kern/cgroup/file.h"
#include "kern/cgroup/v1.h"
#include "kern/cgroup/v2.h"

static uint64_t number(struct str text)
{
	uint64_t value;
	return str_number(text, UINT64_MAX, &value) ? UINT64_MAX : value;
}

uint64_t cgroup_read(struct arena *arena, const char *directory, const char *file, const char *key)
{
	struct str text;
	const char *path = cgroup_path(arena, directory, file);
	if (file_read_small(arena, path, CGROUP_FILE_MAX, &text))
		return UINT64_MAX;
	for (struct str line; (line = str_line(&text)).p;) {
		struct str word = str_word(&line);
		if (!key)
			return number(word);
		if (str_is(word, key))
			return number(str_word(&line));
	}
	return UINT64_MAX;
}

void cgroup_report(struct arena *arena, const struct facts *facts, const char *name,
		   enum cgroup_ask ask, struct cgroup_report *ret_report)
{
	struct cgroup_report report;
	memset(&report, 0xff, sizeof(report)); // UINT64_MAX each
	cgroup_v1_report(arena, facts, name, ask, &report);
	cgroup_v2_report(arena, facts, name, ask, &report);
	*ret_report = report;
}
