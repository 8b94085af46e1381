// SPDX-License-Identifier: Apache-2.0
// test_unpack.c - layers put on disk, looked at there; and a directory beside that nothing touches
#include "store/unpack.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "tar_write.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char top[] = "/tmp/tare-test-unpack-XXXXXX"; // holds root/, low/, lower/ and outside/
static struct arena arena;
static struct stat outside_before, file_before;

static struct unpack_record records[8]; // that were passed on
static size_t records_n;

static int pass(void *context unused_, const struct unpack_record *record)
{
	records[records_n] = *record;
	records[records_n++].path = arena_dup(&arena, record->path);
	return 0;
}

static int set_up(void **state unused_)
{
	memcpy(top + sizeof(top) - 7, "XXXXXX", 6);
	if (!mkdtemp(top) || chdir(top) || mkdir("root", 0700) || mkdir("low", 0755) ||
	    mkdir("lower", 0755) || mkdir("outside", 0750))
		return 1;
	int fd = open("outside/f", O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
	records_n = 0;
	return fd_write_all(fd, "marker", 6) || close(fd) || stat("outside", &outside_before) ||
	       stat("outside/f", &file_before);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_mode == b->st_mode && a->st_nlink == b->st_nlink &&
	       a->st_size == b->st_size && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static int tear_down(void **state unused_)
{
	struct stat outside, file;
	umask(022);
	int result = stat("outside", &outside) || stat("outside/f", &file) ||
		     !is_same(&outside, &outside_before) || !is_same(&file, &file_before);
	arena_free(&arena);
	return result || chdir("/") || remove_tree(AT_FDCWD, top);
}

static struct buf archive(void)
{
	return buf_new(&arena, 1 << 24);
}

static struct unpack_result did;

// Unpacks into `directory`, which must be there; the layers below are low/ and, under it, lower/.
static int unpack_into(struct buf *buf, const char *directory)
{
	_cleanup_fd_ int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd_ int low = open("low", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd_ int lower = open("lower", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int lowers[] = {low, lower};
	const struct unpack_want want = {
		.top = fd,
		.source = stream_memory(&arena, tar_end(buf)),
		.owners = geteuid() == 0,
		.marks = UNPACK_MARKS_USER,
		.pass = pass,
		.lowers = lowers,
		.lowers_n = str_eq(directory, "root") ? 2 : 0,
	};
	return unpack_layer(&arena, &want, &did);
}

static int unpack(struct buf *buf)
{
	return unpack_into(buf, "root");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_one(struct buf *buf, const char *path, const struct stat *status)
{
	char text[4096] = "";
	struct str content;
	if (S_ISLNK(status->st_mode)) {
		assert_true(readlink(path, text, sizeof(text) - 1) > 0);
		buf_printf(buf, " -> %s", text);
	} else if (S_ISREG(status->st_mode) && status->st_size < 100 && status->st_size) {
		assert_int_equal(file_read(&arena, AT_FDCWD, path, 100, &content), 0);
		buf_printf(buf, " \"%.*s\"", (int)content.n, content.p);
	} else if (S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode)) {
		buf_printf(buf, " %u:%u", major(status->st_rdev), minor(status->st_rdev));
	} else if (S_ISDIR(status->st_mode) &&
		   getxattr(path, "user.overlay.opaque", text, 1) == 1) {
		buf_puts(buf, " opaque");
	}
	if (S_ISREG(status->st_mode) && status->st_nlink > 1)
		buf_printf(buf, " x%lu", (unsigned long)status->st_nlink);
	buf_putc(buf, '\n');
}

// Adds what is below a directory, in order: "d755 a", "-644 5:5 a/b "content"".
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
		assert_int_equal(lstat(path, &status), 0);
		static const char types[] = "?pc?d?b?-?l?s???";
		buf_printf(buf, "%c%o", types[status.st_mode >> 12], status.st_mode & 07777);
		if (status.st_uid && geteuid() == 0)
			buf_printf(buf, " %u:%u", status.st_uid, status.st_gid);
		buf_printf(buf, " %s", name);
		list_one(buf, path, &status);
		if (S_ISDIR(status.st_mode))
			list(buf, path, arena_printf(&arena, "%s/", name));
	}
}

static const char *listed(const char *directory)
{
	struct buf buf = archive();
	list(&buf, directory, "");
	return buf.p;
}

static void assert_words(struct buf *buf, const char *words)
{
	assert_true(unpack(buf) < 0);
	assert_string_equal(fault_last()->text, words);
	assert_int_equal(records_n, 0);
	// for the next one
	assert_int_equal(remove_tree(AT_FDCWD, "root"), 0);
	assert_int_equal(mkdir("root", 0700), 0);
}

static void good(struct buf *buf)
{
	int result = unpack(buf);
	if (result)
		print_error("%s\n", fault_last()->text);
	assert_int_equal(result, 0);
}

// --- the cases of layers ----------------------------------------------------------------------

static void a_hard_link_outlives_its_first_name(void **state unused_)
{
	struct buf one = archive(), two = archive();
	tar_add(&one, '0', "one", "", "data");
	tar_add(&one, '1', "two", "one", "");
	good(&one);
	assert_string_equal(listed("root"), "-644 one \"data\" x2\n-644 two \"data\" x2\n");
	tar_add(&two, '0', ".wh.one", "", "");
	assert_int_equal(unpack_into(&two, "low"), 0);
	assert_string_equal(listed("low"), "c0 one 0:0\n");
}

static void a_whiteout_is_known_by_its_name(void **state unused_)
{
	struct buf buf = archive();
	tar_add(&buf, '1', "d/.wh.x", "d/.wh.y", "");
	tar_add(&buf, '0', "d/.wh.y", "", "content");
	tar_add(&buf, '5', ".wh.z/", "", "");
	tar_add(&buf, '2', ".wh.s", "../../outside", "");
	tar_add_device(&buf, '3', ".wh.c", 1, 3);
	tar_add(&buf, '0', "o/.wh..wh..opq", "", "");
	tar_add(&buf, '0', "o/new", "", "n");
	tar_add(&buf, '0', ".wh..wh.aufs", "", "");
	tar_add(&buf, '0', ".wh..wh.plnk/123.45", "", "");
	good(&buf);
	assert_string_equal(listed("root"), "c0 c 0:0\n"
					    "d755 d\n"
					    "c0 d/x 0:0\n"
					    "c0 d/y 0:0\n"
					    "d755 o opaque\n"
					    "-644 o/new \"n\"\n"
					    "c0 s 0:0\n"
					    "c0 z 0:0\n");
	assert_int_equal(records_n, 0);
}

// An entry of the layer itself counts, whether it comes before the whiteout or after it.
static void a_whiteout_speaks_of_lower_layers_only(void **state unused_)
{
	struct buf buf = archive();
	tar_add(&buf, '0', ".wh.a", "", "");
	tar_add(&buf, '0', "a", "", "1");
	tar_add(&buf, '0', "b", "", "2");
	tar_add(&buf, '0', ".wh.b", "", "");
	tar_add(&buf, '0', ".wh.c", "", "");
	tar_add(&buf, '5', "c", "", "");
	tar_add(&buf, '0', "c/in", "", "3");
	tar_add(&buf, '0', "d/in", "", "4");
	tar_add(&buf, '0', ".wh.d", "", "");
	tar_add(&buf, '0', ".wh.e", "", "");
	tar_add(&buf, '0', "e/in", "", "5");
	tar_add(&buf, '0', ".wh.f", "", "");
	tar_add(&buf, '2', "f", "a", "");
	tar_add(&buf, '0', ".wh.g", "", "");
	tar_add(&buf, '1', "g", "a", "");
	tar_add(&buf, '0', ".wh..wh..opq", "", "");
	good(&buf);
	assert_string_equal(listed("root"), "-644 a \"1\" x2\n"
					    "-644 b \"2\"\n"
					    "d755 c opaque\n"
					    "-644 c/in \"3\"\n"
					    "d755 d opaque\n"
					    "-644 d/in \"4\"\n"
					    "d755 e opaque\n"
					    "-644 e/in \"5\"\n"
					    "l777 f -> a\n"
					    "-644 g \"1\" x2\n");
	char value;
	assert_int_equal(getxattr("root", "user.overlay.opaque", &value, 1), 1);
}

static void odd_whiteouts_are_refused(void **state unused_)
{
	static const char *const names[] = {".wh.",    ".wh..",    ".wh...",     "d/.wh.",
					    ".wh.a/b", ".wh..wh.", ".wh.a/../b", ".wh..wh..opq/x"};
	for (size_t i = 0; i < lengthof(names); i++) {
		struct buf buf = archive();
		tar_add(&buf, '0', names[i], "", "");
		assert_true(unpack(&buf) < 0);
	}
	struct buf buf = archive();
	tar_add(&buf, '0', ".wh.a/b", "", "");
	assert_words(&buf, "layer: '.wh.a/b' is no whiteout, and no other name begins so");
	buf = archive();
	tar_add(&buf, '1', "a", ".wh.b", "");
	assert_words(&buf, "layer: 'a' is a hard link to '.wh.b', which is a whiteout");
}

static void directories_and_links_take_turns(void **state unused_)
{
	struct buf buf = archive();
	tar_add(&buf, '5', "real", "", "");
	tar_add(&buf, '0', "real/keep", "", "k");
	tar_add(&buf, '5', "p", "", "");
	tar_add(&buf, '0', "p/x", "", "1");
	tar_add(&buf, '2', "s", "real", "");
	tar_add(&buf, '2', "p", "real", ""); // a directory becomes a link
	tar_add(&buf, '5', "s", "", "");     // and a link a directory
	tar_add(&buf, '0', "s/new", "", "n");
	good(&buf);
	assert_string_equal(listed("root"), "l777 p -> real\n"
					    "d755 real\n"
					    "-644 real/keep \"k\"\n"
					    "d755 s\n"
					    "-644 s/new \"n\"\n");
	buf = archive();
	tar_add(&buf, '5', "real", "", "");
	tar_add(&buf, '0', "real/keep", "", "k");
	tar_add(&buf, '2', "p", "real", "");
	tar_add(&buf, '0', "p", "", "plain");
	tar_add(&buf, '5', "p", "", "");
	tar_add(&buf, '0', "p/x", "", "x");
	tar_add(&buf, '6', "p", "", "");
	assert_int_equal(unpack_into(&buf, "low"), 0);
	assert_string_equal(listed("low"), "p644 p\n"
					   "d755 real\n"
					   "-644 real/keep \"k\"\n");
}

static void of_two_with_one_name_the_later_counts(void **state unused_)
{
	struct buf buf = archive();
	struct stat status;
	tar_add(&buf, '0', "a", "", "1");
	tar_add(&buf, '5', "d", "", "");
	tar_add(&buf, '0', "d/in", "", "i");
	tar_add_owned(&buf, '5', 0700, 5, "d", "", "");
	tar_add_owned(&buf, '0', 0600, 7, "./a", "", "2");
	tar_add(&buf, '5', "b", "", "");
	tar_add(&buf, '0', "b/gone", "", "g");
	tar_add(&buf, '0', "b", "", "file");
	tar_add_mode(&buf, '5', "./", 0711);
	tar_add_mode(&buf, '5', "/", 0751);
	good(&buf);
	if (geteuid() == 0)
		assert_string_equal(listed("root"), "-600 7:7 a \"2\"\n"
						    "-644 b \"file\"\n"
						    "d700 5:5 d\n"
						    "-644 d/in \"i\"\n");
	else
		assert_string_equal(listed("root"), "-600 a \"2\"\n"
						    "-644 b \"file\"\n"
						    "d700 d\n"
						    "-644 d/in \"i\"\n");
	assert_int_equal(stat("root", &status), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0751);
}

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	fchmod(fd, mode);
	close(fd);
}

static void hard_links_reach_back_forward_and_down(void **state unused_)
{
	struct buf buf = archive();
	put("lower/low", "l", 04755);
	put("low/gone", "g", 0644);
	tar_add(&buf, '0', "q/orig", "", "o");
	tar_add(&buf, '1', "r/t/link", "q/orig", "");
	tar_add(&buf, '1', "lowlink", "low", "");
	tar_add(&buf, '1', "lowlink2", "low", "");
	tar_add(&buf, '1', "chain", "lowlink", "");
	tar_add(&buf, '1', "early", "later", "");
	tar_add(&buf, '1', "earlier", "early", "");
	tar_add(&buf, '0', "later", "", "x");
	tar_add(&buf, '0', "replaced", "", "old");
	tar_add(&buf, '1', "replaced", "latest", "");
	tar_add(&buf, '0', "latest", "", "new");
	tar_add(&buf, '1', "again", "never", "");
	tar_add(&buf, '0', "again", "", "file");
	good(&buf);
	assert_string_equal(listed("root"), "-644 again \"file\"\n"
					    "-4755 chain \"l\" x3\n"
					    "-644 earlier \"x\" x3\n"
					    "-644 early \"x\" x3\n"
					    "-644 later \"x\" x3\n"
					    "-644 latest \"new\" x2\n"
					    "-4755 lowlink \"l\" x3\n"
					    "-4755 lowlink2 \"l\" x3\n"
					    "d755 q\n"
					    "-644 q/orig \"o\" x2\n"
					    "d755 r\n"
					    "d755 r/t\n"
					    "-644 r/t/link \"o\" x2\n"
					    "-644 replaced \"new\" x2\n");
	assert_true(did.by_lower);
}

static void hard_links_to_nothing_are_named(void **state unused_)
{
	struct buf buf = archive();
	put("lower/low", "l", 0644);
	assert_int_equal(mknod("low/low", S_IFCHR, makedev(0, 0)), 0); // a whiteout above it
	tar_add(&buf, '1', "a", "low", "");
	assert_words(&buf, "layer: 'a' is a hard link to 'low', which is nowhere");
	buf = archive();
	tar_add(&buf, '1', "early", "later", "");
	assert_words(&buf, "layer: 'early' is a hard link to 'later', which is nowhere");
	buf = archive();
	tar_add(&buf, '1', "a", "a", "");
	assert_words(&buf, "layer: 'a' is a hard link to 'a', which is nowhere");
	buf = archive();
	tar_add(&buf, '1', "a", "b", "");
	tar_add(&buf, '1', "b", "a", "");
	assert_words(&buf, "layer: 'a' is a hard link to 'b', which is nowhere");
	buf = archive();
	tar_add(&buf, '5', "d", "", "");
	tar_add(&buf, '1', "a", "d", "");
	assert_words(&buf, "layer: a hard link to 'd', which is a directory");
	buf = archive();
	tar_add(&buf, '5', "d", "", "");
	tar_add(&buf, '0', "d/x", "", "");
	tar_add(&buf, '1', "d", "d/x", "");
	assert_words(&buf, "layer: 'd' is a hard link to 'd/x', which is nowhere");
	buf = archive();
	tar_add(&buf, '0', "a", "", "1");
	tar_add(&buf, '1', "a", "a", ""); // its own name
	good(&buf);
	assert_string_equal(listed("root"), "-644 a \"1\"\n");
}

static void directories_without_an_entry_are_as_below(void **state unused_)
{
	struct stat status;
	struct buf buf = archive();
	assert_int_equal(mkdir("lower/opt", 0), 0);
	assert_int_equal(chmod("lower/opt", 01750), 0);
	assert_int_equal(mkdir("lower/srv", 0700), 0);
	assert_int_equal(mkdir("low/srv", 0700), 0);
	assert_int_equal(setxattr("low", "user.overlay.opaque", "n", 1, 0), 0);
	assert_int_equal(chmod("low/srv", 0711), 0);
	put("lower/file", "", 0644);
	if (geteuid() == 0)
		assert_int_equal(chown("lower/opt", 5, 5), 0);
	umask(0077);
	tar_add_mode(&buf, '0', "opt/app/run", 0755);
	tar_add(&buf, '0', "srv/x", "", "s");
	tar_add(&buf, '0', "file/x", "", "s");
	good(&buf);
	assert_string_equal(listed("root"),
			    geteuid() == 0 ? "d755 file\n-644 file/x \"s\"\nd1750 5:5 opt\n"
					     "d755 opt/app\n-755 opt/app/run\nd711 srv\n"
					     "-644 srv/x \"s\"\n"
					   : "d755 file\n-644 file/x \"s\"\nd1750 opt\n"
					     "d755 opt/app\n-755 opt/app/run\nd711 srv\n"
					     "-644 srv/x \"s\"\n");
	assert_true(did.by_lower);
	static const char *const made[] = {"root", "root/opt", "root/opt/app", "root/srv"};
	for (size_t i = 0; i < lengthof(made); i++) {
		assert_int_equal(stat(made[i], &status), 0);
		assert_int_equal(status.st_mtime, 0);
	}
}

static void sparse_files_stay_sparse(void **state unused_)
{
	struct buf buf = archive(), pax = archive();
	struct stat status;
	char end[3];
	tar_record(&pax, "GNU.sparse.size", "4294967296", 10);
	tar_record(&pax, "GNU.sparse.map", "0,1,4294967293,3", 16);
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '0', "big", "", "AEND");
	pax = archive();
	tar_record(&pax, "GNU.sparse.size", "1000000", 7);
	tar_record(&pax, "GNU.sparse.map", "1000000,0", 9);
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '0', "empty", "", "");
	good(&buf);
	assert_int_equal(stat("root/big", &status), 0);
	assert_int_equal(status.st_size, 4294967296);
	assert_true(status.st_blocks * 512 < 1 << 20);
	_cleanup_fd_ int fd = open("root/big", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, end, 3, 4294967293), 3);
	assert_memory_equal(end, "END", 3);
	assert_int_equal(stat("root/empty", &status), 0);
	assert_int_equal(status.st_size, 1000000);
	assert_int_equal(status.st_blocks, 0);
}

