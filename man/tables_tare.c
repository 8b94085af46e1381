// SPDX-License-Identifier: Apache-2.0
// tables_tare.c - the tables of tare and its commands
#include "cmd/command.h"
#include "tables.h"

const struct opt_table *tables_find(const char *page)
{
	if (str_eq(page, "tare"))
		return &tare_table;
	return str_starts(page, "tare-") ? command_table(page + strlen("tare-")) : NULL;
}
