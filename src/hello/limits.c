// SPDX-License-Identifier: Apache-2.0
// limits.c - how much this process, and all that share its cgroup, may use
//
// rlimits hold for one process. A cgroup's limits hold for all processes in it together; they are
// files. In version 2 one tree has all controllers, in version 1 each controller (memory, cpu,
// pids) has a tree of its own, and both can be in use at once. /proc/self/cgroup says where in each
// tree we are, mountinfo where the tree can be looked at.
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

#include <sys/resource.h>

static const struct limit {
	const char *name;
	int resource;
	const char *words; // NULL: not in the text
	unsigned unit;     // what the text divides by
} limits[] = {
	{"as", RLIMIT_AS},
	{"core", RLIMIT_CORE},
	{"cpu", RLIMIT_CPU, "%s s of cpu", 1},
	{"data", RLIMIT_DATA},
	{"fsize", RLIMIT_FSIZE},
	{"locks", RLIMIT_LOCKS},
	{"memlock", RLIMIT_MEMLOCK},
	{"msgqueue", RLIMIT_MSGQUEUE},
	{"nice", RLIMIT_NICE},
	{"nofile", RLIMIT_NOFILE, "%s open files", 1},
	{"nproc", RLIMIT_NPROC, "%s processes of its user", 1},
	{"rss", RLIMIT_RSS},
	{"rtprio", RLIMIT_RTPRIO},
	{"rttime", RLIMIT_RTTIME},
	{"sigpending", RLIMIT_SIGPENDING},
	{"stack", RLIMIT_STACK, "%s KiB of stack", 1024},
};
static_assert(lengthof(limits) == RLIMIT_NLIMITS, "every rlimit the kernel has");

static const struct knob {
	const char *name;
	const char *controller;
	const char *v2, *v1; // files; NULL: that version has none
} knobs[] = {
	{"memory", "memory", "memory.max", "memory.limit_in_bytes"},
	{"memory_swap", "memory", "memory.swap.max", "memory.memsw.limit_in_bytes"},
	{"memory_reservation", "memory", "memory.low", "memory.soft_limit_in_bytes"},
	{"cpu_max", "cpu", "cpu.max", NULL},
	{"cpu_quota", "cpu", NULL, "cpu.cfs_quota_us"},
	{"cpu_period", "cpu", NULL, "cpu.cfs_period_us"},
	{"cpu_weight", "cpu", "cpu.weight", "cpu.shares"},
	{"pids", "pids", "pids.max", "pids.max"},
};

// Where we are in the tree of a controller (NULL: the tree of version 2), as /proc/self/cgroup has
// it: lines of "number:controllers:path", version 2's is "0::path".
static char *own_path(const char *controller)
{
	char *rest = file_text("/proc/self/cgroup");
	for (char *line; (line = file_line(&rest));) {
		strsep(&line, ":");
		char *list = line ? strsep(&line, ":") : NULL;
		if (!line)
			continue;
		if (!controller && !*list)
			return line;
		for (char *name; controller && (name = strsep(&list, ","));) {
			if (str_eq(name, controller))
				return line;
		}
	}
	return NULL;
}

