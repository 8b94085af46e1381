// SPDX-License-Identifier: Apache-2.0
// run_spec_process.c - the process of a container: what it executes, with what, as whom
//
// Arguments, environment and user come from the image and from options; where both say something,
// options win. What they name in the root (the program, a user) is looked up there, by a step.
#include "engine/run/run_build.h"

#include "base/fail.h"
#include "base/path.h"
#include "engine/process/attach.h"
#include "engine/mounts/defaults.h"
#include "engine/process/env.h"
#include "engine/ids/idmap.h"
#include "engine/process/inherited.h"
#include "engine/process/labels.h"
#include "oci/lists.h"
#include "engine/process/traits.h"
#include "kern/process/signals.h"

// Docker's rule: arguments take the place of CMD; the entrypoint stands before either. One that is
// given takes the place of both, as CMD was written for the image's.
static int arguments(struct build *build)
{
	struct oci_strings *args = &build->spec->oci.process.args;
	const struct run_opts *opts = build->opts;
	const struct oci_strings *rest = &opts->args;
	const struct oci_run_config *config = build->config;
	if (opts->entrypoint && *opts->entrypoint)
		oci_strings_push(build->arena, args, opts->entrypoint);
	for (size_t i = 0; !opts->entrypoint && i < config->entrypoint.n; i++)
		oci_strings_push(build->arena, args, config->entrypoint.item[i]);
	if (!opts->args.n && !opts->entrypoint)
		rest = &config->cmd;
	for (size_t i = 0; i < rest->n; i++)
		oci_strings_push(build->arena, args, rest->item[i]);
	if (opts->json && !opts->explain && !opts->trace && !opts->script) {
		if (!build->image || !build->image->embedded)
			return fail(-EINVAL,
				    "--json: goes with --explain, --trace or --script, and "
				    "with hello");
		oci_strings_push(build->arena, args, "--json");
	}
	if (args->n && *args->item[0])
		return 0;
	fail(-EINVAL, args->n ? "the command to run is empty" : "no command to run");
	if (!args->n && build->image)
		fail_hint("the image names none: put it behind the image: tare run %s /bin/sh",
			  build->image->name);
	else if (!args->n)
		fail_hint("put it behind the options: tare run --rootfs DIR /bin/sh");
	return -EINVAL;
}

// What is there before the user's own words count: Docker's defaults, the caller's where it is
// asked for, the image's.
static void default_environment(struct build *build, struct env *env)
{
	struct arena *arena = build->arena;
	const struct run_opts *opts = build->opts;
	env_set(arena, env, defaults_path);
	if (opts->http_proxy)
		env_take_proxies(arena, env);
	if (opts->env_host)
		env_take_all(arena, env);
	env_set(arena, env, arena_printf(arena, "HOSTNAME=%s", build->spec->oci.hostname));
	if (opts->tty)
		env_set(arena, env, "TERM=xterm");
	for (size_t i = 0; i < build->config->env.n; i++)
		env_set(arena, env, build->config->env.item[i]);
}

static int environment(struct build *build)
{
	struct arena *arena = build->arena;
	const struct run_opts *opts = build->opts;
	struct env env = {.environment = build->place->environment};
	struct oci_strings merged = {0};
	default_environment(build, &env);
	for (size_t i = 0; i < opts->env_merge.n; i++) {
		const char *variable;
		TRY(env_merge(arena, &env, opts->env_merge.item[i], &variable));
		oci_strings_push(arena, &merged, variable);
	}
	for (size_t i = 0; i < opts->unsetenv.n; i++)
		TRY(env_unset(arena, &env, opts->unsetenv.item[i]));
	if (opts->unsetenv_all)
		env.list.n = env.given.n = 0;
	for (size_t i = 0; i < merged.n; i++)
		TRY(env_option(arena, &env, merged.item[i]));
	for (size_t i = 0; i < opts->env_file.n; i++)
		TRY(env_file(arena, &env, opts->env_file.item[i]));
	for (size_t i = 0; i < opts->env.n; i++)
		TRY(env_option(arena, &env, opts->env.item[i]));
	build->spec->oci.process.env = env.list;
	build->spec->secret_env = env.given;
	build->spec->home_from_passwd =
		!opts->unsetenv_all && !oci_strings_has(&opts->unsetenv, "HOME");
	return 0;
}

