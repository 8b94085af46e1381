// SPDX-License-Identifier: Apache-2.0
// golden.c - the plans of many runs, compared with what was written down
//
// A plan depends on the options, the facts of the host and the place it is started from, and on
// nothing else. Here all three are fixed: options are read by the program's own table, facts come
// from facts/NAME.json, the place is written below. So a plan for a kernel that nobody here runs
// can be looked at, needs no rights, and a change of it is seen as a change of text.
//
//	golden DIRECTORY            compare every case, tell the first lines that differ
//	golden --update DIRECTORY   write down what comes out now
//
// What a case looks like stands in README.md.
#include "base/fail.h"
#include "base/fd.h"
#include "box/steps/op.h"
#include "cmd/command.h"
#include "engine/namespaces/joins.h"
#include "oci/lists.h"
#include "engine/namespaces/namespace_choice.h"
#include "engine/run/run_spec.h"
#include "readings.h"
#include "runtime/document.h"
#include "runtime/exec.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	CASE_MAX = 64 * 1024, // bytes of a file
	WORDS_MAX = 64,       // of a command line
	SHOWN_MAX = 6,        // differing lines that are shown of a case
	CASES_LEAST = 30,     // fewer mean that the directory is not the right one
};

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct golden {
	struct arena *arena;
	const char *name; // of the case
	bool update;
	bool met[OP_COUNT]; // ops that some plan has
};

// A case file, taken apart.
struct test_case {
	struct str facts;    // "root-v1-6.18"
	struct str run;      // "--rm --rootfs root /bin/true"; p NULL: a document
	struct str document; // documents/NAME.json
	struct str bundle;   // bundles/NAME.json, as tare-oci takes it
	struct str exec;     // options of tare-oci exec; the container is of bundles/NAME.json
	const char *kind;    // which of these four there is
	struct str asked;    // and what it says
	struct str expected; // what follows the line "---"
};

// --- reading ------------------------------------------------------------------------------------

static bool field(struct str *text, const char *key, struct str *ret_value)
{
	struct str line = str_line(text);
	struct str name = str_cut(&line, ':');
	if (!name.p || !str_is(name, key) || !line.n)
		return false;
	*ret_value = (struct str){line.p + 1, line.n - 1};
	return true;
}

static int read_case(struct arena *arena, const char *name, struct test_case *ret_case)
{
	struct str text;
	const char *path = arena_printf(arena, "cases/%s", name);
	int error = file_read(arena, AT_FDCWD, path, CASE_MAX, &text);
	if (error < 0)
		return fail_sys(error, "read '%s'", path);
	if (!field(&text, "facts", &ret_case->facts))
		return fail(-EINVAL, "%s: it does not begin with facts:", path);
	const struct {
		const char *key;
		struct str *value;
	} kinds[] = {{"run", &ret_case->run},
		     {"document", &ret_case->document},
		     {"bundle", &ret_case->bundle},
		     {"exec", &ret_case->exec}};
	for (size_t i = 0; i < lengthof(kinds); i++) {
		struct str rest = text;
		if (field(&rest, kinds[i].key, kinds[i].value)) {
			ret_case->kind = kinds[i].key;
			ret_case->asked = *kinds[i].value;
			text = rest;
			break;
		}
	}
	if (!ret_case->kind)
		return fail(-EINVAL, "%s: its second line tells no kind of case", path);
	if (!str_is(str_line(&text), "---"))
		return fail(-EINVAL, "%s: its third line is not ---", path);
	ret_case->expected = text.p ? text : STR("");
	return 0;
}

// Words as a shell splits them; quotes of either kind hold a word together, nothing is expanded.
static int split(struct arena *arena, struct str line, char **words)
{
	int n = 1;
	words[0] = arena_dup(arena, "run");
	for (size_t i = 0; i < line.n && n < WORDS_MAX - 1;) {
		struct buf word = buf_new(arena, line.n + 1);
		char quote = '\0';
		for (; i < line.n && (quote || line.p[i] != ' '); i++) {
			if (quote ? line.p[i] == quote : line.p[i] == '\'' || line.p[i] == '"')
				quote = quote ? '\0' : line.p[i];
			else
				buf_putc(&word, line.p[i]);
		}
		words[n++] = word.p;
		while (i < line.n && line.p[i] == ' ')
			i++;
	}
	words[n] = NULL;
	return n;
}

