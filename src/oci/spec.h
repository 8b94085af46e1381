// SPDX-License-Identifier: Apache-2.0
// spec.h - the OCI runtime specification's config.json
//
// One struct an object, fields named as in the document. Text is NUL-terminated and belongs to the
// arena the document was read into; an absent string is NULL, an absent list has length 0, an
// absent number is told by its comment. The shape tables beside each struct parse and print it.
#pragma once

#include "oci/freebsd.h"
#include "oci/hooks.h"
#include "oci/linux.h"
#include "oci/process.h"

// The release of the specification that these tables hold; of all from 1.0.0 on a document may be.
#define OCI_SPEC_VERSION "1.3.0"

struct oci_root {
	const char *path; // directory of the root file system; NULL: the object is not there
	bool readonly;
};

struct oci_mount {
	const char *destination; // in the container; relative ones, an old form, are from "/" on
	const char *type;        // "proc", "tmpfs", "bind", …
	const char *source;      // a host path for binds
	struct oci_strings options;
	struct oci_id_map *uid_mappings; // of "idmap", "ridmap": ids of the files (container_id),
					 // and the ids they are seen as (host_id)
	size_t uid_mappings_n;
	struct oci_id_map *gid_mappings;
	size_t gid_mappings_n;
	const char *scratch; // of an overlay over `source`: the container's own directory that gets
			     // `upper` and `work`. Not of the document
};

struct oci_spec {
	const char *oci_version;
	struct oci_process process;
	struct oci_root root;
	const char *hostname;
	const char *domainname; // of NIS: what getdomainname(2) says
	struct oci_mount *mounts;
	size_t mounts_n;
	struct oci_hooks hooks;
	struct oci_linux linux_;
	struct oci_pairs annotations;

	struct oci_freebsd *freebsd; // other platforms; NULL: not given
	const char *solaris;         // these four as they stand in the document
	const char *vm;
	const char *windows;
	const char *zos;

	struct oci_strings unknown; // set by parse: places of the keys that are not in here
};

// Gives every field its "not given" value. Items of lists have theirs from whoever makes them:
// a device rule for any device has major and minor -1.
void oci_spec_init(struct oci_spec *spec);

// Reads config.json. Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_spec_parse(struct arena *arena, struct str text, struct oci_spec *ret_spec);

// What the specification demands of a document for Linux beyond the form of each value: what must
// be there, what must not be there twice or together. Returns 0 or -EINVAL, worded with the place;
// -EOPNOTSUPP where the document is one for another platform.
int oci_spec_check(const struct oci_spec *spec);

// Writes it, indented, with a newline at the end. Parsing that gives the same spec again, but for
// `unknown`.
void oci_spec_print(struct buf *buf, const struct oci_spec *spec);

// For whoever walks the whole document.
extern const struct shape oci_spec_shape;
