// SPDX-License-Identifier: Apache-2.0
// unit_properties.c - limits as properties of systemd's units, and properties from annotations
//
//	memory         MemoryMax                cpu_quota, cpu_period  CPUQuotaPerSecUSec,
//	reservation    MemoryLow                                       CPUQuotaPeriodUSec
//	memory_swap    MemorySwapMax            cpu_shares             CPUWeight
//	pids           TasksMax                 cpus, mems             AllowedCPUs, …MemoryNodes
//
// and those keys of v2 that are one of these files. What is not here systemd does not write, and so
// leaves alone; the files are written in either case, as they say more. As runc maps them.
#include "kern/cgroup/unit.h"

#include "base/buf.h"
#include "base/fail.h"

enum {
	LINES_MAX = 64 * 1024,
	SET_MAX = 8192, // processors or memory nodes
	SECOND = 1000000,
	PERIOD = 100000, // µs, the kernel's
	STEP = 10000,    // µs a second: systemd's grain
};

// -1 is "infinity", which has all bits.
static void add_number(struct buf *out, const char *name, int64_t value)
{
	if (value != INT64_MIN)
		buf_printf(out, "%s t %llu\n", name, (unsigned long long)value);
}

static void add_quota(struct buf *out, int64_t quota, int64_t period)
{
	uint64_t per = period > 0 ? (uint64_t)period : PERIOD;
	if (period > 0)
		add_number(out, "CPUQuotaPeriodUSec", period);
	if (quota == -1)
		add_number(out, "CPUQuotaPerSecUSec", -1);
	if (quota <= 0)
		return;
	uint64_t each = (uint64_t)((unsigned __int128)quota * SECOND / per);
	each = (each + STEP - 1) / STEP * STEP;
	buf_printf(out, "CPUQuotaPerSecUSec t %llu\n", (unsigned long long)each);
}

// "0-2,4" as a set of bits, the lowest first. A text of another form is the kernel's to refuse.
static void add_set(struct buf *out, const char *name, const char *list)
{
	unsigned char set[SET_MAX / 8] = {0};
	size_t bytes = 0;
	for (struct str rest = str_of(list); rest.p;) {
		struct str last = str_cut(&rest, ',');
		struct str first = str_cut(&last, '-');
		uint64_t from, to;
		if (str_number(first, SET_MAX - 1, &from))
			return;
		to = from;
		if (last.p && str_number(last, SET_MAX - 1, &to))
			return;
		for (uint64_t i = from; i <= to; i++)
			set[i / 8] |= (unsigned char)(1u << i % 8);
		bytes = max_of(bytes, (size_t)to / 8 + 1);
	}
	buf_printf(out, "%s ay ", name);
	for (size_t i = 0; i < bytes; i++)
		buf_printf(out, "%02x", set[i]);
	buf_putc(out, '\n');
}

static int64_t number_of(struct str text)
{
	uint64_t number;
	if (str_is(text, "max"))
		return -1;
	return str_number(text, INT64_MAX, &number) ? INT64_MIN : (int64_t)number;
}

// "150000 100000", "max".
static void add_cpu_max(struct buf *out, const char *value)
{
	struct str rest = str_of(value);
	int64_t quota = number_of(str_word(&rest));
	struct str period = str_word(&rest);
	add_quota(out, quota, period.n ? number_of(period) : INT64_MIN);
}

static void add_key(struct buf *out, const struct cgroup_key *key)
{
	static const struct {
		const char *file, *name;
	} numbers[] = {
		{"memory.max", "MemoryMax"}, {"memory.high", "MemoryHigh"},
		{"memory.low", "MemoryLow"}, {"memory.min", "MemoryMin"},
		{"pids.max", "TasksMax"},    {"memory.swap.max", "MemorySwapMax"},
		{"cpu.weight", "CPUWeight"},
	};
	for (size_t i = 0; i < lengthof(numbers); i++)
		if (str_eq(key->name, numbers[i].file))
			add_number(out, numbers[i].name, number_of(str_of(key->value)));
	if (str_eq(key->name, "cpu.max"))
		add_cpu_max(out, key->value);
	if (str_eq(key->name, "cpuset.cpus"))
		add_set(out, "AllowedCPUs", key->value);
	if (str_eq(key->name, "cpuset.mems"))
		add_set(out, "AllowedMemoryNodes", key->value);
}

const char *unit_properties(struct arena *arena, const struct cgroup_limits *limits)
{
	struct buf out = buf_new(arena, LINES_MAX);
	int64_t both = limits->memory_swap;
	add_number(&out, "MemoryMax", limits->memory);
	add_number(&out, "MemoryLow", limits->memory_reservation);
	if (both != INT64_MIN && (both == -1 || limits->memory >= 0))
		add_number(&out, "MemorySwapMax", both == -1 ? -1 : both - limits->memory);
	if (limits->cpu_shares != INT64_MIN)
		add_number(&out, "CPUWeight",
			   cgroup_weight_of_shares((uint64_t)limits->cpu_shares));
	add_quota(&out, limits->cpu_quota, limits->cpu_period);
	if (limits->pids == -1 || limits->pids > 0) // systemd knows no limit of 0
		add_number(&out, "TasksMax", limits->pids);
	if (limits->cpus)
		add_set(&out, "AllowedCPUs", limits->cpus);
	if (limits->mems)
		add_set(&out, "AllowedMemoryNodes", limits->mems);
	for (size_t i = 0; i < limits->keys_n; i++)
		add_key(&out, &limits->keys[i]);
	return out.p;
}