static int read_facts(struct arena *arena, struct str name, struct facts *ret_facts)
{
	struct str text;
	const char *path = arena_printf(arena, "facts/%.*s.json", (int)name.n, name.p);
	int error = file_read(arena, AT_FDCWD, path, CASE_MAX, &text);
	if (error < 0)
		return fail_sys(error, "read '%s'", path);
	return facts_from_json(arena, text, ret_facts);
}

// --- the fixed place ----------------------------------------------------------------------------

static const char *const environment[] = {"HOME=/home/user", "LANG=C.UTF-8",
					  "TOKEN=of-the-caller-itself", NULL};
static const char *masks[] = {"/sys/devices/system/cpu/cpu0/thermal_throttle"};

static struct shape_pair block_devices[] = {{"/dev/disk", "8:0"}, {"/dev/other", "8:16"}};

// What another container has of the ids in etc/subuid.
static struct facts_id_range used_ids[] = {{2000000, 65536}, {101000, 20}};

static const struct engine_place place = {
	.root = "/var/lib/tare",
	.runroot = "/run/tare",
	.id = ID,
	.cwd = "/home/user",
	.environment = environment,
	.hostname = "host.test",
	.etc = "etc",
	.mountinfo = "etc/mountinfo",
	.selinux = "etc/selinux", // is not there
	.dev = "root",            // holds no device nodes: without rights a test can make none
	.block_devices = {block_devices, lengthof(block_devices)},
	.used_uids = {used_ids, lengthof(used_ids)},
	.used_gids = {used_ids, lengthof(used_ids)},
	.processors = 4,
	.processor_masks = {masks, lengthof(masks)},
};

static const char *entrypoint[] = {"/hello"};
static const char *layers[] = {"/var/lib/tare/layers/hello"};
static const struct oci_run_config config = {.entrypoint = {entrypoint, lengthof(entrypoint)}};
static const struct engine_image hello = {
	.name = "hello", .layers = {layers, lengthof(layers)}, .config = &config, .embedded = true};

// An image other than hello: NAME of the command line is the config images/NAME.json.
static int read_image(struct arena *arena, const char *name, struct engine_image *ret_image)
{
	static const char *two[] = {"/var/lib/tare/layers/upper", "/var/lib/tare/layers/lower"};
	struct oci_image_config *document = arena_new(arena, struct oci_image_config);
	struct str text;
	const char *path = arena_printf(arena, "images/%s.json", name);
	int error = file_read(arena, AT_FDCWD, path, CASE_MAX, &text);
	if (error < 0)
		return fail_sys(error, "read '%s'", path);
	TRY(oci_image_config_parse(arena, text, document));
	*ret_image = (struct engine_image){
		.name = name, .layers = {two, lengthof(two)}, .config = &document->config};
	return 0;
}

static struct oci_id_map uid_maps[] = {{0, 1000, 1}, {1, 100000, 65536}};
static struct oci_id_map gid_maps[] = {{0, 1000, 1}, {1, 100000, 65536}};

// What joins_find would find: every container is the one whose first process is 4711.
static int fixed_joins(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		       struct engine_joins *ret_joins)
{
	struct engine_joins joins = {.hostname = "other", .shm = "/proc/4711/root/dev/shm"};
	struct namespace_choice choices[NAMESPACE_COUNT] = {0};
	bool any = false;
	TRY(namespace_choices_parse(opts, choices));
	for (size_t i = 0; i < NAMESPACE_COUNT; i++) {
		if (!choices[i].target)
			continue;
		bool named = choices[i].mode == NAMESPACE_CONTAINER;
		joins.item[i].path =
			named ? arena_printf(arena, "/proc/4711/ns/%s", namespaces[i].file)
			      : choices[i].target;
		joins.item[i].start = named ? 99 : 0;
		any = true;
	}
	if (any && (facts->uid || joins.item[NS_USER].path)) {
		joins.item[NS_USER] = (struct engine_join){"/proc/4711/ns/user", 99, false};
		joins.uid_mappings = uid_maps;
		joins.gid_mappings = gid_maps;
		joins.uid_mappings_n = joins.gid_mappings_n = 2;
	}
	*ret_joins = joins;
	return 0;
}

