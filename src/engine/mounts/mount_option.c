// SPDX-License-Identifier: Apache-2.0
// mount_option.c - --mount: one mount as a list of keys and values
//
// What -v says by position, --mount says by name, and there is more of it. The two differ in one
// thing that matters: a source that is not there is an error here, where -v makes a directory.
//
// Keys come in any order, and the type may be the last, so the fields are read twice: for the type,
// then for all others, of which each belongs to some types.
#include "engine/mounts/mount_option.h"

#include <strings.h>

#include "base/fail.h"
#include "base/path.h"
#include "engine/mounts/anonymous.h"
#include "engine/mounts/bind.h"
#include "engine/mounts/csv.h"
#include "engine/mounts/destination.h"
#include "oci/lists.h"
#include "engine/place.h"
#include "base/size.h"
#include "engine/mounts/tmpfs.h"

enum mount_type {
	TYPE_BIND = 1 << 0,
	TYPE_TMPFS = 1 << 1,
	TYPE_RAMFS = 1 << 2,
	TYPE_DEVPTS = 1 << 3,
	TYPE_VOLUME = 1 << 4,
	TYPE_MEMORY = TYPE_TMPFS | TYPE_RAMFS,
	TYPE_FRESH = TYPE_MEMORY | TYPE_DEVPTS,
	TYPE_ANY = TYPE_BIND | TYPE_FRESH | TYPE_VOLUME,
};

struct reading {
	struct arena *arena;
	const char *cwd;
	const char *text; // the whole value
	enum mount_type type;
	const char *key;   // of the field being read, as it was written
	const char *value; // NULL: it has none
	struct bind bind;
	const char *source;
	const char *destination;
	bool readonly;
	bool make;                // a source that is not there
	bool below_too;           // bind-recursive=readonly
	bool no_copy;             // volume-nocopy
	struct oci_strings words; // options of a new file system
};

static int bad_value(const struct reading *reading, const char *expected)
{
	return fail(-EINVAL, "--mount '%s': %s: %s is expected", reading->text, reading->key,
		    expected);
}

// A key alone is as good as key=true. The words of truth are those of Docker's client.
static int truth(const struct reading *reading, bool *ret_truth)
{
	static const char *const words[][2] = {{"1", "0"},        {"t", "f"},
					       {"T", "F"},        {"true", "false"},
					       {"True", "False"}, {"TRUE", "FALSE"}};
	if (!reading->value) {
		*ret_truth = true;
		return 0;
	}
	for (size_t i = 0; i < lengthof(words); i++)
		for (int no = 0; no < 2; no++)
			if (str_eq(reading->value, words[i][no])) {
				*ret_truth = !no;
				return 0;
			}
	return bad_value(reading, "true or false");
}

// --- keys ---------------------------------------------------------------------------------------

static int take_source(struct reading *reading)
{
	if (!reading->value || !*reading->value)
		return bad_value(reading, "a path");
	if (reading->source)
		return fail(-EINVAL, "--mount '%s': the source is given twice", reading->text);
	reading->source = reading->value;
	return 0;
}

static int take_target(struct reading *reading)
{
	if (!reading->value)
		return bad_value(reading, "a path");
	if (reading->destination)
		return fail(-EINVAL, "--mount '%s': the target is given twice", reading->text);
	return destination_parse(reading->arena, "--mount", reading->text, str_of(reading->value),
				 &reading->destination);
}

static int take_readonly(struct reading *reading)
{
	return truth(reading, &reading->readonly);
}

static int take_writable(struct reading *reading)
{
	bool writable;
	TRY(truth(reading, &writable));
	reading->readonly = !writable;
	return 0;
}

static int bind_words(struct reading *reading, const char *word)
{
	return bind_word(reading->arena, &reading->bind, str_of(word));
}

static int take_propagation(struct reading *reading)
{
	static const char expected[] = "private, rprivate, shared, rshared, slave, rslave, "
				       "unbindable or runbindable";
	if (!reading->value || reading->bind.propagation)
		return bad_value(reading, expected);
	TRY(bind_words(reading, reading->value));
	return reading->bind.propagation ? 0 : bad_value(reading, expected);
}

static int take_nonrecursive(struct reading *reading)
{
	bool no;
	TRY(truth(reading, &no));
	return bind_words(reading, no ? "bind" : "rbind");
}

