// SPDX-License-Identifier: Apache-2.0
// passwd_lines.c - --passwd, --passwd-entry, --group-entry, --hostuser: lines for two files
//
// Podman's rule, but only when it is asked for, as Docker adds nothing: who runs as a number that
// the image does not know gets a line in its passwd, and the group likewise. The step that adds a
// line leaves it out where the name or the number is there already (box/steps/lines.c), so here the
// lines are made without a look at the image.
//
// Users of the host are those of its /etc/passwd: tare asks no other data base.
#include "engine/etc/passwd_lines.h"

#include <fcntl.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"

enum { FILE_MOST = 4 << 20, ENTRY_MOST = 2048, PASSWD_FIELDS = 7, GROUP_FIELDS = 4 };

static const char passwd_file[] = "/etc/passwd", group_file[] = "/etc/group";

// A name in an entry of the user's that stands for a value.
struct variable {
	const char *name;
	const char *value;
};

struct maker {
	struct arena *arena;
	const struct run_opts *opts;
	const struct engine_place *place;
	const struct passwd_want *want;
	struct box_spec *spec;
};

static void add(struct maker *maker, const char *file, const char *text, const char *group)
{
	maker->spec->lines[maker->spec->lines_n++] = (struct box_line){file, text, group};
}

// --- the host's files ---------------------------------------------------------------------------

// Finds the line whose first or third field is `wanted`. Returns whether there is one.
static bool host_line(struct maker *maker, const char *name, const char *wanted,
		      struct str *ret_line)
{
	struct str text, line;
	const char *path = arena_printf(maker->arena, "%s/%s", maker->place->etc, name);
	if (file_read(maker->arena, AT_FDCWD, path, FILE_MOST, &text))
		return false;
	while (text.p) {
		struct str rest = line = str_cut(&text, '\n');
		struct str first = str_cut(&rest, ':');
		str_cut(&rest, ':');
		if (first.n && (str_is(first, wanted) || str_is(str_cut(&rest, ':'), wanted))) {
			*ret_line = line;
			return true;
		}
	}
	return false;
}

static const char *first_field(struct arena *arena, struct str line)
{
	struct str field = str_cut(&line, ':');
	return arena_dup_n(arena, field.p, field.n);
}

static bool lies_in(const char *path, const char *directory)
{
	size_t n = strlen(directory);
	return strncmp(path, directory, n) == 0 && (!path[n] || path[n] == '/');
}

// A home that is not shown inside would be an empty promise.
static const char *home_inside(const struct maker *maker, const char *home)
{
	const struct passwd_want *want = maker->want;
	for (size_t i = 0; i < want->mounts_n; i++)
		if (*home == '/' && lies_in(home, want->mounts[i].destination))
			return home;
	return want->cwd;
}

// The line of a user of the host's, as it is in the container.
static const char *host_user(struct maker *maker, struct str line)
{
	struct str field[PASSWD_FIELDS];
	for (size_t i = 0; i < PASSWD_FIELDS; i++)
		field[i] = str_cut(&line, ':');
	const char *home = arena_dup_n(maker->arena, field[5].n ? field[5].p : "", field[5].n);
	return arena_printf(maker->arena, "%.*s:*:%.*s:%.*s:%.*s:%s:/bin/sh\n", (int)field[0].n,
			    field[0].p, (int)field[2].n, field[2].p, (int)field[3].n, field[3].p,
			    (int)field[4].n, field[4].n ? field[4].p : "",
			    home_inside(maker, home));
}

static int add_host_users(struct maker *maker)
{
	for (size_t i = 0; i < maker->opts->hostuser.n; i++) {
		const char *name = maker->opts->hostuser.item[i];
		struct str line;
		if (!*name || strpbrk(name, ":\n") || !host_line(maker, "passwd", name, &line)) {
			fail(-ENOENT, "--hostuser '%.64s': the host has no such user", name);
			fail_hint("those of its /etc/passwd can be named, by name or number");
			return -ENOENT;
		}
		add(maker, passwd_file, host_user(maker, line), NULL);
	}
	return 0;
}

// --- entries that the user writes ---------------------------------------------------------------

// The longest name first where one begins another.
static void expand(struct buf *out, const char *text, const struct variable *variables, size_t n)
{
	while (*text) {
		size_t i = 0;
		while (i < n && !(*text == '$' && str_starts(text + 1, variables[i].name)))
			i++;
		if (i == n)
			buf_putc(out, *text++);
		else {
			buf_puts(out, variables[i].value);
			text += 1 + strlen(variables[i].name);
		}
	}
}

