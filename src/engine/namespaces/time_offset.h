// SPDX-License-Identifier: Apache-2.0
// time_offset.h - --time-offset: other clocks than the host's
#pragma once

#include "oci/spec.h"

// Reads "boottime=-3600,monotonic=86400": seconds that are added to what the host's clock shows.
// Either may be left out, neither given twice. Errors are worded.
int time_offset_parse(const char *text, struct oci_time_offsets *ret_offsets);
