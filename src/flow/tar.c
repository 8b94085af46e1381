// SPDX-License-Identifier: Apache-2.0
// tar.c - a strict reader of tar archives
//
// An archive is a run of 512-byte blocks. An entry is a header block and, for files, the content,
// filled up to whole blocks. Before an entry's own header there may be others that speak of it: a
// pax header ('x'), a long name ('L') or link ('K') in GNU tar's way, one of each, in any order. A
// global pax header ('g') speaks of all entries that follow it.
//
// Readers of tar archives disagree in places, and what one of them lists another may not unpack: a
// size in the header of a link, a path with a slash behind it that calls itself a file, two long
// names. Where two readings are possible the entry is refused. There are two exceptions. A pax size
// counts against the header's, since all readers of today agree on that. And a hard link's size is
// content only if no header follows at once: pax writes a file's content once more with each of its
// names, older tools only its size.
#include "flow/tar.h"

#include "base/fail.h"
#include "flow/tar_header.h"
#include "flow/tar_name.h"
#include "flow/tar_sparse.h"

struct before { // what the headers before an entry's own said
	bool pax;
	bool path;
	bool link;
};

void tar_open(struct tar *tar, struct arena *arena, struct stream *source)
{
	memset(tar, 0, offsetof(struct tar, block));
	tar->arena = arena;
	tar->source = source;
	tar_pax_init(&tar->global);
}

static unsigned long long place(const struct tar *tar)
{
	return tar->place;
}

static bool is_zero(struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i])
			return false;
	}
	return true;
}

// The rest of the last block of something of `n` bytes.
static unsigned padding_of(uint64_t n)
{
	return (TAR_BLOCK - n % TAR_BLOCK) % TAR_BLOCK;
}

// Behind the first block of zeros.
static int read_end(struct tar *tar)
{
	struct str bytes;
	do {
		TRY(stream_take(tar->source, SIZE_MAX, &bytes));
		if (!is_zero(bytes))
			return fail(-EINVAL, "tar at byte %llu: something follows its end",
				    place(tar));
	} while (bytes.n);
	tar->ended = true;
	return TAR_END;
}

static int read_header(struct tar *tar, struct tar_header *ret_header)
{
	struct str bytes = {tar->block, TAR_BLOCK};
	tar->place = tar->source->taken - (tar->held ? TAR_BLOCK : 0);
	if (!tar->held)
		TRY(stream_block(tar->source, tar->block, TAR_BLOCK, &bytes));
	tar->held = false;
	if (!bytes.n && tar->begun) {
		tar->ended = true;
		return TAR_END;
	}
	if (bytes.n < TAR_BLOCK)
		return fail(-EINVAL, bytes.n ? "tar at byte %llu: cut off" : "tar: it is empty",
			    place(tar));
	tar->begun = true;
	if (is_zero(bytes))
		return read_end(tar);
	return tar_header_read(bytes.p, tar->place, ret_header);
}

static int cut_off(const struct tar *tar, uint64_t missing)
{
	return fail(-EINVAL, "tar at byte %llu: cut off: %llu bytes are missing", place(tar),
		    (unsigned long long)missing);
}

static int pass(struct tar *tar, uint64_t n)
{
	uint64_t passed;
	TRY(stream_skip(tar->source, n, &passed));
	return passed < n ? cut_off(tar, n - passed) : 0;
}

// Reads what follows a header that speaks of another one, `n` bytes, into `room`.
static int read_text(struct tar *tar, char *room, size_t n)
{
	struct str bytes;
	TRY(stream_block(tar->source, room, n, &bytes));
	if (bytes.n < n)
		return cut_off(tar, n - bytes.n);
	if (n && bytes.p != room)
		memcpy(room, bytes.p, n);
	return pass(tar, padding_of(n));
}