static void names_numbers_and_times_arrive(void **state unused_)
{
	struct buf buf = archive(), pax = archive();
	struct stat status;
	const char *path = arena_printf(&arena, "%070d/%070d/%070d/%070d/%070d", 1, 2, 3, 4, 5);
	tar_record(&pax, "path", path, strlen(path));
	tar_record(&pax, "uid", "3000000000", 10);
	tar_record(&pax, "gid", "3000000000", 10);
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '0', "short", "", "1");
	tar_add_pax(&buf, "mtime", "1600000000.123456789");
	tar_add(&buf, '0', "t", "", "2");
	tar_add_pax(&buf, "mtime", "-5.5");
	tar_add(&buf, '0', "neg", "", "3");
	tar_add_pax(&buf, "mtime", "1600000000.5");
	tar_add(&buf, '5', "d", "", "");
	tar_add(&buf, '0', "d/x", "", "");
	tar_add_pax(&buf, "mtime", "1600000000.5");
	tar_add(&buf, '2', "l", "t", "");
	tar_add_mode(&buf, '0', "setid", 06755);
	good(&buf);
	assert_int_equal(stat(arena_printf(&arena, "root/%s", path), &status), 0);
	if (geteuid() == 0) {
		assert_int_equal(status.st_uid, 3000000000);
		assert_int_equal(status.st_gid, 3000000000);
	}
	assert_int_equal(stat("root/t", &status), 0);
	assert_int_equal(status.st_mtim.tv_sec, 1600000000);
	assert_int_equal(status.st_mtim.tv_nsec, 123456789);
	assert_int_equal(stat("root/neg", &status), 0);
	assert_int_equal(status.st_mtim.tv_sec, -6);
	assert_int_equal(status.st_mtim.tv_nsec, 500000000);
	assert_int_equal(stat("root/d", &status), 0);
	assert_int_equal(status.st_mtim.tv_nsec, 500000000);
	assert_int_equal(lstat("root/l", &status), 0);
	assert_int_equal(status.st_mtim.tv_nsec, 500000000);
	assert_int_equal(stat("root/setid", &status), 0);
	assert_int_equal(status.st_mode, S_IFREG | 06755);
}

