// SPDX-License-Identifier: Apache-2.0
// log.c - errors and warnings, in the forms that engines read
//
// The two forms are those of runc's logger: time="…" level=error msg="…", or an object with these
// three keys. What an error's number means stands at the end of the message, in the words of the C
// library, but as Go writes them, in lower case: Podman and Docker tell by them whether a program
// was not found or may not be executed. They read the log of a runtime whose name they know, and
// standard error of any other.
#include "runtime/log.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json_write.h"
#include "base/msg.h"

#include <ctype.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 16 * 1024 };

static bool is_json(const struct runtime_opts *opts)
{
	return opts->log_format && str_eq(opts->log_format, "json");
}

static int open_log(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

int log_check(const struct runtime_opts *opts)
{
	if (opts->log_format && !is_json(opts) && !str_eq(opts->log_format, "text"))
		return fail(-EINVAL, "--log-format '%s': text or json is expected",
			    opts->log_format);
	_cleanup_fd_ int fd = opts->log ? open_log(opts->log) : -1;
	return opts->log && fd < 0 ? fail_sys(-errno, "--log '%s'", opts->log) : 0;
}

static void now_text(char text[static 32])
{
	time_t now = time(NULL);
	struct tm parts;
	gmtime_r(&now, &parts);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

static void add_line(struct buf *line, bool json, const char *level, const char *text)
{
	char now[32];
	now_text(now);
	if (!json) {
		buf_printf(line, "time=\"%s\" level=%s msg=\"", now, level);
		json_escape(line, str_of(text));
		buf_putc(line, '"');
	} else {
		struct json_writer writer = json_writer_new(line, JSON_COMPACT);
		json_open_object(&writer);
		json_key(&writer, "level");
		json_put_text(&writer, level);
		json_key(&writer, "msg");
		json_put_text(&writer, text);
		json_key(&writer, "time");
		json_put_text(&writer, now);
		json_close_object(&writer);
	}
	buf_putc(line, '\n');
}

// Whether it could be written: standard error tells it otherwise.
static bool write_line(const struct runtime_call *call, const char *level, const char *text)
{
	struct buf line = buf_new(call->arena, LINE_MAX_BYTES);
	if (!call->opts.log)
		return false;
	_cleanup_fd_ int fd = open_log(call->opts.log);
	add_line(&line, is_json(&call->opts), level, text);
	return fd >= 0 && fd_write_all(fd, line.p, line.n) == 0;
}

static void tell_meaning(struct arena *arena, struct fault *fault)
{
	char *meaning = arena_dup(arena, strerror(-fault->error));
	char *said = strcasestr(fault->text, meaning);
	meaning[0] = (char)tolower((unsigned char)meaning[0]);
	if (said)
		said[0] = meaning[0];
	else
		snprintf(fault->text, sizeof(fault->text), "%s",
			 arena_printf(arena, "%s: %s", fault->text, meaning));
}

void log_fault(const struct runtime_call *call)
{
	struct fault fault = *fault_last();
	if (fault.exit_code)
		tell_meaning(call->arena, &fault);
	write_line(call, "error", fault.text);
	msg_fault(&fault);
}

void log_warning(const struct runtime_call *call, const char *text)
{
	if (!write_line(call, "warning", text))
		msg_say("warning: %s", text);
}

void log_debug(const struct runtime_call *call, const char *text)
{
	if (call->opts.debug && !write_line(call, "debug", text))
		msg_say("%s", text);
}
