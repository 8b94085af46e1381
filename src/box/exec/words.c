// SPDX-License-Identifier: Apache-2.0
// words.c - why a program did not start, and what to do about it
#include "box/exec/why.h"

#include "base/fail.h"
#include "base/msg.h"
#include "kern/facts/binfmt.h"

#include <sys/stat.h>
#include <sys/wait.h>

enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127, TEXT_MAX = 2048 };

#if defined(__aarch64__)
static const char here[] = "aarch64";
#else
static const char here[] = "x86_64";
#endif

// Text from the container, safe to show.
static const char *shown(struct arena *arena, const char *text)
{
	struct buf out = buf_new(arena, TEXT_MAX);
	msg_escape(&out, str_of(text));
	return out.p;
}

// What stands between the quotes of a message.
static const char *noun(struct arena *arena, const struct exec_why *why)
{
	const char *path = shown(arena, why->path);
	if (!why->whose[0])
		return path;
	return arena_printf(arena, "%s', the interpreter of '%s", path, shown(arena, why->whose));
}

static int end(int error, int code)
{
	fail_exit_code(code);
	return error;
}

static int unknown(const struct exec_why *why, const char *path, const char *other)
{
	fail(why->error, "'%s': no program of that name on the container's PATH", path);
	if (why->other[0])
		fail_hint("is it '%s'?", other);
	else
		fail_hint("give its full path, or set PATH with -e PATH=…");
	return end(why->error, NOT_FOUND);
}

static int missing(const struct exec_why *why, const char *path, const char *other)
{
	if (why->other[0])
		fail(why->error, "'%s': not there, nor is there a directory '%s'", path, other);
	else
		fail(why->error, "'%s': no such file in the container", path);
	fail_hint("paths are those of the container's root, not of the host");
	return end(why->error, NOT_FOUND);
}

static int no_bit(const struct exec_why *why, const char *path)
{
	const char *whose = why->as_uid == why->uid ? "its owner's" : "its group's or others'";
	fail(why->error, "'%s': user %u may not execute it: its mode is %04o, its owner %u:%u",
	     path, why->as_uid, why->mode & 07777, why->uid, why->gid);
	if (why->mode & 0111)
		fail_hint("%s execute bit is what counts for this user; run as another with -u, or "
			  "chmod a+x it",
			  whose);
	else
		fail_hint("it has no execute bit at all: chmod a+x it");
	return end(why->error, NOT_EXECUTABLE);
}

static int lost_interpreter(struct arena *arena, const struct exec_why *why, const char *path)
{
	size_t n = strlen(why->interpreter) - why->returned;
	const char *interpreter =
		arena_printf(arena, "%s%s", shown(arena, arena_dup_n(arena, why->interpreter, n)),
			     why->returned ? "\\r" : "");
	fail(why->error, "'%s': the script is there; its interpreter '%s' is not", path,
	     interpreter);
	if (why->returned)
		fail_hint("the name ends in a carriage return: the file has the line ends of "
			  "Windows; sed -i 's/\\r$//' mends it");
	else
		fail_hint("install it in the root, or change the first line of the script");
	return end(why->error, NOT_FOUND);
}

static int lost_loader(const struct exec_why *why, const char *path, const char *interpreter)
{
	fail(why->error, "'%s': the program is there; its dynamic loader '%s' is not", path,
	     interpreter);
	fail_hint("it was built for another C library than this root has, or copied without its "
		  "libraries; link it statically, or bring them along");
	return end(why->error, NOT_FOUND);
}

// What the host would need to run it emulated. A registration that is on and was of no use has lost
// its interpreter: without flag F that is looked for in the container's root.
static void hint_emulation(struct arena *arena, const struct exec_why *why)
{
	const char *architecture = binfmt_architecture(why->machine, why->bits), *name;
	struct binfmt_handler handler;
	switch (binfmt_look(arena, BINFMT_PLACE, architecture ? architecture : "", &handler)) {
	case BINFMT_NOT_MOUNTED:
	case BINFMT_NO_HANDLER:
		fail_hint("take the program, or the image, that is made for %s; or install "
			  "qemu-user-static on the host, which emulates others: no handler for "
			  "this machine's programs is registered",
			  here);
		return;
	case BINFMT_ALL_OFF:
		fail_hint("the host's handlers for other machines are all switched off: echo 1 | "
			  "sudo tee /proc/sys/fs/binfmt_misc/status");
		return;
	case BINFMT_HANDLER:
		break;
	}
	name = shown(arena, handler.name);
	if (!handler.enabled)
		fail_hint("the host's handler for it is switched off: echo 1 | sudo tee "
			  "/proc/sys/fs/binfmt_misc/%s",
			  name);
	else
		fail_hint("the host's handler '%s' runs such programs with '%s', which %s; a "
			  "handler that is registered with flag F, as qemu-user-static does it, "
			  "needs nothing in the root",
			  name, shown(arena, handler.interpreter),
			  handler.fixed ? "does not take this one" : "the root does not have");
}