// --- attacks ------------------------------------------------------------------------------------

// A link from an earlier entry is taken inside the root, or replaced; outside is not touched
// (tear_down sees to that).
static void no_link_leads_out(void **state unused_)
{
	static const char *const targets[] = {"../outside", "/outside", "../../../../outside",
					      "up/outside", "/up/../../outside"};
	for (size_t i = 0; i < lengthof(targets); i++) {
		struct buf buf = archive();
		tar_add(&buf, '2', "up", "..", "");
		tar_add(&buf, '2', "l", targets[i], "");
		tar_add(&buf, '0', "l/f", "", "inside");
		tar_add(&buf, '5', "l/sub", "", "");
		tar_add(&buf, '2', "l/link", "f", "");
		tar_add(&buf, '1', "l/hard", "l/f", "");
		tar_add(&buf, '0', "l/.wh.gone", "", "");
		tar_add(&buf, '0', "l/.wh..wh..opq", "", "");
		tar_add_device(&buf, '3', "l/null", 1, 3);
		good(&buf);
		assert_string_equal(listed("root"), arena_printf(&arena,
								 "l777 l -> %s\n"
								 "d755 outside opaque\n"
								 "-644 outside/f \"inside\" x2\n"
								 "c0 outside/gone 0:0\n"
								 "-644 outside/hard \"inside\" x2\n"
								 "l777 outside/link -> f\n"
								 "d755 outside/sub\n"
								 "l777 up -> ..\n",
								 targets[i]));
		assert_int_equal(records_n, 1);
		assert_string_equal(records[0].path, "outside/null");
		records_n = 0;
		assert_int_equal(remove_tree(AT_FDCWD, "root"), 0);
		assert_int_equal(mkdir("root", 0700), 0);
	}
}

