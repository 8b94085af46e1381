// SPDX-License-Identifier: Apache-2.0
// tar.c - a strict reader of tar archives that lie in memory
//
// An archive is a run of 512-byte blocks. An entry is a header block and, for files, the content,
// filled up to whole blocks. Two blocks of zeros end it; tools add more of them to fill a tape
// record, so only zeros may follow. Numbers in a header are octal digits ended by NUL or blank; the
// checksum is the sum of the header's bytes with its own field read as blanks.
//
// A path is where hostile archives begin: "../../etc/passwd", "/etc/passwd", "a//b". Here a path
// that leaves the archive's top is an error, and those that come out are clean, so that whoever
// unpacks them can walk them part by part. That no part is a symbolic link is theirs to see to.
//
// A pax header ('x') changes the entry that follows, one at most stands before each.
#include "flow/tar.h"

#include "base/fail.h"
#include "flow/tar_pax.h"

enum { ID_MAX = 0x7fffffff };

struct header { // the block, as POSIX lays it out
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char uname[32];
	char gname[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char padding[12];
};
static_assert(sizeof(struct header) == TAR_BLOCK, "a header is one block");

#define FIELD(field) ((struct str){field, strnlen(field, sizeof(field))})

static int octal(const char *field, size_t n, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t i = 0;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		number = number << 3 | (unsigned)(field[i] - '0'); // 12 digits are 36 bits at most
	if (!i || number > max)
		return -EINVAL;
	for (; i < n; i++) {
		if (field[i] != ' ' && field[i] != '\0')
			return -EINVAL;
	}
	*ret_number = number;
	return 0;
}

#define OCTAL(field, max, ret) octal(field, sizeof(field), max, ret)

static bool is_zero(struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i])
			return false;
	}
	return true;
}

static int check_header(const struct header *header, size_t place)
{
	const unsigned char *bytes = (const unsigned char *)header;
	size_t from = offsetof(struct header, checksum), to = from + sizeof(header->checksum);
	uint64_t sum = 0, said;
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += i >= from && i < to ? ' ' : bytes[i];
	if (OCTAL(header->checksum, UINT32_MAX, &said) || said != sum)
		return fail(-EINVAL, "tar at byte %zu: no header, or a broken one", place);
	if (memcmp(header->magic, "ustar", 6) || memcmp(header->version, "00", 2))
		return fail(-ENOTSUP, "tar at byte %zu: not the ustar format", place);
	return 0;
}

// Adds one part to a clean path of `n` bytes. Returns the new length or a negative errno.
static int add_part(char *path, int n, struct str part)
{
	if (!part.n || str_is(part, "."))
		return n;
	if (str_is(part, "..") || memchr(part.p, '\0', part.n))
		return -EINVAL;
	if (part.n > TAR_NAME_MAX)
		return -ENAMETOOLONG;
	if (n)
		path[n++] = '/';
	memcpy(path + n, part.p, part.n);
	return n + (int)part.n;
}

static int clean_path(struct arena *arena, struct str raw, const char **ret_path)
{
	if (!raw.n || raw.p[0] == '/')
		return -EINVAL;
	if (raw.n > TAR_PATH_MAX)
		return -ENAMETOOLONG;
	char *path = arena_alloc(arena, raw.n + 2, 1);
	int n = 0;
	while (raw.p)
		TRY(n = add_part(path, n, str_cut(&raw, '/')));
	if (!n)
		path[n++] = '.';
	path[n] = '\0';
	*ret_path = path;
	return 0;
}

static struct str header_path(struct arena *arena, const struct header *header)
{
	struct str name = FIELD(header->name), prefix = FIELD(header->prefix);
	if (!prefix.n)
		return name;
	return str_of(
		arena_printf(arena, "%.*s/%.*s", (int)prefix.n, prefix.p, (int)name.n, name.p));
}

static int check_link(struct str link)
{
	if (!link.n || memchr(link.p, '\0', link.n))
		return -EINVAL;
	return link.n > TAR_PATH_MAX ? -ENAMETOOLONG : 0;
}

static int read_names(struct tar *tar, const struct header *header, const struct tar_pax *pax,
		      struct tar_entry *entry)
{
	struct str path = pax->path.p ? pax->path : header_path(tar->arena, header);
	struct str link = pax->link.p ? pax->link : FIELD(header->link);
	int shown = (int)min_of(path.n, 200);
	int error = clean_path(tar->arena, path, &entry->path);
	if (error)
		return fail_sys(error, "tar at byte %zu: path '%.*s'", tar->at, shown, path.p);
	if (entry->kind == TAR_HARDLINK)
		error = clean_path(tar->arena, link, &entry->link);
	else if (entry->kind == TAR_SYMLINK)
		error = check_link(link);
	if (error)
		return fail_sys(error, "tar entry '%s': link to '%.*s'", entry->path,
				(int)min_of(link.n, 200), link.p);
	if (entry->kind == TAR_SYMLINK)
		entry->link = arena_dup_n(tar->arena, link.p, link.n);
	if (entry->kind != TAR_DIRECTORY && str_eq(entry->path, "."))
		return fail(-EINVAL, "tar at byte %zu: the top is no directory", tar->at);
	return 0;
}

