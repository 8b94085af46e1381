// SPDX-License-Identifier: Apache-2.0
// fuzz_codec.c - the framing of gzip and zstd
//
// The first byte says in which pieces the rest is handed over. Whatever they are, the same comes
// out.
#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
	struct stream stream;
	struct str rest;
	size_t piece;
	bool stop; // give no more
};

static int pieces_more(struct stream *stream, struct str *ret_bytes)
{
	struct pieces *pieces = (struct pieces *)stream;
	if (pieces->stop)
		return -EFBIG;
	size_t n = min_of(pieces->piece, pieces->rest.n);
	*ret_bytes = (struct str){pieces->rest.p, n};
	pieces->rest = (struct str){pieces->rest.p + n, pieces->rest.n - n};
	return 0;
}

struct all {
	int result;
	enum codec codec;
	uint64_t n;   // bytes that came out
	uint64_t sum; // of them
};

// Reads all, or up to a limit: a fuzzer finds bombs, too.
static struct all read_all(struct str source, size_t piece)
{
	struct arena arena = {0};
	struct pieces pieces = {{.more = pieces_more}, source, piece};
	struct stream *stream;
	struct all all = {0};
	struct str bytes = {0};
	all.result = codec_open(&arena, &pieces.stream, &all.codec, &stream);
	while (all.result == 0) {
		all.result = stream_take(stream, SIZE_MAX, &bytes);
		if (all.result || !bytes.n)
			break;
		for (size_t i = 0; i < bytes.n; i++)
			all.sum = all.sum * 31 + (unsigned char)bytes.p[i];
		all.n += bytes.n;
		pieces.stop = all.n >= 1 << 20;
	}
	arena_free(&arena);
	return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct str bytes = {(const char *)data + 1, size - 1};
	struct all one = read_all(bytes, 64), other = read_all(bytes, 8 + (size_t)data[0]);
	if (one.result == 0 && other.result == 0)
		assert(one.codec == other.codec && one.n == other.n && one.sum == other.sum);
	assert((one.result == 0) == (other.result == 0) || one.n >= 1 << 20 || other.n >= 1 << 20);
	assert(one.codec != CODEC_NONE || one.result || one.n == bytes.n);
	return 0;
}
