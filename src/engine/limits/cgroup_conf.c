// SPDX-License-Identifier: Apache-2.0
// cgroup_conf.c - --cgroup-conf and --cgroup-parent
//
// --cgroup-conf is Podman's way to a file of cgroup v2 that has no flag: "memory.high=100000000".
//
// --cgroup-parent names a group for containers to stand in, by its path from the top of each tree;
// with or without a slash in front, as with Docker. A slice is a group of systemd's, whose name
// tells where it lies: "a-b.slice" is in "a.slice".
#include "engine/limits/cgroup_conf.h"

#include "base/buf.h"
#include "base/fail.h"

enum { PARENT_MAX = 1024, PART_MAX = 255 };

int cgroup_conf_parse(struct arena *arena, const struct oci_strings *texts,
		      struct oci_resources *resources)
{
	if (!texts->n)
		return 0;
	struct shape_pair *pairs = arena_array(arena, struct shape_pair, texts->n);
	for (size_t i = 0; i < texts->n; i++) {
		const char *equals = strchr(texts->item[i], '=');
		if (!equals || equals == texts->item[i] || !equals[1]) {
			fail(-EINVAL, "--cgroup-conf '%s': not KEY=VALUE", texts->item[i]);
			fail_hint("the key is a file of cgroup v2, as in memory.high=100000000");
			return -EINVAL;
		}
		pairs[i].name =
			arena_dup_n(arena, texts->item[i], (size_t)(equals - texts->item[i]));
		pairs[i].value = equals + 1;
	}
	resources->unified = pairs;
	resources->unified_n = texts->n;
	return 0;
}

static bool is_plain(struct str part)
{
	for (size_t i = 0; i < part.n; i++)
		if (part.p[i] <= ' ' || part.p[i] > '~' || strchr("'\"\\;$`", part.p[i]))
			return false;
	return part.n && part.n <= PART_MAX && part.p[0] != '.';
}

static bool is_slice(struct str name)
{
	static const char suffix[] = ".slice";
	size_t n = sizeof(suffix) - 1;
	return name.n > n && memcmp(name.p + name.n - n, suffix, n) == 0;
}

// "a-b-c.slice" to "a.slice/a-b.slice/a-b-c.slice".
static int add_slices(struct buf *out, const char *text, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] != '-')
			continue;
		if (i == 0 || name.p[i - 1] == '-' || name.p[i + 1] == '.')
			return fail(-EINVAL, "--cgroup-parent '%s': not the name of a slice", text);
		buf_printf(out, "%.*s.slice/", (int)i, name.p);
	}
	buf_add(out, name.p, name.n);
	return 0;
}

int cgroup_parent_parse(struct arena *arena, const char *text, const char **ret_path)
{
	struct str path = str_of(text);
	struct buf out = buf_new(arena, (size_t)PARENT_MAX * PARENT_MAX);
	while (path.n && path.p[0] == '/')
		path = (struct str){path.p + 1, path.n - 1};
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	for (struct str rest = path; rest.p;)
		if (path.n > PARENT_MAX || !is_plain(str_cut(&rest, '/'))) {
			fail(-EINVAL, "--cgroup-parent '%.128s': not a path of cgroups", text);
			fail_hint("names between slashes, none of which begins with a dot, as in "
				  "batch/night; or a slice of systemd's, as in batch.slice");
			return -EINVAL;
		}
	if (is_slice(path) && !memchr(path.p, '/', path.n))
		TRY(add_slices(&out, text, path));
	else
		buf_add(&out, path.p, path.n);
	*ret_path = out.p;
	return 0;
}
