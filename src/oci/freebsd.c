// SPDX-License-Identifier: Apache-2.0
// freebsd.c - what of a runtime document only FreeBSD has, as tables
#include "oci/freebsd.h"

static const struct shape_word modes[] = {{"disable", 0}, {"new", 0}, {"inherit", 0}, {NULL, 0}};
static const struct shape_word modes_but_disable[] = {{"new", 0}, {"inherit", 0}, {NULL, 0}};

static const struct shape_field device_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_freebsd_device, path),
	SHAPE_UINT32_OF("mode", struct oci_freebsd_device, mode, .most = 0777),
};
static const struct shape device_shape = SHAPE("device", struct oci_freebsd_device, device_fields);

#define MAY(key, member) SHAPE_BOOL_OF(key, struct oci_freebsd_allow, member)

static const struct shape_field allow_fields[] = {
	MAY("setHostname", set_hostname),
	MAY("rawSockets", raw_sockets),
	MAY("chflags", chflags),
	OCI_STRINGS_OF("mount", struct oci_freebsd_allow, mount),
	MAY("quotas", quotas),
	MAY("socketAf", socket_af),
	MAY("mlock", mlock),
	MAY("reservedPorts", reserved_ports),
	MAY("suser", suser),
};
static const struct shape allow_shape = SHAPE("allow", struct oci_freebsd_allow, allow_fields);

#define MODE(key, list) SHAPE_TEXT_OF(#key, struct oci_freebsd_jail, key, .words = list)

static const struct shape_field jail_fields[] = {
	SHAPE_TEXT_OF("parent", struct oci_freebsd_jail, parent),
	MODE(host, modes_but_disable),
	MODE(ip4, modes),
	OCI_STRINGS_OF("ip4Addr", struct oci_freebsd_jail, ip4_addr),
	MODE(ip6, modes),
	OCI_STRINGS_OF("ip6Addr", struct oci_freebsd_jail, ip6_addr),
	MODE(vnet, modes_but_disable),
	SHAPE_TEXT_OF("interface", struct oci_freebsd_jail, interface),
	OCI_STRINGS_OF("vnetInterfaces", struct oci_freebsd_jail, vnet_interfaces),
	MODE(sysvmsg, modes),
	MODE(sysvsem, modes),
	MODE(sysvshm, modes),
	SHAPE_INT64_OF("enforceStatfs", struct oci_freebsd_jail, enforce_statfs, .absent = -1,
		       .most = UINT8_MAX),
	SHAPE_OBJECT_OF("allow", struct oci_freebsd_jail, allow, struct oci_freebsd_allow,
			&allow_shape),
};
static const struct shape jail_shape = SHAPE("jail", struct oci_freebsd_jail, jail_fields);

static const struct shape_field freebsd_fields[] = {
	SHAPE_OBJECTS_OF("devices", struct oci_freebsd, devices, devices_n,
			 struct oci_freebsd_device, &device_shape),
	SHAPE_OBJECT_OF("jail", struct oci_freebsd, jail, struct oci_freebsd_jail, &jail_shape),
};
const struct shape oci_freebsd_shape = SHAPE("freebsd", struct oci_freebsd, freebsd_fields);
