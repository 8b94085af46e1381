// SPDX-License-Identifier: Apache-2.0
// run_spec.c - the meaning of `tare run`: raw options to the specification of a container
//
// The specification is built in sections that each read some options: root, process, mounts,
// rights, namespaces, limits. A later section may look at what an earlier one made, so their order
// in engine_run_spec matters: id maps before the users that must lie in them, mounts before the
// files that one of them may cover. What many options are
// about has a file of its own: see run_build.h.
#include "engine/run/run_spec.h"

#include <sys/stat.h>

#include "base/fail.h"
#include "box/record/record.h"
#include "engine/process/capset.h"
#include "engine/containers/cidfile.h"
#include "oci/lists.h"
#include "engine/namespaces/name.h"
#include "engine/run/run_build.h"
#include "engine/process/seccomp_file.h"
#include "engine/limits/ulimit.h"

#define RECORD_NOTICE                                                                                 \
	"seccomp=record is for trying, not for production: each system call waits some 20 µs until " \
	"it is noted"
#define EXPLAIN_NOTICE                                                                             \
	"seccomp=explain is for trying, not for production: each refused call waits some 20 µs "  \
	"until it is noted"

bool build_is_ordinary(const struct build *build)
{
	return build->facts->uid != 0;
}

void build_notice(struct build *build, const char *text)
{
	oci_strings_push(build->arena, &build->spec->notices, text);
}

const char *build_directory(const struct build *build, const char *root)
{
	return arena_printf(build->arena, "%s/containers/%.*s", root, BOX_KEY_DIGITS,
			    build->place->id);
}

// A name that nobody has. With thousands of containers the first one drawn is often taken; whoever
// takes it between this look and the record makes the start fail, as with a name that was given.
static const char *free_name(const struct build *build)
{
	const char *id = build->place->id;
	const char *name = NULL;
	for (size_t turn = 0; turn < NAME_TURNS; turn++) {
		name = name_from_id(build->arena, id, turn);
		if (!box_name_is_taken(build->arena, build->place->root, name))
			return name;
	}
	return arena_printf(build->arena, "%s_%.12s", name, id);
}

static int identity(struct build *build)
{
	const struct run_opts *opts = build->opts;
	struct box_spec *spec = build->spec;
	const char *id = build->place->id;
	if (opts->name)
		TRY(name_check(opts->name));
	if (opts->hostname)
		TRY(hostname_check(opts->hostname));
	if (opts->domainname && *opts->domainname)
		TRY(domainname_check(opts->domainname));
	if (opts->domainname && build->choices.ns[NS_UTS].mode == NAMESPACE_HOST)
		return fail(-EINVAL, "--domainname '%s': with --uts host it is the host's",
			    opts->domainname);
	if (opts->cidfile)
		TRY(cidfile_check(opts->cidfile));
	spec->id = id;
	spec->name = opts->name ? opts->name : free_name(build);
	spec->remove = opts->rm || opts->rmi;
	spec->root_directory = build->place->root;
	spec->runroot = build->place->runroot;
	spec->state =
		build_directory(build, spec->remove ? build->place->runroot : build->place->root);
	spec->oci.oci_version = OCI_SPEC_VERSION;
	spec->oci.domainname = opts->domainname && *opts->domainname ? opts->domainname : NULL;
	return build_hostname(build);
}

static void overlay(struct build *build, struct oci_strings layers)
{
	build->spec->root = BOX_ROOT_OVERLAY;
	build->spec->layers = layers;
	// What is written may be much: it goes to the disk, not to the runroot's memory.
	build->spec->scratch = build_directory(build, build->place->root);
	build->spec->state = build->spec->scratch;
}

