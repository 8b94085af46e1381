// SPDX-License-Identifier: Apache-2.0
// door.c - where a container that was made waits for its start
//
// An OCI runtime makes a container by one command and starts it by another. In between its first
// process stands right before its program: in its root, with the rights it will have. It waits in
// accept(2) on a socket in the container's directory. Who starts it connects and says GO; the
// connection then takes the place of the one to the process that made it, and what goes wrong from
// there is told to who said start (see walk.h). execve closes it, as it does the socket.
//
// So the kernel itself knows what a container waits for: as long as connect(2) succeeds it does. A
// second start comes too late by itself, and a start that is killed before it has said anything was
// none. A start that worked takes the socket's name away: whoever looks then need not knock.
//
// A socket's name has at most 107 bytes, less than a path may have: it is named from /proc/self/fd.
#include "box/steps/door.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "box/steps/message.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { KNOCKS_MAX = 8 };

static const char name[] = "start";

static struct sockaddr_un address_of(int directory)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", directory,
		 name);
	return address;
}

int door_make(int directory, int *ret_fd)
{
	struct sockaddr_un address = address_of(directory);
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, KNOCKS_MAX))
		return fail_sys(-errno, "make the socket '%s'", name);
	*ret_fd = take_fd(&fd);
	return 0;
}

static bool is_go(int connection)
{
	struct walk_message message;
	struct walk walk = {.socket = connection};
	for (unsigned slot = 0; slot < SLOT_COUNT; slot++)
		walk.slot[slot] = -1;
	return walk_hear(&walk, &message) == 1 && message.said == SAID_GO;
}

int door_wait(int door)
{
	for (;;) {
		int connection = (int)sys_call(SYS_accept4, door, NULL, NULL, SOCK_CLOEXEC);
		if (connection == -EINTR || connection == -ECONNABORTED)
			continue;
		if (connection < 0 || is_go(connection))
			return connection;
		sys_call(SYS_close, connection); // it was only looked whether we wait
	}
}

// A connection, -EAGAIN where many stand before the door, DOOR_SHUT's errnos, or another error.
static int knock(int directory, int flags)
{
	struct sockaddr_un address = address_of(directory);
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return take_fd(&fd);
}

static bool is_shut(int error)
{
	return error == -ECONNREFUSED || error == -ENOENT;
}

int door_look(int directory)
{
	if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return DOOR_SHUT;
	_cleanup_fd_ int fd = knock(directory, SOCK_NONBLOCK);
	if (is_shut(fd))
		return DOOR_SHUT;
	return fd < 0 && fd != -EAGAIN ? fail_sys(fd, "connect to the socket '%s'", name) : 0;
}

static int word_failure(struct arena *arena, const struct walk_message *message)
{
	if (message->why.error)
		return exec_why_fail(arena, &message->why);
	return fail_sys(message->error, "the last steps before the container's program");
}

// The end without a word before it: another start was first, or the container was killed.
static int hear(struct arena *arena, struct walk *walk)
{
	struct walk_message message;
	bool announced = false;
	for (;;) {
		int result = walk_hear(walk, &message);
		if (result < 0)
			return fail_sys(result, "hear from the container's first process");
		if (result == 0)
			return announced ? 0 : DOOR_SHUT;
		if (message.said == SAID_FAILED && message.error < 0)
			return word_failure(arena, &message);
		announced = announced || message.said == SAID_EXEC;
	}
}

int door_start(struct arena *arena, int directory)
{
	struct walk walk = {.self = ACTOR_HOST};
	for (unsigned slot = 0; slot < SLOT_COUNT; slot++)
		walk.slot[slot] = -1;
	_cleanup_fd_ int fd = knock(directory, 0);
	if (is_shut(fd))
		return DOOR_SHUT;
	if (fd < 0)
		return fail_sys(fd, "connect to the socket '%s'", name);
	walk.socket = fd;
	if (walk_say(&walk, SAID_GO, 0, 0) < 0)
		return DOOR_SHUT;
	int result = hear(arena, &walk);
	if (result == 0)
		unlinkat(directory, name, 0);
	return result;
}
