// SPDX-License-Identifier: Apache-2.0
// seccomp.c - the filter of a plan: Docker's default, or the one that a document describes
//
// A document (linux.seccomp) lists entries: calls, the arguments an entry is for, and an answer.
// They become a table for kern's compiler, one row a call, in libseccomp's understanding of them:
//
//	an entry with the default's own answer says nothing
//	an entry without arguments decides its calls alone, the first of several; those of the
//	same call that look at arguments then have no effect
//	an entry that looks at one argument twice holds where one of its comparisons does
//	of entries that look at arguments the first that holds gives the answer
//
// A name that no ABI here has is left out, as it can't be called by that name. Numbers that are
// newer than our table are "no such call" where the default refuses with an errno: programs take it
// as an old kernel and go on.
#include "box/plan/seccomp.h"

#include "base/fail.h"
#include "box/plan/watch.h"
#include "kern/seccomp/run.h"
#include "kern/seccomp/syscalls.h"
#include "oci/words.h"

#include <sys/syscall.h>

enum { CALL_RULES_MAX = 256 }; // entries with arguments for one call

// The ABIs of architectures that kernels of ours serve.
const struct shape_word plan_seccomp_machines[] = {
	{"SCMP_ARCH_X86", ABI_X86}, {"SCMP_ARCH_X86_64", ABI_X86_64},   {"SCMP_ARCH_X32", ABI_X32},
	{"SCMP_ARCH_ARM", ABI_ARM}, {"SCMP_ARCH_AARCH64", ABI_AARCH64}, {NULL, 0},
};

static int find(const struct shape_word *words, const char *what, const char *text,
		uint32_t *ret_value)
{
	const struct shape_word *row = shape_word_find(words, text);
	if (!row)
		return fail(-EINVAL, "seccomp profile: there is no %s '%.64s'", what, text);
	*ret_value = (uint32_t)row->value;
	return 0;
}

static int read_action(const char *text, int64_t errno_ret, uint32_t *ret_action)
{
	uint32_t action = 0;
	TRY(find(oci_seccomp_actions, "action", text, &action));
	bool has_data = action == SECCOMP_RET_ERRNO || action == SECCOMP_RET_TRACE;
	if (errno_ret >= 0 && !has_data)
		return fail(-EINVAL, "seccomp profile: errnoRet says nothing with action '%s'",
			    text);
	if (has_data)
		action |= errno_ret >= 0 ? (uint32_t)errno_ret : EPERM;
	*ret_action = action;
	return 0;
}

static int read_argument(const struct oci_seccomp_arg *arg, struct seccomp_test *ret_test)
{
	uint32_t word = 0;
	TRY(find(oci_seccomp_operators, "operator", arg->op, &word));
	struct seccomp_test test = {
		.argument = (unsigned)arg->index, .mask = UINT64_MAX, .value = arg->value};
	switch ((enum oci_seccomp_op)word) {
	case OCI_SECCOMP_NE:
	case OCI_SECCOMP_EQ:
		test.compare = SECCOMP_EQUAL;
		test.negated = word == OCI_SECCOMP_NE;
		break;
	case OCI_SECCOMP_GE:
	case OCI_SECCOMP_LT:
		test.compare = SECCOMP_LESS;
		test.negated = word == OCI_SECCOMP_GE;
		break;
	case OCI_SECCOMP_LE:
	case OCI_SECCOMP_GT:
		test.compare = SECCOMP_GREATER;
		test.negated = word == OCI_SECCOMP_LE;
		break;
	case OCI_SECCOMP_MASKED_EQ:
		test.compare = SECCOMP_EQUAL;
		test.mask = arg->value;
		test.value = arg->value_two & arg->value;
		break;
	}
	*ret_test = test;
	return 0;
}

// --- entries ------------------------------------------------------------------------------------

struct call {         // what the entries say of one call
	bool decided; // by an entry without arguments
	uint32_t action;
	struct seccomp_rule *rules; // room for CALL_RULES_MAX
	size_t rules_n;
};

struct reading {
	struct arena *arena;
	struct call *calls; // one for each row of syscalls
	uint32_t otherwise;
	bool asks; // SCMP_ACT_NOTIFY is among the answers
};

