// SPDX-License-Identifier: Apache-2.0
// change_health.c - the options of HEALTHCHECK
//
//	HEALTHCHECK NONE
//	HEALTHCHECK [--interval=30s] [--timeout=30s] [--start-period=0s] [--start-interval=5s]
//	            [--retries=3] CMD command
//
// Lengths of time are Go's: "1m30s", "500ms". The document has them in nanoseconds.
#include "image/change_health.h"

#include "base/fail.h"

static const struct unit {
	const char *name;
	int64_t nanoseconds;
} units[] = {
	{"ns", 1},         {"us", 1000},       {"ms", 1000000},
	{"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000},
};

static const struct unit *take_unit(struct str *rest)
{
	size_t n = 0;
	while (n < rest->n && rest->p[n] >= 'a' && rest->p[n] <= 'z')
		n++;
	struct str word = {rest->p, n};
	rest->p += n;
	rest->n -= n;
	for (size_t i = 0; i < lengthof(units); i++)
		if (str_is(word, units[i].name))
			return &units[i];
	return NULL;
}

static bool take_number(struct str *rest, uint64_t *ret_number)
{
	size_t n = 0;
	while (n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9')
		n++;
	struct str digits = {rest->p, n};
	rest->p += n;
	rest->n -= n;
	return str_number(digits, INT64_MAX, ret_number) == 0;
}

static bool duration_parse(struct str text, int64_t *ret_nanoseconds)
{
	int64_t sum = 0;
	if (str_is(text, "0")) {
		*ret_nanoseconds = 0;
		return true;
	}
	if (!text.n)
		return false;
	while (text.n) {
		uint64_t number;
		int64_t part;
		if (!take_number(&text, &number))
			return false;
		const struct unit *unit = take_unit(&text);
		if (!unit || __builtin_mul_overflow((int64_t)number, unit->nanoseconds, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
	}
	*ret_nanoseconds = sum;
	return true;
}

static int set_option(const char *what, struct str word, struct oci_healthcheck *check)
{
	const struct {
		const char *name;
		int64_t *value;
	} options[] = {
		{"--interval", &check->interval},
		{"--timeout", &check->timeout},
		{"--start-period", &check->start_period},
		{"--start-interval", &check->start_interval},
	};
	struct str value = word, name = str_cut(&value, '=');
	uint64_t number;
	for (size_t i = 0; i < lengthof(options); i++) {
		if (!str_is(name, options[i].name))
			continue;
		if (value.p && duration_parse(value, options[i].value))
			return 0;
		return fail(-EINVAL, "%s: '%.*s' wants a time, as in %s=1m30s", what, (int)word.n,
			    word.p, options[i].name);
	}
	if (!str_is(name, "--retries"))
		return fail(-EINVAL, "%s: there is no option '%.*s'", what, (int)name.n, name.p);
	if (!value.p || str_number(value, INT32_MAX, &number))
		return fail(-EINVAL, "%s: '%.*s' wants a number", what, (int)word.n, word.p);
	check->retries = (int64_t)number;
	return 0;
}

int change_health(struct arena *arena, const char *what, struct str text,
		  struct oci_healthcheck *ret_check, struct str *ret_command)
{
	static const char *none[] = {"NONE"};
	struct oci_healthcheck check = {0};
	struct str word;
	while ((word = str_word(&text)).p && word.n > 2 && !memcmp(word.p, "--", 2))
		TRY(set_option(what, word, &check));
	bool is_none = word.n == 4 && !strncasecmp(word.p, "NONE", 4);
	bool is_cmd = word.n == 3 && !strncasecmp(word.p, "CMD", 3);
	while (text.n && strchr(" \t", text.p[0])) {
		text.p++;
		text.n--;
	}
	if (is_none && !text.n) {
		check.test.item = arena_array(arena, const char *, 1);
		check.test.item[0] = none[0];
		check.test.n = 1;
		text = (struct str){0};
	} else if (!is_cmd || !text.n) {
		return fail(-EINVAL, "%s: wants NONE, or CMD and a command", what);
	}
	*ret_check = check;
	*ret_command = text;
	return 0;
}
