// SPDX-License-Identifier: Apache-2.0
// task.c - reading /proc/PID of others
#include "kern/process/task.h"

#include "base/fd.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int task_open(pid_t pid, struct task *ret_task)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	int fd = pid > 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0)
		return pid <= 0 || errno == ENOENT ? -ESRCH : -errno;
	*ret_task = (struct task){pid, fd};
	return 0;
}

void task_close(struct task *task)
{
	fd_close(&task->directory);
}

int task_read(struct arena *arena, const struct task *task, const char *name, size_t max,
	      struct str *ret_text)
{
	int error = file_read(arena, task->directory, name, max, ret_text);
	return error == -ENOENT ? -ESRCH : error;
}

const char *task_link(struct arena *arena, const struct task *task, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(task->directory, name, target, sizeof(target));
	return n < 0 ? NULL : arena_dup_n(arena, target, (size_t)n);
}

int task_namespace(const struct task *task, const char *file, uint64_t *ret_number)
{
	char name[32];
	struct stat status;
	snprintf(name, sizeof(name), "ns/%s", file);
	if (fstatat(task->directory, name, &status, 0))
		return -errno;
	*ret_number = status.st_ino;
	return 0;
}

// --- status -------------------------------------------------------------------------------------

static uint64_t number_of(struct str *words, uint64_t most)
{
	uint64_t number;
	return str_number(str_word(words), most, &number) ? 0 : number;
}

static uint64_t bits_of(struct str text)
{
	uint64_t bits = 0;
	for (size_t i = 0; i < text.n && i < 16; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, text.p[i], 16);
		if (!digit)
			return 0;
		bits = bits << 4 | (uint64_t)(digit - digits);
	}
	return bits;
}

static uint32_t second_of(struct str words)
{
	str_word(&words);
	return (uint32_t)number_of(&words, UINT32_MAX);
}

static void read_numbers(struct str words, struct task_status *status)
{
	while (words.p && status->pid_n < TASK_LEVELS_MAX) {
		uint64_t number;
		struct str word = str_word(&words);
		if (!word.p || str_number(word, INT32_MAX, &number))
			return;
		status->pid[status->pid_n++] = (uint32_t)number;
	}
}

static void read_caps(struct str key, struct str value, struct task_status *status)
{
	static const char *const keys[TASK_CAPS_COUNT] = {[TASK_INHERITABLE] = "CapInh",
							  [TASK_PERMITTED] = "CapPrm",
							  [TASK_EFFECTIVE] = "CapEff",
							  [TASK_BOUNDING] = "CapBnd",
							  [TASK_AMBIENT] = "CapAmb"};
	for (int i = 0; i < TASK_CAPS_COUNT; i++)
		if (str_is(key, keys[i]))
			status->caps[i] = bits_of(str_word(&value));
}

// The numbers that stand alone on their lines.
static void read_plain(struct str key, struct str value, struct task_status *status)
{
	const struct {
		const char *key;
		uint32_t *to;
	} plain[] = {{"Tgid", &status->tgid},
		     {"PPid", &status->ppid},
		     {"Seccomp", &status->seccomp},
		     {"Seccomp_filters", &status->filters},
		     {"Threads", &status->threads}};
	for (size_t i = 0; i < lengthof(plain); i++)
		if (str_is(key, plain[i].key))
			*plain[i].to = (uint32_t)number_of(&value, UINT32_MAX);
}

static void read_line(struct arena *arena, struct str line, struct task_status *status)
{
	struct str key = str_cut(&line, ':'), value = line, word;
	if (str_is(key, "Name") && line.n)
		status->name = arena_dup_n(arena, line.p + 1, min_of(line.n - 1, (size_t)64));
	else if (str_is(key, "State"))
		status->state = (word = str_word(&value)).n ? word.p[0] : '?';
	else if (str_is(key, "Uid"))
		status->uid = second_of(value);
	else if (str_is(key, "Gid"))
		status->gid = second_of(value);
	else if (str_is(key, "NSpid"))
		read_numbers(value, status);
	else if (str_is(key, "NoNewPrivs"))
		status->no_new_privs = number_of(&value, 1) == 1;
	else if (str_is(key, "VmRSS"))
		status->memory = number_of(&value, UINT64_MAX / 1024) * 1024;
	else if (str_is(key, "Groups"))
		while (str_word(&value).p)
			status->groups_n++;
	read_plain(key, line, status);
	read_caps(key, line, status);
}

int task_status_read(struct arena *arena, struct str text, struct task_status *ret_status)
{
	struct task_status status = {.memory = UINT64_MAX};
	for (struct str line; (line = str_line(&text)).p;)
		read_line(arena, line, &status);
	if (!status.name || !status.tgid || !status.pid_n)
		return -EINVAL;
	*ret_status = status;
	return 0;
}

// --- ids ----------------------------------------------------------------------------------------

void task_map_read(struct str text, struct id_map *ret_map, size_t *ret_n)
{
	size_t n = 0;
	for (struct str line; n < TASK_MAP_LINES && (line = str_line(&text)).p;) {
		uint64_t inside, outside, count;
		if (str_number(str_word(&line), UINT32_MAX, &inside) ||
		    str_number(str_word(&line), UINT32_MAX, &outside) ||
		    str_number(str_word(&line), UINT32_MAX, &count) || !count)
			continue;
		ret_map[n++] =
			(struct id_map){(uint32_t)inside, (uint32_t)outside, (uint32_t)count};
	}
	*ret_n = n;
}

bool task_map_inside(const struct id_map *map, size_t n, uint32_t outside, uint32_t *ret_inside)
{
	for (size_t i = 0; i < n; i++) {
		if (outside < map[i].outside || outside - map[i].outside >= map[i].count)
			continue;
		*ret_inside = map[i].inside + (outside - map[i].outside);
		return true;
	}
	return false;
}

// --- limits -------------------------------------------------------------------------------------

static const char *word_of(struct arena *arena, struct str *line)
{
	struct str word = str_word(line);
	return arena_dup_n(arena, word.p ? word.p : "", word.n);
}

// "Max open files            1024                 524288               files": the name fills 26
// columns.
void task_limits_read(struct arena *arena, struct str text, struct task_limit *ret_limits,
		      size_t *ret_n)
{
	enum { NAME_COLUMNS = 26 };
	static const char begin[] = "Max ";
	size_t n = 0;
	for (struct str line; n < TASK_LIMITS && (line = str_line(&text)).p;) {
		if (line.n <= NAME_COLUMNS || memcmp(line.p, begin, sizeof(begin) - 1) != 0)
			continue;
		size_t end = NAME_COLUMNS;
		while (end && line.p[end - 1] == ' ')
			end--;
		struct str rest = {line.p + NAME_COLUMNS, line.n - NAME_COLUMNS};
		if (end < sizeof(begin))
			continue;
		ret_limits[n++] = (struct task_limit){
			.name = arena_dup_n(arena, line.p + sizeof(begin) - 1,
					    end - (sizeof(begin) - 1)),
			.soft = word_of(arena, &rest),
			.hard = word_of(arena, &rest),
			.unit = word_of(arena, &rest),
		};
	}
	*ret_n = n;
}