static int entry(struct maker *maker, const char *flag, const char *text, size_t fields,
		 const struct variable *variables, size_t n, const char **ret_line)
{
	struct buf out = buf_new(maker->arena, 2 * PATH_LENGTH_MAX);
	size_t colons = 0;
	size_t length = strlen(text);
	if (length > ENTRY_MOST)
		return fail(-E2BIG, "%s '%.64s…': more than %d bytes", flag, text, ENTRY_MOST);
	length -= length && text[length - 1] == '\n';
	expand(&out, arena_dup_n(maker->arena, text, length), variables, n);
	for (size_t i = 0; i < out.n; i++)
		colons += out.p[i] == ':';
	if (colons != fields - 1 || strchr(out.p, '\n') || out.p[0] == ':') {
		fail(-EINVAL, "%s '%.64s': one line of %zu fields is expected", flag, text, fields);
		fail_hint(fields == PASSWD_FIELDS
				  ? "like '$USERNAME:*:$UID:$GID:a name:$HOME:/bin/sh'"
				  : "like '$GROUPNAME:x:$GID:$USERLIST'");
		return -EINVAL;
	}
	buf_putc(&out, '\n');
	*ret_line = out.p;
	return 0;
}

// --- who is run ---------------------------------------------------------------------------------

// A colon would end the field.
static const char *field_of(const char *path)
{
	return strpbrk(path, ":\n") ? "/" : path;
}

static int add_user(struct maker *maker)
{
	const struct run_opts *opts = maker->opts;
	const struct passwd_want *want = maker->want;
	const struct engine_user *user = want->user;
	struct arena *arena = maker->arena;
	const char *group = strchr(want->text, ':'), *line;
	bool named = group && !user->has_group;
	struct str host;
	const char *uid = arena_printf(arena, "%u", user->uid);
	const char *gid = named ? "$GID" : arena_printf(arena, "%u", user->gid);
	const struct variable variables[] = {{"USERNAME", uid},
					     {"UID", uid},
					     {"GID", gid},
					     {"NAME", "container user"},
					     {"HOME", field_of(want->cwd)}};
	if (!user->has_number)
		return 0;
	if (opts->passwd_entry)
		TRY(entry(maker, "--passwd-entry", opts->passwd_entry, PASSWD_FIELDS, variables,
			  lengthof(variables), &line));
	else if (want->keep_id && host_line(maker, "passwd", uid, &host))
		line = host_user(maker, host);
	else
		line = arena_printf(arena, "%s:*:%s:%s:container user:%s:/bin/sh\n", uid, uid, gid,
				    field_of(want->cwd));
	add(maker, passwd_file, line, named ? group + 1 : NULL);
	return 0;
}

static int add_group(struct maker *maker)
{
	const struct run_opts *opts = maker->opts;
	const struct passwd_want *want = maker->want;
	struct arena *arena = maker->arena;
	struct str group = str_of(want->text), host;
	struct str user = str_cut(&group, ':');
	const char *gid =
		arena_dup_n(arena, group.p ? group.p : user.p, group.p ? group.n : user.n);
	const char *members = arena_dup_n(arena, user.p, user.n), *name = gid, *line;
	uint64_t number;
	if (str_number(str_of(gid), UINT32_MAX - 1, &number))
		return 0; // a name is the image's own
	if (want->keep_id && host_line(maker, "group", gid, &host))
		name = first_field(arena, host);
	if (want->keep_id && host_line(maker, "passwd", members, &host))
		members = first_field(arena, host);
	const struct variable variables[] = {
		{"GROUPNAME", name}, {"GID", gid}, {"USERLIST", members}};
	TRY(entry(maker, "--group-entry",
		  opts->group_entry ? opts->group_entry : "$GROUPNAME:x:$GID:$USERLIST",
		  GROUP_FIELDS, variables, lengthof(variables), &line));
	add(maker, group_file, line, NULL);
	return 0;
}

// --- both files ---------------------------------------------------------------------------------

static bool is_covered(const struct passwd_want *want, const char *file)
{
	for (size_t i = 0; i < want->mounts_n; i++)
		if (lies_in(file, want->mounts[i].destination))
			return true;
	return false;
}

static int check_covered(const struct passwd_want *want, const char *file, const char *flag)
{
	if (!flag || !is_covered(want, file))
		return 0;
	return fail(-EINVAL, "%s: another mount takes the place of %s", flag, file);
}

int passwd_lines_make(struct arena *arena, const struct run_opts *opts,
		      const struct engine_place *place, const struct passwd_want *want,
		      struct box_spec *spec)
{
	struct maker maker = {arena, opts, place, want, spec};
	bool passwd = opts->passwd || opts->passwd_entry, group = opts->passwd || opts->group_entry;
	if (!passwd && !group && !opts->hostuser.n)
		return 0;
	if (opts->script && spec->root == BOX_ROOT_BIND) {
		fail(-EOPNOTSUPP, "--script with --passwd or --hostuser and --rootfs: not yet");
		fail_hint("an overlay takes the lines: --rootfs DIR:O");
		return -EOPNOTSUPP;
	}
	TRY(check_covered(want, passwd_file,
			  opts->hostuser.n     ? "--hostuser"
			  : opts->passwd_entry ? "--passwd-entry"
					       : NULL));
	TRY(check_covered(want, group_file, opts->group_entry ? "--group-entry" : NULL));
	spec->lines = arena_array(arena, struct box_line, opts->hostuser.n + 2);
	TRY(add_host_users(&maker));
	if (want->text && passwd && !is_covered(want, passwd_file))
		TRY(add_user(&maker));
	if (want->text && group && !is_covered(want, group_file))
		TRY(add_group(&maker));
	return 0;
}
