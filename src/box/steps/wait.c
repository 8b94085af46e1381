// SPDX-License-Identifier: Apache-2.0
// wait.c - steps of a container that is made by one command and started by another
//
// Its first process goes as far as it can without running the program: into its root, down to the
// rights it will have. Then the command that makes it hands its terminal over, writes down its
// number, and only then lets go of it: a maker that is killed before takes it along, as its first
// process sees the connection end; one that is killed after has left a record by which the
// container can be found and removed.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "base/unix.h"
#include "box/steps/door.h"
#include "box/record/record.h"
#include "box/steps/walk.h"

#include <fcntl.h>
#include <unistd.h>

// --- door ---------------------------------------------------------------------------------------

static int door_run(struct walk *walk, const struct step *step)
{
	int directory = open(step->a, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0)
		return fail_sys(-errno, "open '%s'", step->a);
	walk->slot[SLOT_STATE] = directory;
	return door_make(directory, &walk->slot[SLOT_DOOR]);
}

static int door_undo(struct walk *walk, const struct step *step unused_)
{
	fd_close(&walk->slot[SLOT_DOOR]);
	fd_close(&walk->slot[SLOT_STATE]);
	return 0;
}

static void door_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(say->title, "make the socket at which the container will wait for its start");
	buf_printf(say->call, "bind(\"%s/start\"); listen()", step->a);
}

static void door_script(struct buf *out, const struct plan *plan unused_,
			const struct step *step unused_)
{
	buf_puts(out, "# (the script's container does not wait for a start)\n");
}

const struct op_row op_door = {
	.name = "door",
	.operands = "a",
	.lore =
		{
			.why = "a runtime makes a container and starts it by two commands, so that "
			       "an engine can set things up between them, a network for example",
			.without = "there would be no way to tell it to go on",
			.look = "ss -xlp; ls the container's directory",
		},
	.run = door_run,
	.undo = door_undo,
	.say = door_say,
	.script = door_script,
};

// --- console ------------------------------------------------------------------------------------

static int console_run(struct walk *walk, const struct step *step)
{
	_cleanup_fd_ int socket = -1;
	int result = unix_connect(step->a, &socket);
	if (result >= 0) // with a name for it, as runc sends one
		result = unix_send(socket, STR("/dev/ptmx"), walk->slot[SLOT_MASTER]);
	fd_close(&walk->slot[SLOT_MASTER]);
	return result < 0 ? fail_sys(result, "send the terminal to '%s'", step->a) : 0;
}

static void console_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "hand the terminal's outer end to who listens at %s", step->a);
	buf_printf(say->call, "connect(\"%s\"); sendmsg(SCM_RIGHTS)", step->a);
}

static void console_script(struct buf *out, const struct plan *plan unused_,
			   const struct step *step unused_)
{
	buf_puts(out, "# (the script's own terminal is used)\n");
}

const struct op_row op_console = {
	.name = "console",
	.operands = "a",
	.lore =
		{
			.why = "the command that makes the container ends; who looks after it takes "
			       "the terminal: it reads what is shown and types what is typed",
			.without = "with the outer end closed the terminal would be hung up",
			.look = "ls -l /proc/PID/fd",
		},
	.run = console_run,
	.say = console_say,
	.script = console_script,
};

// --- record -------------------------------------------------------------------------------------

static int record_run(struct walk *walk, const struct step *step unused_)
{
	return box_record_mark(walk->arena, walk->slot[SLOT_STATE], walk->pid);
}

static void record_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	buf_puts(say->title, "write down the first process: its number, and when it began");
	buf_printf(say->call, "write, then rename to \"%s/first\"", plan->spec->state);
}

static void record_script(struct buf *out, const struct plan *plan unused_,
			  const struct step *step unused_)
{
	buf_puts(out, "# (nobody will look for the script's container)\n");
}

const struct op_row op_record = {
	.name = "record",
	.operands = "",
	.lore =
		{
			.why = "other commands will start, signal and delete it. Numbers of processes "
			       "are given anew, but never with the same time in the same boot",
			.without = "nobody would know which process it is",
			.look = "cat the file 'first' in the container's directory",
		},
	.run = record_run,
	.say = record_say,
	.script = record_script,
};

// --- find ---------------------------------------------------------------------------------------

static int find_run(struct walk *walk, const struct step *step unused_)
{
	return exec_find(&walk->own, walk->plan->argv, walk->plan->envp, walk->why);
}

static void find_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	buf_puts(say->title, "look whether the program is there: ");
	buf_shell(say->title, plan->argv[0]);
	buf_puts(say->call, "faccessat2(), open() and read() of what is found on PATH");
}

const struct op_row op_find = {
	.name = "find",
	.operands = "",
	.lore =
		{
			.why = "a program that is missing is an error of who makes the container; "
			       "once it waits for its start there is nobody to tell",
			.without = "only the start would fail",
			.look = "ls the program below /proc/PID/root",
		},
	.run = find_run,
	.say = find_say,
};

// --- await-start --------------------------------------------------------------------------------

// It may wait for long: neither the host's directories, which the start needed, nor what the caller
// had open stays open meanwhile. A pipe of the caller's would have no end.
static void close_but(struct walk *walk, int door)
{
	int from = 3 + walk->plan->spec->preserve_fds;
	for (unsigned slot = 0; slot < SLOT_COUNT; slot++)
		if (walk->slot[slot] != door)
			walk->slot[slot] = -1;
	if (door > from)
		sys_call(SYS_close_range, from, door - 1, 0);
	sys_call(SYS_close_range, max_of(from, door + 1), ~0u, 0);
}

static int await_start_run(struct walk *walk, const struct step *step unused_)
{
	if (walk->slot[SLOT_DOOR] < 0)
		return 0; // `tare step`: nobody will say it
	close_but(walk, walk->slot[SLOT_DOOR]);
	walk->socket = door_wait(walk->slot[SLOT_DOOR]);
	return min_of(walk->socket, 0);
}

static void await_start_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(say->title, "wait until somebody says start");
	buf_puts(say->call, "close_range(); accept4(); recvmsg()");
}

const struct op_row op_await_start = {
	.name = "await-start",
	.operands = "",
	.lore =
		{
			.why = "the container is made, and its program has not run yet: an engine "
			       "can look at it, join its network namespace, and then start it",
			.without = "the program would run before its surroundings are ready",
			.look = "cat /proc/PID/wchan; tare-oci state",
		},
	.run = await_start_run,
	.say = await_start_say,
};
