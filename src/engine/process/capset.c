// SPDX-License-Identifier: Apache-2.0
// capset.c - which capabilities a container may have: Docker's set, --cap-add, --cap-drop
//
// Root's power comes in about forty pieces, the capabilities. A container's root keeps fourteen of
// them, which installing packages and serving a port need; loading modules, mounting or setting
// the clock are not among them. What matters is the bounding set: no program in the container, not
// even one with the set-uid bit, can get what is not in it.
//
// In a user namespace every capability is to be had, as it counts only against what belongs to
// that namespace. Without one the caller can pass on only what he has.
#include "engine/process/capset.h"

#include "base/fail.h"
#include "oci/lists.h"
#include "kern/caps.h"

// What one flag says: names as bits, ALL apart from them, as it counts differently.
struct words {
	uint64_t set;
	bool all;
};

// Puts the flag before what caps_parse said.
static int name_flag(const char *flag)
{
	const struct fault said = *fault_last();
	fail(-EINVAL, "%s: %s", flag, said.text);
	fail_hint("%s", said.hint);
	return -EINVAL;
}

static int words_parse(const char *flag, const struct oci_strings *texts, struct words *ret_words)
{
	struct words words = {0};
	for (size_t i = 0; i < texts->n; i++) {
		uint64_t mask;
		if (caps_parse(texts->item[i], &mask))
			return name_flag(flag);
		if (mask == CAPS_ALL)
			words.all = true;
		else
			words.set |= mask;
	}
	*ret_words = words;
	return 0;
}

// What there is to be had here: of the capabilities with a name those that the kernel knows, and
// without a user namespace those that the caller may pass on.
static uint64_t available(const struct facts *facts)
{
	unsigned last = min_of(facts->last_capability, (unsigned)CAPS_LAST);
	uint64_t known = CAPS_ALL & (CAPS_BIT(last + 1) - 1);
	return facts->uid ? known : known & facts->bounding;
}

// Docker's arithmetic on sets.
static uint64_t tweak(uint64_t base, uint64_t every, struct words add, struct words drop)
{
	if (add.all)
		return every & ~drop.set;
	if (drop.all)
		return add.set;
	return (base & ~drop.set) | add.set;
}

static int check_added(uint64_t added, uint64_t can)
{
	uint64_t lacking = added & ~can;
	if (!lacking)
		return 0;
	fail(-EPERM, "--cap-add %s: the caller does not have it",
	     caps_name((unsigned)__builtin_ctzll(lacking)));
	fail_hint("the bounding set of this process lacks it, or this kernel does");
	return -EPERM;
}

// Making device nodes is only safe where opening them is filtered. In a user namespace the kernel
// refuses to make them.
static int check_mknod(const struct facts *facts, uint64_t added)
{
	if (facts->uid || !(added & CAPS_BIT(CAP_MKNOD)))
		return 0;
	fail(-EPERM, "--cap-add CAP_MKNOD: devices can't be filtered in this container");
	fail_hint("a filter needs a cgroup of its own, with the devices controller (v1) or BPF "
		  "(v2)");
	return -EPERM;
}

int capset_make(const struct run_opts *opts, const struct facts *facts, bool device_rules,
		uint64_t *ret_set)
{
	struct words add = {0}, drop = {0};
	TRY(words_parse("--cap-add", &opts->cap_add, &add));
	TRY(words_parse("--cap-drop", &opts->cap_drop, &drop));
	if (add.all && drop.all)
		return fail(-EINVAL, "--cap-add ALL and --cap-drop ALL contradict each other");
	uint64_t can = available(facts);
	uint64_t base = (opts->privileged ? CAPS_ALL : CAPS_DOCKER) & can;
	uint64_t every = can;
	TRY(check_added(add.set, can));
	if (!device_rules && !opts->privileged) {
		TRY(check_mknod(facts, add.set));
		base &= ~CAPS_BIT(CAP_MKNOD);
		every &= ~CAPS_BIT(CAP_MKNOD);
	}
	*ret_set = tweak(base, every, add, drop);
	return 0;
}

struct oci_strings capset_names(struct arena *arena, uint64_t set)
{
	struct oci_strings names = {0};
	for (unsigned i = 0; i <= CAPS_LAST; i++)
		if (set & CAPS_BIT(i))
			oci_strings_push(arena, &names, caps_name(i));
	return names;
}
