// SPDX-License-Identifier: Apache-2.0
// stage.c - one process of a helper program's pipeline
//
// A stage is a fork that goes on as another function: it shares nothing with its siblings but the
// pipes between them, and keeps no descriptor that is not its own. If it is to have files under
// other owners, it is born into a user namespace, whose maps its parent writes, or has written by
// newuidmap, while it waits.
#include "helper/stage.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/namespaces/clone.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

struct birth {
	const struct stage *stage;
	pid_t parent;
	int answer;   // to write to
	int go[2];    // a byte comes through it when the maps are there
	int fds_last; // no descriptor beyond this one is open
};

static bool is_kept(const struct stage *stage, int fd)
{
	for (size_t i = 0; i < stage->fds_n; i++)
		if (stage->fds[i] == fd)
			return true;
	return false;
}

static int become_root(const struct birth *birth)
{
	char byte;
	close(birth->go[1]);
	if (read(birth->go[0], &byte, 1) != 1)
		return -EPIPE;
	return setresgid(0, 0, 0) || setresuid(0, 0, 0) ? -errno : 0;
}

static int child(void *argument)
{
	const struct birth *birth = argument;
	struct arena arena = {0};
	struct buf answer = buf_new(&arena, PROGRAM_REPLY_MAX);
	if (dup2(birth->answer, STDOUT_FILENO) < 0)
		return 1;
	int result = birth->stage->maps ? become_root(birth) : 0;
	// Not before: a change of ids takes it away again.
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != birth->parent)
		return 1;
	for (int fd = STDERR_FILENO + 1; fd <= birth->fds_last; fd++)
		if (!is_kept(birth->stage, fd))
			close(fd);
	if (result)
		fail_sys(result, "become root of a user namespace");
	else
		result = birth->stage->work(&arena, birth->stage->context, &answer);
	return result < 0 ? program_answer_fault() : program_answer(buf_str(&answer));
}

static int give_maps(struct arena *arena, pid_t pid, const struct id_maps *maps)
{
	struct facts facts;
	enum idmap_way way;
	TRY(facts_gather(arena, FACTS_CHEAP, NULL, &facts));
	TRY(idmap_choose(maps, &facts, &way));
	return idmap_apply(arena, pid, way, maps, &facts);
}

static int deny_reason(int error)
{
	fail_sys(error, "make a user namespace");
	fail_hint("tare doctor says which switch of this host forbids it");
	return error;
}

int stage_start(struct arena *arena, const struct stage *stage, struct program_child *ret_child)
{
	int answer[2];
	struct birth birth = {.stage = stage, .parent = getpid(), .go = {-1, -1}};
	if (pipe2(answer, O_CLOEXEC) || pipe2(birth.go, O_CLOEXEC))
		return fail_sys(-errno, "pipe for the %s", stage->name);
	_cleanup_fd_ int answer_read = answer[0], answer_write = answer[1];
	_cleanup_fd_ int go_read unused_ = birth.go[0];
	_cleanup_fd_ int go_write = birth.go[1], pidfd = -1;
	birth.answer = answer_write;
	birth.fds_last = max_of(go_write, answer_write) + PROGRAM_FDS_MAX;
	struct clone_want want = {.namespaces = stage->maps ? CLONE_NEWUSER : 0, .cgroup = -1};
	pid_t pid;
	int result = clone_child(&want, child, &birth, &pidfd, &pid);
	if (result < 0)
		return stage->maps ? deny_reason(result)
				   : fail_sys(result, "start the %s", stage->name);
	// A child whose maps can't be written reads the end of the pipe, and ends.
	if (stage->maps)
		TRY(give_maps(arena, pid, stage->maps));
	if (stage->maps && write(go_write, "", 1) != 1)
		return fail_sys(-errno, "start the %s", stage->name);
	*ret_child = (struct program_child){stage->name, pid, take_fd(&answer_read)};
	return 0;
}

int stage_pump(int from, int to, int (*look)(void *context, struct str piece), void *context)
{
	static char piece[256 << 10];
	for (;;) {
		ssize_t n = read(from, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_sys(-errno, "read the layer");
		if (n == 0)
			return 0;
		TRY(look(context, (struct str){piece, (size_t)n}));
		int result = fd_write_all(to, piece, (size_t)n);
		if (result == -EPIPE)
			return STAGE_UNHEARD;
		if (result)
			return fail_sys(result, "pass the layer on");
	}
}
