// SPDX-License-Identifier: Apache-2.0
// parents.c - making a directory and those above it, or finding the last that is there
#include "base/parents.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

// One that is there may be reported as such, or as one whose parent can't be written.
static int make(const char *path, mode_t mode)
{
	int error = mkdir(path, mode) ? errno : 0;
	return error && error != EEXIST && access(path, F_OK) ? -error : 0;
}

int parents_make(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	size_t n = strnlen(path, sizeof(part));
	if (n == sizeof(part))
		return -ENAMETOOLONG;
	memcpy(part, path, n + 1);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		TRY(make(part, mode));
		*slash = '/';
	}
	return 0;
}

int parents_make_with(const char *path, mode_t mode)
{
	TRY(parents_make(path, mode));
	return make(path, mode);
}

const char *parents_existing(struct arena *arena, const char *path)
{
	char *at = arena_dup(arena, path);
	while (access(at, F_OK) && strlen(at) > 1) {
		char *slash = strrchr(at, '/');
		if (!slash)
			return ".";
		slash[slash == at] = '\0';
	}
	return at;
}
