// SPDX-License-Identifier: Apache-2.0
// test_box_record.c - a container's directory, record and name, also when somebody tampered
#include "box/record/record.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum {
	RACES = 300,
	LOOK = 50000, // µs
};

#define A_KEY "aaaa0000000000000000000000000001"
#define B_KEY "bbbb0000000000000000000000000002"
#define A     A_KEY "00000000000000000000000000000001"
#define B     B_KEY "00000000000000000000000000000002"

static struct arena arena;
static char directory[32];
static struct box_place place;

static struct facts caller; // ours, so that no cgroup is touched as an ordinary user
static const char *command[] = {"/bin/true", "-x"};

static const char *path_of(const char *format, const char *name)
{
	struct buf path = buf_new(&arena, 4096);
	buf_printf(&path, "%s/", directory);
	for (; *format; format++)
		if (*format == '@')
			buf_puts(&path, name);
		else
			buf_putc(&path, *format);
	return path.p;
}

static const char *directory_of(const char *id)
{
	return path_of("root/containers/@", arena_dup_n(&arena, id, BOX_KEY_DIGITS));
}

static const char *record_of(const char *id)
{
	return arena_printf(&arena, "%s/record", directory_of(id));
}

static bool exists(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
}

static int make_roots(void **state unused_)
{
	memcpy(directory, "/tmp/test_box_record.XXXXXX", sizeof("/tmp/test_box_record.XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	place = (struct box_place){path_of("root", ""), path_of("run", "")};
	caller = (struct facts){0};
	caller.uid = geteuid();
	return mkdir(place.root, 0700) || mkdir(place.runroot, 0700);
}

static int remove_roots(void **state unused_)
{
	arena_free(&arena);
	return remove_tree(AT_FDCWD, directory);
}

static void plan_of(struct box_spec *spec, struct plan *plan, const char *id, const char *name)
{
	*spec = (struct box_spec){
		.id = id,
		.name = name,
		.image = "hello",
		.state = directory_of(id),
		.root_directory = place.root,
		.runroot = place.runroot,
	};
	spec->oci.process.args = (struct oci_strings){command, lengthof(command)};
	*plan = (struct plan){.spec = spec, .facts = &caller};
}

// Makes a container and returns the descriptor that holds its lock.
static int create(const char *id, const char *name)
{
	struct box_spec spec;
	struct plan plan;
	int lock = -1;
	plan_of(&spec, &plan, id, name);
	if (box_record_create(&arena, &plan, &lock))
		fail_msg("%s", fault_last()->text);
	return lock;
}

static struct box_record *list(size_t wanted)
{
	struct box_record *records;
	size_t n;
	assert_int_equal(box_record_list(&arena, &place, &records, &n), 0);
	assert_int_equal(n, wanted);
	return records;
}

static void put_record(const char *id, const char *text)
{
	const char *state = directory_of(id);
	const char *name = record_of(id);
	mkdir(path_of("root/containers", ""), 0700);
	mkdir(state, 0700);
	unlink(name);
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static void lives_and_ends(void **state unused_)
{
	struct box_spec spec;
	struct plan plan;
	int lock = create(A, "one");
	struct box_record *record = list(1);
	assert_true(record->running);
	assert_string_equal(record->id, A);
	assert_string_equal(record->name, "one");
	assert_string_equal(record->image, "hello");
	assert_int_equal(record->command.n, 2);
	assert_int_equal(record->exit_code, -1);
	assert_int_equal(record->owner.pid, getpid());
	assert_int_equal(box_record_remove(&arena, &place, &caller, record), BOX_RECORD_RUNNING);
	plan_of(&spec, &plan, A, "one");
	assert_int_equal(box_record_finish(&arena, &plan, lock, 3, false), 0);
	close(lock);
	record = list(1);
	assert_false(record->running);
	assert_int_equal(record->exit_code, 3);
	assert_true(record->finished >= record->created && record->created > 0);
	assert_int_equal(box_record_remove(&arena, &place, &caller, record), 0);
	assert_false(exists(directory_of(A)));
	assert_false(exists(path_of("root/names/@", "one")));
	assert_int_equal(box_record_remove(&arena, &place, &caller, record), 0); // twice is fine
	list(0);
}

static void a_name_is_taken_once(void **state unused_)
{
	struct box_spec spec;
	struct plan plan;
	int lock = create(A, "one"), none = -1;
	plan_of(&spec, &plan, B, "one");
	assert_int_equal(box_record_create(&arena, &plan, &none), -EEXIST);
	assert_string_equal(fault_last()->text,
			    "name 'one': container aaaa00000000 has it already");
	assert_true(*fault_last()->hint);
	assert_int_equal(none, -1);
	assert_false(exists(spec.state));
	box_record_discard(&arena, &plan, none); // of B: A keeps the name
	assert_true(exists(path_of("root/names/@", "one")));
	close(lock);
}

static void a_stale_name_is_free(void **state unused_)
{
	int lock = create(A, "one");
	assert_int_equal(remove_tree(AT_FDCWD, directory_of(A)), 0);
	close(lock);
	lock = create(B, "one");
	assert_string_equal(list(1)->id, B);
	close(lock);
}

static void a_broken_record_has_an_id_only(void **state unused_)
{
	static const char *const texts[] = {
		"",
		"{",
		"null",
		"[]",
		"{}",
		"{\"id\": \"" A "\"}",
		"{\"id\": \"" A_KEY "\", \"name\": \"x\", \"created\": 1}",
		"{\"id\": \"" A_KEY
		"/../../../../../../../../../../x\", \"name\": \"x\", \"created\": 1}",
		"{\"id\": \"" B "\", \"name\": \"other\", \"created\": 1}", // of another
		"{\"id\": 5, \"name\": \"x\", \"created\": 1}",
		"{\"id\": \"" A "\", \"name\": \"x\", \"created\": 1e99}",
		"{\"id\": \"" A "\", \"name\": \"x\", \"created\": 1, \"cgroups\": \"/\"}",
		"{\"id\": \"" A "\", \"name\": \"x\", \"created\": 1, \"cgroups\": [null]}",
	};
	for (size_t i = 0; i < lengthof(texts); i++) {
		put_record(A, texts[i]);
		struct box_record *record = list(1);
		if (record->name || record->cgroups.n || !str_eq(record->id, A_KEY) ||
		    record->running)
			fail_msg("taken: %s", texts[i]);
	}
	unlink(record_of(A));
	assert_int_equal(mkfifo(record_of(A), 0600), 0);
	assert_null(list(1)->name);
	unlink(record_of(A));
	assert_int_equal(symlink("/etc/passwd", record_of(A)), 0);
	assert_null(list(1)->name);
}

static void what_is_no_container_is_not_listed(void **state unused_)
{
	int lock = create(A, "one");
	assert_int_equal(mkdir(path_of("root/containers/.hidden", ""), 0700), 0);
	assert_int_equal(mkdir(path_of("root/containers/@", "abc"), 0700), 0);
	assert_int_equal(mkdir(arena_printf(&arena, "%s0", directory_of(A)), 0700), 0);
	list(1);
	close(lock);
}

// A record that was tampered with names what is not the container's.
static void foreign_things_are_not_removed(void **state unused_)
{
	static const char *const cgroups[] = {"/etc",   "/sys/fs/cgroup/memory",         "",
					      "tare-x", "/sys/fs/cgroup/../tare-x/../x", "/tare-",
					      "@"};
	assert_int_equal(mkdir(path_of("tare-mine", ""), 0700), 0);
	for (size_t i = 0; i < lengthof(cgroups); i++) {
		const char *group = str_eq(cgroups[i], "@") ? path_of("tare-mine", "") : cgroups[i];
		put_record(A, arena_printf(&arena,
					   "{\"id\": \"" A "\", \"name\": \"x\", \"created\": 1, "
					   "\"cgroups\": [\"%s\"]}",
					   group));
		struct box_record *record = list(1);
		assert_int_equal(record->cgroups.n, 1);
		if (box_record_remove(&arena, &place, &caller, record) >= 0)
			fail_msg("'%s' was removed as a cgroup", group);
		assert_true(exists(record->directory));
	}
	assert_true(exists(path_of("tare-mine", "")));
}

static void foreign_names_are_kept(void **state unused_)
{
	static const char *const names[] = {"two", "../victim", ("../containers/" B_KEY), ".", ""};
	int lock = create(B, "two");
	assert_int_equal(symlink(A_KEY, path_of("root/victim", "")), 0);
	for (size_t i = 0; i < lengthof(names); i++) {
		put_record(A, arena_printf(&arena,
					   "{\"id\": \"" A "\", \"name\": \"%s\", \"created\": 1}",
					   names[i]));
		struct box_record *records = list(2);
		struct box_record *record = str_eq(records[0].id, A) ? records : records + 1;
		assert_int_equal(box_record_remove(&arena, &place, &caller, record), 0);
		assert_false(exists(directory_of(A)));
		assert_true(exists(path_of("root/victim", "")));
		assert_true(exists(path_of("root/names/@", "two")));
		assert_true(exists(directory_of(B)));
	}
	close(lock);
}

static void sweeps_what_nobody_runs(void **state unused_)
{
	static const char removed[] =
		"{\"id\": \"" A "\", \"name\": \"gone\", \"created\": 1, \"remove\": true}";
	put_record(A, removed);
	int lock = create(B, "kept");
	close(lock);
	box_record_sweep(&arena, &place, &caller, 0, NULL);
	assert_string_equal(list(1)->id, B); // without --rm it stays
	put_record(A, removed);
	lock = open(directory_of(A), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	box_record_sweep(&arena, &place, &caller, 0, NULL);
	list(2); // it runs
	close(lock);
	box_record_sweep(&arena, &place, &caller, 0, NULL);
	list(1);
}

static pid_t look_for_a_moment(const char *state)
{
	int said[2];
	char word;
	assert_int_equal(pipe2(said, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		bool good = flock(fd, LOCK_SH) == 0 && write(said[1], "", 1) == 1;
		usleep(LOOK);
		_exit(!good);
	}
	assert_int_equal(read(said[0], &word, 1), 1);
	close(said[0]);
	close(said[1]);
	return pid;
}

// As another `tare ps` does.
static void who_looks_does_not_run_it(void **state unused_)
{
	close(create(A, "one"));
	pid_t pid = look_for_a_moment(directory_of(A));
	struct box_record *record = list(1);
	assert_false(record->running);
	assert_int_equal(box_record_remove(&arena, &place, &caller, record), 0);
	list(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static pid_t sweep_for_ever(void)
{
	pid_t pid = fork();
	if (pid == 0)
		for (;;) {
			struct arena own = {0};
			box_record_sweep(&own, &place, &caller, 0, NULL);
			arena_free(&own);
		}
	return pid;
}

// A directory that has no record yet looks like one that was left behind.
static void is_made_while_others_sweep(void **state unused_)
{
	struct box_spec spec;
	struct plan plan;
	pid_t sweeper = sweep_for_ever();
	int failed = 0;
	for (int i = 0; i < RACES; i++) {
		int lock = -1;
		plan_of(&spec, &plan, A, "one");
		failed += box_record_create(&arena, &plan, &lock) < 0;
		if (lock < 0)
			continue;
		box_record_discard(&arena, &plan, lock);
		close(lock);
	}
	kill(sweeper, SIGKILL);
	assert_int_equal(waitpid(sweeper, NULL, 0), sweeper);
	if (failed)
		fail_msg("%d of %d failed: %s", failed, RACES, fault_last()->text);
}

#define IN_ROOTS(test) cmocka_unit_test_setup_teardown(test, make_roots, remove_roots)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ROOTS(lives_and_ends),
		IN_ROOTS(a_name_is_taken_once),
		IN_ROOTS(a_stale_name_is_free),
		IN_ROOTS(a_broken_record_has_an_id_only),
		IN_ROOTS(what_is_no_container_is_not_listed),
		IN_ROOTS(foreign_things_are_not_removed),
		IN_ROOTS(foreign_names_are_kept),
		IN_ROOTS(sweeps_what_nobody_runs),
		IN_ROOTS(who_looks_does_not_run_it),
		IN_ROOTS(is_made_while_others_sweep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
