// SPDX-License-Identifier: Apache-2.0
// caps.c - the names of capabilities
//
// The kernel once asked "is it root?" wherever something was privileged. It now asks for one of
// these instead, so that a process can hold the right to bind port 80 without the right to load a
// module. Five sets of them belong to each process, two matter most here:
//
//   effective   what the kernel checks
//   bounding    what no exec, however privileged the file, can bring back
//
// A container keeps root's user id and loses most bits of both. Without that, root in it is root
// on the host wherever no namespace stands between: modules, clocks, raw disks.
//
// Numbers are part of the kernel's interface: a bit never changes its meaning, new ones are added
// at the end.
#include "kern/caps.h"

#include "base/buf.h"
#include "base/fail.h"

#include <strings.h>

static const char *const names[] = {
	[CAP_CHOWN] = "CAP_CHOWN",
	[CAP_DAC_OVERRIDE] = "CAP_DAC_OVERRIDE",
	[CAP_DAC_READ_SEARCH] = "CAP_DAC_READ_SEARCH",
	[CAP_FOWNER] = "CAP_FOWNER",
	[CAP_FSETID] = "CAP_FSETID",
	[CAP_KILL] = "CAP_KILL",
	[CAP_SETGID] = "CAP_SETGID",
	[CAP_SETUID] = "CAP_SETUID",
	[CAP_SETPCAP] = "CAP_SETPCAP",
	[CAP_LINUX_IMMUTABLE] = "CAP_LINUX_IMMUTABLE",
	[CAP_NET_BIND_SERVICE] = "CAP_NET_BIND_SERVICE",
	[CAP_NET_BROADCAST] = "CAP_NET_BROADCAST",
	[CAP_NET_ADMIN] = "CAP_NET_ADMIN",
	[CAP_NET_RAW] = "CAP_NET_RAW",
	[CAP_IPC_LOCK] = "CAP_IPC_LOCK",
	[CAP_IPC_OWNER] = "CAP_IPC_OWNER",
	[CAP_SYS_MODULE] = "CAP_SYS_MODULE",
	[CAP_SYS_RAWIO] = "CAP_SYS_RAWIO",
	[CAP_SYS_CHROOT] = "CAP_SYS_CHROOT",
	[CAP_SYS_PTRACE] = "CAP_SYS_PTRACE",
	[CAP_SYS_PACCT] = "CAP_SYS_PACCT",
	[CAP_SYS_ADMIN] = "CAP_SYS_ADMIN",
	[CAP_SYS_BOOT] = "CAP_SYS_BOOT",
	[CAP_SYS_NICE] = "CAP_SYS_NICE",
	[CAP_SYS_RESOURCE] = "CAP_SYS_RESOURCE",
	[CAP_SYS_TIME] = "CAP_SYS_TIME",
	[CAP_SYS_TTY_CONFIG] = "CAP_SYS_TTY_CONFIG",
	[CAP_MKNOD] = "CAP_MKNOD",
	[CAP_LEASE] = "CAP_LEASE",
	[CAP_AUDIT_WRITE] = "CAP_AUDIT_WRITE",
	[CAP_AUDIT_CONTROL] = "CAP_AUDIT_CONTROL",
	[CAP_SETFCAP] = "CAP_SETFCAP",
	[CAP_MAC_OVERRIDE] = "CAP_MAC_OVERRIDE",
	[CAP_MAC_ADMIN] = "CAP_MAC_ADMIN",
	[CAP_SYSLOG] = "CAP_SYSLOG",
	[CAP_WAKE_ALARM] = "CAP_WAKE_ALARM",
	[CAP_BLOCK_SUSPEND] = "CAP_BLOCK_SUSPEND",
	[CAP_AUDIT_READ] = "CAP_AUDIT_READ",
	[CAP_PERFMON] = "CAP_PERFMON",
	[CAP_BPF] = "CAP_BPF",
	[CAP_CHECKPOINT_RESTORE] = "CAP_CHECKPOINT_RESTORE",
};
static_assert(lengthof(names) == CAPS_LAST + 1, "a name for each capability");

static const size_t prefix = sizeof("CAP_") - 1;

// The name most like the one given; `bare` has no "CAP_" and is in any case.
static void propose(const char *bare)
{
	char upper[24] = "";
	for (size_t i = 0; i < sizeof(upper) - 1 && bare[i]; i++)
		upper[i] = bare[i] >= 'a' && bare[i] <= 'z' ? (char)(bare[i] - 'a' + 'A') : bare[i];
	size_t best = SIZE_MAX, nearest = 0;
	for (size_t i = 0; i < lengthof(names); i++) {
		size_t distance = str_distance(upper, names[i] + prefix);
		if (distance < best) {
			best = distance;
			nearest = i;
		}
	}
	if (best <= 3)
		fail_hint("did you mean '%s'?", names[nearest] + prefix);
	else
		fail_hint("capabilities(7) lists them");
}

int caps_parse(const char *name, uint64_t *ret_mask)
{
	if (strcasecmp(name, "ALL") == 0) {
		*ret_mask = CAPS_ALL;
		return 0;
	}
	const char *bare = strncasecmp(name, "CAP_", prefix) == 0 ? name + prefix : name;
	for (unsigned i = 0; i < lengthof(names); i++) {
		if (strcasecmp(bare, names[i] + prefix) == 0) {
			*ret_mask = CAPS_BIT(i);
			return 0;
		}
	}
	fail(-EINVAL, "capability '%s': there is none of that name", name);
	propose(bare);
	return -EINVAL;
}

const char *caps_name(unsigned number)
{
	return number < lengthof(names) ? names[number] : NULL;
}

const char *caps_text(struct arena *arena, uint64_t mask)
{
	enum { LENGTH_MAX = 64 * 32 }; // 64 bits, the longest name has 22 bytes
	if (!mask)
		return "none";
	if (mask == CAPS_ALL)
		return "all";
	struct buf text = buf_new(arena, LENGTH_MAX);
	for (unsigned i = 0; i < 64; i++) {
		if (!(mask & CAPS_BIT(i)))
			continue;
		const char *comma = text.n ? ", " : "";
		if (caps_name(i))
			buf_printf(&text, "%s%s", comma, caps_name(i));
		else
			buf_printf(&text, "%s%u", comma, i);
	}
	return text.p;
}
