// SPDX-License-Identifier: Apache-2.0
// survey_json.c - a survey as a document, as `tare doctor --json` and its tests have it
#include "kern/facts/survey.h"

#include "base/shape.h"

static const struct shape_field place_fields[] = {
	SHAPE_TEXT_OF("path", struct survey_place, path),
	SHAPE_TEXT_OF("file_system", struct survey_place, file_system),
	SHAPE_UINT64_OF("free", struct survey_place, free),
	SHAPE_UINT64_OF("total", struct survey_place, total),
	SHAPE_BOOL_OF("writable", struct survey_place, writable),
	SHAPE_BOOL_OF("noexec", struct survey_place, noexec),
	SHAPE_BOOL_OF("nodev", struct survey_place, nodev),
	SHAPE_BOOL_OF("nosuid", struct survey_place, nosuid),
};
static const struct shape place_shape = SHAPE("place", struct survey_place, place_fields);

static const struct shape_field program_fields[] = {
	SHAPE_TEXT_OF("path", struct survey_program, path),
	SHAPE_BOOL_OF("set_id", struct survey_program, set_id),
	SHAPE_BOOL_OF("capabilities", struct survey_program, capabilities),
};
static const struct shape program_shape = SHAPE("program", struct survey_program, program_fields);

#define PLACE(name, field)                                                                         \
	SHAPE_OBJECT_OF(name, struct survey, field, struct survey_place, &place_shape)
#define PROGRAM(name, field)                                                                       \
	SHAPE_OBJECT_OF(name, struct survey, field, struct survey_program, &program_shape)
#define SWITCH(name, field) SHAPE_INT64_OF(name, struct survey, field, .absent = -1)

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("release", struct survey, release),
	SWITCH("kernel.unprivileged_userns_clone", debian_userns),
	SWITCH("kernel.apparmor_restrict_unprivileged_userns", ubuntu_userns),
	SWITCH("user.max_user_namespaces", max_userns),
	SWITCH("net.ipv4.ip_unprivileged_port_start", first_port),
	SWITCH("kernel.dmesg_restrict", dmesg_restrict),
	SHAPE_UINT64_OF("keys_most", struct survey, keys_most),
	SHAPE_UINT64_OF("keys_used", struct survey, keys_used),
	SHAPE_BOOL_OF("systemd", struct survey, systemd),
	SHAPE_BOOL_OF("session_bus", struct survey, session_bus),
	PROGRAM("newuidmap", newuidmap),
	PROGRAM("newgidmap", newgidmap),
	SHAPE_TEXT_OF("pasta", struct survey, pasta),
	SHAPE_INT64_OF("tun_error", struct survey, tun_error),
	SHAPE_BOOL_OF("seccomp", struct survey, seccomp),
	SHAPE_UINT32_OF("landlock", struct survey, landlock),
	SHAPE_BOOL_OF("apparmor", struct survey, apparmor),
	SHAPE_BOOL_OF("apparmor_profile", struct survey, apparmor_profile),
	SWITCH("selinux", selinux),
	SHAPE_BOOL_OF("erofs", struct survey, erofs),
	SHAPE_BOOL_OF("mount_api", struct survey, mount_api),
	SHAPE_BOOL_OF("lower_plus", struct survey, lower_plus),
	SHAPE_BOOL_OF("idmapped", struct survey, idmapped),
	SHAPE_BOOL_OF("time_namespace", struct survey, time_namespace),
	SHAPE_TEXTS_OF("helpers", struct survey, helpers.item, helpers.n),
	SHAPE_TEXTS_OF("missing_helpers", struct survey, missing_helpers.item, missing_helpers.n),
	SHAPE_TEXTS_OF("emulated", struct survey, emulated.item, emulated.n),
	PLACE("root", root),
	PLACE("runroot", runroot),
};
static const struct shape survey_shape = SHAPE("survey", struct survey, fields);

int survey_from_json(struct arena *arena, struct str text, struct survey *ret_survey)
{
	return shape_parse(arena, &survey_shape, text, ret_survey);
}

struct str survey_to_json(struct arena *arena, const struct survey *survey)
{
	struct buf text = buf_new(arena, 64 * 1024);
	struct json_writer json = json_writer_new(&text, JSON_INDENTED);
	shape_print(&json, &survey_shape, survey);
	buf_putc(&text, '\n');
	return buf_str(&text);
}
