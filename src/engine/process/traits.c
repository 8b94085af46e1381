// SPDX-License-Identifier: Apache-2.0
// traits.c - what a process hands on to its children, as --umask and its like name it
#include "engine/process/traits.h"

#include "base/fail.h"
#include "base/str.h"
#include "oci/lists.h"
#include "kern/process/personality.h"
#include "kern/process/signals.h"

enum { SCORE_MOST = 1000, UMASK_DIGITS = 4 };

int umask_parse(const char *text, int64_t *ret_umask)
{
	size_t n = strlen(text);
	int64_t mask = 0;
	bool good = n >= 1 && n <= UMASK_DIGITS && strspn(text, "01234567") == n;
	for (size_t i = 0; good && i < n; i++)
		mask = mask << 3 | (text[i] - '0');
	if (!good || mask > 0777)
		return fail(-EINVAL, "--umask '%s': an octal number up to 0777 is expected", text);
	*ret_umask = mask;
	return 0;
}

int oom_score_parse(const char *text, int64_t *ret_score)
{
	bool minus = text[0] == '-';
	uint64_t score;
	if (str_number(str_of(text + minus), SCORE_MOST, &score))
		return fail(-EINVAL,
			    "--oom-score-adj '%s': a number from -1000 to 1000 is expected", text);
	*ret_score = minus ? -(int64_t)score : (int64_t)score;
	return 0;
}

int signal_parse(const char *what, const char *text, int *ret_signal)
{
	int number = signal_number(str_of(text));
	if (!number) {
		fail(-EINVAL, "%s '%.32s': there is no such signal", what, text);
		fail_hint("TERM, SIGTERM, 15 and RTMIN+3 are");
		return -EINVAL;
	}
	*ret_signal = number;
	return 0;
}

int seconds_parse(const char *what, const char *text, int64_t *ret_seconds)
{
	uint64_t seconds = 0;
	bool for_ever = str_eq(text, "-1");
	if (!for_ever && str_number(str_of(text), INT32_MAX, &seconds))
		return fail(-EINVAL, "%s '%.32s': whole seconds are expected, or -1 for no end",
			    what, text);
	*ret_seconds = for_ever ? -1 : (int64_t)seconds;
	return 0;
}

static int no_personality(const char *text)
{
	fail(-EINVAL, "--personality '%s': LINUX or LINUX32 is expected, or flags", text);
	fail_hint("flags are those of personality(2), with commas between: ADDR_NO_RANDOMIZE");
	return -EINVAL;
}

int personality_parse(struct arena *arena, const char *text,
		      struct oci_personality *ret_personality)
{
	struct oci_personality wanted = {0};
	struct str rest = str_of(text);
	while (rest.p) {
		const char *name;
		bool domain;
		uint32_t bits;
		if (personality_find(str_cut(&rest, ','), &name, &bits, &domain))
			return no_personality(text);
		if (!domain)
			oci_strings_push(arena, &wanted.flags, name);
		else if (wanted.domain)
			return no_personality(text);
		else
			wanted.domain = name;
	}
	if (!wanted.domain)
		wanted.domain = "LINUX";
	*ret_personality = wanted;
	return 0;
}

static void set_pair(struct oci_pairs *pairs, const char *name, const char *value)
{
	size_t at = 0;
	while (at < pairs->n && !str_eq(pairs->item[at].name, name))
		at++;
	pairs->item[at] = (struct shape_pair){name, value};
	pairs->n = max_of(pairs->n, at + 1);
}

int sysctls_parse(struct arena *arena, const struct oci_strings *texts,
		  struct oci_pairs *ret_sysctl)
{
	struct oci_pairs pairs = {arena_array(arena, struct shape_pair, texts->n), 0};
	for (size_t i = 0; i < texts->n; i++) {
		const char *equals = strchr(texts->item[i], '=');
		if (!equals || equals == texts->item[i]) {
			fail(-EINVAL, "--sysctl '%.64s': a setting and its value are expected",
			     texts->item[i]);
			fail_hint("it is written KEY=VALUE, like net.ipv4.ip_forward=1");
			return -EINVAL;
		}
		size_t n = (size_t)(equals - texts->item[i]);
		set_pair(&pairs, arena_dup_n(arena, texts->item[i], n), equals + 1);
	}
	*ret_sysctl = pairs;
	return 0;
}
