// SPDX-License-Identifier: Apache-2.0
// freebsd.h - what of a runtime document only FreeBSD has
//
// config-freebsd.md. Nothing here runs it; a document is judged as a whole, and whoever looks at
// one sees all of it.
#pragma once

#include "oci/lists.h"

struct oci_freebsd_device {
	const char *path; // below /dev
	uint32_t mode;
};

struct oci_freebsd_allow { // what a jail's root may do
	bool set_hostname;
	bool raw_sockets;
	bool chflags;
	struct oci_strings mount; // types of file systems
	bool quotas;
	bool socket_af;
	bool mlock;
	bool reserved_ports;
	bool suser;
};

struct oci_freebsd_jail { // see jail(8)
	const char *parent;
	const char *host; // "new", "inherit": these six; ip4, ip6 and sysv… also "disable"
	const char *ip4;
	struct oci_strings ip4_addr;
	const char *ip6;
	struct oci_strings ip6_addr;
	const char *vnet;
	const char *interface;
	struct oci_strings vnet_interfaces;
	const char *sysvmsg;
	const char *sysvsem;
	const char *sysvshm;
	int64_t enforce_statfs; // -1: not given
	struct oci_freebsd_allow allow;
};

struct oci_freebsd {
	struct oci_freebsd_device *devices;
	size_t devices_n;
	struct oci_freebsd_jail jail;
};

extern const struct shape oci_freebsd_shape;
