// SPDX-License-Identifier: Apache-2.0
// words.h - the words that a runtime document may use, and what they stand for
//
// Each list has several readers: the shape tables refuse any other word, `features` prints them,
// and box hands their values to the kernel. Values are Linux's own, from its headers; those of
// seccomp's operators are enum oci_seccomp_op. Lists end in a row without a name.
#pragma once

#include "base/shape.h"

extern const struct shape_word oci_namespace_types[];     // "pid", …; no values
extern const struct shape_word oci_hook_kinds[];          // "prestart", …: enum oci_hook_kind
extern const struct shape_word oci_propagations[];        // "rslave", …: MS_… of mount(2)
extern const struct shape_word oci_io_classes[];          // IOPRIO_CLASS_…
extern const struct shape_word oci_scheduler_policies[];  // SCHED_…
extern const struct shape_word oci_scheduler_flags[];     // SCHED_FLAG_…
extern const struct shape_word oci_memory_modes[];        // MPOL_… of set_mempolicy(2)
extern const struct shape_word oci_memory_flags[];        // MPOL_F_…
extern const struct shape_word oci_personality_domains[]; // PER_… of personality(2)
extern const struct shape_word oci_seccomp_actions[];     // SECCOMP_RET_…
extern const struct shape_word oci_seccomp_operators[];   // enum oci_seccomp_op
extern const struct shape_word oci_seccomp_flags[];       // SECCOMP_FILTER_FLAG_…
extern const struct shape_word oci_seccomp_machines[];    // architectures; no values
extern const struct shape_word oci_statuses[];            // of a state: enum oci_status
