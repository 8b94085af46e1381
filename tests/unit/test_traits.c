// SPDX-License-Identifier: Apache-2.0
// test_traits.c - umask, oom score, personality and sysctl, as options name them
#include "engine/process/traits.h"

#include "base/fail.h"
#include "kern/namespaces/sysctl.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void a_umask_is_octal(void **state unused_)
{
	int64_t mask = -1;
	assert_int_equal(umask_parse("0027", &mask), 0);
	assert_int_equal(mask, 027);
	assert_int_equal(umask_parse("0", &mask), 0);
	assert_int_equal(mask, 0);
	assert_int_equal(umask_parse("777", &mask), 0);
	static const char *const bad[] = {"", "8", "-1", "1000", "00022", "0x1", "22 ", "u=rwx"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(umask_parse(bad[i], &mask), -EINVAL);
	assert_int_equal(mask, 0777);
}

static void an_oom_score_has_bounds(void **state unused_)
{
	int64_t score = 0;
	assert_int_equal(oom_score_parse("-1000", &score), 0);
	assert_int_equal(score, -1000);
	assert_int_equal(oom_score_parse("1000", &score), 0);
	assert_int_equal(score, 1000);
	static const char *const bad[] = {"", "-", "--1", "+1", "1001", "-1001", "1.5", "01"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(oom_score_parse(bad[i], &score), -EINVAL);
	assert_int_equal(score, 1000);
}

static void a_personality_has_one_domain(void **state unused_)
{
	struct oci_personality wanted;
	assert_int_equal(personality_parse(&arena, "linux32", &wanted), 0);
	assert_string_equal(wanted.domain, "LINUX32");
	assert_int_equal(wanted.flags.n, 0);
	assert_int_equal(personality_parse(&arena, "ADDR_NO_RANDOMIZE", &wanted), 0);
	assert_string_equal(wanted.domain, "LINUX");
	assert_string_equal(wanted.flags.item[0], "ADDR_NO_RANDOMIZE");
	assert_int_equal(personality_parse(&arena, "LINUX32,UNAME26", &wanted), 0);
	assert_string_equal(wanted.flags.item[0], "UNAME26");
	static const char *const bad[] = {"", "BSD", "LINUX,LINUX32", "LINUX,", "LINUX32 UNAME26"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(personality_parse(&arena, bad[i], &wanted), -EINVAL);
}

static void the_last_value_of_a_sysctl_counts(void **state unused_)
{
	const char *texts[] = {"a.b=1", "c=", "a.b=2=3"};
	struct oci_pairs pairs;
	assert_int_equal(sysctls_parse(&arena, &(struct oci_strings){texts, 3}, &pairs), 0);
	assert_int_equal(pairs.n, 2);
	assert_string_equal(pairs.item[0].name, "a.b");
	assert_string_equal(pairs.item[0].value, "2=3");
	assert_string_equal(pairs.item[1].value, "");
	const char *bad[] = {"a.b", "=1"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(sysctls_parse(&arena, &(struct oci_strings){&bad[i], 1}, &pairs),
				 -EINVAL);
}

static void a_sysctl_is_a_file_of_a_namespace(void **state unused_)
{
	static const struct {
		const char *key, *path, *namespace;
	} table[] = {
		{"net.ipv4.ip_forward", "net/ipv4/ip_forward", "network"},
		{"net/ipv4/conf/eth0.1/mtu", "net/ipv4/conf/eth0.1/mtu", "network"},
		{"net.ipv4.conf.eth0/1.mtu", "net/ipv4/conf/eth0.1/mtu", "network"},
		{"kernel.shmmax", "kernel/shmmax", "ipc"},
		{"kernel.shmmax.x", "kernel/shmmax/x", NULL},
		{"kernel.sem", "kernel/sem", "ipc"},
		{"kernel.semx", "kernel/semx", NULL},
		{"fs.mqueue.msg_max", "fs/mqueue/msg_max", "ipc"},
		{"kernel.domainname", "kernel/domainname", "uts"},
		{"kernel.core_pattern", "kernel/core_pattern", NULL},
		{"vm.overcommit_memory", "vm/overcommit_memory", NULL},
		{"netx.y", "netx/y", NULL},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		const char *path, *namespace;
		assert_int_equal(sysctl_path(&arena, table[i].key, &path), 0);
		assert_string_equal(path, table[i].path);
		namespace = sysctl_namespace(path);
		assert_int_equal(!namespace, !table[i].namespace);
		if (namespace)
			assert_string_equal(namespace, table[i].namespace);
	}
	static const char *const bad[] = {
		"",        "net",        "net.",
		"net..x",  ".net.x",     "net/../kernel/core_pattern",
		"net.x y", "net.x\n.y",  "net/./x",
		"net//x",  "net.ipv4+x", "/net/x",
	};
	const char *path;
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(sysctl_path(&arena, bad[i], &path), -EINVAL);
}

static void a_sysctl_value_smuggles_nothing(void **state unused_)
{
	static const char *const good[] = {"", "1", "250 32000\t32 128", "a-b_c.d"};
	static const char *const bad[] = {"1+kernel.core_pattern=x", "1\n2", "/x", "\x1b[1m",
					  "\xc3\xa9"};
	for (size_t i = 0; i < lengthof(good); i++)
		assert_int_equal(sysctl_check_value("k", good[i]), 0);
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(sysctl_check_value("k", bad[i]), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_umask_is_octal),
		cmocka_unit_test(an_oom_score_has_bounds),
		cmocka_unit_test(a_personality_has_one_domain),
		cmocka_unit_test(the_last_value_of_a_sysctl_counts),
		cmocka_unit_test(a_sysctl_is_a_file_of_a_namespace),
		cmocka_unit_test(a_sysctl_value_smuggles_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
