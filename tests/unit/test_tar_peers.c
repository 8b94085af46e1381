// SPDX-License-Identifier: Apache-2.0
// test_tar_peers.c - the same archive, unpacked by GNU tar and here, is the same tree
//
// The archives are written by GNU tar in each of its formats, and by Python. Where headers are odd
// and tools disagree, ours either makes what GNU tar makes or refuses the archive.
#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "store/unpack.h"
#include "tar_write.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char top[] = "/tmp/tare-test-peers-XXXXXX"; // holds src/, ours/ and theirs/
static struct arena arena;

// Runs a program, silently. Returns its exit status, or 127.
static int run(const char *const *argv)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void make_file(const char *path, size_t size, mode_t mode)
{
	struct timespec times[2] = {{1234567890, 987654321}, {1234567890, 987654321}};
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	for (size_t i = 0; i < size; i++) {
		char byte = (char)('a' + i % 23);
		assert_int_equal(write(fd, &byte, 1), 1);
	}
	assert_int_equal(fchmod(fd, mode) | futimens(fd, times) | close(fd), 0);
}

static void make_sparse(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	for (int i = 0; i < 60; i++)
		assert_int_equal(pwrite(fd, "data", 4, (off_t)i * 65536 + 8192), 4);
	assert_int_equal(ftruncate(fd, 5000000) | close(fd), 0);
}

static const char *repeated(char c, size_t n)
{
	char *text = arena_alloc(&arena, n + 1, 1);
	memset(text, c, n);
	return text;
}

static int set_up(void **state unused_)
{
	if (!mkdtemp(top) || chdir(top) || mkdir("src", 0755) || chdir("src"))
		return 1;
	static const size_t sizes[] = {0, 1, 511, 512, 513, 10240};
	for (size_t i = 0; i < lengthof(sizes); i++)
		make_file(arena_printf(&arena, "size%zu", sizes[i]), sizes[i], 0644);
	make_file("setid", 10, 06755);
	mkdir("dir", 0700);
	mkdir("dir/sticky", 0755);
	make_file("dir/sticky/in", 3, 0400);
	chmod("dir/sticky", 01777);
	make_file(arena_printf(&arena, "dir/%s", repeated('n', 120)), 5, 0644);
	mkdir(repeated('p', 140), 0755);
	make_file(arena_printf(&arena, "%s/%s", repeated('p', 140), repeated('q', 90)), 5, 0644);
	make_file(arena_printf(&arena, "%s/%s", repeated('p', 140), repeated('r', 250)), 5, 0644);
	symlink("dir/sticky", "link");
	symlink(repeated('t', 180), "far");
	link("size513", "dir/hard");
	mkfifo("fifo", 0640);
	make_file("odd \\ \n\xff name", 4, 0600);
	make_sparse("sparse");
	setxattr("size1", "user.some", "value\0x", 7, 0);
	return chdir("..");
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return chdir("/") || remove_tree(AT_FDCWD, top);
}

