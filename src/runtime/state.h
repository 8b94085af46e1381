// SPDX-License-Identifier: Apache-2.0
// state.h - a container's state as a document: for users and for hooks
#pragma once

#include "oci/state.h"
#include "runtime/container.h"

struct oci_state state_of(const struct container *container);