struct rootfs_words engine_rootfs_words(struct arena *arena, const char *text)
{
	static const char *const known[] = {"O", "idmap", NULL};
	const struct rootfs_words plain = {text, false, false};
	const char *colon = strrchr(text, ':');
	if (!colon)
		return plain;
	struct rootfs_words words = {arena_dup_n(arena, text, (size_t)(colon - text)), false,
				     false};
	struct str rest = str_of(colon + 1);
	while (rest.p) {
		struct str word = str_cut(&rest, ',');
		if (!str_is_one_of(word, known))
			return plain;
		words.over = words.over || str_is(word, "O");
		words.mapped = words.mapped || str_is(word, "idmap");
	}
	return words;
}

static int rootfs(struct build *build)
{
	const char *text = build->opts->rootfs;
	struct rootfs_words words = engine_rootfs_words(build->arena, text);
	const char *name = words.directory;
	struct stat status;
	if (!*name)
		return fail(-EINVAL, "--rootfs '%s': a directory is expected", text);
	if (stat(name, &status)) {
		int error = fail_sys(-errno, "--rootfs '%s'", name);
		const char *colon = strrchr(name, ':');
		if (colon && !strchr(colon, '/'))
			fail_hint("'%s' is not an option here; ':O' puts an overlay over the "
				  "directory, ':idmap' shows it through the container's id maps",
				  colon);
		return error;
	}
	if (!S_ISDIR(status.st_mode))
		return fail(-ENOTDIR, "--rootfs '%s': not a directory", name);
	const char *path = name[0] == '/'
				   ? name
				   : arena_printf(build->arena, "%s/%s", build->place->cwd, name);
	build->spec->image = path;
	build->spec->root_mapped = words.mapped;
	if (words.over) {
		struct oci_strings layers = {0};
		oci_strings_push(build->arena, &layers, path);
		overlay(build, layers);
		return 0;
	}
	build->spec->root = BOX_ROOT_BIND;
	build->spec->oci.root.path = path;
	return 0;
}

static int root(struct build *build)
{
	build->spec->oci.root.readonly = build->opts->read_only;
	if (build->opts->rootfs)
		return rootfs(build);
	build->spec->image = build->image->name;
	build->spec->image_id = build->image->id;
	overlay(build, build->image->layers);
	return 0;
}

// The layers of an image have owners as its containers count; in the store root's are kept so.
static int set_root_mapped(struct build *build)
{
	const struct oci_linux *linux_ = &build->spec->oci.linux_;
	bool user = linux_->uid_mappings_n;
	if (!build->opts->rootfs)
		build->spec->root_mapped =
			user && !build_is_ordinary(build) && build->facts->idmapped_layers;
	else if (build->spec->root_mapped && build_is_ordinary(build))
		return fail(-EPERM, "--rootfs '%s': idmap: only root can show files with other ids",
			    build->opts->rootfs);
	else if (build->spec->root_mapped && !user)
		return fail(-EINVAL,
			    "--rootfs '%s': idmap: this container has no user namespace whose ids "
			    "the files could take",
			    build->opts->rootfs);
	else if (build->spec->root_mapped && build->spec->root == BOX_ROOT_OVERLAY &&
		 !build->facts->idmapped_layers)
		return fail(
			-ENOSYS,
			"--rootfs '%s': this kernel or this file system takes no layers that are "
			"seen with other ids (Linux 6.13 does); ':idmap' alone needs none",
			build->opts->rootfs);
	return 0;
}

// The hand-over of the listener has room for no call between: a trace would ask for the time.
static int watch(struct build *build)
{
	const struct security *security = &build->choices.security;
	bool record = security->watch == BOX_WATCH_RECORD;
	const char *what = record ? "seccomp=record" : "seccomp=explain";
	build->spec->watch = security->watch;
	build->spec->watch_file = security->watch_file;
	if (!security->watch)
		return 0;
	if (build->opts->trace || build->opts->script)
		return fail(-EOPNOTSUPP, "--security-opt %s: not with %s", what,
			    build->opts->trace ? "--trace" : "--script");
	if (!record && security->seccomp == BOX_SECCOMP_UNCONFINED)
		return fail(-EINVAL, "--security-opt seccomp=explain: there is no filter here that "
				     "could refuse anything");
	build_notice(build, record ? RECORD_NOTICE : EXPLAIN_NOTICE);
	return 0;
}

