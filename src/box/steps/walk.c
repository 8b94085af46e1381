// SPDX-License-Identifier: Apache-2.0
// walk.c - the processes of a start
//
// HOST and INIT take their steps in turn and talk by messages (message.h). Where namespaces of
// others are joined, a third stands between them: MID enters them, makes INIT with HOST as its
// parent, tells of it over a pipe and ends.
#include "box/steps/walk.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "box/steps/op.h"
#include "box/steps/message.h"
#include "box/steps/words.h"
#include "kern/namespaces/clone.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec time;
	sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// --- one step -----------------------------------------------------------------------------------

int walk_take_held(struct walk *walk, const char *path)
{
	for (size_t i = 0; i < walk->held_n; i++)
		if (walk->held[i].fd >= 0 && str_eq(walk->held[i].path, path))
			return take_fd(&walk->held[i].fd);
	return -1;
}

size_t walk_index(const struct walk *walk, const struct step *step)
{
	return (size_t)(step - walk->plan->steps);
}

static int take(struct walk *walk, size_t i)
{
	const struct step *step = &walk->plan->steps[i];
	struct walk_trace *trace = walk->trace ? &walk->trace[i] : NULL;
	if (trace)
		trace->begin = now();
	int result = op_row(step->op)->run(walk, step);
	bool spared = result < 0 && step->spare && result == -step->spare;
	if (trace) {
		trace->end = now();
		trace->result = min_of(result, 0);
		trace->spared = spared;
	}
	return spared ? 0 : min_of(result, 0);
}

int walk_here(struct walk *walk, size_t first, size_t last, size_t *ret_step)
{
	for (size_t i = first; i < last; i++) {
		int result = take(walk, i);
		if (result < 0) {
			*ret_step = i;
			return result;
		}
	}
	return 0;
}

// --- INIT ---------------------------------------------------------------------------------------

// Waits for HOST's word to go on. HOST's death ends this process too.
static void await_host(struct walk *walk)
{
	struct walk_message message;
	if (walk_hear(walk, &message) != 1 || message.said != SAID_GO)
		sys_call(SYS_exit_group, 125);
}

// Returns only when it can't become the workload: with the status to exit with.
static int be_init(struct walk *walk, size_t first)
{
	const struct plan *plan = walk->plan;
	bool waiting = false, taken = false;
	for (size_t i = first; i < plan->steps_n; i++) {
		if (plan->steps[i].actor != ACTOR_INIT) {
			if (taken && !waiting && walk_say(walk, SAID_GO, i, 0) < 0)
				break; // else both would wait for the other
			waiting = true;
			continue;
		}
		if (waiting)
			await_host(walk);
		waiting = false;
		taken = true;
		int result = take(walk, i);
		if (result < 0) {
			walk_say(walk, SAID_FAILED, i, result);
			break;
		}
	}
	return 125;
}

static size_t step_after(const struct plan *plan, unsigned op)
{
	size_t i = 0;
	while (plan->steps[i].op != op)
		i++;
	return i + 1;
}

int walk_say_exec(struct walk *walk)
{
	if (walk->socket < 0)
		return 0; // `tare step`: there is nobody to tell
	return walk_say(walk, SAID_EXEC, step_after(walk->plan, OP_EXEC) - 1, 0);
}

struct start {
	const struct walk *parent;
	size_t first;
	int socket;
};

// The child's first function. Its copy of the walk lies on its own stack: what HOST sees stays as
// it is, also where the two share memory.
static int child_main(void *argument)
{
	const struct start *start = argument;
	struct walk walk = *start->parent;
	struct exec_why why = {0};
	walk.self = ACTOR_INIT;
	walk.arena = NULL;
	walk.socket = start->socket;
	walk.why = &why;
	// Our copy of HOST's end would keep the connection open when HOST dies.
	if (start->socket != start->parent->socket)
		sys_call(SYS_close, start->parent->socket);
	if (walk.born >= 0)
		sys_call(SYS_close, walk.born);
	return be_init(&walk, start->first);
}

// What MID tells HOST: that the child is there, or which step failed.
struct birth {
	int32_t error; // negative errno
	uint32_t step;
	uint32_t detail; // of the error: walk.detail
	int32_t pid;
};

// MID has HOST's place as the one who makes the child, and the child's place at the socket.
static int clone_as_mid(struct walk *walk)
{
	struct start start = {walk, step_after(walk->plan, OP_CLONE), walk->socket};
	struct clone_want want = {
		.namespaces = walk->plan->namespaces &
			      ~(uint64_t)(walk->plan->mid_user ? CLONE_NEWUSER : 0),
		.sibling = true,
		.cgroup = walk->slot[SLOT_CGROUP2],
	};
	int pidfd;
	TRY(clone_child(&want, child_main, &start, &pidfd, &walk->pid));
	return (int)sys_call(SYS_close, pidfd);
}

