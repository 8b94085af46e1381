// SPDX-License-Identifier: Apache-2.0
// test_dns.c - resolv.conf and hosts, of the host's and of options
#include "engine/etc/dns.h"

#include "base/fail.h"
#include "engine/etc/hosts.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static const char host[] = "# of the host\nnameserver 127.0.0.53\nnameserver 10.0.0.2\n"
			   "nameserver ::1\nsearch x y\noptions edns0";

static struct oci_strings one(const char **text)
{
	return (struct oci_strings){text, *text ? 1 : 0};
}

static int parse(const char *server, const char *search, const char *option, struct dns *ret)
{
	static const char *texts[3];
	texts[0] = server;
	texts[1] = search;
	texts[2] = option;
	struct oci_strings lists[] = {one(&texts[0]), one(&texts[1]), one(&texts[2])};
	return dns_parse(&lists[0], &lists[1], &lists[2], ret);
}

static void is(const char *server, const char *search, const char *option, const char *text)
{
	struct dns dns;
	assert_int_equal(parse(server, search, option, &dns), 0);
	assert_string_equal(dns_resolv_conf(&arena, str_of(host), false, &dns), text);
}

static void each_kind_is_the_hosts_or_given(void **state unused_)
{
	is(NULL, NULL, NULL, "# of the host\nnameserver 10.0.0.2\nsearch x y\noptions edns0\n");
	is("9.9.9.9", NULL, NULL, "# of the host\nsearch x y\noptions edns0\nnameserver 9.9.9.9\n");
	is(NULL, "example.org", NULL,
	   "# of the host\nnameserver 10.0.0.2\noptions edns0\nsearch example.org\n");
	is(NULL, ".", "ndots:2", "# of the host\nnameserver 10.0.0.2\noptions ndots:2\n");
	struct dns dns;
	assert_int_equal(parse(NULL, NULL, NULL, &dns), 0);
	assert_non_null(strstr(dns_resolv_conf(&arena, str_of(host), true, &dns), "127.0.0.53"));
	assert_int_equal(parse("none", NULL, NULL, &dns), 0);
	assert_true(dns.none);
}

static void what_makes_no_sense_is_refused(void **state unused_)
{
	static const char *const servers[] = {
		"",        "x", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "1.2.3.4\nnameserver 6.6.6.6",
		"01.2.3.4"};
	static const char *const domains[] = {"", "a..b", ".a", "1.2", "-x", "a b", "a\nb", "x/y"};
	static const char *const options[] = {"", "a b", "a\nb", "\x1b"};
	struct dns dns;
	for (size_t i = 0; i < lengthof(servers); i++)
		assert_int_equal(parse(servers[i], NULL, NULL, &dns), -EINVAL);
	for (size_t i = 0; i < lengthof(domains); i++)
		assert_int_equal(parse(NULL, domains[i], NULL, &dns), -EINVAL);
	for (size_t i = 0; i < lengthof(options); i++)
		assert_int_equal(parse(NULL, NULL, options[i], &dns), -EINVAL);
	assert_int_equal(parse("none", "x", NULL, &dns), -EINVAL);
}

static void hosts_are_lines(void **state unused_)
{
	static const struct {
		const char *text, *lines;
	} good[] = {
		{"db:10.0.0.5", "10.0.0.5\tdb\n"},
		{"db=10.0.0.5", "10.0.0.5\tdb\n"},
		{"db:::1", "::1\tdb\n"},
		{"db:[::1]", "::1\tdb\n"},
		{"a;b.c:1.2.3.4", "1.2.3.4\ta\n1.2.3.4\tb.c\n"},
	};
	static const char *const bad[] = {
		"",           "db",          "db:",          ":1.2.3.4",
		"db:x",       "a b:1.2.3.4", "a\nb:1.2.3.4", "a:1.2.3.4\n6.6.6.6 b",
		"-a:1.2.3.4", "a;:1.2.3.4",  "a:1.2.3.4 b",
	};
	for (size_t i = 0; i < lengthof(good); i++) {
		struct buf out = buf_new(&arena, 4096);
		assert_int_equal(hosts_add(&out, good[i].text), 0);
		assert_string_equal(out.p, good[i].lines);
	}
	for (size_t i = 0; i < lengthof(bad); i++) {
		struct buf out = buf_new(&arena, 4096);
		assert_int_equal(hosts_add(&out, bad[i]), -EINVAL);
	}
	struct buf out = buf_new(&arena, 4096);
	assert_int_equal(hosts_add(&out, "h:host-gateway"), -EOPNOTSUPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_the_hosts_or_given),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(hosts_are_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
