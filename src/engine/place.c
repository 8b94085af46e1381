// SPDX-License-Identifier: Apache-2.0
// place.c - where a container is started from: directories, the caller's surroundings, the host
#include "engine/place.h"

#include <sched.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/path.h"
#include "oci/lists.h"

enum { PROCESSORS_MAX = 8192 }; // the most Linux is built for

static unsigned count_processors(void)
{
	unsigned long set[PROCESSORS_MAX / (8 * sizeof(unsigned long))] = {0};
	int n = 0;
	if (sched_getaffinity(0, sizeof(set), (cpu_set_t *)set) == 0)
		n = CPU_COUNT_S(sizeof(set), (cpu_set_t *)set);
	return n > 0 ? (unsigned)n : 1;
}

// How often a processor was too hot tells a neighbour's secrets: Docker masks it since 28.
static struct oci_strings find_processor_masks(struct arena *arena)
{
	struct oci_strings masks = {0};
	for (unsigned i = 0; i < PROCESSORS_MAX; i++) {
		char path[80];
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/thermal_throttle", i);
		if (access(path, F_OK) != 0)
			break;
		oci_strings_push(arena, &masks, arena_dup(arena, path));
	}
	return masks;
}

int engine_place_here(struct arena *arena, const char *root, const char *runroot, const char *id,
		      struct engine_place *ret_place)
{
	struct utsname host;
	char *cwd = arena_alloc(arena, PATH_LENGTH_MAX, 1);
	if (!getcwd(cwd, PATH_LENGTH_MAX))
		return fail_sys(-errno, "working directory");
	if (uname(&host))
		return fail_sys(-errno, "uname");
	*ret_place = (struct engine_place){
		.root = root,
		.runroot = runroot,
		.id = id,
		.cwd = cwd,
		.environment = (const char *const *)environ,
		.hostname = arena_dup(arena, host.nodename),
		.etc = "/etc",
		.dev = "/dev",
		.mountinfo = "/proc/self/mountinfo",
		.selinux = "/sys/fs/selinux",
		.processors = count_processors(),
		.processor_masks = find_processor_masks(arena),
	};
	return 0;
}

int engine_new_id(char ret_id[static CONTAINER_ID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	do {
		unsigned char random[(CONTAINER_ID_SIZE - 1) / 2];
		if (getrandom(random, sizeof(random), 0) != sizeof(random))
			return fail_sys(-errno, "getrandom");
		for (size_t i = 0; i < sizeof(random); i++) {
			ret_id[2 * i] = digits[random[i] >> 4];
			ret_id[2 * i + 1] = digits[random[i] & 15];
		}
		ret_id[CONTAINER_ID_SIZE - 1] = '\0';
	} while (strspn(ret_id, "0123456789") >= 12);
	return 0;
}

// Adds the parts of `path` to an absolute path that has no final slash.
static void add_parts(struct buf *clean, const char *path)
{
	struct str rest = str_of(path);
	while (rest.n) {
		struct str part = str_cut(&rest, '/');
		if (!part.n || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			while (clean->n && clean->p[--clean->n] != '/')
				;
			clean->p[clean->n] = '\0';
			continue;
		}
		buf_putc(clean, '/');
		buf_add(clean, part.p, part.n);
	}
}

const char *engine_absolute(struct arena *arena, const char *cwd, const char *path)
{
	struct buf clean = buf_new(arena, strlen(cwd) + strlen(path) + 2);
	if (path[0] != '/')
		add_parts(&clean, cwd);
	add_parts(&clean, path);
	return clean.n ? clean.p : "/";
}
