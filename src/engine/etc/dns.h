// SPDX-License-Identifier: Apache-2.0
// dns.h - resolv.conf, of the host's and of --dns and its kin
#pragma once

#include "base/str.h"
#include "oci/lists.h"

struct dns {
	struct oci_strings servers; // --dns: addresses
	struct oci_strings search;  // --dns-search: domains; one "." is none
	struct oci_strings options; // --dns-option: "ndots:2"
	bool none;                  // --dns none: the root's own file stays
};

// Checks the values of the three options.
int dns_parse(const struct oci_strings *servers, const struct oci_strings *search,
	      const struct oci_strings *options, struct dns *ret_dns);

// The text of a resolv.conf after the host's: what an option gives takes the place of the host's
// lines of that kind. Without `keep_local` the host's name servers on its loopback are left out, as
// they can't be reached from inside.
const char *dns_resolv_conf(struct arena *arena, struct str host, bool keep_local,
			    const struct dns *dns);

// Whether this is an IPv4 or IPv6 address, without a zone.
bool dns_is_address(const char *text);
