// SPDX-License-Identifier: Apache-2.0
// lsm.h - labels of the security modules AppArmor and SELinux
#pragma once

// Whether it is on here: "apparmor", "selinux".
bool lsm_is_on(const char *module);

// Says which label the next program of this process runs under: a profile's name, or a context.
// Child-safe, as long as it stands in the host's root: returns 0 or a negative errno; -ENOENT or
// -EINVAL where the module is off, or does not know the label.
int lsm_label_exec(const char *module, const char *label);
