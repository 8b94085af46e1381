// SPDX-License-Identifier: Apache-2.0
// events.c - tare-oci events
//
// A line of JSON for each event, in the words of runc's: what the container uses, now and again,
// and that its memory has run out. Numbers that the host doesn't know are not there.
#include "base/fail.h"
#include "base/fd.h"
#include "base/json_write.h"
#include "base/msg.h"
#include "kern/cgroup/stats.h"
#include "runtime/container.h"

#include <limits.h>
#include <poll.h>
#include <time.h>

enum { LINE_MAX_BYTES = 1 << 20, INTERVAL_MS = 5000 };

struct events_opts {
	bool stats;
	const char *interval;
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct events_opts, struct oci_strings, field), letter, name, value, help \
	}

static const struct opt options[] = {
	ROW(stats, 0, "stats", NULL, "print what it uses now, and end"),
	ROW(interval, 0, "interval", "TIME", "print it again after TIME, such as 500ms or 1m; 5s"),
};

static const struct opt_example examples[] = {
	{"tare-oci events --stats web", "what the container uses, as one line of JSON"},
	{NULL, NULL},
};

const struct opt_table runtime_events_table = {
	.program = "tare-oci",
	.name = "events",
	.purpose = "print what a container uses, and when its memory runs out",
	.synopsis = (const char *const[]){"[OPTION…] ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// --- printing -----------------------------------------------------------------------------------

static void put(struct json_writer *json, const char *key, uint64_t number)
{
	if (number == UINT64_MAX)
		return;
	json_key(json, key);
	json_put_uint(json, number);
}

static void open_object(struct json_writer *json, const char *key)
{
	json_key(json, key);
	json_open_object(json);
}

static void put_each(struct json_writer *json, const char *key, const char *numbers)
{
	struct str rest = str_of(numbers), word;
	json_key(json, key);
	json_open_list(json);
	rest = str_line(&rest);
	while ((word = str_word(&rest)).p) {
		uint64_t number;
		if (!str_number(word, UINT64_MAX, &number))
			json_put_uint(json, number);
	}
	json_close_list(json);
}

static void put_cpu(struct json_writer *json, const struct cgroup_stats *stats)
{
	open_object(json, "cpu");
	open_object(json, "usage");
	put(json, "total", stats->cpu_total);
	if (stats->cpu_each)
		put_each(json, "percpu", stats->cpu_each);
	put(json, "kernel", stats->cpu_kernel);
	put(json, "user", stats->cpu_user);
	json_close_object(json);
	open_object(json, "throttling");
	put(json, "periods", stats->periods);
	put(json, "throttledPeriods", stats->periods_throttled);
	put(json, "throttledTime", stats->throttled);
	json_close_object(json);
	json_close_object(json);
}

// No limit is a number, too: the greatest.
static void put_amount(struct json_writer *json, const char *key,
		       const struct cgroup_amount *amount)
{
	open_object(json, key);
	if (amount->used != UINT64_MAX) {
		json_key(json, "limit");
		json_put_uint(json, amount->limit);
	}
	put(json, "usage", amount->used);
	put(json, "max", amount->most);
	put(json, "failcnt", amount->refused);
	json_close_object(json);
}

static void put_memory(struct json_writer *json, const struct cgroup_stats *stats)
{
	open_object(json, "memory");
	put(json, "cache", stats->memory_cache);
	put_amount(json, "usage", &stats->memory);
	put_amount(json, "swap", &stats->memory_swap);
	struct str rest = str_of(stats->memory_stat ? stats->memory_stat : "");
	open_object(json, "raw");
	for (struct str line; (line = str_line(&rest)).p;) {
		struct str name = str_word(&line);
		uint64_t number;
		if (!str_number(str_word(&line), UINT64_MAX, &number))
			put(json, arena_dup_n(json->buf->arena, name.p, name.n), number);
	}
	json_close_object(json);
	json_close_object(json);
}

static void put_pids(struct json_writer *json, const struct cgroup_stats *stats)
{
	open_object(json, "pids");
	put(json, "current", stats->pids.used);
	put(json, "limit", stats->pids.limit);
	json_close_object(json);
}

static void put_entry(struct json_writer *json, struct str device, struct str op, uint64_t value)
{
	uint64_t major, minor;
	struct str first = str_cut(&device, ':');
	if (str_number(first, UINT32_MAX, &major) || str_number(device, UINT32_MAX, &minor))
		return; // "Total"
	json_open_object(json);
	put(json, "major", major);
	put(json, "minor", minor);
	json_key(json, "op");
	json_put_text(json, arena_dup_n(json->buf->arena, op.p, op.n));
	put(json, "value", value);
	json_close_object(json);
}

// Lines of v1: "8:0 Read 4096"; of v2: "8:0 rbytes=4096 wbytes=0 rios=1 …", of which `ending`
// tells those that are meant.
static void put_io_line(struct json_writer *json, struct str line, const char *ending)
{
	struct str device = str_word(&line), word = str_word(&line);
	uint64_t value;
	if (!word.p || !memchr(word.p, '=', word.n)) {
		if (!str_number(str_word(&line), UINT64_MAX, &value))
			put_entry(json, device, word, value);
		return;
	}
	for (; word.p; word = str_word(&line)) {
		struct str number = word, name = str_cut(&number, '=');
		static const struct str read = {"Read", 4}, write = {"Write", 5};
		bool meant = name.n > 1 && str_is((struct str){name.p + 1, name.n - 1}, ending);
		if (meant && *name.p != 'd' && !str_number(number, UINT64_MAX, &value))
			put_entry(json, device, *name.p == 'r' ? read : write, value);
	}
}

static void put_io(struct json_writer *json, const char *key, const char *text, const char *ending)
{
	if (!text)
		return;
	struct str rest = str_of(text);
	json_key(json, key);
	json_open_list(json);
	for (struct str line; (line = str_line(&rest)).p;)
		put_io_line(json, line, ending);
	json_close_list(json);
}

static int print_stats(struct arena *arena, const struct container *container,
		       const struct facts *facts)
{
	struct cgroup_stats stats;
	struct buf out = buf_new(arena, LINE_MAX_BYTES);
	struct json_writer json = json_writer_new(&out, JSON_COMPACT);
	cgroup_stats(arena, facts, container->cgroup_name, &stats);
	json_open_object(&json);
	json_key(&json, "type");
	json_put_text(&json, "stats");
	json_key(&json, "id");
	json_put_text(&json, container->id);
	open_object(&json, "data");
	put_cpu(&json, &stats);
	put_memory(&json, &stats);
	put_pids(&json, &stats);
	open_object(&json, "blkio");
	put_io(&json, "ioServiceBytesRecursive", stats.io_bytes, "bytes");
	put_io(&json, "ioServicedRecursive", stats.io_times ? stats.io_times : stats.io_bytes,
	       "ios");
	json_close_object(&json);
	open_object(&json, "intel_rdt");
	json_close_object(&json);
	json_close_object(&json);
	json_close_object(&json);
	buf_putc(&out, '\n');
	return msg_print(&out);
}

static int print_oom(struct arena *arena, const struct container *container)
{
	struct buf out = buf_new(arena, LINE_MAX_BYTES);
	struct json_writer json = json_writer_new(&out, JSON_COMPACT);
	json_open_object(&json);
	json_key(&json, "type");
	json_put_text(&json, "oom");
	json_key(&json, "id");
	json_put_text(&json, container->id);
	json_close_object(&json);
	buf_putc(&out, '\n');
	return msg_print(&out);
}

// --- the stream ---------------------------------------------------------------------------------

struct stream {
	const struct container *container;
	const struct facts *facts;
	int watch;         // of memory that runs out; -1: nothing tells
	short watch_event; // of poll(2)
	uint64_t seen;     // how often it has
	int interval;      // ms
};

static int64_t now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int tell_oom(struct arena *arena, struct stream *stream)
{
	if (stream->watch < 0)
		return 0;
	uint64_t n = cgroup_oom_count(arena, stream->facts, stream->container->cgroup_name,
				      stream->watch, &stream->seen);
	for (; n; n--)
		TRY(print_oom(arena, stream->container));
	return 0;
}

// Until the container has ended. Each round has an arena of its own.
static int follow(struct stream *stream)
{
	int64_t next = now_ms() + stream->interval;
	for (;;) {
		struct arena arena = {0};
		struct pollfd fds[] = {
			{.fd = stream->container->pidfd, .events = POLLIN},
			{.fd = stream->watch, .events = stream->watch_event},
		};
		int64_t rest = max_of(next - now_ms(), (int64_t)0);
		if (poll(fds, lengthof(fds), (int)rest) < 0 && errno != EINTR)
			return fail_sys(-errno, "wait for events");
		int result = tell_oom(&arena, stream);
		bool due = !fds[0].revents && now_ms() >= next;
		if (result >= 0 && due)
			result = print_stats(&arena, stream->container, stream->facts);
		if (due)
			next = now_ms() + stream->interval;
		arena_free(&arena);
		if (result < 0 || fds[0].revents)
			return result;
	}
}

// As Go writes durations: "1m30s".
static int read_interval(const char *text, int *ret_ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	struct str rest = str_of(text);
	uint64_t all = 0, number;
	while (rest.n && all <= INT_MAX) {
		size_t digits = strspn(rest.p, "0123456789"), unit = 0, i = 0;
		size_t letters = strcspn(rest.p + digits, "0123456789");
		if (str_number((struct str){rest.p, digits}, INT_MAX, &number))
			break;
		for (; i < lengthof(units); i++)
			if (str_is((struct str){rest.p + digits, letters}, units[i].unit))
				unit = units[i].ms;
		if (!unit)
			break;
		all += number * unit;
		rest = str_of(rest.p + digits + letters);
	}
	if (rest.n || !all || all > INT_MAX)
		return fail(-EINVAL, "--interval '%s': a time such as 500ms, 5s or 1m is expected",
			    text);
	*ret_ms = (int)all;
	return 0;
}

static int stream(struct runtime_call *call, const struct container *container,
		  const struct facts *facts, int interval)
{
	struct stream stream = {
		.container = container, .facts = facts, .watch = -1, .interval = interval};
	stream.seen = UINT64_MAX;
	stream.watch =
		cgroup_oom_watch(call->arena, facts, container->cgroup_name, &stream.watch_event);
	if (stream.watch < 0 && stream.watch != -EOPNOTSUPP)
		return stream.watch;
	tell_oom(call->arena, &stream); // what was before
	int result = follow(&stream);
	fd_close(&stream.watch);
	return result;
}

int runtime_events_main(struct runtime_call *call, int argc, char **argv)
{
	struct events_opts opts = {0};
	struct opt_list rest = {0};
	struct facts facts;
	int interval = INTERVAL_MS;
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_events_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	if (opts.interval)
		TRY(read_interval(opts.interval, &interval));
	TRY(container_need(call, rest.item[0], CONTAINER_LOOK, &container));
	if (container.pidfd < 0)
		return fail(-ESRCH, "container '%s' does not run", container.id);
	TRY(container_need_cgroup(&container));
	TRY(facts_gather(call->arena, FACTS_CHEAP, NULL, &facts));
	return opts.stats ? print_stats(call->arena, &container, &facts)
			  : stream(call, &container, &facts, interval);
}
