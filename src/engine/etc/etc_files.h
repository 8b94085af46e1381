// SPDX-License-Identifier: Apache-2.0
// etc_files.h - /etc/hosts, /etc/hostname and /etc/resolv.conf, made for each container
#pragma once

#include "base/str.h"
#include "box/spec.h"
#include "engine/etc/dns.h"
#include "engine/place.h"

enum {
	ETC_FILES_MAX = 3,
	ETC_FILE_SIZE_MAX = 4 << 20, // block lists make a hosts file of megabytes
};

struct etc_want {
	const char *hostname;
	bool host_network;           // the files are the host's own
	bool no_hosts;               // --no-hosts: the root's own file stays
	const char *hosts_file;      // --hosts-file: a path, "none"; NULL: the usual
	bool no_hostname;            // --no-hostname: likewise
	struct oci_strings add_host; // --add-host
	struct dns dns;
};

// Makes the three, without those that one of the mounts covers. With the host's network they are
// the host's own; else hosts names only the loopback, and resolv.conf loses the name servers that
// listen on the host's loopback, which can't be reached from inside. A file that the host lacks is
// empty. What is asked for is added to either.
int etc_files_make(struct arena *arena, const struct engine_place *place,
		   const struct etc_want *want, const struct oci_mount *mounts, size_t mounts_n,
		   struct box_file ret_files[static ETC_FILES_MAX], size_t *ret_n);
