// SPDX-License-Identifier: Apache-2.0
// idmapped.c - whether an overlay takes layers that are seen with other ids
//
// An overlay has taken id-mapped mounts as layers since Linux 5.19, but only since about 6.13 ones
// that are attached nowhere; and the file system that the layers lie on has to take part. So it is
// tried, on that file system, with a mount that nobody ever sees.
#include "kern/facts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "base/sys.h"
#include "kern/mounts/idmap_namespace.h"
#include "kern/mounts/mount.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <unistd.h>

static int set_layer(int fs, int mount)
{
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_FD, "lowerdir+", NULL, mount);
}

// An overlay that is only read has two layers at the least.
static int try_overlay(const char *directory, int ids)
{
	_cleanup_fd_ int fs = (int)sys_call(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	_cleanup_fd_ int mapped = mount_copy(AT_FDCWD, directory, false);
	_cleanup_fd_ int other = mount_new("tmpfs", "tmpfs", "size=0,nr_inodes=1", 0);
	if (fs < 0 || mapped < 0 || other < 0)
		return -EBADF;
	TRY(mount_idmap(mapped, ids, false));
	TRY(set_layer(fs, mapped));
	TRY(set_layer(fs, other));
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

void facts_idmapped_layers(struct arena *arena, const char *directory, struct facts *facts)
{
	static const struct id_map map = {0, 100000, 65536};
	static const struct id_maps maps = {&map, 1, &map, 1};
	struct fault kept = *fault_last();
	_cleanup_fd_ int ids = idmap_namespace(arena, &maps, facts);
	facts->idmapped_layers =
		ids >= 0 && try_overlay(parents_existing(arena, directory), ids) >= 0;
	fault_restore(&kept);
}
