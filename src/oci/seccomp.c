// SPDX-License-Identifier: Apache-2.0
// seccomp.c - linux.seccomp of the runtime specification, as tables
#include "oci/seccomp.h"

#include "oci/words.h"

enum { ERRNO_MOST = 4095 }; // what the kernel can return

static const struct shape_field arg_fields[] = {
	SHAPE_UINT64_OF("index", struct oci_seccomp_arg, index, .flags = SHAPE_REQUIRED, .most = 5),
	SHAPE_UINT64_OF("value", struct oci_seccomp_arg, value, .flags = SHAPE_REQUIRED),
	SHAPE_UINT64_OF("valueTwo", struct oci_seccomp_arg, value_two),
	SHAPE_TEXT_OF("op", struct oci_seccomp_arg, op, .flags = SHAPE_REQUIRED,
		      .words = oci_seccomp_operators),
};
const struct shape oci_seccomp_arg_shape =
	SHAPE("seccomp argument", struct oci_seccomp_arg, arg_fields);

static const struct shape_field call_fields[] = {
	OCI_STRINGS_OF("names", struct oci_seccomp_call, names,
		       .flags = SHAPE_REQUIRED | SHAPE_FILLED),
	SHAPE_TEXT_OF("action", struct oci_seccomp_call, action, .flags = SHAPE_REQUIRED,
		      .words = oci_seccomp_actions),
	SHAPE_INT64_OF("errnoRet", struct oci_seccomp_call, errno_ret, .absent = -1,
		       .most = ERRNO_MOST),
	SHAPE_OBJECTS_OF("args", struct oci_seccomp_call, args, args_n, struct oci_seccomp_arg,
			 &oci_seccomp_arg_shape),
};
static const struct shape call_shape = SHAPE("seccomp entry", struct oci_seccomp_call, call_fields);

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("defaultAction", struct oci_seccomp, default_action, .flags = SHAPE_REQUIRED,
		      .words = oci_seccomp_actions),
	SHAPE_INT64_OF("defaultErrnoRet", struct oci_seccomp, default_errno_ret, .absent = -1,
		       .most = ERRNO_MOST),
	OCI_STRINGS_OF("architectures", struct oci_seccomp, architectures,
		       .words = oci_seccomp_machines),
	OCI_STRINGS_OF("flags", struct oci_seccomp, flags, .words = oci_seccomp_flags),
	SHAPE_TEXT_OF("listenerPath", struct oci_seccomp, listener_path),
	SHAPE_TEXT_OF("listenerMetadata", struct oci_seccomp, listener_metadata),
	SHAPE_OBJECTS_OF("syscalls", struct oci_seccomp, syscalls, syscalls_n,
			 struct oci_seccomp_call, &call_shape),
};
const struct shape oci_seccomp_shape = SHAPE("seccomp", struct oci_seccomp, fields);
