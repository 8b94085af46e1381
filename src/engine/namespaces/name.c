// SPDX-License-Identifier: Apache-2.0
// name.c - what a container is called: its name and its host name
#include "engine/namespaces/name.h"

#include "base/fail.h"
#include "base/str.h"

static const char letters_and_digits[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// clang-format off
static const char *const qualities[] = {
	"able", "agile", "alert", "amber", "ample", "apt", "ardent", "arid",
	"ashen", "astute", "azure", "balmy", "blithe", "bold", "brave", "breezy",
	"brief", "bright", "brisk", "bronze", "calm", "candid", "chief", "civil",
	"clear", "clever", "cosy", "crisp", "curious", "dainty", "deft", "dense",
	"dewy", "direct", "dusky", "eager", "early", "earnest", "easy", "even",
	"exact", "fair", "fast", "festive", "fine", "firm", "fleet", "fluent",
	"fond", "frank", "free", "fresh", "frosty", "gentle", "giddy", "glad",
	"golden", "grand", "green", "hale", "handy", "happy", "hardy", "hazel",
	"honest", "humble", "ideal", "jaunty", "jolly", "keen", "kind", "lean",
	"level", "light", "lively", "lofty", "loyal", "lucid", "lucky", "mellow",
	"merry", "mild", "misty", "modest", "neat", "nimble", "noble", "novel",
	"open", "patient", "placid", "plain", "plucky", "polite", "prime", "prompt",
	"proper", "proud", "pure", "quick", "quiet", "rapid", "ready", "rosy",
	"ruddy", "rustic", "sandy", "serene", "sharp", "silent", "silver", "simple",
	"sleek", "smooth", "snug", "sober", "solid", "spry", "steady", "sturdy",
	"sunny", "swift", "tidy", "tranquil", "true", "vivid", "warm", "witty",
};

static const char *const nouns[] = { // trees, birds, weights and measures
	"acacia", "acre", "alder", "almond", "apple", "ash", "aspen", "avocet",
	"bamboo", "barrel", "beech", "birch", "bittern", "bushel", "buzzard", "carat",
	"cedar", "chain", "cherry", "condor", "coot", "cord", "cormorant", "crane",
	"crow", "cubit", "cuckoo", "curlew", "cypress", "dipper", "dove", "dram",
	"drongo", "dunlin", "eagle", "ebony", "egret", "eider", "elder", "ell",
	"elm", "falcon", "fathom", "fig", "finch", "fir", "firkin", "foot",
	"furlong", "gallon", "gannet", "gill", "ginkgo", "godwit", "goose", "grain",
	"gram", "grebe", "grouse", "gull", "hazelnut", "heron", "hobby", "holly",
	"hoopoe", "hornbeam", "ibis", "inch", "jackdaw", "jay", "juniper", "kestrel",
	"kite", "knot", "lapwing", "larch", "lark", "laurel", "league", "linden",
	"linnet", "litre", "magpie", "maple", "martin", "medlar", "merlin", "mulberry",
	"myrtle", "oak", "olive", "oriole", "osprey", "ounce", "owl", "palm",
	"peck", "pelican", "pine", "pint", "pipit", "plover", "plum", "poplar",
	"puffin", "quail", "quart", "quince", "raven", "robin", "rook", "rowan",
	"sandpiper", "scruple", "shrike", "siskin", "sorrel", "sparrow", "spruce", "starling",
	"stork", "swallow", "teal", "tern", "thrush", "walnut", "willow", "wren",
};
// clang-format on

static_assert(lengthof(qualities) == 128 && lengthof(nouns) == 128,
	      "name_from_id takes seven bits for each");

int name_check(const char *text)
{
	size_t n = strlen(text);
	bool good = n >= 2 && n <= CONTAINER_NAME_MAX && strchr(letters_and_digits, text[0]);
	for (size_t i = 1; good && i < n; i++)
		good = strchr(letters_and_digits, text[i]) || strchr("_.-", text[i]);
	if (good)
		return 0;
	fail(-EINVAL, "--name '%.*s': not a name", CONTAINER_NAME_MAX + 1, text);
	fail_hint("a name has 2 to %d of letters, digits, '_', '.' and '-', and begins with a "
		  "letter or digit",
		  CONTAINER_NAME_MAX);
	return -EINVAL;
}

static bool is_label(struct str label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!strchr(letters_and_digits, label.p[i]) && label.p[i] != '-' &&
		    label.p[i] != '_')
			return false;
	return label.n && label.n <= 63 && label.p[0] != '-' && label.p[label.n - 1] != '-';
}

static int check_host_name(const char *flag, const char *kind, const char *text)
{
	struct str rest = str_of(text);
	bool good = rest.n && rest.n <= HOST_NAME_MAX_BYTES;
	while (good && rest.p)
		good = is_label(str_cut(&rest, '.'));
	if (good)
		return 0;
	fail(-EINVAL, "%s '%.*s': not a %s name", flag, HOST_NAME_MAX_BYTES + 1, text, kind);
	fail_hint("it has at most %d letters, digits, '-' and '_', in parts with dots between",
		  HOST_NAME_MAX_BYTES);
	return -EINVAL;
}

int hostname_check(const char *text)
{
	return check_host_name("--hostname", "host", text);
}

int domainname_check(const char *text)
{
	return check_host_name("--domainname", "domain", text);
}

// Seven bits out of the two hex digits at `p`.
static size_t seven_bits(const char *p)
{
	return (size_t)(str_hex_digit(p[0]) << 4 | str_hex_digit(p[1])) & 127;
}

const char *name_from_id(struct arena *arena, const char *id, size_t turn)
{
	const char *digits = id + 4 * turn;
	return arena_printf(arena, "%s_%s", qualities[seven_bits(digits)],
			    nouns[seven_bits(digits + 2)]);
}
