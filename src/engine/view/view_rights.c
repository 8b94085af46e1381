// SPDX-License-Identifier: Apache-2.0
// view_rights.c - what a process may do, and what its network is
#include "engine/view/view_parts.h"

#include "kern/caps.h"

#include <stdlib.h>

enum { NET_MAX = 1 << 20, PORTS_MAX = 32, STATE_LISTEN = 10, STATE_UNCONNECTED = 7 };

static const char *label_of(struct viewer *viewer)
{
	struct str text;
	if (task_read(viewer->arena, &viewer->task, "attr/current", TASK_SMALL_MAX, &text))
		return NULL;
	size_t n = strnlen(text.p, text.n);
	while (n && (text.p[n - 1] == '\n' || text.p[n - 1] == ' '))
		n--;
	return n ? arena_dup_n(viewer->arena, text.p, n) : NULL;
}

static const char *filters_of(struct viewer *viewer)
{
	const struct task_status *status = &viewer->status;
	if (status->seccomp == 0)
		return "none";
	if (status->seccomp == 1)
		return "strict: read, write and exit alone";
	return status->filters ? arena_printf(viewer->arena, "%u", status->filters) : "some";
}

void view_rights(struct viewer *viewer)
{
	static const struct {
		enum task_caps set;
		const char *name;
	} sets[] = {{TASK_EFFECTIVE, "effective"},
		    {TASK_PERMITTED, "permitted"},
		    {TASK_INHERITABLE, "inheritable"},
		    {TASK_BOUNDING, "bounding"},
		    {TASK_AMBIENT, "ambient"}};
	bool own = !view_shares(viewer, "user");
	unsigned last = viewer->facts.last_capability;
	uint64_t all = last >= 63 ? UINT64_MAX : (UINT64_C(1) << (last + 1)) - 1;
	for (size_t i = 0; i < lengthof(sets); i++) {
		uint64_t set = viewer->status.caps[sets[i].set] & all;
		view_add(viewer, VIEW_RIGHTS, sets[i].name,
			 set == all ? "all" : caps_text(viewer->arena, set),
			 !set  ? NULL
			 : own ? "over what its user namespace owns"
			       : "over the host");
	}
	view_add(viewer, VIEW_RIGHTS, "system call filters", filters_of(viewer), NULL);
	view_add(viewer, VIEW_RIGHTS, "no new privileges",
		 viewer->status.no_new_privs ? "yes" : "no", NULL);
	const char *label = label_of(viewer);
	if (label)
		view_add(viewer, VIEW_RIGHTS, "label", label, NULL);
}

// --- network ------------------------------------------------------------------------------------

static const char *interfaces_of(struct viewer *viewer)
{
	struct buf names = buf_new(viewer->arena, 4096);
	struct str text;
	if (task_read(viewer->arena, &viewer->task, "net/dev", NET_MAX, &text))
		return NULL;
	for (struct str line; (line = str_line(&text)).p;) {
		struct str word = str_word(&line);
		struct str name = str_cut(&word, ':');
		if (!word.p || !name.n || memchr(name.p, '|', name.n))
			continue;
		buf_puts(&names, names.n ? ", " : "");
		buf_add(&names, name.p, name.n);
	}
	return names.n ? names.p : "none";
}

// "  0: 0100007F:1F90 00000000:0000 0A …": a socket's port, if it is in that state.
static bool read_port(struct arena *arena, struct str line, unsigned state, unsigned *ret_port)
{
	unsigned long got_state;
	str_word(&line);
	struct str local = str_word(&line);
	str_word(&line);
	struct str word = str_word(&line);
	struct str address = str_cut(&local, ':');
	if (!address.n || !local.n || local.n > 4 || word.n != 2)
		return false;
	char *end;
	got_state = strtoul(arena_dup_n(arena, word.p, word.n), &end, 16);
	if (*end || got_state != state)
		return false;
	*ret_port = (unsigned)strtoul(arena_dup_n(arena, local.p, local.n), &end, 16);
	return !*end && *ret_port;
}

static void add_ports(struct viewer *viewer, const char *protocol, const char *file, unsigned state,
		      struct buf *out)
{
	unsigned ports[PORTS_MAX], port;
	size_t n = 0;
	struct str text;
	if (task_read(viewer->arena, &viewer->task, file, NET_MAX, &text))
		return;
	for (struct str line; n < PORTS_MAX && (line = str_line(&text)).p;) {
		bool known = !read_port(viewer->arena, line, state, &port);
		for (size_t i = 0; i < n && !known; i++)
			known = ports[i] == port;
		if (known)
			continue;
		ports[n++] = port;
		buf_printf(out, "%s%s %u", out->n ? ", " : "", protocol, port);
	}
}

void view_network(struct viewer *viewer)
{
	if (view_shares(viewer, "net")) {
		view_add(viewer, VIEW_NETWORK, "all", "the host's", NULL);
		return;
	}
	struct buf ports = buf_new(viewer->arena, 4096);
	const char *interfaces = interfaces_of(viewer);
	if (!interfaces)
		return;
	view_add(viewer, VIEW_NETWORK, "interfaces", interfaces, NULL);
	add_ports(viewer, "tcp", "net/tcp", STATE_LISTEN, &ports);
	add_ports(viewer, "tcp6", "net/tcp6", STATE_LISTEN, &ports);
	add_ports(viewer, "udp", "net/udp", STATE_UNCONNECTED, &ports);
	add_ports(viewer, "udp6", "net/udp6", STATE_UNCONNECTED, &ports);
	view_add(viewer, VIEW_NETWORK, "listens on", ports.n ? ports.p : "nothing", NULL);
}
