// SPDX-License-Identifier: Apache-2.0
// bind.c - the words that say how something of the host is shown inside
//
// A bind mount shows a part of the host's tree at a second place; no data is copied. It is made
// recursive, so that what is mounted below the source is seen too, and private, so that later
// mounts do not travel either way. What is asked of its attributes holds for what is mounted below
// as well ("rro" in OCI's words): with a plain "ro" a file system mounted below the source would
// stay writable.
//
// "O" lays a directory for changes over the source, as an image's layers have one: the container
// may write, and the source stays as it is.
//
// Two words change ownership, in different ways. "U" gives the files to the container's user, for
// good: the owner on disk changes. "idmap" changes nothing on disk: the mount shows other ids than
// the file system has.
#include "engine/mounts/bind.h"

#include "base/fail.h"
#include "engine/ids/idmap_option.h"
#include "oci/lists.h"

// Words that come in groups, of which one may be said, and where it goes.
static const struct group {
	size_t field; // of struct bind, a const char *
	const char *words[9];
} groups[] = {
	{offsetof(struct bind, propagation),
	 {"private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable",
	  "runbindable"}},
	{offsetof(struct bind, recursion), {"rbind", "bind"}},
	{offsetof(struct bind, exec), {"exec", "noexec"}},
	{offsetof(struct bind, suid), {"suid", "nosuid"}},
	{offsetof(struct bind, dev), {"dev", "nodev"}},
	{offsetof(struct bind, label), {"z", "Z"}},
};

// Words of Docker's or Podman's that want more than a bind mount.
static const char *why_later(struct str word)
{
	if (str_starts(word.p, "upperdir=") || str_starts(word.p, "workdir="))
		return "changes that stay";
	if (str_is(word, "copy") || str_is(word, "nocopy") || str_is(word, "volume-nocopy"))
		return "named volumes";
	return NULL;
}

static int said_twice(const struct bind *bind, const char *what, struct str word)
{
	return fail(-EINVAL, "%s '%s': '%.*s': %s is said twice", bind->flag, bind->text,
		    (int)word.n, word.p, what);
}

static int take_access(struct bind *bind, struct str word)
{
	if (bind->access_said)
		return said_twice(bind, "ro or rw", word);
	bind->access_said = true;
	bind->readonly = str_is(word, "ro");
	return 0;
}

static int take_group(struct bind *bind, const struct group *group, struct str word)
{
	const char **field = (const char **)(void *)((char *)bind + group->field);
	for (size_t i = 0; group->words[i]; i++) {
		if (!str_is(word, group->words[i]))
			continue;
		if (*field)
			return said_twice(bind, str_is(word, *field) ? "it" : *field, word);
		*field = group->words[i];
		return 0;
	}
	return BIND_OTHER;
}

int bind_word(struct arena *arena, struct bind *bind, struct str word)
{
	if (str_is(word, "ro") || str_is(word, "rw"))
		return take_access(bind, word);
	for (size_t i = 0; i < lengthof(groups); i++) {
		int result = take_group(bind, &groups[i], word);
		if (result != BIND_OTHER)
			return result;
	}
	if (str_is(word, "O")) {
		bind->overlay = true;
		return 0;
	}
	if (str_is(word, "U")) {
		bind->chown = true;
		return 0;
	}
	if (str_is(word, "idmap") || (word.n > 6 && !memcmp(word.p, "idmap=", 6))) {
		if (bind->idmap)
			return said_twice(bind, "idmap", STR("idmap"));
		bind->idmap = arena_dup_n(arena, word.p, word.n);
		return 0;
	}
	// Caches of Docker Desktop's virtual machine; on Linux there is one state of a file.
	if (str_is(word, "consistent") || str_is(word, "cached") || str_is(word, "delegated"))
		return 0;
	const char *later = word.n ? why_later(word) : NULL;
	if (later)
		return fail(-EOPNOTSUPP, "%s '%s': option '%.*s' (%s): not yet", bind->flag,
			    bind->text, (int)word.n, word.p, later);
	return BIND_OTHER;
}

