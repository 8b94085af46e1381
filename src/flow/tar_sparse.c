// SPDX-License-Identifier: Apache-2.0
// tar_sparse.c - files with holes, in the four ways that archives tell of them
//
// Of a sparse file an archive has the length, the segments between the holes one behind the other,
// and a map that says where each belongs. The map stands
//
//	in GNU tar's own format     in the header (type 'S') and in blocks that follow it
//	in pax records, version 0.0 in many records with two keys
//	version 0.1                 in one record
//	version 1.0                 at the beginning of the content, as lines of digits
//
// A map is hostile like everything else: segments that overlap or run backwards, that reach behind
// the file's end or ask for more content than there is.
#include "flow/tar_sparse.h"

#include "base/fail.h"

int tar_sparse_add(struct arena *arena, struct tar_sparse *sparse, uint64_t at, uint64_t n)
{
	if (sparse->n == TAR_SEGMENTS_MAX)
		return -EFBIG;
	if (sparse->n == sparse->room) {
		size_t room = max_of(2 * sparse->room, 64);
		struct tar_segment *segments = arena_array(arena, struct tar_segment, room);
		if (sparse->n)
			memcpy(segments, sparse->segments, sparse->n * sizeof(*segments));
		sparse->segments = segments;
		sparse->room = room;
	}
	sparse->segments[sparse->n++] = (struct tar_segment){at, n};
	return 0;
}

static bool pax_is_sparse(const struct tar *tar)
{
	const struct tar_pax *pax = &tar->pax;
	return pax->sparse_name.p || pax->sparse_map.p || pax->real_size >= 0 ||
	       pax->sparse_blocks >= 0 || pax->sparse_major >= 0 || pax->sparse_minor >= 0 ||
	       pax->sparse_at >= 0 || tar->sparse.n;
}

bool tar_sparse_is(const struct tar_header *header, const struct tar *tar)
{
	return header->type == 'S' || pax_is_sparse(tar);
}

static int read_gnu_block(struct tar *tar, const char *block, bool more)
{
	size_t most = more ? TAR_GNU_MORE_SEGMENTS : TAR_GNU_SEGMENTS;
	for (size_t i = 0; i < most; i++) {
		uint64_t at, n;
		int result = tar_gnu_segment(block, more, i, &at, &n);
		if (result == -ENOENT)
			return 0;
		TRY(result);
		TRY(tar_sparse_add(tar->arena, &tar->sparse, at, n));
	}
	return 0;
}

static int read_gnu(struct tar *tar, const struct tar_header *header, uint64_t *ret_real_size)
{
	const char *block = header->block;
	if (header->format != TAR_GNU || pax_is_sparse(tar) ||
	    tar_gnu_real_size(block, ret_real_size))
		return -EINVAL;
	TRY(read_gnu_block(tar, block, false));
	for (bool go_on = tar_gnu_has_more(block, false); go_on;) {
		struct str bytes;
		TRY(stream_block(tar->source, tar->block, TAR_BLOCK, &bytes));
		if (bytes.n < TAR_BLOCK)
			return -EINVAL;
		TRY(read_gnu_block(tar, bytes.p, true));
		go_on = tar_gnu_has_more(bytes.p, true);
	}
	return 0;
}

static int read_map_record(struct tar *tar, struct str map)
{
	while (map.p) {
		uint64_t at, n;
		struct str first = str_cut(&map, ',');
		if (!map.p || str_number(first, INT64_MAX, &at) ||
		    str_number(str_cut(&map, ','), INT64_MAX, &n))
			return -EINVAL;
		TRY(tar_sparse_add(tar->arena, &tar->sparse, at, n));
	}
	return 0;
}

struct lines { // the map at the beginning of the content
	struct tar *tar;
	struct str block; // what is left of it
};

// A line of digits, which may go on in the next block.
static int next_number(struct lines *lines, uint64_t *ret_number)
{
	struct tar *tar = lines->tar;
	char digits[20];
	size_t n = 0;
	for (;;) {
		if (!lines->block.n) {
			if (tar->left < TAR_BLOCK)
				return -EINVAL;
			TRY(stream_block(tar->source, tar->block, TAR_BLOCK, &lines->block));
			if (lines->block.n < TAR_BLOCK)
				return -EINVAL;
			tar->left -= TAR_BLOCK;
		}
		char c = *lines->block.p;
		lines->block = (struct str){lines->block.p + 1, lines->block.n - 1};
		if (c == '\n')
			return str_number((struct str){digits, n}, INT64_MAX, ret_number);
		if (n == sizeof(digits))
			return -EINVAL;
		digits[n++] = c;
	}
}

static int read_lines(struct tar *tar)
{
	struct lines lines = {.tar = tar};
	uint64_t count, at, n;
	TRY(next_number(&lines, &count));
	if (count > TAR_SEGMENTS_MAX)
		return -EFBIG;
	for (; count; count--) {
		TRY(next_number(&lines, &at));
		TRY(next_number(&lines, &n));
		TRY(tar_sparse_add(tar->arena, &tar->sparse, at, n));
	}
	return 0;
}

static int read_pax(struct tar *tar, uint64_t *ret_real_size)
{
	const struct tar_pax *pax = &tar->pax;
	bool pairs = tar->sparse.n > 0;
	if (pax->real_size < 0 || pax->sparse_at >= 0)
		return -EINVAL;
	if (pax->sparse_major > 1 || (pax->sparse_major == 1 && pax->sparse_minor > 0))
		return -ENOTSUP;
	if (pax->sparse_major == 1) {
		if (pairs || pax->sparse_map.p || pax->sparse_blocks >= 0 || pax->sparse_minor < 0)
			return -EINVAL;
		TRY(read_lines(tar));
	} else {
		if (pairs && pax->sparse_map.p)
			return -EINVAL;
		TRY(read_map_record(tar, pax->sparse_map));
		if (pax->sparse_blocks >= 0 && (uint64_t)pax->sparse_blocks != tar->sparse.n)
			return -EINVAL;
	}
	*ret_real_size = (uint64_t)pax->real_size;
	return 0;
}

static int check(const struct tar *tar, uint64_t real_size)
{
	uint64_t end = 0, stored = 0;
	for (size_t i = 0; i < tar->sparse.n; i++) {
		const struct tar_segment *segment = &tar->sparse.segments[i];
		if (segment->at < end || segment->at > real_size ||
		    segment->n > real_size - segment->at)
			return -EINVAL;
		end = segment->at + segment->n;
		stored += segment->n;
	}
	return stored == tar->left ? 0 : -EINVAL;
}

int tar_sparse_read(struct tar *tar, const struct tar_header *header, const char *path,
		    uint64_t *ret_real_size)
{
	int result = header->type == 'S' ? read_gnu(tar, header, ret_real_size)
					 : read_pax(tar, ret_real_size);
	if (tar->source->error)
		return tar->source->error;
	if (result == 0)
		result = check(tar, *ret_real_size);
	if (result == -EFBIG)
		return fail(result, "tar entry '%s': more than %d segments of a sparse file", path,
			    TAR_SEGMENTS_MAX);
	if (result == -ENOTSUP)
		return fail(result, "tar entry '%s': version %lld.%lld of sparse files", path,
			    (long long)tar->pax.sparse_major, (long long)tar->pax.sparse_minor);
	if (result)
		return fail(result, "tar entry '%s': a broken map of its holes", path);
	tar->is_sparse = true;
	return 0;
}
