// SPDX-License-Identifier: Apache-2.0
// fuzz_options.c - the values of run's options
//
// The first byte picks the parser, the rest is what it reads. Whatever one takes must be within
// its promises: they are asserted here.
#include "base/fail.h"
#include "engine/namespaces/choice.h"
#include "engine/limits/cpuset.h"
#include "engine/process/env.h"
#include "engine/etc/dns.h"
#include "engine/limits/limits.h"
#include "engine/namespaces/name.h"
#include "base/size.h"
#include "engine/mounts/tmpfs.h"
#include "engine/limits/ulimit.h"
#include "engine/ids/user.h"
#include "engine/mounts/volume.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct dns no_dns;
static const char *const environment[] = {"HOME=/root", "EMPTY=", NULL};

static const struct engine_place place = {.processors = 64};

static int parse_limits(struct arena *arena, const char *text)
{
	const struct facts facts = {.swap_accounting = true};
	const struct run_opts opts = {
		.memory = "64m", .memory_swap = text, .cpus = text, .pids_limit = text};
	const struct run_opts others = {
		.memory_reservation = text,
		.memory_swappiness = text,
		.cpu_shares = text,
		.cpu_period = text,
		.cpu_quota = text,
		.cpu_rt_period = text,
		.cpu_rt_runtime = text,
		.cpuset_cpus = text,
		.cpuset_mems = text,
	};
	struct oci_resources resources = {0}, other = {0};
	struct cpuset set;
	int error = limits_parse(arena, &opts, &facts, &place, &resources);
	if (!limits_parse(arena, &others, &facts, &place, &other)) {
		assert(other.cpu_shares <= 262144 && other.cpu_period <= 1000000);
		assert(!other.cpuset_cpus || !cpuset_read(str_of(other.cpuset_cpus), &set));
	}
	assert(error || resources.cpu_quota == 0 ||
	       (resources.cpu_quota >= 1000 && resources.cpu_quota <= 6400000));
	return error;
}

static int parse_user(const char *text)
{
	struct engine_user user = {0};
	int error = user_parse("--user", text, &user);
	bool zero = text[0] == '0' && (text[1] == '\0' || text[1] == ':');
	assert(error || user.root == (zero || str_eq(text, "root") || str_starts(text, "root:")));
	return error;
}

static int parse_mount(struct arena *arena, const char *text, bool tmpfs)
{
	struct oci_mount mount = {0};
	int error = tmpfs ? tmpfs_parse(arena, text, &mount)
			  : volume_parse(arena, "/home/u", text, &mount);
	assert(error || (mount.destination[0] == '/' && mount.destination[1] &&
			 !strstr(mount.destination, "/../") && mount.source));
	return error;
}

static int parse_env(struct arena *arena, struct str text)
{
	struct env env = {.environment = environment};
	int error = env_lines(arena, &env, "f", text);
	for (size_t i = 0; i < env.list.n; i++)
		assert(strchr(env.list.item[i], '=') > env.list.item[i]);
	return error;
}

static int parse(struct arena *arena, unsigned which, const char *text, struct str raw)
{
	const struct facts facts = {0};
	struct choices choices = {0};
	struct oci_rlimit limit;
	int64_t bytes = 0;
	const struct run_opts words = {.network = text, .userns = text, .cgroups = text};
	switch (which) {
	case 0:
		return size_parse("--memory", text, &bytes);
	case 1:
		return parse_limits(arena, text);
	case 2:
		return ulimit_parse(arena, text, &limit);
	case 3:
		return parse_env(arena, raw);
	case 4:
		return parse_mount(arena, text, false);
	case 5:
		return parse_mount(arena, text, true);
	case 6:
		return parse_user(text);
	case 7:
		return name_check(text) + hostname_check(text);
	case 8:
		return security_opt_parse(arena, text, &choices.security) +
		       choices_parse(arena, &words, &facts, &choices);
	default:
		return dns_resolv_conf(arena, raw, false, &no_dns) ? 0 : -EINVAL;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = {0};
	const char *text = arena_dup_n(&arena, (const char *)data + 1, size - 1);
	fault_clear();
	int error = parse(&arena, data[0] % 10, text, (struct str){text, size - 1});
	assert(!error || fault_last()->text[0]);
	arena_free(&arena);
	return 0;
}
