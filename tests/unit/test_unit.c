// SPDX-License-Identifier: Apache-2.0
// test_unit.c - names of scopes, where their groups are, and properties from annotations
#include "kern/cgroup/unit.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;
static const struct facts system_ = {.bus = "x", .bus_group = ""};
static const struct facts user = {.bus = "x", .bus_group = "u.service/", .bus_user = true};

static void names_are_read(void **state unused_)
{
	static const struct {
		const char *path;
		const struct facts *facts;
		const char *group;
	} table[] = {
		{"a-b.slice:pre:web", &system_, "a.slice/a-b.slice/pre-web.scope"},
		{":pre:web", &system_, "system.slice/pre-web.scope"},
		{":pre:web", &user, "u.service/user.slice/pre-web.scope"},
		{"-.slice::web", &system_, "web.scope"},
		{"", &system_, "system.slice/tare-id.scope"},
		{NULL, &user, "u.service/user.slice/tare-id.scope"},
		{"/a/b", &system_, NULL},
		{"a.slice:b", &system_, NULL},
		{"a.slice:b:", &system_, NULL},
		{"a.slice:b:c:d", &system_, NULL},
		{"a:b:c", &system_, NULL},
		{"a--b.slice:b:c", &system_, NULL},
		{"-a.slice:b:c", &system_, NULL},
		{"a-.slice:b:c", &system_, NULL},
		{"../a.slice:b:c", &system_, NULL},
		{"a.slice:b:../c", &system_, NULL},
		{"a.slice:b:c d", &system_, NULL},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct unit unit;
		int result = unit_read(&arena, table[i].path, "id", table[i].facts, &unit);
		if ((result == 0) != (table[i].group != NULL))
			fail_msg("'%s': %d", table[i].path, result);
		if (table[i].group)
			assert_string_equal(unit.group, table[i].group);
	}
}

static void properties_are_read(void **state unused_)
{
	static const struct {
		const char *name, *value, *line;
	} table[] = {
		{"Description", "'a b'", "Description s a b"},
		{"Description", "\"it's\"", "Description s it's"},
		{"SendSIGHUP", "true", "SendSIGHUP b true"},
		{"TasksMax", "uint64 5", "TasksMax t 5"},
		{"Nice", "-5", "Nice i -5"},
		{"Nice", "-2147483648", "Nice i -2147483648"},
		{"Nice", "-2147483649", NULL},
		{"IOx", "byte 255", "IOx y 255"},
		{"IOx", "byte 256", NULL},
		{"IOx", "uint32 -1", NULL},
		{"TimeoutStopSec", "uint64 5", "TimeoutStopUSec t 5000000"},
		{"TimeoutStopSec", "5", "TimeoutStopUSec t 5000000"},
		{"TimeoutStopUSec", "uint64 5", "TimeoutStopUSec t 5"},
		{"After", "['a', 'b']",
		 "After as a\x1f"
		 "b"},
		{"After", "[]", "After as "},
		{"After", "['a' 'b']", NULL},
		{"After", "['a'", NULL},
		{"After", "'a' 'b'", NULL},
		{"After", "'a\nb'", NULL},
		{"After", "", NULL},
		{"After", "uint64 5 6", NULL},
		{"Of", "true", NULL},
		{"A-b", "true", NULL},
		{"PIDs", "uint32 1", NULL},
		{"Delegate", "false", NULL},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		const char *line = NULL;
		int result = unit_property_read(&arena, table[i].name, table[i].value, &line);
		if ((result == 0) != (table[i].line != NULL))
			fail_msg("%s=%s: %d", table[i].name, table[i].value, result);
		if (table[i].line)
			assert_string_equal(line, table[i].line);
	}
}

static void limits_become_properties(void **state unused_)
{
	static const struct cgroup_key keys[] = {
		{"cpu.max", "50000 100000"},
		{"memory.high", "max"},
		{"cpuset.cpus", "0,9"},
		{"cpuset.mems", "x"},
	};
	struct cgroup_limits limits = cgroup_no_limits;
	assert_string_equal(unit_properties(&arena, &limits), "");
	limits.pids = 0;
	limits.memory = -1;
	limits.cpu_quota = 12345;
	limits.keys = keys;
	limits.keys_n = lengthof(keys);
	assert_string_equal(unit_properties(&arena, &limits),
			    "MemoryMax t 18446744073709551615\n"
			    "CPUQuotaPerSecUSec t 130000\n"
			    "CPUQuotaPeriodUSec t 100000\nCPUQuotaPerSecUSec t 500000\n"
			    "MemoryHigh t 18446744073709551615\n"
			    "AllowedCPUs ay 0102\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(properties_are_read),
		cmocka_unit_test(limits_become_properties),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
