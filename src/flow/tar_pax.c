// SPDX-License-Identifier: Apache-2.0
// tar_pax.c - the records that say what a ustar header has no room for
//
// A pax header stands before the entry it speaks of. Its content is a run of records, each
// "LENGTH KEY=VALUE\n", where LENGTH counts the whole record, its own digits included. Of two
// records with one key the later counts.
//
// Keys that only inform (comment, user names, the times of access and change) are of no use to a
// layer and passed over by name. Any other that is not known changes what the entry means, as
// extended attributes do: an error.
#include "flow/tar_pax.h"

#include "base/fail.h"

enum { ID_MAX = 0x7fffffff };

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

// "1700000000.25": whole seconds and up to any number of digits, of which nine count.
static int parse_time(struct str value, struct tar_pax *pax)
{
	struct str fraction = value;
	struct str whole = str_cut(&fraction, '.');
	uint64_t seconds;
	uint32_t ns = 0, unit = 100000000;
	if (str_number(whole, INT64_MAX, &seconds))
		return -EINVAL;
	for (size_t i = 0; i < fraction.n; i++, unit /= 10) {
		if (fraction.p[i] < '0' || fraction.p[i] > '9')
			return -EINVAL;
		ns += (fraction.p[i] - '0') * unit;
	}
	pax->mtime = (int64_t)seconds;
	pax->mtime_ns = ns;
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

static bool only_informs(struct str key)
{
	static const char *const keys[] = {"comment", "uname", "gname", "atime", "ctime"};
	for (size_t i = 0; i < lengthof(keys); i++) {
		if (str_is(key, keys[i]))
			return true;
	}
	return false;
}

// Returns 0, -EINVAL for a bad value, -ENOTSUP for a key that isn't known.
static int apply(struct str key, struct str value, struct tar_pax *pax)
{
	if (str_is(key, "path"))
		pax->path = value;
	else if (str_is(key, "linkpath"))
		pax->link = value;
	else if (str_is(key, "size"))
		return parse_number(value, INT64_MAX, &pax->size);
	else if (str_is(key, "uid"))
		return parse_number(value, ID_MAX, &pax->uid);
	else if (str_is(key, "gid"))
		return parse_number(value, ID_MAX, &pax->gid);
	else if (str_is(key, "mtime"))
		return parse_time(value, pax);
	else if (!only_informs(key))
		return -ENOTSUP;
	return 0;
}

int tar_pax_parse(struct str records, size_t place, struct tar_pax *ret_pax)
{
	struct tar_pax pax = {.size = -1, .uid = -1, .gid = -1};
	while (records.n) {
		struct str key, value;
		if (next_record(&records, &key, &value))
			return fail(-EINVAL, "tar at byte %zu: pax record without its form", place);
		int error = apply(key, value, &pax);
		int shown = (int)min_of(key.n, 100);
		if (error == -ENOTSUP)
			return fail(error, "tar at byte %zu: pax key '%.*s' is not supported",
				    place, shown, key.p);
		if (error)
			return fail(error, "tar at byte %zu: pax key '%.*s': bad value", place,
				    shown, key.p);
	}
	*ret_pax = pax;
	return 0;
}
