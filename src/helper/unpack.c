// SPDX-License-Identifier: Apache-2.0
// unpack.c - tare-unpack: a layer, as it came, into a directory
//
//	tare-unpack unpack UIDS GIDS MARKS LIMIT LOWERS
//	    3 the layer   4 the directory   5 a file for a copy, or none   6 tare-nodes, or none
//	    7… the directories of the LOWERS layers below, the topmost first
//	tare-unpack remove UIDS GIDS NAME
//	    3 the directory it is in
//	tare-unpack inflate
//	    3 a compressed file   4 an empty one that takes what is in it
//
// UIDS and GIDS are id maps, "0:1000:1,1:100000:65536", or "same": every id is itself. A layer
// passes through four processes, each in a jail of its own:
//
//	           bytes                 bytes of the tar
//	  source ───────▶ pump ▶ inflate ───────▶ pump ▶ tree ───▶ the directory
//	                  digest, copy            diff id   └────▶ tare-nodes, for devices
//
// What is hostile is read by `inflate` and `tree`. One that was taken over can't lie about digests:
// the pumps, which read no format, count and hash what passes. So a layer's name is always the
// digest of the very tar that its author sent, and whoever wrote that tar could have written any
// tree into it. `inflate` has two pipes and nothing else. `tree` has the directory, in a user
// namespace where it is root over the ids of the map and over nothing else of the host.
//
// Device nodes, and marks of the overlay that an ordinary user's namespace can't set, are asked
// for: the requests go to tare-nodes, another program.
#include "helper/unpack.h"

#include "base/fail.h"
#include "base/fd.h"
#include "helper/stage.h"
#include "kern/process/jail.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

// "INSIDE:OUTSIDE:COUNT,…"
static int read_map(struct arena *arena, struct str text, const struct id_map **ret_map,
		    size_t *ret_n)
{
	struct id_map *map = arena_array(arena, struct id_map, IDMAP_LINES_MAX);
	size_t n = 0;
	while (text.p) {
		struct str line = str_cut(&text, ',');
		uint64_t inside, outside, count;
		if (n == IDMAP_LINES_MAX || str_number(str_cut(&line, ':'), UINT32_MAX, &inside) ||
		    str_number(str_cut(&line, ':'), UINT32_MAX, &outside) ||
		    str_number(line, UINT32_MAX, &count))
			return fail(-EINVAL, "tare-unpack: an id map is INSIDE:OUTSIDE:COUNT,…");
		map[n++] = (struct id_map){(uint32_t)inside, (uint32_t)outside, (uint32_t)count};
	}
	*ret_map = map;
	*ret_n = n;
	return 0;
}

// Every id that there is here, as itself: in a user namespace that is not every number.
static int same_ids(struct arena *arena, const char *file, const struct id_map **ret_map,
		    size_t *ret_n)
{
	struct id_map *map = arena_array(arena, struct id_map, IDMAP_LINES_MAX);
	struct str text;
	size_t n = 0;
	int result = file_read(arena, AT_FDCWD, file, 1 << 16, &text);
	if (result)
		return fail_sys(result, "read '%s'", file);
	for (struct str line; (line = str_line(&text)).p && n < IDMAP_LINES_MAX;) {
		uint64_t inside, count;
		struct str first = str_word(&line);
		str_word(&line);
		if (str_number(first, UINT32_MAX, &inside) ||
		    str_number(str_word(&line), UINT32_MAX, &count))
			return fail(-EINVAL, "'%s': not as expected", file);
		map[n++] = (struct id_map){(uint32_t)inside, (uint32_t)inside, (uint32_t)count};
	}
	*ret_map = map;
	*ret_n = n;
	return 0;
}

static int read_maps(struct arena *arena, const char *uids, const char *gids, struct id_maps *maps)
{
	if (str_eq(uids, "same"))
		TRY(same_ids(arena, "/proc/self/uid_map", &maps->uid, &maps->uid_n));
	else
		TRY(read_map(arena, str_of(uids), &maps->uid, &maps->uid_n));
	return str_eq(gids, "same")
		       ? same_ids(arena, "/proc/self/gid_map", &maps->gid, &maps->gid_n)
		       : read_map(arena, str_of(gids), &maps->gid, &maps->gid_n);
}

static bool has_many(const struct id_map *map, size_t n)
{
	return n > 1 || (n == 1 && map->count > 1);
}

static int read_job(struct arena *arena, char **argv, struct unpack_job *job)
{
	enum { SOURCE = PROGRAM_FD_FIRST, TOP, BLOB, NODES, LOWERS };
	uint64_t lowers;
	*job = (struct unpack_job){.source = SOURCE, .top = TOP, .blob = -1, .nodes = -1};
	TRY(read_maps(arena, argv[2], argv[3], &job->maps));
	job->owners = has_many(job->maps.uid, job->maps.uid_n) &&
		      has_many(job->maps.gid, job->maps.gid_n);
	job->users_marks = str_eq(argv[4], "user");
	if (str_number(str_of(argv[5]), INT64_MAX, &job->limit) ||
	    str_number(str_of(argv[6]), PROGRAM_FDS_MAX - LOWERS, &lowers))
		return fail(-EINVAL, "tare-unpack: a limit and a count are numbers");
	if (fcntl(BLOB, F_GETFD) >= 0)
		job->blob = BLOB;
	if (fcntl(NODES, F_GETFD) >= 0)
		job->nodes = NODES;
	int *list = arena_array(arena, int, lowers);
	for (size_t i = 0; i < lowers; i++)
		list[i] = LOWERS + (int)i;
	job->lowers = list;
	// Nothing but Landlock keeps it from the directories around these.
	if (jail_landlock() >= JAIL_LANDLOCK_REFER)
		job->lowers_n = lowers;
	return 0;
}

