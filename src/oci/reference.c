// SPDX-License-Identifier: Apache-2.0
// reference.c - reading and writing the names of images
//
// The grammar, as Docker has it:
//
//	reference  name [ ":" tag ] [ "@" digest ]
//	name       [ domain "/" ] component { "/" component }
//	domain     label { "." label } [ ":" digits ], or "[" an IPv6 address "]" likewise
//	label      letters and digits, "-" inside
//	component  lower-case letters and digits, with ".", "_", "__" or any number of "-" inside
//	tag        a letter, digit or "_", then up to 127 of these, "." and "-"
//
// The first part of a name is a domain when it could be no component of a user's name: when it has
// a dot, a colon or an upper-case letter in it, or is "localhost".
#include "oci/reference.h"

#include "base/fail.h"
#include "oci/digest.h"

static const char hub[] = "docker.io", library[] = "library/", usual_tag[] = "latest";

enum { SHOWN_MAX = 64 }; // bytes of a bad name in a message

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_label_end(char c)
{
	return is_lower(c) || is_upper(c);
}

// --- domain -------------------------------------------------------------------------------------

static bool is_label(struct str label)
{
	if (!label.n || !is_label_end(label.p[0]) || !is_label_end(label.p[label.n - 1]))
		return false;
	for (size_t i = 0; i < label.n; i++)
		if (!is_label_end(label.p[i]) && label.p[i] != '-')
			return false;
	return true;
}

static bool is_port(struct str port)
{
	uint64_t number;
	while (port.n > 1 && port.p[0] == '0') {
		port.p++;
		port.n--;
	}
	return str_number(port, 65535, &number) == 0;
}

// "[::1]:5000": what is inside the brackets is left to whoever connects.
static bool is_address(struct str domain)
{
	struct str rest = {domain.p + 1, domain.n - 1}, inside = str_cut(&rest, ']');
	if (!rest.p || !inside.n)
		return false;
	for (size_t i = 0; i < inside.n; i++)
		if (!strchr("0123456789abcdefABCDEF:", inside.p[i]))
			return false;
	return !rest.n || (rest.p[0] == ':' && is_port((struct str){rest.p + 1, rest.n - 1}));
}

static bool is_domain(struct str domain)
{
	if (domain.n && domain.p[0] == '[')
		return is_address(domain);
	struct str port = domain, host = str_cut(&port, ':');
	if (port.p && !is_port(port))
		return false;
	struct str rest = host;
	do {
		if (!is_label(str_cut(&rest, '.')))
			return false;
	} while (rest.p);
	return true;
}

static bool looks_like_domain(struct str part)
{
	for (size_t i = 0; i < part.n; i++)
		if (part.p[i] == '.' || part.p[i] == ':' || is_upper(part.p[i]))
			return true;
	return str_is(part, "localhost");
}

// --- path, tag ----------------------------------------------------------------------------------

// How long the separator is that begins here; 0: none is allowed so.
static size_t separator(struct str rest)
{
	size_t n = 0;
	while (n < rest.n && rest.p[n] == rest.p[0])
		n++;
	switch (rest.p[0]) {
	case '-':
		return n;
	case '.':
		return n == 1 ? 1 : 0;
	case '_':
		return n <= 2 ? n : 0;
	default:
		return 0;
	}
}

static bool is_component(struct str part)
{
	if (!part.n || !is_lower(part.p[0]) || !is_lower(part.p[part.n - 1]))
		return false;
	for (size_t i = 0; i < part.n;) {
		size_t n =
			is_lower(part.p[i]) ? 1 : separator((struct str){part.p + i, part.n - i});
		if (!n)
			return false;
		i += n;
	}
	return true;
}

static bool is_path(struct str path)
{
	do {
		if (!is_component(str_cut(&path, '/')))
			return false;
	} while (path.p);
	return true;
}

static bool is_tag(struct str tag)
{
	if (!tag.n || tag.n > REFERENCE_TAG_MAX)
		return false;
	for (size_t i = 0; i < tag.n; i++) {
		bool word = is_label_end(tag.p[i]) || tag.p[i] == '_';
		if (!word && (i == 0 || (tag.p[i] != '.' && tag.p[i] != '-')))
			return false;
	}
	return true;
}

// --- the whole ----------------------------------------------------------------------------------

// What is shown of a name that may be anything: its beginning.
static int refuse(struct str text, const char *reason)
{
	bool cut = text.n > SHOWN_MAX;
	return fail(-EINVAL, "image name '%.*s%s': %s", (int)(cut ? SHOWN_MAX : text.n),
		    text.p ? text.p : "", cut ? "…" : "", reason);
}