// MID's first function. It makes its copy of the walk as INIT does.
static int mid_main(void *argument)
{
	const struct start *start = argument;
	const struct plan *plan = start->parent->plan;
	struct walk walk = *start->parent;
	struct birth birth = {0};
	bool waiting = false;
	walk.self = ACTOR_MID;
	walk.arena = NULL;
	walk.socket = start->socket;
	sys_call(SYS_close, start->parent->socket);
	for (size_t i = start->first; i < plan->steps_n && birth.error >= 0; i++) {
		if (plan->steps[i].actor != ACTOR_MID && walk.pid)
			break;
		if (plan->steps[i].actor != ACTOR_MID) {
			waiting = true;
			continue;
		}
		if (waiting)
			await_host(&walk);
		waiting = false;
		birth = (struct birth){.error = take(&walk, i), .step = (uint32_t)i};
	}
	birth.detail = walk.detail;
	birth.pid = walk.pid;
	sys_call(SYS_write, walk.born, &birth, sizeof(birth));
	return 0;
}

int walk_mid(struct walk *walk, bool user)
{
	int pair[2], birth[2], pidfd;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	walk->socket = pair[0];
	_cleanup_fd_ int theirs = pair[1];
	if (pipe2(birth, O_CLOEXEC))
		return -errno;
	_cleanup_fd_ int born = birth[0];
	walk->born = birth[1];
	struct start start = {walk, step_after(walk->plan, OP_MID), theirs};
	struct clone_want want = {.namespaces = user ? CLONE_NEWUSER : 0, .cgroup = -1};
	int result = clone_child(&want, mid_main, &start, &pidfd, &walk->mid);
	fd_close(&walk->born);
	TRY(result);
	close(pidfd);
	walk->born = take_fd(&born);
	return 0;
}

static int clone_as_host(struct walk *walk)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail_sys(-errno, "make a socket pair");
	struct start start = {walk, step_after(walk->plan, OP_CLONE), pair[1]};
	struct clone_want want = {
		.namespaces = walk->plan->namespaces,
		.share_memory = walk->plan->share_memory,
		.cgroup = walk->slot[SLOT_CGROUP2],
	};
	walk->socket = pair[0];
	int result = clone_child(&want, child_main, &start, &walk->pidfd, &walk->pid);
	close(pair[1]);
	return result;
}

int walk_clone(struct walk *walk)
{
	return walk->self == ACTOR_MID ? clone_as_mid(walk) : clone_as_host(walk);
}

// --- HOST ---------------------------------------------------------------------------------------

void walk_init(struct walk *walk, const struct plan *plan)
{
	*walk = (struct walk){
		.plan = plan,
		.socket = -1,
		.pidfd = -1,
		.born = -1,
		.ignored = plan->facts->ignored,
		.umask = 0022,
	};
	for (unsigned kind = 0; kind < NAMESPACE_COUNT; kind++)
		walk->joined[kind] = -1;
	for (unsigned slot = 0; slot < SLOT_COUNT; slot++)
		walk->slot[slot] = -1;
	for (size_t i = 0; i < lengthof(walk->kept); i++)
		walk->kept[i] = -1;
}

// The child's end without an {exec}: it was killed. Its status says by what.
static int child_is_gone(struct walk *walk)
{
	int status = 0;
	waitpid(walk->pid, &status, 0);
	walk->pid = 0;
	return walk_word_killed(walk, status);
}

static void reap_mid(struct walk *walk)
{
	if (walk->mid > 0)
		waitpid(walk->mid, NULL, 0);
	walk->mid = 0;
	fd_close(&walk->born);
}

// What the child has its own copies of by now.
static void let_go(struct walk *walk)
{
	for (unsigned kind = 0; kind < NAMESPACE_COUNT; kind++)
		fd_close(&walk->joined[kind]);
	for (size_t i = 0; i < walk->held_n; i++)
		fd_close(&walk->held[i].fd);
}

// Listens to MID, which makes the child and ends, or fails.
static int await_birth(struct walk *walk)
{
	struct birth birth = {0};
	ssize_t n;
	do
		n = read(walk->born, &birth, sizeof(birth));
	while (n < 0 && errno == EINTR);
	reap_mid(walk);
	if (n != (ssize_t)sizeof(birth))
		return fail(-EPROTO, "the process between was killed before it made the "
				     "container's first process");
	if (birth.pid) {
		walk->pid = birth.pid;
		walk->pidfd = (int)sys_call(SYS_pidfd_open, birth.pid, 0);
	}
	walk->detail = birth.detail;
	if (birth.error)
		return walk_word_failure(walk, birth.step, birth.error, NULL);
	return walk->pidfd < 0 ? fail_sys(walk->pidfd, "open the container's first process") : 0;
}

