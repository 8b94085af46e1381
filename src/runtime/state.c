// SPDX-License-Identifier: Apache-2.0
// state.c - tare-oci state
#include "runtime/state.h"

#include "base/msg.h"
#include "oci/spec.h"

enum { STATE_MAX = 2 * RECORD_MAX };

struct state_opts {
	bool none; // there are no options
};

const struct opt_table runtime_state_table = {
	.program = "tare-oci",
	.name = "state",
	.purpose = "print a container's state, as the specification has it",
	.synopsis = (const char *const[]){"ID", NULL},
};

struct oci_state state_of(const struct container *container)
{
	static const char unknown[] = ""; // of one that is just being made
	return (struct oci_state){
		.oci_version = container->oci_version ? container->oci_version : OCI_SPEC_VERSION,
		.id = container->id,
		.status = container_status_text(container->status),
		.pid = container_pid(container),
		.bundle = container->bundle ? container->bundle : unknown,
		.rootfs = container->rootfs,
		.created = container->created,
		.owner = container->owner,
		.annotations = container->annotations,
	};
}

int runtime_state_main(struct runtime_call *call, int argc, char **argv)
{
	struct state_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	struct buf out = buf_new(call->arena, STATE_MAX);
	int result = runtime_read(call, &runtime_state_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	TRY(container_need(call, rest.item[0], CONTAINER_LOOK, &container));
	struct oci_state state = state_of(&container);
	oci_state_print(&out, JSON_INDENTED, &state);
	return msg_print(&out);
}
