// SPDX-License-Identifier: Apache-2.0
// parents.c - making the directories above a path
#include "base/parents.h"

#include <limits.h>
#include <sys/stat.h>

int parents_make(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	size_t n = strnlen(path, sizeof(part));
	if (n == sizeof(part))
		return -ENAMETOOLONG;
	memcpy(part, path, n + 1);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		// Of one that is there the kernel may also say that its parent can't be written.
		if (mkdir(part, mode) && errno != EEXIST && errno != EACCES && errno != EROFS)
			return -errno;
		*slash = '/';
	}
	return 0;
}
