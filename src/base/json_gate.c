// SPDX-License-Identifier: Apache-2.0
// json_gate.c - says whether a text is JSON, strictly, and where it is not
//
// Documents come from registries, bundles and strangers, and two programs that read one document
// differently are how checks are passed by what should not pass. So what readers are known to
// disagree about is refused: a key that stands twice in an object (however its letters are
// escaped), bytes that are no UTF-8, halves of surrogate pairs, NUL in a key, numbers that neither
// 64 bits nor a double can hold, NaN, comments, single quotes, a comma before a bracket, anything
// behind the value.
//
// It is a recursive descent over the grammar of RFC 8259 and builds nothing. Only keys are kept, on
// one stack: at the end of an object those above its mark are sorted, and twins become neighbours.
#include "base/json_gate.h"

#include "base/fail.h"
#include "base/utf8.h"

struct key {
	struct str name; // without escapes
	size_t at;       // where it stands in the text
};

struct gate {
	const char *name;   // of the document
	struct str text;    // all of it
	size_t at;          // the next byte
	unsigned depth;     // objects and lists around it
	size_t values;      // seen so far
	size_t wanted;      // number of the value to locate; SIZE_MAX: none
	size_t wanted_at;   // where it was found
	struct arena arena; // the key stack, and keys that had escapes
	struct key *keys;   // of the open objects, innermost last
	size_t keys_n;      // how many
	size_t keys_room;   // how many fit
};

static int value(struct gate *gate);

static struct json_place place_of(struct str text, size_t at)
{
	struct json_place place = {1, 1};
	for (size_t i = 0; i < at; i++) {
		if (text.p[i] == '\n')
			place = (struct json_place){place.line + 1, 1};
		else if (((unsigned char)text.p[i] & 0xC0) != 0x80)
			place.column++;
	}
	return place;
}

static int refuse(struct gate *gate, size_t at, const char *reason)
{
	struct json_place place = place_of(gate->text, at);
	return fail(-EINVAL, "%s:%zu:%zu: %s", gate->name, place.line, place.column, reason);
}

static int peek(const struct gate *gate)
{
	return gate->at < gate->text.n ? (unsigned char)gate->text.p[gate->at] : -1;
}

static bool take(struct gate *gate, char c)
{
	if (peek(gate) != (unsigned char)c)
		return false;
	gate->at++;
	return true;
}

static void skip_blanks(struct gate *gate)
{
	while (take(gate, ' ') || take(gate, '\n') || take(gate, '\t') || take(gate, '\r'))
		;
}

// Refuses what stands here instead of what was expected; the usual mistakes are called by name.
static int unexpected(struct gate *gate, const char *expected)
{
	char reason[96];
	int c = peek(gate);
	if (c < 0)
		return refuse(gate, gate->at, "the text ends too early");
	if (c == '\'')
		return refuse(gate, gate->at, "strings are written in double quotes");
	if (c == '/' || c == '#')
		return refuse(gate, gate->at, "JSON has no comments");
	if (c >= 0x20 && c < 0x7F)
		snprintf(reason, sizeof(reason), "%s is expected here, not '%c'", expected, c);
	else
		snprintf(reason, sizeof(reason), "%s is expected here, not byte 0x%02x", expected,
			 c);
	return refuse(gate, gate->at, reason);
}

