// SPDX-License-Identifier: Apache-2.0
// volume.h - -v: directories and files of the host, shown in the container
#pragma once

#include "oci/spec.h"

// A value of -v: "SOURCE:DESTINATION[:OPTIONS]", as a bind mount. SOURCE is made absolute from
// `cwd`; whether it exists is not looked at. Names of volumes, and options that are Docker's but
// not here yet, are refused by name.
int volume_parse(struct arena *arena, const char *cwd, const char *text,
		 struct oci_mount *ret_mount);
