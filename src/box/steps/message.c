// SPDX-License-Identifier: Apache-2.0
// message.c - what the processes of a start say to each other
//
// Messages are of one size and kind, with up to eight descriptors beside each (see slots_sent). GO
// hands over to the other side, FAILED names a step and an errno, EXEC announces the last system
// call of the setup. With --init that executes the reaper, whose child then executes the workload;
// when it can't, a message of four bytes says the errno.
#include "box/steps/message.h"

#include "base/sys.h"

#include <sys/socket.h>

// Which slots cross over, by who sends them.
static const uint32_t slots_sent[] = {
	[ACTOR_HOST] = 0,
	[ACTOR_MID] = 0,
	[ACTOR_INIT] = 1u << SLOT_MASTER | 1u << SLOT_LISTENER,
};

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(SLOT_COUNT * sizeof(int))];
};

int walk_say(struct walk *walk, enum said said, size_t step, int error)
{
	struct walk_message message = {
		.said = said, .step = (uint32_t)step, .error = error, .detail = walk->detail};
	union control control = {0};
	int *fds = (int *)(void *)CMSG_DATA(&control.header);
	size_t n = 0;
	for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
		if (!(slots_sent[walk->self] >> slot & 1) || walk->slot[slot] < 0)
			continue;
		message.slots |= 1u << slot;
		fds[n++] = walk->slot[slot];
	}
	if ((said == SAID_FAILED || said == SAID_EXEC) && walk->why)
		message.why = *walk->why;
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
	struct iovec part = {&message, sizeof(message)};
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = n ? &control : NULL,
		.msg_controllen = n ? CMSG_SPACE(n * sizeof(int)) : 0,
	};
	int result = (int)sys_call(SYS_sendmsg, walk->socket, &header, MSG_NOSIGNAL);
	// Calls must fail when the agent has gone, rather than wait for a copy of ours.
	if (result >= 0 && message.slots >> SLOT_LISTENER & 1) {
		sys_call(SYS_close, walk->slot[SLOT_LISTENER]);
		walk->slot[SLOT_LISTENER] = -1;
	}
	return result;
}

int walk_hear(struct walk *walk, struct walk_message *ret_message)
{
	union control control = {0};
	struct iovec part = {ret_message, sizeof(*ret_message)};
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	long n;
	do
		n = sys_call(SYS_recvmsg, walk->socket, &header, MSG_CMSG_CLOEXEC);
	while (n == -EINTR);
	if (n == -ECONNRESET)
		return 0;
	if (n <= 0)
		return (int)n;
	if (n == (long)sizeof(ret_message->said)) { // src/init knows of no struct
		ret_message->error = -(int)ret_message->said;
		ret_message->said = SAID_INIT_FAILED;
		return 1;
	}
	if (n != (long)sizeof(*ret_message))
		return -EPROTO;
	const int *fds = (const int *)(const void *)CMSG_DATA(&control.header);
	size_t got = header.msg_controllen >= CMSG_LEN(0)
			     ? (control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int)
			     : 0;
	for (unsigned slot = 0, i = 0; slot < SLOT_COUNT && i < got; slot++)
		if (ret_message->slots >> slot & 1) {
			if (walk->slot[slot] >= 0)
				sys_call(SYS_close, walk->slot[slot]);
			walk->slot[slot] = fds[i++];
		}
	return 1;
}