static int take_recursive(struct reading *reading)
{
	static const char *const values[] = {"enabled", "disabled", "writable", "readonly"};
	size_t i = 0;
	while (i < lengthof(values) && (!reading->value || !str_eq(reading->value, values[i])))
		i++;
	if (i == lengthof(values))
		return bad_value(reading, "enabled, disabled, writable or readonly");
	reading->bind.top_only = i == 2;
	reading->below_too = i == 3;
	return bind_words(reading, i == 1 ? "bind" : "rbind");
}

static int take_create_source(struct reading *reading)
{
	return truth(reading, &reading->make);
}

static int take_relabel(struct reading *reading)
{
	bool shared = reading->value && str_eq(reading->value, "shared");
	if (!shared && !(reading->value && str_eq(reading->value, "private")))
		return bad_value(reading, "shared or private");
	return bind_words(reading, shared ? "z" : "Z");
}

static int take_chown(struct reading *reading)
{
	return truth(reading, &reading->bind.chown);
}

static int take_idmap(struct reading *reading)
{
	return bind_words(reading,
			  reading->value ? arena_printf(reading->arena, "idmap=%s", reading->value)
					 : "idmap");
}

static int take_attribute(struct reading *reading)
{
	if (reading->value)
		return fail(-EINVAL, "--mount '%s': %s takes no value", reading->text,
			    reading->key);
	if (reading->type == TYPE_BIND)
		return bind_words(reading, reading->key);
	oci_strings_push(reading->arena, &reading->words, reading->key);
	return 0;
}

static int take_consistency(struct reading *reading)
{
	static const char *const values[] = {"default", "consistent", "cached", "delegated"};
	for (size_t i = 0; i < lengthof(values); i++)
		if (reading->value && str_eq(reading->value, values[i]))
			return 0;
	return bad_value(reading, "consistent, cached or delegated");
}

static int take_size(struct reading *reading)
{
	int64_t bytes;
	if (!reading->value)
		return bad_value(reading, "bytes such as 64m");
	TRY(size_parse("--mount tmpfs-size", reading->value, &bytes));
	oci_strings_push(reading->arena, &reading->words,
			 arena_printf(reading->arena, "size=%lld", (long long)bytes));
	return 0;
}

// "tmpfs-mode" and the options of a devpts, which have the file system's own names.
static int take_setting(struct reading *reading)
{
	const char *name = str_eq(reading->key, "tmpfs-mode") ? "mode" : reading->key;
	oci_strings_push(
		reading->arena, &reading->words,
		arena_printf(reading->arena, "%s=%s", name, reading->value ? reading->value : ""));
	return 0;
}

static int take_no_copy(struct reading *reading)
{
	return truth(reading, &reading->no_copy);
}

static int take_later(struct reading *reading)
{
	return fail(-EOPNOTSUPP, "--mount '%s': %s: not yet", reading->text, reading->key);
}

static int take_type(struct reading *reading unused_)
{
	return 0; // it was read before all others
}

static const struct key_row {
	const char *name;
	unsigned types; // that it goes with
	int (*take)(struct reading *reading);
} keys[] = {
	{"type", TYPE_ANY, take_type},
	{"source", TYPE_BIND | TYPE_VOLUME, take_source},
	{"src", TYPE_BIND | TYPE_VOLUME, take_source},
	{"target", TYPE_ANY, take_target},
	{"dst", TYPE_ANY, take_target},
	{"destination", TYPE_ANY, take_target},
	{"readonly", TYPE_ANY, take_readonly},
	{"ro", TYPE_ANY, take_readonly},
	{"rw", TYPE_ANY, take_writable},
	{"consistency", TYPE_ANY, take_consistency},
	{"bind-propagation", TYPE_BIND, take_propagation},
	{"bind-nonrecursive", TYPE_BIND, take_nonrecursive},
	{"bind-recursive", TYPE_BIND, take_recursive},
	{"bind-create-src", TYPE_BIND, take_create_source},
	{"relabel", TYPE_BIND, take_relabel},
	{"idmap", TYPE_BIND, take_idmap},
	{"U", TYPE_BIND, take_chown},
	{"chown", TYPE_BIND, take_chown},
	{"exec", TYPE_ANY, take_attribute},
	{"noexec", TYPE_ANY, take_attribute},
	{"suid", TYPE_ANY, take_attribute},
	{"nosuid", TYPE_ANY, take_attribute},
	{"dev", TYPE_BIND | TYPE_MEMORY | TYPE_VOLUME, take_attribute},
	{"nodev", TYPE_BIND | TYPE_MEMORY | TYPE_VOLUME, take_attribute},
	{"tmpfs-size", TYPE_TMPFS, take_size},
	{"tmpfs-mode", TYPE_MEMORY, take_setting},
	{"tmpcopyup", TYPE_TMPFS, take_attribute},
	{"notmpcopyup", TYPE_TMPFS, take_attribute},
	{"uid", TYPE_DEVPTS, take_setting},
	{"gid", TYPE_DEVPTS, take_setting},
	{"mode", TYPE_DEVPTS, take_setting},
	{"max", TYPE_DEVPTS, take_setting},
	{"volume-nocopy", TYPE_VOLUME, take_no_copy},
	{"volume-driver", TYPE_VOLUME, take_later},
	{"volume-opt", TYPE_VOLUME, take_later},
	{"volume-label", TYPE_VOLUME, take_later},
	{"volume-subpath", TYPE_VOLUME, take_later},
	{"subpath", TYPE_VOLUME, take_later},
};

