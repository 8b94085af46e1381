// SPDX-License-Identifier: Apache-2.0
// keyring.c - the session keyring of a process
//
// The kernel keeps keys (of encrypted file systems, Kerberos, NFS) in keyrings. A login gets a
// session keyring, and every process started from it inherits it; possession, not the user id, is
// what opens it. No namespace parts these rings, though a user namespace has user rings of its own.
//
// Without a new one, a container's processes possess the keys of whoever started it.
//
// A keyring counts against the quota of the user who makes it, for as long as a process is in it.
#include "kern/process/keyring.h"

#include "base/sys.h"

#include <linux/keyctl.h>

int keyring_join(const char *name)
{
	long serial = sys_call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name);
	return serial < 0 ? (int)serial : 0;
}