// Listens to INIT until it became the workload, or failed.
static int await_exec(struct walk *walk)
{
	struct walk_message message, announced = {0};
	for (;;) {
		int result = walk_hear(walk, &message);
		if (result < 0)
			return fail_sys(result, "hear from the container's first process");
		if (result == 0)
			return announced.said ? 0 : child_is_gone(walk);
		walk->detail = message.detail;
		if (message.said == SAID_FAILED)
			return walk_word_failure(walk, message.step, message.error, &message.why);
		if (message.said == SAID_INIT_FAILED && announced.said) {
			announced.why.error = message.error;
			bool emulator =
				message.error == -ENOENT && announced.why.trouble == EXEC_MACHINE;
			if (message.error != -ENOEXEC && !emulator)
				announced.why.trouble = EXEC_OTHER;
			return walk_word_failure(walk, announced.step, message.error,
						 &announced.why);
		}
		if (message.said == SAID_EXEC)
			announced = message;
	}
}

// Waits for INIT's word that it is HOST's turn again.
static int await_turn(struct walk *walk)
{
	struct walk_message message;
	int result = walk_hear(walk, &message);
	if (result < 0)
		return fail_sys(result, "hear from the container's first process");
	if (result == 0)
		return child_is_gone(walk);
	walk->detail = message.detail;
	if (message.said != SAID_GO)
		return walk_word_failure(walk, message.step, message.error, &message.why);
	return 0;
}

// Lets the other side go on: 0, WORD_LOST where it has ended, which is heard next, or an error,
// after which both would wait.
enum { WORD_LOST = 1 };
static int let_step(struct walk *walk, size_t step)
{
	int result = walk_say(walk, SAID_GO, step, 0);
	if (result == -EPIPE || result == -ECONNRESET)
		return WORD_LOST;
	return result < 0 ? fail_sys(result, "speak to the container's first process") : 0;
}

static int take_host_steps(struct walk *walk)
{
	const struct plan *plan = walk->plan;
	bool cloned = false, to_say = false, theirs = false;
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		if (step->actor != ACTOR_HOST) {
			int lost = to_say ? let_step(walk, i) : 0;
			TRY(lost);
			to_say = false;
			if (step->actor == ACTOR_MID && (lost || step->op == OP_CLONE)) {
				TRY(await_birth(walk));
				cloned = true;
			}
			if (step->op == OP_ID_MAP_WITHIN)
				to_say = true;
			if (lost)
				return await_exec(walk);
			theirs = step->actor == ACTOR_INIT;
			continue;
		}
		if (theirs)
			TRY(await_turn(walk));
		theirs = false;
		walk->undo_n = i + 1;
		int result = take(walk, i);
		if (result < 0)
			return walk_word_failure(walk, i, result, NULL);
		to_say = cloned;
		cloned = cloned || step->op == OP_CLONE || step->op == OP_MID;
	}
	return plan->spec->waits ? 0 : await_exec(walk);
}

void walk_undo(struct walk *walk)
{
	bool failed = false;
	for (size_t i = walk->undo_n; i-- > 0;) {
		const struct step *step = &walk->plan->steps[i];
		const struct op_row *row = op_row(step->op);
		if (step->actor == ACTOR_HOST && row->undo)
			failed = row->undo(walk, step) < 0 || failed;
		walk->keep =
			walk->keep || failed; // the record names it: a later command tries again
	}
	walk->undo_n = 0;
}

static void stop_child(struct walk *walk)
{
	if (walk->mid > 0)
		kill(walk->mid, SIGKILL); // our child, not yet waited for
	reap_mid(walk);
	if (walk->pid > 0) {
		sys_call(SYS_pidfd_send_signal, walk->pidfd, SIGKILL, NULL, 0);
		waitpid(walk->pid, NULL, 0);
	}
	walk->pid = 0;
	fd_close(&walk->pidfd);
	fd_close(&walk->socket);
}

// The mounts are the container's now.
static void drop_kept(struct walk *walk)
{
	for (size_t i = 0; i < lengthof(walk->kept); i++)
		fd_close(&walk->kept[i]);
}

void walk_stop(struct walk *walk)
{
	struct fault kept = *fault_last();
	stop_child(walk);
	fd_close(&walk->slot[SLOT_MASTER]);
	fd_close(&walk->slot[SLOT_LISTENER]);
	drop_kept(walk);
	walk_undo(walk);
	fault_restore(&kept);
}

int walk_run(struct arena *arena, const struct plan *plan, struct walk_trace *trace,
	     struct walk *ret_walk)
{
	struct walk *walk = ret_walk;
	walk_init(walk, plan);
	walk->arena = arena;
	walk->trace = trace;
	walk->held = arena_array(arena, struct walk_held, plan->held_n);
	exec_own(&walk->own);
	int result = take_host_steps(walk);
	let_go(walk);
	if (result < 0) {
		walk_stop(walk);
		return result;
	}
	fd_close(&walk->socket);
	drop_kept(walk);
	return 0;
}
