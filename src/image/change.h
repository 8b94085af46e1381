// SPDX-License-Identifier: Apache-2.0
// change.h - a line of a Dockerfile that changes how an image is run
#pragma once

#include "oci/image_config.h"

// Applies one line, as `tare import --change` takes it: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK,
// LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or WORKDIR. Returns 0 or -EINVAL, worded.
int change_apply(struct arena *arena, const char *line, struct oci_run_config *config);
