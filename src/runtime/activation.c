// SPDX-License-Identifier: Apache-2.0
// activation.c - what a service manager gives to a service, passed on to a container
//
// A service of systemd's may be told by its environment of a socket to which it says that it is
// ready (sd_notify(3)), and of sockets that were opened for it (sd_listen_fds(3)). The service is
// the runtime or its caller; who uses them is the container's program. Of the descriptors it has to
// be told that they are for its number, which is 1 in a pid namespace of its own.
//
// systemd heeds a message by the cgroup of its sender: of a container it is heard where that is a
// group of the service's, as Podman's --cgroups=split makes it, or where who started the container
// listens himself.
#include "runtime/activation.h"

#include "base/fail.h"

#include <stdlib.h>

enum { LISTEN_MAX = 1024 };

static const char target[] = "/run/notify/notify.sock";

int activation_read(struct document_want *want)
{
	const char *count = getenv("LISTEN_FDS");
	uint64_t n = 0;
	if (count && *count && str_number(str_of(count), LISTEN_MAX, &n))
		return fail(-EINVAL, "LISTEN_FDS '%.32s': a number up to %d is expected", count,
			    LISTEN_MAX);
	want->listen_fds = (int)n;
	want->listen_names = n ? getenv("LISTEN_FDNAMES") : NULL;
	want->notify_socket = getenv("NOTIFY_SOCKET");
	return 0;
}

// Of a name that the document has as well the last one counts (box/plan/build.c).
static void add_variable(struct arena *arena, struct box_spec *spec, const char *name,
			 const char *value)
{
	oci_strings_add(arena, &spec->oci.process.env, arena_printf(arena, "%s=%s", name, value));
}

static void pass_sockets(struct arena *arena, const struct document_want *want,
			 struct box_spec *spec)
{
	if (!want->listen_fds)
		return;
	if (!oci_namespace_is_own(&spec->oci.linux_, "pid")) {
		oci_strings_add(arena, &spec->notices,
				"LISTEN_FDS: not passed on, as the container has no pid namespace "
				"of its own");
		return;
	}
	spec->preserve_fds += want->listen_fds;
	add_variable(arena, spec, "LISTEN_FDS", arena_printf(arena, "%d", want->listen_fds));
	add_variable(arena, spec, "LISTEN_PID", "1");
	if (want->listen_names)
		add_variable(arena, spec, "LISTEN_FDNAMES", want->listen_names);
}

static void add_mount(struct arena *arena, struct oci_spec *spec, const char *source)
{
	static const char *const options[] = {"bind", "nosuid", "nodev", "noexec"};
	struct oci_mount *mounts = arena_array(arena, struct oci_mount, spec->mounts_n + 1);
	if (spec->mounts_n)
		memcpy(mounts, spec->mounts, spec->mounts_n * sizeof(*mounts));
	mounts[spec->mounts_n++] = (struct oci_mount){
		.destination = target,
		.type = "bind",
		.source = source,
		.options = {(const char **)options, lengthof(options)},
	};
	spec->mounts = mounts;
}

void activation_pass(struct arena *arena, const struct document_want *want, struct box_spec *spec)
{
	const char *socket = want->notify_socket;
	pass_sockets(arena, want, spec);
	if (!socket || !*socket)
		return;
	if (*socket != '/') {
		oci_strings_add(
			arena, &spec->notices,
			arena_printf(arena,
				     "NOTIFY_SOCKET '%s': not passed on, as it has no place "
				     "in the file system",
				     socket));
		return;
	}
	add_mount(arena, &spec->oci, socket);
	add_variable(arena, spec, "NOTIFY_SOCKET", target);
}
