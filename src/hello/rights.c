// SPDX-License-Identifier: Apache-2.0
// rights.c - what the kernel would let this process do: capabilities, no_new_privs, seccomp
//
// Root's power is cut into capabilities (capabilities(7)), and a process has five sets of them:
// what counts now (effective), what it may raise (permitted), what a program that is executed may
// keep (inheritable, ambient), and what nothing it ever executes can exceed (bounding). With
// no_new_privs set-user-id programs give nothing. A seccomp filter looks at each system call before
// the kernel does.
#include "hello/report.h"

#include "hello/file.h"
#include "hello/json.h"
#include "hello/text.h"

// In the order of their numbers.
static const char *const names[] = {
	"chown",
	"dac_override",
	"dac_read_search",
	"fowner",
	"fsetid",
	"kill",
	"setgid",
	"setuid",
	"setpcap",
	"linux_immutable",
	"net_bind_service",
	"net_broadcast",
	"net_admin",
	"net_raw",
	"ipc_lock",
	"ipc_owner",
	"sys_module",
	"sys_rawio",
	"sys_chroot",
	"sys_ptrace",
	"sys_pacct",
	"sys_admin",
	"sys_boot",
	"sys_nice",
	"sys_resource",
	"sys_time",
	"sys_tty_config",
	"mknod",
	"lease",
	"audit_write",
	"audit_control",
	"setfcap",
	"mac_override",
	"mac_admin",
	"syslog",
	"wake_alarm",
	"block_suspend",
	"audit_read",
	"perfmon",
	"bpf",
	"checkpoint_restore",
};
enum { NAMES_N = 41 };
static_assert(lengthof(names) == NAMES_N, "up to CAP_CHECKPOINT_RESTORE");

static const struct set {
	const char *key, *field;
} sets[] = {
	{"effective", "CapEff"}, {"permitted", "CapPrm"}, {"inheritable", "CapInh"},
	{"bounding", "CapBnd"},  {"ambient", "CapAmb"},
};

static const char *status(void)
{
	static char *text;
	if (!text)
		text = file_text("/proc/self/status");
	return text ? text : "";
}

static unsigned long long set_bits(const char *field)
{
	char *value = file_field(status(), field);
	return value ? strtoull(value, NULL, 16) : 0;
}

// All that this kernel knows.
static unsigned long long all_bits(void)
{
	char *last = file_word("/proc/sys/kernel/cap_last_cap");
	return (2ULL << (last ? strtoul(last, NULL, 10) : NAMES_N - 1)) - 1;
}

bool rights_has(int capability)
{
	return set_bits("CapEff") >> capability & 1;
}

const char *rights_name(int capability)
{
	static char number[16];
	if (capability < NAMES_N)
		return names[capability];
	snprintf(number, sizeof(number), "%d", capability);
	return number;
}

int rights_seccomp(void)
{
	char *value = file_field(status(), "Seccomp");
	return value ? value[0] - '0' : 0;
}

void rights_json(void)
{
	json_open("capabilities", '{');
	for (size_t i = 0; i < lengthof(sets); i++) {
		unsigned long long bits = set_bits(sets[i].field);
		json_open(sets[i].key, '[');
		for (int cap = 0; cap < 64; cap++) {
			if (bits >> cap & 1)
				json_text(NULL, rights_name(cap));
		}
		json_close(']');
	}
	json_close('}');
	char *value = file_field(status(), "NoNewPrivs");
	json_bool("no_new_privs", value && value[0] == '1');
	json_open("seccomp", '{');
	json_text("mode", (const char *const[]){"none", "strict", "filter"}[rights_seccomp() % 3]);
	value = file_field(status(), "Seccomp_filters");
	json_number("filters", value ? strtol(value, NULL, 10) : 0);
	json_close('}');
}

static char *bits_words(unsigned long long bits)
{
	if (!bits)
		return "none";
	if (bits == all_bits())
		return "every one there is";
	char *words = NULL;
	for (int cap = 0; cap < 64; cap++) {
		if (bits >> cap & 1)
			words = text_join(words, "%s%s", words ? " " : "", rights_name(cap));
	}
	return words;
}

void rights_text(void)
{
	unsigned long long now = set_bits("CapEff"), bound = set_bits("CapBnd");
	text_row("powers now", "%s", bits_words(now));
	if (now && identity_is_mapped())
		text_row("", "(each counts only for what belongs to its user namespace)");
	if (bound == now)
		text_row("at most", "the same: no program it starts can gain another");
	else if (__builtin_popcountll(bound) > 20 && bound != all_bits())
		text_row("at most", "%d of %d", __builtin_popcountll(bound),
			 __builtin_popcountll(all_bits()));
	else
		text_row("at most", "%s", bits_words(bound));
	char *value = file_field(status(), "NoNewPrivs");
	text_row("set-user-id", value && value[0] == '1'
					? "programs like su give nothing new (no_new_privs)"
					: "programs like su may still give powers, up to these");
	text_row("system calls", rights_seccomp() == 2   ? "a filter looks at each (seccomp)"
				 : rights_seccomp() == 1 ? "read, write and exit only (seccomp)"
							 : "all that the kernel has: no filter");
}