// --- making -------------------------------------------------------------------------------------

static int read_options(struct arena *arena, struct str line, struct run_opts *ret_opts)
{
	char **words = arena_array(arena, char *, WORDS_MAX);
	struct opt_list rest = {0};
	struct run_opts opts = {0};
	int words_n = split(arena, line, words);
	TRY(opt_parse(arena, &run_table, words_n, words, &opts, &rest));
	size_t images = !opts.rootfs && rest.n ? 1 : 0;
	opts.image = images ? rest.item[0] : NULL;
	opts.args = (struct oci_strings){rest.item + images, rest.n - images};
	*ret_opts = opts;
	return 0;
}

// Values of -e, and what -e NAME and --env-file bring.
static struct oci_strings secrets_of(struct arena *arena, const struct run_opts *opts)
{
	struct oci_strings secrets = {0};
	for (size_t i = 0; i < opts->env.n; i++) {
		const char *equals = strchr(opts->env.item[i], '=');
		if (equals && equals[1])
			oci_strings_push(arena, &secrets, equals + 1);
	}
	oci_strings_push(arena, &secrets, "of-the-caller-itself");
	oci_strings_push(arena, &secrets, "of-a-file");
	return secrets;
}

static void add_maps(struct buf *out, const char *kind, const struct id_map *map, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s map: %u %u %u\n", kind, map[i].inside, map[i].outside,
			   map[i].count);
}

static void add_environment(struct buf *out, const struct plan *plan)
{
	buf_puts(out, "environment:");
	for (size_t i = 0; i < plan->envp_n; i++) {
		struct str variable = str_of(plan->envp[i]);
		struct str name = str_cut(&variable, '=');
		buf_printf(out, " %.*s", (int)name.n, name.p);
	}
	buf_puts(out, plan->home ? " HOME\n" : "\n");
}

// What steps refer to and do not repeat. The system call filter is that of the machine that this
// was built on, so nothing is told of it.
static void add_rest(struct buf *out, const struct plan *plan)
{
	const struct oci_linux *linux_ = &plan->spec->oci.linux_;
	buf_puts(out, "namespaces:");
	for (size_t i = 0; i < linux_->namespaces_n; i++)
		buf_printf(out, " %s%s", linux_->namespaces[i].type,
			   linux_->namespaces[i].path ? " (joined)" : "");
	buf_putc(out, '\n');
	add_maps(out, "user", plan->maps.uid, plan->maps.uid_n);
	add_maps(out, "group", plan->maps.gid, plan->maps.gid_n);
	add_maps(out, "between, user", plan->outer.uid, plan->outer.uid_n);
	add_maps(out, "between, group", plan->outer.gid, plan->outer.gid_n);
	for (size_t i = 0; i < plan->spec->layers.n; i++)
		buf_printf(out, "layer: %s\n", plan->spec->layers.item[i]);
	if (plan->device_program_n)
		buf_printf(out, "device filter: %zu instructions\n", plan->device_program_n);
	if (plan->share_memory)
		buf_puts(out, "memory: shared until exec\n");
	buf_puts(out, "program:");
	for (const char **argument = plan->argv; *argument; argument++) {
		buf_putc(out, ' ');
		buf_shell(out, *argument);
	}
	buf_putc(out, '\n');
	add_environment(out, plan);
}

// A bundle's document, as a container of its own.
static int document_spec(struct arena *arena, struct str name, struct box_spec *ret_spec)
{
	struct box_spec spec = {
		.id = ID,
		.state = "/run/tare/containers/" ID,
		.root_directory = "/var/lib/tare",
		.runroot = "/run/tare",
		.cgroups = true,
		.device_rules = true,
	};
	struct str text;
	const char *path = arena_printf(arena, "documents/%.*s.json", (int)name.n, name.p);
	int error = file_read(arena, AT_FDCWD, path, CASE_MAX, &text);
	if (error < 0)
		return fail_sys(error, "read '%s'", path);
	TRY(oci_spec_parse(arena, text, &spec.oci));
	TRY(oci_spec_check(&spec.oci));
	spec.seccomp = spec.oci.linux_.seccomp ? BOX_SECCOMP_PROFILE : BOX_SECCOMP_UNCONFINED;
	*ret_spec = spec;
	return 0;
}

