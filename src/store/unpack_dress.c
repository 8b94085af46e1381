// SPDX-License-Identifier: Apache-2.0
// unpack_dress.c - owner, extended attributes, mode and times of what was made
//
// The order is the kernel's: chown(2) clears set-user-id and file capabilities, an ACL changes the
// mode, and everything changes the times.
//
// Of extended attributes a layer may bring those of users, file capabilities and ACLs. Everything
// under "trusted." is left out, and so are the marks by which an overlay is told to look elsewhere
// for a file ("user.overlay.redirect"): a layer could name any directory there. What the kernel or
// the file system refuses is left out, too. Each is counted, and the first is named.
#include "store/unpack_parts.h"

#include "base/fail.h"

#include <fcntl.h>
#include <sys/xattr.h>

struct unpack_attributes unpack_attributes_of(const struct tar_entry *entry)
{
	return (struct unpack_attributes){
		.mode = entry->mode,
		.uid = entry->uid,
		.gid = entry->gid,
		.mtime = entry->mtime,
		.mtime_ns = entry->mtime_ns,
		.xattrs = entry->xattrs,
		.xattrs_n = entry->xattrs_n,
	};
}

void unpack_leave_out(struct unpack *unpack, struct str name)
{
	struct unpack_result *did = &unpack->did;
	if (!did->xattrs++)
		memcpy(did->xattr, name.p, min_of(name.n, sizeof(did->xattr) - 1));
}

static bool may_be_set(const char *name)
{
	if (str_starts(name, "user."))
		return !str_starts(name, "user.overlay.");
	return str_eq(name, "security.capability") || str_eq(name, "system.posix_acl_access") ||
	       str_eq(name, "system.posix_acl_default");
}

static int set_xattr(struct unpack *unpack, int fd, const struct tar_xattr *xattr)
{
	char name[TAR_XATTR_NAME_MAX + 1];
	memcpy(name, xattr->name.p, xattr->name.n);
	name[xattr->name.n] = '\0';
	if (may_be_set(name) && !fsetxattr(fd, name, xattr->value.p, xattr->value.n, 0))
		return 0;
	if (may_be_set(name) && (errno == ENOSPC || errno == EDQUOT || errno == E2BIG))
		return fail_sys(-errno, "layer: attribute '%s' of '%s'", name, unpack->path);
	unpack_leave_out(unpack, xattr->name);
	return 0;
}

static int owner_failure(const struct unpack *unpack, const struct unpack_attributes *attributes,
			 int error)
{
	if (error != -EINVAL && error != -EPERM)
		return error;
	fail_sys(error, "layer: owner %u:%u of '%s'", attributes->uid, attributes->gid,
		 unpack->path);
	fail_hint("these numbers are not among those that this user may give away: an ordinary "
		  "user needs lines in /etc/subuid and /etc/subgid that reach so far");
	return error;
}

int unpack_dress(struct unpack *unpack, int fd, const struct unpack_attributes *attributes)
{
	struct timespec times[2] = {{attributes->mtime, attributes->mtime_ns},
				    {attributes->mtime, attributes->mtime_ns}};
	if (unpack->want->owners && fchown(fd, attributes->uid, attributes->gid))
		return owner_failure(unpack, attributes, -errno);
	for (size_t i = 0; i < attributes->xattrs_n; i++)
		TRY(set_xattr(unpack, fd, &attributes->xattrs[i]));
	return fchmod(fd, attributes->mode) || futimens(fd, times) ? -errno : 0;
}

// By name, since a FIFO is not opened lightly and a link can't be. The name is one just made, and
// nobody else writes to the directory.
int unpack_dress_at(struct unpack *unpack, int parent, const char *name, bool is_link,
		    const struct unpack_attributes *attributes)
{
	struct timespec times[2] = {{attributes->mtime, attributes->mtime_ns},
				    {attributes->mtime, attributes->mtime_ns}};
	if (unpack->want->owners &&
	    fchownat(parent, name, attributes->uid, attributes->gid, AT_SYMLINK_NOFOLLOW))
		return owner_failure(unpack, attributes, -errno);
	for (size_t i = 0; i < attributes->xattrs_n; i++)
		unpack_leave_out(unpack, attributes->xattrs[i].name);
	if (!is_link && fchmodat(parent, name, attributes->mode, 0))
		return -errno;
	return utimensat(parent, name, times, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}
