// SPDX-License-Identifier: Apache-2.0
// test_stream.c - bytes pulled from memory, from descriptors and through taps
#include "flow/stream.h"

#include "base/fail.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static void memory_is_handed_on_as_it_lies(void **state unused_)
{
	static const char bytes[] = "0123456789";
	struct stream *stream = stream_memory(&arena, STR("0123456789"));
	struct str got;
	char room[8];
	uint64_t passed;
	stream = stream_memory(&arena, (struct str){bytes, 10});
	assert_int_equal(stream_peek(stream, &got), 0);
	assert_ptr_equal(got.p, bytes);
	assert_int_equal(got.n, 10);
	assert_int_equal(stream_block(stream, room, 4, &got), 0);
	assert_ptr_equal(got.p, bytes);
	assert_int_equal(got.n, 4);
	assert_int_equal(stream_skip(stream, 3, &passed), 0);
	assert_int_equal(passed, 3);
	assert_int_equal(stream_take(stream, 100, &got), 0);
	assert_ptr_equal(got.p, bytes + 7);
	assert_int_equal(got.n, 3);
	assert_int_equal(stream->taken, 10);
	assert_int_equal(stream_take(stream, 100, &got), 0);
	assert_int_equal(got.n, 0);
	assert_int_equal(stream_block(stream, room, 4, &got), 0);
	assert_int_equal(got.n, 0);
	assert_int_equal(stream_skip(stream, 3, &passed), 0);
	assert_int_equal(passed, 0);
}

struct seen {
	size_t n, calls;
	size_t fail_at; // the call that fails
};

static int look(void *context, struct str bytes)
{
	struct seen *seen = context;
	seen->n += bytes.n;
	return ++seen->calls == seen->fail_at ? (fail)(-EIO, "enough") : 0;
}

// A pipe gives its bytes in small pieces, and blocks lie across the stream's own.
static void a_pipe_is_read_in_blocks(void **state unused_)
{
	int fds[2];
	char room[1000], byte = 0;
	struct seen seen = {0};
	struct str got;
	size_t n = 0;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	if (fork() == 0) {
		for (size_t i = 0; i < 300000; i++) {
			byte = (char)(i % 251);
			if (write(fds[1], &byte, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	close(fds[1]);
	struct stream *stream = stream_tap(&arena, stream_fd(&arena, fds[0], "pipe"), look, &seen);
	do {
		assert_int_equal(stream_block(stream, room, 1000, &got), 0);
		for (size_t i = 0; i < got.n; i++)
			assert_int_equal((unsigned char)got.p[i], (n + i) % 251);
		n += got.n;
	} while (got.n == 1000);
	assert_int_equal(n, 300000);
	assert_int_equal(seen.n, 300000);
	assert_int_equal(seen.calls, (300000 + STREAM_PIECE - 1) / STREAM_PIECE);
	close(fds[0]);
}

static void an_error_stays(void **state unused_)
{
	struct seen seen = {.fail_at = 1};
	struct str got = STR("before");
	uint64_t passed;
	struct stream *stream = stream_tap(&arena, stream_memory(&arena, STR("x")), look, &seen);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stream_peek(stream, &got), -EIO);
		assert_int_equal(stream_take(stream, 1, &got), -EIO);
		assert_int_equal(stream_skip(stream, 1, &passed), -EIO);
		assert_int_equal(stream_drain(stream), -EIO);
	}
	assert_int_equal(seen.calls, 1);
	assert_true(str_is(got, "before"));

	fault_clear();
	stream = stream_fd(&arena, -1, "layer.tar");
	assert_int_equal(stream_take(stream, 1, &got), -EBADF);
	assert_string_equal(fault_last()->text, "read 'layer.tar': Bad file descriptor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_handed_on_as_it_lies),
		cmocka_unit_test(a_pipe_is_read_in_blocks),
		cmocka_unit_test(an_error_stays),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
