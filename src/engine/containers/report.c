// SPDX-License-Identifier: Apache-2.0
// report.c - --report FILE: how a run ended, as a document
//
// Scripts wait for the file or read it after tare has ended, and must never see half of it: it is
// written beside its place under another name and renamed. Only a regular file is replaced so; a
// link, as /dev/stdout is one, would be gone afterwards, so what it leads to is written to instead.
#include "engine/containers/report.h"

#include "base/fd.h"
#include "base/json_write.h"
#include "base/moment.h"
#include "base/path.h"

#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPORT_MAX = 4 << 20, VERSION = 1 };

// --- the document -------------------------------------------------------------------------------

static void put_known(struct json_writer *json, const char *key, uint64_t number)
{
	json_key(json, key);
	if (number == UINT64_MAX)
		json_put_null(json);
	else
		json_put_uint(json, number);
}

static void put_text(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

// A limit as a spec has it: not positive is none.
static void put_limit(struct json_writer *json, const char *key, int64_t limit)
{
	put_known(json, key, limit > 0 ? (uint64_t)limit : UINT64_MAX);
}

// RFC 3339 with nanoseconds.
static void put_time(struct json_writer *json, const char *key, const struct timespec *time)
{
	char text[MOMENT_SIZE];
	json_key(json, key);
	if (!time->tv_sec) {
		json_put_null(json);
		return;
	}
	moment_text(time, text);
	json_put_text(json, text);
}

static void put_command(struct json_writer *json, const struct oci_strings *args)
{
	json_key(json, "command");
	json_open_list(json);
	for (size_t i = 0; i < args->n; i++)
		json_put_text(json, args->item[i]);
	json_close_list(json);
}

static void put_exit(struct json_writer *json, const struct report *report)
{
	const struct monitor_end *end = report->verdict ? &report->verdict->end : NULL;
	char number[32], *name = NULL;
	if (end && end->killed) {
		const char *known = sigabbrev_np(end->code);
		if (known)
			snprintf(number, sizeof(number), "SIG%s", known);
		else
			snprintf(number, sizeof(number), "SIGRTMIN+%d", end->code - SIGRTMIN);
		name = number;
	}
	json_key(json, "exit");
	json_open_object(json);
	json_key(json, "code");
	json_put_int(json, report->exit_code);
	put_text(json, "signal", name);
	json_key(json, "core");
	json_put_bool(json, end && end->core);
	put_known(json, "timeout", end && end->timed_out ? (uint64_t)end->timed_out : UINT64_MAX);
	json_close_object(json);
}

static void put_oom(struct json_writer *json, const struct cgroup_report *counts,
		    const struct oom_kills *kills)
{
	json_key(json, "oom");
	json_open_object(json);
	put_known(json, "kills", counts->oom_kills);
	put_known(json, "limit_hits", counts->memory_max_hits);
	json_key(json, "processes");
	json_open_list(json);
	for (size_t i = 0; kills && i < kills->n; i++) {
		json_open_object(json);
		put_text(json, "name", kills->kill[i].name);
		put_known(json, "pid", kills->kill[i].pid);
		put_known(json, "uid", kills->kill[i].uid);
		json_close_object(json);
	}
	json_close_list(json);
	json_close_object(json);
}

static void put_counts(struct json_writer *json, const struct report *report)
{
	const struct oci_resources *limits = &report->spec->oci.linux_.resources;
	struct cgroup_report counts;
	memset(&counts, 0xff, sizeof(counts));
	if (report->verdict)
		counts = report->verdict->report;
	put_oom(json, &counts, report->verdict ? &report->verdict->kills : NULL);
	json_key(json, "memory");
	json_open_object(json);
	put_known(json, "peak", counts.memory_peak);
	put_limit(json, "limit", limits->memory_limit);
	json_close_object(json);
	json_key(json, "pids");
	json_open_object(json);
	put_known(json, "peak", counts.pids_peak);
	put_limit(json, "limit", limits->pids_limit);
	put_known(json, "limit_hits", counts.pids_max_hits);
	json_close_object(json);
	json_key(json, "cpu");
	json_open_object(json);
	put_known(json, "used_us", counts.cpu_used);
	put_known(json, "throttled_us", counts.cpu_throttled);
	json_close_object(json);
}

static uint64_t microseconds(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

static void put_usage(struct json_writer *json, const struct rusage *usage)
{
	json_key(json, "rusage");
	if (!usage) {
		json_put_null(json);
		return;
	}
	json_open_object(json);
	put_known(json, "user_us", microseconds(&usage->ru_utime));
	put_known(json, "system_us", microseconds(&usage->ru_stime));
	put_known(json, "max_rss", (uint64_t)usage->ru_maxrss * 1024);
	put_known(json, "minor_faults", (uint64_t)usage->ru_minflt);
	put_known(json, "major_faults", (uint64_t)usage->ru_majflt);
	put_known(json, "blocks_in", (uint64_t)usage->ru_inblock);
	put_known(json, "blocks_out", (uint64_t)usage->ru_oublock);
	json_close_object(json);
}

static void put_failure(struct json_writer *json, const struct report *report)
{
	const struct fault *fault = report->fault;
	json_key(json, "failure");
	if (!fault) {
		json_put_null(json);
		return;
	}
	json_open_object(json);
	put_known(json, "step", report->step ? report->step : UINT64_MAX);
	put_known(json, "steps", report->steps ? report->steps : UINT64_MAX);
	json_key(json, "errno");
	json_put_int(json, -fault->error);
	put_text(json, "error", strerrorname_np(-fault->error));
	put_text(json, "text", fault->text);
	put_text(json, "hint", fault->hint[0] ? fault->hint : NULL);
	json_close_object(json);
}

void report_json(struct buf *out, const struct report *report)
{
	const struct box_spec *spec = report->spec;
	const struct verdict *verdict = report->verdict;
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put_known(&json, "version", VERSION);
	put_text(&json, "id", spec->id);
	put_text(&json, "name", spec->name);
	put_text(&json, "image", spec->image);
	put_command(&json, &spec->oci.process.args);
	put_time(&json, "started", &report->started);
	put_time(&json, "ended", &report->ended);
	put_known(&json, "duration_ns", verdict ? verdict->duration : UINT64_MAX);
	put_exit(&json, report);
	put_counts(&json, report);
	put_usage(&json, verdict ? &verdict->end.usage : NULL);
	put_failure(&json, report);
	put_text(&json, "words", report->words);
	json_close_object(&json);
	buf_putc(out, '\n');
}

// --- the file -----------------------------------------------------------------------------------

// Whether it is one that may be replaced: a regular file, or not there yet.
static int is_plain(const char *path, bool *ret_plain)
{
	struct stat status;
	if (lstat(path, &status))
		return errno == ENOENT ? (*ret_plain = true, 0) : -errno;
	*ret_plain = S_ISREG(status.st_mode);
	return S_ISDIR(status.st_mode) ? -EISDIR : 0;
}

static const char *directory_of(const char *path, char copy[static PATH_LENGTH_MAX])
{
	snprintf(copy, PATH_LENGTH_MAX, "%s", path);
	return dirname(copy);
}

int report_check(const char *path)
{
	char copy[PATH_LENGTH_MAX];
	bool plain;
	if (!*path || strlen(path) >= PATH_LENGTH_MAX)
		return fail(-EINVAL, "--report '%.64s': the name of a file is expected", path);
	int error = is_plain(path, &plain);
	if (!error && access(plain ? directory_of(path, copy) : path, W_OK))
		error = -errno;
	return error ? fail_sys(error, "--report '%s'", path) : 0;
}

static int write_over(const char *path, struct str text)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd_write_all(fd, text.p, text.n);
}

static int replace(struct arena *arena, const char *path, struct str text)
{
	const char *fresh = arena_printf(arena, "%s.%d.tmp", path, (int)getpid());
	_cleanup_fd_ int fd =
		open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	int error = fd_write_all(fd, text.p, text.n);
	if (!error && rename(fresh, path))
		error = -errno;
	if (error)
		unlink(fresh);
	return error;
}

int report_write(struct arena *arena, const char *path, const struct report *report)
{
	struct buf out = buf_new(arena, REPORT_MAX);
	bool plain;
	report_json(&out, report);
	int error = out.over ? -EFBIG : is_plain(path, &plain);
	if (!error)
		error = plain ? replace(arena, path, buf_str(&out))
			      : write_over(path, buf_str(&out));
	return error ? fail_sys(error, "--report '%s'", path) : 0;
}