// As in CVE-2021-32760 and CVE-2026-33056: attributes for what a link points to.
static void attributes_do_not_go_through_links(void **state unused_)
{
	struct buf buf = archive(), pax = archive();
	const char *outside = arena_printf(&arena, "%s/outside", top);
	tar_add(&buf, '2', "d", outside, "");
	tar_record(&pax, "SCHILY.xattr.user.mine", "x", 1);
	tar_record(&pax, "mtime", "1", 1);
	tar_add_records(&buf, 'x', &pax);
	tar_add_mode(&buf, '5', "d", 0777);
	tar_add(&buf, '2', "f", arena_printf(&arena, "%s/f", outside), "");
	tar_add_records(&buf, 'x', &pax);
	tar_add_mode(&buf, '0', "f", 0777);
	tar_add(&buf, '2', "h", arena_printf(&arena, "%s/f", outside), "");
	tar_add(&buf, '1', "h2", "h", ""); // another name of the link
	tar_add_entry(&buf, '1', 0777, "h2", "h", "", 0);
	good(&buf);
	const char *wanted = arena_printf(
		&arena, "d777 d\n-777 f\nl777 h -> %s/f\nl777 h2 -> %s/f\n", outside, outside);
	if (geteuid() == 0)
		assert_string_equal(listed("root"), wanted);
}