static bool is_id(struct str name)
{
	size_t n = 0;
	while (n < name.n && strchr("0123456789abcdef", name.p[n]))
		n++;
	return n == name.n && n == DIGEST_HEX;
}

static bool has_upper(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_upper(text.p[i]))
			return true;
	return false;
}

// The name without tag and digest: its first part may be a domain, the rest is the path.
static int split_name(struct arena *arena, struct str text, struct str name, struct reference *ret)
{
	struct str path = name, first = str_cut(&path, '/');
	struct str domain = {hub, sizeof(hub) - 1};
	if (path.p && looks_like_domain(first))
		domain = first;
	else
		path = name;
	if (!is_domain(domain))
		return refuse(text, "the part before the first '/' is no host name");
	if (has_upper(path))
		return refuse(text, "the part before the tag must be lower case");
	if (!is_path(path))
		return refuse(text, "wants letters, digits and single '.', '_', '-' between them");
	if (str_is(domain, "index.docker.io"))
		domain = (struct str){hub, sizeof(hub) - 1};
	bool official = str_is(domain, hub) && !memchr(path.p, '/', path.n);
	ret->domain = arena_dup_n(arena, domain.p, domain.n);
	ret->path = arena_printf(arena, "%s%.*s", official ? library : "", (int)path.n, path.p);
	if (strlen(ret->domain) + 1 + strlen(ret->path) > REFERENCE_NAME_MAX)
		return refuse(text, "longer than 255 bytes");
	return 0;
}

// Where the tag's colon is: the last one, if no slash follows it. NULL: there is no tag.
static const char *find_tag(struct str name)
{
	for (size_t i = name.n; i > 0 && name.p[i - 1] != '/'; i--)
		if (name.p[i - 1] == ':')
			return name.p + i - 1;
	return NULL;
}

int reference_parse(struct arena *arena, struct str text, struct reference *ret_reference)
{
	struct reference ref = {0};
	struct str digest = text, name = str_cut(&digest, '@'), tag = {0};
	if (text.n > 1024)
		return refuse(text, "longer than 255 bytes");
	if (!text.n)
		return refuse(text, "it is empty");
	if (memchr(text.p, '\0', text.n))
		return refuse(text, "it has a NUL in it");
	if (is_id(name))
		return refuse(text, "64 hexadecimal digits are an id, not a name");
	const char *colon = find_tag(name);
	if (colon) {
		tag = (struct str){colon + 1, name.n - (size_t)(colon + 1 - name.p)};
		name.n = (size_t)(colon - name.p);
		if (!is_tag(tag))
			return refuse(text, "a tag is up to 128 letters, digits, '_', '.' and '-'");
		ref.tag = arena_dup_n(arena, tag.p, tag.n);
	}
	if (digest.p) {
		struct digest parsed;
		if (digest_parse(digest, &parsed) < 0)
			return refuse(text, "'@' is followed by 'sha256:' and 64 lowercase digits");
		ref.digest = arena_dup_n(arena, digest.p, digest.n);
	}
	TRY(split_name(arena, text, name, &ref));
	if (!ref.tag && !ref.digest)
		ref.tag = usual_tag;
	*ret_reference = ref;
	return 0;
}

const char *reference_repository(struct arena *arena, const struct reference *reference)
{
	return arena_printf(arena, "%s/%s", reference->domain, reference->path);
}

const char *reference_familiar(struct arena *arena, const struct reference *reference)
{
	if (!str_eq(reference->domain, hub))
		return reference_repository(arena, reference);
	struct str path = str_of(reference->path), first = str_cut(&path, '/');
	if (looks_like_domain(first)) // it would be read as one
		return reference_repository(arena, reference);
	const char *rest = reference->path + sizeof(library) - 1;
	return str_starts(reference->path, library) && !strchr(rest, '/') ? rest : reference->path;
}

static const char *with_ends(struct arena *arena, const struct reference *reference,
			     const char *name)
{
	return arena_printf(arena, "%s%s%s%s%s", name, reference->tag ? ":" : "",
			    reference->tag ? reference->tag : "", reference->digest ? "@" : "",
			    reference->digest ? reference->digest : "");
}

const char *reference_full(struct arena *arena, const struct reference *reference)
{
	return with_ends(arena, reference, reference_repository(arena, reference));
}

const char *reference_short(struct arena *arena, const struct reference *reference)
{
	return with_ends(arena, reference, reference_familiar(arena, reference));
}
