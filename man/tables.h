// SPDX-License-Identifier: Apache-2.0
// tables.h - which table a page is about
//
// tare and tare-oci are two programs, and so are the writers of their pages: each is linked with
// the commands of one.
#pragma once

#include "base/opt.h"

// The table of the page "tare-run", or NULL.
const struct opt_table *tables_find(const char *page);
