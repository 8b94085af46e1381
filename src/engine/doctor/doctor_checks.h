// SPDX-License-Identifier: Apache-2.0
// doctor_checks.h - the checks, by subject, for doctor.c
#pragma once

#include "engine/doctor/doctor.h"

struct patient {
	struct arena *arena;
	const struct facts *facts;
	const struct survey *survey;
};

// Each gets its name and use filled in, the state ok and nothing else, and fills in the rest.
typedef void doctor_look_at(const struct patient *patient, struct doctor_check *check);

struct doctor_row {
	const char *name;
	const char *use;
	doctor_look_at *look;
};

// The tables, each of which ends in a row without a name.
extern const struct doctor_row doctor_host_rows[], doctor_user_rows[], doctor_limit_rows[],
	doctor_security_rows[], doctor_storage_rows[];