static char *knob_read(const char *controller, const char *file)
{
	const char *root;
	const char *top = mounts_cgroup(controller, &root);
	char *path = own_path(controller);
	if (!top || !path || !file)
		return NULL;
	size_t n = strlen(root);
	if (!str_eq(root, "/") && !strncmp(path, root, n))
		path += n; // the mount shows this part of the tree only
	char *text =
		file_text(text_join(NULL, "%s%s/%s", top, str_eq(path, "/") ? "" : path, file));
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

// The top of a tree has no limits, and no files for them.
static bool is_at_top(const char *controller)
{
	const char *root, *path = own_path(controller);
	bool own = path != NULL;
	path = own ? path : own_path(NULL);
	return mounts_cgroup(own ? controller : NULL, &root) && path && str_eq(path, "/");
}

// What a knob says; sets *ret_version to the version that has it.
static char *knob_value(const struct knob *knob, int *ret_version)
{
	char *value = knob_read(NULL, knob->v2);
	*ret_version = value ? 2 : 1;
	return value ? value : knob_read(knob->controller, knob->v1);
}

static const char *soft_words(rlim_t value, unsigned unit)
{
	return value == RLIM_INFINITY ? "unlimited"
				      : text_join(NULL, "%llu", (unsigned long long)value / unit);
}

void limits_json(void)
{
	json_open("rlimits", '{');
	for (size_t i = 0; i < lengthof(limits); i++) {
		struct rlimit both = {0};
		getrlimit(limits[i].resource, &both);
		json_open(limits[i].name, '{');
		json_text("soft", soft_words(both.rlim_cur, 1));
		json_text("hard", soft_words(both.rlim_max, 1));
		json_close('}');
	}
	json_close('}');
	json_open("cgroup", '{');
	json_open("paths", '[');
	char *rest = file_text("/proc/self/cgroup");
	for (char *line; (line = file_line(&rest));)
		json_text(NULL, line);
	json_close(']');
	for (size_t i = 0; i < lengthof(knobs); i++) {
		int version;
		json_text(knobs[i].name, knob_value(&knobs[i], &version));
	}
	json_close('}');
}

static char *knob_named(const char *name)
{
	int version;
	for (size_t i = 0; i < lengthof(knobs); i++) {
		if (str_eq(knobs[i].name, name))
			return knob_value(&knobs[i], &version);
	}
	return NULL;
}

// What is said where a controller has no file with a limit.
static const char *without_file(const char *controller)
{
	return is_at_top(controller) ? "no limit" : "not to be seen";
}

// Version 1 writes "no limit" as the largest multiple of a page.
static const char *memory_words(void)
{
	char *value = knob_named("memory");
	if (!value)
		return without_file("memory");
	unsigned long long bytes = strtoull(value, NULL, 10);
	if (str_eq(value, "max") || bytes >= 1ULL << 62)
		return "no limit";
	return text_join(NULL, "%.4g MiB", bytes / 1048576.0);
}

static const char *cpu_words(void)
{
	char *value = knob_named("cpu_max"), *quota = knob_named("cpu_quota");
	char *length = knob_named("cpu_period");
	long long most = 0, period = 0;
	if (!value && !quota)
		return without_file("cpu");
	if (value)
		sscanf(value, "%lld %lld", &most, &period); // "max 100000" reads as none
	else if (length)
		sscanf(length, "%lld", &period);
	if (!value)
		most = strtoll(quota, NULL, 10);
	return most > 0 && period > 0 ? text_join(NULL, "%.4g processors", (double)most / period)
				      : "no limit";
}

static const char *pids_words(void)
{
	char *value = knob_named("pids");
	return !value ? without_file("pids") : str_eq(value, "max") ? "no limit" : value;
}

static void cgroup_text(void)
{
	const char *root;
	if (!mounts_cgroup(NULL, &root) && !mounts_cgroup("memory", &root))
		text_row("the cgroup",
			 "no tree of cgroups is shown here: its limits can't be read");
	else
		text_row("the cgroup", "memory: %s; processor time: %s; processes: %s",
			 memory_words(), cpu_words(), pids_words());
}

void limits_text(void)
{
	cgroup_text();
	char *words = NULL;
	for (size_t i = 0; i < lengthof(limits); i++) {
		struct rlimit both;
		if (!limits[i].words || getrlimit(limits[i].resource, &both) ||
		    both.rlim_cur == RLIM_INFINITY)
			continue;
		const char *split = strstr(limits[i].words, "%s");
		words = text_join(words, "%s%.*s%s%s", words ? ", " : "",
				  (int)(split - limits[i].words), limits[i].words,
				  soft_words(both.rlim_cur, limits[i].unit), split + 2);
	}
	text_row("each process", "%s", words ? words : "no limit");
}
