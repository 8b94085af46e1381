// SPDX-License-Identifier: Apache-2.0
// tell.c - what was heard of a container's system calls, as a profile and in words
#include "box/watch/watch.h"

#include "base/json_write.h"
#include "base/msg.h"
#include "box/plan/seccomp.h"
#include "kern/caps.h"
#include "kern/seccomp/run.h"

// --- record: the profile ------------------------------------------------------------------------

static void put_pair(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

// A profile without any means the machine's own.
static void put_architectures(struct json_writer *json, const struct watch_seen *seen)
{
	unsigned abis = 0;
	for (size_t i = 0; i < syscalls_n; i++)
		abis |= seen->made[i];
	json_key(json, "architectures");
	json_open_list(json);
	for (const struct shape_word *word = plan_seccomp_machines; word->name; word++)
		if (abis >> word->value & 1)
			json_put_text(json, word->name);
	json_close_list(json);
}

static bool names(const struct seccomp_row *row, const char *name)
{
	struct str rest = str_of(row->names);
	while (rest.n)
		if (str_is(str_cut(&rest, ' '), name))
			return true;
	return false;
}

// What Docker's default, where it was the filter, asks of the arguments; NULL: nothing.
static const struct seccomp_rules *conditions(const struct watch_seen *seen, const char *name)
{
	const struct plan *plan = seen->watch->plan;
	for (size_t i = 0; i < seccomp_docker.rows_n; i++) {
		const struct seccomp_row *row = &seccomp_docker.rows[i];
		if (row->rules && !(row->without & plan->bounding) && names(row, name))
			return plan->spec->seccomp == BOX_SECCOMP_DEFAULT ? row->rules : NULL;
	}
	return NULL;
}

static void put_test(struct json_writer *json, const struct seccomp_test *test)
{
	static const char *const words[] = {
		[SECCOMP_LESS] = "SCMP_CMP_LT",
		[SECCOMP_EQUAL] = "SCMP_CMP_EQ",
		[SECCOMP_GREATER] = "SCMP_CMP_GT",
	};
	bool masked = test->mask != UINT64_MAX;
	json_open_object(json);
	json_key(json, "index");
	json_put_uint(json, test->argument);
	json_key(json, "value");
	json_put_uint(json, masked ? test->mask : test->value);
	if (masked) {
		json_key(json, "valueTwo");
		json_put_uint(json, test->value);
	}
	put_pair(json, "op", masked ? "SCMP_CMP_MASKED_EQ" : words[test->compare]);
	json_close_object(json);
}

static void put_conditional(struct json_writer *json, const char *name,
			    const struct seccomp_rule *rule)
{
	json_open_object(json);
	json_key(json, "names");
	json_open_list(json);
	json_put_text(json, name);
	json_close_list(json);
	put_pair(json, "action", "SCMP_ACT_ALLOW");
	json_key(json, "args");
	json_open_list(json);
	for (size_t i = 0; i < rule->n; i++)
		put_test(json, &rule->all[i]);
	json_close_list(json);
	json_close_object(json);
}

static bool is_in(const struct watch_seen *seen, size_t row)
{
	return seen->made[row] || seccomp_start_needs(syscalls[row].name);
}

static void put_names(struct json_writer *json, const struct watch_seen *seen)
{
	json_open_object(json);
	json_key(json, "names");
	json_open_list(json);
	for (size_t i = 0; i < syscalls_n; i++)
		if (is_in(seen, i) && !conditions(seen, syscalls[i].name))
			json_put_text(json, syscalls[i].name);
	json_close_list(json);
	put_pair(json, "action", "SCMP_ACT_ALLOW");
	json_close_object(json);
}

void watch_profile_print(struct watch_seen *seen, struct buf *out)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put_pair(&json, "defaultAction", "SCMP_ACT_ERRNO");
	json_key(&json, "defaultErrnoRet");
	json_put_int(&json, EPERM);
	put_architectures(&json, seen);
	json_key(&json, "syscalls");
	json_open_list(&json);
	put_names(&json, seen);
	for (size_t i = 0; i < syscalls_n; i++) {
		const char *name = syscalls[i].name;
		const struct seccomp_rules *rules = is_in(seen, i) ? conditions(seen, name) : NULL;
		for (size_t j = 0; rules && j < rules->n; j++)
			put_conditional(&json, name, &rules->first[j]);
	}
	json_close_list(&json);
	json_close_object(&json);
	buf_putc(out, '\n');
}

// --- explain: a line each -----------------------------------------------------------------------

// The capability with which Docker's default would let the call pass; NULL: none does, or another
// filter refused it.
static const char *opening_capability(struct watch_seen *seen, const struct seccomp_data *call)
{
	const struct plan *plan = seen->watch->plan;
	struct seccomp_want want = {
		.kernel = {plan->facts->kernel_major, plan->facts->kernel_minor},
		.machine = SECCOMP_NATIVE,
	};
	struct seccomp_filter filter;
	if (plan->spec->seccomp != BOX_SECCOMP_DEFAULT)
		return NULL;
	for (unsigned number = 0; number <= CAPS_LAST; number++) {
		want.capabilities = plan->bounding | CAPS_BIT(number);
		if (seccomp_default(seen->arena, &want, &filter) == 0 &&
		    seccomp_run(&filter, call, NULL) == SECCOMP_RET_ALLOW)
			return caps_name(number);
	}
	return NULL;
}

void watch_refusal_print(struct watch_seen *seen, const struct watch_refusal *refusal,
			 struct buf *out)
{
	const char *name = syscalls_name(watch_abi(&refusal->call), (uint32_t)refusal->call.nr);
	const char *capability = opening_capability(seen, &refusal->call);
	if (name)
		buf_printf(out, "seccomp refused %s", name);
	else
		buf_printf(out, "seccomp refused call %d", refusal->call.nr);
	buf_puts(out, " to '");
	msg_escape(out, str_of(refusal->comm));
	buf_printf(out, "', process %u", refusal->pid);
	if (refusal->times > 1)
		buf_printf(out, ", %u times", refusal->times);
	buf_printf(out, ": %s; ", strerror(refusal->error));
	if (capability)
		buf_printf(out, "--cap-add %s allows it", capability + strlen("CAP_"));
	else
		buf_printf(out, "--security-opt seccomp=FILE allows it, with a profile that %s",
			   name ? "names it" : "allows all but what it names");
}
