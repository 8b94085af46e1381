// SPDX-License-Identifier: Apache-2.0
// devices.h - which devices a cgroup may make and open
#pragma once

#include "base/arena.h"

#include <linux/bpf.h>

enum device_access {
	DEVICE_READ = 1 << 0,
	DEVICE_WRITE = 1 << 1,
	DEVICE_MKNOD = 1 << 2,
	DEVICE_ALL = DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD,
};

enum { DEVICE_RULES_MAX = 1024 }; // of one container: the eBPF verifier takes more, nobody needs it

// Rules are read in order. For each way of access a device is asked for, the last rule that names
// the device and that way counts; what no rule names is denied.
struct device_rule {
	bool allow;
	char type;       // 'c' character, 'b' block, 'a' both
	int64_t major;   // -1: any
	int64_t minor;   // -1: any
	unsigned access; // of enum device_access, not 0
};

// Fills the rule from words of the OCI document: type "c", "b", "u", "a" or NULL (both), access
// any of "rwm", or NULL (all). Errors are worded with the bad word.
int device_rule_make(bool allow, const char *type, int64_t major, int64_t minor, const char *access,
		     struct device_rule *ret_rule);

// "c 1:3 rwm", as cgroup v1 writes it.
const char *device_rule_text(struct arena *arena, const struct device_rule *rule);

// The rules themselves, evaluated: what the kernel will answer when a process asks for `access` (a
// set) to the device. Tests hold the two translations below against it.
bool devices_allow(const struct device_rule *rules, size_t n, char type, uint32_t major,
		   uint32_t minor, unsigned access);

// cgroup v1: the words to write, one after the other, each to "devices.deny" or "devices.allow".
struct devices_v1_write {
	const char *file; // "devices.deny"
	const char *text; // "c 1:3 rwm"
};

// Fails where v1 can't say it: a rule that takes a part out of what a wider one gave.
int devices_v1_writes(struct arena *arena, const struct device_rule *rules, size_t n,
		      struct devices_v1_write **ret_writes, size_t *ret_n);

// cgroup v2: the rules as a program of eBPF, of type BPF_PROG_TYPE_CGROUP_DEVICE.
int devices_v2_program(struct arena *arena, const struct device_rule *rules, size_t n,
		       struct bpf_insn **ret_program, size_t *ret_n);

// Loads the program and ties it to the cgroup, for as long as the cgroup lives.
int devices_v2_attach(int cgroup, const struct bpf_insn *program, size_t n);

// Whether this kernel and this caller can do that in the cgroup2 tree mounted there.
bool devices_v2_works(const char *cgroup2);
