// SPDX-License-Identifier: Apache-2.0
// test_copy.c - copying a tree, and giving one away, by descriptor
#include "kern/mounts/copy.h"

#include "kern/mounts/chown.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char top[] = "/tmp/test_copy.XXXXXX";
static int from, to;

static int remove_one(const char *path, const struct stat *status unused_, int kind unused_,
		      struct FTW *ftw unused_)
{
	return remove(path);
}

// Two directories, "from" and "to", in one that is the working directory.
static int make_directories(void **state unused_)
{
	if (!mkdtemp(top) || chdir(top) || mkdir("from", 0755) || mkdir("to", 0755))
		return -1;
	from = open("from", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open("to", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return from < 0 || to < 0 ? -1 : 0;
}

static int remove_directories(void **state unused_)
{
	close(from);
	close(to);
	if (chdir("/"))
		return -1;
	int result = nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	memcpy(top + strlen(top) - 6, "XXXXXX", 6);
	return result;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static struct stat look(const char *path)
{
	struct stat status;
	assert_int_equal(lstat(path, &status), 0);
	return status;
}

static void a_copy_is_whole(void **state unused_)
{
	static const struct timespec times[2] = {{1000000000, 7}, {1000000001, 8}};
	char text[64] = {0};
	assert_int_equal(mkdir("from/d", 0755), 0);
	write_file("from/d/f", "text", 04711);
	assert_int_equal(link("from/d/f", "from/h"), 0);
	assert_int_equal(symlink("../nowhere", "from/d/l"), 0);
	assert_int_equal(mkfifo("from/p", 0640), 0);
	bool attributes = setxattr("from/d/f", "user.a", "value", 5, 0) == 0;
	assert_int_equal(utimensat(AT_FDCWD, "from/d/f", times, 0), 0);
	assert_int_equal(chmod("from/d", 02750), 0);
	assert_int_equal(utimensat(AT_FDCWD, "from/d", times, 0), 0);
	assert_int_equal(chmod("from", 0711), 0);

	assert_int_equal(copy_tree(from, to, true), 0);
	assert_int_equal(look("to").st_mode & 07777, 0711);
	assert_int_equal(look("to/d").st_mode & 07777, 02750);
	assert_int_equal(look("to/d").st_mtim.tv_sec, 1000000001);
	struct stat file = look("to/d/f");
	assert_int_equal(file.st_mode & 07777, 04711);
	assert_int_equal(file.st_mtim.tv_nsec, 8);
	assert_int_equal(file.st_nlink, 2);
	assert_int_equal(look("to/h").st_ino, file.st_ino);
	assert_true(S_ISFIFO(look("to/p").st_mode));
	assert_int_equal(readlink("to/d/l", text, sizeof(text)), 10);
	assert_string_equal(text, "../nowhere");
	if (attributes)
		assert_int_equal(getxattr("to/d/f", "user.a", text, sizeof(text)), 5);
}

static void the_top_stays_where_that_is_asked(void **state unused_)
{
	assert_int_equal(chmod("from", 0700), 0);
	assert_int_equal(copy_tree(from, to, false), 0);
	assert_int_equal(look("to").st_mode & 07777, 0755);
}

static void holes_stay_holes(void **state unused_)
{
	int fd = open("from/s", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "x", 1, 8 << 20), 1);
	assert_int_equal(ftruncate(fd, 16 << 20), 0);
	close(fd);
	assert_int_equal(copy_tree(from, to, false), 0);
	struct stat copy = look("to/s");
	assert_int_equal(copy.st_size, 16 << 20);
	assert_true(copy.st_blocks * 512 < 1 << 20);
	char c;
	fd = open("to/s", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, &c, 1, 8 << 20), 1);
	assert_int_equal(c, 'x');
	close(fd);
}

// More entries than a buffer holds, and directories among them.
static void nothing_is_forgotten_or_met_twice(void **state unused_)
{
	char name[64];
	for (int i = 0; i < 700; i++) {
		snprintf(name, sizeof(name), "from/a-name-that-is-rather-long-%03d", i);
		if (i % 7)
			write_file(name, "x", 0644);
		else
			assert_int_equal(mkdir(name, 0755), 0);
	}
	assert_int_equal(copy_tree(from, to, false), 0);
	for (int i = 0; i < 700; i++) {
		snprintf(name, sizeof(name), "to/a-name-that-is-rather-long-%03d", i);
		assert_int_equal(S_ISDIR(look(name).st_mode), i % 7 == 0);
	}
}

static void make_deep(int depth)
{
	int at = dup(from);
	for (int i = 0; i < depth; i++) {
		assert_int_equal(mkdirat(at, "d", 0755), 0);
		int below = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = below;
	}
	close(at);
}

static int open_files(void)
{
	int n = 0;
	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void depth_is_bounded_and_nothing_stays_open(void **state unused_)
{
	int before = open_files();
	make_deep(COPY_DEPTH_MAX - 1);
	assert_int_equal(copy_tree(from, to, false), 0);
	assert_int_equal(chown_tree(from, getuid(), getgid()), 0);
	assert_int_equal(open_files(), before);
}

static void too_deep_is_an_error(void **state unused_)
{
	int before = open_files();
	make_deep(COPY_DEPTH_MAX + 1);
	assert_int_equal(copy_tree(from, to, false), -EMLINK);
	assert_int_equal(chown_tree(from, getuid(), getgid()), -EMLINK);
	assert_int_equal(open_files(), before);
}

static void a_tree_is_given_away_but_not_what_links_name(void **state unused_)
{
	if (getuid())
		skip();
	write_file("out", "x", 0644);
	assert_int_equal(mkdir("from/d", 0700), 0);
	write_file("from/d/f", "x", 0644);
	assert_int_equal(symlink("../../out", "from/d/l"), 0);
	assert_int_equal(symlink("..", "from/d/up"), 0);
	int path = open("from", O_PATH | O_CLOEXEC);
	assert_int_equal(chown_tree(path, 1234, 5678), 0);
	close(path);
	static const char *const given[] = {"from", "from/d", "from/d/f", "from/d/l", "from/d/up"};
	for (size_t i = 0; i < lengthof(given); i++) {
		assert_int_equal(look(given[i]).st_uid, 1234);
		assert_int_equal(look(given[i]).st_gid, 5678);
	}
	assert_int_equal(look("out").st_uid, 0);
	assert_int_equal(look("to").st_uid, 0);
}

static void one_file_can_be_given_away(void **state unused_)
{
	write_file("f", "x", 0644);
	int path = open("f", O_PATH | O_CLOEXEC);
	assert_int_equal(chown_tree(path, getuid(), getgid()), 0);
	close(path);
}

#define WITH_DIRECTORIES(test)                                                                     \
	cmocka_unit_test_setup_teardown(test, make_directories, remove_directories)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DIRECTORIES(a_copy_is_whole),
		WITH_DIRECTORIES(the_top_stays_where_that_is_asked),
		WITH_DIRECTORIES(holes_stay_holes),
		WITH_DIRECTORIES(nothing_is_forgotten_or_met_twice),
		WITH_DIRECTORIES(depth_is_bounded_and_nothing_stays_open),
		WITH_DIRECTORIES(too_deep_is_an_error),
		WITH_DIRECTORIES(a_tree_is_given_away_but_not_what_links_name),
		WITH_DIRECTORIES(one_file_can_be_given_away),
	};
	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
