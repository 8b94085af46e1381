// SPDX-License-Identifier: Apache-2.0
// tag.c - tare tag
#include "cmd/command.h"

#include "base/fail.h"
#include "engine/images/image_place.h"
#include "engine/images/images.h"

static const struct opt_example examples[] = {
	{"tare tag debian:bookworm debian:12", "one more name for the same image"},
	{NULL, NULL},
};

const struct opt_table tag_table = {
	.name = "tag",
	.purpose = "give an image one more name",
	.synopsis = (const char *const[]){"IMAGE NAME[:TAG]", NULL},
	.examples = examples,
};

int tag_main(struct command_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	struct roots roots;
	int result = command_opts(call, &tag_table, argc, argv, NULL, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &tag_table, &rest, 2, 2));
	if (image_place_is(rest.item[0])) {
		fail(-EOPNOTSUPP, "tag '%s': not yet: only images of the store have names",
		     rest.item[0]);
		fail_hint("run it once, and give the id that tare images -a shows a name");
		return -EOPNOTSUPP;
	}
	TRY(command_roots(call, &roots));
	return images_tag(call->arena, &roots, rest.item[0], rest.item[1]);
}
