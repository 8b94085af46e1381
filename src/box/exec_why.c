// SPDX-License-Identifier: Apache-2.0
// exec_why.c - finding a program and becoming it
#include "box/exec_why.h"

#include "base/fail.h"
#include "base/path.h"
#include "base/sys.h"

#include <fcntl.h>
#include <sys/stat.h>

void exec_own(struct exec_own *ret_own)
{
	struct stat status;
	*ret_own = (struct exec_own){0};
	if (stat("/proc/self/exe", &status) == 0)
		*ret_own = (struct exec_own){status.st_dev, status.st_ino};
}

static const char *path_of(const char *const *env)
{
	for (; *env; env++)
		if (str_starts(*env, "PATH="))
			return *env + 5;
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

int exec_run(const struct exec_own *own unused_, const char *const *args, const char *const *env,
	     int (*before)(void *), void *context, struct exec_why *ret_why)
{
	char path[PATH_LENGTH_MAX];
	TRY(before(context));
	int result = -ENOENT;
	if (strchr(args[0], '/')) {
		result = (int)sys_call(SYS_execve, args[0], args, env);
	} else {
		for (const char *entry = path_of(env); entry;) {
			const char *end = strchr(entry, ':');
			size_t n = end ? (size_t)(end - entry) : strlen(entry);
			size_t name = strlen(args[0]) + 1;
			if (n + 1 + name <= sizeof(path)) {
				memcpy(path, entry, n);
				path[n] = '/';
				memcpy(path + n + 1, args[0], name);
				result = (int)sys_call(SYS_execve, path, args, env);
				if (result != -ENOENT && result != -ENOTDIR && result != -EACCES)
					break;
			}
			entry = end ? end + 1 : NULL;
		}
	}
	ret_why->error = result;
	size_t n = min_of(strlen(args[0]), sizeof(ret_why->path) - 1);
	memcpy(ret_why->path, args[0], n);
	return result;
}

int exec_why_fail(struct arena *arena unused_, const struct exec_why *why)
{
	fail_sys(why->error, "run '%s'", why->path);
	fail_exit_code(why->error == -ENOENT ? 127 : 126);
	return why->error;
}