static int working_directory(struct build *build)
{
	const char *given =
		build->opts->workdir && *build->opts->workdir ? build->opts->workdir : NULL;
	const char *cwd = given ? given : build->config->working_dir;
	if (given && *given != '/')
		return fail(-EINVAL, "--workdir '%s': not an absolute path", given);
	if (cwd && strlen(cwd) >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "%s '%.64s…': the path is too long",
			    given ? "--workdir" : "the image's working directory", cwd);
	build->spec->oci.process.cwd = cwd && *cwd ? engine_absolute(build->arena, "/", cwd) : "/";
	return 0;
}

int build_program(struct build *build)
{
	TRY(arguments(build));
	TRY(environment(build));
	return working_directory(build);
}

static int missing_id(const char *what, const char *text, uint32_t id)
{
	fail(-EINVAL, "%s '%s': number %u does not exist in this container", what, text, id);
	fail_hint("it has the numbers that the id maps give it; for a full range an ordinary user "
		  "needs newuidmap (package uidmap) and lines in /etc/subuid and /etc/subgid");
	return -EINVAL;
}

// With keep-id the caller runs it, by the number that he has inside.
static const char *kept_user(const struct build *build)
{
	const struct userns *userns = &build->choices.userns;
	return arena_printf(build->arena, "%u:%u",
			    userns->uid < 0 ? build->facts->uid : (uint32_t)userns->uid,
			    userns->gid < 0 ? build->facts->gid : (uint32_t)userns->gid);
}

static int user(struct build *build)
{
	const struct run_opts *opts = build->opts;
	const struct oci_linux *linux_ = &build->spec->oci.linux_;
	const char *what = "--user";
	const char *text = opts->user && *opts->user ? opts->user : NULL;
	if (!text && build->choices.userns.mode == USERNS_KEEP_ID)
		text = kept_user(build);
	if (!text && build->config->user && *build->config->user) {
		what = "the image's user";
		text = build->config->user;
	}
	build->spec->user = text;
	build->user = (struct engine_user){.root = true};
	if (!text)
		return 0;
	TRY(user_parse(what, text, &build->user));
	if (!linux_->uid_mappings_n)
		return 0;
	if (build->user.has_number &&
	    !idmap_has(linux_->uid_mappings, linux_->uid_mappings_n, build->user.uid))
		return missing_id(what, text, build->user.uid);
	if (build->user.has_group &&
	    !idmap_has(linux_->gid_mappings, linux_->gid_mappings_n, build->user.gid))
		return missing_id(what, text, build->user.gid);
	return 0;
}

static int no_groups(const char *text)
{
	fail(-EPERM, "--group-add '%s': this container has a single group", text);
	fail_hint("for more an ordinary user needs newgidmap (package uidmap) and a line in "
		  "/etc/subgid");
	return -EPERM;
}

static int add_group(struct build *build, const char *text, uint32_t *gids, size_t *n)
{
	const struct oci_linux *linux_ = &build->spec->oci.linux_;
	bool is_number;
	uint32_t gid;
	TRY(group_parse(text, &is_number, &gid));
	if (linux_->gid_mappings_n == 1 && linux_->gid_mappings[0].size == 1)
		return no_groups(text);
	if (!is_number) {
		oci_strings_push(build->arena, &build->spec->groups, text);
		return 0;
	}
	if (linux_->gid_mappings_n && !idmap_has(linux_->gid_mappings, linux_->gid_mappings_n, gid))
		return missing_id("--group-add", text, gid);
	gids[(*n)++] = gid;
	return 0;
}

