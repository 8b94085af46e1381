// SPDX-License-Identifier: Apache-2.0
// fuzz_process.c - the values of options about the process: signals, sysctls, names, labels
//
// The first byte picks the parser, the rest is what it reads. Whatever one takes must be within
// its promises: they are asserted here.
#include "base/fail.h"
#include "base/utf8.h"
#include "engine/process/attach.h"
#include "engine/etc/dns.h"
#include "engine/process/env.h"
#include "engine/etc/hosts.h"
#include "engine/process/inherited.h"
#include "engine/process/labels.h"
#include "engine/process/traits.h"
#include "engine/ids/user.h"
#include "kern/namespaces/sysctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int parse_sysctl(struct arena *arena, const char *text)
{
	struct oci_pairs pairs;
	const char *path;
	TRY(sysctls_parse(arena, &(struct oci_strings){&text, 1}, &pairs));
	TRY(sysctl_check_value(pairs.item[0].name, pairs.item[0].value));
	TRY(sysctl_path(arena, pairs.item[0].name, &path));
	assert(path[0] != '/' && !strchr(pairs.item[0].value, '\n'));
	struct str rest = str_of(path);
	while (rest.p)
		assert(!str_is(str_cut(&rest, '/'), ".."));
	return sysctl_namespace(path) ? 0 : -EPERM;
}

static int parse_hosts(struct arena *arena, const char *text)
{
	struct buf out = buf_new(arena, 8 * HOSTS_LINE_MAX * 64);
	int error = hosts_add(&out, text);
	assert(error || (out.n && out.p[out.n - 1] == '\n' && !strchr(out.p, '\x1b')));
	return error;
}

static int parse_dns(struct arena *arena, const char *text, struct str raw)
{
	static const struct oci_strings none;
	struct oci_strings one = {&text, 1};
	struct dns dns = {0};
	int error = dns_parse(&one, &none, &none, &dns);
	if (error)
		error = dns_parse(&none, &one, &none, &dns);
	if (error)
		error = dns_parse(&none, &none, &one, &dns);
	assert(error || dns_resolv_conf(arena, raw, false, &dns));
	return error;
}

static int parse_merge(struct arena *arena, const char *text)
{
	static const char *const environment[] = {NULL};
	struct env env = {.environment = environment};
	const char *variable;
	env_set(arena, &env, "PATH=/bin");
	int error = env_merge(arena, &env, text, &variable);
	assert(error || strchr(variable, '=') > variable);
	return error;
}

static int parse_label(struct arena *arena, const char *text)
{
	static const struct oci_strings no_files;
	static const struct oci_pairs no_labels;
	struct oci_pairs labels;
	int error =
		labels_make(arena, &no_labels, &no_files, &(struct oci_strings){&text, 1}, &labels);
	assert(error || (labels.n == 1 && (unsigned char)labels.item[0].name[0] > ' ' &&
			 utf8_is_text(str_of(labels.item[0].value))));
	return error;
}

static int parse(struct arena *arena, unsigned which, const char *text, struct str raw)
{
	struct oci_personality personality;
	struct attach attach;
	int64_t number = 0;
	uint32_t gid = 0;
	bool is_number;
	int signal = 0, n = 0;
	switch (which) {
	case 0:
		return parse_sysctl(arena, text);
	case 1:
		return parse_hosts(arena, text);
	case 2:
		return parse_dns(arena, text, raw);
	case 3:
		return parse_merge(arena, text);
	case 4:
		return parse_label(arena, text);
	case 5:
		n = signal_parse("--signal", text, &signal);
		assert(n || (signal >= 1 && signal <= 64));
		return n;
	case 6:
		n = umask_parse(text, &number);
		assert(n || (number >= 0 && number <= 0777));
		return n;
	case 7:
		n = oom_score_parse(text, &number);
		assert(n || (number >= -1000 && number <= 1000));
		return n;
	case 8:
		return personality_parse(arena, text, &personality);
	case 9:
		return group_parse(text, &is_number, &gid);
	case 10:
		return attach_parse(&(struct oci_strings){&text, 1}, &attach);
	case 11:
		return preserve_fds_parse(text, &n);
	default:
		return seconds_parse("--timeout", text, &number);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	if (size) {
		const char *text = arena_dup_n(&arena, (const char *)data + 1, size - 1);
		struct str raw = {(const char *)data + 1, size - 1};
		int error = parse(&arena, data[0] % 13, text, raw);
		assert(error <= 0);
		if (error)
			assert(fault_last()->error || error == -EPERM);
		fault_clear();
	}
	arena_free(&arena);
	return 0;
}
