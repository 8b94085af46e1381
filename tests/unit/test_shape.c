// SPDX-License-Identifier: Apache-2.0
// test_shape.c - one table reads, prints and fills in a struct
#include "base/shape.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

struct port {
	const char *protocol;
	uint32_t number;
};

struct house {
	const char *name;
	bool open;
	int64_t floor;
	uint64_t rooms;
	uint32_t mode;
	int64_t memory_limit; // in the document: limits.memory.limit
	const char **words;
	size_t words_n;
	const uint32_t *numbers;
	size_t numbers_n;
	struct port *ports;
	size_t ports_n;
	struct port door;
	struct port *back_door;
	struct shape_pair *labels;
	size_t labels_n;
	const char **volumes;
	size_t volumes_n;
	struct port *gates; // by protocol
	size_t gates_n;
	const char *garden; // whatever
	const char *roof;
	const char **unknown;
	size_t unknown_n;
};

static const char *check_word(const char *text)
{
	return text[0] ? NULL : "a word";
}

static const struct shape_field port_fields[] = {
	SHAPE_TEXT_OF("protocol", struct port, protocol),
	SHAPE_UINT32_OF("number", struct port, number, .flags = SHAPE_REQUIRED, .most = 65535),
};
static const struct shape port_shape = SHAPE("port", struct port, port_fields);

static const struct shape_field gate_fields[] = {
	SHAPE_UINT32_OF("number", struct port, number),
};
static const struct shape gate_shape = SHAPE("gate", struct port, gate_fields);

static const struct shape_word roofs[] = {{"flat", 1}, {"steep", 2}, {NULL, 0}};

static const struct shape_field memory_fields[] = {
	SHAPE_INT64_OF("limit", struct house, memory_limit, .absent = INT64_MIN),
};
static const struct shape memory_shape = SHAPE("memory", struct house, memory_fields);

static const struct shape_field limits_fields[] = {
	SHAPE_INLINE("memory", &memory_shape),
};
static const struct shape limits_shape = SHAPE("limits", struct house, limits_fields);

static const struct shape_field house_fields[] = {
	SHAPE_TEXT_OF("name", struct house, name, .flags = SHAPE_REQUIRED),
	SHAPE_BOOL_OF("open", struct house, open, .absent = true),
	SHAPE_INT64_OF("floor", struct house, floor, .least = -2, .most = 7),
	SHAPE_UINT64_OF("rooms", struct house, rooms, .absent = -1),
	SHAPE_MODE_OF("mode", struct house, mode, .absent = 0644),
	SHAPE_INLINE("limits", &limits_shape),
	SHAPE_TEXTS_OF("words", struct house, words, words_n, .check = check_word),
	SHAPE_UINT32S_OF("numbers", struct house, numbers, numbers_n),
	SHAPE_OBJECTS_OF("ports", struct house, ports, ports_n, struct port, &port_shape),
	SHAPE_OBJECT_OF("door", struct house, door, struct port, &port_shape),
	SHAPE_POINTER_OF("backDoor", struct house, back_door, struct port, &port_shape),
	SHAPE_PAIRS_OF("labels", struct house, labels, labels_n),
	SHAPE_NAMES_OF("volumes", struct house, volumes, volumes_n),
	SHAPE_KEYED_OF("gates", struct house, gates, gates_n, struct port, protocol, &gate_shape,
		       .check = check_word),
	SHAPE_JSON_OF("garden", struct house, garden),
	SHAPE_TEXT_OF("roof", struct house, roof, .words = roofs),
	SHAPE_UNKNOWN_KEYS(struct house, unknown, unknown_n),
};
static const struct shape house_shape = SHAPE("house", struct house, house_fields);

static struct arena arena;

static void every_kind_comes_back_as_it_was(void **state unused_)
{
	static const char document[] =
		"{\"name\":\"h\",\"open\":false,\"floor\":-2,\"rooms\":18446744073709551614,"
		"\"mode\":493,\"limits\":{\"memory\":{\"limit\":-1}},\"words\":[\"a\",\"b\"],"
		"\"numbers\":[5,6],\"ports\":[{\"protocol\":\"tcp\",\"number\":80},{\"number\":1}],"
		"\"door\":{\"number\":2},\"backDoor\":{\"number\":3},\"labels\":{\"x\":\"1\","
		"\"y\":\"\"},\"volumes\":{\"/a\":{},\"/b\":{}}}";
	struct house house;
	assert_int_equal(shape_parse(&arena, &house_shape, str_of(document), &house), 0);
	assert_int_equal(house.floor, -2);
	assert_true(house.rooms == UINT64_MAX - 1);
	assert_int_equal(house.mode, 0755);
	assert_int_equal(house.memory_limit, -1);
	assert_string_equal(house.words[1], "b");
	assert_int_equal(house.numbers[1], 6);
	assert_int_equal(house.ports_n, 2);
	assert_null(house.ports[1].protocol);
	assert_int_equal(house.back_door->number, 3);
	assert_string_equal(house.labels[1].name, "y");
	assert_string_equal(house.volumes[1], "/b");

	struct buf buf = buf_new(&arena, 4096);
	struct json_writer json = json_writer_new(&buf, JSON_COMPACT);
	shape_print(&json, &house_shape, &house);
	assert_string_equal(buf.p, document);
}