static int groups(struct build *build)
{
	const struct oci_strings *texts = &build->opts->group_add;
	struct oci_user *user_ = &build->spec->oci.process.user;
	uint32_t *gids = arena_array(build->arena, uint32_t, texts->n);
	size_t n = 0;
	build->spec->keep_groups = oci_strings_has(texts, "keep-groups");
	if (build->spec->keep_groups && texts->n > 1)
		return fail(-EINVAL, "--group-add keep-groups: it can't be combined with others");
	if (build->spec->keep_groups)
		return 0;
	for (size_t i = 0; i < texts->n; i++)
		TRY(add_group(build, texts->item[i], gids, &n));
	user_->additional_gids = gids;
	user_->additional_gids_n = n;
	return 0;
}

int build_user(struct build *build)
{
	TRY(user(build));
	return groups(build);
}

// The image's own stop signal counts unless an option names one. Not understood it is no reason to
// refuse the image.
static int stopping(struct build *build)
{
	const struct run_opts *opts = build->opts;
	struct box_spec *spec = build->spec;
	const char *of_image = build->config->stop_signal;
	spec->stop_timeout = BOX_STOP_TIMEOUT;
	if (opts->stop_timeout)
		TRY(seconds_parse("--stop-timeout", opts->stop_timeout, &spec->stop_timeout));
	if (opts->stop_signal)
		return signal_parse("--stop-signal", opts->stop_signal, &spec->stop_signal);
	spec->stop_signal = of_image ? signal_number(str_of(of_image)) : 0;
	if (of_image && *of_image && !spec->stop_signal)
		build_notice(build, arena_printf(build->arena,
						 "the image's stop signal '%.32s' is none that "
						 "Linux has; it is stopped by SIGTERM",
						 of_image));
	return 0;
}

// With a terminal there is one stream out, and it is standard output.
static int streams(struct build *build)
{
	const struct run_opts *opts = build->opts;
	struct box_spec *spec = build->spec;
	struct attach attach;
	TRY(attach_parse(&opts->attach, &attach));
	if (opts->tty && !attach.output)
		return fail(-EINVAL, "--attach: with --tty all output is standard output, attach "
				     "that");
	if (opts->attach.n && attach.input && !opts->interactive)
		build_notice(build, "--attach stdin: without -i there is no standard input to "
				    "attach");
	spec->stdin_open = opts->interactive && attach.input;
	if (!opts->tty)
		spec->null_output = (attach.output ? 0 : 1 << 1) | (attach.error ? 0 : 1 << 2);
	return 0;
}

static int process_life(struct build *build)
{
	const struct run_opts *opts = build->opts;
	struct box_spec *spec = build->spec;
	spec->no_sig_proxy = !opts->sig_proxy;
	if (opts->timeout)
		TRY(seconds_parse("--timeout", opts->timeout, &spec->timeout));
	if (spec->timeout < 0)
		return fail(-EINVAL, "--timeout '%s': seconds are expected", opts->timeout);
	if (opts->preserve_fds)
		TRY(preserve_fds_parse(opts->preserve_fds, &spec->preserve_fds));
	TRY(preserve_fd_parse(build->arena, &opts->preserve_fd, spec->preserve_fds,
			      &spec->preserve_fd));
	if ((spec->preserve_fds || spec->preserve_fd) && opts->script)
		return fail(-EOPNOTSUPP, "--preserve-fds: never with --script, because the script "
					 "needs descriptors 3 and 9 itself");
	return streams(build);
}

int build_traits(struct build *build)
{
	const struct run_opts *opts = build->opts;
	struct oci_spec *spec = &build->spec->oci;
	TRY(stopping(build));
	TRY(process_life(build));
	if (opts->umask)
		TRY(umask_parse(opts->umask, &spec->process.user.umask));
	if (opts->oom_score_adj)
		TRY(oom_score_parse(opts->oom_score_adj, &spec->process.oom_score_adj));
	if (opts->personality)
		TRY(personality_parse(build->arena, opts->personality, &spec->linux_.personality));
	TRY(labels_make(build->arena, &build->config->labels, &opts->label_file, &opts->label,
			&build->spec->labels));
	TRY(annotations_make(build->arena, &opts->annotation, &spec->annotations));
	return sysctls_parse(build->arena, &opts->sysctl, &spec->linux_.sysctl);
}
