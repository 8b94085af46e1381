// SPDX-License-Identifier: Apache-2.0
// reference.h - what an image is called: "debian", "quay.io/app/web:2.1", "web@sha256:…"
//
// Docker's grammar and its way of filling in what was left out:
//
//	base              docker.io/library/base:latest
//	app/web:2         docker.io/app/web:2
//	localhost/web     localhost/web:latest
//	web@sha256:…      docker.io/library/web@sha256:…
//
// A name is kept in full and shown short.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	REFERENCE_NAME_MAX = 255, // bytes of domain and path together
	REFERENCE_TAG_MAX = 128,
};

struct reference {
	const char *domain; // "docker.io", "localhost:5000"
	const char *path;   // "library/base"
	const char *tag;    // "latest"; NULL where there is a digest alone
	const char *digest; // "sha256:…" of a manifest; NULL: not given
};

// Reads a name and fills in domain, "library/" and, where there is no digest either, the tag.
// Returns 0 or -EINVAL, worded with what is wrong with it.
int reference_parse(struct arena *arena, struct str text, struct reference *ret_reference);

// "docker.io/library/base:latest", "docker.io/library/base@sha256:…".
const char *reference_full(struct arena *arena, const struct reference *reference);

// The repository in full, "docker.io/library/base", and short, "base".
const char *reference_repository(struct arena *arena, const struct reference *reference);
const char *reference_familiar(struct arena *arena, const struct reference *reference);

// The whole short name: "base:latest".
const char *reference_short(struct arena *arena, const struct reference *reference);
