// SPDX-License-Identifier: Apache-2.0
// tar_name.h - paths as archives have them, and as they are taken
#pragma once

#include "base/str.h"

// Cleans a path: "/a//./b/" becomes "a/b", the top itself ".". What is empty, has a NUL or a part
// ".." is -EINVAL, what is too long -ENAMETOOLONG. `room` holds TAR_PATH_MAX + 2 bytes.
int tar_name_clean(struct str raw, char *room);

// Copies a symbolic link's target, which may be anything but empty, with a NUL or too long.
int tar_name_target(struct str raw, char *room);
