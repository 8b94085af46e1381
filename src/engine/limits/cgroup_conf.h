// SPDX-License-Identifier: Apache-2.0
// cgroup_conf.h - --cgroup-conf and --cgroup-parent
#pragma once

#include "engine/run_opts.h"

// Takes the values of --cgroup-conf, "KEY=VALUE", as files of cgroup v2 and what they get. Whether
// there is such a file, and whether it may be written, the plan decides.
int cgroup_conf_parse(struct arena *arena, const struct oci_strings *texts,
		      struct oci_resources *resources);

// The path of --cgroup-parent from the top of each tree, without slashes at its ends: "/batch/" is
// "batch"; a slice of systemd's lies in those it is named after: "a-b.slice" is
// "a.slice/a-b.slice". Errors: "..", empty parts, other than printable characters.
int cgroup_parent_parse(struct arena *arena, const char *text, const char **ret_path);
