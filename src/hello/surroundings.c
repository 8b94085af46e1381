// SPDX-License-Identifier: Apache-2.0
// surroundings.c - what lies within reach: devices, network, environment, open files
//
// The descriptors that a process inherits are doors: one that its starter forgot to close can lead
// out of the container whatever else is shut. There should be 0, 1 and 2 and no other.
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

#include <dirent.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

extern char **environ;

// The names in a directory in order, without dots; NULL ends them.
static char **names_in(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	char **names = calloc(n < 0 ? 1 : n + 1, sizeof(*names));
	if (!names)
		abort();
	for (int i = 0, kept = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			names[kept++] = entries[i]->d_name;
	}
	return names;
}

static void device_json(const char *name)
{
	struct stat status;
	char *path = text_join(NULL, "/dev/%s", name);
	if (lstat(path, &status))
		return;
	json_open(NULL, '{');
	json_text("name", name);
	json_text("kind", S_ISCHR(status.st_mode)   ? "char"
			  : S_ISBLK(status.st_mode) ? "block"
			  : S_ISLNK(status.st_mode) ? "link"
			  : S_ISDIR(status.st_mode) ? "directory"
						    : "file");
	json_number("mode", status.st_mode & 07777);
	json_number("uid", status.st_uid);
	json_number("gid", status.st_gid);
	if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) {
		json_number("major", major(status.st_rdev));
		json_number("minor", minor(status.st_rdev));
	}
	if (S_ISLNK(status.st_mode)) {
		char to[4096];
		ssize_t n = readlink(path, to, sizeof(to) - 1);
		to[n < 0 ? 0 : n] = '\0';
		json_text("to", to);
	}
	json_close('}');
}

static bool interface_is_up(const char *name)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	bool up = fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &request) && request.ifr_flags & IFF_UP;
	if (fd >= 0)
		close(fd);
	return up;
}

static struct if_nameindex *interfaces(void)
{
	static struct if_nameindex none[1];
	struct if_nameindex *list = if_nameindex();
	return list ? list : none;
}

// The open descriptors, but for the one that is open to look for them.
static bool is_open(int fd, char *ret_to, size_t size)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, ret_to, size - 1);
	ret_to[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

static int descriptors_end(void)
{
	int end = 3;
	char **names = names_in("/proc/self/fd"), to[4096];
	for (; *names; names++) {
		int fd = strtol(*names, NULL, 10);
		if (fd >= end && is_open(fd, to, sizeof(to)))
			end = fd + 1;
	}
	return end;
}

// Pipes and sockets have a number in brackets that differs from run to run: the kind is enough.
static void fds_json(void)
{
	char to[4096];
	json_open("fds", '[');
	for (int fd = 0, end = descriptors_end(); fd < end; fd++) {
		if (!is_open(fd, to, sizeof(to)))
			continue;
		if (to[0] != '/')
			to[strcspn(to, ":")] = '\0';
		json_open(NULL, '{');
		json_number("fd", fd);
		json_text("to", to);
		json_close('}');
	}
	json_close(']');
}

void surroundings_json(void)
{
	json_open("devices", '[');
	for (char **names = names_in("/dev"); *names; names++)
		device_json(*names);
	json_close(']');
	json_open("interfaces", '[');
	for (struct if_nameindex *each = interfaces(); each->if_index; each++) {
		json_open(NULL, '{');
		json_text("name", each->if_name);
		json_bool("up", interface_is_up(each->if_name));
		json_close('}');
	}
	json_close(']');
	json_open("environment", '[');
	for (char **each = environ; *each; each++)
		json_text(NULL, *each);
	json_close(']');
	fds_json();
}

static char *join_names(char **names)
{
	enum { SHOWN_MAX = 24 };
	char *words = NULL;
	int n = 0;
	for (; *names; names++) {
		if (n++ < SHOWN_MAX)
			words = text_join(words, "%s%s", words ? " " : "", *names);
	}
	if (n > SHOWN_MAX)
		words = text_join(words, " and %d more", n - SHOWN_MAX);
	return words ? words : "none";
}

static char *environment_names(void)
{
	size_t n = 0;
	while (environ[n])
		n++;
	char **names = calloc(n + 1, sizeof(*names));
	if (!names)
		abort();
	for (size_t i = 0; i < n; i++)
		names[i] = strndup(environ[i], strcspn(environ[i], "="));
	return join_names(names);
}

void surroundings_text(void)
{
	char *words = NULL, cwd[4096], to[4096];
	for (struct if_nameindex *each = interfaces(); each->if_index; each++)
		words = text_join(words, "%s%s (%s)", words ? ", " : "", each->if_name,
				  interface_is_up(each->if_name) ? "up" : "down");
	text_row("network", "%s", words ? words : "no interface, not even lo");
	text_row("/dev", "%s", join_names(names_in("/dev")));
	text_row("environment", "%s", environment_names());
	int extra = 0;
	for (int fd = 3, end = descriptors_end(); fd < end; fd++)
		extra += is_open(fd, to, sizeof(to));
	text_row("works in", "%s, with %s", getcwd(cwd, sizeof(cwd)) ? cwd : "a lost directory",
		 extra ? text_join(NULL, "%d open files besides 0, 1 and 2: doors left open", extra)
		       : "no open files besides 0, 1 and 2");
}
