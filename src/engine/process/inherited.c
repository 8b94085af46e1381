// SPDX-License-Identifier: Apache-2.0
// inherited.c - --preserve-fds, --preserve-fd, --pidfile: what goes along, what is told of it
#include "engine/process/inherited.h"

#include <fcntl.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"

int preserve_fds_parse(const char *text, int *ret_n)
{
	uint64_t n;
	if (str_number(str_of(text), PRESERVE_FDS_MAX, &n))
		return fail(-EINVAL, "--preserve-fds '%.32s': a number from 0 to %d is expected",
			    text, PRESERVE_FDS_MAX);
	*ret_n = (int)n;
	return 0;
}

// Puts it where it belongs in the sorted list; one that is there already is not put twice.
static int add_sorted(const char *text, int number, int *list, size_t *n)
{
	size_t at = 0;
	while (at < *n && list[at] < number)
		at++;
	if (at < *n && list[at] == number)
		return 0;
	if (*n == PRESERVE_FD_LIST_MAX)
		return fail(-E2BIG, "--preserve-fd '%.32s': more than %d descriptors", text,
			    PRESERVE_FD_LIST_MAX);
	memmove(list + at + 1, list + at, (*n - at) * sizeof(*list));
	list[at] = number;
	++*n;
	return 0;
}

static int add_descriptors(const char *text, int from, int *list, size_t *n)
{
	struct str rest = str_of(text);
	do {
		uint64_t number;
		if (str_number(str_cut(&rest, ','), INT32_MAX, &number) || number < 3) {
			fail(-EINVAL, "--preserve-fd '%.32s': numbers of descriptors are expected",
			     text);
			fail_hint("they are 3 and above, with commas between: 5,7; the three below "
				  "go along in any case");
			return -EINVAL;
		}
		if ((int)number >= from)
			TRY(add_sorted(text, (int)number, list, n));
	} while (rest.p);
	return 0;
}

int preserve_fd_parse(struct arena *arena, const struct oci_strings *texts, int n,
		      const char **ret_list)
{
	int list[PRESERVE_FD_LIST_MAX + 1];
	size_t list_n = 0;
	struct buf out = buf_new(arena, sizeof(list) / sizeof(*list) * 12);
	for (size_t i = 0; i < texts->n; i++)
		TRY(add_descriptors(texts->item[i], 3 + n, list, &list_n));
	for (size_t i = 0; i < list_n; i++)
		buf_printf(&out, "%s%d", i ? "," : "", list[i]);
	*ret_list = list_n ? out.p : NULL;
	return 0;
}

static int check_open(const char *flag, int fd)
{
	if (fcntl(fd, F_GETFD) == 0)
		return 0;
	fail(-EBADF, "%s: descriptor %d is not open", flag, fd);
	fail_hint("%d<FILE opens one in the shell", fd);
	return -EBADF;
}

int preserve_fds_check(int n, const char *list)
{
	struct str rest = str_of(list ? list : "");
	uint64_t number;
	for (int fd = 3; fd < 3 + n; fd++)
		TRY(check_open("--preserve-fds", fd));
	while (rest.n && str_number(str_cut(&rest, ','), INT32_MAX, &number) == 0)
		TRY(check_open("--preserve-fd", (int)number));
	return 0;
}

int pidfile_write(struct arena *arena, const char *path, pid_t pid)
{
	const char *text = arena_printf(arena, "%d", (int)pid);
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int error = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
	return error ? fail_sys(error, "--pidfile '%s'", path) : 0;
}
