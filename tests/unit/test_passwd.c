// SPDX-License-Identifier: Apache-2.0
// test_passwd.c - who a user is, by files that may be anything
#include "box/steps/passwd.h"

#include "base/fd.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { LONG_LINE = 100 << 20, SECONDS_MOST = 2 };

#define SPARSE (INT64_C(2) << 30)

static const char usual_passwd[] = "root:x:0:0::/root:/bin/sh\n"
				   "app:x:1234:1234::/home/app:/bin/sh\n"
				   "4321:x:88:89::/n:/bin/sh\n";
static const char usual_group[] = "root:x:0:\n"
				  "app:x:1234:\n"
				  "media:x:44:app\n"
				  "disk:x:6:other\n";

static char directory[32];
static int root = -1;
static struct walk_user user;

static void put(const char *name, const char *text)
{
	unlinkat(root, name, 0);
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static int make_root(void **state unused_)
{
	memcpy(directory, "/tmp/test_passwd.XXXXXX", sizeof("/tmp/test_passwd.XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || mkdirat(root, "etc", 0755))
		return -1;
	put("etc/passwd", usual_passwd);
	put("etc/group", usual_group);
	return 0;
}

static int remove_root(void **state unused_)
{
	unlinkat(root, "etc/passwd", 0);
	unlinkat(root, "etc/group", 0);
	unlinkat(root, "etc", AT_REMOVEDIR);
	fd_close(&root);
	return rmdir(directory);
}

static void is(const char *text, uint32_t uid, uint32_t gid, const char *home)
{
	int result = passwd_look_up(root, text, &user);
	if (result)
		fail_msg("'%s': %s", text, strerrorname_np(-result));
	assert_int_equal(user.uid, uid);
	assert_int_equal(user.gid, gid);
	assert_string_equal(user.home + strlen("HOME="), home);
}

static void is_refused(const char *text, int error)
{
	int result = passwd_look_up(root, text, &user);
	if (result != error)
		fail_msg("'%s': %d, not %d", text, result, error);
}

static void has_groups(const uint32_t *groups, size_t n)
{
	assert_int_equal(user.groups_n, n);
	assert_memory_equal(user.groups, groups, n * sizeof(*groups));
}

static void names_and_numbers(void **state unused_)
{
	is(NULL, 0, 0, "/root");
	is("app", 1234, 1234, "/home/app");
	is("1234", 1234, 1234, "/home/app");
	is("4321", 4321, 0, "/"); // a number is never a name
	is("88", 88, 89, "/n");
	is("5000", 5000, 0, "/");
	is("5000:media", 5000, 44, "/");
	is("app:0", 1234, 0, "/home/app");
	is("4294967294", 4294967294, 0, "/");
	is(":media", 0, 44, "/root");
	is("app:", 1234, 1234, "/home/app");
	is_refused("ghost", -ENOKEY);
	is_refused("app:ghost", -ENODATA);
	is_refused("ghost:media", -ENOKEY);
}

static void numbers_that_are_none(void **state unused_)
{
	static const char *const texts[] = {"4294967295", "4294967296",     "99999999999999999999",
					    "007",        "app:4294967295", "0:00"};
	for (size_t i = 0; i < lengthof(texts); i++)
		if (passwd_look_up(root, texts[i], &user) >= 0)
			fail_msg("'%s' was taken", texts[i]);
}

static void supplementary_groups(void **state unused_)
{
	is("app", 1234, 1234, "/home/app");
	has_groups((const uint32_t[]){1234, 44}, 2);
	is("1234", 1234, 1234, "/home/app");
	has_groups((const uint32_t[]){1234, 44}, 2);
	is("app:app", 1234, 1234, "/home/app");
	assert_int_equal(user.groups_n, 0);
	is("0", 0, 0, "/root");
	has_groups((const uint32_t[]){0}, 1);
	is("5000", 5000, 0, "/");
	has_groups((const uint32_t[]){0}, 1);
}

static void groups_that_are_added(void **state unused_)
{
	static const uint32_t groups[] = {1234, 44, 6, 999};
	is("app", 1234, 1234, "/home/app");
	assert_int_equal(passwd_add_group(root, "disk", &user), 0);
	assert_int_equal(passwd_add_group(root, "999", &user), 0);
	assert_int_equal(passwd_add_group(root, "media", &user), 0); // it is there already
	has_groups(groups, 4);
	assert_int_equal(user.gid, 1234);
	assert_int_equal(passwd_add_group(root, "ghost", &user), -ENODATA);
	assert_int_equal(passwd_add_group(root, "4294967295", &user), -ERANGE);
	has_groups(groups, 4);
}

static void without_files(void **state unused_)
{
	unlinkat(root, "etc/passwd", 0);
	unlinkat(root, "etc/group", 0);
	is(NULL, 0, 0, "/");
	is("5000", 5000, 0, "/");
	is("5000:6", 5000, 6, "/");
	is_refused("app", -ENOKEY);
	is_refused("root:media", -ENOKEY);
	is_refused("0:media", -ENODATA);
}

static void odd_lines(void **state unused_)
{
	put("etc/passwd", "\n::::\nshort:x\napp:x:-1:5::/bad:\napp:x:1:4294967295::/bad:\n"
			  "rel:x:7:7::relative:\nnone:x:8:8\nbare:x:9:9::\n"
			  "last:x:10:11::/last:/bin/sh");
	put("etc/group",
	    "\n:::\nbad:x:y:last\ng1:x:1:other,last\ng1:x:1:last\ng2:x:2:lastly,lasts\n"
	    "g3:x:3:,,last,\ng4:x:4:last");
	is_refused("app", -ENOKEY);
	is("rel", 7, 7, "/");
	is("none", 8, 8, "/");
	is("bare", 9, 9, "/");
	is("last", 10, 11, "/last"); // no newline at the end
	has_groups((const uint32_t[]){11, 1, 3, 4}, 4);
	is("0:g4", 0, 4, "/");
	is("0:", 0, 0, "/");
}

static void long_lines_are_passed_over(void **state unused_)
{
	struct arena arena = {0};
	char *text = arena_alloc(&arena, 64 << 10, 1);
	memset(text, 'a', 20000);
	memcpy(text + 20000, ":x:5:5::/a:\nb:x:6:6::/b:", sizeof("\nb:x:6:6::/b:") + 11);
	put("etc/passwd", text);
	is("b", 6, 6, "/b");
	text[20000] = '\0';
	is_refused(text, -ENOKEY);
	// One that only looks like a line of its own where the buffer begins anew.
	memset(text, 'a', 4096);
	memcpy(text + 4096, "c:x:0:0::/c:\n", sizeof("c:x:0:0::/c:\n"));
	put("etc/passwd", text);
	is_refused("c", -ENOKEY);
	arena_free(&arena);
}

static void many_groups(void **state unused_)
{
	struct arena arena = {0};
	struct buf text = buf_new(&arena, 1 << 20);
	for (int i = 0; i < WALK_GROUPS_MAX - 1; i++)
		buf_printf(&text, "g%d:x:%d:app\n", i, 2000 + i);
	put("etc/group", text.p);
	is("app", 1234, 1234, "/home/app");
	assert_int_equal(user.groups_n, WALK_GROUPS_MAX);
	buf_puts(&text, "more:x:9999:app\n");
	put("etc/group", text.p);
	is_refused("app", -ENOTUNIQ);
	is("app:more", 1234, 9999, "/home/app");
	arena_free(&arena);
}

// The answer, whatever it is, comes soon, and is no user of another's choosing.
static void answers_soon(const char *what)
{
	struct timespec begin, end;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	int named = passwd_look_up(root, "app", &user);
	int with_group = passwd_look_up(root, "7:media", &user);
	int number = passwd_look_up(root, "7", &user);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (end.tv_sec - begin.tv_sec > SECONDS_MOST)
		fail_msg("%s: it took %lld s", what, (long long)(end.tv_sec - begin.tv_sec));
	if (named >= 0 || with_group >= 0)
		fail_msg("%s: found what is not there", what);
	if (number >= 0)
		assert_int_equal(user.uid, 7);
}

static void in_both(const char *what, void (*make)(const char *name))
{
	static const char *const names[] = {"etc/passwd", "etc/group"};
	for (size_t i = 0; i < lengthof(names); i++) {
		unlinkat(root, names[i], 0);
		make(names[i]);
	}
	answers_soon(what);
}

static void make_fifo(const char *name)
{
	assert_int_equal(mkfifoat(root, name, 0644), 0);
}

static void make_loop(const char *name)
{
	assert_int_equal(symlinkat(strrchr(name, '/') + 1, root, name), 0);
}

static void make_way_out(const char *name)
{
	assert_int_equal(symlinkat("../../../../../../etc/passwd", root, name), 0);
}

static void make_device(const char *name)
{
	assert_int_equal(symlinkat("/dev/zero", root, name), 0);
}

static void make_sparse(const char *name)
{
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, SPARSE), 0);
	close(fd);
}

static void make_long_line(const char *name)
{
	char bytes[1 << 16];
	memset(bytes, 'x', sizeof(bytes));
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	for (int n = 0; n < LONG_LINE; n += (int)sizeof(bytes))
		assert_int_equal(fd_write_all(fd, bytes, sizeof(bytes)), 0);
	close(fd);
}

static void make_directory_link(const char *name)
{
	assert_int_equal(symlinkat("/etc", root, name), 0); // a directory
}

static void hostile_files(void **state unused_)
{
	in_both("fifo", make_fifo);
	in_both("loop", make_loop);
	in_both("way out", make_way_out);
	in_both("device", make_device);
	in_both("directory", make_directory_link);
	in_both("2 GiB, sparse", make_sparse);
	in_both("100 MiB, one line", make_long_line);
}

static void names_are(const char *text, int error, const char *near, const char *list)
{
	struct exec_why why = {0};
	assert_int_equal(passwd_look_up(root, text, &user), error);
	passwd_names(root, text, error, &why);
	assert_int_equal(why.error, error);
	assert_string_equal(why.other, near);
	assert_string_equal(why.interpreter, list);
}

static void unknown_names_are_told_of_others(void **state unused_)
{
	names_are("ap", -ENOKEY, "app", "root, app, 4321");
	names_are("appp", -ENOKEY, "app", "root, app, 4321");
	names_are("app:mdia", -ENODATA, "media", "root, app, media, disk");
	names_are("zzzzzzzz", -ENOKEY, "", "root, app, 4321");
	put("etc/passwd", "");
	names_are("app", -ENOKEY, "", "");
	unlinkat(root, "etc/passwd", 0);
	names_are("app", -ENOKEY, "", "");
	unlinkat(root, "etc/group", 0);
	names_are("0:media", -ENODATA, "", "");
}

static void many_names_are_cut(void **state unused_)
{
	char text[64 * 64] = "::no name\nno colon\n";
	for (int i = 0; i < 60; i++) {
		size_t n = strlen(text);
		snprintf(text + n, sizeof(text) - n, "user-number-%d:x:%d:0::/:\n", i, i + 1);
	}
	put("etc/passwd", text);
	struct exec_why why = {0};
	passwd_names(root, "nobody", -ENOKEY, &why);
	assert_true(strlen(why.interpreter) < sizeof(why.interpreter));
	assert_non_null(strstr(why.interpreter, "user-number-0, user-number-1, "));
	assert_non_null(strstr(why.interpreter, " and others"));
	assert_null(strstr(why.interpreter, "colon"));
}

static int has(const char *line)
{
	int fd = passwd_open(root, "/etc/passwd", O_RDONLY);
	assert_true(fd >= 0);
	int result = passwd_has(fd, line);
	assert_int_equal(passwd_has(fd, line), result); // wherever the descriptor stands
	close(fd);
	return result;
}

static void lines_are_there_by_name_or_number(void **state unused_)
{
	assert_int_equal(has("app:x:7:7::/:/bin/sh\n"), 1);
	assert_int_equal(has("new:x:1234:7::/:/bin/sh\n"), 1);
	assert_int_equal(has("new:x:7:1234::/:/bin/sh\n"), 0);
	assert_int_equal(has("ap:x:123:7::/:/bin/sh\n"), 0);
	assert_int_equal(has("none"), 0);
	unlinkat(root, "etc/passwd", 0);
	assert_int_equal(passwd_open(root, "/etc/passwd", O_RDONLY), -ENOENT);
	assert_int_equal(mkfifoat(root, "etc/passwd", 0600), 0);
	assert_int_equal(passwd_open(root, "/etc/passwd", O_RDWR), -ENOENT);
	unlinkat(root, "etc/passwd", 0);
	assert_int_equal(symlinkat("/proc/self/status", root, "etc/passwd"), 0);
	assert_int_equal(passwd_open(root, "/etc/passwd", O_RDONLY), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_and_numbers, make_root, remove_root),
		cmocka_unit_test_setup_teardown(numbers_that_are_none, make_root, remove_root),
		cmocka_unit_test_setup_teardown(supplementary_groups, make_root, remove_root),
		cmocka_unit_test_setup_teardown(groups_that_are_added, make_root, remove_root),
		cmocka_unit_test_setup_teardown(without_files, make_root, remove_root),
		cmocka_unit_test_setup_teardown(odd_lines, make_root, remove_root),
		cmocka_unit_test_setup_teardown(long_lines_are_passed_over, make_root, remove_root),
		cmocka_unit_test_setup_teardown(many_groups, make_root, remove_root),
		cmocka_unit_test_setup_teardown(hostile_files, make_root, remove_root),
		cmocka_unit_test_setup_teardown(unknown_names_are_told_of_others, make_root,
						remove_root),
		cmocka_unit_test_setup_teardown(many_names_are_cut, make_root, remove_root),
		cmocka_unit_test_setup_teardown(lines_are_there_by_name_or_number, make_root,
						remove_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