static int bad_idmap(const struct bind *bind, struct str part)
{
	fail(-EINVAL, "%s '%s': '%.*s' is no id mapping", bind->flag, bind->text,
	     (int)min_of(part.n, 64u), part.p);
	fail_hint("it is written idmap=uids=0-1000-1;gids=0-1000-1: an id of the files, the id it "
		  "is seen as, how many; # stands between several");
	return -EINVAL;
}

static int idmap_parts(struct arena *arena, const struct bind *bind, struct str list,
		       struct oci_id_map **ret_maps, size_t *ret_n)
{
	struct oci_id_map *maps = arena_array(arena, struct oci_id_map, IDMAP_PARTS_MAX);
	size_t n = 0;
	while (list.p) {
		struct str part = str_cut(&list, '#'), rest = part;
		// Podman's word for "counted in the container's own ids"; they are the host's here.
		if (rest.n && rest.p[0] == '@')
			rest = (struct str){rest.p + 1, rest.n - 1};
		uint64_t number[3];
		for (size_t i = 0; i < lengthof(number); i++)
			if (str_number(str_cut(&rest, '-'), UINT32_MAX - 1, &number[i]))
				return bad_idmap(bind, part);
		if (rest.p || !number[2] || number[0] + number[2] > UINT32_MAX ||
		    number[1] + number[2] > UINT32_MAX || n == IDMAP_PARTS_MAX)
			return bad_idmap(bind, part);
		maps[n++] = (struct oci_id_map){(uint32_t)number[0], (uint32_t)number[1],
						(uint32_t)number[2]};
	}
	*ret_maps = maps;
	*ret_n = n;
	return 0;
}

static int idmap(struct arena *arena, const struct bind *bind, struct oci_mount *mount)
{
	struct str rest = str_of(bind->idmap);
	str_cut(&rest, '=');
	while (rest.p) {
		struct str value = str_cut(&rest, ';'), whole = value;
		struct str key = str_cut(&value, '=');
		bool uids = str_is(key, "uids");
		size_t *n = uids ? &mount->uid_mappings_n : &mount->gid_mappings_n;
		if ((!uids && !str_is(key, "gids")) || !value.p || *n)
			return bad_idmap(bind, whole);
		TRY(idmap_parts(arena, bind, value,
				uids ? &mount->uid_mappings : &mount->gid_mappings, n));
	}
	bool one = !mount->uid_mappings_n != !mount->gid_mappings_n;
	return one ? bad_idmap(bind, str_of(bind->idmap)) : 0;
}

static int overlay_finish(struct arena *arena, const struct bind *bind, struct oci_mount *mount)
{
	const char *const words[] = {bind->readonly ? "ro" : "rw", bind->exec, bind->suid,
				     bind->dev};
	const char *other = bind->propagation ? bind->propagation
			    : bind->recursion ? bind->recursion
			    : bind->label     ? bind->label
			    : bind->chown     ? "U"
			    : bind->idmap     ? "idmap"
					      : NULL;
	if (other)
		return fail(-EINVAL, "%s '%s': %s does not go with O", bind->flag, bind->text,
			    other);
	mount->type = "overlay";
	for (size_t i = 0; i < lengthof(words); i++)
		if (words[i])
			oci_strings_push(arena, &mount->options, words[i]);
	return 0;
}

int bind_finish(struct arena *arena, const struct bind *bind, struct oci_mount *mount)
{
	if (bind->overlay)
		return overlay_finish(arena, bind, mount);
	struct oci_strings *options = &mount->options;
	const char *const three[] = {bind->exec, bind->suid, bind->dev};
	bool recursive = !bind->recursion || str_eq(bind->recursion, "rbind");
	mount->type = "bind";
	oci_strings_push(arena, options, recursive ? "rbind" : "bind");
	oci_strings_push(arena, options, bind->propagation ? bind->propagation : "rprivate");
	oci_strings_push(arena, options, !bind->readonly ? "rw" : bind->top_only ? "ro" : "rro");
	for (size_t i = 0; i < lengthof(three); i++)
		if (three[i])
			oci_strings_push(arena, options, arena_printf(arena, "r%s", three[i]));
	if (bind->label)
		oci_strings_push(arena, options, bind->label);
	if (bind->chown)
		oci_strings_push(arena, options, "U");
	if (!bind->idmap)
		return 0;
	oci_strings_push(arena, options, "ridmap");
	return idmap(arena, bind, mount);
}
