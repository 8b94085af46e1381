// SPDX-License-Identifier: Apache-2.0
// device.c - --device and --device-cgroup-rule: devices of the host, given to a container
//
// A device is known by its type and two numbers; its name is any node that carries them. So to give
// one is two things: a node in the container's /dev, and a rule that lets the container's cgroup
// open what has these numbers. Links on the host ("/dev/disk/by-id/…") are followed, the name
// inside stays the one that was given.
//
// An ordinary user can't make nodes: the host's own is bound. And no cgroup filters devices for
// him, so the file's permissions are all there is: less access than those give can't be held, and
// to accept it would be a lie.
#include "engine/mounts/device.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/fail.h"
#include "base/path.h"
#include "engine/mounts/destination.h"
#include "engine/mounts/host_devices.h"
#include "engine/place.h"

struct adding {
	struct arena *arena;
	struct device_filter filter;
	struct oci_linux *linux_;
	size_t given; // devices of the options begin at this place of the list
};

// --- words --------------------------------------------------------------------------------------

static bool is_access(struct str text)
{
	unsigned seen = 0;
	for (size_t i = 0; i < text.n; i++) {
		const char *letter = memchr("rwm", text.p[i], 3);
		unsigned bit = letter ? 1u << (text.p[i] & 31u) : 0;
		if (!letter || seen & bit)
			return false;
		seen |= bit;
	}
	return text.n > 0;
}

static int bad_device(const char *text, const char *why)
{
	fail(-EINVAL, "--device '%s': %s", text, why);
	fail_hint("it is written /dev/HOST[:/dev/CONTAINER][:rwm]");
	return -EINVAL;
}

static bool is_interface_name(const char *text)
{
	const char *equals = strchr(text, '=');
	const char *slash = strchr(text, '/');
	return text[0] != '/' && equals && slash && slash < equals;
}

// Unlike a mount, a directory of devices may become the whole of /dev: its nodes join those there.
static int container_path(struct arena *arena, const char *text, struct str path,
			  const char **ret_path)
{
	static const char *const covered[] = {"/dev/pts", "/dev/shm", "/dev/mqueue"};
	if (str_is(path, "/dev") || str_is(path, "/dev/")) {
		*ret_path = "/dev";
		return 0;
	}
	TRY(destination_parse(arena, "--device", text, path, ret_path));
	for (size_t i = 0; i < lengthof(covered); i++) {
		size_t n = strlen(covered[i]);
		if (!strncmp(*ret_path, covered[i], n) &&
		    (!(*ret_path)[n] || (*ret_path)[n] == '/'))
			return fail(-EINVAL,
				    "--device '%s': '%s' is a file system of the "
				    "container's own, which would hide it",
				    text, covered[i]);
	}
	return 0;
}

int device_words_parse(struct arena *arena, const char *text, struct device_words *ret_words)
{
	struct str rest = str_of(text), part[3] = {{0}};
	size_t n = 0;
	if (is_interface_name(text)) {
		fail(-EOPNOTSUPP, "--device '%s': names of the Container Device Interface: not yet",
		     text);
		fail_hint("name the nodes that it stands for, like /dev/dri");
		return -EOPNOTSUPP;
	}
	while (rest.p && n < lengthof(part))
		part[n++] = str_cut(&rest, ':');
	if (rest.p)
		return bad_device(text, "too many colons");
	for (size_t i = 0; i < n; i++)
		if (!part[i].n)
			return bad_device(text, "an empty part between colons");
	if (part[0].p[0] != '/')
		return bad_device(text, "the device is not an absolute path");
	if (part[0].n >= PATH_LENGTH_MAX)
		return fail(-ENAMETOOLONG, "--device '%.64s…': the path is too long", text);
	bool access_second = n == 2 && part[1].p[0] != '/';
	struct str access = n == 3 ? part[2] : access_second ? part[1] : STR("rwm");
	if (!is_access(access))
		return bad_device(text, "access is one or more of r, w and m, each once");
	struct device_words words = {
		.host = engine_absolute(arena, "/", arena_dup_n(arena, part[0].p, part[0].n)),
		.access = arena_dup_n(arena, access.p, access.n),
	};
	struct str container = n >= 2 && !access_second ? part[1] : str_of(words.host);
	TRY(container_path(arena, text, container, &words.container));
	*ret_words = words;
	return 0;
}

static int rule_number(struct str text, int64_t *ret_number)
{
	uint64_t number;
	if (str_is(text, "*")) {
		*ret_number = -1;
		return 0;
	}
	TRY(str_number(text, UINT32_MAX, &number));
	*ret_number = (int64_t)number;
	return 0;
}

int device_rule_parse(struct arena *arena, const char *text, struct oci_device_rule *ret_rule)
{
	struct str access = str_of(text);
	struct str type = str_cut(&access, ' ');
	struct str numbers = str_cut(&access, ' ');
	struct str minor_part = numbers;
	struct str major_part = str_cut(&minor_part, ':');
	struct oci_device_rule rule = {.allow = true};
	if (type.n != 1 || !memchr("abc", type.p[0], 3) ||
	    rule_number(major_part, &rule.major) < 0 || rule_number(minor_part, &rule.minor) < 0 ||
	    !is_access(access)) {
		fail(-EINVAL, "--device-cgroup-rule '%s': not a rule", text);
		fail_hint(
			"it is written TYPE MAJOR:MINOR ACCESS, like 'c 10:229 rwm' or 'b 8:* r'");
		return -EINVAL;
	}
	rule.type = arena_dup_n(arena, type.p, 1);
	rule.access = arena_dup_n(arena, access.p, access.n);
	*ret_rule = rule;
	return 0;
}

// --- lists --------------------------------------------------------------------------------------

