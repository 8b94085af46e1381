// SPDX-License-Identifier: Apache-2.0
// import.c - tare import: an image of the tar of a root file system
//
// All that can be wrong with the words is looked at before a byte is read, as reading may take
// long.
#include "engine/images/import.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "engine/images/image_map.h"
#include "engine/images/image_name.h"
#include "engine/images/progress.h"
#include "image/change.h"
#include "image/import.h"
#include "kern/process/tty.h"
#include "oci/platform.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(const char *file, int *ret_fd)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://"};
	struct stat status;
	if (str_eq(file, "-")) {
		if (tty_is(STDIN_FILENO)) {
			fail(-EINVAL, "import: standard input is a terminal");
			fail_hint("pipe a tar into it: mmdebstrap bookworm | tare import - debian");
			return -EINVAL;
		}
		*ret_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		return *ret_fd < 0 ? fail_sys(-errno, "standard input") : 0;
	}
	_cleanup_fd_ int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		int error = fail_sys(-errno, "import '%s'", file);
		for (size_t i = 0; i < lengthof(schemes); i++)
			if (str_starts(file, schemes[i]))
				fail_hint(
					"not yet: nothing is fetched; curl -L '%s' | tare import -",
					file);
		return error;
	}
	if (fstat(fd, &status))
		return fail_sys(-errno, "import '%s'", file);
	if (S_ISDIR(status.st_mode)) {
		fail(-EISDIR, "import '%s': a directory", file);
		fail_hint("tar -C '%s' -c . | tare import -; or run it as it is: --rootfs '%s'",
			  file, file);
		return -EISDIR;
	}
	*ret_fd = take_fd(&fd);
	return 0;
}

static int make_config(struct arena *arena, const struct import_opts *opts,
		       struct oci_image_config *config)
{
	struct oci_platform platform = platform_host;
	if (opts->platform)
		TRY(platform_parse(arena, opts->platform, &platform));
	config->os = platform.os;
	config->architecture = platform.architecture;
	config->variant = platform.variant;
	for (size_t i = 0; i < opts->change.n; i++)
		TRY(change_apply(arena, opts->change.item[i], &config->config));
	return 0;
}

static void say_left_out(const struct store_layer *layer)
{
	if (layer->nodes_left_out)
		msg_say("import: %llu device nodes below /dev are left out: an ordinary user can't "
			"make them, and a container gets its own",
			(unsigned long long)layer->nodes_left_out);
	if (layer->xattrs_left_out)
		msg_say("import: %llu extended attributes are left out, the first is '%s'",
			(unsigned long long)layer->xattrs_left_out, layer->xattr);
}

int engine_import(struct arena *arena, const struct roots *roots, const struct import_opts *opts,
		  const char **ret_id)
{
	_cleanup_fd_ int fd = -1;
	_cleanup_progress_ struct progress progress = PROGRESS_NONE;
	struct oci_image_config config = {0};
	struct reference reference;
	struct store_image stored;
	struct store_layer layer;
	struct facts facts;
	if (opts->name)
		TRY(image_target_parse(arena, opts->name, &reference));
	TRY(make_config(arena, opts, &config));
	TRY(open_file(opts->file, &fd));
	TRY(roots_make(roots));
	const struct facts_places places = {roots->runroot, roots->root};
	TRY(facts_gather(arena, FACTS_USER_NAMESPACE, &places, &facts));
	struct image_import import = {
		.root = roots->root,
		.fd = fd,
		.name = opts->name ? reference_full(arena, &reference) : NULL,
		.message = opts->message,
		.map = image_map_usual(arena, &facts),
		.config = &config,
	};
	progress_start(&progress, fd, "importing");
	int result = image_import(arena, &import, &stored, &layer);
	progress_stop(&progress);
	if (result < 0)
		return fail_about("import '%s'", opts->file);
	say_left_out(&layer);
	*ret_id = stored.id;
	return 0;
}