static void hard_links_stay_inside(void **state unused_)
{
	const char *file = arena_printf(&arena, "%s/outside/f", top);
	struct buf buf = archive();
	tar_add(&buf, '1', "a", file, ""); // a path from the layer's own root
	assert_words(&buf,
		     arena_printf(&arena, "layer: 'a' is a hard link to '%s', which is nowhere",
				  file + 1));
	buf = archive();
	tar_add(&buf, '1', "a", "../outside/f", "");
	assert_words(&buf, "tar entry 'a': link to '../outside/f': Invalid argument");
	buf = archive();
	tar_add(&buf, '2', "l", "../outside", "");
	tar_add(&buf, '1', "a", "l/f", "");
	assert_words(&buf, "layer: 'a' is a hard link to 'l/f', which is nowhere");
	buf = archive();
	tar_add(&buf, '2', "l", "../outside/f", "");
	tar_add(&buf, '1', "a", "l", "evil"); // with content, to a link: written nowhere
	tar_add(&buf, '1', "deep/b", "l", "");
	good(&buf);
	assert_string_equal(listed("root"), "l777 a -> ../outside/f\n"
					    "d755 deep\n"
					    "l777 deep/b -> ../outside/f\n"
					    "l777 l -> ../outside/f\n");
}

static void the_root_is_a_directory(void **state unused_)
{
	static const char *const names[] = {".", "/", "./", "", "..", "a/..", "./."};
	for (size_t i = 0; i < lengthof(names); i++) {
		for (char type = '0'; type <= '6'; type++) {
			struct buf buf = archive();
			if (type == '5' && names[i][0] != '\0' && !strstr(names[i], ".."))
				continue;
			tar_add(&buf, type, names[i], type == '1' || type == '2' ? "x" : "", "");
			assert_true(unpack(&buf) < 0);
			assert_string_equal(listed("root"), "");
		}
	}
}

