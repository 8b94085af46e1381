// SPDX-License-Identifier: Apache-2.0
// fuzz_unpack.c - layers put on disk, beside a directory that nothing may touch
//
// All of it is in /dev/shm/tare-fuzz-PID, where files cost least, and goes at the end.
#include "store/unpack.h"

#include "base/fd.h"
#include "base/remove.h"
#include "tar_mend.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char top[64];
static int base = -1; // of it
static struct stat outside_before, file_before;

static void remove_top(void)
{
	remove_tree(AT_FDCWD, top);
}

static void make_file(const char *name, const char *text)
{
	int fd = openat(base, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || fd_write_all(fd, text, strlen(text)) || close(fd))
		abort();
}

static void begin(void)
{
	snprintf(top, sizeof(top), "/dev/shm/tare-fuzz-%d", (int)getpid());
	if (mkdir(top, 0700))
		abort();
	base = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(base, "outside", 0755) || mkdirat(base, "lower", 0755) ||
	    mkdirat(base, "lower/d", 0711))
		abort();
	make_file("lower/f", "low");
	make_file("outside/f", "");
	if (fstatat(base, "outside", &outside_before, 0) ||
	    fstatat(base, "outside/f", &file_before, 0))
		abort();
	atexit(remove_top);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_nlink == b->st_nlink && a->st_mode == b->st_mode &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static int check_record(void *context, const struct unpack_record *record)
{
	char bytes[UNPACK_RECORD_MAX];
	struct unpack_record again;
	size_t used, n = unpack_record_write(record, bytes);
	// The reader is strict, and takes whatever the unpacker asks for.
	assert(unpack_record_read(context, (struct str){bytes, n}, &again, &used) == 0);
	assert(used == n && str_eq(again.path, record->path));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct stat outside, file;
	struct unpack_result did;
	if (!*top)
		begin();
	if (mkdirat(base, "root", 0700))
		abort();
	int fd = openat(base, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int lower = openat(base, "lower", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct unpack_want want = {
		.top = fd,
		.source = stream_memory(&arena, tar_mend(&arena, data, size)),
		.marks = size % 3 ? UNPACK_MARKS_PASSED : UNPACK_MARKS_USER,
		.pass = check_record,
		.context = &arena,
		.lowers = &lower,
		.lowers_n = 1,
		.bytes_max = 1 << 20,
	};
	if (unpack_layer(&arena, &want, &did) == 0)
		assert(did.bytes <= want.bytes_max && did.entries <= size / 512);
	close(fd);
	close(lower);
	if (fstatat(base, "outside", &outside, 0) || fstatat(base, "outside/f", &file, 0))
		abort();
	assert(is_same(&outside, &outside_before) && is_same(&file, &file_before));
	if (remove_tree(base, "root"))
		abort();
	arena_free(&arena);
	return 0;
}
