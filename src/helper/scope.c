// SPDX-License-Identifier: Apache-2.0
// scope.c - tare-scope: asks systemd for a cgroup of a process's own
//
//	tare-scope BUS UNIT SLICE PID
//
// BUS is the address of the bus of a service manager, UNIT the name of the scope to be made
// ("tare-0123456789ab.scope") in SLICE, PID the process to be moved into it. The scope is
// delegated: what is below it is its user's to arrange, and systemd leaves it alone. It goes when
// its last process has gone, whoever ended it; a failed one is not kept.
//
// systemd answers with the name of a job and tells later, by a signal, that the job is done: only
// then is the process where it should be. It is a program of its own since D-Bus is a library's
// work. It reads what the user's own service manager says, and nothing else.
#include "base/fail.h"
#include "base/program.h"
#include "base/str.h"

#include <systemd/sd-bus.h>

enum { PATIENCE = 20000000 }; // µs: a busy machine takes its time

#define MANAGER                                                                                    \
	"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"

struct job {
	char path[256];  // of the job we wait for; empty: not known yet
	char ended[256]; // of the last that ended, and its result, while ours is not known
	char result[32]; // "done", "failed", …; empty: it has not ended
};

static int on_job(sd_bus_message *message, void *data, sd_bus_error *error unused_)
{
	struct job *job = data;
	const char *path, *unit, *result;
	uint32_t id;
	if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) < 0)
		return 0;
	if (job->path[0] && !str_eq(path, job->path))
		return 0;
	snprintf(job->ended, sizeof(job->ended), "%s", path);
	snprintf(job->result, sizeof(job->result), "%s", result);
	return 0;
}

static int connect_to(const char *address, sd_bus **ret_bus)
{
	_cleanup_(sd_bus_unrefp) sd_bus *bus = NULL;
	int result = sd_bus_new(&bus);
	if (result >= 0)
		result = sd_bus_set_address(bus, address);
	if (result >= 0)
		result = sd_bus_set_bus_client(bus, true);
	if (result >= 0)
		result = sd_bus_start(bus);
	if (result < 0) {
		fail_sys(result, "service manager's bus '%s'", address);
		fail_hint("a user has one while logged in, or after loginctl enable-linger");
		return result;
	}
	*ret_bus = sd_bus_ref(bus);
	return 0;
}

static int add_properties(sd_bus_message *message, const char *slice, uint32_t pid)
{
	TRY(sd_bus_message_open_container(message, 'a', "(sv)"));
	TRY(sd_bus_message_append(message, "(sv)", "Description", "s", "a container of tare's"));
	TRY(sd_bus_message_append(message, "(sv)", "Slice", "s", slice));
	TRY(sd_bus_message_append(message, "(sv)", "Delegate", "b", true));
	TRY(sd_bus_message_append(message, "(sv)", "CollectMode", "s", "inactive-or-failed"));
	TRY(sd_bus_message_append(message, "(sv)", "PIDs", "au", 1, pid));
	TRY(sd_bus_message_close_container(message));
	return sd_bus_message_append(message, "a(sa(sv))", 0);
}

static int start(sd_bus *bus, const char *unit, const char *slice, uint32_t pid, struct job *job)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	const char *path;
	TRY(sd_bus_message_new_method_call(bus, &message, MANAGER, "StartTransientUnit"));
	TRY(sd_bus_message_append(message, "ss", unit, "fail"));
	TRY(add_properties(message, slice, pid));
	int result = sd_bus_call(bus, message, PATIENCE, &error, &reply);
	if (result < 0)
		return fail(result, "scope '%s': systemd does not make it: %s", unit,
			    error.message ? error.message : strerror(-result));
	TRY(sd_bus_message_read(reply, "o", &path));
	snprintf(job->path, sizeof(job->path), "%s", path);
	if (!str_eq(job->ended, job->path))
		job->result[0] = '\0';
	return 0;
}

static int await(sd_bus *bus, const char *unit, const struct job *job)
{
	for (uint64_t waited = 0; !job->result[0];) {
		int result = sd_bus_process(bus, NULL);
		if (result < 0)
			return fail_sys(result, "scope '%s': hear from systemd", unit);
		if (result > 0)
			continue;
		if (waited >= PATIENCE)
			return fail(-ETIMEDOUT, "scope '%s': systemd did not make it in time",
				    unit);
		enum { PIECE = 1000000 };
		result = sd_bus_wait(bus, PIECE);
		if (result == 0)
			waited += PIECE;
	}
	if (str_eq(job->result, "done"))
		return 0;
	return fail(-EIO, "scope '%s': systemd did not make it: %s", unit, job->result);
}

static int work(const char *address, const char *unit, const char *slice, uint32_t pid)
{
	_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
	struct job job = {0};
	TRY(connect_to(address, &bus));
	int result = sd_bus_match_signal(bus, NULL, MANAGER, "JobRemoved", on_job, &job);
	if (result >= 0)
		result = sd_bus_call_method(bus, MANAGER, "Subscribe", NULL, NULL, NULL);
	if (result >= 0)
		result = start(bus, unit, slice, pid, &job);
	if (result >= 0)
		result = await(bus, unit, &job);
	return result < 0 && !fault_last()->error
		       ? fail_sys(result, "scope '%s': speak with systemd", unit)
		       : result;
}

int main(int argc, char **argv)
{
	uint64_t pid;
	if (argc != 5 || str_number(str_of(argv[4]), INT32_MAX, &pid)) {
		fail(-EINVAL, "tare-scope: it wants BUS UNIT SLICE PID");
		return program_answer_fault();
	}
	if (work(argv[1], argv[2], argv[3], (uint32_t)pid) < 0)
		return program_answer_fault();
	return program_answer(STR("done\n"));
}
