// SPDX-License-Identifier: Apache-2.0
// json.c - JSON to standard output, a piece at a time
//
// Linux lets names hold any byte but NUL and slash, JSON wants UTF-8. A byte that starts no valid
// sequence is written as the code point of the same number: the document stays readable, and two
// different names stay different in all but contrived cases.
#include "hello/json.h"

enum { DEPTH_MAX = 16 };

static bool filled[DEPTH_MAX]; // whether something stands in the object or list already
static int depth;

static int sequence_length(const unsigned char *p)
{
	int n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] > 0xf4 || (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

static void quote(const char *text)
{
	putchar('"');
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		int n = sequence_length(p);
		if (*p == '"' || *p == '\\')
			printf("\\%c", *p);
		else if (n == 0 || *p < 0x20 || *p == 0x7f)
			printf("\\u%04x", *p);
		else
			fwrite(p, 1, n, stdout);
		p += n ? n : 1;
	}
	putchar('"');
}

static void key_put(const char *key)
{
	if (filled[depth])
		putchar(',');
	filled[depth] = true;
	if (key) {
		quote(key);
		putchar(':');
	}
}

void json_open(const char *key, char bracket)
{
	key_put(key);
	putchar(bracket);
	assert(depth + 1 < DEPTH_MAX);
	filled[++depth] = false;
}

void json_close(char bracket)
{
	putchar(bracket);
	if (--depth == 0)
		putchar('\n');
}

void json_text(const char *key, const char *text)
{
	key_put(key);
	if (text)
		quote(text);
	else
		printf("null");
}

void json_number(const char *key, long long number)
{
	key_put(key);
	printf("%lld", number);
}

void json_bool(const char *key, bool value)
{
	key_put(key);
	printf(value ? "true" : "false");
}

void json_words(const char *key, const char *text, const char *separators)
{
	json_open(key, '[');
	while (*(text += strspn(text, separators))) {
		size_t n = strcspn(text, separators);
		char *word = strndup(text, n);
		json_text(NULL, word);
		free(word);
		text += n;
	}
	json_close(']');
}
