// SPDX-License-Identifier: Apache-2.0
// blob.c - tare-blob: copies bytes and tells their digest
//
//	tare-blob LIMIT        3: where they come from, to the end; 4: the file they go to
//
// It is a program of its own because SHA-256 is a library's work, and because what starts
// containers should map little. It gives up everything but its two descriptors before it reads. The
// file is synced before the answer, so whoever hears "digest" may give the file its name.
#include "base/fail.h"
#include "base/fd.h"
#include "base/program.h"
#include "helper/sha256.h"
#include "kern/process/jail.h"

#include <unistd.h>

enum { SOURCE = PROGRAM_FD_FIRST, BLOB, PIECE = 256 << 10, MEMORY = 256 << 20 };

static int copy(uint64_t limit, struct sha256 *sha256)
{
	static char piece[PIECE];
	sha256_start(sha256);
	for (;;) {
		ssize_t n = read(SOURCE, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_sys(-errno, "read the blob");
		if (n == 0)
			break;
		if ((uint64_t)n > limit - sha256->size)
			return fail(-EFBIG, "blob: more than %llu bytes",
				    (unsigned long long)limit);
		sha256_add(sha256, piece, (size_t)n);
		int result = fd_write_all(BLOB, piece, (size_t)n);
		if (result)
			return fail_sys(result, "write the blob");
	}
	return fsync(BLOB) ? fail_sys(-errno, "sync the blob") : 0;
}

static int work(int argc, char **argv, struct buf *answer)
{
	uint64_t limit;
	struct sha256 sha256;
	if (argc != 2 || str_number(str_of(argv[1]), INT64_MAX, &limit))
		return fail(-EINVAL, "tare-blob: its argument is a limit");
	TRY(jail_enter(&(struct jail){.work = JAIL_BYTES, .root = -1, .memory = MEMORY}));
	TRY(copy(limit, &sha256));
	buf_printf(answer, "size %llu\n", (unsigned long long)sha256.size);
	sha256_answer(&sha256, "digest", answer);
	return 0;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf answer = buf_new(&arena, PROGRAM_REPLY_MAX);
	return work(argc, argv, &answer) ? program_answer_fault()
					 : program_answer(buf_str(&answer));
}
