// SPDX-License-Identifier: Apache-2.0
// state.c - tare-oci state
#include "runtime/container.h"

#include "base/json_write.h"
#include "base/msg.h"

enum { STATE_MAX = 4 << 20 };

struct state_opts {
	bool none; // there are no options
};

const struct opt_table runtime_state_table = {
	.program = "tare-oci",
	.name = "state",
	.purpose = "print a container's state, as the specification has it",
	.synopsis = (const char *const[]){"ID", NULL},
};

static void put(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

static void put_pairs(struct json_writer *json, const char *key, const struct oci_pairs *pairs)
{
	if (!pairs->n)
		return;
	json_key(json, key);
	json_open_object(json);
	for (size_t i = 0; i < pairs->n; i++)
		put(json, pairs->item[i].name, pairs->item[i].value);
	json_close_object(json);
}

// Of one that is just being made nothing but its id is known yet.
static void print(struct buf *out, const struct container *container)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put(&json, "ociVersion", container->oci_version ? container->oci_version : "1.2.1");
	put(&json, "id", container->id);
	put(&json, "status", container_status_text(container->status));
	json_key(&json, "pid");
	json_put_int(&json, container_pid(container));
	put(&json, "bundle", container->bundle ? container->bundle : "");
	put(&json, "rootfs", container->rootfs ? container->rootfs : "");
	put(&json, "created", container->created ? container->created : "");
	put_pairs(&json, "annotations", &container->annotations);
	json_close_object(&json);
	buf_putc(out, '\n');
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
	print(&out, &container);
	return msg_print(&out);
}
