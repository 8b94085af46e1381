// SPDX-License-Identifier: Apache-2.0
// tar_pax.c - the records that say what a tar header has no room for
//
// A pax header stands before the entry it speaks of, a global one before all the entries it speaks
// of. Its content is a run of records, each "LENGTH KEY=VALUE\n", where LENGTH counts the whole
// record, its own digits included.
//
// The readers there are differ where the specification is loose: which of two records with one key
// counts, and what an empty value means. An archive that could be read in two ways is refused, as
// one of them was perhaps shown to somebody else.
//
// Keys that only inform are passed over. Those of other vendors are too, by the specification's
// rule for keys with a dot, but for the few that change what an entry is. ACLs in text and SELinux
// labels cannot be kept and are counted.
#include "flow/tar_pax.h"

#include "base/fail.h"
#include "flow/tar.h"

char *tar_room_get(struct arena *arena, struct tar_room *room, size_t n)
{
	if (room->n < n || !room->p) {
		room->n = max_of(max_of(n, 2 * room->n), 4096);
		room->p = arena_alloc(arena, room->n, 1);
	}
	return room->p;
}

void tar_pax_init(struct tar_pax *pax)
{
	memset(pax, 0, offsetof(struct tar_pax, xattrs));
	pax->size = pax->uid = pax->gid = -1;
	pax->real_size = pax->sparse_blocks = pax->sparse_at = -1;
	pax->sparse_major = pax->sparse_minor = -1;
}

// Cuts the next record off *rest. Returns 0 or -EINVAL.
static int next_record(struct str *rest, struct str *ret_key, struct str *ret_value)
{
	uint64_t length;
	struct str tail = *rest, record;
	struct str digits = str_cut(&tail, ' ');
	if (!tail.p || str_number(digits, rest->n, &length) || length < digits.n + 2)
		return -EINVAL;
	record = (struct str){tail.p, length - digits.n - 1};
	if (record.p[record.n - 1] != '\n')
		return -EINVAL;
	record.n--;
	*rest = (struct str){rest->p + length, rest->n - length};
	*ret_key = str_cut(&record, '=');
	*ret_value = record;
	return record.p && ret_key->n ? 0 : -EINVAL;
}

// "1700000000.25": whole seconds and up to any number of digits, of which nine count. Before 1970
// the fraction takes away, too: "-5.5" is half a second after -6.
static int parse_time(struct str value, struct tar_pax *pax)
{
	struct str fraction = value;
	struct str whole = str_cut(&fraction, '.');
	bool negative = whole.n && whole.p[0] == '-';
	uint64_t seconds;
	uint32_t ns = 0, unit = 100000000;
	if (negative)
		whole = (struct str){whole.p + 1, whole.n - 1};
	if (str_number(whole, INT64_MAX, &seconds))
		return -EINVAL;
	for (size_t i = 0; i < fraction.n; i++, unit /= 10) {
		if (fraction.p[i] < '0' || fraction.p[i] > '9')
			return -EINVAL;
		ns += (uint32_t)(fraction.p[i] - '0') * unit;
	}
	pax->mtime = negative ? -(int64_t)seconds : (int64_t)seconds;
	pax->mtime_ns = ns;
	if (negative && ns) {
		pax->mtime--;
		pax->mtime_ns = 1000000000 - ns;
	}
	pax->has_mtime = true;
	return 0;
}

static int parse_number(struct str value, uint64_t most, int64_t *ret_number)
{
	uint64_t number;
	if (str_number(value, most, &number))
		return -EINVAL;
	*ret_number = (int64_t)number;
	return 0;
}

static int parse_text(struct str value, struct str *ret_text)
{
	if (!value.n || memchr(value.p, '\0', value.n))
		return -EINVAL;
	*ret_text = value;
	return 0;
}

static int digit64(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

// Base 64, filled up with "=" or not.
static int decode64(struct str text, char *room, struct str *ret_value)
{
	size_t n = 0;
	uint32_t bits = 0;
	unsigned have = 0;
	while (text.n && text.p[text.n - 1] == '=')
		text.n--;
	for (size_t i = 0; i < text.n; i++) {
		int digit = digit64(text.p[i]);
		if (digit < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			room[n++] = (char)(bits >> have & 0xff);
		}
	}
	if (have >= 6 || (bits & ((1U << have) - 1)))
		return -EINVAL;
	*ret_value = (struct str){room, n};
	return 0;
}

static int hex(char c)
{
	return str_hex_digit(c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c);
}

// A name in which bytes may stand as "%2F".
static int decode_percent(struct str text, char *room, struct str *ret_name)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		room[n++] = text.p[i];
		if (text.p[i] != '%')
			continue;
		if (text.n - i < 3 || hex(text.p[i + 1]) < 0 || hex(text.p[i + 2]) < 0)
			return -EINVAL;
		room[n - 1] = (char)(hex(text.p[i + 1]) << 4 | hex(text.p[i + 2]));
		i += 2;
	}
	*ret_name = (struct str){room, n};
	return 0;
}