static void what_is_not_given_is_not_printed(void **state unused_)
{
	struct house house;
	struct str text = STR("{\"name\": \"\", \"words\": null, \"limits\": {}}");
	assert_int_equal(shape_parse(&arena, &house_shape, text, &house), 0);
	assert_true(house.open);
	assert_true(house.rooms == UINT64_MAX);
	assert_int_equal(house.mode, 0644);
	assert_true(house.memory_limit == INT64_MIN);
	struct buf buf = buf_new(&arena, 4096);
	struct json_writer json = json_writer_new(&buf, JSON_COMPACT);
	shape_print(&json, &house_shape, &house);
	assert_string_equal(buf.p, "{\"name\":\"\"}");
}

static void unknown_keys_are_reported(void **state unused_)
{
	struct house house;
	struct str text = STR("{\"name\":\"\",\"x\":1,\"limits\":{\"cpu\":{\"y\":1}},"
			      "\"ports\":[{\"number\":1,\"\\u001b\":null}]}");
	assert_int_equal(shape_parse(&arena, &house_shape, text, &house), 0);
	assert_int_equal(house.unknown_n, 3);
	assert_string_equal(house.unknown[0], "x");
	assert_string_equal(house.unknown[1], "limits.cpu");
	assert_string_equal(house.unknown[2], "ports[0].\\u001b");
	struct port port;
	assert_int_equal(shape_parse(&arena, &port_shape, STR("{\"number\":1,\"x\":2}"), &port),
			 -EINVAL);
	assert_string_equal(fault_last()->text, "port:1:17: x: is not a key of this document");
}

static void refuses(const char *text, const char *message)
{
	struct house house = {.floor = 77};
	assert_int_equal(shape_parse(&arena, &house_shape, str_of(text), &house), -EINVAL);
	assert_string_equal(fault_last()->text, message);
	assert_int_equal(house.floor, 77);
}

static void errors_name_the_place(void **state unused_)
{
	refuses("[]", "house:1:1: the document: wants an object, not a list");
	refuses("null", "house:1:1: the document: wants an object, not null");
	refuses("{\"open\":true}", "house:1:1: the document: lacks 'name'");
	refuses("{\"name\":\"\",\n\"limits\":{\"memory\":{\"limit\":\"1g\"}}}",
		"house:2:29: limits.memory.limit: wants a whole number, not text");
	refuses("{\"name\":\"\",\"floor\":1.5}", "house:1:20: floor: wants a whole number");
	refuses("{\"name\":\"\",\"floor\":8}", "house:1:20: floor: wants a number from -2 to 7");
	refuses("{\"name\":\"\",\"rooms\":-1}",
		"house:1:20: rooms: wants a number from 0 to 18446744073709551615");
	refuses("{\"name\":\"\",\"mode\":65536}",
		"house:1:19: mode: wants a number from 0 to 65535");
	refuses("{\"name\":\"\",\"words\":[\"a\",null]}",
		"house:1:20: words[1]: wants text, not null");
	refuses("{\"name\":\"\",\"words\":[\"\"]}", "house:1:21: words[0]: wants a word");
	refuses("{\"name\":\"a\\u0000\"}", "house:1:9: name: holds NUL");
	refuses("{\"name\":\"\",\"ports\":[{\"number\":1},{}]}",
		"house:1:34: ports[1]: lacks 'number'");
	refuses("{\"name\":\"\",\"ports\":[{\"number\":65536}]}",
		"house:1:31: ports[0].number: wants a number from 0 to 65535");
	refuses("{\"name\":\"\",\"volumes\":{\"/a\":{\"b\":1}}}",
		"house:1:28: volumes./a: wants an empty object");
	refuses("{\"name\":\"\",\"labels\":{\"a\":1}}",
		"house:1:26: labels.a: wants text, not a number");
	refuses("{\"name\":1", "house:1:10: the text ends too early");
}

static void keyed_and_foreign_objects(void **state unused_)
{
	struct house house;
	struct buf buf = buf_new(&arena, 4096);
	assert_int_equal(
		shape_parse(&arena, &house_shape,
			    STR("{\"name\": \"h\", \"gates\": {\"north\": {\"number\": 1}, "
				"\"south\": {}}, \"garden\": {\"b\": [1, 2.50]}, \"roof\": "
				"\"flat\"}"),
			    &house),
		0);
	assert_int_equal(house.gates_n, 2);
	assert_string_equal(house.gates[0].protocol, "north");
	assert_int_equal(house.gates[0].number, 1);
	assert_string_equal(house.gates[1].protocol, "south");
	struct json_writer json = json_writer_new(&buf, JSON_COMPACT);
	shape_print(&json, &house_shape, &house);
	assert_string_equal(buf.p,
			    "{\"name\":\"h\",\"gates\":{\"north\":{\"number\":1},\"south\":{}},"
			    "\"garden\":{\"b\":[1,2.50]},\"roof\":\"flat\"}");
	refuses("{\"name\":\"h\",\"roof\":\"none\"}", "house:1:20: roof: wants one of flat, steep");
	refuses("{\"name\":\"h\",\"garden\":[]}",
		"house:1:22: garden: wants an object, not a list");
	refuses("{\"name\":\"h\",\"gates\":{\"\":{}}}",
		"house:1:25: gates.: its key must be a word");
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keyed_and_foreign_objects),
		cmocka_unit_test(every_kind_comes_back_as_it_was),
		cmocka_unit_test(what_is_not_given_is_not_printed),
		cmocka_unit_test(unknown_keys_are_reported),
		cmocka_unit_test(errors_name_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
