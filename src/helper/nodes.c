// SPDX-License-Identifier: Apache-2.0
// nodes.c - tare-nodes: makes what a user namespace can't
//
//	tare-nodes UID GID     3: a socket with the requests; 4: the layer's directory
//
// No user namespace may make device nodes, or attributes under "trusted.", which mark a directory
// that hides those below it: either would be power over the host. Root may. So tare-unpack's tree,
// which read a stranger's tar, asks for them here, by records of fixed form
// (store/unpack_record.h), one a packet, and is answered by a number: 0 or a negative errno.
//
// This program reads no tar. It believes a record as far as anybody may ask for any device in a
// layer: the record names a path beneath the one directory this process can reach, and a container
// opens no device but those it was given. It becomes the user who owns the directories of the tree,
// and keeps two capabilities: CAP_MKNOD, and CAP_SYS_ADMIN for the attribute. Owner and times of a
// node are set by who asked: for that his own user namespace is enough.
#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/program.h"
#include "kern/caps.h"
#include "kern/process/creds.h"
#include "kern/process/jail.h"
#include "store/unpack_record.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	REQUESTS = PROGRAM_FD_FIRST,
	TOP,
	NODES_MAX = 4096,      // of a layer; Debian's /dev has some twenty
	MARKS_MAX = 1 << 20,   // opaque directories of a layer
	MODE = 07777 | S_IFMT, // bits that a mode may have
};

struct made {
	uint64_t nodes;
	uint64_t marks;
};

static int make_node(const struct unpack_record *record)
{
	char parent_path[UNPACK_RECORD_PATH_MAX + 1] = ".";
	const char *slash = strrchr(record->path, '/');
	if (slash)
		snprintf(parent_path, sizeof(parent_path), "%.*s", (int)(slash - record->path),
			 record->path);
	_cleanup_fd_ int parent = path_open_no_links(TOP, parent_path, O_PATH | O_DIRECTORY);
	if (parent < 0)
		return parent;
	return mknodat(parent, slash ? slash + 1 : record->path, record->mode & MODE,
		       makedev(record->major, record->minor))
		       ? -errno
		       : 0;
}

static int mark(const struct unpack_record *record)
{
	_cleanup_fd_ int fd = path_open_no_links(TOP, record->path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	return fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0) ? -errno : 0;
}

static int make(const struct unpack_record *record, struct made *made)
{
	switch (record->kind) {
	case UNPACK_NODE:
		return ++made->nodes > NODES_MAX ? -E2BIG : make_node(record);
	case UNPACK_OPAQUE:
		return ++made->marks > MARKS_MAX ? -E2BIG : mark(record);
	}
	return -EINVAL;
}

// Returns the answer to one request; below 0 is an error that the asker hears, too.
static int serve(struct str bytes, struct made *made)
{
	struct arena arena = {0};
	struct unpack_record record;
	size_t used;
	int result = unpack_record_read(&arena, bytes, &record, &used);
	if (result || used != bytes.n)
		result = -EBADMSG;
	else
		result = make(&record, made);
	arena_free(&arena);
	return result;
}

static int serve_all(struct made *made)
{
	static char bytes[UNPACK_RECORD_MAX + 1];
	for (;;) {
		ssize_t n = recv(REQUESTS, bytes, sizeof(bytes), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_sys(-errno, "hear requests for device nodes");
		if (n == 0)
			return 0;
		int32_t answer = serve((struct str){bytes, (size_t)n}, made);
		if (send(REQUESTS, &answer, sizeof(answer), MSG_NOSIGNAL) != sizeof(answer))
			return fail_sys(-errno, "answer a request for a device node");
	}
}

static int enter(uint32_t uid, uint32_t gid)
{
	int top = TOP;
	if (fchdir(top) || chroot("."))
		return fail_sys(-errno, "make the layer's directory the root");
	if (prctl(PR_SET_KEEPCAPS, 1))
		return fail_sys(-errno, "keep capabilities");
	int result = uid || gid ? creds_become(uid, gid, NULL, 0) : 0;
	if (result)
		return fail_sys(result, "become user %u", uid);
	umask(0);
	return jail_enter(&(struct jail){
		.work = JAIL_TREE,
		.root = -1, // it is there
		.writable = &top,
		.writable_n = 1,
		.capabilities = CAPS_BIT(CAP_MKNOD) | CAPS_BIT(CAP_SYS_ADMIN),
		.memory = 64 << 20,
	});
}

static int work(int argc, char **argv, struct buf *answer)
{
	uint64_t uid, gid;
	struct made made = {0};
	if (argc != 3 || str_number(str_of(argv[1]), UINT32_MAX - 1, &uid) ||
	    str_number(str_of(argv[2]), UINT32_MAX - 1, &gid))
		return fail(-EINVAL, "tare-nodes: this program is for tare to start");
	TRY(enter((uint32_t)uid, (uint32_t)gid));
	TRY(serve_all(&made));
	buf_printf(answer, "nodes %llu\nmarks %llu\n", (unsigned long long)made.nodes,
		   (unsigned long long)made.marks);
	return 0;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf answer = buf_new(&arena, PROGRAM_REPLY_MAX);
	return work(argc, argv, &answer) ? program_answer_fault()
					 : program_answer(buf_str(&answer));
}
