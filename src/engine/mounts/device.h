// SPDX-License-Identifier: Apache-2.0
// device.h - --device and --device-cgroup-rule: devices of the host, given to a container
#pragma once

#include "base/str.h"
#include "oci/spec.h"

enum { DEVICES_MAX = 4096 }; // nodes of one container, its default ones among them

// A value of --device, taken apart: "HOST[:CONTAINER][:ACCESS]".
struct device_words {
	const char *host;      // absolute
	const char *container; // absolute; the same as `host` where none is given
	const char *access;    // of r, w and m, each once
};

// Takes a value of --device apart. The names of the Container Device Interface
// ("vendor.com/class=name") are refused by name.
int device_words_parse(struct arena *arena, const char *text, struct device_words *ret_words);

// Reads a value of --device-cgroup-rule, in Docker's grammar: "c 10:229 rwm", "b 8:* r".
int device_rule_parse(struct arena *arena, const char *text, struct oci_device_rule *ret_rule);

// Whether a cgroup of the container's holds rules for devices.
struct device_filter {
	bool on;
	bool all;            // --privileged: everything is allowed
	const char *why_not; // "ordinary users have no cgroup of their own"
};

// Adds what --device (a device, a directory of them, or a link to either) and --device-cgroup-rule
// ask for to the devices and rules that linux_ has. A node takes the place of one of the same path
// that is there already. *ret_rules is how many rules were added.
int devices_add(struct arena *arena, const struct oci_strings *devices,
		const struct oci_strings *rules, struct device_filter filter,
		struct oci_linux *linux_, size_t *ret_rules);
