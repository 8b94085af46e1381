// SPDX-License-Identifier: Apache-2.0
// mounts.c - what the file system is put together from
//
// /proc/self/mountinfo (proc_pid_mountinfo(5)) has a line for each mount:
//
//	36 35 98:0 /sub /data ro,nosuid master:1 - ext4 /dev/sda1 rw,errors=continue
//	id parent dev root target options tags… - type source super-options
//
// `root` is the part of the file system that is shown. Blanks in names are written \040. What
// hides a file is a mount, too: a directory is hidden by an empty read-only tmpfs, a file by
// /dev/null bound over it.
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { MOUNTS_MAX = 4096 };

struct mount {
	const char *id, *parent, *device;    // numbers, as in the file
	char *root, *target, *type, *source; // names, unescaped
	const char *options;                 // of the mount: "ro,nosuid"
	const char *tags;                    // propagation: "shared:5 master:1", "" is private
	const char *super_options;           // of the file system
};

static struct mount *mounts;
static size_t mounts_n;

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static void unescape(char *text)
{
	char *to = text;
	for (char *from = text; *from; to++) {
		if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) &&
		    is_octal(from[3])) {
			unsigned high = from[1] & 3, mid = from[2] & 7, low = from[3] & 7;
			*to = (char)(high << 6 | mid << 3 | low);
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

static bool read_line(char *line, struct mount *mount)
{
	char *tail = strstr(line, " - ");
	if (!tail)
		return false;
	*tail = '\0';
	tail += 3;
	mount->id = strsep(&line, " ");
	mount->parent = line ? strsep(&line, " ") : NULL;
	mount->device = line ? strsep(&line, " ") : NULL;
	mount->root = line ? strsep(&line, " ") : NULL;
	mount->target = line ? strsep(&line, " ") : NULL;
	mount->options = line ? strsep(&line, " ") : NULL;
	mount->tags = line ? line : "";
	mount->type = strsep(&tail, " ");
	mount->source = tail ? strsep(&tail, " ") : "";
	mount->super_options = tail ? tail : "";
	if (!mount->options)
		return false;
	unescape(mount->root);
	unescape(mount->target);
	if (*mount->source)
		unescape(mount->source);
	return true;
}

static void load(void)
{
	char *rest = file_text("/proc/self/mountinfo");
	if (mounts)
		return;
	mounts = calloc(MOUNTS_MAX, sizeof(*mounts));
	for (char *line; mounts && mounts_n < MOUNTS_MAX && (line = file_line(&rest));)
		mounts_n += read_line(line, &mounts[mounts_n]);
}

static bool has_option(const char *options, const char *option)
{
	size_t n = strlen(option);
	for (const char *p = options; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		if (!strncmp(p, option, n) && (!p[n] || p[n] == ','))
			return true;
	}
	return false;
}

// The value of NAME=value among the options of a file system; NULL when it isn't there.
static char *option_value(const char *options, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = options; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		if (!strncmp(p, name, n) && p[n] == '=')
			return strndup(p + n + 1, strcspn(p + n + 1, ","));
	}
	return NULL;
}

static bool is_read_only(const struct mount *mount)
{
	return has_option(mount->options, "ro") || has_option(mount->super_options, "ro");
}

static bool is_under(const char *path, const char *top)
{
	size_t n = strlen(top);
	return !strncmp(path, top, n) && path[n] == '/';
}

// A file of /dev bound over another place hides what was there, as does an empty tmpfs in /proc or
// /sys that can't be written.
static bool is_mask(const struct mount *mount)
{
	if (!is_under(mount->target, "/proc") && !is_under(mount->target, "/sys"))
		return false;
	if (str_eq(mount->target, "/sys/fs/cgroup")) // a tmpfs that holds the trees of version 1
		return false;
	if (str_eq(mount->type, "tmpfs") && is_read_only(mount) && str_eq(mount->root, "/"))
		return true;
	struct stat status;
	return !stat(mount->target, &status) && S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(1, 3);
}

// A part of /proc or /sys mounted upon itself to make it read-only.
static bool is_shut(const struct mount *mount)
{
	return is_under(mount->target, "/proc") && str_eq(mount->type, "proc") &&
	       !str_eq(mount->root, "/") && is_read_only(mount);
}

// The mount seen at a place is the last one made there.
static const struct mount *top_at(const char *target)
{
	const struct mount *top = NULL;
	load();
	for (size_t i = 0; i < mounts_n; i++) {
		if (str_eq(mounts[i].target, target))
			top = &mounts[i];
	}
	return top;
}

int mounts_read_only(const char *target)
{
	const struct mount *mount = top_at(target);
	return mount ? is_read_only(mount) : -1;
}

const char *mounts_cgroup(const char *controller, const char **ret_root)
{
	load();
	for (size_t i = 0; i < mounts_n; i++) {
		const struct mount *mount = &mounts[i];
		if (controller ? str_eq(mount->type, "cgroup") &&
					 has_option(mount->super_options, controller)
			       : str_eq(mount->type, "cgroup2")) {
			*ret_root = mount->root;
			return mount->target;
		}
	}
	return NULL;
}

static void mount_json(const struct mount *mount)
{
	json_open(NULL, '{');
	json_text("target", mount->target);
	json_text("type", mount->type);
	json_text("source", mount->source);
	json_text("root", mount->root);
	json_number("id", strtoll(mount->id, NULL, 10));
	json_number("parent", strtoll(mount->parent, NULL, 10));
	json_text("device", mount->device);
	json_words("options", mount->options, ",");
	json_words("propagation", mount->tags, " ");
	json_words("super_options", mount->super_options, ",");
	json_close('}');
}

