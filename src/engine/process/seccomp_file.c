// SPDX-License-Identifier: Apache-2.0
// seccomp_file.c - a seccomp profile in Docker's JSON, as --security-opt seccomp=FILE names one
//
// Docker's document is the runtime specification's linux.seccomp with conditions: an entry counts
// only with or without some capabilities, on some architectures, from some kernel on, and a table
// tells which other architectures a machine serves. Podman writes errno numbers by name as well.
// What is left when the conditions were looked at is the plain document that goes into the spec.
#include "engine/process/seccomp_file.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/caps.h"
#include "kern/seccomp/syscalls.h"

#include <fcntl.h>

struct condition { // "includes", "excludes"
	struct oci_strings arches;
	struct oci_strings caps;
	const char *min_kernel;
};

struct entry {
	const char *name; // the old form: a single one
	struct oci_seccomp_call call;
	const char *errno_name; // Podman's "errno", beside errnoRet
	const char *comment;
	struct condition includes;
	struct condition excludes;
};

struct arch_map {
	const char *architecture;
	struct oci_strings sub_architectures;
};

struct profile {
	struct oci_seccomp plain; // but for its syscalls
	const char *default_errno_name;
	struct arch_map *arch_map;
	size_t arch_map_n;
	struct entry *entries;
	size_t entries_n;
};

static const struct shape_field condition_fields[] = {
	OCI_STRINGS_OF("arches", struct condition, arches),
	OCI_STRINGS_OF("caps", struct condition, caps),
	SHAPE_TEXT_OF("minKernel", struct condition, min_kernel),
};
static const struct shape condition_shape = SHAPE("condition", struct condition, condition_fields);

enum { ERRNO_MOST = 4095 };

static const struct shape_field entry_fields[] = {
	SHAPE_TEXT_OF("name", struct entry, name),
	OCI_STRINGS_OF("names", struct entry, call.names),
	SHAPE_TEXT_OF("action", struct entry, call.action, .flags = SHAPE_REQUIRED),
	SHAPE_INT64_OF("errnoRet", struct entry, call.errno_ret, .absent = -1, .most = ERRNO_MOST),
	SHAPE_TEXT_OF("errno", struct entry, errno_name),
	SHAPE_OBJECTS_OF("args", struct entry, call.args, call.args_n, struct oci_seccomp_arg,
			 &oci_seccomp_arg_shape),
	SHAPE_TEXT_OF("comment", struct entry, comment),
	SHAPE_OBJECT_OF("includes", struct entry, includes, struct condition, &condition_shape),
	SHAPE_OBJECT_OF("excludes", struct entry, excludes, struct condition, &condition_shape),
};
static const struct shape entry_shape = SHAPE("entry", struct entry, entry_fields);

static const struct shape_field arch_map_fields[] = {
	SHAPE_TEXT_OF("architecture", struct arch_map, architecture, .flags = SHAPE_REQUIRED),
	OCI_STRINGS_OF("subArchitectures", struct arch_map, sub_architectures),
};
static const struct shape arch_map_shape = SHAPE("archMap", struct arch_map, arch_map_fields);

static const struct shape_field profile_fields[] = {
	SHAPE_TEXT_OF("defaultAction", struct profile, plain.default_action,
		      .flags = SHAPE_REQUIRED),
	SHAPE_INT64_OF("defaultErrnoRet", struct profile, plain.default_errno_ret, .absent = -1,
		       .most = ERRNO_MOST),
	SHAPE_TEXT_OF("defaultErrno", struct profile, default_errno_name),
	OCI_STRINGS_OF("architectures", struct profile, plain.architectures),
	SHAPE_OBJECTS_OF("archMap", struct profile, arch_map, arch_map_n, struct arch_map,
			 &arch_map_shape),
	OCI_STRINGS_OF("flags", struct profile, plain.flags),
	SHAPE_TEXT_OF("listenerPath", struct profile, plain.listener_path),
	SHAPE_TEXT_OF("listenerMetadata", struct profile, plain.listener_metadata),
	SHAPE_OBJECTS_OF("syscalls", struct profile, entries, entries_n, struct entry,
			 &entry_shape),
};
static const struct shape profile_shape = SHAPE("seccomp profile", struct profile, profile_fields);

// --- conditions ---------------------------------------------------------------------------------

struct reader {
	struct arena *arena;
	const char *path;
	const struct facts *facts;
	uint64_t capabilities;
};

// As Docker's documents name machines: in Go's words.
static const char *machine_of(const struct facts *facts)
{
	return str_eq(facts->machine, "aarch64") ? "arm64" : "amd64";
}

static bool has(const struct oci_strings *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], word))
			return true;
	return false;
}

// A capability this table does not know is one the container does not have.
static uint64_t capability(const char *name)
{
	uint64_t bit = 0;
	return caps_parse(name, &bit) < 0 ? 0 : bit;
}

static int kernel_reaches(const struct reader *reader, const char *text, bool *ret_reaches)
{
	unsigned major, minor;
	char rest;
	if (sscanf(text, "%4u.%4u%c", &major, &minor, &rest) != 2)
		return fail(-EINVAL, "seccomp profile '%s': minKernel '%.32s': as in 4.8",
			    reader->path, text);
	*ret_reaches =
		reader->facts->kernel_major > major ||
		(reader->facts->kernel_major == major && reader->facts->kernel_minor >= minor);
	return 0;
}