// Lists of the specification hold exactly what is in them: these have room to grow.
static void make_room(struct adding *adding)
{
	struct oci_linux *linux_ = adding->linux_;
	struct oci_device *devices = arena_array(adding->arena, struct oci_device, DEVICES_MAX);
	struct oci_resources *resources = &linux_->resources;
	struct oci_device_rule *rules =
		arena_array(adding->arena, struct oci_device_rule, DEVICES_MAX);
	if (linux_->devices_n)
		memcpy(devices, linux_->devices, linux_->devices_n * sizeof(*devices));
	if (resources->devices_n)
		memcpy(rules, resources->devices, resources->devices_n * sizeof(*rules));
	linux_->devices = devices;
	resources->devices = rules;
	adding->given = linux_->devices_n;
}

static int add_rule(struct adding *adding, struct oci_device_rule rule)
{
	struct oci_resources *resources = &adding->linux_->resources;
	if (resources->devices_n == DEVICES_MAX)
		return fail(-E2BIG, "more than %d rules for devices", DEVICES_MAX);
	resources->devices[resources->devices_n++] = rule;
	return 0;
}

static int add_device(struct adding *adding, const char *text, const char *access,
		      struct oci_device device)
{
	struct oci_linux *linux_ = adding->linux_;
	struct oci_device_rule rule = {true, device.type, device.major, device.minor, access};
	size_t i = 0;
	while (i < linux_->devices_n && !str_eq(linux_->devices[i].path, device.path))
		i++;
	if (i < linux_->devices_n && i >= adding->given)
		return fail(-EINVAL, "--device '%s': '%s' is given twice", text, device.path);
	if (linux_->devices_n == DEVICES_MAX)
		return fail(-E2BIG, "--device '%s': more than %d devices", text, DEVICES_MAX);
	if (i < linux_->devices_n) {
		memmove(&linux_->devices[i], &linux_->devices[i + 1],
			(linux_->devices_n - i - 1) * sizeof(device));
		linux_->devices_n--;
		adding->given--;
	}
	linux_->devices[linux_->devices_n++] = device;
	return adding->filter.on ? add_rule(adding, rule) : 0;
}

// --- nodes --------------------------------------------------------------------------------------

static int add_directory(struct adding *adding, const char *text, const struct device_words *words,
			 const char *real)
{
	struct oci_device *devices;
	size_t n;
	TRY(host_devices_list(adding->arena, real, false, &devices, &n));
	if (!n)
		return fail(-ENODEV, "--device '%s': no device lies in the directory '%s'", text,
			    words->host);
	size_t prefix = strlen("/dev");
	for (size_t i = 0; i < n; i++) {
		const char *below = devices[i].path + prefix;
		devices[i].source = arena_printf(adding->arena, "%s%s", real, below);
		devices[i].path = arena_printf(adding->arena, "%s%s", words->container, below);
		TRY(add_device(adding, text, words->access, devices[i]));
	}
	return 0;
}

static int check_access(const struct adding *adding, const char *text, const char *access)
{
	// What is not named can't be held back; making nodes is nothing that could be given.
	if (adding->filter.on || (strchr(access, 'r') && strchr(access, 'w')))
		return 0;
	fail(-EPERM, "--device '%s': access '%s' alone can't be held: %s", text, access,
	     adding->filter.why_not);
	fail_hint("without it the permissions of the host's node count");
	return -EPERM;
}

static int add_node(struct adding *adding, const char *text)
{
	struct device_words words;
	struct stat status;
	char real[PATH_LENGTH_MAX];
	TRY(device_words_parse(adding->arena, text, &words));
	TRY(check_access(adding, text, words.access));
	if (!realpath(words.host, real) || stat(real, &status))
		return fail_sys(-errno, "--device '%s': '%s'", text, words.host);
	if (S_ISDIR(status.st_mode))
		return add_directory(adding, text, &words, arena_dup(adding->arena, real));
	if (!S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode))
		return fail(-ENODEV, "--device '%s': '%s' is not a device", text, words.host);
	if (str_eq(words.container, "/dev"))
		return fail(-EISDIR, "--device '%s': '/dev' in the container is a directory", text);
	struct oci_device device = {
		.path = words.container,
		.type = S_ISCHR(status.st_mode) ? "c" : "b",
		.major = major(status.st_rdev),
		.minor = minor(status.st_rdev),
		.file_mode = status.st_mode & 0777,
		.uid = status.st_uid,
		.gid = status.st_gid,
		.source = arena_dup(adding->arena, real),
	};
	return add_device(adding, text, words.access, device);
}

static int add_asked_rule(struct adding *adding, const char *text)
{
	struct oci_device_rule rule;
	TRY(device_rule_parse(adding->arena, text, &rule));
	if (adding->filter.on)
		return add_rule(adding, rule);
	if (adding->filter.all)
		return 0;
	return fail(-EPERM, "--device-cgroup-rule '%s': no cgroup holds rules for devices here: %s",
		    text, adding->filter.why_not);
}

int devices_add(struct arena *arena, const struct oci_strings *devices,
		const struct oci_strings *rules, struct device_filter filter,
		struct oci_linux *linux_, size_t *ret_rules)
{
	struct adding adding = {.arena = arena, .filter = filter, .linux_ = linux_};
	size_t before = linux_->resources.devices_n;
	*ret_rules = 0;
	if (!devices->n && !rules->n)
		return 0;
	make_room(&adding);
	for (size_t i = 0; i < devices->n; i++)
		TRY(add_node(&adding, devices->item[i]));
	for (size_t i = 0; i < rules->n; i++)
		TRY(add_asked_rule(&adding, rules->item[i]));
	*ret_rules = linux_->resources.devices_n - before;
	return 0;
}