static int read_numbers(const struct header *header, const struct tar_pax *pax,
			struct tar_entry *entry)
{
	uint64_t mode, uid, gid, mtime;
	if (OCTAL(header->mode, 07777777, &mode) || OCTAL(header->uid, ID_MAX, &uid) ||
	    OCTAL(header->gid, ID_MAX, &gid) || OCTAL(header->mtime, INT64_MAX, &mtime))
		return fail(-EINVAL, "tar entry '%s': bad number in its header", entry->path);
	entry->mode = mode & 07777; // old tools put the file type above
	entry->uid = (uint32_t)(pax->uid >= 0 ? pax->uid : (int64_t)uid);
	entry->gid = (uint32_t)(pax->gid >= 0 ? pax->gid : (int64_t)gid);
	entry->mtime = pax->has_mtime ? pax->mtime : (int64_t)mtime;
	entry->mtime_ns = pax->mtime_ns;
	return 0;
}

static int kind_of(char type, enum tar_kind *ret_kind)
{
	switch (type) {
	case '0':
	case '\0': // before POSIX
		*ret_kind = TAR_FILE;
		return 0;
	case '1':
		*ret_kind = TAR_HARDLINK;
		return 0;
	case '2':
		*ret_kind = TAR_SYMLINK;
		return 0;
	case '5':
		*ret_kind = TAR_DIRECTORY;
		return 0;
	default:
		return -ENOTSUP;
	}
}

// The content that follows the header, and where the next header is.
static int content_of(const struct tar *tar, const struct header *header, const struct tar_pax *pax,
		      struct str *ret_content, size_t *ret_next)
{
	uint64_t size;
	size_t left = tar->all.n - tar->at - TAR_BLOCK;
	if (OCTAL(header->size, INT64_MAX, &size))
		return fail(-EINVAL, "tar at byte %zu: bad size", tar->at);
	if (pax->size >= 0)
		size = (uint64_t)pax->size;
	if (size > left || (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK > left)
		return fail(-EINVAL,
			    "tar at byte %zu: cut off: %llu bytes of content, %zu are there",
			    tar->at, (unsigned long long)size, left);
	*ret_content = (struct str){tar->all.p + tar->at + TAR_BLOCK, size};
	*ret_next = tar->at + TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	return 0;
}

static int read_header(struct tar *tar, const struct header **ret_header)
{
	if (tar->at > tar->all.n || tar->all.n - tar->at < TAR_BLOCK)
		return fail(-EINVAL, "tar at byte %zu: cut off: its end is missing", tar->at);
	const char *block = tar->all.p + tar->at;
	if (is_zero((struct str){block, TAR_BLOCK})) {
		struct str rest = {block, tar->all.n - tar->at};
		if (rest.n < 2 * TAR_BLOCK || !is_zero(rest))
			return fail(-EINVAL, "tar at byte %zu: something follows its end", tar->at);
		return TAR_END;
	}
	*ret_header = (const struct header *)block; // chars only: any alignment will do
	return check_header(*ret_header, tar->at);
}

static int read_pax(struct tar *tar, const struct header **header, struct tar_pax *ret_pax)
{
	struct str records;
	TRY(content_of(tar, *header, ret_pax, &records, &tar->at));
	if (records.n > TAR_PAX_MAX)
		return fail(-EFBIG, "tar at byte %zu: more than %d bytes of pax records", tar->at,
			    TAR_PAX_MAX);
	TRY(tar_pax_parse(records, tar->at, ret_pax));
	int result = read_header(tar, header);
	if (result == TAR_END || (result == 0 && (*header)->type == 'x'))
		return fail(-EINVAL, "tar at byte %zu: pax records without an entry", tar->at);
	return result;
}

int tar_next(struct tar *tar, struct tar_entry *ret_entry)
{
	const struct header *header;
	struct tar_pax pax = {.size = -1, .uid = -1, .gid = -1};
	struct tar_entry entry = {0};
	struct str content;
	size_t next;
	int result = read_header(tar, &header);
	if (result)
		return result;
	if (header->type == 'x')
		TRY(read_pax(tar, &header, &pax));
	if (kind_of(header->type, &entry.kind))
		return fail(-ENOTSUP, "tar at byte %zu: entries of type '%c' are not supported",
			    tar->at,
			    header->type >= ' ' && header->type <= '~' ? header->type : '?');
	TRY(read_names(tar, header, &pax, &entry));
	TRY(read_numbers(header, &pax, &entry));
	TRY(content_of(tar, header, &pax, &content, &next));
	if (entry.kind != TAR_FILE && content.n)
		return fail(-EINVAL, "tar entry '%s': content without a file", entry.path);
	entry.content = content;
	tar->at = next;
	*ret_entry = entry;
	return 0;
}
