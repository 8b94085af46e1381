// SPDX-License-Identifier: Apache-2.0
// test_change.c - lines of a Dockerfile that change an image, and the words they consist of
#include "image/change.h"

#include "base/fail.h"
#include "base/buf.h"
#include "image/words.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static struct oci_run_config config;

static void apply(const char *line)
{
	if (change_apply(&arena, line, &config) < 0)
		fail_msg("%s: %s", line, fault_last()->text);
}

static const char *refusal(const char *line)
{
	struct oci_run_config before = config;
	fault_clear();
	assert_int_equal(change_apply(&arena, line, &config), -EINVAL);
	assert_memory_equal(&before, &config, sizeof(config));
	return fault_last()->text;
}

static void list_is(const struct oci_strings *list, const char *joined)
{
	struct buf text = buf_new(&arena, 1 << 16);
	for (size_t i = 0; i < list->n; i++)
		buf_printf(&text, "%s%s", i ? "|" : "", list->item[i]);
	assert_string_equal(text.p, joined);
}

// Case C04: a right-hand side of ENV, and what comes of it.
static void words_are_a_dockerfiles(void **state unused_)
{
	static const char *variables[] = {"PWDX=/home", "NUL="};
	const struct oci_strings env = {variables, 2};
	static const char *const cases[][2] = {
		{"x\\ty", "xty"},
		{"\"x\\ty\"", "x\\ty"},
		{"\"x\\\\ty\"", "x\\ty"},
		{"'x\\ty'", "x\\ty"},
		{"tail\\\\", "tail\\"},
		{"p\\$PWDX", "p$PWDX"},
		{"'$PWDX'", "$PWDX"},
		{"p$1q", "pq"},
		{"$.", "$."},
		{"p${NOPE:-d}q", "pdq"},
		{"p${PWDX:+y}q", "pyq"},
		{"p${NUL-d}q", "pq"},
		{"p${NUL:-d}q", "pdq"},
		{"mid'dle'end", "middleend"},
		{"d\\\"q", "d\"q"},
		{"$PWDX/x", "/home/x"},
		{"${PWDX}y", "/homey"},
		{"${NOPE:-${PWDX}}", "/home"},
	};
	static const char *const bad[] = {"\"open",    "'open",         "p${",    "p${}",
					  "p${NOPE?}", "p${NUL:?gone}", "${A~b}", "${A"};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct oci_strings words;
		const char *line = arena_printf(&arena, "T=%s", cases[i][0]);
		assert_int_equal(words_pairs(&arena, "x", str_of(line), &env, &words), 0);
		assert_int_equal(words.n, 2);
		assert_string_equal(words.item[1], cases[i][1]);
	}
	for (size_t i = 0; i < lengthof(bad); i++) {
		struct oci_strings words;
		const char *line = arena_printf(&arena, "T=%s", bad[i]);
		assert_int_equal(words_pairs(&arena, "x", str_of(line), &env, &words), -EINVAL);
	}
	assert_non_null(strstr(fault_last()->text, "never closed"));
}

static void programs_are_lists_or_lines(void **state unused_)
{
	config = (struct oci_run_config){0};
	apply("CMD [\"a\", \"b c\"]");
	list_is(&config.cmd, "a|b c");
	apply("cmd echo $HOME 'x'");
	list_is(&config.cmd, "/bin/sh|-c|echo $HOME 'x'");
	apply("ENTRYPOINT [\"/x\"]");
	list_is(&config.entrypoint, "/x");
	apply("CMD ['single']");
	list_is(&config.cmd, "/bin/sh|-c|['single']");
	apply("CMD []");
	assert_int_equal(config.cmd.n, 0);
}

static void variables_and_labels_are_pairs(void **state unused_)
{
	config = (struct oci_run_config){0};
	apply("ENV A=1 B=\"two words\" C=$A");
	list_is(&config.env, "A=1|B=two words|C=");
	apply("ENV C=$A$B");
	list_is(&config.env, "A=1|B=two words|C=1two words");
	apply("ENV K two  \"three four\"");
	list_is(&config.env, "A=1|B=two words|C=1two words|K=two  three four");
	apply("LABEL \"a b\"=1 c='d e'");
	apply("LABEL c=2");
	assert_int_equal(config.labels.n, 2);
	assert_string_equal(config.labels.item[0].name, "a b");
	assert_string_equal(config.labels.item[1].value, "2");
	refusal("ENV A");
	refusal("ENV");
	refusal("ENV =x");
	refusal("ENV $NOPE x");
	refusal("LABEL '' x");
	refusal("LABEL A=1 B");
	refusal("ENV A=\"x");
}

static void the_others_take_what_they_should(void **state unused_)
{
	config = (struct oci_run_config){0};
	apply("EXPOSE 80 53/udp 8000-8002 80/tcp");
	list_is(&config.exposed_ports, "80/tcp|53/udp|8000/tcp|8001/tcp|8002/tcp");
	apply("VOLUME [\"/data\", \"/a b\"]");
	apply("VOLUME /data /c");
	list_is(&config.volumes, "/data|/a b|/c");
	apply("USER app:media");
	assert_string_equal(config.user, "app:media");
	apply("WORKDIR /srv");
	apply("WORKDIR app dir");
	assert_string_equal(config.working_dir, "/srv/app dir");
	apply("STOPSIGNAL SIGRTMIN+3");
	apply("STOPSIGNAL 15");
	apply("ONBUILD RUN x");
	list_is(&config.on_build, "RUN x");
	refusal("EXPOSE 0x50");
	refusal("EXPOSE 70000");
	refusal("EXPOSE 5-1");
	refusal("EXPOSE 80/icmp");
	refusal("VOLUME data");
	refusal("USER a b");
	refusal("STOPSIGNAL 65");
	refusal("STOPSIGNAL quit");
	refusal("ONBUILD FROM x");
	refusal("RUN x");
	refusal("");
	refusal("  ");
	assert_true(str_starts(refusal("COPY a b"), "--change 'COPY a b': no instruction"));
}

static void health_checks_are_kept(void **state unused_)
{
	config = (struct oci_run_config){0};
	apply("HEALTHCHECK --interval=1m30s --timeout=500ms --retries=4 CMD curl -f $HOST");
	list_is(&config.healthcheck->test, "CMD-SHELL|curl -f $HOST");
	assert_int_equal(config.healthcheck->interval, 90000000000);
	assert_int_equal(config.healthcheck->timeout, 500000000);
	assert_int_equal(config.healthcheck->retries, 4);
	apply("HEALTHCHECK CMD [\"/x\", \"y\"]");
	list_is(&config.healthcheck->test, "CMD|/x|y");
	apply("HEALTHCHECK NONE");
	list_is(&config.healthcheck->test, "NONE");
	refusal("HEALTHCHECK");
	refusal("HEALTHCHECK CMD");
	refusal("HEALTHCHECK --interval=5 CMD x");
	refusal("HEALTHCHECK --interval CMD x");
	refusal("HEALTHCHECK --often=5s CMD x");
	refusal("HEALTHCHECK --retries=-1 CMD x");
	refusal("HEALTHCHECK NONE x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_a_dockerfiles),
		cmocka_unit_test(programs_are_lists_or_lines),
		cmocka_unit_test(variables_and_labels_are_pairs),
		cmocka_unit_test(the_others_take_what_they_should),
		cmocka_unit_test(health_checks_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
