// SPDX-License-Identifier: Apache-2.0
// unpack_parts.h - what the files of the unpacker share
//
// Functions return 0 or a negative errno. Where they have better words for it they record them
// (base/fail.h); for all others unpack.c says which entry it was.
#pragma once

#include "flow/tar.h"
#include "store/unpack.h"

#include <sys/stat.h>

enum {
	UNPACK_NODES_MAX = 1 << 10, // device nodes of a layer
	UNPACK_PATH_ROOM = 4096,    // a path with its NUL: what a system call takes
};

// A directory of the layer, opened: the last one stays open while entries are made in it.
struct unpack_slot {
	int fd;                       // O_PATH, or -1
	char asked[UNPACK_PATH_ROOM]; // as the tar named it
	char path[UNPACK_PATH_ROOM];  // where it is: no part is a link. "." is the top
};

struct unpack_attributes {
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	int64_t mtime;
	uint32_t mtime_ns;
	const struct tar_xattr *xattrs;
	size_t xattrs_n;
};

struct unpack_directory { // one whose attributes wait for the end
	struct unpack_directory *next;
	const char *path;
	size_t order; // of two with one path the later counts
	bool opaque;  // it is to be marked; `attributes` are empty then
	bool implied; // no entry names it: its attributes are those below
	struct unpack_attributes attributes;
};

struct unpack_node { // a device node, whose place an empty file holds until the end
	struct unpack_node *next;
	const char *path; // NULL when another entry took its place
	struct unpack_record record;
};

struct unpack_deferred { // a hard link whose target was not there
	struct unpack_deferred *next;
	const char *path;
	const char *link;
	bool done;
};

struct unpack_copy { // a file that was taken over from a lower layer
	struct unpack_copy *next;
	const char *from; // its path there
	const char *path; // and here
};

struct unpack {
	struct arena *arena;
	const struct unpack_want *want;
	struct tar tar;
	struct unpack_result did;
	const char *path;                     // what is being made, for messages
	struct unpack_slot here;              // where entries are made
	struct unpack_slot there;             // where a hard link leads
	struct unpack_directory *directories; // the one added last first
	size_t directories_n;
	struct unpack_node *nodes;
	size_t nodes_n;
	struct unpack_deferred *deferred; // in the tar's order
	struct unpack_deferred **deferred_end;
	size_t deferred_n;
	struct unpack_copy *copies;
	uint64_t bytes_max; // see unpack_want
	size_t xattr_bytes; // of directories, which are kept until the end
};

// unpack_path.c

// Opens the directory that a clean path's last part lies in, in `slot`, and tells that part. Links
// on the way are taken inside; what is missing is made.
int unpack_parent(struct unpack *unpack, struct unpack_slot *slot, const char *path,
		  const char **ret_name);

// The same, but what is missing is -ENOENT.
int unpack_look(struct unpack *unpack, struct unpack_slot *slot, const char *path,
		const char **ret_name);

// The path of `name` in the slot's directory, without a link in it. Fails when it is too long.
int unpack_join(struct unpack *unpack, const struct unpack_slot *slot, const char *name,
		const char **ret_path);

// unpack_make.c

// Makes files, directories, symbolic links, FIFOs and what stands for a device node.
int unpack_make(struct unpack *unpack, const struct tar_entry *entry);

// Removes what is called `name` in unpack->here, whatever it is, to make way for an entry.
int unpack_make_way(struct unpack *unpack, const char *name);

// Adds to what was written. Fails when that becomes more than there is room for.
int unpack_count_bytes(struct unpack *unpack, uint64_t n);

// unpack_node.c

// Makes an empty file that holds the place of a device node, called `name` in unpack->here.
int unpack_node(struct unpack *unpack, const struct unpack_record *node, const char *name);

// The record of a device, and whether somebody makes it: 1 when it is left out.
int unpack_node_of(struct unpack *unpack, const struct tar_entry *entry,
		   struct unpack_record *ret_node);

// The node whose place is held at this path, or NULL.
const struct unpack_node *unpack_node_at(const struct unpack *unpack, const char *path);

// What was at this path and below it is gone.
void unpack_forget_nodes(struct unpack *unpack, const char *path);

// Removes the files that hold places; passes the nodes on.
int unpack_clear_nodes(struct unpack *unpack);
int unpack_pass_nodes(struct unpack *unpack);

// unpack_dress.c

struct unpack_attributes unpack_attributes_of(const struct tar_entry *entry);

// Owner, extended attributes, mode and times of what was opened, for writing or reading.
int unpack_dress(struct unpack *unpack, int fd, const struct unpack_attributes *attributes);

// The same without extended attributes for what can't be opened; a link has no mode.
int unpack_dress_at(struct unpack *unpack, int parent, const char *name, bool is_link,
		    const struct unpack_attributes *attributes);

// Counts an attribute that cannot be kept.
void unpack_leave_out(struct unpack *unpack, struct str name);

// unpack_directory.c

// The directory gets these attributes at the end, the mark as well.
int unpack_directory_later(struct unpack *unpack, const char *path,
			   const struct unpack_attributes *attributes);
void unpack_opaque_later(struct unpack *unpack, const char *path);

// Likewise for one that no entry named so far.
int unpack_directory_implied(struct unpack *unpack, const char *path);

int unpack_finish_directories(struct unpack *unpack);
int unpack_pass_marks(struct unpack *unpack);

// unpack_white.c

// What a name that begins with ".wh." says about the layers below.
enum unpack_white {
	UNPACK_WHITE_NONE,   // nothing: it is an entry like others
	UNPACK_WHITE_OUT,    // what the rest of its last part names is gone
	UNPACK_WHITE_OPAQUE, // everything in its directory is gone
	UNPACK_WHITE_SKIP,   // it was of use to aufs alone
	UNPACK_WHITE_BAD,    // no tool that follows the specification writes it
};

enum unpack_white unpack_white_of(const char *path);
int unpack_white_out(struct unpack *unpack, const char *path);
int unpack_white_opaque(struct unpack *unpack, const char *path);
bool unpack_is_whiteout(const struct stat *status);

// unpack_link.c

int unpack_link(struct unpack *unpack, const struct tar_entry *entry);
int unpack_finish_links(struct unpack *unpack);

// unpack_lower.c

// Looks for the path in the layers below. Returns 0, with a descriptor of its parent, or -ENOENT.
int unpack_lower_find(struct unpack *unpack, const char *path, int *ret_parent,
		      struct stat *ret_status);

// Makes what the layers below have under `from` at `path`, too. Returns 0, -ENOENT when they have
// nothing there.
int unpack_lower_copy(struct unpack *unpack, const char *from, const char *path);