static void endless_paths_end(void **state unused_)
{
	struct buf buf = archive();
	struct buf path = archive();
	struct timespec begin, end;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < 300; i++)
		tar_add(&buf, '2', arena_printf(&arena, "l%d", i),
			arena_printf(&arena, "l%d", i + 1), "");
	tar_add(&buf, '0', "l0/x", "", "");
	assert_words(&buf, "layer: make 'l0/x': Too many levels of symbolic links");
	buf = archive();
	tar_add(&buf, '2', "loop", "loop", "");
	tar_add(&buf, '0', "loop/x", "", "");
	assert_words(&buf, "layer: make 'loop/x': Too many levels of symbolic links");
	buf = archive();
	tar_add(&buf, '2', "a", "b/x", "");
	tar_add(&buf, '2', "b", "a/x", "");
	tar_add(&buf, '0', "a/x", "", "");
	assert_words(&buf, "layer: make 'a/x': Too many levels of symbolic links");
	for (int i = 0; i < 300; i++)
		buf_puts(&path, "d/");
	buf_puts(&path, "f");
	buf = archive();
	tar_add_pax(&buf, "path", path.p);
	tar_add(&buf, '0', "x", "", "");
	assert_true(unpack(&buf) < 0);
	assert_non_null(strstr(fault_last()->text, "File name too long"));
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true(end.tv_sec - begin.tv_sec <= 1);

	buf = archive();
	tar_add(&buf, '0', "file", "", "");
	tar_add(&buf, '0', "file/x", "", "");
	assert_words(&buf, "layer: make 'file/x': Not a directory");
}

