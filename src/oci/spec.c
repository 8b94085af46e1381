// SPDX-License-Identifier: Apache-2.0
// spec.c - config.json of a bundle, as tables
//
// The specification is https://github.com/opencontainers/runtime-spec, config.md and
// config-linux.md; the tables are in its order, release 1.3. A key that they lack is reported by
// name in oci_spec.unknown, and whoever starts the container decides what that means.
//
// It is a document of trust in both directions: engine writes one for other runtimes to read, and
// the OCI face reads what Docker or Kubernetes wrote. So only what a table says gets in, numbers
// within their bounds.
#include "oci/spec.h"

#include "oci/check.h"

static const struct shape_field root_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_root, path, .flags = SHAPE_REQUIRED),
	SHAPE_BOOL_OF("readonly", struct oci_root, readonly),
};
static const struct shape root_shape = SHAPE("root", struct oci_root, root_fields);

static const struct shape_field mount_fields[] = {
	SHAPE_TEXT_OF("destination", struct oci_mount, destination, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("type", struct oci_mount, type),
	SHAPE_TEXT_OF("source", struct oci_mount, source),
	OCI_STRINGS_OF("options", struct oci_mount, options),
	SHAPE_OBJECTS_OF("uidMappings", struct oci_mount, uid_mappings, uid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
	SHAPE_OBJECTS_OF("gidMappings", struct oci_mount, gid_mappings, gid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
};
static const struct shape mount_shape = SHAPE("mount", struct oci_mount, mount_fields);

static const struct shape_field spec_fields[] = {
	SHAPE_TEXT_OF("ociVersion", struct oci_spec, oci_version, .flags = SHAPE_REQUIRED,
		      .check = oci_check_version),
	SHAPE_OBJECT_OF("process", struct oci_spec, process, struct oci_process,
			&oci_process_shape),
	SHAPE_OBJECT_OF("root", struct oci_spec, root, struct oci_root, &root_shape),
	SHAPE_TEXT_OF("hostname", struct oci_spec, hostname),
	SHAPE_TEXT_OF("domainname", struct oci_spec, domainname),
	SHAPE_OBJECTS_OF("mounts", struct oci_spec, mounts, mounts_n, struct oci_mount,
			 &mount_shape),
	SHAPE_OBJECT_OF("hooks", struct oci_spec, hooks, struct oci_hooks, &oci_hooks_shape),
	SHAPE_OBJECT_OF("linux", struct oci_spec, linux_, struct oci_linux, &oci_linux_shape),
	OCI_PAIRS_OF("annotations", struct oci_spec, annotations),
	SHAPE_POINTER_OF("freebsd", struct oci_spec, freebsd, struct oci_freebsd,
			 &oci_freebsd_shape),
	SHAPE_JSON_OF("solaris", struct oci_spec, solaris),
	SHAPE_JSON_OF("vm", struct oci_spec, vm),
	SHAPE_JSON_OF("windows", struct oci_spec, windows),
	SHAPE_JSON_OF("zos", struct oci_spec, zos),
	OCI_UNKNOWN_KEYS(struct oci_spec, unknown),
};
const struct shape oci_spec_shape = SHAPE("config.json", struct oci_spec, spec_fields);

void oci_spec_init(struct oci_spec *spec)
{
	shape_init(&oci_spec_shape, spec);
}

// Relative ones are from "/" on.
static void set_destinations(struct arena *arena, struct oci_spec *spec)
{
	for (size_t i = 0; i < spec->mounts_n; i++) {
		const char **destination = &spec->mounts[i].destination;
		if (**destination && **destination != '/')
			*destination = arena_printf(arena, "/%s", *destination);
	}
}

int oci_spec_parse(struct arena *arena, struct str text, struct oci_spec *ret_spec)
{
	TRY(shape_parse(arena, &oci_spec_shape, text, ret_spec));
	set_destinations(arena, ret_spec);
	return 0;
}

void oci_spec_print(struct buf *buf, const struct oci_spec *spec)
{
	struct json_writer json = json_writer_new(buf, JSON_INDENTED);
	shape_print(&json, &oci_spec_shape, spec);
	buf_putc(buf, '\n');
}
