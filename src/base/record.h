// SPDX-License-Identifier: Apache-2.0
// record.h - small documents on disk that other processes read, and who wrote them
//
// A record is replaced as a whole: readers see the old or the new one, never a half, whenever the
// writer dies. A record that speaks of a process also says which one in a way that outlives its
// number: pids are given anew, but never with the same start time in the same boot.
#pragma once

#include "base/arena.h"
#include "base/shape.h"
#include "base/str.h"

enum {
	RECORD_MAX = 4 << 20,  // bytes of a record
	RECORD_NAME_MAX = 200, // of its name
	RECORD_BOOT_SIZE = 37, // of a boot id, a UUID in text, with its NUL
};

enum record_safety {
	RECORD_VOLATILE, // for the runroot, which nobody misses after a crash of the machine
	RECORD_DURABLE,  // file and directory are synced: it survives a power cut
};

// Writes the record: a temporary file (".tmp-NAME-…", mode 0600) in the same directory, then a
// rename. `name` has no slash. A killed writer may leave its temporary file behind.
int record_write(int directory, const char *name, struct str text, enum record_safety safety);

// Reads it. A record that isn't there is RECORD_MISSING, any other trouble an error; what is no
// regular file is not opened.
enum { RECORD_MISSING = 1 };
int record_read(struct arena *arena, int directory, const char *name, struct str *ret_text);

enum record_lock {
	RECORD_SHARED,
	RECORD_EXCLUSIVE,
};

// Locks the file `name` (made if missing, otherwise empty) and returns its descriptor: the lock is
// held until that and all copies of it are closed, so a forked child keeps it and a dead process
// never does. With `wait` false, RECORD_BUSY when another holds it.
enum { RECORD_BUSY = 1 };
int record_lock(int directory, const char *name, enum record_lock lock, bool wait, int *ret_fd);

// The boot's id, as /proc/sys/kernel/random/boot_id has it.
int record_boot(char ret_boot[RECORD_BOOT_SIZE]);

struct record_process { // a process, once and for all
	int64_t pid;
	uint64_t start;   // clock ticks after boot: field 22 of proc_pid_stat(5)
	const char *boot; // the boot's id
};

// For the records of others: {"pid", "start", "boot"}.
extern const struct shape record_process_shape;

// Tells which process this is: the caller itself, or a child that nobody has waited for yet. The
// number of either can't come to mean another one meanwhile.
int record_process(struct arena *arena, pid_t pid, struct record_process *ret_process);

// Writes one down as the target of a symbolic link, "PID START BOOT": made by one call, it is there
// as a whole or not at all, and small enough to lie in its inode. Errors are worded.
int record_link(int directory, const char *name, const struct record_process *process);

// Reads such a link. One that isn't there is RECORD_MISSING; what is no link, or another's, an
// error.
int record_read_link(struct arena *arena, int directory, const char *name,
		     struct record_process *ret_process);

enum { RECORD_GONE = 1 };

// Whether it still lives: returns 0 and a pidfd that is its own, to signal and wait with, or
// RECORD_GONE. A zombie is gone. A record is not believed: a pid of zero or less is gone, too.
int record_alive(const struct record_process *process, int *ret_pidfd);
