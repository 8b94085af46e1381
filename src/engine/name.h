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

// Makes a name such as "quiet_larch" out of an id: the same id gives the same name. There are
// 16,384 of them: where one is taken, draw another id.
const char *name_from_id(struct arena *arena, const char *id);
