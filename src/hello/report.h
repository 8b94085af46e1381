// SPDX-License-Identifier: Apache-2.0
// report.h - what the parts of the report are
//
// Each part has two readings: members of the JSON object, which holds everything and nothing that
// changes from one moment to the next, and rows for a person, which hold what is worth a look.
#pragma once

void identity_json(void); // the process, its user and groups, id maps, host name
void identity_text(void);

void namespaces_json(void);
void namespaces_text(void);

// Whether the process is in another namespace of this kind ("pid") than the machine's first.
bool namespaces_own(const char *name);

void mounts_json(void); // the root and its layers, everything mounted, what is masked
void mounts_text(void);

void rights_json(void); // capabilities, no_new_privs, seccomp
void rights_text(void);

void limits_json(void); // of the process and of its cgroup
void limits_text(void);

void surroundings_json(void); // devices, network, environment, open files
void surroundings_text(void);

void attempts_json(void); // what it tried to reach
void attempts_text(void);

// Whether the effective set holds the capability (a number of capabilities(7)).
bool rights_has(int capability);

// Its name in lower case without CAP_ ("sys_admin").
const char *rights_name(int capability);

// 0 none, 1 strict, 2 a filter: as in /proc/self/status.
int rights_seccomp(void);

// Whether the user namespace is another than the machine's first, by its id map.
bool identity_is_mapped(void);

// Whether something is mounted on exactly this path, and is it read-only: 1 yes, 0 not read-only,
// -1 nothing is mounted there.
int mounts_read_only(const char *target);

// Where a cgroup hierarchy is to be seen: the mount's target, for v2 with controller NULL. Sets
// *ret_root to what of the hierarchy is shown there ("/" for all). NULL when it isn't mounted.
const char *mounts_cgroup(const char *controller, const char **ret_root);