static int in_force(const struct reader *reader, const struct entry *entry, bool *ret_counts)
{
	const struct condition *with = &entry->includes, *without = &entry->excludes;
	const char *machine = machine_of(reader->facts);
	bool counts = !with->arches.n || has(&with->arches, machine), reaches;
	for (size_t i = 0; i < with->caps.n; i++)
		counts = counts && capability(with->caps.item[i]) & reader->capabilities;
	if (with->min_kernel) {
		TRY(kernel_reaches(reader, with->min_kernel, &reaches));
		counts = counts && reaches;
	}
	counts = counts && !has(&without->arches, machine);
	for (size_t i = 0; i < without->caps.n; i++)
		counts = counts && !(capability(without->caps.item[i]) & reader->capabilities);
	if (without->min_kernel) {
		TRY(kernel_reaches(reader, without->min_kernel, &reaches));
		counts = counts && !reaches;
	}
	*ret_counts = counts;
	return 0;
}

// --- from Docker's document to the plain one ----------------------------------------------------

static int errno_number(const struct reader *reader, const char *name, int64_t *number)
{
	for (int error = 1; name && error <= ERRNO_MOST; error++) {
		const char *known = strerrorname_np(error);
		if (!known || !str_eq(known, name))
			continue;
		if (*number >= 0 && *number != error)
			return fail(-EINVAL, "seccomp profile '%s': errno '%s' is %d, not %lld",
				    reader->path, name, error, (long long)*number);
		*number = error;
		return 0;
	}
	return name ? fail(-EINVAL, "seccomp profile '%s': there is no errno '%.32s'", reader->path,
			   name)
		    : 0;
}

static int take_entry(const struct reader *reader, struct entry *entry, struct oci_seccomp *seccomp)
{
	bool counts;
	if (entry->name && entry->call.names.n)
		return fail(-EINVAL, "seccomp profile '%s': name and names in one entry",
			    reader->path);
	if (entry->name) {
		entry->call.names.item = arena_new(reader->arena, const char *);
		entry->call.names.item[0] = entry->name;
		entry->call.names.n = 1;
	}
	if (!entry->call.names.n)
		return fail(-EINVAL, "seccomp profile '%s': an entry without names", reader->path);
	TRY(errno_number(reader, entry->errno_name, &entry->call.errno_ret));
	TRY(in_force(reader, entry, &counts));
	if (counts)
		seccomp->syscalls[seccomp->syscalls_n++] = entry->call;
	return 0;
}

static int take_architectures(const struct reader *reader, const struct profile *profile,
			      struct oci_seccomp *seccomp)
{
	const char *own = str_eq(reader->facts->machine, "aarch64") ? "SCMP_ARCH_AARCH64"
								    : "SCMP_ARCH_X86_64";
	if (profile->arch_map_n && profile->plain.architectures.n)
		return fail(-EINVAL, "seccomp profile '%s': architectures and archMap",
			    reader->path);
	for (size_t i = 0; i < profile->arch_map_n; i++)
		if (str_eq(profile->arch_map[i].architecture, own))
			seccomp->architectures = profile->arch_map[i].sub_architectures;
	return 0;
}

// Allowing what has no number changes nothing, refusing it does.
static const char *find_missing(const struct oci_seccomp *seccomp)
{
	if (!str_eq(seccomp->default_action, "SCMP_ACT_ALLOW") &&
	    !str_eq(seccomp->default_action, "SCMP_ACT_LOG"))
		return NULL;
	for (size_t i = 0; i < seccomp->syscalls_n; i++) {
		const struct oci_strings *names = &seccomp->syscalls[i].names;
		for (size_t j = 0; j < names->n; j++)
			if (!syscalls_find(str_of(names->item[j])))
				return names->item[j];
	}
	return NULL;
}

int seccomp_file_parse(struct arena *arena, const char *path, struct str text,
		       const struct facts *facts, uint64_t capabilities,
		       struct oci_seccomp *ret_seccomp, const char **ret_missing)
{
	struct reader reader = {arena, path, facts, capabilities};
	struct profile profile;
	struct shape shape = profile_shape;
	shape.name = arena_printf(arena, "seccomp profile '%s'", path);
	TRY(shape_parse(arena, &shape, text, &profile));
	struct oci_seccomp seccomp = profile.plain;
	seccomp.syscalls = arena_array(arena, struct oci_seccomp_call, profile.entries_n);
	seccomp.syscalls_n = 0;
	TRY(errno_number(&reader, profile.default_errno_name, &seccomp.default_errno_ret));
	for (size_t i = 0; i < profile.entries_n; i++)
		TRY(take_entry(&reader, &profile.entries[i], &seccomp));
	TRY(take_architectures(&reader, &profile, &seccomp));
	*ret_missing = find_missing(&seccomp);
	*ret_seccomp = seccomp;
	return 0;
}

int seccomp_file_read(struct arena *arena, const char *path, const struct facts *facts,
		      uint64_t capabilities, struct oci_seccomp *ret_seccomp,
		      const char **ret_missing)
{
	struct str text;
	int error = file_read(arena, AT_FDCWD, path, SECCOMP_FILE_MAX, &text);
	if (error == -EFBIG)
		return fail(error, "seccomp profile '%s': more than %d bytes", path,
			    SECCOMP_FILE_MAX);
	if (error)
		return fail_sys(error, "seccomp profile '%s'", path);
	return seccomp_file_parse(arena, path, text, facts, capabilities, ret_seccomp, ret_missing);
}