static int read_pax(struct tar *tar, const struct tar_header *header, bool global)
{
	size_t n = (size_t)header->size, before = global ? tar->global_n : 0;
	if (header->size > TAR_PAX_MAX - before)
		return fail(-EFBIG, "tar at byte %llu: more than %d bytes of pax records",
			    place(tar), TAR_PAX_MAX);
	// What is said of all entries stays, what is said of one makes room for the next.
	struct tar_room kept_records = {0}, kept_decoded = {0};
	struct tar_room *records = global ? &kept_records : &tar->records;
	struct tar_room *decoded = global ? &kept_decoded : &tar->decoded;
	char *text = tar_room_get(tar->arena, records, n);
	struct tar_pax_read read = {
		.arena = tar->arena,
		.place = tar->place,
		.global = global,
		.sparse = &tar->sparse,
		.spare = tar_room_get(tar->arena, decoded, n),
	};
	TRY(read_text(tar, text, n));
	if (global)
		tar->global_n += n;
	return tar_pax_parse(&read, (struct str){text, n}, global ? &tar->global : &tar->pax);
}

// A long name ends with a NUL, or more of them, that its size counts.
static int read_long(struct tar *tar, const struct tar_header *header, char *room)
{
	if (header->size > TAR_PATH_MAX + 1)
		return fail(-ENAMETOOLONG, "tar at byte %llu: a name of %llu bytes", place(tar),
			    (unsigned long long)header->size);
	size_t n = (size_t)header->size;
	TRY(read_text(tar, room, n));
	room[n] = '\0';
	if (!room[0] || !is_zero((struct str){room + strlen(room), n - strlen(room)}))
		return fail(-EINVAL, "tar at byte %llu: a long name that is none", place(tar));
	return 0;
}

static int twice(const struct tar *tar)
{
	return fail(-EINVAL, "tar at byte %llu: a second header of its kind before one entry",
		    place(tar));
}

static void begin_pax(struct tar *tar)
{
	memcpy(&tar->pax, &tar->global,
	       offsetof(struct tar_pax, xattrs) + tar->global.xattrs_n * sizeof(struct tar_xattr));
}

// Reads one header that speaks of others. Returns 0, or OWN when it is an entry's own.
enum { OWN = 1 };
static int read_before(struct tar *tar, const struct tar_header *header, struct before *before)
{
	bool any = before->pax || before->path || before->link;
	switch (header->type) {
	case 'g':
		if (any)
			return twice(tar);
		TRY(read_pax(tar, header, true));
		begin_pax(tar);
		return 0;
	case 'x':
		if (before->pax)
			return twice(tar);
		before->pax = true;
		return read_pax(tar, header, false);
	case 'L':
		if (before->path)
			return twice(tar);
		before->path = true;
		return read_long(tar, header, tar->long_path);
	case 'K':
		if (before->link)
			return twice(tar);
		before->link = true;
		return read_long(tar, header, tar->long_link);
	default:
		return OWN;
	}
}

static int read_headers(struct tar *tar, struct tar_header *ret_header, struct before *ret_before)
{
	struct before before = {0};
	struct tar_header header;
	int result;
	do {
		result = read_header(tar, &header);
		if (result == TAR_END && (before.pax || before.path || before.link))
			return fail(-EINVAL, "tar at byte %llu: a header without an entry",
				    place(tar));
		if (result)
			return result;
		result = read_before(tar, &header, &before);
		TRY(result);
	} while (result != OWN);
	*ret_header = header;
	*ret_before = before;
	return 0;
}

static bool says_another(struct str said, struct str other)
{
	return said.p && (said.n != other.n || memcmp(said.p, other.p, said.n));
}

