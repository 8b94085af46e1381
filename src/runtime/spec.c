// SPDX-License-Identifier: Apache-2.0
// spec.c - tare-oci spec
//
// The document that runc and crun write as well: a shell in a root that is read-only, with three
// capabilities. It is a start to be changed.
#include "runtime/runtime.h"

#include "base/fail.h"
#include "base/fd.h"
#include "oci/spec.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 256 << 10, FILES_MAX = 1024 };

struct spec_opts {
	const char *bundle; // -b
	bool rootless;      // --rootless
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct spec_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(bundle, 'b', "bundle", "DIR", "write it into DIR, not the working directory"),
	ROW(rootless, 0, "rootless", NULL, "for an ordinary user: the caller is root inside"),
};

static const struct opt_example examples[] = {
	{"tare-oci spec -b BUNDLE", "write BUNDLE/config.json, to be changed"},
	{NULL, NULL},
};

const struct opt_table runtime_spec_table = {
	.program = "tare-oci",
	.name = "spec",
	.purpose = "write a config.json to start from",
	.synopsis = (const char *const[]){"[OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

#define LIST(...)                                                                                  \
	{                                                                                          \
		(const char *[]){__VA_ARGS__}, lengthof(((const char *[]){__VA_ARGS__}))           \
	}

static const struct oci_mount usual_mounts[] = {
	{.destination = "/proc", .type = "proc", .source = "proc"},
	{.destination = "/dev",
	 .type = "tmpfs",
	 .source = "tmpfs",
	 .options = LIST("nosuid", "strictatime", "mode=755", "size=65536k")},
	{.destination = "/dev/pts",
	 .type = "devpts",
	 .source = "devpts",
	 .options = LIST("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")},
	{.destination = "/dev/shm",
	 .type = "tmpfs",
	 .source = "shm",
	 .options = LIST("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")},
	{.destination = "/dev/mqueue",
	 .type = "mqueue",
	 .source = "mqueue",
	 .options = LIST("nosuid", "noexec", "nodev")},
	{.destination = "/sys",
	 .type = "sysfs",
	 .source = "sysfs",
	 .options = LIST("nosuid", "noexec", "nodev", "ro")},
	{.destination = "/sys/fs/cgroup",
	 .type = "cgroup",
	 .source = "cgroup",
	 .options = LIST("nosuid", "noexec", "nodev", "relatime", "ro")},
};

enum { DEVPTS = 2, SYSFS = 5 };

static const struct oci_mount host_sysfs = {
	.destination = "/sys",
	.type = "none",
	.source = "/sys",
	.options = LIST("rbind", "nosuid", "noexec", "nodev", "ro"),
};

static const struct oci_strings args = LIST("sh");
static const struct oci_strings env =
	LIST("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm");
static const struct oci_strings kept = LIST("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");
static const struct oci_strings masked =
	LIST("/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
	     "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware",
	     "/proc/scsi");
static const struct oci_strings readonly =
	LIST("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

static struct oci_namespace usual_namespaces[] = {
	{"pid", NULL}, {"network", NULL}, {"ipc", NULL},
	{"uts", NULL}, {"mount", NULL},   {"cgroup", NULL},
};

static void add_process(struct oci_process *process)
{
	static struct oci_rlimit limits[] = {{"RLIMIT_NOFILE", FILES_MAX, FILES_MAX}};
	process->terminal = true;
	process->args = args;
	process->env = env;
	process->cwd = "/";
	process->capabilities.bounding = kept;
	process->capabilities.effective = kept;
	process->capabilities.permitted = kept;
	process->rlimits = limits;
	process->rlimits_n = lengthof(limits);
	process->no_new_privileges = true;
}

static void add_linux(struct oci_linux *linux_)
{
	static struct oci_device_rule none[] = {{false, NULL, -1, -1, "rwm"}};
	linux_->namespaces = usual_namespaces;
	linux_->namespaces_n = lengthof(usual_namespaces);
	linux_->resources.devices = none;
	linux_->resources.devices_n = lengthof(none);
	linux_->masked_paths = masked;
	linux_->readonly_paths = readonly;
}

// An ordinary user has no network of his own to give, no group "tty" inside, no new sysfs of the
// host's network, and no limits.
static void make_rootless(struct oci_spec *spec, struct oci_id_map maps[2])
{
	static struct oci_namespace kinds[] = {
		{"pid", NULL},   {"ipc", NULL},    {"uts", NULL},
		{"mount", NULL}, {"cgroup", NULL}, {"user", NULL},
	};
	struct oci_linux *linux_ = &spec->linux_;
	linux_->namespaces = kinds;
	linux_->namespaces_n = lengthof(kinds);
	maps[0] = (struct oci_id_map){0, geteuid(), 1};
	maps[1] = (struct oci_id_map){0, getegid(), 1};
	linux_->uid_mappings = &maps[0];
	linux_->gid_mappings = &maps[1];
	linux_->uid_mappings_n = linux_->gid_mappings_n = 1;
	linux_->resources.devices_n = 0;
	spec->mounts[DEVPTS].options.n--;
	spec->mounts[SYSFS] = host_sysfs;
}

static int write_document(const char *directory, struct str text)
{
	_cleanup_fd_ int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return fail_sys(-errno, "bundle '%s'", directory);
	_cleanup_fd_ int fd =
		openat(at, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST) {
		fail(-EEXIST, "bundle '%s': its config.json is there already", directory);
		fail_hint("rm it first");
		return -EEXIST;
	}
	int result = fd < 0 ? -errno : fd_write_all(fd, text.p, text.n);
	return result < 0 ? fail_sys(result, "write '%s/config.json'", directory) : 0;
}

int runtime_spec_main(struct runtime_call *call, int argc, char **argv)
{
	struct spec_opts opts = {0};
	struct opt_list rest = {0};
	struct oci_spec spec;
	struct oci_id_map maps[2];
	struct oci_mount mounts[lengthof(usual_mounts)];
	struct buf out = buf_new(call->arena, DOCUMENT_MAX);
	int result = runtime_read(call, &runtime_spec_table, argc, argv, &opts, 0, 0, &rest);
	if (result)
		return result;
	oci_spec_init(&spec);
	spec.oci_version = OCI_SPEC_VERSION;
	spec.root = (struct oci_root){"rootfs", true};
	spec.hostname = "tare";
	memcpy(mounts, usual_mounts, sizeof(mounts));
	spec.mounts = mounts;
	spec.mounts_n = lengthof(mounts);
	add_process(&spec.process);
	add_linux(&spec.linux_);
	if (opts.rootless)
		make_rootless(&spec, maps);
	oci_spec_print(&out, &spec);
	return write_document(opts.bundle ? opts.bundle : ".", buf_str(&out));
}
