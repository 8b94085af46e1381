// SPDX-License-Identifier: Apache-2.0
// defaults.c - what every container gets unasked: Docker's mounts, devices, masks
//
// A container sees the kernel through /proc and /sys, and the kernel knows no half of them: one
// either mounts them or not. So they are mounted, and what tells about the host or changes it is
// covered: with an empty object (masked), or with a read-only mount of itself. The lists are those
// of Docker 28. Entries that a kernel lacks are passed over when the container starts.
//
// /dev is an empty tmpfs with six nodes that any program may use safely. Device rules are the
// second wall: a node that the workload makes by itself (it may, as root) can't be opened.
#include "engine/mounts/defaults.h"

#include "oci/lists.h"

const char defaults_path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum { OPTIONS_MAX = 8 };

struct default_mount {
	const char *destination;
	const char *type;
	const char *source;
	const char *options[OPTIONS_MAX]; // ends in NULL
};

static const struct default_mount mounts_table[] = {
	{"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
	{"/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}},
	{"/dev/pts",
	 "devpts",
	 "devpts",
	 {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
	{"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
	{"/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "ro"}},
	{"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
	{"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
};

static_assert(lengthof(mounts_table) <= DEFAULT_MOUNTS_MAX, "the caller's array holds them all");

static bool is_taken(const char *destination, const struct oci_mount *mounts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(mounts[i].destination, destination))
			return true;
	return false;
}

// What is bound instead of a new one mounted; NULL: a new one it is.
static const char *bound_from(struct defaults_want want, const char *destination)
{
	if (want.shm && str_eq(destination, "/dev/shm"))
		return want.shm;
	bool host = (want.host_sys && str_eq(destination, "/sys")) ||
		    (want.host_proc && str_eq(destination, "/proc")) ||
		    (want.host_mqueue && str_eq(destination, "/dev/mqueue"));
	return host ? destination : NULL;
}

static bool is_left_out(struct defaults_want want, const char *destination)
{
	return (want.no_shm && str_eq(destination, "/dev/shm")) ||
	       (want.no_mqueue && str_eq(destination, "/dev/mqueue"));
}

static struct oci_mount make_mount(struct arena *arena, const struct default_mount *row,
				   struct defaults_want want)
{
	const char *host = bound_from(want, row->destination);
	struct oci_mount mount = {
		.destination = row->destination,
		.type = host ? "bind" : row->type,
		.source = host ? host : row->source,
	};
	if (host) {
		oci_strings_push(arena, &mount.options, "rbind");
		oci_strings_push(arena, &mount.options, "rprivate");
	}
	for (size_t i = 0; row->options[i]; i++) {
		const char *option = row->options[i];
		if (str_eq(option, "gid=5") && !want.tty_group)
			continue;
		if (host && strchr(option, '=')) // of a file system that is made
			continue;
		if (want.shm_size && str_eq(row->source, "shm") && str_starts(option, "size="))
			option = arena_printf(arena, "size=%lld", (long long)want.shm_size);
		if (str_eq(option, "ro") && want.privileged)
			option = "rw";
		// What is mounted below the host's own is restricted likewise.
		else if (host)
			option = arena_printf(arena, "r%s", option);
		oci_strings_push(arena, &mount.options, option);
	}
	return mount;
}

size_t defaults_mounts(struct arena *arena, struct defaults_want want,
		       const struct oci_mount *mounts, size_t mounts_n,
		       struct oci_mount ret_mounts[static DEFAULT_MOUNTS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < lengthof(mounts_table); i++)
		if (!is_taken(mounts_table[i].destination, mounts, mounts_n) &&
		    !is_left_out(want, mounts_table[i].destination))
			ret_mounts[n++] = make_mount(arena, &mounts_table[i], want);
	return n;
}

static const struct oci_device devices_table[] = {
	{"/dev/null", "c", 1, 3, 0666, 0, 0},    {"/dev/zero", "c", 1, 5, 0666, 0, 0},
	{"/dev/full", "c", 1, 7, 0666, 0, 0},    {"/dev/random", "c", 1, 8, 0666, 0, 0},
	{"/dev/urandom", "c", 1, 9, 0666, 0, 0}, {"/dev/tty", "c", 5, 0, 0666, 0, 0},
};

static const struct oci_device_rule rules_table[] = {
	{false, "a", -1, -1, "rwm"},
	{true, "c", -1, -1, "m"}, // mknod is harmless where open is
				  // denied: unpacking tars needs it
	{true, "b", -1, -1, "m"},
	{true, "c", 1, 3, "rwm"},
	{true, "c", 1, 5, "rwm"},
	{true, "c", 1, 7, "rwm"},
	{true, "c", 1, 8, "rwm"},
	{true, "c", 1, 9, "rwm"},
	{true, "c", 5, 0, "rwm"},
	{true, "c", 5, 1, "rwm"},    // /dev/console
	{true, "c", 5, 2, "rwm"},    // /dev/ptmx
	{true, "c", 136, -1, "rwm"}, // /dev/pts/0 and on
};

void defaults_devices(struct arena *arena, struct oci_linux *linux_)
{
	linux_->devices_n = lengthof(devices_table);
	linux_->devices = arena_array(arena, struct oci_device, linux_->devices_n);
	memcpy(linux_->devices, devices_table, sizeof(devices_table));
	linux_->resources.devices_n = lengthof(rules_table);
	linux_->resources.devices =
		arena_array(arena, struct oci_device_rule, linux_->resources.devices_n);
	memcpy(linux_->resources.devices, rules_table, sizeof(rules_table));
}

static const char *const masked_table[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts", // timings of a neighbour's keyboard and network
	"/proc/kcore",      // all of memory
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi", // could remove disks
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap", // power use betrays what is computed
	"/sys/firmware",
	NULL,
};

static const char *const readonly_table[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL,
};

void defaults_masks(struct arena *arena, const struct oci_strings *processor_masks,
		    struct oci_linux *linux_)
{
	oci_strings_push_all(arena, &linux_->masked_paths, masked_table);
	for (size_t i = 0; i < processor_masks->n; i++)
		oci_strings_push(arena, &linux_->masked_paths, processor_masks->item[i]);
	oci_strings_push_all(arena, &linux_->readonly_paths, readonly_table);
}
