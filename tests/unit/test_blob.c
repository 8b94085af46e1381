// SPDX-License-Identifier: Apache-2.0
// test_blob.c - content by its digest: put there whole, checked, or not at all
#include "store/blob.h"

#include "base/fail.h"
#include "programs.h"
#include "store/temporary.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/wait.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define HELLO "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define OTHER "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9825"

static char store[] = "/tmp/tare-test-blob-XXXXXX";
static struct arena arena;

static int set_up(void **state unused_)
{
	memcpy(store + sizeof(store) - 7, "XXXXXX", 6);
	return !mkdtemp(store);
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return remove_tree(AT_FDCWD, store);
}

static int count(void)
{
	int n = -2; // "." and ".."
	DIR *dir = opendir(arena_printf(&arena, "%s/blobs/sha256", store));
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int add(const char *text, const char *digest, int64_t size, uint64_t limit,
	       struct store_blob *ret_blob)
{
	return store_blob_add(&arena, store,
			      &(struct store_blob_source){
				      .fd = -1,
				      .text = str_of(text),
				      .digest = digest,
				      .size = size,
				      .limit = limit,
			      },
			      ret_blob);
}

static void what_is_added_can_be_read(void **state unused_)
{
	struct store_blob blob;
	struct str text;
	int fd;
	assert_int_equal(store_blob_open(&arena, store, HELLO, &fd), -ENOENT);
	assert_int_equal(add("hello", NULL, -1, 100, &blob), 0);
	assert_string_equal(blob.digest, HELLO);
	assert_int_equal(blob.size, 5);
	assert_int_equal(add("hello", HELLO, 5, 5, &blob), 0); // again
	assert_int_equal(count(), 1);
	assert_int_equal(store_blob_open(&arena, store, HELLO, &fd), 0);
	assert_int_equal(fd_read_all(&arena, fd, 100, &text), 0);
	assert_true(str_is(text, "hello"));
	close(fd);
	assert_int_equal(store_blob_remove(&arena, store, HELLO), 0);
	assert_int_equal(store_blob_remove(&arena, store, HELLO), 0);
	assert_int_equal(count(), 0);
}

static void a_descriptor_is_read_to_its_end(void **state unused_)
{
	struct store_blob blob;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t writer = fork();
	if (writer == 0) {
		for (int i = 0; i < 1000; i++)
			if (write(ends[1], arena_alloc(&arena, 1000, 1), 1000) != 1000)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	struct store_blob_source source = {.fd = ends[0], .size = 1000000, .limit = 1 << 20};
	assert_int_equal(store_blob_add(&arena, store, &source, &blob), 0);
	assert_int_equal(blob.size, 1000000);
	// head -c 1000000 /dev/zero | sha256sum
	assert_string_equal(blob.digest, "sha256:d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0"
					 "b692b924cc8025");
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	close(ends[0]);
}

static void what_is_not_as_expected_is_not_kept(void **state unused_)
{
	struct store_blob blob;
	assert_int_equal(add("hello", OTHER, 5, 100, &blob), -EBADMSG);
	assert_string_equal(fault_last()->text,
			    "blob: its digest is '" HELLO "', expected is '" OTHER "'");
	assert_int_equal(add("hello", HELLO, 6, 100, &blob), -EBADMSG);
	assert_string_equal(fault_last()->text, "blob: 5 bytes, expected are 6");
	assert_int_equal(add("hello", HELLO, 4, 100, &blob), -EFBIG);
	assert_int_equal(add("hello", HELLO, -1, 4, &blob), -EFBIG);
	assert_string_equal(fault_last()->text, "blob: more than 4 bytes");
	assert_int_equal(add("hello", "sha256:../../M", -1, 100, &blob), -EINVAL);
	assert_int_equal(count(), 0);
}

// What lies there from a kill goes; what somebody works on stays.
static void the_dead_are_swept(void **state unused_)
{
	struct store_blob blob;
	struct temporary living;
	_cleanup_fd_ int blobs = -1;
	assert_int_equal(store_blobs_open(&arena, store, &blobs), 0);
	assert_int_equal(mknodat(blobs, ".tmp-1-1", S_IFREG | 0600, 0), 0);
	assert_int_equal(temporary_file(blobs, &living), 0);
	assert_int_equal(count(), 2);
	assert_int_equal(add("hello", NULL, -1, 100, &blob), 0);
	assert_int_equal(count(), 2);
	temporary_drop(&living);
	assert_int_equal(count(), 1);
}

// Killed at any moment: nothing, or the whole blob.
static void a_kill_leaves_no_half(void **state unused_)
{
	struct store_blob blob;
	int status = SIGKILL;
	for (unsigned delay = 50; WIFSIGNALED(status); delay += delay / 3) {
		pid_t maker = fork();
		if (maker == 0)
			_exit(add("hello", HELLO, 5, 100, &blob) ? 1 : 0);
		usleep(delay);
		kill(maker, SIGKILL);
		assert_int_equal(waitpid(maker, &status, 0), maker);
		_cleanup_fd_ int fd = -1;
		struct str text;
		if (store_blob_open(&arena, store, HELLO, &fd) == 0) {
			assert_int_equal(fd_read_all(&arena, fd, 100, &text), 0);
			assert_true(str_is(text, "hello"));
		}
		assert_int_equal(store_blob_remove(&arena, store, HELLO), 0);
	}
	assert_int_equal(status, 0);
}

static void a_full_disk_is_an_error(void **state unused_)
{
	struct store_blob blob;
	if (geteuid() || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", store, "tmpfs", 0, "size=64k"))
		skip();
	char *much = memset(arena_alloc(&arena, 200001, 1), 'x', 200000);
	assert_int_equal(add(much, NULL, -1, 1 << 20, &blob), -ENOSPC);
	assert_string_equal(fault_last()->text, "write the blob: No space left on device");
	assert_int_equal(count(), 0);
	assert_int_equal(umount(store), 0);
}

int main(int argc unused_, char **argv)
{
	if (programs_beside(argv))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_added_can_be_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_descriptor_is_read_to_its_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_as_expected_is_not_kept, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_dead_are_swept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_kill_leaves_no_half, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_disk_is_an_error, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) | programs_remove();
}