static int other_machine(struct arena *arena, const struct exec_why *why, const char *path)
{
	const char *architecture = binfmt_architecture(why->machine, why->bits);
	const char *name = architecture ? binfmt_qemu_name(architecture) : NULL;
	if (!name)
		name = arena_printf(arena, "another machine, number %u", why->machine);
	fail(why->error, "'%s': built for %s (%u bits), this machine is %s", path, name, why->bits,
	     here);
	hint_emulation(arena, why);
	return end(why->error, NOT_EXECUTABLE);
}

static int other_error(const struct exec_why *why, const char *path)
{
	fail_sys(why->error, "'%s'", path);
	if (why->error == -ETXTBSY)
		fail_hint("somebody has it open for writing");
	if (why->error == -E2BIG)
		fail_hint("the arguments and the environment together are too long");
	if (why->error == -ENOEXEC)
		fail_hint("the file is damaged or was cut short");
	if (why->error == -ENOMEM)
		fail_hint("there is no memory to load it: give more with --memory");
	if (why->error == -ELOOP)
		fail_hint("symbolic links that lead round in a circle, or scripts whose "
			  "interpreters are scripts, more than five deep");
	return end(why->error, NOT_EXECUTABLE);
}

// How it ended, and what it said last.
static int hook_failed(struct arena *arena, const struct exec_why *why)
{
	const char *path = shown(arena, why->path);
	const char *said = shown(arena, why->interpreter);
	const char *colon = *said ? ": " : "";
	if (WIFSIGNALED(why->status))
		fail(why->error, "%s hook '%s': killed by signal %d%s%s", why->whose, path,
		     WTERMSIG(why->status), colon, said);
	else if (why->status)
		fail(why->error, "%s hook '%s': exit status %d%s%s", why->whose, path,
		     WEXITSTATUS(why->status), colon, said);
	else if (why->error == -ETIMEDOUT)
		fail(why->error, "%s hook '%s': killed, as its timeout was over%s%s", why->whose,
		     path, colon, said);
	else
		fail_sys(why->error, "%s hook '%s'", why->whose, path);
	return why->error;
}

int exec_why_fail(struct arena *arena, const struct exec_why *why)
{
	const char *path = noun(arena, why);
	const char *interpreter = shown(arena, why->interpreter);
	const char *other = shown(arena, why->other);
	int error = why->error;
	switch ((enum exec_trouble)why->trouble) {
	case EXEC_UNKNOWN:
		return unknown(why, path, other);
	case EXEC_MISSING:
		return missing(why, path, other);
	case EXEC_DIRECTORY:
		fail(error, "'%s': a directory, not a program", path);
		return end(error, NOT_EXECUTABLE);
	case EXEC_NO_FILE:
		fail(error, "'%s': not a regular file, so no program", path);
		return end(error, NOT_EXECUTABLE);
	case EXEC_NO_BIT:
		return no_bit(why, path);
	case EXEC_SEARCH:
		fail(error, "'%s': user %u may not pass the directory '%s'", path, why->as_uid,
		     other);
		fail_hint("chmod a+x the directory, or run as another user with -u");
		return end(error, NOT_EXECUTABLE);
	case EXEC_NOEXEC:
		fail(error, "'%s': it lies on a mount where nothing may be executed (noexec)",
		     path);
		fail_hint("put it elsewhere, or mount with exec: --tmpfs PATH:exec");
		return end(error, NOT_EXECUTABLE);
	case EXEC_MACHINE:
		return other_machine(arena, why, path);
	case EXEC_NO_INTERPRETER:
		fail(error,
		     "'%s': neither a program nor a script: it has no #! line that names an "
		     "interpreter",
		     path);
		fail_hint("begin it with #!/bin/sh, or run it as: sh %s", shown(arena, why->path));
		return end(error, NOT_EXECUTABLE);
	case EXEC_LOST_INTERPRETER:
		return lost_interpreter(arena, why, path);
	case EXEC_LOST_LOADER:
		return lost_loader(why, path, interpreter);
	case EXEC_UNREADABLE:
		fail(error,
		     "'%s': user %u may execute it but not read it, and tare must see what "
		     "it leads to",
		     path, why->as_uid);
		fail_hint("chmod a+r it, or run as another user with -u");
		return end(error, NOT_EXECUTABLE);
	case EXEC_LONG_LOADER:
		fail(error,
		     "'%s': the name of its dynamic loader is longer than %d bytes, and tare must "
		     "see where it leads",
		     path, EXEC_INTERPRETER_MAX - 1);
		fail_hint("link it with a shorter one, or statically");
		return end(error, NOT_EXECUTABLE);
	case EXEC_RUNTIME:
		fail(error, "'%s': it leads out of the container, to the program that runs tare",
		     path);
		fail_hint(
			"a link of /proc, as the program or as its interpreter, is never executed");
		return end(error, NOT_EXECUTABLE);
	case EXEC_HOOK:
		return hook_failed(arena, why);
	case EXEC_OTHER:
	case EXEC_TROUBLE_COUNT:
		break;
	}
	return other_error(why, path);
}
