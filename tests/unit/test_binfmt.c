// SPDX-License-Identifier: Apache-2.0
// test_binfmt.c - handlers of binfmt_misc: which machine's programs they take
#include "kern/facts/binfmt.h"

#include "base/fd.h"
#include "base/remove.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

#define ARM64_MAGIC "7f454c460201010000000000000000000200b700"
#define ELF_MASK    "ffffffffffffff00fffffffffffffffffeffffff"
#define ARM64                                                                                      \
	"enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\noffset 0\n"                \
	"magic " ARM64_MAGIC "\nmask " ELF_MASK "\n"
#define S390X                                                                                      \
	"enabled\ninterpreter /usr/bin/qemu-s390x\nflags: OC\noffset 0\n"                          \
	"magic 7f454c4602020100000000000000000000020016\n"                                         \
	"mask fffffffffffffffcfffffffffffffffffffeffff\n"

static bool takes(const char *handler, const char *architecture)
{
	const char *interpreter;
	bool fixed;
	return binfmt_takes(&arena, str_of(handler), architecture, &interpreter, &fixed) == 0;
}

static void a_handler_takes_its_machine_alone(void **state unused_)
{
	assert_true(takes(ARM64, "arm64"));
	assert_false(takes(ARM64, "arm"));
	assert_false(takes(ARM64, "amd64"));
	assert_false(takes(ARM64, "vax"));
	assert_true(takes(S390X, "s390x"));
	assert_false(takes(S390X, "arm64"));
}

static void what_cannot_take_it_does_not(void **state unused_)
{
	assert_false(takes("", "arm64"));
	assert_false(takes("disabled\ninterpreter /q\noffset 0\nmagic " ARM64_MAGIC "\n", "arm64"));
	assert_true(takes("enabled\ninterpreter /q\noffset 0\nmagic " ARM64_MAGIC "\n", "arm64"));
	assert_false(takes("enabled\noffset 0\nmagic " ARM64_MAGIC "\n", "arm64"));
	assert_false(takes("enabled\ninterpreter /q\noffset 1\nmagic " ARM64_MAGIC "\n", "arm64"));
	assert_false(takes("enabled\ninterpreter /q\noffset 0\nmagic 7f4\n", "arm64"));
	assert_false(takes("enabled\ninterpreter /q\noffset 0\nmagic 7x45\n", "arm64"));
	assert_false(takes("enabled\ninterpreter /q\noffset 0\nmagic 7f45\nmask ff\n", "arm64"));
	assert_false(takes("enabled\ninterpreter /q\nextension .jar\n", "arm64"));
}

static void put(const char *place, const char *name, const char *text)
{
	FILE *file = fopen(arena_printf(&arena, "%s/%s", place, name), "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

// A directory that has handlers for s390x and arm64.
static void looked_at(const char *place)
{
	struct binfmt_handler handler = {0};
	assert_int_equal(binfmt_look(&arena, place, "riscv64", &handler), BINFMT_NO_HANDLER);
	assert_int_equal(binfmt_look(&arena, place, "", &handler), BINFMT_NO_HANDLER);
	assert_int_equal(binfmt_look(&arena, place, "arm64", &handler), BINFMT_HANDLER);
	assert_string_equal(handler.name, "qemu-aarch64");
	assert_true(handler.enabled && handler.fixed);
	put(place, "off", "disabled\ninterpreter /q\noffset 0\nmagic " ARM64_MAGIC "\n");
	assert_int_equal(binfmt_look(&arena, place, "arm64", &handler), BINFMT_HANDLER);
	assert_string_equal(handler.name, "qemu-aarch64"); // it is on
	put(place, "qemu-aarch64", "enabled\n");
	assert_int_equal(binfmt_look(&arena, place, "arm64", &handler), BINFMT_HANDLER);
	assert_string_equal(handler.name, "off");
	assert_false(handler.enabled || handler.fixed);
	put(place, "qemu-aarch64", ARM64);
	put(place, "status", "disabled\n");
	assert_int_equal(binfmt_look(&arena, place, "arm64", &handler), BINFMT_ALL_OFF);
	put(place, "status", "enabled\n");
	assert_int_equal(binfmt_look(&arena, "/proc/none", "arm64", &handler), BINFMT_NOT_MOUNTED);
	assert_int_equal(binfmt_look(&arena, "/proc/self/fd", "arm64", &handler),
			 BINFMT_NOT_MOUNTED);
}

static void machines_have_names(void **state unused_)
{
	assert_string_equal(binfmt_architecture(183, 64), "arm64");
	assert_string_equal(binfmt_architecture(243, 64), "riscv64");
	assert_null(binfmt_architecture(243, 32));
	assert_null(binfmt_architecture(0, 64));
}

static void the_directory_is_searched(void **state unused_)
{
	char place[] = "/tmp/tare-test-binfmt-XXXXXX";
	const char *interpreter;
	bool fixed;
	assert_non_null(mkdtemp(place));
	assert_int_equal(binfmt_find(&arena, place, "arm64", &interpreter, &fixed), BINFMT_NONE);
	static const struct {
		const char *name, *text;
	} files[] = {{"status", "enabled\n"}, {"qemu-s390x", S390X}, {"qemu-aarch64", ARM64}};
	for (size_t i = 0; i < lengthof(files); i++)
		put(place, files[i].name, files[i].text);
	assert_int_equal(binfmt_find(&arena, place, "arm64", &interpreter, &fixed), 0);
	assert_string_equal(interpreter, "/usr/bin/qemu-aarch64-static");
	assert_true(fixed);
	assert_int_equal(binfmt_find(&arena, place, "s390x", &interpreter, &fixed), 0);
	assert_false(fixed);
	looked_at(place);
	assert_int_equal(remove_tree(AT_FDCWD, place), 0);
	assert_int_equal(binfmt_find(&arena, place, "arm64", &interpreter, &fixed), BINFMT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handler_takes_its_machine_alone),
		cmocka_unit_test(what_cannot_take_it_does_not),
		cmocka_unit_test(the_directory_is_searched),
		cmocka_unit_test(machines_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
