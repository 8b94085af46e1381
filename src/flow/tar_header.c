// SPDX-License-Identifier: Apache-2.0
// tar_header.c - the block before each entry of a tar archive
//
// Numbers are octal digits between blanks, ended by a blank or NUL. What has too many digits for
// its field stands there in base 256: the first byte is 0x80, or 0xff for negative numbers, and the
// others are the number, the most significant byte first. An empty field is zero.
//
// The checksum is the sum of the header's bytes with its own field read as blanks. Some old tools
// took char for a signed type: their sum is right as well.
//
// Behind the magic word POSIX has the beginning of a long path, where GNU tar has times and the map
// of a sparse file. The two are told apart by that word alone.
#include "flow/tar_header.h"

#include "base/fail.h"
#include "flow/tar.h"

struct posix { // the block, as POSIX lays it out
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
static_assert(sizeof(struct posix) == TAR_BLOCK, "a header is one block");

struct gnu_segment {
	char at[12];
	char n[12];
};

struct gnu { // what GNU tar has behind the device's numbers
	char before[offsetof(struct posix, prefix)];
	char atime[12];
	char ctime[12];
	char offset[12];
	char longnames[4];
	char unused;
	struct gnu_segment segments[TAR_GNU_SEGMENTS];
	char has_more;
	char real_size[12];
	char padding[17];
};
static_assert(sizeof(struct gnu) == TAR_BLOCK, "a header is one block");

struct gnu_more { // a block that goes on with the map
	struct gnu_segment segments[TAR_GNU_MORE_SEGMENTS];
	char has_more;
	char padding[7];
};
static_assert(sizeof(struct gnu_more) == TAR_BLOCK, "and so is what follows");

#define FIELD(field) ((struct str){field, strnlen(field, sizeof(field))})

// Base 256, of as many bytes as the field has: what doesn't fit 63 bits and a sign is refused.
static int base256(const char *field, size_t n, int64_t *ret_number)
{
	bool negative = (unsigned char)field[0] == 0xff;
	unsigned char fill = negative ? 0xff : 0;
	uint64_t number = negative ? UINT64_MAX : 0;
	if (!negative && (unsigned char)field[0] != 0x80)
		return -EINVAL;
	for (size_t i = 1; i < n; i++) {
		if (n - i > 8 && (unsigned char)field[i] != fill)
			return -EINVAL;
		number = number << 8 | (unsigned char)field[i];
	}
	if (n > 8 && (number >> 63) != negative)
		return -EINVAL;
	*ret_number = (int64_t)number;
	return 0;
}

static int octal(const char *field, size_t n, int64_t *ret_number)
{
	uint64_t number = 0;
	size_t i = 0;
	while (i < n && field[i] == ' ')
		i++;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		number = number << 3 | (unsigned)(field[i] - '0'); // 12 digits are 36 bits at most
	for (; i < n; i++) {
		if (field[i] != ' ' && field[i] != '\0')
			return -EINVAL;
	}
	*ret_number = (int64_t)number;
	return 0;
}

static int number(const char *field, size_t n, int64_t least, int64_t most, int64_t *ret_number)
{
	int64_t value;
	TRY(field[0] & 0x80 ? base256(field, n, &value) : octal(field, n, &value));
	if (value < least || value > most)
		return -EINVAL;
	*ret_number = value;
	return 0;
}

#define NUMBER(field, least, most, ret) number(field, sizeof(field), least, most, ret)

static bool sum_is_right(const char *block)
{
	const struct posix *posix = (const struct posix *)block;
	size_t from = offsetof(struct posix, checksum), to = from + sizeof(posix->checksum);
	int64_t sum = 0, signed_sum = 0, said;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		char byte = block[i];
		if (i >= from && i < to)
			byte = ' ';
		sum += (unsigned char)byte;
		signed_sum += (signed char)byte;
	}
	if (!strnlen(posix->checksum, sizeof(posix->checksum)) ||
	    octal(posix->checksum, sizeof(posix->checksum), &said))
		return false;
	return said == sum || said == signed_sum;
}