static uint64_t sum_of(const char *path)
{
	struct str text;
	uint64_t sum = 1469598103934665603U;
	assert_int_equal(file_read(&arena, AT_FDCWD, path, 1 << 24, &text), 0);
	for (size_t i = 0; i < text.n; i++)
		sum = (sum ^ (unsigned char)text.p[i]) * 1099511628211U;
	return sum;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_one(struct buf *buf, const char *path, const char *name)
{
	char text[4096] = "", value[64] = "";
	struct stat status;
	assert_int_equal(lstat(path, &status), 0);
	buf_printf(buf, "%06o %u:%u %ld.%09ld %s", status.st_mode, status.st_uid, status.st_gid,
		   (long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec, name);
	if (S_ISREG(status.st_mode))
		buf_printf(buf, " x%lu %ld %lx", (unsigned long)status.st_nlink,
			   (long)status.st_size, (unsigned long)sum_of(path));
	if (S_ISLNK(status.st_mode) && readlink(path, text, sizeof(text) - 1) > 0)
		buf_printf(buf, " -> %s", text);
	if (S_ISREG(status.st_mode) && getxattr(path, "user.some", value, 63) > 0)
		buf_printf(buf, " user.some=%s", value);
	buf_putc(buf, '\n');
}

static void list(struct buf *buf, const char *directory, const char *shown)
{
	const char *names[64];
	size_t n = 0;
	DIR *dir = opendir(directory);
	assert_non_null(dir);
	for (struct dirent *each; (each = readdir(dir));) {
		if (!str_eq(each->d_name, ".") && !str_eq(each->d_name, ".."))
			names[n++] = arena_dup(&arena, each->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_printf(&arena, "%s/%s", directory, names[i]);
		const char *name = arena_printf(&arena, "%s%s", shown, names[i]);
		struct stat status;
		list_one(buf, path, name);
		if (!lstat(path, &status) && S_ISDIR(status.st_mode))
			list(buf, path, arena_printf(&arena, "%s/", name));
	}
}

static const char *listed(const char *directory)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	list(&buf, directory, "");
	return buf.p;
}

// Unpacks the archive in both ways, into new directories. Returns what ours said.
static int unpack_both(const char *archive)
{
	struct unpack_result did;
	if (access("ours", F_OK) == 0)
		assert_int_equal(remove_tree(AT_FDCWD, "ours") | remove_tree(AT_FDCWD, "theirs"),
				 0);
	assert_int_equal(mkdir("ours", 0755) | mkdir("theirs", 0755), 0);
	_cleanup_fd_ int fd = open("ours", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd_ int tar = open(archive, O_RDONLY | O_CLOEXEC);
	const struct unpack_want want = {.top = fd,
					 .source = stream_fd(&arena, tar, archive),
					 .owners = geteuid() == 0,
					 .marks = UNPACK_MARKS_USER};
	fault_clear();
	int result = unpack_layer(&arena, &want, &did);
	RUN("tar", "-C", "theirs", "--delay-directory-restore", "--xattrs", "--xattrs-include=*",
	    "-xpf", archive);
	return result;
}

// Says which line differs: the whole list is too long for cmocka.
static void assert_same_lists(const char *ours, const char *theirs)
{
	struct str a = str_of(ours), b = str_of(theirs);
	for (;;) {
		struct str one = str_line(&a), other = str_line(&b);
		if (!one.p && !other.p)
			break;
		if (one.n != other.n || memcmp(one.p, other.p, one.n)) {
			print_error("ours:   %.*s\n", (int)one.n, one.p);
			print_error("theirs: %.*s\n", (int)other.n, other.p);
			assert_true(false);
		}
	}
}

static void assert_same(const char *archive)
{
	int result = unpack_both(archive);
	if (result)
		print_error("%s: %s\n", archive, fault_last()->text);
	assert_int_equal(result, 0);
	assert_same_lists(listed("ours"), listed("theirs"));
	assert_true(strlen(listed("ours")) > 500);
}

static void gnu_tars_archives_are_the_same_tree(void **state unused_)
{
	static const char *const formats[] = {"v7", "oldgnu", "gnu", "ustar", "posix"};
	for (size_t i = 0; i < lengthof(formats); i++) {
		const char *format = arena_printf(&arena, "--format=%s", formats[i]);
		RUN("tar", format, "-C", "src", "-cf", "a.tar", "."); // 2: names that don't fit
		assert_same("a.tar");
		RUN("tar", format, "-C", "src", "-Scf", "a.tar", ".");
		assert_same("a.tar");
	}
	RUN("tar", "--format=posix", "--xattrs", "-C", "src", "-cf", "a.tar", ".");
	assert_same("a.tar");
	assert_non_null(strstr(listed("ours"), "user.some=value"));
}

static void sparse_files_of_each_version_are_the_same(void **state unused_)
{
	static const char *const versions[] = {"0.0", "0.1", "1.0"};
	struct stat status;
	for (size_t i = 0; i < lengthof(versions); i++) {
		const char *version = arena_printf(&arena, "--sparse-version=%s", versions[i]);
		RUN("tar", "--format=posix", version, "-C", "src", "-Scf", "a.tar", ".");
		assert_same("a.tar");
		assert_int_equal(stat("ours/sparse", &status), 0);
		assert_true(status.st_blocks * 512 < 1000000);
	}
}

static void pythons_archives_are_the_same_tree(void **state unused_)
{
	static const char *const formats[] = {"USTAR", "GNU", "PAX"};
	if (RUN("python3", "-c", "import tarfile"))
		skip();
	for (size_t i = 0; i < lengthof(formats); i++) {
		const char *program = arena_printf(
			&arena,
			"import tarfile, os\n"
			"t = tarfile.open('a.tar', 'w', format=tarfile.%s_FORMAT)\n"
			"for d, ds, fs in os.walk('src'):\n"
			"    for f in sorted(ds + fs):\n"
			"        p = os.path.join(d, f)\n"
			"        try: t.add(p, os.path.relpath(p, 'src'), recursive=False)\n"
			"        except ValueError: pass\n"
			"t.close()\n",
			formats[i]);
		assert_int_equal(RUN("python3", "-c", program), 0);
		assert_same("a.tar");
	}
}

// Odd archives: ours is what GNU tar makes, or an error.
static void odd_archives_are_the_same_or_refused(void **state unused_)
{
	static const struct {
		const char *key, *value;
		unsigned long size;
		char type;
		bool refused;
	} cases[] = {
		{"size", "5", 0, '0', false},     {"size", "5", 9999, '0', false},
		{"size", "0", 5, '0', true}, // content where a header should be
		{"path", "other", 5, '0', false}, {"path", "", 5, '0', true},
		{"size", "", 5, '0', true},       {"size", "05", 5, '0', true},
		{"size", "5 ", 5, '0', true},     {"size", "-5", 5, '0', true},
		{"size", "5", 5, '2', true},      {"size", "5", 5, '5', true},
		{"mtime", "1.5.5", 5, '0', true}, {"uid", "99999999999", 5, '0', true},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct buf buf = buf_new(&arena, 1 << 20);
		char header[512];
		tar_add(&buf, '0', "before", "", "1");
		tar_add_pax(&buf, cases[i].key, cases[i].value);
		tar_header(header, cases[i].type, 0755, "name", "link", cases[i].size);
		buf_add(&buf, header, 512);
		tar_add_bytes(&buf, "12345", 5);
		tar_add(&buf, '0', "after", "", "2");
		struct str text = tar_end(&buf);
		int fd = open("a.tar", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		assert_int_equal(fd_write_all(fd, text.p, text.n), 0);
		close(fd);
		int result = unpack_both("a.tar");
		if (cases[i].refused != (result < 0))
			print_error("%s=%s: %s\n", cases[i].key, cases[i].value,
				    fault_last()->text);
		assert_int_equal(cases[i].refused, result < 0);
		if (!result)
			assert_string_equal(listed("ours"), listed("theirs"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gnu_tars_archives_are_the_same_tree),
		cmocka_unit_test(sparse_files_of_each_version_are_the_same),
		cmocka_unit_test(pythons_archives_are_the_same_tree),
		cmocka_unit_test(odd_archives_are_the_same_or_refused),
	};
	if (RUN("tar", "--version"))
		return 77; // skipped
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
