// SPDX-License-Identifier: Apache-2.0
// test_json.c - what the gate refuses and where, what survives reading, what the writer writes
#include "base/json.h"

#include "base/fail.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void accepts(const char *text)
{
	_cleanup_json_ struct json json = {0};
	if (json_parse("t", str_of(text), &json))
		fail_msg("refused: %s (%s)", text, fault_last()->text);
}

static void refuses_str(struct str text, const char *message)
{
	struct json json = {0};
	assert_int_equal(json_parse("t", text, &json), -EINVAL);
	assert_string_equal(fault_last()->text, message);
	assert_null(json.root);
}

static void refuses(const char *text, const char *message)
{
	refuses_str(str_of(text), message);
}

static void accepts_what_the_grammar_has(void **state unused_)
{
	static const char *const texts[] = {
		"null",
		" true ",
		"\t[ ]\r\n",
		"{}",
		"-0",
		"0.5e-7",
		"1E+2",
		"18446744073709551615",
		"-9223372036854775808",
		"\"\\u00e9\\ud83d\\ude00 \\\" \\/ \xf0\x9f\x98\x80\"",
		"{\"a\":{\"b\":[1,2]},\"b\":{\"a\":null}}",
		"\"\\u0000\"",
		"[\"\x7f\"]",
	};
	for (size_t i = 0; i < lengthof(texts); i++)
		accepts(texts[i]);
}

static void refuses_what_it_lacks(void **state unused_)
{
	refuses("", "t:1:1: the text ends too early");
	refuses("[1,]", "t:1:4: a value is expected here, not ']'");
	refuses("{\"a\":1,}", "t:1:8: a key in double quotes is expected here, not '}'");
	refuses("{\"a\" 1}", "t:1:6: a colon is expected here, not '1'");
	refuses("[1 2]", "t:1:4: a comma or ']' is expected here, not '2'");
	refuses("{'a':1}", "t:1:2: strings are written in double quotes");
	refuses("[1]\n// x", "t:2:1: JSON has no comments");
	refuses("NaN", "t:1:1: a value is expected here, not 'N'");
	refuses("-Infinity", "t:1:2: a digit is expected here, not 'I'");
	refuses("[01]", "t:1:3: a comma or ']' is expected here, not '1'");
	refuses("[1.]", "t:1:4: a digit is expected here, not ']'");
	refuses("[.5]", "t:1:2: a value is expected here, not '.'");
	refuses("[+1]", "t:1:2: a value is expected here, not '+'");
	refuses("[1e]", "t:1:4: a digit is expected here, not ']'");
	refuses("[\"a", "t:1:4: the text ends too early");
	refuses("\"\\x\"", "t:1:3: one of \"\\/bfnrtu is expected here, not 'x'");
	refuses("\"\t\"", "t:1:2: a control character must be escaped");
	refuses("\xef\xbb\xbf{}", "t:1:1: a value is expected here, not byte 0xef");
	refuses("nulL", "t:1:1: a value is expected here, not 'n'");
	refuses("{} {}", "t:1:4: the end of the text is expected here, not '{'");
}

static void refuses_what_readers_differ_about(void **state unused_)
{
	refuses("{\"a\":1,\n \"\\u0061\":2}", "t:2:2: this key stands twice in its object");
	refuses("{\"a\\u0000b\":1}", "t:1:2: a key may not hold NUL");
	refuses("\"\\ud800\"", "t:1:2: half of a surrogate pair");
	refuses("\"\\ude00\"", "t:1:2: half of a surrogate pair");
	refuses("\"\\ud800\\u0041\"", "t:1:2: half of a surrogate pair");
	refuses("\"\xc3\xa9\xed\xa0\x80\"", "t:1:3: these bytes are not UTF-8");
	refuses("\"\xc0\x80\"", "t:1:2: these bytes are not UTF-8");
	refuses("[18446744073709551616]", "t:1:2: this number is out of range");
	refuses("[-9223372036854775809]", "t:1:2: this number is out of range");
	refuses("[1e999]", "t:1:2: this number is out of range");
	refuses_str((struct str){"[1]\0", 4}, "t:1:4: the end of the text is expected here, not "
					      "byte 0x00");
	refuses_str((struct str){"\"\0\"", 3}, "t:1:2: a control character must be escaped");
}

static void limits_depth_and_size(void **state unused_)
{
	char text[2 * JSON_DEPTH_MAX + 3] = {0};
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	accepts(text);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	refuses(text, "t:1:65: too many brackets inside one another");

	char *large = malloc(JSON_BYTES_MAX + 1);
	assert_non_null(large);
	memset(large, ' ', JSON_BYTES_MAX + 1);
	large[0] = '1';
	struct json json = {0};
	assert_int_equal(json_parse("t", (struct str){large, JSON_BYTES_MAX}, &json), 0);
	json_free(&json);
	refuses_str((struct str){large, JSON_BYTES_MAX + 1}, "t: more than 4194304 bytes");
	free(large);
}

