// SPDX-License-Identifier: Apache-2.0
// tar.h - a strict reader of tar archives
//
// It takes what tools of the last forty years write into layers: ustar headers (POSIX.1-2017, pax,
// "ustar Interchange Format") and pax records, the headers of GNU tar and of version 7, numbers in
// base 256, long names of either kind, sparse files of all four kinds, extended attributes. What is
// not known is an error that names the entry, and so is a header that two readers could take for
// two things: nothing is skipped, guessed or half understood.
//
// A reader pulls from a stream and holds no content: that is handed on in pieces. Of an archive in
// memory nothing is copied, and of content that nobody asks for no byte is touched.
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "flow/stream.h"
#include "flow/tar_pax.h"

enum {
	TAR_BLOCK = 512,             // archives are made of blocks
	TAR_PATH_MAX = 4095,         // bytes of a path or link target
	TAR_NAME_MAX = 255,          // bytes between two slashes of a path
	TAR_ID_MAX = UINT32_MAX - 1, // the highest number of a user or group
};

enum tar_kind {
	TAR_FILE,
	TAR_DIRECTORY,
	TAR_SYMLINK,
	TAR_HARDLINK, // another name for an entry that came before, or comes later
	TAR_CHARDEV,
	TAR_BLOCKDEV,
	TAR_FIFO,
};

struct tar_entry { // what it points to is valid until the next entry is asked for
	enum tar_kind kind;
	const char *path; // relative and clean: "a/b", no empty part, no "." or ".."; the archive's
			  // top itself is "."
	const char *link; // of links only: a symlink's as it is, a hard link's clean like path
	uint32_t mode;    // permission bits with set-id and sticky: 07777
	uint32_t uid;
	uint32_t gid;
	int64_t mtime;     // seconds after 1970, or before
	uint32_t mtime_ns; // and nanoseconds, counted upwards
	uint64_t size;     // of a file: its length, holes included
	uint64_t stored;   // bytes of content that tar_piece gives: less than size of a sparse file
	uint32_t major;    // of a device
	uint32_t minor;
	const struct tar_xattr *xattrs;
	size_t xattrs_n;
	unsigned left_out; // records that were passed over and say something of permissions: ACLs
			   // in text, SELinux labels
};

struct tar_piece {
	uint64_t at; // where in the file
	struct str bytes;
};

struct tar {
	struct arena *arena;
	struct stream *source;
	uint64_t place;           // of the header being read, for messages
	bool begun;               // a header was read
	bool ended;               // the end was
	bool held;                // `block` is the next header, read ahead
	uint64_t left;            // bytes of content that were not asked for yet
	uint64_t at;              // where in the file they belong
	unsigned padding;         // bytes after them, up to a whole block
	bool is_sparse;           // whether `sparse` says where they belong
	size_t segment;           // which of its segments is the next
	struct tar_sparse sparse; // where the content of a sparse file belongs
	struct tar_pax global;    // what a global header said of all entries
	size_t global_n;          // bytes of such headers
	struct tar_pax pax;       // what was said of this entry
	struct tar_room records;  // the text of its pax records
	struct tar_room decoded;  // values that stand in them in another form
	char block[TAR_BLOCK];    // a header that did not lie in one piece
	char long_path[TAR_PATH_MAX + 2];
	char long_link[TAR_PATH_MAX + 2];
	char path[TAR_PATH_MAX + 2];
	char link[TAR_PATH_MAX + 2];
};

// Makes it ready to read what `source` gives, from its next byte on.
void tar_open(struct tar *tar, struct arena *arena, struct stream *source);

// Reads the next entry, passing over content of the last one. Returns 0, TAR_END after the last
// one, or an error, worded with the entry's path where it is known and its place in the archive
// where not. After an error the reader must not be asked again.
//
// The end is two blocks of zeros; one, or none, will do where the archive ends there. At TAR_END
// the source was read to its end: only zeros may follow.
enum { TAR_END = 1 };
int tar_next(struct tar *tar, struct tar_entry *ret_entry);

// Gives the next piece of the entry's content, valid until the next call. From memory it comes in
// one piece, unless the file is sparse. Returns 0, TAR_END after the last piece, or an error.
int tar_piece(struct tar *tar, struct tar_piece *ret_piece);