static int raw_path(struct tar *tar, const struct tar_header *header, const struct before *before,
		    struct str *ret_path)
{
	const struct tar_pax *pax = &tar->pax;
	struct str path = header->name, prefix = header->prefix;
	if (before->path) {
		path = str_of(tar->long_path);
		if (says_another(pax->path, path))
			return fail(-EINVAL, "tar at byte %llu: two long names for one entry",
				    place(tar));
	} else if (prefix.n) { // at most 155 and 100 bytes
		memcpy(tar->long_path, prefix.p, prefix.n);
		tar->long_path[prefix.n] = '/';
		memcpy(tar->long_path + prefix.n + 1, path.p, path.n);
		path = (struct str){tar->long_path, prefix.n + 1 + path.n};
	}
	if (pax->path.p)
		path = pax->path;
	*ret_path = pax->sparse_name.p ? pax->sparse_name : path;
	return 0;
}

static int kind_of(const struct tar *tar, const struct tar_header *header, struct str path,
		   enum tar_kind *ret_kind)
{
	static const enum tar_kind kinds[] = {TAR_FILE,     TAR_HARDLINK,  TAR_SYMLINK, TAR_CHARDEV,
					      TAR_BLOCKDEV, TAR_DIRECTORY, TAR_FIFO,    TAR_FILE};
	bool slash = path.n && path.p[path.n - 1] == '/';
	char type = header->type;
	if (type == '\0') // before POSIX
		type = slash ? '5' : '0';
	if (type == 'S')
		type = '0';
	if (type < '0' || type > '7')
		return fail(-ENOTSUP, "tar at byte %llu: entries of type '%c' are not supported",
			    place(tar), type >= ' ' && type <= '~' ? type : '?');
	*ret_kind = kinds[type - '0'];
	if (*ret_kind == TAR_FILE && slash)
		return fail(-EINVAL, "tar at byte %llu: '%.*s' calls itself a file", place(tar),
			    (int)min_of(path.n, 200), path.p);
	return 0;
}

static int read_link(struct tar *tar, const struct tar_header *header, const struct before *before,
		     struct tar_entry *entry)
{
	const struct tar_pax *pax = &tar->pax;
	struct str link = before->link ? str_of(tar->long_link) : header->link;
	int result;
	if (before->link && says_another(pax->link, link))
		return fail(-EINVAL, "tar entry '%s': two long links", entry->path);
	if (pax->link.p)
		link = pax->link;
	if (entry->kind == TAR_HARDLINK)
		result = tar_name_clean(link, tar->link);
	else
		result = tar_name_target(link, tar->link);
	if (result == 0 && entry->kind == TAR_HARDLINK && str_eq(tar->link, "."))
		result = -EINVAL;
	if (result)
		return fail_sys(result, "tar entry '%s': link to '%.*s'", entry->path,
				(int)min_of(link.n, 200), link.p);
	entry->link = tar->link;
	return 0;
}

static int read_names(struct tar *tar, const struct tar_header *header, const struct before *before,
		      struct tar_entry *entry)
{
	struct str path;
	TRY(raw_path(tar, header, before, &path));
	TRY(kind_of(tar, header, path, &entry->kind));
	int error = tar_name_clean(path, tar->path);
	if (error)
		return fail_sys(error, "tar at byte %llu: path '%.*s'", place(tar),
				(int)min_of(path.n, 300), path.p);
	entry->path = tar->path;
	if (entry->kind != TAR_DIRECTORY && str_eq(entry->path, "."))
		return fail(-EINVAL, "tar at byte %llu: the top is no directory", place(tar));
	if (entry->kind == TAR_HARDLINK || entry->kind == TAR_SYMLINK)
		return read_link(tar, header, before, entry);
	return 0;
}

static int read_numbers(const struct tar *tar, const struct tar_header *header,
			struct tar_entry *entry)
{
	const struct tar_pax *pax = &tar->pax;
	struct tar_header_numbers numbers;
	if (tar_header_numbers(header, &numbers))
		return fail(-EINVAL, "tar entry '%s': bad number in its header", entry->path);
	entry->mode = numbers.mode;
	entry->uid = pax->uid >= 0 ? (uint32_t)pax->uid : numbers.uid;
	entry->gid = pax->gid >= 0 ? (uint32_t)pax->gid : numbers.gid;
	entry->mtime = pax->has_mtime ? pax->mtime : numbers.mtime;
	entry->mtime_ns = pax->has_mtime ? pax->mtime_ns : 0;
	entry->major = numbers.major;
	entry->minor = numbers.minor;
	return 0;
}

