// SPDX-License-Identifier: Apache-2.0
// programs.h - a test that starts helper programs has to lie beside them
//
// The programs are found from where the executable is (base/program.h), which for a test is
// BUILD/tests/unit. So the test begins by making a directory with a copy of itself and of
// BUILD/libexec, and goes on there.
#pragma once

#include "base/fd.h"
#include "base/remove.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int programs_copy(const char *from, const char *to)
{
	struct arena arena = {0};
	struct str content;
	_cleanup_fd_ int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	int result = fd < 0 || file_read(&arena, AT_FDCWD, from, 256 << 20, &content) ||
		     fd_write_all(fd, content.p, content.n);
	arena_free(&arena);
	return result;
}

static inline int programs_copy_all(const char *build, const char *place)
{
	char from[PATH_MAX + 300], to[PATH_MAX + 300];
	struct stat status;
	snprintf(from, sizeof(from), "%s/libexec", build);
	snprintf(to, sizeof(to), "%s/libexec", place);
	DIR *list = opendir(from);
	if (!list || mkdir(to, 0755))
		return 1;
	int result = 0;
	for (struct dirent *entry; (entry = readdir(list)) && !result;) {
		snprintf(from, sizeof(from), "%s/libexec/%s", build, entry->d_name);
		snprintf(to, sizeof(to), "%s/libexec/%s", place, entry->d_name);
		if (!stat(from, &status) && S_ISREG(status.st_mode) && status.st_mode & 0100)
			result = programs_copy(from, to);
	}
	closedir(list);
	return result;
}

// At the start of main: returns where the test runs beside the programs; elsewhere it does not
// return, but becomes the test that does.
static inline int programs_beside(char **argv)
{
	static char place[] = "/tmp/tare-test-programs-XXXXXX";
	char build[PATH_MAX], self[sizeof(place) + 8];
	if (getenv("TEST_PROGRAMS"))
		return 0;
	ssize_t n = readlink("/proc/self/exe", build, sizeof(build) - 1);
	for (int up = 0; n > 0 && up < 3; n--)
		up += build[n - 1] == '/';
	build[n > 0 ? n : 0] = '\0';
	snprintf(self, sizeof(self), "%s", mkdtemp(place));
	snprintf(self, sizeof(self), "%s/test", place);
	if (chmod(place, 0755) || programs_copy("/proc/self/exe", self) ||
	    programs_copy_all(build, place))
		return 1;
	setenv("TEST_PROGRAMS", place, 1);
	execv(self, argv);
	return 1;
}

// At its end.
static inline int programs_remove(void)
{
	return remove_tree(AT_FDCWD, getenv("TEST_PROGRAMS"));
}