static int format_of(const struct posix *posix, enum tar_format *ret_format)
{
	static const char v7[8];
	const char *magic = posix->magic; // and the version behind it
	if (!memcmp(magic, "ustar\00000", 8))
		*ret_format = TAR_USTAR;
	else if (!memcmp(magic, "ustar  \0", 8))
		*ret_format = TAR_GNU;
	else if (!memcmp(magic, v7, 8))
		*ret_format = TAR_V7;
	else
		return -ENOTSUP;
	return 0;
}

int tar_header_read(const char *block, uint64_t place, struct tar_header *ret_header)
{
	const struct posix *posix = (const struct posix *)block; // chars only: any alignment
	struct tar_header header = {
		.block = block,
		.type = posix->type,
		.name = FIELD(posix->name),
		.link = FIELD(posix->link),
		.has_size = FIELD(posix->size).n > 0,
	};
	int64_t size;
	if (!sum_is_right(block))
		return fail(-EINVAL, "tar at byte %llu: no header, or a broken one",
			    (unsigned long long)place);
	if (format_of(posix, &header.format))
		return fail(-ENOTSUP, "tar at byte %llu: neither ustar nor another known format",
			    (unsigned long long)place);
	if (header.format == TAR_USTAR)
		header.prefix = FIELD(posix->prefix);
	if (NUMBER(posix->size, 0, INT64_MAX, &size))
		return fail(-EINVAL, "tar at byte %llu: bad size", (unsigned long long)place);
	header.size = (uint64_t)size;
	*ret_header = header;
	return 0;
}

int tar_header_numbers(const struct tar_header *header, struct tar_header_numbers *ret_numbers)
{
	const struct posix *posix = (const struct posix *)header->block;
	bool device = header->type == '3' || header->type == '4';
	int64_t mode, uid, gid, mtime, major = 0, minor = 0;
	TRY(NUMBER(posix->mode, 0, 07777777, &mode)); // old tools put the file type above
	TRY(NUMBER(posix->uid, 0, TAR_ID_MAX, &uid));
	TRY(NUMBER(posix->gid, 0, TAR_ID_MAX, &gid));
	TRY(NUMBER(posix->mtime, INT64_MIN, INT64_MAX, &mtime));
	if (device) {
		TRY(NUMBER(posix->major, 0, UINT32_MAX, &major));
		TRY(NUMBER(posix->minor, 0, UINT32_MAX, &minor));
	}
	*ret_numbers = (struct tar_header_numbers){
		.mode = (uint32_t)mode & 07777,
		.uid = (uint32_t)uid,
		.gid = (uint32_t)gid,
		.mtime = mtime,
		.major = (uint32_t)major,
		.minor = (uint32_t)minor,
	};
	return 0;
}

int tar_gnu_segment(const char *block, bool more, size_t i, uint64_t *ret_at, uint64_t *ret_n)
{
	const struct gnu_segment *segment = more ? &((const struct gnu_more *)block)->segments[i]
						 : &((const struct gnu *)block)->segments[i];
	int64_t at, n;
	if (!segment->n[0])
		return -ENOENT;
	TRY(NUMBER(segment->at, 0, INT64_MAX, &at));
	TRY(NUMBER(segment->n, 0, INT64_MAX, &n));
	*ret_at = (uint64_t)at;
	*ret_n = (uint64_t)n;
	return 0;
}

bool tar_gnu_has_more(const char *block, bool more)
{
	return more ? ((const struct gnu_more *)block)->has_more
		    : ((const struct gnu *)block)->has_more;
}

int tar_gnu_real_size(const char *block, uint64_t *ret_size)
{
	int64_t size;
	TRY(NUMBER(((const struct gnu *)block)->real_size, 0, INT64_MAX, &size));
	*ret_size = (uint64_t)size;
	return 0;
}
