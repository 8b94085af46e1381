// SPDX-License-Identifier: Apache-2.0
// scope.c - tare-scope: asks systemd for a cgroup of a process's own
//
//	tare-scope BUS UNIT SLICE PID [PROPERTY…]
//	tare-scope BUS UNIT
//
// BUS is the address of the bus of a service manager, UNIT the name of the scope to be made
// ("tare-0123456789ab.scope") in SLICE, PID the process to be moved into it. The scope is
// delegated: what is below it is its user's to arrange, and systemd leaves it alone. It goes when
// its last process has gone, whoever ended it; a failed one is not kept. A PROPERTY is "NAME
// SIGNATURE VALUE" (kern/cgroup/unit.h). Without a slice the scope is stopped, and one that is not
// there is fine.
//
// systemd answers with the name of a job and tells later, by a signal, that the job is done: only
// then is the process where it should be. It is a program of its own since D-Bus is a library's
// work. It reads what the user's own service manager says, and nothing else.
#include "base/fail.h"
#include "base/program.h"
#include "base/str.h"

#include <systemd/sd-bus.h>
#include <unistd.h>

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

// systemd would take another process for ours where it counts them differently.
static int check_numbers(sd_bus *bus)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	const char *name;
	uint32_t pid;
	TRY(sd_bus_get_unique_name(bus, &name));
	TRY(sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
			       "org.freedesktop.DBus", "GetConnectionUnixProcessID", NULL, &reply,
			       "s", name));
	TRY(sd_bus_message_read(reply, "u", &pid));
	if (pid == (uint32_t)getpid())
		return 0;
	fail(-EOPNOTSUPP, "systemd knows this process as number %u, and itself it is %d", pid,
	     (int)getpid());
	fail_hint("scopes can't be had in a pid namespace that systemd is not in");
	return -EOPNOTSUPP;
}

// --- properties ---------------------------------------------------------------------------------

enum { PART_END = '\x1f', BYTES_MAX = 1024 }; // kern/cgroup/unit.h

static int append_list(sd_bus_message *message, struct str value)
{
	char part[512];
	TRY(sd_bus_message_open_container(message, 'a', "s"));
	while (value.n) {
		struct str text = str_cut(&value, PART_END);
		if (text.n >= sizeof(part))
			return -E2BIG;
		memcpy(part, text.p, text.n);
		part[text.n] = '\0';
		TRY(sd_bus_message_append(message, "s", part));
	}
	return sd_bus_message_close_container(message);
}

static int append_bytes(sd_bus_message *message, const char *digits)
{
	unsigned char bytes[BYTES_MAX];
	size_t n = strlen(digits) / 2;
	if (n > sizeof(bytes))
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		if (sscanf(digits + 2 * i, "%2hhx", &bytes[i]) != 1)
			return -EINVAL;
	return sd_bus_message_append_array(message, 'y', bytes, n);
}

static int append_value(sd_bus_message *message, const char *signature, const char *value)
{
	uint64_t number = 0;
	if (str_eq(signature, "as"))
		return append_list(message, str_of(value));
	if (str_eq(signature, "ay"))
		return append_bytes(message, value);
	if (str_eq(signature, "s"))
		return sd_bus_message_append(message, "s", value);
	if (str_eq(signature, "b"))
		return sd_bus_message_append(message, "b", str_eq(value, "true"));
	bool minus = *value == '-';
	if (!strchr("ynqiuxt", *signature) || signature[1] ||
	    str_number(str_of(value + minus), UINT64_MAX, &number))
		return -EINVAL;
	number = minus ? -number : number;
	return strchr("xt", *signature)
		       ? sd_bus_message_append(message, signature, number)
		       : sd_bus_message_append(message, signature, (uint32_t)number);
}

static int append_property(sd_bus_message *message, const char *property)
{
	char name[80], signature[3];
	int at = 0;
	if (sscanf(property, "%79s %2s %n", name, signature, &at) != 2 || !at)
		return fail(-EINVAL, "property '%.80s': not one", property);
	int result = sd_bus_message_open_container(message, 'r', "sv");
	if (result >= 0)
		result = sd_bus_message_append(message, "s", name);
	if (result >= 0)
		result = sd_bus_message_open_container(message, 'v', signature);
	if (result >= 0)
		result = append_value(message, signature, property + at);
	if (result >= 0)
		result = sd_bus_message_close_container(message);
	if (result >= 0)
		result = sd_bus_message_close_container(message);
	return result < 0 ? fail_sys(result, "property '%s'", name) : 0;
}