static const struct type_row {
	const char *name;
	enum mount_type type;
	const char *why; // it is refused; NULL: it is not
} types[] = {
	{"bind", TYPE_BIND, NULL},
	{"tmpfs", TYPE_TMPFS, NULL},
	{"ramfs", TYPE_RAMFS, NULL},
	{"devpts", TYPE_DEVPTS, NULL},
	{"volume", TYPE_VOLUME, NULL},
	{"image", 0, "not yet"},
	{"artifact", 0, "not yet"},
	{"glob", 0, "which files it shows would depend on the moment: name each with type=bind"},
	{"npipe", 0, "named pipes are Windows'"},
	{"cluster", 0, "there is no cluster here whose volumes it could be"},
};

static const char *type_name(enum mount_type type)
{
	for (size_t i = 0; i < lengthof(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "";
}

// --- reading ------------------------------------------------------------------------------------

static int find_type(struct reading *reading, const char *name)
{
	for (size_t i = 0; i < lengthof(types); i++) {
		if (strcasecmp(types[i].name, name) != 0)
			continue;
		if (types[i].why)
			return fail(-EOPNOTSUPP, "--mount '%s': type %s: %s", reading->text,
				    types[i].name, types[i].why);
		reading->type = types[i].type;
		return 0;
	}
	return fail(-EINVAL,
		    "--mount '%s': '%.64s' is not a type: bind, tmpfs, ramfs, devpts and "
		    "volume are",
		    reading->text, name);
}

static int take_field(struct reading *reading)
{
	for (size_t i = 0; i < lengthof(keys); i++) {
		bool same = str_eq(keys[i].name, "U") ? str_eq(reading->key, "U")
						      : !strcasecmp(reading->key, keys[i].name);
		if (!same)
			continue;
		if (!(keys[i].types & reading->type))
			return fail(-EINVAL, "--mount '%s': %s does not go with type %s",
				    reading->text, keys[i].name, type_name(reading->type));
		reading->key = keys[i].name;
		return keys[i].take(reading);
	}
	return fail(-EINVAL, "--mount '%s': '%.64s' is not a key", reading->text, reading->key);
}

static int not_csv(const char *text)
{
	fail(-EINVAL, "--mount '%s': a double quote stands where none may", text);
	fail_hint("a field with a comma is written in double quotes as a whole: "
		  "'type=bind,\"src=/a,b\",dst=/c'");
	return -EINVAL;
}

// Cuts a field into key and value.
static void set_field(struct reading *reading, const char *field)
{
	const char *equals = strchr(field, '=');
	size_t n = equals ? (size_t)(equals - field) : strlen(field);
	reading->key = arena_dup_n(reading->arena, field, n);
	reading->value = equals ? equals + 1 : NULL;
}

static int read_fields(struct reading *reading)
{
	struct oci_strings fields = {0};
	struct str rest = str_of(reading->text);
	const char *type = "volume"; // Docker's, where none is given
	while (rest.p) {
		const char *field;
		if (csv_next(reading->arena, &rest, &field))
			return not_csv(reading->text);
		oci_strings_push(reading->arena, &fields, field);
		if (strncasecmp(field, "type=", 5) == 0)
			type = field + 5;
	}
	TRY(find_type(reading, type));
	for (size_t i = 0; i < fields.n; i++) {
		set_field(reading, fields.item[i]);
		TRY(take_field(reading));
	}
	return 0;
}

// --- the mount ----------------------------------------------------------------------------------

static int make_bind(struct reading *reading, struct oci_mount *mount)
{
	const struct bind *bind = &reading->bind;
	if (!reading->source)
		return fail(-EINVAL, "--mount '%s': a bind mount needs a source (src=PATH)",
			    reading->text);
	if ((bind->top_only || reading->below_too) && !reading->readonly)
		return fail(-EINVAL,
			    "--mount '%s': bind-recursive=%s is about read-only mounts, and this "
			    "one is not (readonly)",
			    reading->text, bind->top_only ? "writable" : "readonly");
	mount->source = engine_absolute(reading->arena, reading->cwd, reading->source);
	if (strlen(mount->source) >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "--mount '%.64s…': the path is too long", reading->text);
	reading->bind.readonly = reading->readonly;
	return bind_finish(reading->arena, bind, mount);
}

static int make_memory(struct reading *reading, struct oci_mount *mount)
{
	mount->type = type_name(reading->type);
	mount->source = mount->type;
	tmpfs_begin(reading->arena, mount);
	if (reading->readonly)
		TRY(tmpfs_word(reading->arena, "--mount", reading->text, STR("ro"), mount));
	for (size_t i = 0; i < reading->words.n; i++)
		TRY(tmpfs_word(reading->arena, "--mount", reading->text,
			       str_of(reading->words.item[i]), mount));
	return 0;
}

static int make_devpts(struct reading *reading, struct oci_mount *mount)
{
	static const char *const defaults[] = {"nosuid", "noexec", "newinstance", "ptmxmode=0666",
					       NULL};
	mount->type = mount->source = "devpts";
	oci_strings_push_all(reading->arena, &mount->options, defaults);
	if (reading->readonly)
		oci_strings_push(reading->arena, &mount->options, "ro");
	for (size_t i = 0; i < reading->words.n; i++) {
		struct str value = str_of(reading->words.item[i]);
		struct str name = str_cut(&value, '=');
		uint64_t number;
		bool mode = str_is(name, "mode");
		if (value.p && (mode ? !tmpfs_is_mode(value)
				     : str_number(value, UINT32_MAX - 1, &number) != 0))
			return fail(-EINVAL, "--mount '%s': %.*s: %s is expected", reading->text,
				    (int)name.n, name.p,
				    mode ? "an octal mode such as 0620" : "a number");
		oci_strings_push(reading->arena, &mount->options, reading->words.item[i]);
	}
	return 0;
}

static int make_volume(struct reading *reading, struct oci_mount *mount)
{
	if (reading->source)
		return fail(-EOPNOTSUPP, "--mount '%s': named volumes: not yet", reading->text);
	TRY(anonymous_volume(reading->arena, "--mount", reading->text, str_of(reading->destination),
			     !reading->no_copy, mount));
	if (reading->readonly)
		oci_strings_push(reading->arena, &mount->options, "rro");
	for (size_t i = 0; i < reading->words.n; i++)
		oci_strings_push(reading->arena, &mount->options,
				 arena_printf(reading->arena, "r%s", reading->words.item[i]));
	return 0;
}

static int make_mount(struct reading *reading, struct oci_mount *mount)
{
	switch (reading->type) {
	case TYPE_BIND:
		return make_bind(reading, mount);
	case TYPE_DEVPTS:
		return make_devpts(reading, mount);
	case TYPE_VOLUME:
		return make_volume(reading, mount);
	default:
		return make_memory(reading, mount);
	}
}

int mount_option_parse(struct arena *arena, const char *cwd, const char *text,
		       struct oci_mount *ret_mount, bool *ret_make)
{
	struct reading reading = {
		.arena = arena, .cwd = cwd, .text = text, .bind = BIND_NEW("--mount", text)};
	struct oci_mount mount = {0};
	TRY(read_fields(&reading));
	if (!reading.destination)
		return fail(-EINVAL, "--mount '%s': a target is missing (dst=PATH)", text);
	mount.destination = reading.destination;
	TRY(make_mount(&reading, &mount));
	*ret_mount = mount;
	*ret_make = reading.make;
	return 0;
}
