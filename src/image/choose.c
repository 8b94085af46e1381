// SPDX-License-Identifier: Apache-2.0
// choose.c - from an index to the one manifest that is meant
//
// An index.json lists manifests and further indexes, each perhaps with a name (an annotation) and a
// platform. skopeo and umoci put the tag into the name, podman and tare all of it, docker and
// containerd have an annotation of their own for that. An image for many platforms is an index in
// the index; signatures and attestations stand beside the images, with a platform that nobody has.
#include "image/choose.h"

#include "base/fail.h"
#include "oci/index.h"
#include "oci/platform.h"
#include "oci/reference.h"

enum {
	DEPTH_MAX = 8,  // indexes in indexes
	SHOWN_MAX = 12, // names or platforms that an error lists
	LINE_MAX = 600,
};

#define REF_NAME        "org.opencontainers.image.ref.name"
#define CONTAINERD_NAME "io.containerd.image.name"

struct choosing {
	struct arena *arena;
	struct image_source *source;
	const struct oci_platform *platform;
	struct image_choice choice;
};

static const char *annotation(const struct oci_descriptor *entry, const char *key)
{
	for (size_t i = 0; i < entry->annotations.n; i++)
		if (str_eq(entry->annotations.item[i].name, key))
			return entry->annotations.item[i].value;
	return NULL;
}

// What the entry is called; NULL: it has no name.
static const char *name_of(const struct oci_descriptor *entry)
{
	const char *full = annotation(entry, CONTAINERD_NAME);
	return full ? full : annotation(entry, REF_NAME);
}

// "web", "web:latest" and "docker.io/library/web:latest" are one name.
static bool same_name(struct arena *arena, const char *a, const char *b)
{
	struct reference one, other;
	if (!a || !b)
		return false;
	if (str_eq(a, b))
		return true;
	bool same = reference_parse(arena, str_of(a), &one) == 0 &&
		    reference_parse(arena, str_of(b), &other) == 0 &&
		    str_eq(reference_full(arena, &one), reference_full(arena, &other));
	fault_clear();
	return same;
}

static bool is_called(struct arena *arena, const struct oci_descriptor *entry, const char *tag)
{
	return same_name(arena, annotation(entry, REF_NAME), tag) ||
	       same_name(arena, annotation(entry, CONTAINERD_NAME), tag);
}

static bool is_index(const struct oci_descriptor *entry)
{
	return str_eq(entry->media_type, OCI_MEDIA_INDEX) ||
	       str_eq(entry->media_type, DOCKER_MEDIA_INDEX);
}

static bool is_manifest(const struct oci_descriptor *entry)
{
	return str_eq(entry->media_type, OCI_MEDIA_MANIFEST) ||
	       str_eq(entry->media_type, DOCKER_MEDIA_MANIFEST);
}

static bool has(const struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return true;
	return false;
}

// A document that another program would read as something else is nobody's.
static int parse_index(struct choosing *choosing, struct str text, const char *what,
		       struct oci_index *ret_index)
{
	struct oci_index index;
	TRY(oci_index_parse(choosing->arena, text, &index));
	if (has(&index.unknown, "layers") || has(&index.unknown, "config"))
		return fail(-EINVAL, "%s: %s is an index and a manifest at once",
			    choosing->source->name, what);
	if (index.media_type && !str_eq(index.media_type, OCI_MEDIA_INDEX) &&
	    !str_eq(index.media_type, DOCKER_MEDIA_INDEX))
		return fail(-EINVAL, "%s: %s says that it is of type '%s'", choosing->source->name,
			    what, index.media_type);
	*ret_index = index;
	return 0;
}

// --- words --------------------------------------------------------------------------------------

// Adds what isn't among those added, with commas between; at most SHOWN_MAX.
static void add_word(struct buf *list, struct oci_strings *seen, const char *word)
{
	if (!word || has(seen, word) || seen->n >= SHOWN_MAX)
		return;
	buf_printf(list, "%s%s", seen->n ? ", " : "", word);
	seen->item[seen->n++] = word;
}

static const char *names_of(struct choosing *choosing, const struct oci_index *index)
{
	struct buf list = buf_new(choosing->arena, LINE_MAX);
	struct oci_strings seen = {arena_array(choosing->arena, const char *, SHOWN_MAX), 0};
	for (size_t i = 0; i < index->manifests_n; i++)
		add_word(&list, &seen, name_of(&index->manifests[i]));
	return list.n ? list.p : NULL;
}

static int no_such_tag(struct choosing *choosing, const struct oci_index *index, const char *tag)
{
	const char *names = names_of(choosing, index);
	fail(-ENOENT, "%s: there is no image called '%.128s' in it", choosing->source->name, tag);
	if (names)
		fail_hint("it has: %s", names);
	else if (index->manifests_n)
		fail_hint("what it has carries no name: leave '%.128s' out", tag);
	return -ENOENT;
}