static void marks_of_overlays_are_left_out(void **state unused_)
{
	static const char *const names[] = {
		"trusted.overlay.opaque", "trusted.overlay.redirect", "user.overlay.redirect",
		"user.overlay.metacopy",  "user.overlay.opaque",      "trusted.mine",
		"security.selinux",
	};
	struct buf buf = archive(), pax = archive();
	char value;
	tar_record(&pax, "SCHILY.xattr.user.kept", "y", 1);
	for (size_t i = 0; i < lengthof(names); i++)
		tar_record(&pax, arena_printf(&arena, "SCHILY.xattr.%s", names[i]), "y", 1);
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '5', "d", "", "");
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '0', "f", "", "");
	tar_add_records(&buf, 'x', &pax);
	tar_add(&buf, '5', "./", "", "");
	good(&buf);
	static const char *const paths[] = {"root", "root/d", "root/f"};
	for (size_t i = 0; i < lengthof(paths); i++) {
		assert_int_equal(getxattr(paths[i], "user.kept", &value, 1), 1);
		for (size_t k = 0; k < lengthof(names); k++)
			assert_int_equal(getxattr(paths[i], names[k], &value, 1), -1);
	}
	assert_int_equal(did.xattrs, 3 * lengthof(names));
	assert_string_equal(did.xattr, "trusted.overlay.opaque");
	assert_string_equal(listed("root"), "d755 d\n-644 f\n");
}

static void other_attributes_are_kept(void **state unused_)
{
	static const char caps[] = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	static const char acl[] = "\2\0\0\0\1\0\7\0\377\377\377\377\2\0\5\0\5\0\0\0\4\0\5\0\377\377"
				  "\377\377\20\0\5\0\377\377\377\377\40\0\5\0\377\377\377\377";
	struct buf buf = archive(), pax = archive();
	char value[64];
	struct stat status;
	tar_record(&pax, "SCHILY.xattr.security.capability", caps, 20);
	tar_add_records(&buf, 'x', &pax);
	tar_add_owned(&buf, '0', 0755, 5, "ping", "", "x");
	pax = archive();
	tar_record(&pax, "SCHILY.xattr.system.posix_acl_default", acl, 44);
	tar_add_records(&buf, 'x', &pax);
	tar_add_mode(&buf, '5', "acl", 0755);
	tar_add_mode(&buf, '0', "acl/in", 0600);
	good(&buf);
	if (geteuid() == 0)
		assert_int_equal(getxattr("root/ping", "security.capability", value, 64), 20);
	if (getxattr("root/acl", "system.posix_acl_default", value, 64) == 44)
		assert_int_equal(getxattr("root/acl/in", "system.posix_acl_access", value, 64), -1);
	assert_int_equal(stat("root/acl/in", &status), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0600);
}

static void devices_are_asked_for(void **state unused_)
{
	struct buf buf = archive();
	tar_add_device(&buf, '3', "dev/null", 1, 3);
	tar_add_device(&buf, '4', "dev/sda", 8, 0);
	tar_add(&buf, '1', "dev/again", "dev/null", "");
	tar_add_device(&buf, '3', "dev/gone", 1, 5);
	tar_add(&buf, '0', "dev/gone", "", "");
	tar_add_device(&buf, '3', "sub/gone", 1, 5);
	tar_add(&buf, '2', "sub", "dev", "");
	tar_add_device(&buf, '3', "sub/tty", 5, 0);
	tar_add_device(&buf, '3', "dev/tty", 5, 0);
	tar_add(&buf, '0', "dev/.wh.null", "", "");
	good(&buf);
	assert_string_equal(listed("root"), "d755 dev\n-644 dev/gone\nl777 sub -> dev\n");
	assert_int_equal(records_n, 4);
	assert_int_equal(did.records, 4);
	static const char *const paths[] = {"dev/tty", "dev/again", "dev/sda", "dev/null"};
	for (size_t i = 0; i < lengthof(paths); i++)
		assert_string_equal(records[i].path, paths[i]);
	assert_int_equal(records[1].mode, S_IFCHR | 0640);
	assert_int_equal(records[1].minor, 3);
	assert_int_equal(records[2].mode, S_IFBLK | 0640);
	assert_int_equal(records[2].major, 8);
	records_n = 0;
	buf = archive();
	tar_add_device(&buf, '3', "x", 0, 0);
	assert_words(&buf, "layer: 'x' is a device 0:0, which is no device");
	buf = archive();
	tar_add_device(&buf, '3', "x", 5000, 0);
	assert_words(&buf, "layer: 'x' is a device 5000:0, which can't be");
}

