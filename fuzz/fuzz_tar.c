// SPDX-License-Identifier: Apache-2.0
// fuzz_tar.c - the reader of tar archives
#include "flow/tar.h"

#include "tar_mend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A source that hands over a few bytes at a time.
struct pieces {
	struct stream stream;
	struct str rest;
	size_t piece;
	char room[1024];
};

static int pieces_more(struct stream *stream, struct str *ret_bytes)
{
	struct pieces *pieces = (struct pieces *)stream;
	size_t n = min_of(pieces->piece, pieces->rest.n);
	memcpy(pieces->room, pieces->rest.p, n); // what was given before is gone
	*ret_bytes = (struct str){pieces->room, n};
	pieces->rest = (struct str){pieces->rest.p + n, pieces->rest.n - n};
	return 0;
}

static uint64_t sum_of(uint64_t sum, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		sum = sum * 31 + (unsigned char)bytes.p[i];
	return sum;
}

static void check_entry(const struct tar_entry *entry)
{
	assert(entry->path[0] && entry->path[0] != '/' && !strstr(entry->path, "//"));
	assert(!str_starts(entry->path, "../") && !strstr(entry->path, "/../"));
	assert(!str_eq(entry->path, "..") && strlen(entry->path) <= TAR_PATH_MAX);
	assert(entry->kind == TAR_DIRECTORY || !str_eq(entry->path, "."));
	assert((entry->kind == TAR_SYMLINK || entry->kind == TAR_HARDLINK) == !!entry->link);
	assert(entry->kind == TAR_FILE || (!entry->size && !entry->stored));
	assert(entry->stored <= entry->size && entry->mtime_ns < 1000000000);
	assert(entry->mode <= 07777 && entry->xattrs_n <= TAR_XATTRS_MAX);
}

// The sum of everything that was read; *ret_result is how it ended.
static uint64_t read_all(struct stream *source, int *ret_result)
{
	struct arena arena = {0};
	struct tar tar;
	struct tar_entry entry;
	struct tar_piece piece;
	uint64_t sum = 0;
	int result;
	tar_open(&tar, &arena, source);
	while ((result = tar_next(&tar, &entry)) == 0) {
		uint64_t end = 0, stored = 0;
		check_entry(&entry);
		sum = sum_of(sum, str_of(entry.path));
		sum = sum * 31 + entry.size + (uint64_t)entry.mtime;
		for (size_t i = 0; i < entry.xattrs_n; i++) {
			sum = sum_of(sum, entry.xattrs[i].name);
			sum = sum_of(sum, entry.xattrs[i].value);
		}
		while ((result = tar_piece(&tar, &piece)) == 0) {
			assert(piece.bytes.n && piece.at >= end);
			end = piece.at + piece.bytes.n;
			assert(end <= entry.size);
			stored += piece.bytes.n;
			sum = sum_of(sum, piece.bytes);
		}
		if (result < 0)
			break;
		assert(stored == entry.stored);
	}
	arena_free(&arena);
	*ret_result = result;
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str all = tar_mend(&arena, data, size);
	struct pieces pieces = {{.more = pieces_more}, all, 1 + size % 700, {0}};
	int one, other;
	uint64_t sum = read_all(stream_memory(&arena, all), &one);
	uint64_t sum_again = read_all(&pieces.stream, &other);
	assert(one == other);
	if (one == TAR_END)
		assert(sum == sum_again);
	arena_free(&arena);
	return 0;
}
