// SPDX-License-Identifier: Apache-2.0
// process.c - the process that exec adds
//
// It is as the container's own: environment, working directory, user, capabilities, limits, labels.
// With --process a document of its own stands in the place of that. What the options say comes
// last, so it holds in both cases; a terminal there is only where one is asked for.
#include "runtime/process.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json.h"
#include "kern/caps.h"
#include "oci/check.h"
#include "runtime/log.h"

#include <fcntl.h>

enum { ID_MAX = UINT32_MAX - 1 }; // the last number means "none" to the kernel

static int read_file(struct runtime_call *call, const char *path, struct oci_process *ret_process)
{
	struct oci_strings unknown;
	struct oci_process process;
	struct str text;
	int error = file_read(call->arena, AT_FDCWD, path, JSON_BYTES_MAX, &text);
	if (error < 0)
		return fail_sys(error, "--process '%s'", path);
	TRY(oci_process_parse(call->arena, text, &process, &unknown));
	for (size_t i = 0; i < unknown.n; i++)
		log_debug(call, arena_printf(call->arena, "%s: '%s' is not known", path,
					     unknown.item[i]));
	*ret_process = process;
	return 0;
}

static int read_id(const char *option, struct str text, uint32_t *ret_id)
{
	uint64_t id;
	if (!text.n || str_number(text, ID_MAX, &id))
		return fail(-EINVAL, "%s '%.*s': a number below %u is expected", option,
			    (int)min_of(text.n, (size_t)64), text.p, UINT32_MAX);
	*ret_id = (uint32_t)id;
	return 0;
}

// The group stays what it was where none is named.
static int set_user(const char *text, struct oci_user *user)
{
	struct str rest = str_of(text);
	struct str uid = str_cut(&rest, ':');
	TRY(read_id("--user", uid, &user->uid));
	return rest.p ? read_id("--user", rest, &user->gid) : 0;
}

static int add_groups(struct arena *arena, const struct oci_strings *groups, struct oci_user *user)
{
	size_t n = user->additional_gids_n;
	if (!groups->n)
		return 0;
	uint32_t *all = arena_array(arena, uint32_t, n + groups->n);
	if (n)
		memcpy(all, user->additional_gids, n * sizeof(*all));
	for (size_t i = 0; i < groups->n; i++)
		TRY(read_id("--additional-gids", str_of(groups->item[i]), &all[n + i]));
	user->additional_gids = all;
	user->additional_gids_n = n + groups->n;
	return 0;
}

// As runc does it: what is to be had, not what is passed on to other programs. One that the
// container's programs inherit becomes ambient as well, so that an ordinary user has it.
static void add_capability(struct arena *arena, const char *name, struct oci_capabilities *sets)
{
	struct oci_strings *all[] = {&sets->bounding, &sets->permitted, &sets->effective};
	for (size_t i = 0; i < lengthof(all); i++)
		if (!oci_strings_has(all[i], name))
			oci_strings_add(arena, all[i], name);
	if (oci_strings_has(&sets->inheritable, name) && !oci_strings_has(&sets->ambient, name))
		oci_strings_add(arena, &sets->ambient, name);
}

static int add_capabilities(struct arena *arena, const char *word, struct oci_capabilities *sets)
{
	uint64_t mask;
	if (caps_parse(word, &mask) < 0)
		return fail_about("--cap");
	for (unsigned number = 0; number <= CAPS_LAST; number++)
		if (mask & CAPS_BIT(number))
			add_capability(arena, caps_name(number), sets);
	return 0;
}

// Of a name that is there already the last one counts (box/plan/build.c).
static int add_variable(struct arena *arena, const char *text, struct oci_strings *env)
{
	const char *wrong = oci_check_variable(text);
	if (wrong)
		return fail(-EINVAL, "--env '%.64s': %s is expected", text, wrong);
	oci_strings_add(arena, env, text);
	return 0;
}

static int set_traits(const struct process_want *want, struct oci_process *process)
{
	if (want->cwd && want->cwd[0] != '/')
		return fail(-EINVAL, "--cwd '%s': it must begin with /", want->cwd);
	process->cwd = want->cwd ? want->cwd : process->cwd;
	process->no_new_privileges |= want->no_new_privileges;
	if (want->apparmor)
		process->apparmor_profile = want->apparmor;
	if (want->label)
		process->selinux_label = want->label;
	if (want->args.n)
		process->args = want->args;
	return 0;
}

int process_make(struct runtime_call *call, const struct process_want *want,
		 const struct oci_process *own, struct oci_process *ret_process)
{
	struct arena *arena = call->arena;
	struct oci_process process = *own;
	process.terminal = false;
	process.args = (struct oci_strings){0};
	if (want->file)
		TRY(read_file(call, want->file, &process));
	process.terminal |= want->terminal;
	TRY(set_traits(want, &process));
	if (want->user)
		TRY(set_user(want->user, &process.user));
	TRY(add_groups(arena, &want->groups, &process.user));
	for (size_t i = 0; i < want->caps.n; i++)
		TRY(add_capabilities(arena, want->caps.item[i], &process.capabilities));
	for (size_t i = 0; i < want->env.n; i++)
		TRY(add_variable(arena, want->env.item[i], &process.env));
	if (!process.args.n && want->file)
		return fail(-EINVAL, "--process '%s': args: it names no program", want->file);
	if (!process.args.n)
		return fail(-EINVAL, "no program to run was named");
	*ret_process = process;
	return 0;
}