// The entry's comparisons as rules: one with all of them, or one each.
static int read_rules(struct reading *reading, const struct oci_seccomp_call *entry,
		      uint32_t action, struct seccomp_rule **ret_rules, size_t *ret_n)
{
	struct seccomp_test *tests =
		arena_array(reading->arena, struct seccomp_test, entry->args_n);
	struct seccomp_rule *rules =
		arena_array(reading->arena, struct seccomp_rule, entry->args_n);
	unsigned seen = 0;
	bool each = false;
	for (size_t i = 0; i < entry->args_n; i++) {
		TRY(read_argument(&entry->args[i], &tests[i]));
		unsigned bit = 1u << tests[i].argument;
		each = each || seen & bit;
		seen |= bit;
	}
	rules[0] = (struct seccomp_rule){action, tests, entry->args_n};
	for (size_t i = 0; each && i < entry->args_n; i++)
		rules[i] = (struct seccomp_rule){action, &tests[i], 1};
	*ret_rules = rules;
	*ret_n = each ? entry->args_n : 1;
	return 0;
}

static int add_rules(struct reading *reading, struct call *call, const char *name,
		     const struct seccomp_rule *rules, size_t n)
{
	if (call->rules_n + n > CALL_RULES_MAX)
		return fail(-E2BIG, "seccomp profile: more than %d comparisons for '%.64s'",
			    CALL_RULES_MAX, name);
	if (!call->rules)
		call->rules = arena_array(reading->arena, struct seccomp_rule, CALL_RULES_MAX);
	memcpy(call->rules + call->rules_n, rules, n * sizeof(*rules));
	call->rules_n += n;
	return 0;
}

static int read_entry(struct reading *reading, const struct oci_seccomp_call *entry)
{
	struct seccomp_rule *rules = NULL;
	size_t rules_n = 0;
	uint32_t action;
	TRY(read_action(entry->action, entry->errno_ret, &action));
	reading->asks = reading->asks || action == SECCOMP_RET_USER_NOTIF;
	if (entry->args_n)
		TRY(read_rules(reading, entry, action, &rules, &rules_n));
	if (action == reading->otherwise)
		return 0;
	for (size_t i = 0; i < entry->names.n; i++) {
		const struct syscalls_row *row = syscalls_find(str_of(entry->names.item[i]));
		if (!row)
			continue;
		struct call *call = &reading->calls[row - syscalls];
		if (rules_n) {
			TRY(add_rules(reading, call, row->name, rules, rules_n));
		} else if (!call->decided) {
			call->decided = true;
			call->action = action;
		}
	}
	return 0;
}

static const struct seccomp_rules *rules_of(struct reading *reading, const struct call *call)
{
	if (call->decided)
		return NULL;
	struct seccomp_rules *rules = arena_new(reading->arena, struct seccomp_rules);
	*rules = (struct seccomp_rules){call->rules, call->rules_n};
	return rules;
}

static void make_rows(struct reading *reading, struct seccomp_profile *profile)
{
	struct seccomp_row *rows = arena_array(reading->arena, struct seccomp_row, syscalls_n);
	for (size_t i = 0; i < syscalls_n; i++) {
		const struct call *call = &reading->calls[i];
		if (!call->decided && !call->rules_n)
			continue;
		rows[profile->rows_n++] = (struct seccomp_row){
			.names = syscalls[i].name,
			.action = call->decided ? call->action : reading->otherwise,
			.rules = rules_of(reading, call),
		};
	}
	profile->rows = rows;
}

// --- the whole ----------------------------------------------------------------------------------

static int read_abis(const struct oci_strings *list, unsigned *ret_abis)
{
	unsigned abis = 1u << (SECCOMP_NATIVE == SECCOMP_X86_64 ? ABI_X86_64 : ABI_AARCH64);
	for (size_t i = 0; i < list->n; i++) {
		uint32_t none;
		TRY(find(oci_seccomp_machines, "architecture", list->item[i], &none));
		const struct shape_word *row =
			shape_word_find(plan_seccomp_machines, list->item[i]);
		abis |= row ? 1u << row->value : 0;
	}
	*ret_abis = abis;
	return 0;
}

// TSYNC puts a filter on all threads: the first process has one, and the kernel won't have it
// together with a listener. WAIT_KILLABLE_RECV is about how an agent is waited for, and an error
// where there is none.
static int read_flags(const struct oci_strings *list, bool asks, unsigned *ret_flags)
{
	unsigned wanted = list->n ? 0 : SECCOMP_FLAGS;
	for (size_t i = 0; i < list->n; i++) {
		uint32_t flag = 0;
		TRY(find(oci_seccomp_flags, "flag", list->item[i], &flag));
		wanted |= flag;
	}
	wanted &= ~(unsigned)SECCOMP_FILTER_FLAG_TSYNC;
	wanted &= asks ? UINT32_MAX : ~(unsigned)SECCOMP_WAIT_KILLABLE;
	*ret_flags = wanted | (asks ? (unsigned)SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);
	return 0;
}

