// SPDX-License-Identifier: Apache-2.0
// net_device.c - a network device moves into another network namespace
//
// A device is in one network namespace at a time. Whoever has CAP_NET_ADMIN over both may move it
// by a message on a netlink socket; it goes down on the way and loses its addresses, keeps the rest
// (hardware address, MTU) and may get another name. When the namespace ends, hardware goes back to
// where it came from, and what was only software is gone.
//
// A netlink socket speaks for the namespace it was made in, wherever its owner is later. So two are
// made, the second while this process stands in the other namespace for a moment.
//
// A message is a header, a fixed part and attributes: length, kind, bytes, each rounded up to four.
// The kernel answers each that asks for it (NLM_F_ACK) with an errno, and a question for a list
// (NLM_F_DUMP) with one message an item.
#include "kern/namespaces/net_device.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MESSAGE_MAX = 1024,     // bytes of one of ours
	ANSWER_MAX = 32 * 1024, // the kernel sends no larger ones
	ADDRESSES_MAX = 256,    // of one device
	NUMBERS_MAX = 1000,     // that "%d" is tried with
};

struct message {
	struct nlmsghdr header;
	char rest[MESSAGE_MAX];
};

struct addresses {
	struct message *item;
	size_t n;
};

// --- messages -----------------------------------------------------------------------------------

