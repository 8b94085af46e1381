// SPDX-License-Identifier: Apache-2.0
// tar.h - a strict reader of tar archives that lie in memory
//
// It takes what today's tools write into layers: ustar headers (POSIX.1-2017, pax, "ustar
// Interchange Format") and pax records for what doesn't fit them. Entries are files, directories,
// symbolic and hard links. All else is an error that names the entry: nothing is skipped, guessed
// or half understood.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	TAR_BLOCK = 512,       // archives are made of blocks
	TAR_PATH_MAX = 4095,   // bytes of a path or link target
	TAR_NAME_MAX = 255,    // bytes between two slashes of a path
	TAR_PAX_MAX = 1 << 20, // bytes of pax records before one entry
};

enum tar_kind {
	TAR_FILE,
	TAR_DIRECTORY,
	TAR_SYMLINK,
	TAR_HARDLINK, // another name for an entry that came before
};

struct tar_entry {
	enum tar_kind kind;
	const char *path; // relative and clean: "a/b", no empty part, no "." or ".."; the archive's
			  // top itself is "."
	const char *link; // of links only: a symlink's as it is, a hard link's clean like path
	uint32_t mode;    // permission bits with set-id and sticky: 07777
	uint32_t uid;
	uint32_t gid;
	int64_t mtime;      // seconds after 1970
	uint32_t mtime_ns;  // and nanoseconds
	struct str content; // of a file, within the archive
};

struct tar {
	struct arena *arena; // for paths
	struct str all;      // the archive
	size_t at;           // where the next header is
};

static inline struct tar tar_open(struct arena *arena, struct str archive)
{
	return (struct tar){arena, archive, 0};
}

// Reads the next entry. Returns 0, TAR_END after the last one, or an error, worded with the entry's
// path where it is known and its place in the archive where not. After an error the reader must
// not be asked again.
enum { TAR_END = 1 };
int tar_next(struct tar *tar, struct tar_entry *ret_entry);
