// SPDX-License-Identifier: Apache-2.0
// file.c - small files of /proc, /sys and /etc, read whole
//
// Files of /proc have no size; they are made while they are read, so one is read to its end.
#include "hello/file.h"

#include <fcntl.h>
#include <unistd.h>

// Room for that many bytes and a NUL.
static char *grown(char *text, size_t room)
{
	char *more = realloc(text, room + 1);
	if (!more)
		abort();
	return more;
}

char *file_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	size_t n = 0, room = 1 << 14;
	char *text = grown(NULL, room);
	for (ssize_t got; (got = read(fd, text + n, room - n)) != 0;) {
		if (got < 0) {
			int error = errno;
			close(fd);
			errno = error;
			return NULL;
		}
		n += got;
		if (n == room && room < FILE_MAX)
			text = grown(text, room *= 2);
	}
	close(fd);
	text[n] = '\0';
	return text;
}

char *file_line(char **rest)
{
	char *line = *rest;
	if (!line || !*line)
		return NULL;
	char *end = strchrnul(line, '\n');
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

char *file_field(const char *text, const char *key)
{
	size_t n = strlen(key);
	for (const char *line = text; line && *line; line = strchrnul(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, n) || line[n] != ':')
			continue;
		line += n + 1;
		line += strspn(line, " \t");
		return strndup(line, strcspn(line, "\n"));
	}
	return NULL;
}

char *file_word(const char *path)
{
	char *text = file_text(path);
	if (!text)
		return NULL;
	text += strspn(text, " \t\n");
	text[strcspn(text, " \t\n")] = '\0';
	return *text ? text : NULL;
}