static int run_spec(struct arena *arena, const struct test_case *test, const struct facts *facts,
		    struct oci_strings *ret_secrets, struct box_spec *ret_spec)
{
	struct run_opts opts;
	TRY(read_options(arena, test->run, &opts));
	struct engine_image image = hello;
	if (opts.image && !str_eq(opts.image, "hello"))
		TRY(read_image(arena, opts.image, &image));
	struct engine_place here = place;
	struct engine_joins joins;
	TRY(fixed_joins(arena, &opts, facts, &joins));
	here.joins = &joins;
	*ret_secrets = secrets_of(arena, &opts);
	return engine_run_spec(arena, &opts, facts, &here, opts.image ? &image : NULL, ret_spec);
}

// A bundle with a terminal has a socket that this is sent to.
static int bundle_plan(struct golden *golden, const char *name, const struct facts *facts,
		       struct bundle *bundle, struct box_spec *ret_spec, struct plan *ret_plan)
{
	struct arena *arena = golden->arena;
	struct runtime_call call = {.arena = arena};
	struct container container = {.id = "web", .path = "/run/tare-oci/web"};
	struct document_want want = {0};
	const char *path = arena_printf(arena, "bundles/%s.json", name);
	int error = file_read(arena, AT_FDCWD, path, CASE_MAX, &bundle->text);
	if (error < 0)
		return fail_sys(error, "read '%s'", path);
	bundle->path = "/bundle";
	TRY(oci_spec_parse(arena, bundle->text, &bundle->spec));
	if (bundle->spec.process.terminal)
		want.console = "/run/console.sock";
	call.opts.systemd_cgroup = facts->bus; // a host's facts have one when it was asked for
	TRY(document_box(&call, bundle, facts, &container, &want, ret_spec));
	return plan_build(arena, ret_spec, facts, ret_plan);
}

// The container of that bundle, as it is remembered.
static struct container running(struct arena *arena, const struct plan *plan)
{
	struct container container = {
		.id = "web", .path = "/run/tare-oci/web", .pidfd = -1, .first.pid = 4711};
	for (size_t i = 0; i < plan->steps_n; i++)
		if (plan->steps[i].op == OP_CGROUP)
			oci_strings_add(arena, &container.cgroups, plan->steps[i].a);
	return container;
}

static int exec_plan(struct golden *golden, const struct test_case *test, const struct facts *facts,
		     struct box_spec *ret_spec, struct plan *ret_plan)
{
	struct arena *arena = golden->arena;
	struct runtime_call call = {.arena = arena};
	struct box_target *target = arena_new(arena, struct box_target);
	char **words = arena_array(arena, char *, WORDS_MAX);
	int words_n = split(arena, test->exec, words);
	struct opt_list rest = {0};
	struct exec_opts opts = {0};
	struct bundle bundle = {0};
	struct plan start;
	TRY(opt_parse(arena, &runtime_exec_table, words_n, words, &opts, &rest));
	if (!rest.n)
		return fail(-EINVAL, "exec: no container is named");
	opts.process.args = (struct oci_strings){rest.item + 1, rest.n - 1};
	TRY(bundle_plan(golden, rest.item[0], facts, &bundle, ret_spec, &start));
	struct container container = running(arena, &start);
	TRY(exec_spec(&call, &opts, &container, &bundle.spec, facts, target, ret_spec));
	return plan_build_exec(arena, ret_spec, facts, ret_plan);
}

static int runtime_plan(struct golden *golden, const struct test_case *test,
			const struct facts *facts, struct box_spec *ret_spec, struct plan *ret_plan)
{
	struct bundle bundle = {0};
	if (test->exec.p)
		return exec_plan(golden, test, facts, ret_spec, ret_plan);
	struct str name = str_word(&(struct str){test->bundle.p, test->bundle.n});
	return bundle_plan(golden, arena_dup_n(golden->arena, name.p, name.n), facts, &bundle,
			   ret_spec, ret_plan);
}

static int engine_plan(struct golden *golden, const struct test_case *test,
		       const struct facts *facts, struct oci_strings *secrets,
		       struct box_spec *ret_spec, struct plan *ret_plan)
{
	struct arena *arena = golden->arena;
	TRY(test->document.p ? document_spec(arena, test->document, ret_spec)
			     : run_spec(arena, test, facts, secrets, ret_spec));
	return plan_build(arena, ret_spec, facts, ret_plan);
}

