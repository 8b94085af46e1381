// SPDX-License-Identifier: Apache-2.0
// hooks.c - the hooks of a runtime document, as tables
#include "oci/hooks.h"

#include "oci/check.h"

static const struct shape_field hook_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_hook, path, .flags = SHAPE_REQUIRED,
		      .check = oci_check_absolute),
	OCI_STRINGS_OF("args", struct oci_hook, args),
	OCI_STRINGS_OF("env", struct oci_hook, env, .check = oci_check_variable),
	SHAPE_INT64_OF("timeout", struct oci_hook, timeout, .least = 1, .most = INT64_MAX),
};
static const struct shape hook_shape = SHAPE("hook", struct oci_hook, hook_fields);

const char *const oci_hook_names[OCI_HOOK_COUNT] = {
	[OCI_HOOK_PRESTART] = "prestart",
	[OCI_HOOK_CREATE_RUNTIME] = "createRuntime",
	[OCI_HOOK_CREATE_CONTAINER] = "createContainer",
	[OCI_HOOK_START_CONTAINER] = "startContainer",
	[OCI_HOOK_POSTSTART] = "poststart",
	[OCI_HOOK_POSTSTOP] = "poststop",
};

#define HOOKS_OF(key, index)                                                                       \
	SHAPE_OBJECTS_OF(key, struct oci_hooks, kind[index].item, kind[index].n, struct oci_hook,  \
			 &hook_shape)

static const struct shape_field hooks_fields[] = {
	HOOKS_OF("prestart", OCI_HOOK_PRESTART),
	HOOKS_OF("createRuntime", OCI_HOOK_CREATE_RUNTIME),
	HOOKS_OF("createContainer", OCI_HOOK_CREATE_CONTAINER),
	HOOKS_OF("startContainer", OCI_HOOK_START_CONTAINER),
	HOOKS_OF("poststart", OCI_HOOK_POSTSTART),
	HOOKS_OF("poststop", OCI_HOOK_POSTSTOP),
};
static_assert(lengthof(hooks_fields) == OCI_HOOK_COUNT, "every kind of hook has its row");

const struct shape oci_hooks_shape = SHAPE("hooks", struct oci_hooks, hooks_fields);
