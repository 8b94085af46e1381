// SPDX-License-Identifier: Apache-2.0
// plan_seccomp.c - the filter of a plan: Docker's default, or the one that a document describes
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
#include "box/plan_seccomp.h"

#include "base/fail.h"
#include "kern/seccomp_run.h"
#include "kern/syscalls.h"

#include <sys/syscall.h>

enum { CALL_RULES_MAX = 256 }; // entries with arguments for one call

struct word {
	const char *name;
	uint32_t value;
};

static const struct word actions[] = {
	{"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
	{"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
	{"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO},
	{"SCMP_ACT_TRACE", SECCOMP_RET_TRACE},
	{"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW},
	{"SCMP_ACT_LOG", SECCOMP_RET_LOG},
	{NULL, 0},
};

enum { ELSEWHERE = 0 }; // an ABI that no kernel of ours serves

static const struct word architectures[] = {
	{"SCMP_ARCH_X86", 1u << ABI_X86},
	{"SCMP_ARCH_X86_64", 1u << ABI_X86_64},
	{"SCMP_ARCH_X32", 1u << ABI_X32},
	{"SCMP_ARCH_ARM", 1u << ABI_ARM},
	{"SCMP_ARCH_AARCH64", 1u << ABI_AARCH64},
	{"SCMP_ARCH_LOONGARCH64", ELSEWHERE},
	{"SCMP_ARCH_M68K", ELSEWHERE},
	{"SCMP_ARCH_MIPS", ELSEWHERE},
	{"SCMP_ARCH_MIPS64", ELSEWHERE},
	{"SCMP_ARCH_MIPS64N32", ELSEWHERE},
	{"SCMP_ARCH_MIPSEL", ELSEWHERE},
	{"SCMP_ARCH_MIPSEL64", ELSEWHERE},
	{"SCMP_ARCH_MIPSEL64N32", ELSEWHERE},
	{"SCMP_ARCH_PARISC", ELSEWHERE},
	{"SCMP_ARCH_PARISC64", ELSEWHERE},
	{"SCMP_ARCH_PPC", ELSEWHERE},
	{"SCMP_ARCH_PPC64", ELSEWHERE},
	{"SCMP_ARCH_PPC64LE", ELSEWHERE},
	{"SCMP_ARCH_RISCV64", ELSEWHERE},
	{"SCMP_ARCH_S390", ELSEWHERE},
	{"SCMP_ARCH_S390X", ELSEWHERE},
	{"SCMP_ARCH_SH", ELSEWHERE},
	{"SCMP_ARCH_SHEB", ELSEWHERE},
	{NULL, 0},
};

// TSYNC puts a filter on all threads: the first process has one.
static const struct word flags[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", 0},
	{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
	{NULL, 0},
};

enum operator{ OP_NE, OP_LT, OP_LE, OP_EQ, OP_GE, OP_GT, OP_MASKED_EQ };

static const struct word operators[] = {
	{"SCMP_CMP_NE", OP_NE},
	{"SCMP_CMP_LT", OP_LT},
	{"SCMP_CMP_LE", OP_LE},
	{"SCMP_CMP_EQ", OP_EQ},
	{"SCMP_CMP_GE", OP_GE},
	{"SCMP_CMP_GT", OP_GT},
	{"SCMP_CMP_MASKED_EQ", OP_MASKED_EQ},
	{NULL, 0},
};

static int find(const struct word *words, const char *what, const char *text, uint32_t *ret_value)
{
	for (const struct word *each = words; each->name; each++) {
		if (str_eq(each->name, text)) {
			*ret_value = each->value;
			return 0;
		}
	}
	return fail(-EINVAL, "seccomp profile: there is no %s '%.64s'", what, text);
}

static int read_action(const char *text, int64_t errno_ret, uint32_t *ret_action)
{
	uint32_t action = 0;
	if (str_eq(text, "SCMP_ACT_NOTIFY")) {
		fail(-EOPNOTSUPP, "seccomp profile: SCMP_ACT_NOTIFY: not yet");
		fail_hint("it asks another program about each call; SCMP_ACT_ERRNO and "
			  "SCMP_ACT_LOG need none");
		return -EOPNOTSUPP;
	}
	TRY(find(actions, "action", text, &action));
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
	TRY(find(operators, "operator", arg->op, &word));
	struct seccomp_test test = {
		.argument = (unsigned)arg->index, .mask = UINT64_MAX, .value = arg->value};
	switch ((enum operator)word) {
	case OP_NE:
	case OP_EQ:
		test.compare = SECCOMP_EQUAL;
		test.negated = word == OP_NE;
		break;
	case OP_GE:
	case OP_LT:
		test.compare = SECCOMP_LESS;
		test.negated = word == OP_GE;
		break;
	case OP_LE:
	case OP_GT:
		test.compare = SECCOMP_GREATER;
		test.negated = word == OP_LE;
		break;
	case OP_MASKED_EQ:
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
		uint32_t abi = 0;
		TRY(find(architectures, "architecture", list->item[i], &abi));
		abis |= abi;
	}
	*ret_abis = abis;
	return 0;
}

static int read_flags(const struct oci_strings *list, unsigned *ret_flags)
{
	unsigned wanted = list->n ? 0 : SECCOMP_FLAGS;
	for (size_t i = 0; i < list->n; i++) {
		uint32_t flag = 0;
		TRY(find(flags, "flag", list->item[i], &flag));
		wanted |= flag;
	}
	*ret_flags = wanted;
	return 0;
}

int seccomp_profile_read(struct arena *arena, const struct oci_seccomp *document,
			 struct seccomp_profile *ret_profile, unsigned *ret_flags)
{
	struct seccomp_profile profile = {0};
	struct reading reading = {arena, arena_array(arena, struct call, syscalls_n), 0};
	if (document->listener_path || document->listener_metadata)
		return fail(-EOPNOTSUPP, "seccomp profile: a listener: not yet");
	TRY(read_action(document->default_action, document->default_errno_ret, &reading.otherwise));
	for (size_t i = 0; i < document->syscalls_n; i++)
		TRY(read_entry(&reading, &document->syscalls[i]));
	make_rows(&reading, &profile);
	profile.otherwise = profile.newer = reading.otherwise;
	if ((profile.otherwise & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		profile.newer = SECCOMP_PROFILE_NEWER;
	TRY(read_abis(&document->architectures, &profile.abis));
	TRY(read_flags(&document->flags, ret_flags));
	*ret_profile = profile;
	return 0;
}

// What tare still calls once the filter is there.
static int check_filter(const struct seccomp_filter *filter, bool waits)
{
	static const struct {
		long number;
		const char *name;
		bool waits; // needed only by one that waits for its start
	} needed[] = {
		{SYS_execve, "execve"},
		{SYS_setgroups, "setgroups"},
		{SYS_setresgid, "setresgid"},
		{SYS_setresuid, "setresuid"},
		{SYS_prctl, "prctl"},
		{SYS_capset, "capset"},
		{SYS_openat2, "openat2"},
		{SYS_fchdir, "fchdir"},
		{SYS_getcwd, "getcwd"},
		{SYS_sendmsg, "sendmsg"},
		{SYS_close_range, "close_range"},
		{SYS_accept4, "accept4", true},
		{SYS_recvmsg, "recvmsg", true},
	};
	for (size_t i = 0; i < lengthof(needed); i++) {
		if ((needed[i].waits && !waits) ||
		    !seccomp_denies(filter, SECCOMP_NATIVE, (uint32_t)needed[i].number))
			continue;
		fail(-EINVAL, "the seccomp profile denies %s, which the start itself needs",
		     needed[i].name);
		fail_hint("allow it, or add --security-opt no-new-privileges: then the filter "
			  "comes last");
		return -EINVAL;
	}
	return 0;
}

int plan_make_filter(struct builder *builder)
{
	const struct facts *facts = builder->facts;
	const struct oci_seccomp *document = builder->spec->oci.linux_.seccomp;
	struct seccomp_want want = {
		.capabilities = builder->plan->bounding,
		.kernel = {facts->kernel_major, facts->kernel_minor},
		.machine = SECCOMP_NATIVE,
	};
	struct seccomp_profile profile;
	struct seccomp_filter filter;
	builder->plan->filter_flags = SECCOMP_FLAGS;
	if (builder->spec->seccomp == BOX_SECCOMP_PROFILE) {
		TRY(seccomp_profile_read(builder->arena, document, &profile,
					 &builder->plan->filter_flags));
		TRY(seccomp_compile(builder->arena, &profile, &want, &filter));
	} else {
		TRY(seccomp_default(builder->arena, &want, &filter));
	}
	if (!builder->spec->oci.process.no_new_privileges)
		TRY(check_filter(&filter, builder->spec->waits));
	builder->plan->filter = filter.code;
	builder->plan->filter_n = filter.n;
	return 0;
}

// --- a filter as text ---------------------------------------------------------------------------

// Eight hex digits for each half of an instruction.
enum { CODE_DIGITS = 16 };

const char *seccomp_filter_text(struct arena *arena, const struct sock_filter *code, size_t n)
{
	struct buf text = buf_new(arena, n * CODE_DIGITS + 1);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%04x%02x%02x%08x", code[i].code, code[i].jt, code[i].jf,
			   code[i].k);
	return text.p;
}

int seccomp_filter_read(struct arena *arena, const char *text, struct seccomp_filter *ret_filter)
{
	size_t digits = strlen(text), n = digits / CODE_DIGITS;
	struct sock_filter *code = arena_array(arena, struct sock_filter, n);
	if (!n || digits % CODE_DIGITS || n > BPF_MAXINSNS ||
	    strspn(text, "0123456789abcdef") != digits)
		return fail(-EINVAL, "seccomp-profile: not the text of a filter");
	for (size_t i = 0; i < n; i++) {
		unsigned parts[4];
		if (sscanf(text + i * CODE_DIGITS, "%4x%2x%2x%8x", &parts[0], &parts[1], &parts[2],
			   &parts[3]) != 4)
			return fail(-EINVAL, "seccomp-profile: not the text of a filter");
		code[i] = (struct sock_filter){(uint16_t)parts[0], (uint8_t)parts[1],
					       (uint8_t)parts[2], parts[3]};
	}
	*ret_filter = (struct seccomp_filter){code, n};
	return 0;
}
