// SPDX-License-Identifier: Apache-2.0
// bind.h - what went wrong with a bind, beyond the errno
#pragma once

// What the bind step was at when it failed: walk.detail. Zero is nothing of these.
enum bind_detail {
	BIND_SOURCE = 1,        // finding the source, or copying its mount
	BIND_OWNER,             // giving its files to the container's user
	BIND_USER,              // looking that user up
	BIND_CHANGE,            // attributes, propagation
	BIND_TARGET,            // finding or making the target
	BIND_FILE_ON_DIRECTORY, // the source is a file, the target a directory
	BIND_DIRECTORY_ON_FILE, // the other way round
	BIND_COPY,              // copying what the target holds into the source
	BIND_ATTACH,            // the last step
};