int seccomp_profile_read(struct arena *arena, const struct oci_seccomp *document,
			 struct seccomp_profile *ret_profile, unsigned *ret_flags)
{
	struct seccomp_profile profile = {0};
	struct reading reading = {arena, arena_array(arena, struct call, syscalls_n), 0, false};
	TRY(read_action(document->default_action, document->default_errno_ret, &reading.otherwise));
	reading.asks = reading.otherwise == SECCOMP_RET_USER_NOTIF;
	for (size_t i = 0; i < document->syscalls_n; i++)
		TRY(read_entry(&reading, &document->syscalls[i]));
	make_rows(&reading, &profile);
	profile.otherwise = profile.newer = reading.otherwise;
	if ((profile.otherwise & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		profile.newer = SECCOMP_PROFILE_NEWER;
	TRY(read_abis(&document->architectures, &profile.abis));
	TRY(read_flags(&document->flags, reading.asks, ret_flags));
	*ret_profile = profile;
	return 0;
}

static int check_listener(const struct oci_seccomp *document, const struct facts *facts,
			  unsigned flags)
{
	bool old =
		facts->kernel_major < 5 || (facts->kernel_major == 5 && facts->kernel_minor < 19);
	if (!(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return 0;
	if (!document->listener_path) {
		fail(-EINVAL, "seccomp profile: SCMP_ACT_NOTIFY without a listenerPath");
		fail_hint("it names the socket of the agent that answers those calls");
		return -EINVAL;
	}
	if (flags & SECCOMP_WAIT_KILLABLE && old)
		return fail(-EOPNOTSUPP,
			    "seccomp profile: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is of Linux "
			    "5.19, this is %u.%u",
			    facts->kernel_major, facts->kernel_minor);
	return 0;
}

// What tare still calls once the filter is there.
struct needed {
	long number;
	const char *name;
	bool waits; // only by one that waits for its start; recvmsg by one whose filter asks, too
	bool late;  // even where the filter comes last, but while HOST is there
};

static const struct needed needed[] = {
	{SYS_execve, "execve", false, true},        {SYS_setgroups, "setgroups", false, false},
	{SYS_setresgid, "setresgid", false, false}, {SYS_setresuid, "setresuid", false, false},
	{SYS_prctl, "prctl", false, false},         {SYS_capset, "capset", false, false},
	{SYS_openat2, "openat2", false, false},     {SYS_fchdir, "fchdir", false, false},
	{SYS_getcwd, "getcwd", false, false},       {SYS_sendmsg, "sendmsg", false, true},
	{SYS_close, "close", false, true},          {SYS_close_range, "close_range", false, true},
	{SYS_accept4, "accept4", true, true},       {SYS_recvmsg, "recvmsg", true, true},
};

bool seccomp_start_needs(const char *name)
{
	for (size_t i = 0; i < lengthof(needed); i++)
		if (!needed[i].waits && str_eq(needed[i].name, name))
			return true;
	return false;
}

static bool is_needed(const struct needed *call, const struct box_spec *spec, bool asks)
{
	if (spec->oci.process.no_new_privileges && asks && !call->late)
		return false;
	return !call->waits || spec->waits || (asks && call->number == SYS_recvmsg);
}

static uint32_t answer(const struct seccomp_filter *filter, const struct needed *call)
{
	return seccomp_answer(filter, SECCOMP_NATIVE, (uint32_t)call->number) &
	       SECCOMP_RET_ACTION_FULL;
}

// A call that waits for the agent passes, as soon as he has the descriptor; sendmsg hands it over.
static bool passes(const struct seccomp_filter *filter, const struct needed *call)
{
	uint32_t action = answer(filter, call);
	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG ||
	       (action == SECCOMP_RET_USER_NOTIF && call->number != SYS_sendmsg);
}

static int refuse(const struct seccomp_filter *filter, const struct needed *call, bool may_be_last)
{
	if (answer(filter, call) == SECCOMP_RET_USER_NOTIF)
		return fail(-EINVAL, "seccomp profile: SCMP_ACT_NOTIFY can't be the answer to "
				     "sendmsg, by which the listener itself is handed over");
	fail(-EINVAL, "the seccomp profile denies %s, which the start itself needs", call->name);
	fail_hint(may_be_last ? "allow it, or add --security-opt no-new-privileges: then the "
				"filter comes last"
			      : "allow it");
	return -EINVAL;
}

// A filter that denies what the start has yet to call comes right before execve. Without
// no_new_privs that takes CAP_SYS_ADMIN until then, which only a document's sets leave room for.
static int place_filter(const struct seccomp_filter *filter, struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	bool asks = builder->plan->filter_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
	bool strict = spec->oci.process.no_new_privileges;
	for (size_t i = 0; i < lengthof(needed); i++) {
		if (!is_needed(&needed[i], spec, asks) || passes(filter, &needed[i]))
			continue;
		bool last = !asks && needed[i].number != SYS_execve;
		if (!last || !(strict || spec->exact))
			return refuse(filter, &needed[i], last);
		builder->plan->filter_at_exec = true;
	}
	return 0;
}

// The plain filter. One that refuses nothing is there only to be watched.
static int make_plain(struct builder *builder, struct seccomp_filter *ret_filter)
{
	static const struct sock_filter all_pass[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	const struct facts *facts = builder->facts;
	const struct oci_seccomp *document = builder->spec->oci.linux_.seccomp;
	struct seccomp_want want = {
		.capabilities = builder->plan->bounding,
		.kernel = {facts->kernel_major, facts->kernel_minor},
		.machine = SECCOMP_NATIVE,
	};
	struct seccomp_profile profile;
	builder->plan->filter_flags = SECCOMP_FLAGS;
	switch (builder->spec->seccomp) {
	case BOX_SECCOMP_DEFAULT:
		return seccomp_default(builder->arena, &want, ret_filter);
	case BOX_SECCOMP_UNCONFINED:
		*ret_filter = (struct seccomp_filter){all_pass, lengthof(all_pass)};
		return 0;
	case BOX_SECCOMP_PROFILE:
		break;
	}
	TRY(seccomp_profile_read(builder->arena, document, &profile, &builder->plan->filter_flags));
	TRY(check_listener(document, facts, builder->plan->filter_flags));
	return seccomp_compile(builder->arena, &profile, &want, ret_filter);
}

int plan_make_filter(struct builder *builder)
{
	enum box_watch watch = builder->spec->watch;
	struct plan *plan = builder->plan;
	struct seccomp_filter filter;
	TRY(make_plain(builder, &filter));
	if (watch)
		TRY(plan_watch_flags(builder));
	TRY(place_filter(&filter, builder));
	plan->judge = filter.code;
	plan->judge_n = filter.n;
	if (watch)
		TRY(plan_watch_filter(builder->arena, watch, &filter, &filter));
	plan->filter = filter.code;
	plan->filter_n = filter.n;
	return 0;
}

// --- a filter as text ---------------------------------------------------------------------------

// Of code, jt, jf and k.
enum { CODE_DIGITS = 4 + 2 + 2 + 8 };

const char *seccomp_filter_text(struct arena *arena, const struct sock_filter *code, size_t n)
{
	struct buf text = buf_new(arena, n * CODE_DIGITS + 1);
	for (size_t i = 0; i < n; i++) {
		buf_hex(&text, (uint64_t)code[i].code << 16 | code[i].jt << 8 | code[i].jf, 8);
		buf_hex(&text, code[i].k, 8);
	}
	return text.p;
}

int seccomp_filter_read(struct arena *arena, const char *text, struct seccomp_filter *ret_filter)
{
	size_t digits = strlen(text), n = digits / CODE_DIGITS;
	struct sock_filter *code = arena_array(arena, struct sock_filter, n);
	if (!n || digits % CODE_DIGITS || n > BPF_MAXINSNS)
		return fail(-EINVAL, "seccomp-profile: not the text of a filter");
	for (size_t i = 0; i < n; i++) {
		uint64_t parts;
		if (str_hex((struct str){text + i * CODE_DIGITS, CODE_DIGITS}, &parts))
			return fail(-EINVAL, "seccomp-profile: not the text of a filter");
		code[i] = (struct sock_filter){(uint16_t)(parts >> 48), (uint8_t)(parts >> 40),
					       (uint8_t)(parts >> 32), (uint32_t)parts};
	}
	*ret_filter = (struct seccomp_filter){code, n};
	return 0;
}
