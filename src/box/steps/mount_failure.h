// SPDX-License-Identifier: Apache-2.0
// mount_failure.h - why something could not be mounted, in words
#pragma once

#include "box/steps/walk.h"

// Words the failure of a step that binds or mounts: which of the two sides it was about, what lies
// there, and what to do. Returns `error` as a fault of fail.h, or 0 where there is nothing better
// to say than the step's own title and the errno.
int mount_failure(const struct walk *walk, const struct step *step, int error);
