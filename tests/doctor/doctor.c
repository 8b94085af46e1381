// SPDX-License-Identifier: Apache-2.0
// doctor.c - what the doctor says of hosts, compared with what it should
//
//	doctor [--update] DIRECTORY
#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "engine/doctor/doctor.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static const char *directory;
static bool update;

struct patient_case {
	const char *facts;
	const char *survey;
	struct doctor_look look;
	bool json;
	struct str head;   // the lines that say so, with "---"
	struct str wanted; // what follows
};

static int read_case(struct arena *arena, struct str text, struct patient_case *ret_case)
{
	struct patient_case it = {0};
	struct str rest = text;
	for (struct str line; (line = str_line(&rest)).p && !str_is(line, "---");) {
		struct str key = str_cut(&line, ':'), value = str_word(&line);
		uint64_t width = 0;
		const char *word = arena_dup_n(arena, value.p ? value.p : "", value.n);
		if (str_is(key, "facts"))
			it.facts = word;
		else if (str_is(key, "survey"))
			it.survey = word;
		else if (str_is(key, "width") && str_number(value, 1000, &width) == 0)
			it.look.width = (unsigned)width;
		else if (str_is(key, "verbose"))
			it.look.verbose = true;
		else if (str_is(key, "json"))
			it.json = true;
		else
			return fail(-EINVAL, "unknown line '%.*s'", (int)key.n, key.p);
	}
	it.wanted = rest.p ? rest : STR("");
	it.head = (struct str){text.p, text.n - it.wanted.n};
	*ret_case = it;
	return it.facts && it.survey ? 0 : fail(-EINVAL, "facts: and survey: are wanted");
}

static int examine(struct arena *arena, const struct patient_case *it, struct buf *out)
{
	struct str text;
	struct facts facts;
	struct survey survey;
	struct doctor_report report;
	const char *path = arena_printf(arena, "%s/../plan/facts/%s.json", directory, it->facts);
	int error = file_read(arena, AT_FDCWD, path, FILE_MAX, &text);
	if (error)
		return fail_sys(error, "read '%s'", path);
	TRY(facts_from_json(arena, text, &facts));
	path = arena_printf(arena, "%s/surveys/%s.json", directory, it->survey);
	error = file_read(arena, AT_FDCWD, path, FILE_MAX, &text);
	if (error)
		return fail_sys(error, "read '%s'", path);
	TRY(survey_from_json(arena, text, &survey));
	doctor_examine(arena, &facts, &survey, &report);
	if (it->json)
		doctor_json(out, &report);
	else
		doctor_text(out, &facts, &report, &it->look);
	return 0;
}

static int write_case(const char *path, struct str head, const struct buf *out)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "write '%s'", path);
	TRY(fd_write_all(fd, head.p, head.n));
	return fd_write_all(fd, out->p, out->n);
}

// Returns whether it is as it should be, or is so now.
static bool check(struct arena *arena, const char *name)
{
	const char *path = arena_printf(arena, "%s/cases/%s", directory, name);
	struct buf out = buf_new(arena, FILE_MAX);
	struct patient_case it;
	struct str text;
	int error = file_read(arena, AT_FDCWD, path, FILE_MAX, &text);
	if (error || read_case(arena, text, &it) < 0 || examine(arena, &it, &out) < 0) {
		fprintf(stderr, "%s:\n", name);
		msg_fault(fault_last());
		return false;
	}
	if (out.n == it.wanted.n && memcmp(out.p, it.wanted.p, out.n) == 0)
		return true;
	if (update)
		return write_case(path, it.head, &out) == 0;
	printf("%s: it says now:\n%s\n", name, out.p);
	return false;
}

int main(int argc, char **argv)
{
	update = argc > 2 && str_eq(argv[1], "--update");
	directory = argc > 1 ? argv[argc - 1] : ".";
	struct arena arena = {0};
	DIR *list = opendir(arena_printf(&arena, "%s/cases", directory));
	unsigned n = 0, wrong = 0;
	if (!list)
		return 2;
	for (struct dirent *entry; (entry = readdir(list));) {
		const char *end = strrchr(entry->d_name, '.');
		if (!end || !str_eq(end, ".case"))
			continue;
		n++;
		wrong += !check(&arena, entry->d_name);
	}
	closedir(list);
	printf("%u hosts, %u wrong\n", n, wrong);
	arena_free(&arena);
	return wrong || !n;
}