enum { SAID_PLAIN = 1, SAID_BASE64 = 2 };

// Of one attribute bsdtar writes both forms, which must then say the same.
static int add_xattr(struct str name, struct str value, unsigned form, struct tar_pax *pax)
{
	struct tar_xattr *xattr = pax->xattrs;
	if (!name.n || name.n > TAR_XATTR_NAME_MAX || memchr(name.p, '\0', name.n))
		return -EINVAL;
	if (value.n > TAR_XATTR_VALUE_MAX)
		return -EFBIG;
	while (xattr < pax->xattrs + pax->xattrs_n &&
	       (xattr->name.n != name.n || memcmp(xattr->name.p, name.p, name.n)))
		xattr++;
	if (xattr == pax->xattrs + pax->xattrs_n) {
		if (pax->xattrs_n == TAR_XATTRS_MAX)
			return -EFBIG;
		pax->xattrs_n++;
		xattr->said = 0;
	}
	if (xattr->said & form)
		return -EEXIST;
	if (xattr->said && (xattr->value.n != value.n || memcmp(xattr->value.p, value.p, value.n)))
		return -EEXIST;
	*xattr = (struct tar_xattr){name, value, xattr->said | form};
	return 0;
}

static bool cut_prefix(struct str *key, const char *prefix)
{
	size_t n = strlen(prefix);
	if (key->n < n || memcmp(key->p, prefix, n))
		return false;
	*key = (struct str){key->p + n, key->n - n};
	return true;
}

enum key {
	KEY_PATH,
	KEY_LINK,
	KEY_SIZE,
	KEY_UID,
	KEY_GID,
	KEY_MTIME,
	KEY_CHARSET,
	KEY_SPARSE_NAME,
	KEY_SPARSE_MAP,
	KEY_SPARSE_MAJOR,
	KEY_SPARSE_MINOR,
	KEY_SPARSE_BLOCKS,
	KEY_REAL_SIZE,
	KEY_REAL_SIZE_1, // the name it has in version 1.0
	KEY_SPARSE_AT,   // the two that may stand more than once
	KEY_SPARSE_N,
	KEY_NONE,
};

static const char *const key_names[] = {
	[KEY_PATH] = "path",
	[KEY_LINK] = "linkpath",
	[KEY_SIZE] = "size",
	[KEY_UID] = "uid",
	[KEY_GID] = "gid",
	[KEY_MTIME] = "mtime",
	[KEY_CHARSET] = "hdrcharset",
	[KEY_SPARSE_NAME] = "GNU.sparse.name",
	[KEY_SPARSE_MAP] = "GNU.sparse.map",
	[KEY_SPARSE_MAJOR] = "GNU.sparse.major",
	[KEY_SPARSE_MINOR] = "GNU.sparse.minor",
	[KEY_SPARSE_BLOCKS] = "GNU.sparse.numblocks",
	[KEY_REAL_SIZE] = "GNU.sparse.size",
	[KEY_REAL_SIZE_1] = "GNU.sparse.realsize",
	[KEY_SPARSE_AT] = "GNU.sparse.offset",
	[KEY_SPARSE_N] = "GNU.sparse.numbytes",
};
static_assert(lengthof(key_names) == KEY_NONE, "a name for each");

static enum key key_of(struct str key)
{
	for (size_t i = 0; i < lengthof(key_names); i++) {
		if (str_is(key, key_names[i]))
			return (enum key)i;
	}
	return KEY_NONE;
}

// Returns 0 for what may be passed over, -ENOTSUP for the rest.
static int pass_over(struct str key, struct tar_pax *pax)
{
	static const char *const inform[] = {"comment", "uname", "gname", "atime", "ctime"};
	static const char *const change[] = {"GNU.", "SCHILY.realsize", "SCHILY.offset",
					     "SCHILY.filetype", "SCHILY.volhdr"};
	static const char *const rights[] = {"SCHILY.acl.", "RHT.security."};
	for (size_t i = 0; i < lengthof(inform); i++) {
		if (str_is(key, inform[i]))
			return 0;
	}
	for (size_t i = 0; i < lengthof(change); i++) {
		struct str rest = key;
		if (cut_prefix(&rest, change[i]))
			return -ENOTSUP;
	}
	for (size_t i = 0; i < lengthof(rights); i++) {
		struct str rest = key;
		if (cut_prefix(&rest, rights[i]))
			pax->left_out++;
	}
	return key.p[0] >= 'A' && key.p[0] <= 'Z' && memchr(key.p, '.', key.n) ? 0 : -ENOTSUP;
}

static int apply_sparse_pair(const struct tar_pax_read *read, enum key key, struct str value,
			     struct tar_pax *pax)
{
	int64_t number;
	TRY(parse_number(value, INT64_MAX, &number));
	if ((key == KEY_SPARSE_AT) != (pax->sparse_at < 0))
		return -EINVAL;
	if (key == KEY_SPARSE_AT) {
		pax->sparse_at = number;
		return 0;
	}
	TRY(tar_sparse_add(read->arena, read->sparse, (uint64_t)pax->sparse_at, (uint64_t)number));
	pax->sparse_at = -1;
	return 0;
}

