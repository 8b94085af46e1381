// SPDX-License-Identifier: Apache-2.0
// lsm.c - labels of the security modules AppArmor and SELinux
//
// Both judge a process by a label it can't shed: AppArmor's is the name of a profile that was
// loaded before, SELinux's a context, user:role:type:level. A process may write one into its own
// /proc/PID/attr, to be had from its next execve(2) on, where the policy lets it. Which file is
// whose the kernel decides: AppArmor has a directory of its own there, "exec" itself is SELinux's
// where that is on.
#include "kern/process/lsm.h"

#include "kern/namespaces/procfs.h"

#include <fcntl.h>
#include <unistd.h>

enum { LABEL_MAX = 512 };

bool lsm_is_on(const char *module)
{
	if (!str_eq(module, "apparmor"))
		return access("/sys/fs/selinux/enforce", F_OK) == 0;
	char answer = 'N';
	int fd = open("/sys/module/apparmor/parameters/enabled", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool on = read(fd, &answer, 1) == 1 && answer == 'Y';
	close(fd);
	return on;
}

int lsm_label_exec(const char *module, const char *label)
{
	static const char word[] = "exec ";
	char text[sizeof(word) + LABEL_MAX];
	size_t n = strlen(label);
	if (!str_eq(module, "apparmor"))
		return procfs_write_self("attr/exec", label);
	if (n >= LABEL_MAX)
		return -ENAMETOOLONG;
	memcpy(text, word, sizeof(word) - 1);
	memcpy(text + sizeof(word) - 1, label, n + 1);
	return procfs_write_self("attr/apparmor/exec", text);
}
