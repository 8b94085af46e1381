// SPDX-License-Identifier: Apache-2.0
// devices_v1.c - device rules as the lines that cgroup v1's controller takes
//
// A v1 group has a default, allow or deny, and a list of exceptions to it. Writing "a" to
// devices.deny (or devices.allow) sets the default and empties the list; further lines add to it:
//
//	devices.deny    a                  nothing is allowed …
//	devices.allow   c 1:3 rwm          … but /dev/null
//
// That is less than a list of rules in order can say. So the rules are first brought into the same
// form: the last rule about everything gives the default, those after it become exceptions, and a
// rule that takes back what an exception gave removes it from the list. Where it would take back
// only a part (all of major 1 but 1:1), v1 has no words for it, and to write the nearest thing
// would open a device that the rules close: that is an error.
#include "kern/cgroup/devices.h"

#include "base/fail.h"

struct list {
	bool allow; // the default
	struct device_rule *item;
	size_t n;
};

static bool is_everything(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       rule->access == DEVICE_ALL;
}

static bool covers_number(int64_t wide, int64_t narrow)
{
	return wide < 0 || wide == narrow;
}

static bool covers(const struct device_rule *wide, const struct device_rule *narrow)
{
	return wide->type == narrow->type && covers_number(wide->major, narrow->major) &&
	       covers_number(wide->minor, narrow->minor);
}

static bool meet(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type && (a->access & b->access) &&
	       (covers_number(a->major, b->major) || covers_number(b->major, a->major)) &&
	       (covers_number(a->minor, b->minor) || covers_number(b->minor, a->minor));
}

static bool same(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type && a->major == b->major && a->minor == b->minor;
}

static void add(struct list *list, const struct device_rule *rule)
{
	for (size_t i = 0; i < list->n; i++) {
		if (same(&list->item[i], rule)) {
			list->item[i].access |= rule->access;
			return;
		}
	}
	list->item[list->n++] = *rule;
}

static int take_back(struct arena *arena, struct list *list, const struct device_rule *rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++) {
		struct device_rule item = list->item[i];
		if (covers(rule, &item)) {
			item.access &= ~rule->access;
		} else if (meet(rule, &item)) {
			fail(-EOPNOTSUPP,
			     "device rule '%s': cgroup v1 can't take it out of '%s' before it",
			     device_rule_text(arena, rule), device_rule_text(arena, &item));
			fail_hint("cgroup v2 can; or name the devices one by one");
			return -EOPNOTSUPP;
		}
		if (item.access)
			list->item[kept++] = item;
	}
	list->n = kept;
	return 0;
}

static int apply(struct arena *arena, struct list *list, struct device_rule rule)
{
	if (is_everything(&rule)) {
		*list = (struct list){rule.allow, list->item, 0};
		return 0;
	}
	// v1 takes "a" for everything, whatever stands behind it.
	static const char types[] = {'c', 'b'};
	for (size_t i = 0; i < lengthof(types); i++) {
		struct device_rule one = rule;
		one.type = types[i];
		if (rule.type != 'a' && rule.type != types[i])
			continue;
		if (rule.allow == list->allow)
			TRY(take_back(arena, list, &one));
		else
			add(list, &one);
	}
	return 0;
}

int devices_v1_writes(struct arena *arena, const struct device_rule *rules, size_t n,
		      struct devices_v1_write **ret_writes, size_t *ret_n)
{
	if (n > DEVICE_RULES_MAX)
		return fail(-E2BIG, "%zu device rules, more than %d", n, DEVICE_RULES_MAX);
	struct list list = {false, arena_array(arena, struct device_rule, 2 * n), 0};
	for (size_t i = 0; i < n; i++)
		TRY(apply(arena, &list, rules[i]));
	struct devices_v1_write *writes = arena_array(arena, struct devices_v1_write, list.n + 1);
	const char *to_default = list.allow ? "devices.allow" : "devices.deny";
	const char *to_list = list.allow ? "devices.deny" : "devices.allow";
	writes[0] = (struct devices_v1_write){to_default, "a"};
	for (size_t i = 0; i < list.n; i++)
		writes[i + 1] =
			(struct devices_v1_write){to_list, device_rule_text(arena, &list.item[i])};
	*ret_writes = writes;
	*ret_n = list.n + 1;
	return 0;
}
