// SPDX-License-Identifier: Apache-2.0
// test_exec_why.c - each way in which a program does not start, and what is said about it
//
// A child calls exec_run on a file made for the case and leaves what it saw in shared memory; here
// that is put into words. As root, cases that are about permissions run as another user.
#include "box/exec/why.h"

#include "base/fail.h"
#include "base/remove.h"
#include "box/exec/look.h"
#include "box/exec/reaper.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { NOBODY = 65534, RETURNED = 99, EXECUTED = 98 };

// Where the child leaves what it saw.
struct report {
	struct exec_why why;
	int result;
	bool announced;
};

static struct arena arena;
static struct report *report;
static char place[] = "/tmp/tare-exec-XXXXXX";
static uid_t as_user;        // whom the child becomes; 0: nobody else
static int (*prepare)(void); // what the child does first
static int reaper = -1;      // of --init, to be executed in between

static const char *in_place(const char *name)
{
	return arena_printf(&arena, "%s/%s", place, name);
}

static const char *make(const char *name, mode_t mode, const void *content, size_t n)
{
	const char *path = in_place(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static const char *make_text(const char *name, mode_t mode, const char *text)
{
	return make(name, mode, text, strlen(text));
}

static int announce(void *context unused_)
{
	report->announced = true;
	return 0;
}

static int child(const char *program, const char *path_variable)
{
	struct exec_own own;
	const char *args[] = {program, "one", NULL};
	const char *env[] = {arena_printf(&arena, "PATH=%s", path_variable), NULL};
	exec_own(&own);
	if (prepare && prepare())
		return 1;
	if (as_user && setresuid(as_user, as_user, as_user))
		return 2;
	const struct exec_reaper init = {reaper, -1, -1};
	report->result = exec_run(&own, args, env, &init, announce, NULL, &report->why);
	return RETURNED;
}

// Returns how the child ended: RETURNED if the program was not executed.
static int run_with(const char *program, const char *path_variable)
{
	int status;
	*report = (struct report){0};
	pid_t pid = fork();
	if (pid == 0)
		_exit(child(program, path_variable));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	as_user = 0;
	prepare = NULL;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in '%s'", part, text);
}

// The program must not start, and that is told with this exit status, text and hint.
static void fails_with(const char *path_variable, const char *program, int code, const char *text,
		       const char *hint)
{
	assert_int_equal(run_with(program, path_variable), RETURNED);
	assert_true(report->result < 0);
	assert_int_equal(report->why.error, report->result);
	fault_clear();
	assert_int_equal(exec_why_fail(&arena, &report->why), report->result);
	says(fault_last()->text, text);
	says(fault_last()->hint, hint);
	assert_int_equal(fault_last()->exit_code, code);
}

static void fails(const char *program, int code, const char *text, const char *hint)
{
	fails_with(place, program, code, text, hint);
}

// Refused before anybody was told that the program starts.
static void is_refused(const char *program)
{
	fails(program, 126, "leads out of the container", "never executed");
	assert_int_equal(report->why.trouble, EXEC_RUNTIME);
	assert_false(report->announced);
}

// --- what starts --------------------------------------------------------------------------------

static void programs_start(void **state unused_)
{
	assert_int_equal(run_with("/bin/true", ""), 0);
	assert_true(report->announced);
	assert_int_equal(run_with("false", "/nowhere:/usr/bin:/bin"), 1);
	assert_int_equal(run_with(make_text("s", 0755, "#!/bin/sh\nexit 42\n"), ""), 42);
	assert_int_equal(run_with("s", place), 42);
	assert_int_equal(run_with(make_text("t", 0755, "#! \t/bin/sh -e\nexit 43\n"), ""), 43);
	assert_int_equal(run_with(make_text("u", 0755, "#!/bin/sh"), ""), 0);
}

static int enter_place(void)
{
	return chdir(place);
}

static void search_is_that_of_execvp(void **state unused_)
{
	make_text("prog", 0755, "#!/bin/sh\nexit 7\n");
	prepare = enter_place;
	assert_int_equal(run_with("prog", "/nowhere:"), 7);
	prepare = enter_place;
	assert_int_equal(run_with("./prog", "/nowhere"), 7);
	assert_int_equal(mkdir(in_place("first"), 0755), 0);
	assert_int_equal(mkdir(in_place("first/prog"), 0755), 0);
	assert_int_equal(run_with("prog", arena_printf(&arena, "%s/first:%s", place, place)), 7);
	fails("first", 127, "no program of that name", "");
	assert_int_equal(run_with("", place), RETURNED);
	assert_int_equal(report->why.trouble, EXEC_UNKNOWN);
}

// --- what is not there --------------------------------------------------------------------------

static void missing_programs(void **state unused_)
{
	make_text("frobnicate", 0755, "#!/bin/sh\n");
	fails("frobnicat", 127, "'frobnicat': no program of that name", "is it 'frobnicate'?");
	fails("quite-another", 127, "no program of that name", "full path");
	fails(in_place("gone"), 127, "no such file", "not of the host");
	fails(in_place("gone/bin/prog"), 127, arena_printf(&arena, "'%s/gone'", place), "");
	fails(in_place("frobnicate/prog"), 127, arena_printf(&arena, "'%s/frobnicate'", place), "");
	fails("\033[31mred", 127, "'\\x1b[31mred'", "");
}

static void missing_interpreters(void **state unused_)
{
	fails(make_text("gone-sh", 0755, "#!/bin/nosuchsh -e\necho\n"), 127,
	      "the script is there; its interpreter '/bin/nosuchsh' is not", "first line");
	fails(make_text("crlf", 0755, "#!/bin/sh\r\necho\r\n"), 127,
	      "the script is there; its interpreter '/bin/sh\\", "carriage return");
	const char *inner = make_text("inner", 0755, "#!/bin/nosuchsh\n");
	fails(make_text("outer", 0755, arena_printf(&arena, "#!%s\n", inner)), 127,
	      arena_printf(&arena, "'%s', the interpreter of '%s/outer': the script is there",
			   inner, place),
	      "first line");
}

// --- other kinds of files -----------------------------------------------------------------------

static void wrong_kinds(void **state unused_)
{
	fails("/tmp", 126, "'/tmp': a directory", "");
	assert_int_equal(mkfifo(in_place("fifo"), 0777), 0);
	fails(in_place("fifo"), 126, "not a regular file", "");
	fails("/dev/null", 126, "not a regular file", "");
	fails(make_text("text", 0755, "echo hi\n"), 126, "no #! line", "begin it with #!/bin/sh");
	fails(make_text("blank", 0755, "#! \necho hi\n"), 126, "no #! line", "");
	fails(make_text("empty", 0755, ""), 126, "no #! line", "");
	fails(make_text("loop", 0755, arena_printf(&arena, "#!%s\n", in_place("loop"))), 126,
	      "symbolic links", "scripts");
}

struct program {
	Elf64_Ehdr file;
	Elf64_Phdr part;
	char loader[32];
};

static struct program program_for(unsigned machine)
{
	struct program it = {
		.file = {.e_type = ET_EXEC,
			 .e_machine = (Elf64_Half)machine,
			 .e_version = EV_CURRENT,
			 .e_phoff = offsetof(struct program, part),
			 .e_ehsize = sizeof(Elf64_Ehdr),
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = 1},
		.part = {.p_type = PT_INTERP,
			 .p_offset = offsetof(struct program, loader),
			 .p_filesz = sizeof("/lib/ld-nowhere.so.1")},
		.loader = "/lib/ld-nowhere.so.1",
	};
	memcpy(it.file.e_ident, ELFMAG, SELFMAG);
	it.file.e_ident[EI_CLASS] = ELFCLASS64;
	it.file.e_ident[EI_DATA] = ELFDATA2LSB;
	it.file.e_ident[EI_VERSION] = EV_CURRENT;
	return it;
}

static void other_machines(void **state unused_)
{
	struct program it = program_for(EM_RISCV);
	fails(make("riscv", 0755, &it, sizeof(it)), 126, "built for riscv", "made for");
	it = program_for(EM_S390 << 8);
	it.file.e_ident[EI_DATA] = ELFDATA2MSB;
	fails(make("s390x", 0755, &it, sizeof(it)), 126, "built for s390x", "made for");
	it = program_for(exec_native_machine());
	fails(make("musl", 0755, &it, sizeof(it)), 127,
	      "the program is there; its dynamic loader '/lib/ld-nowhere.so.1' is not",
	      "another C library");
	fails(make("cut", 0755, &it, 30), 126, "Exec format error", "damaged");
	fails(make_text("by-riscv", 0755, arena_printf(&arena, "#!%s\n", in_place("riscv"))), 126,
	      "built for riscv", "");
}

// --- permissions --------------------------------------------------------------------------------

static void missing_bits(void **state unused_)
{
	as_user = geteuid() ? 0 : NOBODY;
	fails(make_text("plain", 0644, "#!/bin/sh\n"), 126, "may not execute it", "chmod a+x");
	const char *interpreter = make_text("plain-sh", 0644, "text\n");
	fails(make_text("by-plain", 0755, arena_printf(&arena, "#!%s\n", interpreter)), 126,
	      arena_printf(&arena, "'%s', the interpreter of '%s/by-plain': user", interpreter,
			   place),
	      "chmod a+x");
	if (geteuid())
		return;
	as_user = NOBODY;
	fails(make_text("owners", 0700, "#!/bin/sh\n"), 126, "user 65534 may not execute it",
	      "its group's or others'");
	assert_int_equal(mkdir(in_place("closed"), 0700), 0);
	make_text("closed/prog", 0755, "#!/bin/sh\n");
	as_user = NOBODY;
	fails(in_place("closed/prog"), 126,
	      arena_printf(&arena, "user 65534 may not pass the directory '%s/closed'", place),
	      "chmod a+x the directory");
	as_user = NOBODY;
	fails_with(in_place("closed"), "prog", 126, "may not pass the directory", "");
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd);
}

static int become_root(void)
{
	const char *users = arena_printf(&arena, "0 %u 1", geteuid());
	const char *groups = arena_printf(&arena, "0 %u 1", getegid());
	return unshare(CLONE_NEWUSER) || put("/proc/self/setgroups", "deny") ||
	       put("/proc/self/uid_map", users) || put("/proc/self/gid_map", groups);
}

static int mount_noexec(void)
{
	if ((geteuid() && become_root()) || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/mnt", "tmpfs", MS_NOEXEC, NULL))
		return -1;
	int fd = open("/mnt/prog", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	return fd < 0 || write(fd, "#!/bin/sh\n", 10) != 10 || close(fd);
}

static void mounts_without_exec(void **state unused_)
{
	prepare = mount_noexec;
	if (run_with("/mnt/prog", "") == 1) {
		print_message("skipped: no mount namespace is to be had here\n");
		skip();
	}
	prepare = mount_noexec;
	fails("/mnt/prog", 126, "noexec", "--tmpfs PATH:exec");
}

static void busy_programs(void **state unused_)
{
	const char *path = make_text("busy", 0755, "#!/bin/sh\n");
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	fails(path, 126, "Text file busy", "open for writing");
	close(fd);
}

// --- the runtime's own binary -------------------------------------------------------------------

static void the_runtime_is_refused(void **state unused_)
{
	char self[4096] = "";
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	is_refused("/proc/self/exe");
	is_refused("/proc/thread-self/exe");
	is_refused(self);
	assert_int_equal(symlink("/proc/self/exe", in_place("link")), 0);
	is_refused(in_place("link"));
	is_refused("link");
	is_refused(make_text("a", 0755, "#!/proc/self/exe\n"));
	is_refused(make_text("b", 0755, "#! /proc/self/exe run x\n"));
	is_refused(make_text("c", 0755, arena_printf(&arena, "#!%s\n", in_place("a"))));
	is_refused(make_text("d", 0755, arena_printf(&arena, "#!%s\n", in_place("link"))));
}

// The kernel reads 256 bytes of a script, so a name as long as that must be looked at whole.
static void however_long_its_name_is(void **state unused_)
{
	static const char end[] = "proc/self/exe\n";
	char text[257] = "#!";
	for (size_t length = 20; length <= 256; length++) {
		size_t n = length - strlen(end);
		memset(text + 2, '/', n - 2);
		memcpy(text + n, end, sizeof(end));
		is_refused(make("long", 0755, text, length));
	}
}

static void however_deep_the_scripts_are(void **state unused_)
{
	const char *last = "/proc/self/exe";
	for (int deep = 1; deep <= 5; deep++) {
		last = make_text(arena_printf(&arena, "deep%d", deep), 0755,
				 arena_printf(&arena, "#!%s\n", last));
		is_refused(last);
	}
}

static void the_loader_may_not_be_a_link_of_proc(void **state unused_)
{
	struct program it = program_for(exec_native_machine());
	memcpy(it.loader, "/proc/self/exe", sizeof("/proc/self/exe"));
	it.part.p_filesz = sizeof("/proc/self/exe");
	is_refused(make("loaded", 0755, &it, sizeof(it)));
}

// What the kernel does not check may say anything.
static void whatever_the_headers_claim(void **state unused_)
{
	struct program it = program_for(exec_native_machine());
	memcpy(it.loader, "/proc/self/exe", sizeof("/proc/self/exe"));
	it.part.p_filesz = sizeof("/proc/self/exe");
	it.file.e_ident[EI_CLASS] = ELFCLASS32;
	is_refused(make("liar32", 0755, &it, sizeof(it)));
	it.file.e_ident[EI_CLASS] = ELFCLASS64;
	it.file.e_ident[EI_DATA] = ELFDATA2MSB;
	is_refused(make("liar_big", 0755, &it, sizeof(it)));
}

static void however_far_its_loader_is(void **state unused_)
{
	struct {
		struct program it;
		char loader[600];
	} far = {.it = program_for(exec_native_machine())};
	memset(far.loader, '/', sizeof(far.loader));
	memcpy(far.loader + 500, "proc/self/exe", sizeof("proc/self/exe"));
	far.it.part.p_offset = sizeof(far.it);
	far.it.part.p_filesz = 500 + sizeof("proc/self/exe");
	fails(make("far", 0755, &far, sizeof(far)), 126, "dynamic loader is longer than", "");
	assert_false(report->announced);

	struct {
		Elf64_Ehdr file;
		Elf64_Phdr part[1000];
		char loader[32];
	} late = {.file = program_for(exec_native_machine()).file};
	late.file.e_phoff = sizeof(late.file);
	late.file.e_phnum = 1000;
	late.part[999] = far.it.part;
	late.part[999].p_offset = sizeof(late) - sizeof(late.loader);
	late.part[999].p_filesz = sizeof("/proc/self/exe");
	memcpy(late.loader, "/proc/self/exe", sizeof("/proc/self/exe"));
	is_refused(make("late", 0755, &late, sizeof(late)));
}

// The kernel reads the first line of a script that its user may only execute.
static void what_cannot_be_read_is_not_trusted(void **state unused_)
{
	const char *path = make_text("sealed", 0711, "#!/proc/self/exe\n");
	if (geteuid())
		assert_int_equal(chmod(path, 0111), 0);
	as_user = geteuid() ? 0 : NOBODY;
	fails(path, 126, "but not read it", "chmod a+r");
	assert_false(report->announced);
}

// The reaper can tell the parent an errno only, so what can be is found out before.
static void reasons_are_told_before_a_reaper_starts(void **state unused_)
{
	struct program it = program_for(exec_native_machine());
	const char *interpreter = make_text("r-plain", 0644, "text\n");
	reaper = reaper_open();
	assert_true(reaper >= 0);
	assert_int_equal(run_with(make_text("r-sh", 0755, "#!/bin/sh\nexit 42\n"), ""), 42);
	assert_true(report->announced);
	assert_int_equal(run_with("r-sh", place), 42);
	fails("r-shh", 127, "no program of that name", "is it 'r-sh'?");
	assert_false(report->announced);
	fails(in_place("gone"), 127, "no such file", "");
	fails("/tmp", 126, "a directory", "");
	fails(interpreter, 126, "may not execute it", "chmod a+x");
	fails(make_text("r-lost", 0755, "#!/bin/nosuchsh\n"), 127,
	      "its interpreter '/bin/nosuchsh'", "");
	fails(make_text("r-by-plain", 0755, arena_printf(&arena, "#!%s\n", interpreter)), 126,
	      "', the interpreter of '", "chmod a+x");
	fails(make("r-musl", 0755, &it, sizeof(it)), 127, "its dynamic loader", "");
	is_refused("/proc/self/exe");
	close(reaper);
	reaper = -1;
}

static int make_place(void **state unused_)
{
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return report == MAP_FAILED || !mkdtemp(place) || chmod(place, 0755);
}

static int remove_place(void **state unused_)
{
	arena_free(&arena);
	return remove_tree(AT_FDCWD, place);
}

int main(int argc, char **argv unused_)
{
	if (argc > 1) // executed by a case, which is what must not happen
		return EXECUTED;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_start),
		cmocka_unit_test(search_is_that_of_execvp),
		cmocka_unit_test(missing_programs),
		cmocka_unit_test(missing_interpreters),
		cmocka_unit_test(wrong_kinds),
		cmocka_unit_test(other_machines),
		cmocka_unit_test(missing_bits),
		cmocka_unit_test(mounts_without_exec),
		cmocka_unit_test(busy_programs),
		cmocka_unit_test(the_runtime_is_refused),
		cmocka_unit_test(however_long_its_name_is),
		cmocka_unit_test(however_deep_the_scripts_are),
		cmocka_unit_test(the_loader_may_not_be_a_link_of_proc),
		cmocka_unit_test(whatever_the_headers_claim),
		cmocka_unit_test(however_far_its_loader_is),
		cmocka_unit_test(what_cannot_be_read_is_not_trusted),
		cmocka_unit_test(reasons_are_told_before_a_reaper_starts),
	};
	return cmocka_run_group_tests(tests, make_place, remove_place);
}
