// SPDX-License-Identifier: Apache-2.0
// unpacker.c - the helper programs that unpack a layer, and take one away
//
// What tare-unpack is, is told in src/helper/unpack.c. Root has tare-nodes beside it, with a socket
// between the two, for what no user namespace can make. An ordinary user has nobody who could.
#include "store/unpacker.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/program.h"
#include "base/remove.h"

#include <sys/socket.h>
#include <unistd.h>

static int start_nodes(struct arena *arena, const struct unpacker_want *want, int *ret_socket,
		       struct program_child *ret_child)
{
	int ends[2];
	uint32_t uid, gid;
	if (!layer_map_root(want->map, &uid, &gid)) {
		fail(-EINVAL, "layer: id 0 is not in the id map");
		fail_hint("an image needs a root; map container id 0 to some id of the host");
		return -EINVAL;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return fail_sys(-errno, "socket pair for device nodes");
	_cleanup_fd_ int ours = ends[0], theirs = ends[1];
	const char *arguments[] = {arena_printf(arena, "%u", uid), arena_printf(arena, "%u", gid),
				   NULL};
	const int fds[] = {theirs, want->top};
	TRY(program_start(arena,
			  &(struct program){
				  .name = "tare-nodes",
				  .arguments = arguments,
				  .fds = fds,
				  .fds_n = lengthof(fds),
			  },
			  ret_child));
	*ret_socket = take_fd(&ours);
	return 0;
}

static int start_unpack(struct arena *arena, const struct unpacker_want *want, int nodes,
			struct program_child *ret_child)
{
	struct layer_map_arguments maps = layer_map_arguments(arena, want->map);
	const char *arguments[] = {
		"unpack",
		maps.uids,
		maps.gids,
		nodes < 0 ? "user" : "trusted",
		arena_printf(arena, "%llu", (unsigned long long)want->limit),
		arena_printf(arena, "%zu", want->lowers_n),
		NULL,
	};
	const int first[] = {want->source, want->top, want->blob, nodes};
	int *fds = arena_array(arena, int, lengthof(first) + want->lowers_n);
	memcpy(fds, first, sizeof(first));
	if (want->lowers_n)
		memcpy(fds + lengthof(first), want->lowers, want->lowers_n * sizeof(int));
	return program_start(arena,
			     &(struct program){
				     .name = "tare-unpack",
				     .arguments = arguments,
				     .fds = fds,
				     .fds_n = lengthof(first) + want->lowers_n,
			     },
			     ret_child);
}

static int read_digest(struct str reply, const char *key, char ret_text[DIGEST_TEXT + 1])
{
	struct str value;
	struct digest digest;
	TRY(program_value(reply, key, &value));
	TRY(digest_parse(value, &digest));
	digest_print(&digest, ret_text);
	return 0;
}

int unpacker_read(struct arena *arena, struct str reply, struct unpacker_result *ret_result)
{
	struct unpacker_result read = {0}, *result = &read;
	struct str codec, xattr;
	uint64_t by_lower;
	TRY(program_number(reply, "size", INT64_MAX, &result->blob.size));
	TRY(read_digest(reply, "digest", result->blob.digest));
	TRY(program_number(reply, "tar-size", INT64_MAX, &result->tar_size));
	TRY(read_digest(reply, "diff-id", result->diff_id));
	TRY(program_value(reply, "codec", &codec));
	if (!str_is(codec, "none") && !str_is(codec, "gzip") && !str_is(codec, "zstd"))
		return fail(-EBADMSG, "a helper program's answer: a codec that is none");
	result->codec = arena_dup_n(arena, codec.p, codec.n);
	TRY(program_number(reply, "entries", INT64_MAX, &result->entries));
	TRY(program_number(reply, "nodes-left-out", INT64_MAX, &result->nodes_left_out));
	TRY(program_number(reply, "xattrs-left-out", INT64_MAX, &result->xattrs_left_out));
	TRY(program_number(reply, "by-lower", 1, &by_lower));
	result->by_lower = by_lower;
	if (result->xattrs_left_out) {
		TRY(program_value(reply, "xattr", &xattr));
		result->xattr = arena_dup_n(arena, xattr.p, xattr.n);
	}
	*ret_result = read;
	return 0;
}

int unpacker_run(struct arena *arena, const struct unpacker_want *want,
		 struct unpacker_result *ret_result)
{
	_cleanup_program_ struct program_child nodes = PROGRAM_NONE, unpack = PROGRAM_NONE;
	_cleanup_fd_ int socket = -1;
	struct str reply, nodes_reply;
	if (geteuid() == 0)
		TRY(start_nodes(arena, want, &socket, &nodes));
	TRY(start_unpack(arena, want, socket, &unpack));
	fd_close(&socket); // tare-nodes ends with the last one who could ask it
	TRY(program_finish(arena, &unpack, &reply));
	if (nodes.pid)
		TRY(program_finish(arena, &nodes, &nodes_reply));
	return unpacker_read(arena, reply, ret_result);
}

int unpacker_inflate(struct arena *arena, int source, int target)
{
	static const char *const arguments[] = {"inflate", NULL};
	const int fds[] = {source, target};
	struct str reply;
	return program_run(arena,
			   &(struct program){
				   .name = "tare-unpack",
				   .arguments = arguments,
				   .fds = fds,
				   .fds_n = lengthof(fds),
			   },
			   &reply);
}

int unpacker_remove(struct arena *arena, int parent, const char *name,
		    const struct layer_map_arguments *maps)
{
	struct str reply;
	int result = remove_tree(parent, name);
	if (!result)
		return 0;
	if ((result != -EACCES && result != -EPERM) || geteuid() == 0)
		return fail_sys(result, "remove '%s'", name);
	const char *arguments[] = {"remove", maps->uids, maps->gids, name, NULL};
	return program_run(arena,
			   &(struct program){
				   .name = "tare-unpack",
				   .arguments = arguments,
				   .fds = &parent,
				   .fds_n = 1,
			   },
			   &reply);
}
