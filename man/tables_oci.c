// SPDX-License-Identifier: Apache-2.0
// tables_oci.c - the table of tare-oci
#include "runtime/runtime.h"
#include "tables.h"

const struct opt_table *tables_find(const char *page)
{
	return str_eq(page, runtime_table.program) ? &runtime_table : NULL;
}
