// SPDX-License-Identifier: Apache-2.0
// template.c - a Go template over a JSON document
//
// Text from images is printed as it is inside of JSON, where it is escaped, and escaped by
// ourselves outside: it may hold whatever turns a terminal round.
#include "cmd/template.h"

#include "base/fail.h"
#include "base/msg.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str trim(struct str text)
{
	while (text.n && is_blank(text.p[0]))
		text = (struct str){text.p + 1, text.n - 1};
	while (text.n && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

static int not_understood(struct str action)
{
	fail(-EINVAL, "--format: '{{%.*s}}' is not understood", (int)min_of(action.n, (size_t)64),
	     action.p);
	fail_hint("{{.A.B}}, {{json .A}}, {{index .A 0}} and {{index .A \"key\"}} are");
	return -EINVAL;
}

// --- values -------------------------------------------------------------------------------------

static void print_value(struct arena *arena, const struct json_object *value, struct buf *out);

static void print_list(struct arena *arena, const struct json_object *list, struct buf *out)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < json_count(list); i++) {
		if (i)
			buf_putc(out, ' ');
		print_value(arena, json_item(list, i), out);
	}
	buf_putc(out, ']');
}

static void print_map(struct arena *arena, const struct json_object *object, struct buf *out)
{
	const char **names = NULL;
	size_t n = json_names(arena, object, &names);
	buf_puts(out, "map[");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(out, ' ');
		msg_escape(out, str_of(names[i]));
		buf_putc(out, ':');
		print_value(arena, json_member(object, names[i]), out);
	}
	buf_putc(out, ']');
}

static void print_value(struct arena *arena, const struct json_object *value, struct buf *out)
{
	switch (json_kind(value)) {
	case JSON_TEXT:
		msg_escape(out, json_to_str(value));
		break;
	case JSON_LIST:
		print_list(arena, value, out);
		break;
	case JSON_OBJECT:
		print_map(arena, value, out);
		break;
	case JSON_NULL:
		buf_puts(out, "<no value>");
		break;
	case JSON_BOOL:
	case JSON_NUMBER:
		buf_puts(out, json_text(arena, value));
		break;
	}
}

// --- actions ------------------------------------------------------------------------------------

// ".A.B"; false: it is no such path.
static bool follow(struct arena *arena, struct str path, const struct json_object *document,
		   const struct json_object **ret_value)
{
	const struct json_object *value = document;
	if (!path.n || path.p[0] != '.')
		return false;
	struct str rest = {path.p + 1, path.n - 1};
	while (rest.n) {
		struct str name = str_cut(&rest, '.');
		if (!name.n || (rest.p && !rest.n))
			return false;
		value = json_member(value, arena_dup_n(arena, name.p, name.n));
	}
	*ret_value = value;
	return true;
}

static bool take_keyword(struct str *text, const char *word)
{
	size_t n = strlen(word);
	if (text->n <= n || memcmp(text->p, word, n) || !is_blank(text->p[n]))
		return false;
	*text = trim((struct str){text->p + n, text->n - n});
	return true;
}

// "PATH 0", "PATH "key"".
static bool index_of(struct arena *arena, struct str text, const struct json_object *document,
		     const struct json_object **ret_value)
{
	const struct json_object *value;
	uint64_t number;
	struct str rest = text, path = str_word(&rest);
	if (!follow(arena, path, document, &value) || !rest.p)
		return false;
	rest = trim(rest);
	if (rest.n >= 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"') {
		*ret_value = json_member(value, arena_dup_n(arena, rest.p + 1, rest.n - 2));
		return true;
	}
	if (str_number(rest, SIZE_MAX / 2, &number))
		return false;
	*ret_value = number < json_count(value) ? json_item(value, (size_t)number) : NULL;
	return true;
}

static int print_action(struct arena *arena, struct str action, const struct json_object *document,
			struct buf *out)
{
	const struct json_object *value = NULL;
	struct str text = trim(action);
	bool json = take_keyword(&text, "json");
	bool good = take_keyword(&text, "index") ? index_of(arena, text, document, &value)
						 : follow(arena, text, document, &value);
	if (!good)
		return not_understood(action);
	if (json)
		buf_puts(out, json_text(arena, value));
	else
		print_value(arena, value, out);
	return 0;
}

int template_print(struct arena *arena, const char *text, const struct json_object *document,
		   struct buf *out)
{
	struct str rest = str_of(text);
	while (rest.n) {
		const char *open = memmem(rest.p, rest.n, "{{", 2);
		size_t plain = open ? (size_t)(open - rest.p) : rest.n;
		for (size_t i = 0; i < plain; i++) {
			bool pair = rest.p[i] == '\\' && i + 1 < plain &&
				    (rest.p[i + 1] == 'n' || rest.p[i + 1] == 't');
			buf_putc(out, !pair ? rest.p[i] : rest.p[i + 1] == 'n' ? '\n' : '\t');
			i += pair;
		}
		rest = (struct str){rest.p + plain, rest.n - plain};
		if (!open)
			break;
		const char *close = memmem(rest.p, rest.n, "}}", 2);
		if (!close)
			return fail(-EINVAL, "--format: '{{' without '}}'");
		struct str action = {rest.p + 2, (size_t)(close - rest.p) - 2};
		TRY(print_action(arena, action, document, out));
		rest = (struct str){close + 2, rest.n - action.n - 4};
	}
	buf_putc(out, '\n');
	return 0;
}
