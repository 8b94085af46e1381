// SPDX-License-Identifier: Apache-2.0
// agent.c - the step that hands a filter's listener to the agent who answers
//
// A filter can leave the answer to a program outside: the call waits until that has heard of it and
// has said what it shall return (seccomp_unotify(2)). Who can hear is who has the listener, a
// descriptor that the kernel gives to the process which puts the filter on. That is INIT; it goes
// to HOST with the hand-over, while nothing of the container's runs yet, and from here to the
// agent.
//
// config-linux.md, "Seccomp": one message a connection, a container process state.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/unix.h"
#include "box/steps/walk.h"
#include "oci/state.h"

static struct str document_of(const struct walk *walk, const struct step *step)
{
	static const char *const fds[] = {"seccompFd"};
	const struct box_spec *spec = walk->plan->spec;
	struct buf text = buf_new(walk->arena, 2 * JSON_BYTES_MAX);
	const struct oci_process_state state = {
		.oci_version = spec->oci.oci_version,
		.fds = {(const char **)fds, 1},
		.pid = walk->pid,
		.metadata = step->b,
		.state =
			{
				.oci_version = spec->oci.oci_version,
				.id = spec->id,
				.status = spec->target ? "running" : "creating",
				.pid = spec->target ? spec->target->pid : walk->pid,
				.bundle = spec->bundle ? spec->bundle : spec->state,
				.annotations = spec->oci.annotations,
			},
	};
	oci_process_state_print(&text, &state);
	return buf_str(&text);
}

// a: the agent's socket; b: text of its own that it gets along.
static int agent_run(struct walk *walk, const struct step *step)
{
	_cleanup_fd_ int listener = take_fd(&walk->slot[SLOT_LISTENER]);
	_cleanup_fd_ int socket = -1;
	if (listener < 0)
		return fail(-EPROTO, "the container's first process sent no seccomp listener");
	int result = unix_connect(step->a, &socket);
	if (result >= 0)
		result = unix_send(socket, document_of(walk, step), listener);
	return result < 0 ? fail_sys(result, "seccomp agent at '%s'", step->a) : 0;
}

static void agent_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "hand the filter's listener to the agent at %s", step->a);
	buf_printf(say->call, "connect(\"%s\"); sendmsg(SCM_RIGHTS)", step->a);
}

const struct op_row op_seccomp_agent = {
	.name = "seccomp-agent",
	.operands = "ab",
	.lore =
		{
			.why = "the profile leaves the answer to some calls to a program outside, "
			       "which can look at them and do them in the caller's place",
			.without = "those calls would fail: there is no such function (ENOSYS)",
			.look = "ls -l /proc/AGENT/fd; each listener is 'anon_inode:seccomp notify'",
		},
	.run = agent_run,
	.say = agent_say,
};
