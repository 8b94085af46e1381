// SPDX-License-Identifier: Apache-2.0
// attach.c - --attach: which of the three streams are ours
#include "engine/process/attach.h"

#include "base/fail.h"

#include <strings.h>

int attach_parse(const struct oci_strings *texts, struct attach *ret_attach)
{
	struct attach attach = {!texts->n, !texts->n, !texts->n};
	for (size_t i = 0; i < texts->n; i++) {
		const char *text = texts->item[i];
		bool *stream = !strcasecmp(text, "stdin")    ? &attach.input
			       : !strcasecmp(text, "stdout") ? &attach.output
			       : !strcasecmp(text, "stderr") ? &attach.error
							     : NULL;
		if (!stream)
			return fail(-EINVAL,
				    "--attach '%.32s': stdin, stdout or stderr is expected", text);
		*stream = true;
	}
	if (!attach.output && !attach.error) {
		fail(-EOPNOTSUPP, "--attach stdin alone: not yet");
		fail_hint("Docker then leaves the container in the background; >/dev/null and "
			  "2>/dev/null hide its output");
		return -EOPNOTSUPP;
	}
	*ret_attach = attach;
	return 0;
}
