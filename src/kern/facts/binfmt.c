// SPDX-License-Identifier: Apache-2.0
// binfmt.c - which programs the kernel hands to an emulator (binfmt_misc)
//
// execve(2) knows a program by its first bytes. binfmt_misc lets root register more kinds: bytes
// (magic), a mask of those bits that count, and an interpreter that is started instead. qemu's user
// emulators are registered so for the ELF headers of other machines. Without one, a program of
// another machine is "Exec format error".
//
// Each registered handler is a file in /proc/sys/fs/binfmt_misc:
//
//	enabled
//	interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
//	flags: POCF
//	offset 0
//	magic 7f454c460201010000000000000000000200b700
//	mask ffffffffffffff00fffffffffffffffffeffffff
//
// Whether one takes a program is found as the kernel does: by trying it on such a header.
#include "kern/facts/binfmt.h"

#include "base/fd.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>

enum {
	HEADER = 20,       // bytes of an ELF header up to the machine
	HANDLER_MAX = 4096 // bytes of a handler's file
};

static const struct machine {
	const char *architecture; // Go's name
	const char *qemu;         // qemu's
	unsigned char class, data;
	uint16_t machine;
} machines[] = {
	{"amd64", "x86_64", ELFCLASS64, ELFDATA2LSB, EM_X86_64},
	{"386", "i386", ELFCLASS32, ELFDATA2LSB, EM_386},
	{"arm64", "aarch64", ELFCLASS64, ELFDATA2LSB, EM_AARCH64},
	{"arm", "arm", ELFCLASS32, ELFDATA2LSB, EM_ARM},
	{"riscv64", "riscv64", ELFCLASS64, ELFDATA2LSB, EM_RISCV},
	{"ppc64le", "ppc64le", ELFCLASS64, ELFDATA2LSB, EM_PPC64},
	{"ppc64", "ppc64", ELFCLASS64, ELFDATA2MSB, EM_PPC64},
	{"s390x", "s390x", ELFCLASS64, ELFDATA2MSB, EM_S390},
	{"loong64", "loongarch64", ELFCLASS64, ELFDATA2LSB, 258},
	{"mips64le", "mips64el", ELFCLASS64, ELFDATA2LSB, EM_MIPS},
	{"mips64", "mips64", ELFCLASS64, ELFDATA2MSB, EM_MIPS},
	{"mipsle", "mipsel", ELFCLASS32, ELFDATA2LSB, EM_MIPS},
	{"mips", "mips", ELFCLASS32, ELFDATA2MSB, EM_MIPS},
};

static const struct machine *find_machine(const char *architecture)
{
	for (size_t i = 0; i < lengthof(machines); i++)
		if (str_eq(machines[i].architecture, architecture))
			return &machines[i];
	return NULL;
}

const char *binfmt_qemu_name(const char *architecture)
{
	const struct machine *machine = find_machine(architecture);
	return machine ? machine->qemu : NULL;
}

const char *binfmt_architecture(uint16_t machine, uint8_t bits)
{
	unsigned char class = bits == 32 ? ELFCLASS32 : ELFCLASS64;
	for (size_t i = 0; i < lengthof(machines); i++)
		if (machines[i].machine == machine && machines[i].class == class)
			return machines[i].architecture;
	return NULL;
}

static void make_header(const struct machine *machine, unsigned char header[static HEADER])
{
	bool little = machine->data == ELFDATA2LSB;
	memset(header, 0, HEADER);
	memcpy(header, ELFMAG, SELFMAG);
	header[EI_CLASS] = machine->class;
	header[EI_DATA] = machine->data;
	header[EI_VERSION] = EV_CURRENT;
	header[16 + !little] = ET_EXEC;
	header[18 + !little] = (unsigned char)(machine->machine & 0xff);
	header[18 + little] = (unsigned char)(machine->machine >> 8);
}

