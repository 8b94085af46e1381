// SPDX-License-Identifier: Apache-2.0
// security_opt.h - what --security-opt asks for
#pragma once

#include "box/spec.h"

struct security {
	bool no_new_privileges;      // no-new-privileges
	enum box_seccomp seccomp;    // seccomp=unconfined, =builtin, =FILE
	const char *seccomp_file;    // of BOX_SECCOMP_PROFILE: the profile, in Docker's JSON
	enum box_watch watch;        // seccomp=record:FILE, =explain: beside one of the others
	const char *watch_file;      // of BOX_WATCH_RECORD: it gets the profile
	bool systempaths_unconfined; // systempaths=unconfined: no masked and no read-only paths
	struct oci_strings mask;     // mask=PATH[:PATH…]: hidden as well
	struct oci_strings unmask;   // unmask=PATH[:PATH…]: not hidden and not read-only; "ALL"
};

// Reads one value of the option into what earlier ones left. A word that Docker or Podman know and
// tare does not is refused with the reason.
int security_opt_parse(struct arena *arena, const char *text, struct security *security);

// Takes the paths to be unmasked from the lists, and adds those to be masked.
void security_opt_masks(struct arena *arena, const struct security *security,
			struct oci_linux *linux_);