static void converts_nothing(void **state unused_)
{
	_cleanup_json_ struct json json = {0};
	struct str text = STR("[18446744073709551615, -1, 1.0, \"7\", true,\n 9223372036854775807, "
			      "\"a\\u0000b\", {\"k\": []}]");
	assert_int_equal(json_parse("t", text, &json), 0);
	int64_t i = 0;
	uint64_t u = 0;
	bool b = false;
	struct json_object *list = json.root;
	assert_int_equal(json_count(list), 8);
	assert_int_equal(json_to_uint(json_item(list, 0), UINT64_MAX, &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(json_to_int(json_item(list, 0), INT64_MIN, INT64_MAX, &i), -ERANGE);
	assert_int_equal(json_to_uint(json_item(list, 1), UINT64_MAX, &u), -ERANGE);
	assert_int_equal(json_to_int(json_item(list, 1), 0, 5, &i), -ERANGE);
	assert_int_equal(json_to_int(json_item(list, 2), 0, 5, &i), -EINVAL);
	assert_int_equal(json_to_int(json_item(list, 3), 0, 9, &i), -EINVAL);
	assert_int_equal(json_to_bool(json_item(list, 1), &b), -EINVAL);
	assert_int_equal(json_to_int(json_item(list, 5), INT64_MIN, INT64_MAX, &i), 0);
	assert_true(i == INT64_MAX);
	struct str nul = json_to_str(json_item(list, 6));
	assert_int_equal(nul.n, 3);
	struct json_place place = json_locate(&json, json_item(list, 5));
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 2);
	place = json_locate(&json, json_member(json_item(list, 7), "k"));
	assert_int_equal(place.column, 41);
}

static void written(void **state unused_)
{
	struct arena arena = {0};
	struct buf compact = buf_new(&arena, 1024), indented = buf_new(&arena, 1024);
	struct json_writer writers[] = {json_writer_new(&compact, JSON_COMPACT),
					json_writer_new(&indented, JSON_INDENTED)};
	for (size_t i = 0; i < lengthof(writers); i++) {
		struct json_writer *json = &writers[i];
		json_open_object(json);
		json_key(json, "a\"b");
		json_open_list(json);
		json_put_int(json, INT64_MIN);
		json_put_uint(json, UINT64_MAX);
		json_put_text(json, "\x1b[0m\n\\ \xc3\xa9 \xff\x7f");
		json_put_text(json, NULL);
		json_close_list(json);
		json_key(json, "e");
		json_open_object(json);
		json_close_object(json);
		json_key(json, "t");
		json_put_bool(json, true);
		json_close_object(json);
	}
	assert_string_equal(compact.p, "{\"a\\\"b\":[-9223372036854775808,18446744073709551615,"
				       "\"\\u001b[0m\\n\\\\ \xc3\xa9 \xef\xbf\xbd\\u007f\",null],"
				       "\"e\":{},\"t\":true}");
	assert_string_equal(indented.p, "{\n"
					"  \"a\\\"b\": [\n"
					"    -9223372036854775808,\n"
					"    18446744073709551615,\n"
					"    \"\\u001b[0m\\n\\\\ \xc3\xa9 \xef\xbf\xbd\\u007f\",\n"
					"    null\n"
					"  ],\n"
					"  \"e\": {},\n"
					"  \"t\": true\n"
					"}");
	accepts(compact.p);
	accepts(indented.p);
	arena_free(&arena);
}

static void characters_are_bytes_and_back(void **state unused_)
{
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		char bytes[4];
		size_t n = utf8_encode(code, bytes);
		bool surrogate = code >= 0xD800 && code <= 0xDFFF;
		assert_int_equal(utf8_length(bytes, n), surrogate ? 0 : n);
		assert_int_equal(utf8_length(bytes, n - 1), 0);
	}
	assert_int_equal(utf8_length("\xf4\x90\x80\x80", 4), 0);
	assert_int_equal(utf8_length("\xe0\x9f\xbf", 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_the_grammar_has),
		cmocka_unit_test(refuses_what_it_lacks),
		cmocka_unit_test(refuses_what_readers_differ_about),
		cmocka_unit_test(limits_depth_and_size),
		cmocka_unit_test(converts_nothing),
		cmocka_unit_test(written),
		cmocka_unit_test(characters_are_bytes_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
