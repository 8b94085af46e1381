// SPDX-License-Identifier: Apache-2.0
// unpack_stages.c - the processes that a layer passes through
//
// Each enters its jail first: see unpack.c for who stands where, and why.
#include "helper/unpack.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/remove.h"
#include "codec/codec.h"
#include "helper/sha256.h"
#include "helper/stage.h"
#include "kern/caps.h"
#include "kern/process/jail.h"
#include "store/unpack.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int enter_bytes(void)
{
	return jail_enter(&(struct jail){.work = JAIL_BYTES, .root = -1, .memory = UNPACK_MEMORY});
}

struct pumping {
	const struct unpack_pump *pump;
	struct sha256 sha256;
};

static int look(void *context, struct str piece)
{
	struct pumping *pumping = context;
	const struct unpack_pump *pump = pumping->pump;
	if (piece.n > pump->limit - pumping->sha256.size)
		return fail(-EFBIG, "layer: more than %llu bytes", (unsigned long long)pump->limit);
	sha256_add(&pumping->sha256, piece.p, piece.n);
	if (pump->copy < 0)
		return 0;
	int result = fd_write_all(pump->copy, piece.p, piece.n);
	return result ? fail_sys(result, "write the blob") : 0;
}

int unpack_pump(struct arena *arena unused_, void *context, struct buf *answer)
{
	struct pumping pumping = {.pump = context};
	const struct unpack_pump *pump = context;
	TRY(enter_bytes());
	sha256_start(&pumping.sha256);
	int result = stage_pump(pump->from, pump->to, look, &pumping);
	if (result)
		return result;
	if (pump->copy >= 0 && fsync(pump->copy))
		return fail_sys(-errno, "sync the blob");
	buf_printf(answer, "%s %llu\n", pump->size, (unsigned long long)pumping.sha256.size);
	sha256_answer(&pumping.sha256, pump->sha256, answer);
	return 0;
}

int unpack_inflate(struct arena *arena, void *context, struct buf *answer)
{
	static const char *const names[] = {
		[CODEC_NONE] = "none",
		[CODEC_GZIP] = "gzip",
		[CODEC_ZSTD] = "zstd",
	};
	const struct unpack_end *end = context;
	enum codec codec;
	struct stream *plain;
	TRY(enter_bytes());
	TRY(codec_open(arena, stream_fd(arena, end->from, "layer"), &codec, &plain));
	for (;;) {
		struct str piece;
		TRY(stream_take(plain, STREAM_PIECE, &piece));
		if (!piece.n)
			break;
		int result = fd_write_all(end->to, piece.p, piece.n);
		if (result)
			return result == -EPIPE ? 0 : fail_sys(result, "pass the layer on");
	}
	buf_printf(answer, "codec %s\n", names[codec]);
	return 0;
}

// Owner and times of a node that was made for us.
static int dress(int top, const struct unpack_record *record)
{
	const char *slash = strrchr(record->path, '/');
	char parent_path[UNPACK_RECORD_PATH_MAX + 1] = ".";
	if (slash)
		snprintf(parent_path, sizeof(parent_path), "%.*s", (int)(slash - record->path),
			 record->path);
	const char *name = slash ? slash + 1 : record->path;
	const struct timespec times[2] = {{record->mtime, record->mtime_ns},
					  {record->mtime, record->mtime_ns}};
	_cleanup_fd_ int parent = path_open_no_links(top, parent_path, O_PATH | O_DIRECTORY);
	if (parent < 0)
		return parent;
	return fchownat(parent, name, record->uid, record->gid, AT_SYMLINK_NOFOLLOW) ||
			       utimensat(parent, name, times, AT_SYMLINK_NOFOLLOW)
		       ? -errno
		       : 0;
}

static int pass(void *context, const struct unpack_record *record)
{
	const struct unpack_job *job = context;
	char bytes[UNPACK_RECORD_MAX];
	int32_t answer;
	size_t n = unpack_record_write(record, bytes);
	if (send(job->nodes, bytes, n, MSG_NOSIGNAL) != (ssize_t)n ||
	    recv(job->nodes, &answer, sizeof(answer), 0) != sizeof(answer))
		return fail(-EPIPE, "layer: '%s': the maker of device nodes has died",
			    record->path);
	int result = answer;
	if (result == 0 && record->kind == UNPACK_NODE)
		result = dress(job->top, record);
	return result < 0 ? fail_sys(result, "layer: make '%s'", record->path) : 0;
}

static int enter_tree(const struct unpack_job *job)
{
	return jail_enter(&(struct jail){
		.work = JAIL_TREE,
		.root = job->top,
		.writable = &job->top,
		.writable_n = 1,
		.readable = job->lowers,
		.readable_n = job->lowers_n,
		.capabilities = CAPS_BIT(CAP_CHOWN) | CAPS_BIT(CAP_DAC_OVERRIDE) |
				CAPS_BIT(CAP_FOWNER) | CAPS_BIT(CAP_FSETID) | CAPS_BIT(CAP_SETFCAP),
		.memory = UNPACK_MEMORY,
	});
}

int unpack_tree(struct arena *arena, void *context, struct buf *answer)
{
	const struct unpack_end *end = context;
	const struct unpack_job *job = end->job;
	struct unpack_result did;
	TRY(enter_tree(job));
	umask(0);
	struct unpack_want want = {
		.top = job->top,
		.source = stream_fd(arena, end->from, "layer"),
		.owners = job->owners,
		.marks = job->users_marks ? UNPACK_MARKS_USER : UNPACK_MARKS_PASSED,
		.pass = job->nodes >= 0 ? pass : NULL,
		.context = (void *)job,
		.lowers = job->lowers,
		.lowers_n = job->lowers_n,
	};
	TRY(unpack_layer(arena, &want, &did));
	buf_printf(answer,
		   "entries %llu\nbytes %llu\nnodes-left-out %llu\nxattrs-left-out %llu\n"
		   "by-lower %d\n",
		   (unsigned long long)did.entries, (unsigned long long)did.bytes,
		   (unsigned long long)did.nodes, (unsigned long long)did.xattrs, did.by_lower);
	if (did.xattrs) {
		buf_puts(answer, "xattr ");
		for (const char *p = did.xattr; *p; p++)
			buf_putc(answer, *p < ' ' || *p == 0x7f ? '?' : *p);
		buf_putc(answer, '\n');
	}
	return 0;
}

int unpack_remove(struct arena *arena unused_, void *context, struct buf *answer unused_)
{
	const struct unpack_remove *remove = context;
	TRY(enter_tree(&(struct unpack_job){.top = remove->parent}));
	int result = remove_tree(remove->parent, remove->name);
	return result ? fail_sys(result, "remove '%s'", remove->name) : 0;
}
