// SPDX-License-Identifier: Apache-2.0
// timezone.h - --tz: the file that says what time it is here
#pragma once

#include "oci/spec.h"

// Makes the mount that puts a zone's file at /etc/localtime: "Europe/Berlin", or "local" for the
// host's own. Looks whether the host has it.
int timezone_mount(struct arena *arena, const char *text, struct oci_mount *ret_mount);