static void without_anybody_to_make_them_devices_are_left_out(void **state unused_)
{
	struct buf buf = archive();
	_cleanup_fd_ int fd = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tar_add_device(&buf, '3', "dev/null", 1, 3);
	tar_add_device(&buf, '4', "dev/sda", 8, 0);
	struct unpack_want want = {.top = fd, .source = stream_memory(&arena, tar_end(&buf))};
	assert_int_equal(unpack_layer(&arena, &want, &did), 0);
	assert_int_equal(did.nodes, 2);
	assert_string_equal(listed("root"), "d755 dev\n");
	buf = archive();
	tar_add_device(&buf, '3', "lib/null", 1, 3);
	want.source = stream_memory(&arena, tar_end(&buf));
	assert_int_equal(unpack_layer(&arena, &want, &did), -EPERM);
	assert_string_equal(fault_last()->text, "layer: 'lib/null' is a device node");
}

static void marks_are_passed_on(void **state unused_)
{
	struct buf buf = archive();
	_cleanup_fd_ int fd = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tar_add(&buf, '0', "a/.wh..wh..opq", "", "");
	tar_add(&buf, '0', "a/.wh..wh..opq", "", "");
	tar_add(&buf, '0', "b/.wh..wh..opq", "", "");
	tar_add(&buf, '0', "b", "", "a file now");
	tar_add(&buf, '0', ".wh..wh..opq", "", "");
	const struct unpack_want want = {.top = fd,
					 .source = stream_memory(&arena, tar_end(&buf)),
					 .marks = UNPACK_MARKS_PASSED,
					 .pass = pass};
	assert_int_equal(unpack_layer(&arena, &want, &did), 0);
	assert_int_equal(records_n, 2);
	assert_string_equal(records[0].path, "a");
	assert_int_equal(records[0].kind, UNPACK_OPAQUE);
	assert_string_equal(records[1].path, ".");
	assert_string_equal(listed("root"), "d755 a\n-644 b \"a file now\"\n");
}

static void what_is_too_much_is_named(void **state unused_)
{
	struct buf buf = archive();
	_cleanup_fd_ int fd = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tar_add(&buf, '0', "a", "", "12345");
	tar_add(&buf, '0', "b", "", "123456");
	const struct unpack_want want = {
		.top = fd, .source = stream_memory(&arena, tar_end(&buf)), .bytes_max = 10};
	assert_int_equal(unpack_layer(&arena, &want, &did), -EFBIG);
	assert_string_equal(fault_last()->text,
			    "layer: with 'b' it has 11 bytes, and there is room for 10");
	buf = archive(); // of what the header only promises nothing is written
	tar_add_pax(&buf, "size", "9000000000000000000");
	tar_add(&buf, '0', "c", "", "");
	assert_true(unpack(&buf) == -EFBIG);
	assert_non_null(strstr(fault_last()->text, "layer: with 'c' it has 9000000000000000000 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_hard_link_outlives_its_first_name, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_whiteout_is_known_by_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_whiteout_speaks_of_lower_layers_only, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(odd_whiteouts_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directories_and_links_take_turns, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(of_two_with_one_name_the_later_counts, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(hard_links_reach_back_forward_and_down, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(hard_links_to_nothing_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directories_without_an_entry_are_as_below, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(sparse_files_stay_sparse, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_numbers_and_times_arrive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_link_leads_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(attributes_do_not_go_through_links, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(hard_links_stay_inside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_root_is_a_directory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(endless_paths_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(marks_of_overlays_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_attributes_are_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(devices_are_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_anybody_to_make_them_devices_are_left_out,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(marks_are_passed_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_too_much_is_named, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
