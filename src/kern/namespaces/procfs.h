// SPDX-License-Identifier: Apache-2.0
// procfs.h - files of the host's /proc, written where they can't be others
#pragma once

// Writes the whole value in one write(2) to the file `path` of the host's procfs ("sys/net/…"). No
// link and no mount is passed on the way. Raw, for a container's first process as long as it stands
// in the host's root: returns 0 or a negative errno, -EXDEV where /proc is no procfs or something
// else is mounted on the file.
int procfs_write(const char *path, const char *value);

// The same for a file of the calling process itself: "oom_score_adj".
int procfs_write_self(const char *name, const char *value);
