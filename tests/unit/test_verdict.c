// SPDX-License-Identifier: Apache-2.0
// test_verdict.c - what is said about a container's end, and when nothing is
#include "box/monitor/verdict.h"

#include <signal.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { SECOND = 1000000000 };

static const struct cgroup_report nothing_known = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
						   UINT64_MAX, UINT64_MAX, UINT64_MAX};

static void is(const struct verdict *verdict, const char *wanted)
{
	struct arena arena = {0};
	struct buf line = buf_new(&arena, 1024);
	verdict_text(&line, verdict);
	assert_string_equal(line.p, wanted);
	arena_free(&arena);
}

static uint64_t bit(int number)
{
	return UINT64_C(1) << (number - 1);
}

static void says_nothing_of_a_plain_end(void **state unused_)
{
	is(&(struct verdict){.report = nothing_known}, "");
	is(&(struct verdict){.end.code = 3, .report = nothing_known}, "");
	is(&(struct verdict){.end.code = 137, .report = nothing_known}, "");
	is(&(struct verdict){.end.code = 1, .memory_limit = 1 << 20, .pids_limit = 10}, "");
}

static void says_nothing_of_what_the_user_sent(void **state unused_)
{
	struct verdict verdict = {.end = {.killed = true, .code = SIGINT}};
	verdict.end.forwarded = bit(SIGINT);
	is(&verdict, "");
	verdict.end.forwarded = bit(SIGINT) | bit(SIGWINCH);
	is(&verdict, "");
	verdict.end.code = SIGRTMAX;
	verdict.end.forwarded = bit(SIGRTMAX);
	is(&verdict, "");
}

static void names_the_signal(void **state unused_)
{
	struct verdict verdict = {.end = {.killed = true, .code = SIGKILL}};
	verdict.report = nothing_known;
	verdict.end.forwarded = bit(SIGTERM);
	is(&verdict, "the container was ended by SIGKILL: somebody killed it, not tare");
	verdict.end.code = SIGSEGV;
	verdict.end.core = true;
	is(&verdict, "the container was ended by SIGSEGV (it left a core dump): it touched memory "
		     "that is not its own");
	verdict.end = (struct monitor_end){.killed = true, .code = SIGXCPU};
	is(&verdict, "the container was ended by SIGXCPU: its limit of processor time was reached "
		     "(--ulimit cpu)");
	verdict.end.code = 40;
	is(&verdict, "the container was ended by signal 40");
	verdict.end.code = SIGKILL; // what the kernel does at the hard limit
	verdict.end.usage.ru_utime.tv_sec = 2;
	verdict.cpu_seconds = 2;
	is(&verdict, "the container was ended by SIGKILL: its limit of processor time was reached "
		     "(--ulimit cpu)");
	verdict.cpu_seconds = 4;
	is(&verdict, "the container was ended by SIGKILL: somebody killed it, not tare");
}

static void tells_how_long_it_ran(void **state unused_)
{
	static const struct {
		uint64_t duration;
		const char *words;
	} times[] = {
		{1, "0 ms"},
		{SECOND - 1, "999 ms"},
		{UINT64_C(59) * SECOND + SECOND / 2, "59.5 s"},
		{UINT64_C(303) * SECOND, "5 min 3 s"},
		{UINT64_C(7505) * SECOND, "2 h 5 min"},
		{UINT64_MAX, "5124095 h 34 min"},
	};
	struct verdict verdict = {.end = {.killed = true, .code = 40}, .report = nothing_known};
	for (size_t i = 0; i < lengthof(times); i++) {
		char wanted[128];
		verdict.duration = times[i].duration;
		snprintf(wanted, sizeof(wanted), "the container was ended by signal 40 after %s",
			 times[i].words);
		is(&verdict, wanted);
	}
}

static void tells_of_waiting_for_processors(void **state unused_)
{
	struct verdict verdict = {.end = {.killed = true, .code = 40}, .report = nothing_known};
	verdict.duration = UINT64_C(10) * SECOND;
	verdict.report.cpu_throttled = 3200000;
	is(&verdict, "the container was ended by signal 40 after 10.0 s; its limit of processor "
		     "time made it wait 3.2 s");
	verdict.report.cpu_throttled = 999999; // less than a second
	is(&verdict, "the container was ended by signal 40 after 10.0 s");
	verdict.report.cpu_throttled = 3200000; // less than a tenth
	verdict.duration *= 10;
	is(&verdict, "the container was ended by signal 40 after 1 min 40 s");
}

// Names are the killed processes' own choice.
static void names_who_was_killed(void **state unused_)
{
	struct verdict verdict = {.memory_limit = 1 << 20, .report = nothing_known};
	verdict.report.oom_kills = 2;
	verdict.kills = (struct oom_kills){.kill = {{"tail", 4, 0}, {"\x1b[31m", 5, 0}}, .n = 2};
	is(&verdict, "2 processes in the container ('tail' and '\\x1b[31m') were killed because "
		     "memory ran out: the limit is 1 MiB; give it more with --memory, or let it "
		     "use less");
	verdict.report.oom_kills = 1;
	verdict.kills.n = 1;
	verdict.end = (struct monitor_end){.killed = true, .code = SIGKILL};
	is(&verdict, "the container was killed because memory ran out ('tail'): the limit is 1 "
		     "MiB; give it more with --memory, or let it use less");
	verdict.end = (struct monitor_end){.code = 1};
	verdict.report.oom_kills = 5;
	for (size_t i = 0; i < 5; i++)
		verdict.kills.kill[i] = (struct oom_kill){"x", 1, 1};
	verdict.kills.n = 5;
	is(&verdict, "5 processes in the container ('x', 'x', 'x' and 2 more) were killed because "
		     "memory ran out: the limit is 1 MiB; give it more with --memory, or let it "
		     "use less");
}

static void tells_of_memory(void **state unused_)
{
	struct verdict verdict = {.end = {.killed = true, .code = SIGKILL},
				  .memory_limit = 100 << 20};
	verdict.report.memory_peak = (100 << 20) + (1 << 19);
	verdict.report.oom_kills = 1;
	is(&verdict, "the container was killed because memory ran out: the limit is 100 MiB, the "
		     "most it used 100.5 MiB; give it more with --memory, or let it use less");
	verdict.end = (struct monitor_end){.code = 0};
	verdict.report.oom_kills = 2;
	verdict.report.memory_peak = UINT64_MAX;
	is(&verdict, "2 processes in the container were killed because memory ran out: the limit "
		     "is 100 MiB; give it more with --memory, or let it use less");
	verdict.memory_limit = 0;
	verdict.report.oom_kills = 1;
	is(&verdict, "1 process in the container was killed because memory ran out; the host, or "
		     "a group around the container, is short of it");
}

static void tells_of_processes(void **state unused_)
{
	struct verdict verdict = {.end.code = 1, .pids_limit = 64};
	verdict.report.pids_max_hits = 3;
	is(&verdict, "the container reached its limit of 64 processes (3 more were refused); give "
		     "it more with --pids-limit");
	verdict.end.code = 0; // it coped
	is(&verdict, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_nothing_of_a_plain_end),
		cmocka_unit_test(says_nothing_of_what_the_user_sent),
		cmocka_unit_test(names_the_signal),
		cmocka_unit_test(tells_how_long_it_ran),
		cmocka_unit_test(tells_of_waiting_for_processors),
		cmocka_unit_test(names_who_was_killed),
		cmocka_unit_test(tells_of_memory),
		cmocka_unit_test(tells_of_processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
