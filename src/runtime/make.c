// SPDX-License-Identifier: Apache-2.0
// make.c - a container made of a bundle, up to its start
#include "runtime/make.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/moment.h"
#include "base/remove.h"
#include "box/steps/walk.h"
#include "kern/process/tty.h"
#include "runtime/activation.h"
#include "runtime/document.h"
#include "runtime/hooks.h"
#include "runtime/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PRESERVE_MAX = 1024 };

static const char *now_text(struct arena *arena)
{
	char text[MOMENT_SIZE];
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	moment_text(&now, text);
	return arena_dup(arena, text);
}

// --- the record ---------------------------------------------------------------------------------

static bool can_freeze(const struct step *step)
{
	return step->k == 2 || strstr(step->b, "freezer");
}

static void describe_unit(struct arena *arena, const struct plan *plan, const struct step *step,
			  struct container *container)
{
	container->unit = step->a;
	container->freezer = arena_printf(arena, "%s/%s", plan->facts->cgroup2, plan->cgroup_name);
	container->cgroups.item[container->cgroups.n++] = container->freezer;
}

static void describe(struct arena *arena, const struct bundle *bundle, const struct plan *plan,
		     struct container *container)
{
	const struct oci_linux *linux_ = &bundle->spec.linux_;
	container->oci_version = bundle->spec.oci_version;
	container->bundle = bundle->path;
	container->rootfs = bundle->spec.root.path;
	container->created = now_text(arena);
	container->owner =
		plan->facts->user ? plan->facts->user : arena_printf(arena, "%u", plan->facts->uid);
	container->pid_namespace = oci_namespace_is_own(linux_, "pid");
	container->annotations = bundle->spec.annotations;
	container->hooks = bundle->spec.hooks.kind[OCI_HOOK_POSTSTART].n ||
			   bundle->spec.hooks.kind[OCI_HOOK_POSTSTOP].n;
	container->cgroup_name = plan->cgroup_name;
	container->cgroups.item = arena_array(arena, const char *, CONTROLLER_COUNT + 1);
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		if (step->op == OP_UNIT)
			describe_unit(arena, plan, step, container);
		if (step->op != OP_CGROUP)
			continue;
		container->cgroups.item[container->cgroups.n++] = step->a;
		bool v1 = container->freezer && step->k == 2; // which freezes, where there is one
		if (can_freeze(step) && !v1)
			container->freezer = step->a;
	}
}

// Engines wait for the file to appear: it must never be there half.
int make_pid_file(struct arena *arena, const char *path, pid_t pid)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *parent = slash ? arena_dup_n(arena, path, (size_t)(slash - path) + 1) : ".";
	const char *text = arena_printf(arena, "%d", (int)pid);
	const char *fresh = arena_printf(arena, ".%s-%d", name, (int)getpid());
	_cleanup_fd_ int at = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at >= 0) // of a command that was killed, or a link that somebody left
		unlinkat(at, fresh, 0);
	_cleanup_fd_ int fd =
		at < 0 ? -1 : openat(at, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int result = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
	if (result == 0 && renameat(at, fresh, at, name))
		result = -errno;
	return result < 0 ? fail_sys(result, "--pid-file '%s'", path) : 0;
}

// --- the whole ----------------------------------------------------------------------------------

int make_read_fds(const char *text, int *ret_n)
{
	uint64_t n = 0;
	if (text && str_number(str_of(text), PRESERVE_MAX, &n))
		return fail(-EINVAL, "--preserve-fds '%s': a number up to %d is expected", text,
			    PRESERVE_MAX);
	*ret_n = (int)n;
	return 0;
}

bool make_plain_lines(const char *console)
{
	return !console && !tty_is(STDOUT_FILENO);
}

static int check_console(const struct make_want *want, const struct oci_spec *spec)
{
	if (!spec->process.terminal || want->console || want->foreground)
		return 0;
	fail(-EINVAL, "process.terminal: somebody has to look after the terminal");
	fail_hint("--console-socket names a socket of whoever does");
	return -EINVAL;
}

static void tell(const struct runtime_call *call, const struct bundle *bundle,
		 const struct box_spec *spec)
{
	for (size_t i = 0; i < bundle->spec.unknown.n; i++)
		log_debug(call, arena_printf(call->arena, "config.json: '%s' is not known",
					     bundle->spec.unknown.item[i]));
	for (size_t i = 0; i < spec->notices.n; i++)
		log_warning(call, spec->notices.item[i]);
}

// What hooks have done is taken back by others: those of poststop.
static void undo_hooks(const struct runtime_call *call, const struct plan *plan, size_t taken)
{
	struct fault kept = *fault_last();
	struct hook_set hooks = {plan->hooks, plan->hooks_n, plan->hook_state};
	size_t first = 0;
	while (first < plan->steps_n && plan->steps[first].op != OP_HOOK)
		first++;
	if (taken > first)
		hooks_run(call, &hooks, OCI_HOOK_POSTSTOP, 0);
	fault_restore(&kept);
}

// *ret_taken is how many of the plan's steps were taken.
static int walk(struct runtime_call *call, const struct bundle *bundle, const struct plan *plan,
		const struct make_want *want, struct made *made, size_t *ret_taken)
{
	struct walk walk = {0};
	describe(call->arena, bundle, plan, &made->container);
	TRY(container_write(call->arena, &made->container, bundle->text));
	int result = walk_run(call->arena, plan, NULL, &walk);
	*ret_taken = result < 0 ? walk.failed : plan->steps_n;
	if (result >= 0 && want->pid_file) {
		result = make_pid_file(call->arena, want->pid_file, walk.pid);
		if (result < 0)
			walk_stop(&walk);
	}
	if (result < 0)
		return result;
	fd_close(&walk.slot[SLOT_DOOR]); // it is open as long as anybody holds it
	made->pidfd = walk.pidfd;
	made->master = take_fd(&walk.slot[SLOT_MASTER]);
	return 0;
}

int make_container(struct runtime_call *call, const char *id, const struct make_want *want,
		   struct made *ret_made)
{
	struct arena *arena = call->arena;
	struct document_want wanted = {.console = want->console,
				       .no_new_keyring = want->no_new_keyring};
	struct bundle bundle;
	struct facts facts;
	struct box_spec spec;
	struct plan plan = {0};
	size_t taken = 0;
	struct made made = {.container = CONTAINER_NONE, .pidfd = -1, .master = -1};
	TRY(make_read_fds(want->preserve_fds, &wanted.preserve_fds));
	TRY(activation_read(&wanted));
	TRY(bundle_read(arena, want->bundle ? want->bundle : ".", want->config, &bundle));
	TRY(check_console(want, &bundle.spec));
	TRY(facts_gather(arena, document_facts(&call->opts, &bundle.spec), NULL, &facts));
	TRY(container_make(call, id, &made.container));
	int result = document_box(call, &bundle, &facts, &made.container, &wanted, &spec);
	spec.plain_lines = result >= 0 && make_plain_lines(want->console);
	if (result >= 0)
		result = plan_build(arena, &spec, &facts, &plan);
	if (result >= 0) {
		tell(call, &bundle, &spec);
		result = walk(call, &bundle, &plan, want, &made, &taken);
	}
	if (result < 0) {
		remove_tree(AT_FDCWD, made.container.path);
		undo_hooks(call, &plan, taken);
		return result;
	}
	*ret_made = made;
	return 0;
}
