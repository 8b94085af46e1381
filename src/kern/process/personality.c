// SPDX-License-Identifier: Apache-2.0
// personality.c - how old or strange a kernel a process is shown
//
// Each process carries a word of bits, inherited by fork and kept over exec: the low byte is a
// domain, of which two are left, and above it are flags. LINUX32 makes uname(2) call a 64-bit
// machine by its 32-bit name, which build systems ask; ADDR_NO_RANDOMIZE puts everything at the
// same address each time, which debuggers want and attackers, too. Docker's filter lets a container
// choose between LINUX and LINUX32 and nothing else, so the start sets it before the filter.
#include "kern/process/personality.h"

#include "base/sys.h"

#include <sys/personality.h>

static const struct {
	const char *word;
	uint32_t bits;
	bool domain;
} words[] = {
	{"LINUX", PER_LINUX, true},
	{"LINUX32", PER_LINUX32, true},
	{"ADDR_NO_RANDOMIZE", ADDR_NO_RANDOMIZE, false},
	{"ADDR_COMPAT_LAYOUT", ADDR_COMPAT_LAYOUT, false},
	{"ADDR_LIMIT_3GB", ADDR_LIMIT_3GB, false},
	{"ADDR_LIMIT_32BIT", ADDR_LIMIT_32BIT, false},
	{"FDPIC_FUNCPTRS", FDPIC_FUNCPTRS, false},
	{"MMAP_PAGE_ZERO", MMAP_PAGE_ZERO, false},
	{"READ_IMPLIES_EXEC", READ_IMPLIES_EXEC, false},
	{"SHORT_INODE", SHORT_INODE, false},
	{"STICKY_TIMEOUTS", STICKY_TIMEOUTS, false},
	{"UNAME26", UNAME26, false},
	{"WHOLE_SECONDS", WHOLE_SECONDS, false},
};

static bool same(struct str word, const char *upper)
{
	if (word.n != strlen(upper))
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != upper[i])
			return false;
	}
	return true;
}

int personality_find(struct str word, const char **ret_word, uint32_t *ret_bits, bool *ret_domain)
{
	for (size_t i = 0; i < lengthof(words); i++) {
		if (!same(word, words[i].word))
			continue;
		*ret_word = words[i].word;
		*ret_bits = words[i].bits;
		*ret_domain = words[i].domain;
		return 0;
	}
	return -ENOENT;
}

int personality_set(uint32_t bits)
{
	return (int)min_of(sys_call(SYS_personality, bits), 0l);
}
