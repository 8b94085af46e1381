// SPDX-License-Identifier: Apache-2.0
// cidfile.h - --cidfile: the container's id, written to a file for scripts
#pragma once

// Refuses a file that is there already: it may be of a container that still runs.
int cidfile_check(const char *path);

// Makes the file with the id in it, without a newline, as Docker does. Done by whoever starts the
// container, before it does; an existing file is refused here too.
int cidfile_write(const char *path, const char *id);