// The profile's conditions look at the bounding set.
static int seccomp(struct build *build, uint64_t set)
{
	const struct security *security = &build->choices.security;
	struct oci_linux *linux_ = &build->spec->oci.linux_;
	const char *missing;
	TRY(watch(build));
	build->spec->seccomp = security->seccomp;
	if (security->seccomp != BOX_SECCOMP_PROFILE)
		return 0;
	linux_->seccomp = arena_new(build->arena, struct oci_seccomp);
	TRY(seccomp_file_read(build->arena, security->seccomp_file, build->facts, set,
			      linux_->seccomp, &missing));
	if (missing)
		build_notice(build,
			     arena_printf(build->arena,
					  "seccomp profile '%s': it refuses '%s', a call that tare "
					  "does not know: it is not refused",
					  security->seccomp_file, missing));
	return 0;
}

// After user and devices. A process that is not root gains capabilities only from programs that
// carry some, and no more than the bounding set holds; the inheritable and ambient sets stay empty,
// as they would pass capabilities on where nobody expects them.
static int rights(struct build *build)
{
	struct oci_process *process = &build->spec->oci.process;
	uint64_t set;
	TRY(capset_make(build->opts, build->facts, build->spec->device_rules, &set));
	process->capabilities.bounding = capset_names(build->arena, set);
	if (build->user.root) {
		process->capabilities.effective = capset_names(build->arena, set);
		process->capabilities.permitted = capset_names(build->arena, set);
	} else if (build->opts->cap_add.n) {
		build_notice(
			build,
			arena_printf(build->arena,
				     "--cap-add %s: user '%s' is not root and does not hold what "
				     "is added; only programs with file capabilities or the "
				     "set-uid bit gain it",
				     build->opts->cap_add.item[0], build->spec->user));
	}
	process->no_new_privileges = build->choices.security.no_new_privileges;
	return seccomp(build, set);
}

static int check_root_choice(const struct run_opts *opts, const struct engine_image *image)
{
	if (opts->rootfs && opts->image)
		return fail(-EINVAL, "--rootfs and image '%s': only one of them", opts->image);
	if (!opts->rootfs && !image)
		return fail(-EINVAL, "no image to run");
	if (opts->rmi && (opts->rootfs || image->embedded))
		return fail(-EINVAL, "--rmi: %s is no image that could be removed",
			    opts->rootfs ? "--rootfs" : "hello");
	return 0;
}

int engine_run_spec(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		    const struct engine_place *place, const struct engine_image *image,
		    struct box_spec *ret_spec)
{
	struct box_spec spec = {
		.init = opts->init,
		.stdin_open = opts->interactive,
		.privileged = opts->privileged,
	};
	static const struct oci_run_config nothing;
	struct build build = {
		.arena = arena,
		.opts = opts,
		.facts = facts,
		.place = place,
		.image = opts->rootfs ? NULL : image,
		.config = opts->rootfs || !image ? &nothing : image->config,
		.spec = &spec,
	};
	oci_spec_init(&spec.oci);
	spec.oci.process.terminal = opts->tty;
	TRY(check_root_choice(opts, build.image));
	TRY(choices_parse(arena, opts, facts, &build.choices));
	TRY(build_joins(&build));
	TRY(identity(&build));
	TRY(root(&build));
	TRY(build_program(&build));
	TRY(build_namespaces(&build));
	TRY(set_root_mapped(&build));
	TRY(build_user(&build));
	TRY(build_traits(&build));
	TRY(build_mounts(&build));
	TRY(build_devices(&build));
	TRY(rights(&build));
	TRY(build_limits(&build));
	TRY(ulimits_parse(arena, &opts->ulimit, facts, &spec.oci.process));
	*ret_spec = spec;
	return 0;
}
