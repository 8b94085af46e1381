// SPDX-License-Identifier: Apache-2.0
// embedded.h - the OCI archive of hello, which the program carries with it
#pragma once

#include "base/str.h"

// Its bytes. They are part of the program's file: pages that nobody reads are never loaded.
struct str image_embedded(void);
