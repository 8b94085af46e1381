// SPDX-License-Identifier: Apache-2.0
// unit.c - a container's group as a unit of systemd's: where it is, what it is called
//
// Where systemd runs the host the tree of cgroups is its own: it makes the groups, and may put
// back what others wrote. It hands a part on for the asking. A scope is a unit for processes that
// somebody else has started; delegated, what is below it is left alone. It lies in a slice, whose
// name is the path to it: "a-b.slice" is in "a.slice", both are groups.
//
// The system's manager has the whole tree, an ordinary user's a part of it, user@UID.service.
#include "kern/cgroup/unit.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "kern/namespaces/idmap.h"

#include <stdlib.h>
#include <unistd.h>

enum { NAME_MAX_LENGTH = 255 }; // systemd's UNIT_NAME_MAX

static const char system_bus[] = "/run/dbus/system_bus_socket";

// Who the caller is outside of all user namespaces that root has mapped him into.
static uint32_t uid_outside(struct arena *arena, uint32_t uid)
{
	struct str text;
	if (file_read_small(arena, "/proc/self/uid_map", IDMAP_FILE_MAX, &text))
		return uid;
	for (struct str line; (line = str_line(&text)).p;) {
		uint64_t inside, outside, count;
		if (str_number(str_word(&line), UINT32_MAX, &inside) ||
		    str_number(str_word(&line), UINT32_MAX, &outside) ||
		    str_number(str_word(&line), UINT32_MAX, &count))
			continue;
		if (uid >= inside && uid - inside < count)
			return (uint32_t)(outside + uid - inside);
	}
	return uid;
}

static const char *users_bus(struct arena *arena, uint32_t uid)
{
	const char *path = arena_printf(arena, "/run/user/%u/bus", uid);
	const char *given = getenv("DBUS_SESSION_BUS_ADDRESS");
	if (access(path, F_OK) == 0)
		return arena_printf(arena, "unix:path=%s", path);
	return given && *given ? given : NULL;
}

void facts_bus(struct arena *arena, struct facts *facts)
{
	uint32_t uid = uid_outside(arena, facts->uid);
	facts->bus_user = uid != 0;
	if (access("/run/systemd/system", F_OK))
		return;
	if (facts->bus_user) {
		facts->bus = users_bus(arena, uid);
		facts->bus_group =
			arena_printf(arena, "user.slice/user-%u.slice/user@%u.service/", uid, uid);
	} else if (access(system_bus, F_OK) == 0) {
		facts->bus = arena_printf(arena, "unix:path=%s", system_bus);
		facts->bus_group = "";
	}
}

// --- names --------------------------------------------------------------------------------------

static bool is_name(struct str text)
{
	static const char others[] = ":-_.\\@";
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool usual =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!usual && (!c || !strchr(others, c)))
			return false;
	}
	return text.n && text.n <= NAME_MAX_LENGTH;
}

static bool ends_in(struct str text, struct str suffix)
{
	return text.n > suffix.n && memcmp(text.p + text.n - suffix.n, suffix.p, suffix.n) == 0;
}

bool unit_is_scope(const char *name)
{
	return is_name(str_of(name)) && ends_in(str_of(name), STR(".scope"));
}

// "a-b.slice" lies at "a.slice/a-b.slice/", "-.slice" at the top.
static int slice_path(struct arena *arena, const char *slice, const char **ret_path)
{
	struct str name = str_of(slice), suffix = STR(".slice");
	struct buf path = buf_new(arena, NAME_MAX_LENGTH * NAME_MAX_LENGTH);
	*ret_path = "";
	if (str_eq(slice, "-.slice"))
		return 0;
	if (!is_name(name) || !ends_in(name, suffix))
		return fail(-EINVAL, "slice '%.255s': not the name of one", slice);
	name.n -= suffix.n;
	for (size_t i = 0; i <= name.n; i++) {
		if (i < name.n && name.p[i] != '-')
			continue;
		if (i == 0 || name.p[i - 1] == '-')
			return fail(-EINVAL, "slice '%.255s': an empty part in its name", slice);
		buf_printf(&path, "%.*s.slice/", (int)i, name.p);
	}
	*ret_path = path.p;
	return 0;
}

int unit_read(struct arena *arena, const char *path, const char *id, const struct facts *facts,
	      struct unit *ret_unit)
{
	const char *given = path && *path ? path : arena_printf(arena, ":tare:%s", id);
	struct str rest = str_of(given);
	struct str slice = str_cut(&rest, ':'), prefix = str_cut(&rest, ':'), name = rest;
	const char *below;
	struct unit unit = {.slice = arena_dup_n(arena, slice.p, slice.n)};
	if (!name.p || !name.n || memchr(name.p, ':', name.n)) {
		fail(-EINVAL, "linux.cgroupsPath '%s': with systemd it is SLICE:PREFIX:NAME",
		     given);
		fail_hint("a path is for --cgroup-manager cgroupfs");
		return -EINVAL;
	}
	if (!slice.n)
		unit.slice = facts->bus_user ? "user.slice" : "system.slice";
	unit.name = arena_printf(arena, "%.*s%s%.*s.scope", (int)prefix.n, prefix.p,
				 prefix.n ? "-" : "", (int)name.n, name.p);
	if (!unit_is_scope(unit.name))
		return fail(-EINVAL, "linux.cgroupsPath '%s': '%.255s' is not the name of a unit",
			    given, unit.name);
	TRY(slice_path(arena, unit.slice, &below));
	unit.group = arena_printf(arena, "%s%s%s", facts->bus_group, below, unit.name);
	*ret_unit = unit;
	return 0;
}
