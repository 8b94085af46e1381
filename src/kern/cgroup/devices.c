// SPDX-License-Identifier: Apache-2.0
// devices.c - rules about devices, and what they mean
//
// A device node is a door into a driver: whoever can make the node of a disk (mknod) and open it
// reads the whole host. File permissions don't help against root, and a container's /dev only hides
// the doors it does not show. So a cgroup carries a list of devices that its processes may make,
// read or write; everything else answers "Operation not permitted", however the node came there.
//
// The kernel has this twice: on cgroup v1 as a controller with a list (devices_v1.c), on v2 as a
// small program that is asked at each open and mknod (devices_v2.c). Here is what both are derived
// from and tested against: the rules of the OCI specification, of which the last that matches
// counts.
#include "kern/cgroup/devices.h"

#include "base/fail.h"

static const struct {
	char letter;
	enum device_access access;
} letters[] = {{'r', DEVICE_READ}, {'w', DEVICE_WRITE}, {'m', DEVICE_MKNOD}};

static int access_parse(const char *text, unsigned *ret_access)
{
	unsigned access = 0;
	for (const char *at = text; *at; at++) {
		size_t i = 0;
		while (i < lengthof(letters) && letters[i].letter != *at)
			i++;
		if (i == lengthof(letters))
			return fail(-EINVAL, "device access '%s': only r, w and m are known", text);
		access |= letters[i].access;
	}
	if (!access)
		return fail(-EINVAL, "device access '': none of r, w and m");
	*ret_access = access;
	return 0;
}

int device_rule_make(bool allow, const char *type, int64_t major, int64_t minor, const char *access,
		     struct device_rule *ret_rule)
{
	unsigned bits = DEVICE_ALL;
	if (!type)
		type = "a";
	if (strlen(type) != 1 || !strchr("abcu", type[0]))
		return fail(-EINVAL, "device type '%s': none of a, b, c and u", type);
	if (major < -1 || major > UINT32_MAX || minor < -1 || minor > UINT32_MAX)
		return fail(-ERANGE, "device %lld:%lld: no such number", (long long)major,
			    (long long)minor);
	if (access)
		TRY(access_parse(access, &bits));
	*ret_rule = (struct device_rule){
		.allow = allow,
		.type = type[0] == 'u' ? 'c' : type[0], // unbuffered: another word for character
		.major = major,
		.minor = minor,
		.access = bits,
	};
	return 0;
}

static const char *number_or_star(struct arena *arena, int64_t number)
{
	return number < 0 ? "*" : arena_printf(arena, "%lld", (long long)number);
}

const char *device_rule_text(struct arena *arena, const struct device_rule *rule)
{
	char access[lengthof(letters) + 1];
	size_t n = 0;
	for (size_t i = 0; i < lengthof(letters); i++)
		if (rule->access & letters[i].access)
			access[n++] = letters[i].letter;
	access[n] = '\0';
	return arena_printf(arena, "%c %s:%s %s", rule->type, number_or_star(arena, rule->major),
			    number_or_star(arena, rule->minor), access);
}

static bool matches(const struct device_rule *rule, char type, uint32_t major, uint32_t minor)
{
	return (rule->type == 'a' || rule->type == type) &&
	       (rule->major < 0 || rule->major == major) &&
	       (rule->minor < 0 || rule->minor == minor);
}

bool devices_allow(const struct device_rule *rules, size_t n, char type, uint32_t major,
		   uint32_t minor, unsigned access)
{
	unsigned granted = 0;
	for (size_t i = 0; i < n; i++) {
		if (!matches(&rules[i], type, major, minor))
			continue;
		if (rules[i].allow)
			granted |= rules[i].access;
		else
			granted &= ~rules[i].access;
	}
	return (access & ~granted) == 0;
}