// Byte `i` of a text of hexadecimal digits; -1: there is none.
static int hex_byte(struct str text, size_t i)
{
	if (2 * i + 2 > text.n)
		return -1;
	int high = str_hex_digit(text.p[2 * i]), low = str_hex_digit(text.p[2 * i + 1]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

struct handler {
	bool enabled;
	bool fixed;
	struct str interpreter, magic, mask;
	uint64_t offset;
};

static bool key_is(struct str line, const char *key, struct str *ret_value)
{
	size_t n = strlen(key);
	if (line.n < n || memcmp(line.p, key, n))
		return false;
	*ret_value = (struct str){line.p + n, line.n - n};
	return true;
}

static struct handler read_handler(struct str text)
{
	struct handler handler = {0};
	struct str line, value;
	while ((line = str_line(&text)).p) {
		if (str_is(line, "enabled"))
			handler.enabled = true;
		else if (key_is(line, "interpreter ", &value))
			handler.interpreter = value;
		else if (key_is(line, "flags: ", &value))
			handler.fixed = memchr(value.p, 'F', value.n);
		else if (key_is(line, "offset ", &value) && str_number(value, 256, &handler.offset))
			handler.enabled = false;
		else if (key_is(line, "magic ", &value))
			handler.magic = value;
		else if (key_is(line, "mask ", &value))
			handler.mask = value;
	}
	return handler;
}

// Whether it is for that machine, on or off.
static bool is_for(const struct handler *handler, const struct machine *machine)
{
	unsigned char header[HEADER];
	size_t n = handler->magic.n / 2;
	if (!machine || !handler->interpreter.n || handler->magic.n % 2 || !n ||
	    handler->offset + n > HEADER)
		return false;
	make_header(machine, header);
	for (size_t i = 0; i < n; i++) {
		int magic = hex_byte(handler->magic, i);
		int mask = handler->mask.n ? hex_byte(handler->mask, i) : 0xff;
		if (magic < 0 || mask < 0 || ((header[handler->offset + i] ^ magic) & mask))
			return false;
	}
	return true;
}

int binfmt_takes(struct arena *arena, struct str text, const char *architecture,
		 const char **ret_interpreter, bool *ret_fixed)
{
	struct handler handler = read_handler(text);
	if (!handler.enabled || !is_for(&handler, find_machine(architecture)))
		return BINFMT_NONE;
	*ret_interpreter = arena_dup_n(arena, handler.interpreter.p, handler.interpreter.n);
	*ret_fixed = handler.fixed;
	return 0;
}

int binfmt_find(struct arena *arena, const char *place, const char *architecture,
		const char **ret_interpreter, bool *ret_fixed)
{
	int result = BINFMT_NONE;
	DIR *directory = opendir(place);
	if (!directory)
		return BINFMT_NONE;
	for (struct dirent *entry; result && (entry = readdir(directory));) {
		struct str text;
		if (entry->d_name[0] == '.' || str_eq(entry->d_name, "register") ||
		    str_eq(entry->d_name, "status"))
			continue;
		if (file_read(arena, dirfd(directory), entry->d_name, HANDLER_MAX, &text))
			continue;
		result = binfmt_takes(arena, text, architecture, ret_interpreter, ret_fixed);
	}
	closedir(directory);
	return result;
}

static bool is_on(struct arena *arena, int directory, bool *ret_there)
{
	struct str text;
	*ret_there = file_read(arena, directory, "status", HANDLER_MAX, &text) == 0;
	return *ret_there && str_is(str_line(&text), "enabled");
}

enum binfmt_state binfmt_look(struct arena *arena, const char *place, const char *architecture,
			      struct binfmt_handler *ret_handler)
{
	const struct machine *machine = find_machine(architecture);
	enum binfmt_state state = BINFMT_NO_HANDLER;
	DIR *directory = opendir(place);
	bool there = false;
	if (directory && !is_on(arena, dirfd(directory), &there))
		state = there ? BINFMT_ALL_OFF : BINFMT_NOT_MOUNTED;
	for (struct dirent *entry; directory && there && (entry = readdir(directory));) {
		struct str text;
		if (entry->d_name[0] == '.' || str_eq(entry->d_name, "register") ||
		    str_eq(entry->d_name, "status") ||
		    file_read(arena, dirfd(directory), entry->d_name, HANDLER_MAX, &text))
			continue;
		struct handler handler = read_handler(text);
		if (!is_for(&handler, machine) || (state == BINFMT_HANDLER && !handler.enabled))
			continue;
		*ret_handler = (struct binfmt_handler){
			.name = arena_dup(arena, entry->d_name),
			.interpreter =
				arena_dup_n(arena, handler.interpreter.p, handler.interpreter.n),
			.enabled = handler.enabled,
			.fixed = handler.fixed,
		};
		if (state == BINFMT_NO_HANDLER)
			state = BINFMT_HANDLER;
	}
	if (directory)
		closedir(directory);
	return directory ? state : BINFMT_NOT_MOUNTED;
}