// The layers of an overlay, the topmost first: lowerdir lists them with colons, from Linux 6.8 on
// each may stand in an option lowerdir+ of its own.
static void layers_json(const char *options)
{
	json_open("lower", '[');
	for (const char *p = options; *p; p += strcspn(p, ","), p += *p == ',') {
		size_t name = strcspn(p, "=,");
		if (p[name] != '=' ||
		    (strncmp(p, "lowerdir", name) && strncmp(p, "lowerdir+", name)))
			continue;
		char *list = strndup(p + name + 1, strcspn(p + name + 1, ","));
		for (char *layer; (layer = strsep(&list, ":"));) {
			if (*layer)
				json_text(NULL, layer);
		}
	}
	json_close(']');
}

void mounts_json(void)
{
	const struct mount *root = top_at("/");
	if (root) {
		json_open("root", '{');
		json_text("type", root->type);
		json_text("source", root->source);
		json_bool("read_only", is_read_only(root));
		if (str_eq(root->type, "overlay")) {
			layers_json(root->super_options);
			json_text("upper", option_value(root->super_options, "upperdir"));
			json_text("work", option_value(root->super_options, "workdir"));
		}
		json_close('}');
	}
	json_open("mounts", '[');
	for (size_t i = 0; i < mounts_n; i++)
		mount_json(&mounts[i]);
	json_close(']');
	json_open("masked", '[');
	for (size_t i = 0; i < mounts_n; i++) {
		if (is_mask(&mounts[i]))
			json_text(NULL, mounts[i].target);
	}
	json_close(']');
	json_open("read_only", '[');
	for (size_t i = 0; i < mounts_n; i++) {
		if (is_read_only(&mounts[i]) && !is_mask(&mounts[i]))
			json_text(NULL, mounts[i].target);
	}
	json_close(']');
}

static size_t layers_count(const char *options)
{
	size_t n = 0;
	for (const char *p = options; *p; p += strcspn(p, ","), p += *p == ',') {
		if (strncmp(p, "lowerdir", 8))
			continue;
		n++;
		for (size_t i = 0; p[i] && p[i] != ','; i++)
			n += p[i] == ':' && p[i + 1] != ':' && (!i || p[i - 1] != ':');
	}
	return n;
}

static void root_text(void)
{
	const struct mount *root = top_at("/");
	if (!root) {
		text_row("root", "nothing is mounted on /");
		return;
	}
	const char *writable = is_read_only(root) ? "read-only" : "writable";
	if (!str_eq(root->type, "overlay")) {
		text_row("root", "%s, %s, from %s", root->type, writable, root->source);
		return;
	}
	size_t layers = layers_count(root->super_options);
	text_row("root", "overlay, %s: %zu layer%s of the image%s", writable, layers,
		 layers == 1 ? "" : "s",
		 is_read_only(root) ? "" : " below one for what is written");
}

// What a mount is to a person: the rows of the text and what belongs into each.
enum heap { HEAP_KERNEL, HEAP_MEMORY, HEAP_OUTSIDE, HEAP_MASKED, HEAP_SHUT, HEAP_COUNT };

static const char *const heap_labels[] = {
	[HEAP_KERNEL] = "kernel's", [HEAP_MEMORY] = "in memory", [HEAP_OUTSIDE] = "from host",
	[HEAP_MASKED] = "hidden",   [HEAP_SHUT] = "read-only",
};
static_assert(lengthof(heap_labels) == HEAP_COUNT, "a label for each heap");

static enum heap heap_of(const struct mount *mount)
{
	static const char *const kernel[] = {
		"proc",    "sysfs", "cgroup",     "cgroup2",  "devpts", "mqueue",  "debugfs",
		"tracefs", "bpf",   "securityfs", "configfs", "pstore", "efivarfs"};
	if (is_mask(mount))
		return HEAP_MASKED;
	if (is_shut(mount))
		return HEAP_SHUT;
	for (size_t i = 0; i < lengthof(kernel); i++) {
		if (str_eq(mount->type, kernel[i]))
			return HEAP_KERNEL;
	}
	bool whole = str_eq(mount->root, "/");
	return whole && (str_eq(mount->type, "tmpfs") || str_eq(mount->type, "devtmpfs"))
		       ? HEAP_MEMORY
		       : HEAP_OUTSIDE;
}

static bool is_single_cgroup(const struct mount *mount)
{
	return is_under(mount->target, "/sys/fs/cgroup");
}

static void heap_text(enum heap heap)
{
	enum { SHOWN_MAX = 12 };
	char *words = NULL;
	size_t n = 0;
	for (size_t i = 0; i < mounts_n; i++) {
		const struct mount *mount = &mounts[i];
		if (str_eq(mount->target, "/") || heap_of(mount) != heap || is_single_cgroup(mount))
			continue;
		if (top_at(mount->target) != mount)
			continue; // covered by a later one
		if (n++ < SHOWN_MAX)
			words = text_join(words, "%s%s%s", words ? " " : "", mount->target,
					  is_read_only(mount) && heap < HEAP_MASKED ? "(ro)" : "");
	}
	if (n > SHOWN_MAX)
		words = text_join(words, " and %zu more", n - SHOWN_MAX);
	if (n)
		text_row(heap_labels[heap], "%s", words);
}

void mounts_text(void)
{
	load();
	root_text();
	for (enum heap heap = 0; heap < HEAP_COUNT; heap++)
		heap_text(heap);
}