static int several(struct choosing *choosing, const struct oci_index *index)
{
	const char *names = names_of(choosing, index);
	fail(-EINVAL, "%s: there are several images in it", choosing->source->name);
	if (names)
		fail_hint("add a colon and the name of one: %s", names);
	return -EINVAL;
}

static int none_fits(struct choosing *choosing, const struct oci_index *index)
{
	struct buf list = buf_new(choosing->arena, LINE_MAX);
	struct oci_strings seen = {arena_array(choosing->arena, const char *, SHOWN_MAX), 0};
	for (size_t i = 0; i < index->manifests_n; i++) {
		const struct oci_platform *platform = index->manifests[i].platform;
		if (platform && !str_eq(platform->os, "unknown"))
			add_word(&list, &seen, platform_text(choosing->arena, platform));
	}
	fail(-ENOENT, "%s: there is no image for %s in it", choosing->source->name,
	     platform_text(choosing->arena, choosing->platform));
	if (list.n)
		fail_hint("--platform chooses another, which needs an emulator: it has %s", list.p);
	return -ENOENT;
}

// An entry of a type that no image has, named by its tag.
static int no_image(struct choosing *choosing, const struct oci_descriptor *entry)
{
	bool old =
		str_starts(entry->media_type, "application/vnd.docker.distribution.manifest.v1+");
	fail(-ENOTSUP, "%s: '%s' is of type '%.128s', which is no image", choosing->source->name,
	     entry->digest, entry->media_type);
	if (old)
		fail_hint("that is Docker's schema 1 of 2015: skopeo copy makes a newer one of it");
	return -ENOTSUP;
}

// --- choosing -----------------------------------------------------------------------------------

// The entry that serves best; the first of those that serve alike.
static const struct oci_descriptor *best(struct choosing *choosing, const struct oci_index *index)
{
	const struct oci_descriptor *found = NULL;
	unsigned most = 0;
	for (size_t i = 0; i < index->manifests_n; i++) {
		const struct oci_descriptor *entry = &index->manifests[i];
		unsigned fits = platform_fits(choosing->platform, entry->platform);
		if (fits > most && (is_index(entry) || is_manifest(entry))) {
			found = entry;
			most = fits;
		}
	}
	return found;
}

static int descend(struct choosing *choosing, const struct oci_index *index)
{
	struct oci_index inner = *index;
	struct oci_strings *passed = &choosing->choice.indexes;
	passed->item = arena_array(choosing->arena, const char *, DEPTH_MAX);
	for (;;) {
		struct str text;
		const struct oci_descriptor *entry = best(choosing, &inner);
		if (!entry)
			return none_fits(choosing, &inner);
		if (is_manifest(entry)) {
			choosing->choice.manifest = *entry;
			return 0;
		}
		if (passed->n == DEPTH_MAX)
			return fail(-ELOOP, "%s: more than %d indexes inside one another",
				    choosing->source->name, DEPTH_MAX);
		TRY(choosing->source->document(choosing->source, choosing->arena, entry, &text));
		TRY(parse_index(choosing, text, entry->digest, &inner));
		passed->item[passed->n++] = entry->digest;
	}
}

// The entries that the tag means, or all; without a tag they must be one image.
static int narrow(struct choosing *choosing, const struct oci_index *index, const char *tag,
		  struct oci_index *ret_index)
{
	struct oci_index narrowed = *index;
	narrowed.manifests =
		arena_array(choosing->arena, struct oci_descriptor, index->manifests_n);
	narrowed.manifests_n = 0;
	size_t unsaid = 0;
	for (size_t i = 0; i < index->manifests_n; i++) {
		const struct oci_descriptor *entry = &index->manifests[i];
		if (tag && !is_called(choosing->arena, entry, tag))
			continue;
		bool first = true; // one that is listed under two names is one
		for (size_t j = 0; j < narrowed.manifests_n; j++)
			first = first && !str_eq(narrowed.manifests[j].digest, entry->digest);
		if (!first)
			continue;
		narrowed.manifests[narrowed.manifests_n++] = *entry;
		unsaid += !entry->platform && (is_index(entry) || is_manifest(entry));
	}
	if (!index->manifests_n)
		return fail(-ENOENT, "%s: there are no images in it", choosing->source->name);
	if (!narrowed.manifests_n)
		return no_such_tag(choosing, index, tag);
	if (narrowed.manifests_n == 1 && !is_index(&narrowed.manifests[0]) &&
	    !is_manifest(&narrowed.manifests[0]))
		return no_image(choosing, &narrowed.manifests[0]);
	if (unsaid > 1)
		return several(choosing, &narrowed);
	*ret_index = narrowed;
	return 0;
}

int image_choose(struct arena *arena, struct image_source *source, struct str text, const char *tag,
		 const struct oci_platform *platform, struct image_choice *ret_choice)
{
	struct choosing choosing = {.arena = arena, .source = source, .platform = platform};
	struct oci_index index;
	TRY(parse_index(&choosing, text, "index.json", &index));
	TRY(narrow(&choosing, &index, tag, &index));
	TRY(descend(&choosing, &index));
	*ret_choice = choosing.choice;
	return 0;
}
