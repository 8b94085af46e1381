// SPDX-License-Identifier: Apache-2.0
// container_inspect.c - all that is known of a container, in Docker's shape
//
// The keys are those that `docker container inspect` has and that a container's record can answer.
// Values that the user gave with -e are not in the record; of such a variable the name is shown.
#include "engine/containers/container_inspect.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/record/life.h"
#include "engine/containers/containers.h"
#include "kern/process/signals.h"

#include <time.h>

enum { BIND_MAX = 16384 };

static void put(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text ? text : "");
}

static void put_bool(struct json_writer *json, const char *key, bool value)
{
	json_key(json, key);
	json_put_bool(json, value);
}

static void put_int(struct json_writer *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_put_int(json, number);
}

// What never was is the year 1, as Go has it.
static void put_time(struct json_writer *json, const char *key, int64_t seconds)
{
	char text[64] = "0001-01-01T00:00:00Z";
	time_t moment = (time_t)seconds;
	struct tm parts;
	if (seconds && gmtime_r(&moment, &parts))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	put(json, key, text);
}

static void put_texts(struct json_writer *json, const char *key, const char *const *texts, size_t n)
{
	json_key(json, key);
	json_open_list(json);
	for (size_t i = 0; i < n; i++)
		json_put_text(json, texts[i]);
	json_close_list(json);
}

static void put_pairs(struct json_writer *json, const char *key, const struct oci_pairs *pairs)
{
	json_key(json, key);
	json_open_object(json);
	for (size_t i = 0; i < pairs->n; i++)
		put(json, pairs->item[i].name, pairs->item[i].value);
	json_close_object(json);
}

// --- state --------------------------------------------------------------------------------------

// The number of its first process on the host, 0 where there is none.
static int64_t pid_of(struct arena *arena, const struct box_record *record)
{
	struct record_process first;
	_cleanup_fd_ int pidfd = -1;
	bool lives = record->running && box_record_first(arena, record, &first) == 0 &&
		     record_alive(&first, &pidfd) == 0;
	fault_clear();
	return lives ? first.pid : 0;
}

static void put_state(struct json_writer *json, const struct box_record *record, int64_t pid)
{
	const char *state = container_state(record);
	json_key(json, "State");
	json_open_object(json);
	put(json, "Status", state);
	put_bool(json, "Running", record->running);
	put_bool(json, "Paused", false);
	put_bool(json, "Restarting", false);
	put_bool(json, "OOMKilled", record->oom_killed);
	put_bool(json, "Dead", str_eq(state, "dead"));
	put_int(json, "Pid", pid);
	put_int(json, "ExitCode", record->running ? 0 : record->exit_code);
	put(json, "Error", NULL);
	put_time(json, "StartedAt", record->created);
	put_time(json, "FinishedAt", record->running ? 0 : record->finished);
	json_close_object(json);
}

// --- what was asked for -------------------------------------------------------------------------

static bool has_word(const char *options, const char *word)
{
	struct str rest = str_of(options ? options : "");
	while (rest.n)
		if (str_is(str_cut(&rest, ','), word))
			return true;
	return false;
}

static bool is_writable(const struct box_about_mount *mount)
{
	return !has_word(mount->options, "ro") && !has_word(mount->options, "rro");
}

static const char *propagation_of(const struct box_about_mount *mount)
{
	static const char *const words[] = {"rshared", "shared",      "rslave",
					    "slave",   "runbindable", "unbindable"};
	for (size_t i = 0; i < lengthof(words); i++)
		if (has_word(mount->options, words[i]))
			return words[i];
	return mount->type && str_eq(mount->type, "bind") ? "rprivate" : "";
}

