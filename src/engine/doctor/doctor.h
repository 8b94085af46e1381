// SPDX-License-Identifier: Apache-2.0
// doctor.h - what this host has for containers, what it lacks, and how to mend that
//
// A check is a judgement over facts and survey, and asks the system nothing: so the tests can
// examine hosts that nobody here has.
#pragma once

#include "base/buf.h"
#include "kern/facts/survey.h"

enum doctor_state {
	DOCTOR_OK,      // as it should be
	DOCTOR_LIMITED, // it works, but for something
	DOCTOR_MISSING, // it is not there
};

struct doctor_check {
	const char *name; // "user-namespaces"
	enum doctor_state state;
	bool fatal;        // no container can run
	const char *found; // what is there
	const char *use;   // what it is for
	const char *lost;  // what does not work; NULL: nothing
	const char *mend;  // the line to type, or what else to do; NULL: nothing, or nobody can
};

enum { DOCTOR_CHECKS_MAX = 40 };

struct doctor_report {
	struct doctor_check check[DOCTOR_CHECKS_MAX];
	size_t n;
	bool able; // containers can run here
};

void doctor_examine(struct arena *arena, const struct facts *facts, const struct survey *survey,
		    struct doctor_report *ret_report);

const char *doctor_state_name(enum doctor_state state); // "ok", "limited", "missing"

struct doctor_look {
	unsigned width; // columns of the terminal; 0: lines are not broken
	bool colour;
	bool verbose; // say what each is for, also where all is well
};

// For people: a line a check, and more where something is amiss.
void doctor_text(struct buf *out, const struct facts *facts, const struct doctor_report *report,
		 const struct doctor_look *look);
void doctor_json(struct buf *out, const struct doctor_report *report);
