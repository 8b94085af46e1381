// SPDX-License-Identifier: Apache-2.0
// destination.c - where in the container the user may mount something
//
// /proc is where a start writes labels and reads what it did: several runtimes were fooled by a
// volume on /proc/self (CVE-2019-16884 and its kin). So it takes the kernel's procfs and nothing
// else, and /sys takes sysfs. Below /sys a mount is harmless and usual (/sys/fs/cgroup).
#include "engine/mounts/destination.h"

#include "base/fail.h"
#include "base/path.h"
#include "engine/place.h"

static int refuse(const char *flag, const char *text, const char *why, const char *instead)
{
	fail(-EINVAL, "%s '%s': %s", flag, text, why);
	if (instead)
		fail_hint("%s", instead);
	return -EINVAL;
}

int destination_parse(struct arena *arena, const char *flag, const char *text, struct str path,
		      const char **ret_destination)
{
	if (!path.n || path.p[0] != '/')
		return refuse(flag, text, "the destination is not an absolute path", NULL);
	if (path.n >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "%s '%.64s…': the path is too long", flag, text);
	const char *clean = engine_absolute(arena, "/", arena_dup_n(arena, path.p, path.n));
	if (str_eq(clean, "/"))
		return refuse(flag, text, "the destination can't be '/'",
			      "to choose the root file system use --rootfs");
	if (str_eq(clean, "/proc") || str_starts(clean, "/proc/"))
		return refuse(flag, text, "/proc takes only the kernel's own procfs",
			      "mount it elsewhere, such as on /host/proc");
	if (str_eq(clean, "/sys"))
		return refuse(flag, text, "/sys takes only the kernel's own sysfs",
			      "mount it elsewhere, such as on /host/sys");
	if (str_eq(clean, "/dev")) {
		fail(-EOPNOTSUPP, "%s '%s': a mount over all of /dev: not yet", flag, text);
		fail_hint("--privileged shows the host's devices");
		return -EOPNOTSUPP;
	}
	*ret_destination = clean;
	return 0;
}
