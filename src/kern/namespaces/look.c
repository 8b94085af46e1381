// SPDX-License-Identifier: Apache-2.0
// look.c - what can be seen only from inside a namespace
//
// A descriptor of a namespace tells nothing of what is in it: which ids a user namespace maps
// stands in /proc/PID/uid_map of a process in there, and the host name is told to who asks from
// inside. So a child goes in. It tells the name through a pipe and waits until its maps are read.
#include "kern/namespaces/look.h"

#include "base/fd.h"
#include "base/sys.h"
#include "kern/namespaces/namespace.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_TEXT_MAX = 16 * 1024 };

struct told {
	int error;
	char hostname[NAMESPACE_HOSTNAME_MAX];
};

static _Noreturn void be_inside(int user, int uts, int tell, int until)
{
	struct told told = {0};
	struct utsname name;
	char byte;
	if (user >= 0)
		told.error = namespace_enter(&namespaces[NS_USER], user);
	if (!told.error && uts >= 0)
		told.error = namespace_enter(&namespaces[NS_UTS], uts);
	if (uname(&name) == 0)
		snprintf(told.hostname, sizeof(told.hostname), "%s", name.nodename);
	if (write(tell, &told, sizeof(told)) == (ssize_t)sizeof(told))
		while (read(until, &byte, 1) < 0 && errno == EINTR)
			;
	_exit(0);
}

static int read_map(struct arena *arena, pid_t pid, const char *file, const struct id_map **ret_map,
		    size_t *ret_n)
{
	struct str text;
	const char *path = arena_printf(arena, "/proc/%d/%s", (int)pid, file);
	TRY(file_read(arena, AT_FDCWD, path, MAP_TEXT_MAX, &text));
	struct id_map *maps = arena_array(arena, struct id_map, IDMAP_LINES_MAX);
	size_t n = 0;
	for (struct str line; n < IDMAP_LINES_MAX && (line = str_line(&text)).p; n++) {
		uint64_t inside, outside, count;
		if (str_number(str_word(&line), UINT32_MAX, &inside) ||
		    str_number(str_word(&line), UINT32_MAX, &outside) ||
		    str_number(str_word(&line), UINT32_MAX, &count))
			return -EPROTO;
		maps[n] = (struct id_map){(uint32_t)inside, (uint32_t)outside, (uint32_t)count};
	}
	*ret_map = maps;
	*ret_n = n;
	return 0;
}

static int hear(struct arena *arena, pid_t pid, int from, bool user, bool uts,
		struct namespace_view *view)
{
	struct told told;
	ssize_t n = read(from, &told, sizeof(told));
	if (n != (ssize_t)sizeof(told))
		return n < 0 ? -errno : -ECHILD;
	TRY(told.error);
	if (uts)
		view->hostname = arena_dup(arena, told.hostname);
	if (!user)
		return 0;
	TRY(read_map(arena, pid, "uid_map", &view->maps.uid, &view->maps.uid_n));
	return read_map(arena, pid, "gid_map", &view->maps.gid, &view->maps.gid_n);
}

int namespace_look(struct arena *arena, int user, int uts, struct namespace_view *ret_view)
{
	int tell[2], until[2];
	if (pipe2(tell, O_CLOEXEC))
		return -errno;
	_cleanup_fd_ int tell_from = tell[0], tell_to = tell[1];
	if (pipe2(until, O_CLOEXEC))
		return -errno;
	_cleanup_fd_ int until_from = until[0], until_to = until[1];
	struct namespace_view view = {0};
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close(tell_from);
		close(until_to);
		be_inside(user, uts, tell_to, until_from);
	}
	fd_close(&tell_to);
	int result = hear(arena, pid, tell_from, user >= 0, uts >= 0, &view);
	fd_close(&until_to);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	TRY(result);
	*ret_view = view;
	return 0;
}