static int apply_charset(struct str value)
{
	return str_is(value, "BINARY") || str_is(value, "ISO-IR 10646 2000 UTF-8") ? 0 : -ENOTSUP;
}

static int apply_known(const struct tar_pax_read *read, enum key key, struct str value,
		       struct tar_pax *pax)
{
	switch (key) {
	case KEY_PATH:
		return parse_text(value, &pax->path);
	case KEY_LINK:
		return parse_text(value, &pax->link);
	case KEY_SIZE:
		return parse_number(value, INT64_MAX, &pax->size);
	case KEY_UID:
		return parse_number(value, TAR_ID_MAX, &pax->uid);
	case KEY_GID:
		return parse_number(value, TAR_ID_MAX, &pax->gid);
	case KEY_MTIME:
		return parse_time(value, pax);
	case KEY_CHARSET:
		return apply_charset(value);
	case KEY_SPARSE_NAME:
		return parse_text(value, &pax->sparse_name);
	case KEY_SPARSE_MAP:
		return parse_text(value, &pax->sparse_map);
	case KEY_SPARSE_MAJOR:
		return parse_number(value, INT64_MAX, &pax->sparse_major);
	case KEY_SPARSE_MINOR:
		return parse_number(value, INT64_MAX, &pax->sparse_minor);
	case KEY_SPARSE_BLOCKS:
		return parse_number(value, TAR_SEGMENTS_MAX, &pax->sparse_blocks);
	case KEY_REAL_SIZE:
	case KEY_REAL_SIZE_1:
		return parse_number(value, INT64_MAX, &pax->real_size);
	case KEY_SPARSE_AT:
	case KEY_SPARSE_N:
		return apply_sparse_pair(read, key, value, pax);
	case KEY_NONE:
		break;
	}
	return -ENOTSUP;
}

// A global header is of all entries: none has the path of another one.
static bool may_be_global(enum key key)
{
	return key == KEY_UID || key == KEY_GID || key == KEY_MTIME || key == KEY_CHARSET;
}

// Takes from *spare what it uses. Returns 0, -EINVAL for a bad value, -ENOTSUP for a key that may
// not be here, -EEXIST for a second one, -EFBIG for too much.
static int apply(const struct tar_pax_read *read, struct str key, struct str value, unsigned *seen,
		 char **spare, struct tar_pax *pax)
{
	struct str name = key;
	enum key known = key_of(key);
	if (cut_prefix(&name, "SCHILY.xattr."))
		return add_xattr(name, value, SAID_PLAIN, pax);
	if (cut_prefix(&name, "LIBARCHIVE.xattr.")) {
		TRY(decode_percent(name, *spare, &name));
		*spare += name.n;
		TRY(decode64(value, *spare, &value));
		*spare += value.n;
		return add_xattr(name, value, SAID_BASE64, pax);
	}
	if (known == KEY_NONE)
		return pass_over(key, pax);
	if (read->global && !may_be_global(known))
		return -ENOTSUP;
	unsigned bit = 1U << (known == KEY_REAL_SIZE_1 ? KEY_REAL_SIZE : known);
	if ((*seen & bit) && known < KEY_SPARSE_AT)
		return -EEXIST;
	*seen |= bit;
	return apply_known(read, known, value, pax);
}

static int word_failure(const struct tar_pax_read *read, struct str key, int error)
{
	unsigned long long place = read->place;
	int shown = (int)min_of(key.n, 100);
	switch (error) {
	case -ENOTSUP:
		return fail(error, "tar at byte %llu: pax key '%.*s' is not supported%s", place,
			    shown, key.p, read->global ? " for all entries" : "");
	case -EEXIST:
		return fail(error, "tar at byte %llu: pax key '%.*s' is there twice", place, shown,
			    key.p);
	case -EFBIG:
		return fail(error, "tar at byte %llu: pax key '%.*s': more than is taken", place,
			    shown, key.p);
	default:
		return fail(error, "tar at byte %llu: pax key '%.*s': bad value", place, shown,
			    key.p);
	}
}

int tar_pax_parse(const struct tar_pax_read *read, struct str records, struct tar_pax *pax)
{
	unsigned seen = 0;
	char *spare = read->spare;
	for (size_t i = 0; i < pax->xattrs_n; i++)
		pax->xattrs[i].said = 0;
	while (records.n) {
		struct str key, value;
		if (next_record(&records, &key, &value))
			return fail(-EINVAL, "tar at byte %llu: pax record without its form",
				    (unsigned long long)read->place);
		int error = apply(read, key, value, &seen, &spare, pax);
		if (error)
			return word_failure(read, key, error);
	}
	return 0;
}
