// SPDX-License-Identifier: Apache-2.0
// unpack_node.c - device nodes, which others make
//
// A process in a user namespace can't make a device node, and one that reads a hostile tar is not
// to have one within its reach. So an empty file holds its place until the layer is done; then the
// file is removed, and a record of the node goes to a process that has read no tar. An entry that
// comes later may take the node's place, or give it a second name.
#include "store/unpack_parts.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <unistd.h>

int unpack_node_of(struct unpack *unpack, const struct tar_entry *entry,
		   struct unpack_record *ret_node)
{
	bool block = entry->kind == TAR_BLOCKDEV;
	if (!block && !entry->major && !entry->minor)
		return fail(-EINVAL, "layer: '%s' is a device 0:0, which is no device",
			    entry->path);
	if (entry->major >= 1 << 12 || entry->minor >= 1 << 20)
		return fail(-EINVAL, "layer: '%s' is a device %u:%u, which can't be", entry->path,
			    entry->major, entry->minor);
	if (!unpack->want->pass) {
		if (str_starts(entry->path, "dev/")) {
			unpack->did.nodes++;
			return 1;
		}
		fail(-EPERM, "layer: '%s' is a device node", entry->path);
		fail_hint("only root can unpack those outside of /dev");
		return -EPERM;
	}
	*ret_node = (struct unpack_record){
		.kind = UNPACK_NODE,
		.mode = (block ? S_IFBLK : S_IFCHR) | entry->mode,
		.uid = entry->uid,
		.gid = entry->gid,
		.major = entry->major,
		.minor = entry->minor,
		.mtime = entry->mtime,
		.mtime_ns = entry->mtime_ns,
	};
	return 0;
}

int unpack_node(struct unpack *unpack, const struct unpack_record *record, const char *name)
{
	struct unpack_node *node = arena_new(unpack->arena, struct unpack_node);
	const char *path;
	if (++unpack->nodes_n > UNPACK_NODES_MAX)
		return fail(-EFBIG, "layer: more than %d device nodes", UNPACK_NODES_MAX);
	TRY(unpack_join(unpack, &unpack->here, name, &path));
	_cleanup_fd_ int fd = openat(unpack->here.fd, name,
				     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	*node = (struct unpack_node){.next = unpack->nodes, .path = path, .record = *record};
	node->record.path = path;
	unpack->nodes = node;
	return 0;
}

const struct unpack_node *unpack_node_at(const struct unpack *unpack, const char *path)
{
	const struct unpack_node *node = unpack->nodes;
	while (node && (!node->path || !str_eq(node->path, path)))
		node = node->next;
	return node;
}

void unpack_forget_nodes(struct unpack *unpack, const char *path)
{
	size_t n = strlen(path);
	for (struct unpack_node *node = unpack->nodes; node; node = node->next) {
		if (node->path && str_starts(node->path, path) &&
		    (!node->path[n] || node->path[n] == '/'))
			node->path = NULL;
	}
}

int unpack_clear_nodes(struct unpack *unpack)
{
	for (struct unpack_node *node = unpack->nodes; node; node = node->next) {
		const char *name;
		if (!node->path)
			continue;
		int result = unpack_look(unpack, &unpack->here, node->path, &name);
		if (result == 0 && unlinkat(unpack->here.fd, name, 0))
			result = -errno;
		if (result)
			return fail_sys(result, "layer: make way for '%s'", node->path);
	}
	return 0;
}

int unpack_pass_nodes(struct unpack *unpack)
{
	for (struct unpack_node *node = unpack->nodes; node; node = node->next) {
		if (!node->path)
			continue;
		unpack->did.records++;
		TRY(unpack->want->pass(unpack->want->context, &node->record));
	}
	return 0;
}