// Four hexadecimal digits.
static int hex4(struct gate *gate, uint32_t *ret_code)
{
	uint32_t code = 0;
	for (int i = 0; i < 4; i++, gate->at++) {
		int c = peek(gate);
		if (c >= '0' && c <= '9')
			code = code * 16 + (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code = code * 16 + (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return unexpected(gate, "a hexadecimal digit");
	}
	*ret_code = code;
	return 0;
}

// What follows "\u": one code, or the two of a surrogate pair.
static int escaped_code(struct gate *gate, uint32_t *ret_code)
{
	size_t start = gate->at - 2;
	uint32_t code = 0, low = 0;
	TRY(hex4(gate, &code));
	if (code >= 0xD800 && code <= 0xDFFF) {
		if (code > 0xDBFF || !take(gate, '\\') || !take(gate, 'u'))
			return refuse(gate, start, "half of a surrogate pair");
		TRY(hex4(gate, &low));
		if (low < 0xDC00 || low > 0xDFFF)
			return refuse(gate, start, "half of a surrogate pair");
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	*ret_code = code;
	return 0;
}

// One character of a string, escaped or not.
static int character(struct gate *gate, uint32_t *ret_code, bool *ret_escaped)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	*ret_escaped = take(gate, '\\');
	int c = peek(gate);
	if (*ret_escaped) {
		const char *letter = c > 0 ? strchr(letters, c) : NULL;
		if (!letter && c != 'u')
			return unexpected(gate, "one of \"\\/bfnrtu");
		gate->at++;
		if (!letter)
			return escaped_code(gate, ret_code);
		*ret_code = (uint32_t)meanings[letter - letters];
		return 0;
	}
	if (c < 0)
		return unexpected(gate, "a string's end");
	if (c < 0x20)
		return refuse(gate, gate->at, "a control character must be escaped");
	size_t length = utf8_length(gate->text.p + gate->at, gate->text.n - gate->at);
	if (!length)
		return refuse(gate, gate->at, "these bytes are not UTF-8");
	gate->at += length;
	*ret_code = (uint32_t)c; // more than one byte: of no interest, only not zero
	return 0;
}

// A string, the opening quote already taken. Tells whether it has escapes and holds a NUL.
static int string(struct gate *gate, bool *ret_escapes, bool *ret_nul)
{
	*ret_escapes = *ret_nul = false;
	while (!take(gate, '"')) {
		uint32_t code = 0;
		bool escaped = false;
		TRY(character(gate, &code, &escaped));
		*ret_escapes |= escaped;
		*ret_nul |= code == 0;
	}
	return 0;
}

// A key without its escapes, by reading it a second time.
static struct str unescape(struct gate *gate, size_t start, size_t end)
{
	char *name = arena_alloc(&gate->arena, end - start, 1);
	size_t n = 0, back = gate->at;
	for (gate->at = start; gate->at < end;) {
		uint32_t code = 0;
		bool escaped = false;
		size_t from = gate->at;
		(void)character(gate, &code, &escaped);
		if (escaped) {
			n += utf8_encode(code, name + n);
		} else {
			memcpy(name + n, gate->text.p + from, gate->at - from);
			n += gate->at - from;
		}
	}
	gate->at = back;
	return (struct str){name, n};
}

static int key(struct gate *gate)
{
	size_t at = gate->at;
	bool escapes = false, nul = false;
	if (!take(gate, '"'))
		return unexpected(gate, "a key in double quotes");
	TRY(string(gate, &escapes, &nul));
	if (nul)
		return refuse(gate, at, "a key may not hold NUL");
	if (gate->keys_n == gate->keys_room) {
		size_t room = gate->keys_room ? gate->keys_room * 2 : 32;
		struct key *keys = arena_array(&gate->arena, struct key, room);
		if (gate->keys_n)
			memcpy(keys, gate->keys, gate->keys_n * sizeof(*keys));
		gate->keys = keys;
		gate->keys_room = room;
	}
	struct str name = {gate->text.p + at + 1, gate->at - at - 2};
	if (escapes)
		name = unescape(gate, at + 1, gate->at - 1);
	gate->keys[gate->keys_n++] = (struct key){name, at};
	return 0;
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int order = memcmp(a->name.p, b->name.p, min_of(a->name.n, b->name.n));
	if (!order)
		order = (a->name.n > b->name.n) - (a->name.n < b->name.n);
	return order ? order : (a->at > b->at) - (a->at < b->at);
}

static int refuse_twins(struct gate *gate, size_t mark)
{
	size_t n = gate->keys_n - mark;
	if (n < 2) {
		gate->keys_n = mark;
		return 0;
	}
	struct key *keys = gate->keys + mark;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < n; i++) {
		if (keys[i].name.n == keys[i - 1].name.n &&
		    !memcmp(keys[i].name.p, keys[i - 1].name.p, keys[i].name.n))
			return refuse(gate, keys[i].at, "this key stands twice in its object");
	}
	gate->keys_n = mark;
	return 0;
}

// The members of an object or the items of a list, the opening bracket already taken.
static int members(struct gate *gate, bool object)
{
	size_t mark = gate->keys_n;
	char end = object ? '}' : ']';
	if (++gate->depth > JSON_DEPTH_MAX)
		return refuse(gate, gate->at - 1, "too many brackets inside one another");
	skip_blanks(gate);
	bool more = !take(gate, end);
	while (more) {
		skip_blanks(gate);
		if (object) {
			TRY(key(gate));
			skip_blanks(gate);
			if (!take(gate, ':'))
				return unexpected(gate, "a colon");
		}
		TRY(value(gate));
		more = take(gate, ',');
		if (!more && !take(gate, end))
			return unexpected(gate, object ? "a comma or '}'" : "a comma or ']'");
	}
	gate->depth--;
	return object ? refuse_twins(gate, mark) : 0;
}

static size_t digits(struct gate *gate)
{
	size_t start = gate->at;
	while (peek(gate) >= '0' && peek(gate) <= '9')
		gate->at++;
	return gate->at - start;
}

// Whether the number, whose grammar is right, can be held: a whole one by 64 bits, another by a
// double. (The C locale's point is the only one: nothing calls setlocale.)
static bool can_hold(struct str text, bool whole)
{
	char copy[400];
	uint64_t number;
	if (whole && text.p[0] == '-')
		return str_number((struct str){text.p + 1, text.n - 1}, (uint64_t)INT64_MAX + 1,
				  &number) == 0;
	if (whole)
		return str_number(text, UINT64_MAX, &number) == 0;
	if (text.n >= sizeof(copy))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return __builtin_isfinite(strtod(copy, NULL));
}

static int number(struct gate *gate)
{
	size_t start = gate->at;
	bool whole = true;
	take(gate, '-');
	if (!take(gate, '0') && !digits(gate))
		return unexpected(gate, "a digit");
	if (take(gate, '.')) {
		whole = false;
		if (!digits(gate))
			return unexpected(gate, "a digit");
	}
	if (take(gate, 'e') || take(gate, 'E')) {
		whole = false;
		if (!take(gate, '+'))
			take(gate, '-');
		if (!digits(gate))
			return unexpected(gate, "a digit");
	}
	if (!can_hold((struct str){gate->text.p + start, gate->at - start}, whole))
		return refuse(gate, start, "this number is out of range");
	return 0;
}

static bool take_word(struct gate *gate, const char *word)
{
	size_t n = strlen(word);
	if (gate->text.n - gate->at < n || memcmp(gate->text.p + gate->at, word, n))
		return false;
	gate->at += n;
	return true;
}

// A value and the blanks around it.
static int value(struct gate *gate)
{
	bool escapes = false, nul = false;
	skip_blanks(gate);
	if (gate->values++ == gate->wanted)
		gate->wanted_at = gate->at;
	int c = peek(gate);
	if (take(gate, '{'))
		TRY(members(gate, true));
	else if (take(gate, '['))
		TRY(members(gate, false));
	else if (take(gate, '"'))
		TRY(string(gate, &escapes, &nul));
	else if (c == '-' || (c >= '0' && c <= '9'))
		TRY(number(gate));
	else if (!take_word(gate, "true") && !take_word(gate, "false") && !take_word(gate, "null"))
		return unexpected(gate, "a value");
	skip_blanks(gate);
	return 0;
}

static int document(struct gate *gate)
{
	if (gate->text.n > JSON_BYTES_MAX)
		return fail(-EINVAL, "%s: more than %d bytes", gate->name, JSON_BYTES_MAX);
	TRY(value(gate));
	if (gate->at < gate->text.n)
		return unexpected(gate, "the end of the text");
	return 0;
}

int json_gate(const char *name, struct str text)
{
	struct gate gate = {.name = name, .text = text, .wanted = SIZE_MAX};
	int result = document(&gate);
	arena_free(&gate.arena);
	return result;
}

struct json_place json_gate_locate(struct str text, size_t wanted)
{
	struct gate gate = {.name = "", .text = text, .wanted = wanted};
	(void)document(&gate);
	arena_free(&gate.arena);
	return place_of(text, gate.wanted_at);
}