// A hard link that tells a size: reads on to see whether content follows, and passes over it.
static int pass_link_content(struct tar *tar, uint64_t size)
{
	struct tar_header next;
	struct str bytes;
	TRY(stream_block(tar->source, tar->block, TAR_BLOCK, &bytes));
	if (bytes.n < TAR_BLOCK)
		return cut_off(tar, TAR_BLOCK - bytes.n);
	if (bytes.p != tar->block)
		memcpy(tar->block, bytes.p, TAR_BLOCK);
	struct fault fault = *fault_last();
	tar->held = is_zero((struct str){tar->block, TAR_BLOCK}) ||
		    tar_header_read(tar->block, tar->place, &next) == 0;
	if (tar->held)
		return 0;
	fault_restore(&fault); // that it is no header is no error
	return pass(tar, size + padding_of(size) - TAR_BLOCK);
}

static int read_size(struct tar *tar, const struct tar_header *header, struct tar_entry *entry)
{
	uint64_t size = tar->pax.size >= 0 ? (uint64_t)tar->pax.size : header->size;
	if (tar->pax.size > INT64_MAX - TAR_BLOCK)
		return fail(-EFBIG, "tar entry '%s': its size is beyond all files", entry->path);
	if (entry->kind == TAR_FILE && tar->pax.size < 0 && !header->has_size)
		return fail(-EINVAL, "tar entry '%s': no size", entry->path);
	if (entry->kind == TAR_HARDLINK && size)
		return pass_link_content(tar, size);
	if (entry->kind != TAR_FILE && (size || tar_sparse_is(header, tar)))
		return fail(-EINVAL, "tar entry '%s': content without a file", entry->path);
	tar->left = entry->size = size;
	tar->padding = padding_of(size);
	if (tar_sparse_is(header, tar))
		TRY(tar_sparse_read(tar, header, entry->path, &entry->size));
	entry->stored = tar->left;
	return 0;
}

int tar_next(struct tar *tar, struct tar_entry *ret_entry)
{
	struct tar_header header;
	struct before before = {0};
	struct tar_entry entry = {0};
	if (tar->ended)
		return TAR_END;
	TRY(pass(tar, tar->left + tar->padding));
	tar->left = tar->at = tar->padding = 0;
	tar->is_sparse = false;
	tar->sparse.n = tar->segment = 0;
	begin_pax(tar);
	int result = read_headers(tar, &header, &before);
	if (result)
		return result;
	TRY(read_names(tar, &header, &before, &entry));
	TRY(read_numbers(tar, &header, &entry));
	TRY(read_size(tar, &header, &entry)); // reads on: `header` is gone
	entry.xattrs = tar->pax.xattrs;
	entry.xattrs_n = tar->pax.xattrs_n;
	entry.left_out = tar->pax.left_out;
	*ret_entry = entry;
	return 0;
}

int tar_piece(struct tar *tar, struct tar_piece *ret_piece)
{
	uint64_t most = tar->left;
	struct str bytes;
	if (!tar->left)
		return TAR_END;
	while (tar->is_sparse) { // the next segment that is not empty, or what is left of one
		const struct tar_segment *segment = &tar->sparse.segments[tar->segment];
		uint64_t end = segment->at + segment->n;
		tar->at = max_of(tar->at, segment->at);
		most = end - tar->at;
		if (most)
			break;
		tar->segment++;
	}
	TRY(stream_take(tar->source, (size_t)min_of(most, SIZE_MAX), &bytes));
	if (!bytes.n)
		return cut_off(tar, tar->left);
	*ret_piece = (struct tar_piece){tar->at, bytes};
	tar->at += bytes.n;
	tar->left -= bytes.n;
	return 0;
}