// --- annotations --------------------------------------------------------------------------------

static int refuse(const char *name, const char *why)
{
	fail(-EINVAL, "annotation org.systemd.property.%.64s: %s", name, why);
	fail_hint("a value is 'text', true, uint64 5 or ['a', 'b']");
	return -EINVAL;
}

static void skip_space(struct str *rest)
{
	while (rest->n && (*rest->p == ' ' || *rest->p == '\t')) {
		rest->p++;
		rest->n--;
	}
}

// A quoted text; a backslash takes the next letter as it is.
static bool take_quoted(struct str *rest, struct buf *out)
{
	char quote = rest->n ? *rest->p : 0;
	if (quote != '\'' && quote != '"')
		return false;
	for (size_t i = 1; i < rest->n; i++) {
		char c = rest->p[i];
		if (c == quote) {
			rest->p += i + 1;
			rest->n -= i + 1;
			return true;
		}
		if (c == '\\' && ++i < rest->n)
			c = rest->p[i];
		if ((unsigned char)c < ' ')
			return false;
		buf_putc(out, c);
	}
	return false;
}

static int read_list(const char *name, struct str rest, struct buf *out)
{
	buf_puts(out, "as ");
	rest.p++;
	rest.n--;
	for (bool first = true;; first = false) {
		skip_space(&rest);
		if (rest.n == 1 && *rest.p == ']')
			return 0;
		if (!first) {
			if (!rest.n || *rest.p != ',')
				return refuse(name, "not a list of texts");
			rest.p++;
			rest.n--;
			skip_space(&rest);
			buf_putc(out, UNIT_PART_END);
		}
		if (!take_quoted(&rest, out))
			return refuse(name, "not a list of texts");
	}
}

// "uint64 5", "5": GVariant's usual kind is int32.
static int read_number(const char *name, struct str rest, struct buf *out)
{
	static const struct {
		const char *word;
		char signature;
		int64_t least;
		uint64_t most;
	} kinds[] = {
		{"byte", 'y', 0, UINT8_MAX},    {"int16", 'n', INT16_MIN, INT16_MAX},
		{"uint16", 'q', 0, UINT16_MAX}, {"int32", 'i', INT32_MIN, INT32_MAX},
		{"uint32", 'u', 0, UINT32_MAX}, {"int64", 'x', INT64_MIN, INT64_MAX},
		{"uint64", 't', 0, UINT64_MAX},
	};
	struct str word = str_word(&rest), digits = str_word(&rest);
	size_t kind = 3;
	if (digits.n)
		for (kind = 0; kind < lengthof(kinds) && !str_is(word, kinds[kind].word);)
			kind++;
	else
		digits = word;
	if (kind == lengthof(kinds) || str_word(&rest).n)
		return refuse(name, "not a value that is known here");
	uint64_t number;
	bool minus = digits.n && *digits.p == '-' && kinds[kind].least < 0;
	struct str size = {digits.p + minus, digits.n - minus};
	uint64_t most = minus ? (uint64_t)kinds[kind].most + 1 : kinds[kind].most;
	if (str_number(size, most, &number))
		return refuse(name, "not a number, or too large for its kind");
	buf_printf(out, "%c %s%llu", kinds[kind].signature, minus ? "-" : "",
		   (unsigned long long)number);
	return 0;
}

// As runc does it: 'TimeoutStopSec' is what people write, 'TimeoutStopUSec' what the bus has.
static int read_seconds(const char *name, struct str value, struct buf *out)
{
	uint64_t seconds;
	struct str word = str_word(&value);
	if (value.n)
		word = str_word(&value);
	if (str_number(word, UINT64_MAX / SECOND, &seconds))
		return refuse(name, "not a number of seconds");
	buf_printf(out, "%.*sUSec t %llu", (int)strlen(name) - 3, name,
		   (unsigned long long)seconds * SECOND);
	return 0;
}

static bool is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strlen(name);
	return n >= 3 && n <= 64 && strspn(name, letters) == n;
}

int unit_property_read(struct arena *arena, const char *name, const char *value,
		       const char **ret_line)
{
	static const char *const own[] = {"PIDs", "Slice", "Delegate", NULL};
	struct str text = str_of(value);
	struct buf out = buf_new(arena, LINES_MAX);
	if (!is_name(name))
		return refuse(name, "not the name of a property");
	if (str_is_one_of(str_of(name), own))
		return refuse(name, "it is set for every container");
	size_t n = strlen(name);
	skip_space(&text);
	if (n > 4 && str_eq(name + n - 3, "Sec") && name[n - 4] != 'U') {
		TRY(read_seconds(name, text, &out));
		*ret_line = out.p;
		return 0;
	}
	buf_printf(&out, "%s ", name);
	if (str_is(text, "true") || str_is(text, "false")) {
		buf_printf(&out, "b %s", text.p);
	} else if (text.n && (*text.p == '\'' || *text.p == '"')) {
		buf_puts(&out, "s ");
		if (!take_quoted(&text, &out) || text.n)
			return refuse(name, "not one text in quotes");
	} else if (text.n && *text.p == '[') {
		TRY(read_list(name, text, &out));
	} else {
		TRY(read_number(name, text, &out));
	}
	*ret_line = out.p;
	return 0;
}
