// SPDX-License-Identifier: Apache-2.0
// main.c - hello: what a process in a container can see and do
//
// The program of the image that tare carries with it. Alone it prints a report for a person, with
// --json the same for a program; with the name of a probe it does some small thing. It links
// nothing but its C library and needs no file to be there but those of the kernel.
#include "hello/json.h"
#include "hello/probes.h"
#include "hello/report.h"
#include "hello/text.h"

#include <unistd.h>

static const struct part {
	const char *heading, *remark; // NULL: goes on under the heading before
	void (*text)(void);
	void (*json)(void);
} parts[] = {
	{"Who it is", NULL, identity_text, identity_json},
	{"What it sees", "each kind of view is a namespace, and has a number", namespaces_text,
	 namespaces_json},
	{"What its files are", "each place is a mount; (ro) can't be written", mounts_text,
	 mounts_json},
	{"What it may do", "root's powers are cut into capabilities", rights_text, rights_json},
	{"What it has", NULL, limits_text, limits_json},
	{NULL, NULL, surroundings_text, surroundings_json},
	{"What it tried just now", "harmless attempts, and what was in the way", attempts_text,
	 attempts_json},
};

static int report_text(void)
{
	text_start();
	puts(namespaces_own("mnt") && namespaces_own("pid")
		     ? "hello from inside a container: a process that was given views of its own"
		     : "hello from outside of any container: this process sees the machine itself");
	for (size_t i = 0; i < lengthof(parts); i++) {
		if (parts[i].heading)
			text_heading(parts[i].heading, parts[i].remark);
		parts[i].text();
	}
	return 0;
}

static int report_json(void)
{
	json_open(NULL, '{');
	json_number("version", 1);
	for (size_t i = 0; i < lengthof(parts); i++)
		parts[i].json();
	json_close('}');
	return 0;
}

static int help(void)
{
	printf("Usage: hello [--json | PROBE [ARGUMENT...]]\n\n"
	       "Tells what a process in this container can see and do.\n\nProbes:\n");
	for (size_t i = 0; i < probes_n; i++) {
		char usage[64];
		snprintf(usage, sizeof(usage), "%s %s", probes[i].name, probes[i].arguments);
		printf("  %-30s %s\n", usage, probes[i].words);
	}
	return 0;
}

static int run(int n, char **arguments)
{
	if (n == 0)
		return report_text();
	if (str_eq(arguments[0], "--json") && n == 1)
		return report_json();
	if (str_eq(arguments[0], "--help") && n == 1)
		return help();
	for (size_t i = 0; i < probes_n; i++) {
		const struct probe *probe = &probes[i];
		if (!str_eq(probe->name, arguments[0]))
			continue;
		if (n - 1 >= probe->least && (probe->most < 0 || n - 1 <= probe->most))
			return probe->run(arguments + 1, n - 1);
		fprintf(stderr, "hello: usage: hello %s %s\n", probe->name, probe->arguments);
		return 2;
	}
	fprintf(stderr, "hello: '%s': no such probe; 'hello --help' lists them\n", arguments[0]);
	return 2;
}

int main(int argc, char **argv)
{
	int status = argc > 0 ? run(argc - 1, argv + 1) : report_text();
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "hello: write: %s\n", strerror(errno));
		return 1;
	}
	return status;
}
