// SPDX-License-Identifier: Apache-2.0
// mount_option.h - --mount: one mount as a list of keys and values
#pragma once

#include "oci/spec.h"

// A value of --mount: "type=bind,src=/a,dst=/b,readonly". A relative source is taken from `cwd`;
// whether it exists is not looked at, *ret_make says whether it may be made ("bind-create-src").
// Types and keys that Docker or Podman know and tare does not are refused by name.
int mount_option_parse(struct arena *arena, const char *cwd, const char *text,
		       struct oci_mount *ret_mount, bool *ret_make);
