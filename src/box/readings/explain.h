// SPDX-License-Identifier: Apache-2.0
// explain.h - a plan for people: explained before it runs, or traced after
#pragma once

#include "box/plan.h"
#include "box/steps/walk.h"

struct explain_look {
	unsigned width; // columns of the terminal; 0: do not break lines
	bool colour;
};

// Says each step: who, what, the system calls, why, what breaks without it, how to look at it.
void plan_explain(struct buf *out, const struct plan *plan, const struct explain_look *look);
void plan_explain_json(struct buf *out, const struct plan *plan);

// Says each step that was taken, with its result and microseconds.
void plan_trace(struct buf *out, const struct plan *plan, const struct walk_trace *trace,
		const struct explain_look *look);
void plan_trace_json(struct buf *out, const struct plan *plan, const struct walk_trace *trace);
