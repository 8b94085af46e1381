// SPDX-License-Identifier: Apache-2.0
// test_run_spec.c - the meaning of `tare run` as a whole
//
// Each test changes a few options or facts of a plain run and looks at what changes in the
// specification.
#include "engine/run/run_spec.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "engine/containers/cidfile.h"
#include "oci/lists.h"
#include "engine/namespaces/name.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define KEY "aabbcc0011223344556677889900aabb"
#define ID  KEY "ccddeeff00112233445566778899aabb"

static struct arena arena;
static const char *directory; // scratch of this test: etc/hosts, etc/resolv.conf, cid
static struct run_opts opts;
static struct facts facts;
static struct engine_place place;
static struct oci_run_config config;
static struct engine_image image;
static struct box_spec spec;

static const char *scratch(const char *name)
{
	return arena_printf(&arena, "%s/%s", directory, name);
}

static void put(const char *name, const char *text)
{
	int fd = open(scratch(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static int make_directory(void **state unused_)
{
	char name[] = "/tmp/tare-test-XXXXXX";
	directory = arena_dup(&arena, mkdtemp(name));
	assert_int_equal(mkdir(scratch("etc"), 0755), 0);
	put("etc/hosts", "10.0.0.1 far\n");
	put("etc/resolv.conf", "nameserver 127.0.0.53\nnameserver 10.0.0.2\nsearch x\n");
	put("env", "FILE=1\n");
	return 0;
}

static int remove_directory(void **state unused_)
{
	static const char *const names[] = {"etc/hosts", "etc/resolv.conf", "etc", "env", "cid"};
	for (size_t i = 0; i < lengthof(names); i++)
		if (unlink(scratch(names[i])))
			rmdir(scratch(names[i]));
	rmdir(directory);
	arena_free(&arena);
	return 0;
}

static int plain_run(void **state unused_)
{
	static const char *const environment[] = {"HOME=/root", NULL};
	static const char *command[] = {"/bin/true", "-x"};
	static const char *entrypoint[] = {"/hello"};
	static const char *variables[] = {"PATH=/", "IMAGE=1"};
	static const char *layers[] = {"/layers/top", "/layers/bottom"};
	opts = (struct run_opts){.sig_proxy = true, .rootfs = "/usr", .args = {command, 2}};
	facts = (struct facts){
		.last_capability = CAP_LAST_CAP,
		.bounding = UINT64_MAX & ~(UINT64_C(1) << CAP_SYS_RESOURCE),
		.swap_accounting = true,
		.nofile_hard = 1024,
		.newuidmap = "/usr/bin/newuidmap",
		.newgidmap = "/usr/bin/newgidmap",
		.controller = {[CONTROLLER_DEVICES] = {.kind = CGROUP_V1}},
	};
	place = (struct engine_place){
		.root = "/var/lib/tare",
		.runroot = "/run/tare",
		.id = ID,
		.cwd = "/home/u",
		.environment = environment,
		.hostname = "host.test",
		.etc = scratch("etc"),
		.dev = "/dev",
		.processors = 2,
	};
	config = (struct oci_run_config){
		.entrypoint = {entrypoint, 1},
		.env = {variables, 2},
		.user = "1000",
		.working_dir = "/w",
	};
	image = (struct engine_image){
		.name = "hello", .layers = {layers, 2}, .config = &config, .embedded = true};
	return 0;
}

static void build(void)
{
	int error =
		engine_run_spec(&arena, &opts, &facts, &place, opts.image ? &image : NULL, &spec);
	if (error)
		fail_msg("%s", fault_last()->text);
}

static void assert_refused(const char *words)
{
	int error =
		engine_run_spec(&arena, &opts, &facts, &place, opts.image ? &image : NULL, &spec);
	assert_true(error < 0);
	assert_string_equal(fault_last()->text, words);
	assert_int_equal(fault_last()->error, error);
	plain_run(NULL);
}

static const char *joined(struct oci_strings list)
{
	struct buf text = buf_new(&arena, 8192);
	for (size_t i = 0; i < list.n; i++)
		buf_printf(&text, "%s%s", i ? " " : "", list.item[i]);
	return text.p;
}

static const char *mounts(void)
{
	struct oci_strings list = {0};
	for (size_t i = 0; i < spec.oci.mounts_n; i++)
		oci_strings_push(&arena, &list, spec.oci.mounts[i].destination);
	return joined(list);
}

static const char *kinds(void)
{
	struct oci_strings list = {0};
	for (size_t i = 0; i < spec.oci.linux_.namespaces_n; i++)
		oci_strings_push(&arena, &list, spec.oci.linux_.namespaces[i].type);
	return joined(list);
}

static const char *maps(const struct oci_id_map *map, size_t n)
{
	struct buf text = buf_new(&arena, 256);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%u:%u:%u", i ? " " : "", map[i].container_id, map[i].host_id,
			   map[i].size);
	return text.p;
}

static const struct oci_mount *mount_at(const char *destination)
{
	for (size_t i = 0; i < spec.oci.mounts_n; i++)
		if (str_eq(spec.oci.mounts[i].destination, destination))
			return &spec.oci.mounts[i];
	fail_msg("no mount at %s", destination);
	return NULL;
}

static const char *file_text(const char *destination)
{
	for (size_t i = 0; i < spec.files_n; i++)
		if (str_eq(spec.files[i].destination, destination))
			return spec.files[i].text;
	return NULL;
}

static void a_plain_run_is_dockers(void **state unused_)
{
	build();
	assert_string_equal(spec.id, ID);
	assert_string_equal(spec.name, "fast_gull");
	assert_string_equal(spec.state, "/var/lib/tare/containers/" KEY);
	assert_string_equal(spec.image, "/usr");
	assert_int_equal(spec.root, BOX_ROOT_BIND);
	assert_string_equal(spec.oci.root.path, "/usr");
	assert_string_equal(spec.oci.hostname, "aabbcc001122");
	assert_string_equal(joined(spec.oci.process.args), "/bin/true -x");
	assert_string_equal(joined(spec.oci.process.env),
			    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "
			    "HOSTNAME=aabbcc001122");
	assert_string_equal(spec.oci.process.cwd, "/");
	assert_string_equal(kinds(), "mount pid ipc uts cgroup network");
	assert_string_equal(mounts(),
			    "/proc /dev /dev/pts /sys /sys/fs/cgroup /dev/mqueue /dev/shm");
	assert_string_equal(joined(mount_at("/dev/pts")->options),
			    "nosuid noexec newinstance ptmxmode=0666 mode=0620 gid=5");
	assert_string_equal(joined(spec.oci.process.capabilities.bounding),
			    "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID "
			    "CAP_SETUID CAP_SETPCAP CAP_NET_BIND_SERVICE CAP_NET_RAW "
			    "CAP_SYS_CHROOT CAP_MKNOD CAP_AUDIT_WRITE CAP_SETFCAP");
	assert_string_equal(joined(spec.oci.process.capabilities.effective),
			    joined(spec.oci.process.capabilities.bounding));
	assert_int_equal(spec.oci.process.capabilities.inheritable.n, 0);
	assert_int_equal(spec.oci.process.capabilities.ambient.n, 0);
	assert_true(spec.cgroups && spec.device_rules && spec.home_from_passwd && !spec.user);
	assert_int_equal(spec.seccomp, BOX_SECCOMP_DEFAULT);
	assert_string_equal(joined(spec.oci.linux_.masked_paths),
			    "/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys "
			    "/proc/latency_stats /proc/sched_debug /proc/scsi /proc/timer_list "
			    "/proc/timer_stats /sys/devices/virtual/powercap /sys/firmware");
	assert_string_equal(joined(spec.oci.linux_.readonly_paths),
			    "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger");
	assert_int_equal(spec.oci.linux_.devices_n, 6);
	assert_false(spec.oci.linux_.resources.devices[0].allow);
	assert_string_equal(file_text("/etc/hostname"), "aabbcc001122\n");
	assert_string_equal(file_text("/etc/resolv.conf"), "nameserver 10.0.0.2\nsearch x\n");
	assert_true(str_starts(file_text("/etc/hosts"), "127.0.0.1\tlocalhost\n"));
	assert_int_equal(spec.notices.n, 0);
}

static void an_image_brings_its_own(void **state unused_)
{
	static const char *command[] = {"-a"};
	opts = (struct run_opts){.image = "hello", .rm = true};
	config.cmd = (struct oci_strings){command, 1};
	build();
	assert_string_equal(spec.image, "hello");
	assert_int_equal(spec.root, BOX_ROOT_OVERLAY);
	assert_string_equal(joined(spec.layers), "/layers/top /layers/bottom");
	// What an overlay is given to write may be much: it goes to the disk, --rm or not.
	assert_string_equal(spec.state, "/var/lib/tare/containers/" KEY);
	assert_string_equal(spec.scratch, "/var/lib/tare/containers/" KEY);
	assert_string_equal(joined(spec.oci.process.args), "/hello -a");
	assert_string_equal(joined(spec.oci.process.env), "PATH=/ HOSTNAME=aabbcc001122 IMAGE=1");
	assert_string_equal(spec.oci.process.cwd, "/w");
	assert_string_equal(spec.user, "1000");
	assert_int_equal(spec.oci.process.capabilities.effective.n, 0);
	assert_int_equal(spec.oci.process.capabilities.bounding.n, 14);

	static const char *other[] = {"-b"};
	static const char *variables[] = {"IMAGE", "A=1"};
	const char *files[] = {scratch("env")};
	opts.args = (struct oci_strings){other, 1};
	opts.env = (struct oci_strings){variables, 2};
	opts.env_file = (struct oci_strings){files, 1};
	opts.user = "root";
	opts.workdir = "/a//b/";
	opts.tty = true;
	opts.json = true;
	build();
	assert_string_equal(joined(spec.oci.process.args), "/hello -b --json");
	assert_string_equal(joined(spec.oci.process.env),
			    "PATH=/ HOSTNAME=aabbcc001122 TERM=xterm FILE=1 A=1");
	assert_string_equal(joined(spec.secret_env), "FILE A");
	assert_string_equal(spec.oci.process.cwd, "/a/b");
	assert_true(spec.oci.process.terminal);
	assert_int_equal(spec.oci.process.capabilities.effective.n, 14);
}

static void an_overlay_covers_a_directory(void **state unused_)
{
	opts.rootfs = "/usr:O";
	opts.read_only = true;
	build();
	assert_int_equal(spec.root, BOX_ROOT_OVERLAY);
	assert_string_equal(joined(spec.layers), "/usr");
	assert_true(spec.oci.root.readonly);
	opts.rootfs = "/nowhere:ro";
	assert_refused("--rootfs '/nowhere:ro': No such file or directory");
	opts.rootfs = "/etc/passwd";
	assert_refused("--rootfs '/etc/passwd': not a directory");
	opts.rootfs = ":O";
	assert_refused("--rootfs ':O': a directory is expected");
}

static void capabilities_are_dockers_arithmetic(void **state unused_)
{
	static const struct {
		const char *add, *drop;
		size_t n;
		const char *only; // the whole set, where it is one
	} table[] = {
		{NULL, NULL, 14, NULL},
		{"NET_ADMIN", NULL, 15, NULL},
		{"cap_net_admin", "MKNOD", 14, NULL},
		{"NET_ADMIN", "ALL", 1, "CAP_NET_ADMIN"},
		{NULL, "all", 0, ""},
		{"ALL", NULL, CAP_LAST_CAP, NULL}, // all but SYS_RESOURCE, which the caller lacks
		{"ALL", "CHOWN", CAP_LAST_CAP - 1, NULL},
		{"CHOWN", "CHOWN", 14, NULL},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		opts.cap_add = (struct oci_strings){(const char *[]){table[i].add}, !!table[i].add};
		opts.cap_drop =
			(struct oci_strings){(const char *[]){table[i].drop}, !!table[i].drop};
		build();
		assert_int_equal(spec.oci.process.capabilities.bounding.n, table[i].n);
		if (table[i].only)
			assert_string_equal(joined(spec.oci.process.capabilities.bounding),
					    table[i].only);
	}
}

static void capabilities_that_cannot_be(void **state unused_)
{
	static const char *all[] = {"ALL"}, *unknown[] = {"CHWON"}, *lacking[] = {"SYS_RESOURCE"},
			  *mknod_[] = {"MKNOD"}, *chown_[] = {"CHOWN"};
	opts.cap_add = (struct oci_strings){unknown, 1};
	assert_refused("--cap-add: capability 'CHWON': there is none of that name");
	opts.cap_drop = (struct oci_strings){unknown, 1};
	assert_refused("--cap-drop: capability 'CHWON': there is none of that name");
	opts.cap_add = opts.cap_drop = (struct oci_strings){all, 1};
	assert_refused("--cap-add ALL and --cap-drop ALL contradict each other");
	opts.cap_add = (struct oci_strings){lacking, 1};
	assert_refused("--cap-add CAP_SYS_RESOURCE: the caller does not have it");
	opts.cap_add = (struct oci_strings){mknod_, 1};
	opts.cgroups = "disabled";
	assert_refused("--cap-add CAP_MKNOD: devices can't be filtered in this container");
	opts.cgroups = "disabled";
	build();
	assert_false(spec.cgroups || spec.device_rules);
	assert_int_equal(spec.oci.process.capabilities.bounding.n, 13);
	plain_run(NULL);
	opts.user = "app";
	opts.cap_add = (struct oci_strings){chown_, 1};
	build();
	assert_int_equal(spec.notices.n, 1);
	assert_int_equal(spec.oci.process.capabilities.permitted.n, 0);
}

static void privileged_lifts_the_walls(void **state unused_)
{
	opts.privileged = true;
	build();
	assert_true(spec.privileged);
	assert_int_equal(spec.seccomp, BOX_SECCOMP_UNCONFINED);
	assert_int_equal(spec.oci.process.capabilities.bounding.n, CAP_LAST_CAP);
	assert_int_equal(spec.oci.linux_.masked_paths.n + spec.oci.linux_.readonly_paths.n, 0);
	assert_string_equal(joined(mount_at("/sys")->options), "nosuid noexec nodev rw");
	assert_false(spec.device_rules);
	assert_int_equal(spec.oci.linux_.resources.devices_n, 1);
	assert_true(spec.oci.linux_.resources.devices[0].allow);
	assert_true(spec.oci.linux_.devices_n >= 6);
}

static void ordinary_user(void)
{
	facts.uid = 1000;
	facts.gid = 1000;
	facts.bounding = 0;
	facts.subuid = (struct facts_id_range){100000, 65536};
	facts.subgid = (struct facts_id_range){200000, 65536};
}

static void an_ordinary_user_is_root_inside(void **state unused_)
{
	ordinary_user();
	build();
	const struct oci_linux *linux_ = &spec.oci.linux_;
	assert_string_equal(kinds(), "user mount pid ipc uts cgroup network");
	assert_string_equal(maps(linux_->uid_mappings, linux_->uid_mappings_n),
			    "0:1000:1 1:100000:65536");
	assert_string_equal(maps(linux_->gid_mappings, linux_->gid_mappings_n),
			    "0:1000:1 1:200000:65536");
	assert_true(spec.cgroups && !spec.cgroup_asked && !spec.device_rules);
	assert_int_equal(spec.oci.process.capabilities.effective.n, 13);

	opts.userns = "keep-id";
	build();
	assert_string_equal(maps(linux_->uid_mappings, linux_->uid_mappings_n),
			    "0:100000:1000 1000:1000:1 1001:101000:64536");
	assert_string_equal(spec.user, "1000:1000");
	assert_int_equal(spec.oci.process.capabilities.effective.n, 0);

	facts.subuid.count = 10;
	build();
	assert_string_equal(maps(linux_->uid_mappings, linux_->uid_mappings_n),
			    "0:100000:10 1000:1000:1");

	facts.newuidmap = NULL;
	build();
	assert_string_equal(maps(linux_->uid_mappings, linux_->uid_mappings_n), "1000:1000:1");
	assert_string_equal(joined(mount_at("/dev/pts")->options),
			    "nosuid noexec newinstance ptmxmode=0666 mode=0620");

	opts.userns = "host";
	opts.network = "host";
	build();
	assert_string_equal(maps(linux_->gid_mappings, linux_->gid_mappings_n), "0:1000:1");
	assert_string_equal(mount_at("/sys")->type, "bind");
	assert_string_equal(joined(mount_at("/sys")->options),
			    "rbind rprivate rnosuid rnoexec rnodev rro");

	opts.user = "5:0";
	assert_refused("--user '5:0': number 5 does not exist in this container");
	ordinary_user();
	opts.user = "0:65537";
	assert_refused("--user '0:65537': number 65537 does not exist in this container");
	ordinary_user();
	opts.cgroups = "enabled";
	build();
	assert_true(spec.cgroups && spec.cgroup_asked && !spec.device_rules);
}

static void the_hosts_network_brings_its_names(void **state unused_)
{
	opts.network = "host";
	build();
	assert_string_equal(kinds(), "mount pid ipc uts cgroup");
	assert_string_equal(spec.oci.hostname, "host.test");
	assert_string_equal(file_text("/etc/hosts"), "10.0.0.1 far\n");
	assert_string_equal(file_text("/etc/resolv.conf"),
			    "nameserver 127.0.0.53\nnameserver 10.0.0.2\nsearch x\n");
	opts.hostname = "web";
	build();
	assert_string_equal(file_text("/etc/hostname"), "web\n");
	place.etc = "/nowhere";
	build();
	assert_string_equal(file_text("/etc/hosts"), "");
}

static void asked_mounts_take_the_place_of_defaults(void **state unused_)
{
	static const char *volumes[] = {"/usr:/dev/shm", "/usr/absent:/new:ro",
					"/etc/hosts:/etc/hosts"};
	static const char *tmpfs[] = {"/t"};
	opts.volume = (struct oci_strings){volumes, 3};
	opts.tmpfs = (struct oci_strings){tmpfs, 1};
	build();
	assert_string_equal(mounts(), "/proc /dev /dev/pts /sys /sys/fs/cgroup /dev/mqueue /new /t "
				      "/dev/shm /etc/hosts");
	assert_null(file_text("/etc/hosts"));
	assert_non_null(file_text("/etc/hostname"));
	assert_string_equal(joined(spec.make_directories), "/usr/absent");
	assert_string_equal(joined(spec.notices),
			    "--volume: '/usr/absent' is not there, an empty directory is made for "
			    "it");
}

static void words_are_checked(void **state unused_)
{
	static const char *options[] = {"no-new-privileges", "seccomp=unconfined"};
	opts.security_opt = (struct oci_strings){options, 2};
	build();
	assert_true(spec.oci.process.no_new_privileges);
	assert_int_equal(spec.seccomp, BOX_SECCOMP_UNCONFINED);
	options[0] = "no-new-privileges:false";
	build();
	assert_false(spec.oci.process.no_new_privileges);
	static const struct {
		const char *text, *words;
	} table[] = {
		{"bad", "there is no such option"},
		{"seccomp=", "a file, unconfined or builtin is expected"},
		{"no-new-privileges=maybe", "true or false is expected"},
		{"label=type:x", "not yet"},
		{"systempaths=bound", "unconfined is expected"},
		{"mask=proc", "absolute paths are expected"},
		{"mask=", "which paths?"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		options[0] = table[i].text;
		opts.security_opt = (struct oci_strings){options, 1};
		assert_refused(arena_printf(&arena, "--security-opt '%s': %s", table[i].text,
					    table[i].words));
	}
	opts.network = "bridge";
	assert_refused("--network 'bridge': not yet");
	opts.userns = "keep-id";
	assert_refused("--userns keep-id: for ordinary users only");
	opts.userns = "nomap";
	assert_refused("--userns nomap: for ordinary users only");
	opts.userns = "private";
	assert_refused("--userns private: it needs id maps");
	opts.userns = "auto:size=0";
	assert_refused("--userns 'auto:size=0': size: a number from 1 on is expected");
	opts.userns = "auto:most";
	assert_refused("--userns 'auto:most': 'most' is no option here: size=N, uidmapping=MAP and "
		       "gidmapping=MAP are");
	opts.userns = "hots";
	assert_refused("--userns 'hots': host, private, auto, keep-id, nomap, ns:PATH or "
		       "container:NAME is expected");
	opts.cgroups = "on";
	assert_refused("--cgroups 'on': enabled or disabled is expected");
	opts.cgroups = "split";
	assert_refused("--cgroups 'split': not yet");
	assert_non_null(strstr(fault_last()->hint, "--cgroup-parent"));
	opts.workdir = "w";
	assert_refused("--workdir 'w': not an absolute path");
	opts.args.n = 0;
	assert_refused("no command to run");
	opts.user = "4294967296";
	assert_refused("--user '4294967296': user numbers are 0 to 4294967294");
	opts.explain = opts.script = true;
	assert_refused("--explain, --trace and --script: only one of them at a time");
	opts.json = true;
	assert_refused("--json: nothing here to print as JSON, it goes with --explain, --trace, "
		       "--script or hello");
}

static void a_cidfile_is_never_written_over(void **state unused_)
{
	opts.cidfile = scratch("cid");
	build();
	assert_int_equal(access(opts.cidfile, F_OK), -1);
	assert_int_equal(cidfile_write(opts.cidfile, ID), 0);
	struct str text;
	assert_int_equal(file_read(&arena, AT_FDCWD, opts.cidfile, 100, &text), 0);
	assert_string_equal(text.p, ID);
	assert_int_equal(cidfile_write(opts.cidfile, ID), -EEXIST);
	assert_refused(
		arena_printf(&arena, "--cidfile '%s': the file is there already", opts.cidfile));
}

static void take_name_of_turn(size_t turn)
{
	const char *name = name_from_id(&arena, ID, turn);
	symlink("someone", scratch(arena_printf(&arena, "names/%s", name)));
}

static void a_name_that_is_taken_is_not_given_again(void **state unused_)
{
	place.root = directory;
	assert_int_equal(mkdir(scratch("names"), 0755), 0);
	build();
	assert_string_equal(spec.name, name_from_id(&arena, ID, 0));
	take_name_of_turn(0);
	build();
	assert_string_equal(spec.name, name_from_id(&arena, ID, 1));
	for (size_t turn = 1; turn < NAME_TURNS; turn++)
		take_name_of_turn(turn);
	build();
	assert_non_null(strstr(spec.name, "_aabbcc001122"));
	assert_int_equal(remove_tree(AT_FDCWD, scratch("names")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_plain_run_is_dockers, plain_run),
		cmocka_unit_test_setup(an_image_brings_its_own, plain_run),
		cmocka_unit_test_setup(an_overlay_covers_a_directory, plain_run),
		cmocka_unit_test_setup(capabilities_are_dockers_arithmetic, plain_run),
		cmocka_unit_test_setup(capabilities_that_cannot_be, plain_run),
		cmocka_unit_test_setup(privileged_lifts_the_walls, plain_run),
		cmocka_unit_test_setup(an_ordinary_user_is_root_inside, plain_run),
		cmocka_unit_test_setup(the_hosts_network_brings_its_names, plain_run),
		cmocka_unit_test_setup(asked_mounts_take_the_place_of_defaults, plain_run),
		cmocka_unit_test_setup(words_are_checked, plain_run),
		cmocka_unit_test_setup(a_cidfile_is_never_written_over, plain_run),
		cmocka_unit_test_setup(a_name_that_is_taken_is_not_given_again, plain_run),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
