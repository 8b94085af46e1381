// SPDX-License-Identifier: Apache-2.0
// name.h - what a container is called: its name and its host name
#pragma once

#include "base/arena.h"

enum {
	CONTAINER_NAME_MAX = 128, // it is part of file names
	HOST_NAME_MAX_BYTES = 64, // the kernel's __NEW_UTS_LEN
};

// A name as Docker allows it: [a-zA-Z0-9][a-zA-Z0-9_.-]+.
int name_check(const char *text);

// A host name: labels of letters, digits, '-' and '_', with dots between them.
int hostname_check(const char *text);

// The same for --domainname.
int domainname_check(const char *text);

enum { NAME_TURNS = 16 }; // that an id of 64 digits has

// Makes a name such as "quiet_larch" out of an id: the same digits give the same name. There are
// 16,384 of them: where one is taken, the id's next four digits have their `turn`, below
// NAME_TURNS.
const char *name_from_id(struct arena *arena, const char *id, size_t turn);
