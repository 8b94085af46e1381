// SPDX-License-Identifier: Apache-2.0
// unit.h - a container's group as a unit of systemd's, a scope
#pragma once

#include "kern/cgroup/cgroup.h"

// Finds the bus of the service manager that makes the caller's scopes: the system's for root, his
// own for an ordinary user, also for one who is root in a user namespace. Sets facts->bus,
// bus_group and bus_user; where there is none they stay NULL.
void facts_bus(struct arena *arena, struct facts *facts);

struct unit {
	const char *name;  // "tare-web.scope"
	const char *slice; // "a-b.slice"
	const char *
		group; // of cgroup v2, without a slash in front: "a.slice/a-b.slice/tare-web.scope"
};

// Reads the form that cgroupsPath has with systemd, "SLICE:PREFIX:NAME" (runc's): the scope is
// PREFIX-NAME.scope. An empty slice is the usual one, an empty prefix none. `path` NULL or empty:
// the scope is tare-ID.scope. Facts have a bus.
int unit_read(struct arena *arena, const char *path, const char *id, const struct facts *facts,
	      struct unit *ret_unit);

// Whether a record from disk may name it.
bool unit_is_scope(const char *name);

// A property of a unit as a line of text without its end, "NAME SIGNATURE VALUE": signatures are
// D-Bus's, b y n q i u x t s, "as" (its parts between UNIT_PART_END) and "ay" (hexadecimal digits).
enum { UNIT_PART_END = '\x1f' };

// The limits that systemd knows, as properties: it would put back what it does not know of when it
// reloads. Lines, each with its end.
const char *unit_properties(struct arena *arena, const struct cgroup_limits *limits);

// One from an annotation, org.systemd.property.NAME: its value is in GVariant's text form ('text',
// true, uint64 5, ['a', 'b']). A name that ends in Sec is turned into the USec that systemd has.
int unit_property_read(struct arena *arena, const char *name, const char *value,
		       const char **ret_line);