enum { IN, INFLATE, OUT, TREE, STAGES };

struct pipeline {
	int pipes[STAGES - 1][2]; // between a stage and the next
	struct unpack_pump in, out;
	struct unpack_end inflate, tree;
	struct program_child children[STAGES];
};

static int make_pipes(struct pipeline *line)
{
	enum { ROOM = 1 << 20 };
	for (size_t i = 0; i < lengthof(line->pipes); i++) {
		if (pipe2(line->pipes[i], O_CLOEXEC))
			return fail_sys(-errno, "pipe for the layer");
		fcntl(line->pipes[i][0], F_SETPIPE_SZ, ROOM); // or as it is
	}
	return 0;
}

static void close_pipes(struct pipeline *line)
{
	for (size_t i = 0; i < lengthof(line->pipes); i++) {
		fd_close(&line->pipes[i][0]);
		fd_close(&line->pipes[i][1]);
	}
}

static int start(struct arena *arena, const struct unpack_job *job, struct pipeline *line)
{
	TRY(make_pipes(line));
	line->in = (struct unpack_pump){job,        job->source, line->pipes[0][1], job->blob,
					job->limit, "size",      "digest"};
	line->inflate = (struct unpack_end){job, line->pipes[0][0], line->pipes[1][1]};
	line->out = (struct unpack_pump){job,       line->pipes[1][0], line->pipes[2][1], -1,
					 INT64_MAX, "tar-size",        "diff-id"};
	line->tree = (struct unpack_end){job, line->pipes[2][0], -1};
	int *tree_fds = arena_array(arena, int, 3 + job->lowers_n);
	tree_fds[0] = line->tree.from, tree_fds[1] = job->top, tree_fds[2] = job->nodes;
	memcpy(tree_fds + 3, job->lowers, job->lowers_n * sizeof(int));
	const int in_fds[] = {line->in.from, line->in.to, job->blob};
	const int inflate_fds[] = {line->inflate.from, line->inflate.to};
	const int out_fds[] = {line->out.from, line->out.to};
	const struct stage stages[STAGES] = {
		[IN] = {"reader", unpack_pump, &line->in, in_fds, lengthof(in_fds), NULL},
		[INFLATE] = {"decompressor", unpack_inflate, &line->inflate, inflate_fds,
			     lengthof(inflate_fds), NULL},
		[OUT] = {"digest", unpack_pump, &line->out, out_fds, lengthof(out_fds), NULL},
		[TREE] = {"unpacker", unpack_tree, &line->tree, tree_fds, 3 + job->lowers_n,
			  &job->maps},
	};
	// The one with a user namespace first: where that can't be had nothing was read.
	for (int i = STAGES; i--;)
		TRY(stage_start(arena, &stages[i], &line->children[i]));
	return 0;
}

// Hears all of them. Who ends for an error ends its neighbours' pipes, and so the others: of
// several errors the one nearest to the source is the cause.
static int finish(struct arena *arena, struct pipeline *line, struct str *replies)
{
	struct fault first = {0};
	bool unheard = false;
	for (size_t i = 0; i < STAGES; i++) {
		int result = program_finish(arena, &line->children[i], &replies[i]);
		if (result && !first.error)
			first = *fault_last();
		if (!result && !replies[i].n)
			unheard = true;
	}
	if (first.error)
		fault_restore(&first);
	else if (unheard)
		fail(-EPIPE, "layer: it was not read to its end");
	return first.error ? first.error : unheard ? -EPIPE : 0;
}

// Nothing is asked of the kernel from here on but to read and wait.
static int settle(const struct unpack_job *job)
{
	for (int fd = job->source; fd <= job->nodes; fd++)
		close(fd);
	return jail_enter(&(struct jail){.work = JAIL_BYTES, .root = -1});
}

static int unpack(struct arena *arena, char **argv, struct buf *answer)
{
	struct unpack_job job;
	struct pipeline line;
	struct str replies[STAGES];
	memset(line.pipes, -1, sizeof(line.pipes));
	TRY(read_job(arena, argv, &job));
	TRY(start(arena, &job, &line));
	close_pipes(&line);
	TRY(settle(&job));
	TRY(finish(arena, &line, replies));
	for (size_t i = 0; i < STAGES; i++)
		buf_add(answer, replies[i].p, replies[i].n);
	return 0;
}

static int remove_mapped(struct arena *arena, char **argv)
{
	struct id_maps maps;
	struct program_child child;
	struct str reply;
	struct unpack_remove remove = {PROGRAM_FD_FIRST, argv[4]};
	TRY(read_maps(arena, argv[2], argv[3], &maps));
	TRY(stage_start(
		arena, &(struct stage){"remover", unpack_remove, &remove, &remove.parent, 1, &maps},
		&child));
	return program_finish(arena, &child, &reply);
}

static int work(struct arena *arena, int argc, char **argv, struct buf *answer)
{
	sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	if (argc == 7 && str_eq(argv[1], "unpack"))
		return unpack(arena, argv, answer);
	if (argc == 5 && str_eq(argv[1], "remove"))
		return remove_mapped(arena, argv);
	// One process is enough: nobody believes what comes out.
	if (argc == 2 && str_eq(argv[1], "inflate"))
		return unpack_inflate(
			arena, &(struct unpack_end){NULL, PROGRAM_FD_FIRST, PROGRAM_FD_FIRST + 1},
			answer);
	return fail(-EINVAL, "tare-unpack: this program is for tare to start");
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf answer = buf_new(&arena, PROGRAM_REPLY_MAX);
	return work(&arena, argc, argv, &answer) ? program_answer_fault()
						 : program_answer(buf_str(&answer));
}