struct scope {
	const char *unit;
	const char *slice;
	uint32_t pid;
	char *const *properties; // up to NULL
};

static int add_properties(sd_bus_message *message, const struct scope *scope)
{
	TRY(sd_bus_message_open_container(message, 'a', "(sv)"));
	TRY(sd_bus_message_append(message, "(sv)", "Description", "s", "a container of tare's"));
	TRY(sd_bus_message_append(message, "(sv)", "Slice", "s", scope->slice));
	TRY(sd_bus_message_append(message, "(sv)", "Delegate", "b", true));
	TRY(sd_bus_message_append(message, "(sv)", "CollectMode", "s", "inactive-or-failed"));
	TRY(sd_bus_message_append(message, "(sv)", "PIDs", "au", 1, scope->pid));
	for (size_t i = 0; scope->properties[i]; i++)
		TRY(append_property(message, scope->properties[i]));
	TRY(sd_bus_message_close_container(message));
	return sd_bus_message_append(message, "a(sa(sv))", 0);
}

// --- jobs ---------------------------------------------------------------------------------------

static int note_job(sd_bus_message *reply, struct job *job)
{
	const char *path;
	TRY(sd_bus_message_read(reply, "o", &path));
	snprintf(job->path, sizeof(job->path), "%s", path);
	if (!str_eq(job->ended, job->path))
		job->result[0] = '\0';
	return 0;
}

static int start(sd_bus *bus, const struct scope *scope, struct job *job)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	TRY(sd_bus_message_new_method_call(bus, &message, MANAGER, "StartTransientUnit"));
	TRY(sd_bus_message_append(message, "ss", scope->unit, "fail"));
	TRY(add_properties(message, scope));
	int result = sd_bus_call(bus, message, PATIENCE, &error, &reply);
	if (result < 0)
		return fail(result, "scope '%s': systemd does not make it: %s", scope->unit,
			    error.message ? error.message : strerror(-result));
	return note_job(reply, job);
}

// One that is gone already is as it should be; so is one that failed, once that is forgotten.
static int stop(sd_bus *bus, const char *unit, struct job *job)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_call_method(bus, MANAGER, "ResetFailedUnit", NULL, NULL, "s", unit);
	int result =
		sd_bus_call_method(bus, MANAGER, "StopUnit", &error, &reply, "ss", unit, "replace");
	if (sd_bus_error_has_name(&error, "org.freedesktop.systemd1.NoSuchUnit")) {
		snprintf(job->result, sizeof(job->result), "done");
		return 0;
	}
	if (result < 0)
		return fail(result, "scope '%s': systemd does not stop it: %s", unit,
			    error.message ? error.message : strerror(-result));
	return note_job(reply, job);
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
			return fail(-ETIMEDOUT, "scope '%s': systemd was not done in time", unit);
		enum { PIECE = 1000000 };
		result = sd_bus_wait(bus, PIECE);
		if (result == 0)
			waited += PIECE;
	}
	if (str_eq(job->result, "done"))
		return 0;
	return fail(-EIO, "scope '%s': systemd is not done: %s", unit, job->result);
}

static int work(const char *address, const struct scope *scope)
{
	_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
	struct job job = {0};
	TRY(connect_to(address, &bus));
	int result = sd_bus_match_signal(bus, NULL, MANAGER, "JobRemoved", on_job, &job);
	if (result >= 0)
		result = sd_bus_call_method(bus, MANAGER, "Subscribe", NULL, NULL, NULL);
	if (result >= 0 && scope->slice)
		result = check_numbers(bus);
	if (result >= 0)
		result = scope->slice ? start(bus, scope, &job) : stop(bus, scope->unit, &job);
	if (result >= 0)
		result = await(bus, scope->unit, &job);
	return result < 0 && !fault_last()->error
		       ? fail_sys(result, "scope '%s': speak with systemd", scope->unit)
		       : result;
}

int main(int argc, char **argv)
{
	uint64_t pid = 0;
	if ((argc != 3 && argc < 5) || (argc > 3 && str_number(str_of(argv[4]), INT32_MAX, &pid))) {
		fail(-EINVAL, "tare-scope: it wants BUS UNIT [SLICE PID [PROPERTY…]]");
		return program_answer_fault();
	}
	struct scope scope = {.unit = argv[2], .pid = (uint32_t)pid};
	if (argc > 3) {
		scope.slice = argv[3];
		scope.properties = argv + 5;
	}
	if (work(argv[1], &scope) < 0)
		return program_answer_fault();
	return program_answer(STR("done\n"));
}