static void begin(struct message *message, uint16_t type, uint16_t flags, const void *fixed,
		  size_t size)
{
	memset(message, 0, sizeof(*message));
	message->header = (struct nlmsghdr){
		.nlmsg_len = (uint32_t)NLMSG_LENGTH(size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	memcpy(NLMSG_DATA(&message->header), fixed, size);
}

static int add(struct message *message, uint16_t type, const void *value, size_t size)
{
	size_t at = NLMSG_ALIGN(message->header.nlmsg_len);
	if (at + RTA_LENGTH(size) > sizeof(*message))
		return -EOVERFLOW;
	struct rtattr *attribute = (struct rtattr *)(void *)((char *)message + at);
	*attribute = (struct rtattr){(uint16_t)RTA_LENGTH(size), type};
	memcpy(RTA_DATA(attribute), value, size);
	message->header.nlmsg_len = (uint32_t)(at + RTA_LENGTH(size));
	return 0;
}

static ssize_t receive(int fd, void *answer)
{
	ssize_t n;
	do
		n = recv(fd, answer, ANSWER_MAX, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

// Sends it and hears the verdict. An answer that comes before is left in `answer`.
static int ask(int fd, struct message *message, struct nlmsghdr *answer)
{
	message->header.nlmsg_flags |= NLM_F_ACK;
	if (send(fd, message, message->header.nlmsg_len, 0) < 0)
		return -errno;
	for (bool answered = false;;) {
		char buffer[ANSWER_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
		ssize_t n = receive(fd, buffer);
		TRY((int)min_of(n, (ssize_t)0));
		struct nlmsghdr *header = (struct nlmsghdr *)(void *)buffer;
		for (; NLMSG_OK(header, n); header = NLMSG_NEXT(header, n)) {
			if (header->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
			if (answer && !answered)
				memcpy(answer, header,
				       min_of(header->nlmsg_len, (uint32_t)MESSAGE_MAX));
			answered = true;
		}
	}
}

// --- devices ------------------------------------------------------------------------------------

// The number of a device; 0: there is none of that name.
static int index_of(int fd, const char *name, int *ret_index)
{
	struct message message, answer = {0};
	struct ifinfomsg fixed = {.ifi_family = AF_UNSPEC};
	begin(&message, RTM_GETLINK, 0, &fixed, sizeof(fixed));
	TRY(add(&message, IFLA_IFNAME, name, strlen(name) + 1));
	int result = ask(fd, &message, &answer.header);
	*ret_index = 0;
	if (result == -ENODEV)
		return 0;
	if (result == 0)
		*ret_index = ((struct ifinfomsg *)NLMSG_DATA(&answer.header))->ifi_index;
	return result;
}

static int move(int fd, int index, int space, const char *name)
{
	struct message message;
	struct ifinfomsg fixed = {.ifi_family = AF_UNSPEC, .ifi_index = index};
	begin(&message, RTM_NEWLINK, 0, &fixed, sizeof(fixed));
	TRY(add(&message, IFLA_NET_NS_FD, &space, sizeof(space)));
	TRY(add(&message, IFLA_IFNAME, name, strlen(name) + 1));
	return ask(fd, &message, NULL);
}

static int switch_on(int fd, int index)
{
	struct message message;
	struct ifinfomsg fixed = {.ifi_family = AF_UNSPEC,
				  .ifi_index = index,
				  .ifi_flags = IFF_UP,
				  .ifi_change = IFF_UP};
	begin(&message, RTM_NEWLINK, 0, &fixed, sizeof(fixed));
	return ask(fd, &message, NULL);
}

// --- addresses ----------------------------------------------------------------------------------

// Takes an address as the message that gives it again. What is of the device's old name, or counts
// down, stays behind.
static int take_address(struct nlmsghdr *header, int index, struct addresses *addresses)
{
	struct ifaddrmsg *fixed = NLMSG_DATA(header);
	struct message *to = &addresses->item[addresses->n];
	struct rtattr *attribute = IFA_RTA(fixed);
	size_t left = IFA_PAYLOAD(header);
	uint32_t flags = fixed->ifa_flags;
	if ((int)fixed->ifa_index != index || fixed->ifa_scope != RT_SCOPE_UNIVERSE)
		return 0;
	if (addresses->n == ADDRESSES_MAX)
		return -E2BIG;
	begin(to, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, fixed, sizeof(*fixed));
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type == IFA_FLAGS)
			memcpy(&flags, RTA_DATA(attribute), sizeof(flags));
		if (attribute->rta_type != IFA_LABEL && attribute->rta_type != IFA_CACHEINFO)
			TRY(add(to, attribute->rta_type, RTA_DATA(attribute),
				RTA_PAYLOAD(attribute)));
	}
	addresses->n += flags & IFA_F_PERMANENT ? 1 : 0;
	return 0;
}

static int list_addresses(struct arena *arena, int fd, int index, struct addresses *ret_addresses)
{
	struct message message;
	struct ifaddrmsg fixed = {.ifa_family = AF_UNSPEC};
	*ret_addresses = (struct addresses){arena_array(arena, struct message, ADDRESSES_MAX), 0};
	begin(&message, RTM_GETADDR, NLM_F_DUMP, &fixed, sizeof(fixed));
	if (send(fd, &message, message.header.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		char buffer[ANSWER_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
		ssize_t n = receive(fd, buffer);
		TRY((int)min_of(n, (ssize_t)0));
		struct nlmsghdr *header = (struct nlmsghdr *)(void *)buffer;
		for (; NLMSG_OK(header, n); header = NLMSG_NEXT(header, n)) {
			if (header->nlmsg_type == NLMSG_DONE)
				return 0;
			if (header->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
			if (header->nlmsg_type == RTM_NEWADDR)
				TRY(take_address(header, index, ret_addresses));
		}
	}
}

static int give_addresses(int fd, int index, struct addresses *addresses)
{
	for (size_t i = 0; i < addresses->n; i++) {
		struct ifaddrmsg *fixed = NLMSG_DATA(&addresses->item[i].header);
		fixed->ifa_index = (uint32_t)index;
		TRY(ask(fd, &addresses->item[i], NULL));
	}
	return 0;
}

// --- the whole ----------------------------------------------------------------------------------

static int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return fd < 0 ? -errno : fd;
}

// A socket of the other namespace. This process is there only for that long.
static int open_socket_in(int space)
{
	_cleanup_fd_ int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(space, CLONE_NEWNET))
		return -errno;
	int fd = open_socket();
	if (setns(own, CLONE_NEWNET)) {
		int error = -errno;
		fd_close(&fd);
		return error;
	}
	return fd;
}

// The name inside: what was asked for, if it is free, or the first number that is.
static int choose_name(int inside, const char *wanted, char ret_name[static IFNAMSIZ])
{
	const char *number = strstr(wanted, "%d");
	int index;
	for (int i = 0; i < (number ? NUMBERS_MAX : 1); i++) {
		int n = number ? snprintf(ret_name, IFNAMSIZ, "%.*s%d%s", (int)(number - wanted),
					  wanted, i, number + 2)
			       : snprintf(ret_name, IFNAMSIZ, "%s", wanted);
		if (n >= IFNAMSIZ)
			return -ENAMETOOLONG;
		TRY(index_of(inside, ret_name, &index));
		if (!index)
			return 0;
	}
	return -EEXIST;
}

static int move_between(struct arena *arena, int outside, int inside, int space,
			const char *host_name, const char *wanted)
{
	struct addresses addresses;
	char name[IFNAMSIZ];
	int index;
	TRY(index_of(outside, host_name, &index));
	if (!index)
		return -ENODEV;
	TRY(choose_name(inside, wanted, name));
	TRY(list_addresses(arena, outside, index, &addresses));
	TRY(move(outside, index, space, name));
	TRY(index_of(inside, name, &index));
	TRY(give_addresses(inside, index, &addresses));
	return switch_on(inside, index);
}

int net_device_move(struct arena *arena, pid_t pid, const char *host_name, const char *name)
{
	const char *path = arena_printf(arena, "/proc/%d/ns/net", (int)pid);
	_cleanup_fd_ int space = open(path, O_RDONLY | O_CLOEXEC);
	if (space < 0)
		return fail_sys(-errno, "open '%s'", path);
	_cleanup_fd_ int outside = open_socket(), inside = open_socket_in(space);
	int error = outside < 0  ? outside
		    : inside < 0 ? inside
				 : move_between(arena, outside, inside, space, host_name,
						name ? name : host_name);
	if (!error)
		return 0;
	if (error == -ENODEV)
		return fail(error, "network device '%s': this host has none of that name",
			    host_name);
	if (error == -EEXIST)
		return fail(error, "network device '%s': the container has a '%s' already",
			    host_name, name ? name : host_name);
	fail_sys(error, "move the network device '%s' into the container", host_name);
	if (error == -EPERM)
		fail_hint("that takes CAP_NET_ADMIN on the host");
	if (error == -EINVAL)
		fail_hint("some devices can't leave their network namespace: lo, bridges and "
			  "tunnels among them");
	return error;
}
