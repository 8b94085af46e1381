// SPDX-License-Identifier: Apache-2.0
// platform.c - which machines a program runs on
//
// Images name platforms as Go does. A variant is a step of one architecture, each running the
// programs of those before it; where none is given for arm64 it is v8, for arm v7, for amd64 v1.
#include "oci/platform.h"

#include "base/fail.h"

#if defined(__x86_64__)
#define HOST_ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define HOST_ARCHITECTURE "arm64"
#else
#error "no name for this architecture"
#endif

const struct oci_platform platform_host = {.os = "linux", .architecture = HOST_ARCHITECTURE};

// What others call an architecture, and Go's name and variant of it.
static const struct {
	const char *other, *name, *variant;
} spellings[] = {
	{"x86_64", "amd64", NULL},      {"x86-64", "amd64", NULL}, {"aarch64", "arm64", NULL},
	{"i386", "386", NULL},          {"i686", "386", NULL},     {"x86", "386", NULL},
	{"armhf", "arm", "v7"},         {"armel", "arm", "v6"},    {"ppc64el", "ppc64le", NULL},
	{"mips64el", "mips64le", NULL},
};

static const char *const architectures[] = {
	"386",      "amd64",  "arm",   "arm64",   "loong64", "mips",  "mips64",
	"mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm",
};

static const char *usual_variant(const char *architecture)
{
	return str_eq(architecture, "arm64")   ? "v8"
	       : str_eq(architecture, "arm")   ? "v7"
	       : str_eq(architecture, "amd64") ? "v1"
					       : "";
}

static int unknown(const char *text, const char *part)
{
	const char *near = NULL;
	for (size_t i = 0; i < lengthof(architectures) && !near; i++)
		if (str_distance(part, architectures[i]) <= 1)
			near = architectures[i];
	fail(-EINVAL, "--platform '%.64s': wants OS/ARCHITECTURE[/VARIANT], as in linux/arm64",
	     text);
	if (near)
		fail_hint("is '%s' meant?", near);
	return -EINVAL;
}

static bool is_word(struct str part)
{
	for (size_t i = 0; i < part.n; i++) {
		char c = part.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return part.n && part.n < 32;
}

int platform_parse(struct arena *arena, const char *text, struct oci_platform *ret_platform)
{
	struct oci_platform platform = platform_host;
	struct str rest = str_of(text), first = str_cut(&rest, '/');
	struct str second = rest.p ? str_cut(&rest, '/') : (struct str){0};
	if (!is_word(first) || (second.p && !is_word(second)) || (rest.p && !is_word(rest)))
		return unknown(text, "");
	if (second.p)
		platform.os = arena_dup_n(arena, first.p, first.n);
	struct str machine = second.p ? second : first;
	platform.architecture = arena_dup_n(arena, machine.p, machine.n);
	for (size_t i = 0; i < lengthof(spellings); i++) {
		if (!str_eq(platform.architecture, spellings[i].other))
			continue;
		platform.architecture = spellings[i].name;
		platform.variant = spellings[i].variant;
		break;
	}
	if (rest.p)
		platform.variant = arena_dup_n(arena, rest.p, rest.n);
	bool known = false;
	for (size_t i = 0; i < lengthof(architectures); i++)
		known = known || str_eq(platform.architecture, architectures[i]);
	if (!known)
		return unknown(text, platform.architecture);
	if (!str_eq(platform.os, "linux")) {
		fail(-EINVAL, "--platform '%.64s': only programs for Linux run in containers here",
		     text);
		return -EINVAL;
	}
	*ret_platform = platform;
	return 0;
}

// "v7" is 7; what is no such word is 0.
static unsigned variant_number(const char *variant)
{
	uint64_t number;
	if (variant[0] != 'v' || str_number(str_of(variant + 1), 99, &number))
		return 0;
	return (unsigned)number;
}

unsigned platform_fits(const struct oci_platform *wanted, const struct oci_platform *have)
{
	if (!have)
		return 1;
	if (!str_eq(wanted->os, have->os) || !str_eq(wanted->architecture, have->architecture))
		return 0;
	const char *usual = usual_variant(wanted->architecture);
	const char *want = wanted->variant && *wanted->variant ? wanted->variant : usual;
	const char *has = have->variant && *have->variant ? have->variant : usual;
	if (str_eq(want, has))
		return 200;
	unsigned most = variant_number(want), is = variant_number(has);
	return is && is < most ? 100 + is : 0;
}

bool platform_runs(const struct oci_platform *platform)
{
	if (!str_eq(platform->os, "linux"))
		return false;
	if (str_eq(platform->architecture, HOST_ARCHITECTURE))
		return true;
	return str_eq(HOST_ARCHITECTURE, "amd64") && str_eq(platform->architecture, "386");
}

const char *platform_text(struct arena *arena, const struct oci_platform *platform)
{
	bool variant = platform->variant && *platform->variant;
	return arena_printf(arena, "%s/%s%s%s", platform->os, platform->architecture,
			    variant ? "/" : "", variant ? platform->variant : "");
}