static void put_mounts(struct json_writer *json, const struct box_about *about)
{
	json_key(json, "Mounts");
	json_open_list(json);
	for (size_t i = 0; i < about->mounts_n; i++) {
		const struct box_about_mount *mount = &about->mounts[i];
		json_open_object(json);
		put(json, "Type", mount->type);
		put(json, "Source", mount->source);
		put(json, "Destination", mount->destination);
		put(json, "Mode", mount->options);
		put_bool(json, "RW", is_writable(mount));
		put(json, "Propagation", propagation_of(mount));
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_binds(struct arena *arena, struct json_writer *json, const struct box_about *about)
{
	json_key(json, "Binds");
	json_open_list(json);
	for (size_t i = 0; i < about->mounts_n; i++) {
		const struct box_about_mount *mount = &about->mounts[i];
		struct buf text = buf_new(arena, BIND_MAX);
		if (!mount->type || !str_eq(mount->type, "bind") || !mount->source)
			continue;
		buf_printf(&text, "%s:%s%s", mount->source, mount->destination,
			   is_writable(mount) ? "" : ":ro");
		json_put_text(json, text.p);
	}
	json_close_list(json);
}

static void put_limits(struct json_writer *json, const struct box_about *about)
{
	put_int(json, "Memory", about->memory);
	put_int(json, "MemorySwap", about->memory_swap);
	put_int(json, "MemoryReservation", about->memory_reservation);
	put_int(json, "CpuShares", about->cpu_shares);
	put_int(json, "CpuPeriod", about->cpu_period);
	put_int(json, "CpuQuota", about->cpu_quota);
	put(json, "CpusetCpus", about->cpuset_cpus);
	put(json, "CpusetMems", about->cpuset_mems);
	json_key(json, "PidsLimit");
	about->pids ? json_put_int(json, about->pids) : json_put_null(json);
}

static void put_host_config(struct arena *arena, struct json_writer *json,
			    const struct box_record *record)
{
	const struct box_about *about = &record->about;
	json_key(json, "HostConfig");
	json_open_object(json);
	put_binds(arena, json, about);
	put(json, "NetworkMode", about->network);
	put(json, "IpcMode", about->ipc);
	put_bool(json, "AutoRemove", record->remove);
	put_bool(json, "Privileged", about->privileged);
	put_bool(json, "ReadonlyRootfs", about->readonly);
	put_bool(json, "Init", about->init);
	json_key(json, "RestartPolicy");
	json_open_object(json);
	put(json, "Name", "no");
	put_int(json, "MaximumRetryCount", 0);
	json_close_object(json);
	put_limits(json, about);
	put_pairs(json, "Annotations", &record->annotations);
	json_close_object(json);
}

static void put_config(struct json_writer *json, const struct box_record *record)
{
	const struct box_about *about = &record->about;
	char signal[SIGNAL_TEXT_SIZE] = "SIGTERM";
	if (record->stop_signal)
		signal_text((int)record->stop_signal, signal);
	json_key(json, "Config");
	json_open_object(json);
	put(json, "Hostname", about->hostname);
	put(json, "Domainname", about->domainname);
	put(json, "User", about->user);
	put_bool(json, "Tty", about->terminal);
	put_bool(json, "OpenStdin", about->stdin_open);
	put_texts(json, "Env", about->env.item, about->env.n);
	put_texts(json, "Cmd", record->command.item, record->command.n);
	put(json, "Image", record->image);
	put(json, "WorkingDir", about->workdir);
	put_pairs(json, "Labels", &record->labels);
	put(json, "StopSignal", signal);
	put_int(json, "StopTimeout", record->stop_timeout);
	json_close_object(json);
}

static void put_network(struct arena *arena, struct json_writer *json, int64_t pid)
{
	json_key(json, "NetworkSettings");
	json_open_object(json);
	put(json, "SandboxKey",
	    pid ? arena_printf(arena, "/proc/%lld/ns/net", (long long)pid) : NULL);
	json_key(json, "Ports");
	json_open_object(json);
	json_close_object(json);
	json_key(json, "Networks");
	json_open_object(json);
	json_close_object(json);
	json_close_object(json);
}

void container_inspect(struct arena *arena, const struct box_record *record,
		       struct json_writer *json)
{
	size_t n = record->command.n;
	int64_t pid = pid_of(arena, record);
	json_open_object(json);
	put(json, "Id", record->id);
	put_time(json, "Created", record->created);
	put(json, "Path", n ? record->command.item[0] : NULL);
	put_texts(json, "Args", n ? record->command.item + 1 : NULL, n ? n - 1 : 0);
	put_state(json, record, pid);
	put(json, "Image", record->image_id);
	put(json, "Name", record->name ? arena_printf(arena, "/%s", record->name) : NULL);
	put(json, "Platform", "linux");
	put_host_config(arena, json, record);
	put_mounts(json, &record->about);
	put_config(json, record);
	put_network(arena, json, pid);
	json_close_object(json);
}
