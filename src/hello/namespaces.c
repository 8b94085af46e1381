// SPDX-License-Identifier: Apache-2.0
// namespaces.c - which views of the machine this process was given
//
// A namespace has no name, only an inode number: /proc/self/ns/net is a link to "net:[4026531840]".
// Two processes are in the same one when the numbers are equal. The first of each kind, made when
// the machine boots, has a fixed number for most kinds; for mnt and net kernels differ, and the
// numbers that they are known to use are listed.
#include "hello/report.h"

#include "hello/json.h"
#include "hello/text.h"

#include <unistd.h>

static const struct kind {
	const char *name;  // as in /proc/self/ns
	const char *what;  // what is its own, in at most 13 characters
	unsigned first[3]; // numbers of the machine's first one, 0: none
} kinds[] = {
	{"cgroup", "cgroup tree", {4026531835}},
	{"ipc", "shared memory", {4026531839}},
	{"mnt", "file systems", {4026531832, 4026531840, 4026531841}},
	{"net", "interfaces", {4026531833, 4026531840, 4026531992}},
	{"pid", "processes", {4026531836}},
	{"time", "uptime clocks", {4026531834}},
	{"user", "user ids", {4026531837}},
	{"uts", "host name", {4026531838}},
};

static unsigned long inode_of(const struct kind *kind)
{
	char path[32], link[64];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind->name);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return 0;
	link[n] = '\0';
	char *number = strchr(link, '[');
	return number ? strtoul(number + 1, NULL, 10) : 0;
}

static bool is_first(const struct kind *kind, unsigned long inode)
{
	for (size_t i = 0; i < lengthof(kind->first); i++) {
		if (kind->first[i] && kind->first[i] == inode)
			return true;
	}
	return false;
}

void namespaces_json(void)
{
	json_open("namespaces", '{');
	for (size_t i = 0; i < lengthof(kinds); i++)
		json_number(kinds[i].name, inode_of(&kinds[i]));
	json_close('}');
}

static void cell(const struct kind *kind, char *ret_text, size_t size)
{
	unsigned long inode = inode_of(kind);
	if (inode)
		snprintf(ret_text, size, "%-7s%lu %s %s", kind->name, inode,
			 is_first(kind, inode) ? "host's" : "own", kind->what);
	else
		snprintf(ret_text, size, "%-7snot to be seen", kind->name);
}

bool namespaces_own(const char *name)
{
	for (size_t i = 0; i < lengthof(kinds); i++) {
		unsigned long inode = str_eq(kinds[i].name, name) ? inode_of(&kinds[i]) : 0;
		if (inode)
			return !is_first(&kinds[i], inode);
	}
	return false;
}

void namespaces_text(void)
{
	for (size_t i = 0; i < lengthof(kinds); i += 2) {
		char left[48], right[48];
		cell(&kinds[i], left, sizeof(left));
		cell(&kinds[i + 1], right, sizeof(right));
		printf("  %-38s %s\n", left, right);
	}
}
