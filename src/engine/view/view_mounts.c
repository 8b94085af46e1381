// SPDX-License-Identifier: Apache-2.0
// view_mounts.c - what is mounted inside, and where on the host that is
//
// A mount shows a directory (or file) of a file system. Which one, the list of mounts tells as the
// directory's name within that file system; where the host has the same file system mounted, the
// name becomes a path. An overlay tells its layers itself.
#include "engine/view/view_parts.h"

#include "base/buf.h"
#include "kern/mounts/mountinfo.h"

enum { HOST_MOUNTS_MAX = 4096, TEXT_MAX = 64 << 10, LAYERS_SHOWN = 8, SHORT_DIGEST = 12 };

struct host_mounts {
	struct mountinfo *item;
	size_t n;
};

static bool is_beneath(const char *path, const char *directory)
{
	size_t n = strlen(directory);
	if (str_eq(directory, "/"))
		return true;
	return strncmp(path, directory, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

// The path on the host of what a mount shows; NULL: the host has it nowhere.
static const char *host_path(struct arena *arena, const struct host_mounts *host,
			     const struct mountinfo *mount)
{
	const struct mountinfo *best = NULL;
	for (size_t i = 0; i < host->n; i++) {
		const struct mountinfo *at = &host->item[i];
		if (at->major != mount->major || at->minor != mount->minor ||
		    !is_beneath(mount->root, at->root))
			continue;
		if (!best || strlen(at->root) > strlen(best->root))
			best = at;
	}
	if (!best)
		return NULL;
	const char *rest = str_eq(best->root, "/") ? mount->root : mount->root + strlen(best->root);
	if (str_eq(rest, "/"))
		rest = "";
	const char *target = str_eq(best->target, "/") && *rest ? "" : best->target;
	return arena_printf(arena, "%s%s", target, rest);
}

// Cuts the text before the first `separator` off that has no backslash before it.
static struct str cut_escaped(struct str *rest, char separator)
{
	for (size_t i = 0; i < rest->n; i++) {
		if (rest->p[i] == '\\')
			i++;
		else if (rest->p[i] == separator) {
			struct str head = {rest->p, i};
			*rest = (struct str){rest->p + i + 1, rest->n - i - 1};
			return head;
		}
	}
	struct str all = *rest;
	*rest = (struct str){0};
	return all;
}

// A directory of a layer: one of tare's by its name, others by their path.
static void add_layer(struct buf *out, const char *root, struct str path)
{
	const char *ours = arena_printf(out->arena, "%s/layers/", root);
	size_t n = strlen(ours);
	if (path.n > n && memcmp(path.p, ours, n) == 0) {
		struct str rest = {path.p + n, path.n - n};
		str_cut(&rest, '/'); // which ids it was unpacked for
		struct str name = str_cut(&rest, '/');
		buf_puts(out, "layer ");
		buf_add(out, name.p, min_of(name.n, (size_t)SHORT_DIGEST));
		return;
	}
	buf_add(out, path.p, path.n);
}

static const char *overlay_text(struct arena *arena, const char *root, const char *options)
{
	struct buf lower = buf_new(arena, TEXT_MAX), upper = buf_new(arena, TEXT_MAX);
	struct str rest = str_of(options);
	size_t layers = 0;
	while (rest.n) {
		struct str value = cut_escaped(&rest, ',');
		struct str key = str_cut(&value, '=');
		if (str_is(key, "upperdir"))
			buf_add(&upper, value.p, value.n);
		if (!str_is(key, "lowerdir") && !str_is(key, "lowerdir+"))
			continue;
		while (value.n) {
			struct str one = cut_escaped(&value, ':');
			if (layers++ >= LAYERS_SHOWN)
				continue;
			buf_puts(&lower, layers > 1 ? ", " : "");
			add_layer(&lower, root, one);
		}
	}
	if (layers > LAYERS_SHOWN)
		buf_printf(&lower, " and %zu more", layers - LAYERS_SHOWN);
	return upper.n ? arena_printf(arena, "%s; changes in %s", lower.p, upper.p)
		       : arena_printf(arena, "%s; nothing can be changed", lower.p);
}

// File systems that are the kernel's own: nothing on the host lies behind them.
static bool is_kernels(const char *type)
{
	static const char *const types[] = {"proc",   "sysfs",   "devpts", "mqueue",
					    "cgroup", "cgroup2", "tmpfs",  "ramfs"};
	for (size_t i = 0; i < lengthof(types); i++)
		if (str_eq(type, types[i]))
			return true;
	return false;
}

static const char *outside_of(struct viewer *viewer, const struct host_mounts *host,
			      const struct mountinfo *mount)
{
	if (str_eq(mount->type, "overlay"))
		return overlay_text(viewer->arena, viewer->roots->root, mount->super_options);
	const char *path = host_path(viewer->arena, host, mount);
	if (path)
		return path;
	if (is_kernels(mount->type))
		return "the kernel's, for this container";
	return mount->source[0]
		       ? arena_printf(viewer->arena, "%s, not mounted outside", mount->source)
		       : "not mounted outside";
}

static const char *inside_of(struct arena *arena, const struct mountinfo *mount)
{
	static const char *const shown[] = {"nosuid", "nodev", "noexec"};
	struct buf text = buf_new(arena, 1024);
	buf_printf(&text, "%s, %s", mount->type,
		   mountinfo_has(mount->options, "ro") ? "read only" : "writable");
	for (size_t i = 0; i < lengthof(shown); i++)
		if (mountinfo_has(mount->options, shown[i]))
			buf_printf(&text, ", %s", shown[i]);
	return text.p;
}

static void read_host(struct viewer *viewer, struct host_mounts *host)
{
	struct str text;
	struct mountinfo mount;
	host->item = arena_array(viewer->arena, struct mountinfo, HOST_MOUNTS_MAX);
	if (task_read(viewer->arena, &viewer->own, "mountinfo", MOUNTINFO_BYTES_MAX, &text))
		return;
	for (int got; host->n < HOST_MOUNTS_MAX &&
		      (got = mountinfo_next(viewer->arena, &text, &mount)) != MOUNTINFO_END;)
		if (got == 0)
			host->item[host->n++] = mount;
}

void view_mounts(struct viewer *viewer)
{
	struct host_mounts host = {0};
	struct mountinfo mount;
	struct str text;
	if (view_shares(viewer, "mnt")) {
		view_add(viewer, VIEW_MOUNTS, "all", "the host's", NULL);
		return;
	}
	int error =
		task_read(viewer->arena, &viewer->task, "mountinfo", MOUNTINFO_BYTES_MAX, &text);
	if (error) {
		view_unseen(viewer, "mounts", error);
		return;
	}
	read_host(viewer, &host);
	for (int got; (got = mountinfo_next(viewer->arena, &text, &mount)) != MOUNTINFO_END;)
		if (got == 0)
			view_add(viewer, VIEW_MOUNTS, mount.target,
				 inside_of(viewer->arena, &mount),
				 outside_of(viewer, &host, &mount));
}
