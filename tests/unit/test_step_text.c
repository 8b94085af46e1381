// SPDX-License-Identifier: Apache-2.0
// test_step_text.c - a step as a word of a script, and back, whatever stands in it
#include "base/fail.h"
#include "box/steps/op.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int free_arena(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static const char *text_of(const struct step *step)
{
	struct buf text = buf_new(&arena, 64 * 1024);
	step_text(&text, step);
	return text.p;
}

static void assert_same_text(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static void comes_back(const struct step *step)
{
	struct step read;
	const char *text = text_of(step);
	if (step_read(&arena, text, &read))
		fail_msg("%s", fault_last()->text);
	assert_int_equal(read.op, step->op);
	assert_same_text(read.a, step->a);
	assert_same_text(read.b, step->b);
	assert_same_text(read.c, step->c);
	assert_int_equal(read.n, step->n);
	assert_int_equal(read.m, step->m);
	assert_int_equal(read.k, step->k);
	assert_null(strpbrk(text, "\n\t\r\001\177"));
}

static void odd_texts_come_back(void **state unused_)
{
	static const char *const texts[] = {
		NULL,       "",          "-",       "--",      "%",        "%%",  "%20",   "%2",
		" ",        "  a  b  ",  "a\nb",    "\t",      "\001\x7f", "%-",  "-%",    "é→",
		"\xff\xfe", "'\"$(id)`", "a=b,c=d", "/x/../y", "0x10",     "*?[", "\\n\\", "#",
	};
	for (size_t i = 0; i < lengthof(texts); i++)
		for (size_t j = 0; j < lengthof(texts); j++)
			comes_back(&(struct step){.op = OP_MOUNT,
						  .a = texts[i],
						  .b = texts[j],
						  .c = texts[(i + j) % lengthof(texts)],
						  .n = MOUNT_RECURSIVE});
}

static void numbers_come_back(void **state unused_)
{
	static const uint64_t numbers[] = {0,  1,          9,          10,        15,        16,
					   99, UINT32_MAX, 1ull << 32, INT64_MAX, UINT64_MAX};
	static const int32_t small[] = {0, 1, -1, 9, 10, INT32_MAX, INT32_MIN};
	for (size_t i = 0; i < lengthof(numbers); i++)
		for (size_t k = 0; k < lengthof(small); k++)
			comes_back(&(struct step){.op = OP_RLIMIT,
						  .a = "RLIMIT_NOFILE",
						  .n = numbers[i],
						  .m = numbers[lengthof(numbers) - 1 - i],
						  .k = small[k]});
}

// What an op does not print need not come back; what it prints is all that its row names.
static void every_op_comes_back(void **state unused_)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		struct step step = {.op = (uint8_t)op};
		for (const char *which = op_row(op)->operands; *which; which++)
			switch (*which) {
			case 'a':
				step.a = "one";
				break;
			case 'b':
				step.b = "two words";
				break;
			case 'c':
				step.c = "";
				break;
			case 'n':
				step.n = 0x1234;
				break;
			case 'm':
				step.m = 7;
				break;
			case 'k':
				step.k = -2;
				break;
			default:
				fail_msg("%s: operand '%c'", op_row(op)->name, *which);
			}
		comes_back(&step);
	}
}

static void long_texts_come_back(void **state unused_)
{
	char name[4096];
	memset(name, ' ', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	comes_back(&(struct step){.op = OP_HOSTNAME, .a = name});
}

static void hostile_words_are_refused(void **state unused_)
{
	static const char *const texts[] = {
		"",
		" ",
		"mounts",
		"Mount",
		"mount",
		"mount proc /proc",
		"hostname",
		"hostname a b",
		"hostname %",
		"hostname %2",
		"hostname a%2",
		"hostname %zz",
		"hostname %2G",
		"hostname %2D",
		"hostname a%00b",
		"hostname %00",
		"rlimit RLIMIT_NOFILE 7 1 x",
		"rlimit RLIMIT_NOFILE 7 1 -1",
		"rlimit RLIMIT_NOFILE 7 1 0x",
		"rlimit RLIMIT_NOFILE 7 1 0xG",
		"rlimit RLIMIT_NOFILE 7 1 0X10",
		"rlimit RLIMIT_NOFILE 7 1 01",
		"rlimit RLIMIT_NOFILE 7 1 0x10000000000000000",
		"rlimit RLIMIT_NOFILE 7 1 18446744073709551616",
		"rlimit RLIMIT_NOFILE 7 1 1 1",
		"rlimit RLIMIT_NOFILE 0x100000000 1 1",
		"rlimit RLIMIT_NOFILE 4294967296 1 1",
	};
	struct step step = {.op = OP_EXEC, .k = 42};
	for (size_t i = 0; i < lengthof(texts); i++) {
		bool good = str_eq(texts[i], "hostname %"); // the empty name: its step refuses it
		fault_clear();
		int result = step_read(&arena, texts[i], &step);
		if (result != (good ? 0 : -EINVAL))
			fail_msg("'%s': %d", texts[i], result);
		if (good)
			step = (struct step){.op = OP_EXEC, .k = 42};
		else
			assert_true(*fault_last()->text);
		assert_int_equal(step.k, 42); // untouched on failure
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(odd_texts_come_back, free_arena),
		cmocka_unit_test_teardown(numbers_come_back, free_arena),
		cmocka_unit_test_teardown(every_op_comes_back, free_arena),
		cmocka_unit_test_teardown(long_texts_come_back, free_arena),
		cmocka_unit_test_teardown(hostile_words_are_refused, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
