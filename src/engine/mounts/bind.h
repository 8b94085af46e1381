// SPDX-License-Identifier: Apache-2.0
// bind.h - the words that say how something of the host is shown inside
#pragma once

#include "oci/spec.h"

// What the words of one bind mount ask for. Begin with BIND_NEW; each group may be said once.
struct bind {
	const char *flag; // "--volume", for messages
	const char *text; // its value
	bool access_said;
	bool readonly;
	bool top_only;           // read-only holds for the mount itself, not for those below
	const char *propagation; // "rslave"; NULL: not said, private
	const char *recursion;   // "rbind", "bind"; NULL: not said, recursive
	const char *exec;        // "exec", "noexec"; NULL: as the source has it
	const char *suid;        // "suid", "nosuid"; likewise
	const char *dev;         // "dev", "nodev"; likewise
	const char *label;       // "z", "Z": SELinux labels; NULL: not said
	bool overlay;            // O: changes go elsewhere, and are thrown away
	bool chown;              // U: the files become the container user's
	const char *idmap;       // "idmap", "idmap=uids=…;gids=…"; NULL: not said
};

#define BIND_NEW(its_flag, its_text) ((struct bind){.flag = (its_flag), .text = (its_text)})

// Reads one word, as it stands in -v. Returns 0, BIND_OTHER for a word that is none of them, or an
// error of fail.h: said twice, or not yet.
enum { BIND_OTHER = 1 };
int bind_word(struct arena *arena, struct bind *bind, struct str word);

// Completes the mount, which has its source (absolute) and destination: type and options in the
// runtime specification's words, beside them z, Z and U of Podman's, and the id mappings, which are
// written "idmap=uids=0-1000-10#10-20-5;gids=0-1000-10": ids of the file system, ids they are seen
// as, how many.
int bind_finish(struct arena *arena, const struct bind *bind, struct oci_mount *mount);