static int make_plan(struct golden *golden, const struct test_case *test, struct buf *out)
{
	struct arena *arena = golden->arena;
	struct oci_strings secrets = {0};
	struct facts facts;
	struct box_spec spec;
	struct plan plan;
	TRY(read_facts(arena, test->facts, &facts));
	TRY(test->bundle.p || test->exec.p
		    ? runtime_plan(golden, test, &facts, &spec, &plan)
		    : engine_plan(golden, test, &facts, &secrets, &spec, &plan));
	TRY(readings_check(arena, &plan, &secrets, golden->met));
	for (size_t i = 0; i < spec.notices.n; i++)
		buf_printf(out, "notice: %s\n", spec.notices.item[i]);
	plan_text(out, &plan);
	add_rest(out, &plan);
	return 0;
}

static struct str make_text(struct golden *golden, const struct test_case *test)
{
	struct buf out = buf_new(golden->arena, CASE_MAX);
	fault_clear();
	if (make_plan(golden, test, &out) < 0) {
		buf_printf(&out, "error: %s\n", fault_last()->text);
		if (*fault_last()->hint)
			buf_printf(&out, "hint: %s\n", fault_last()->hint);
	}
	return buf_str(&out);
}

// --- comparing ----------------------------------------------------------------------------------

static bool same(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

static void show_line(char sign, struct str line)
{
	if (line.p)
		printf("  %c %.*s\n", sign, (int)line.n, line.p);
}

static void show_difference(struct str expected, struct str now)
{
	for (unsigned shown = 0; shown < SHOWN_MAX && (expected.n || now.n);) {
		struct str before = str_line(&expected), after = str_line(&now);
		if (same(before, after))
			continue;
		show_line('-', before);
		show_line('+', after);
		shown++;
	}
}

static int write_case(struct arena *arena, const char *name, const struct test_case *test,
		      struct str text)
{
	struct buf out = buf_new(arena, CASE_MAX);
	const char *path = arena_printf(arena, "cases/%s", name);
	buf_printf(&out, "facts: %.*s\n%s: %.*s\n---\n", (int)test->facts.n, test->facts.p,
		   test->kind, (int)test->asked.n, test->asked.p);
	buf_add(&out, text.p, text.n);
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int error = out.over ? -EFBIG : fd < 0 ? -errno : fd_write_all(fd, out.p, out.n);
	return error ? fail_sys(error, "write '%s'", path) : 0;
}

// Returns whether the case is as it should be.
static bool try_case(struct golden *golden)
{
	struct test_case test = {0};
	if (read_case(golden->arena, golden->name, &test) < 0) {
		printf("%s\n", fault_last()->text);
		return false;
	}
	struct str now = make_text(golden, &test);
	if (same(test.expected, now))
		return true;
	printf("%s: %s\n", golden->name, golden->update ? "written anew" : "differs");
	show_difference(test.expected, now);
	if (!golden->update)
		return false;
	if (write_case(golden->arena, golden->name, &test, now) == 0)
		return true;
	printf("%s\n", fault_last()->text);
	return false;
}

// Each kind of step must be in some plan, else nothing holds its words to their rules.
static unsigned count_unmet(const struct golden *golden)
{
	unsigned n = 0;
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (!golden->met[op]) {
			printf("no case has a step '%s'\n", op_row(op)->name);
			n++;
		}
	return n;
}

static int is_case(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return n > 5 && str_eq(entry->d_name + n - 5, ".case");
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	struct arena arena = {0};
	struct golden golden = {.arena = &arena};
	unsigned failed = 0;
	golden.update = argc == 3 && str_eq(argv[1], "--update");
	if (argc != 2 + golden.update) {
		fputs("usage: golden [--update] DIRECTORY\n", stderr);
		return 2;
	}
	if (chdir(argv[argc - 1])) {
		perror(argv[argc - 1]);
		return 2;
	}
	int n = scandir("cases", &entries, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		golden.name = entries[i]->d_name;
		failed += !try_case(&golden);
		arena_free(&arena);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	failed += count_unmet(&golden);
	printf("%d plans, %u faults\n", n, failed);
	return failed || n < CASES_LEAST;
}
