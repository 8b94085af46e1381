// SPDX-License-Identifier: Apache-2.0
// seccomp.h - linux.seccomp of the runtime specification: a system call filter as a document
//
// config-linux.md, "Seccomp". Words are libseccomp's: actions "SCMP_ACT_ERRNO", architectures
// "SCMP_ARCH_X86_64", operators "SCMP_CMP_MASKED_EQ"; oci/words.h has them all.
#pragma once

#include "oci/lists.h"

enum oci_seccomp_op { // how an argument is compared
	OCI_SECCOMP_NE,
	OCI_SECCOMP_LT,
	OCI_SECCOMP_LE,
	OCI_SECCOMP_EQ,
	OCI_SECCOMP_GE,
	OCI_SECCOMP_GT,
	OCI_SECCOMP_MASKED_EQ,
};

struct oci_seccomp_arg {
	uint64_t index;     // which argument: 0 to 5
	uint64_t value;     // what it is compared with; of MASKED_EQ: the mask
	uint64_t value_two; // of MASKED_EQ: what is left after the mask
	const char *op;     // "SCMP_CMP_EQ"
};

struct oci_seccomp_call {
	struct oci_strings names;
	const char *action;
	int64_t errno_ret;            // of ERRNO and TRACE; -1: not given, which means EPERM
	struct oci_seccomp_arg *args; // the entry counts where all of them hold
	size_t args_n;
};

struct oci_seccomp {
	const char *default_action;
	int64_t default_errno_ret;        // -1: not given
	struct oci_strings architectures; // beside the machine's own
	struct oci_strings flags;         // "SECCOMP_FILTER_FLAG_LOG"
	const char *listener_path;
	const char *listener_metadata;
	struct oci_seccomp_call *syscalls;
	size_t syscalls_n;
};

// For the shape tables of documents that hold one, or entries of one.
extern const struct shape oci_seccomp_shape;
extern const struct shape oci_seccomp_arg_shape;
