// SPDX-License-Identifier: Apache-2.0
// layout.c - an OCI image layout that somebody else made
//
// Of an archive the headers are read once, to know where each file lies; the blobs are then read
// from the archive itself, so that nothing is unpacked twice. One that is compressed as a whole is
// first made a file that is not, by a program in a jail, as layers are.
#include "image/layout.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/shape.h"
#include "flow/tar.h"
#include "oci/digest.h"
#include "store/unpacker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FILES_MAX = 1 << 16,  // of an archive
	FEED_PIECE = 1 << 20, // bytes that the feeder passes on at a time
};

struct layout_file {
	const char *path;
	uint64_t at; // of its content in the archive
	uint64_t size;
};

static const char layout_name[] = "oci-layout", index_name[] = "index.json";

void layout_close(struct layout *layout)
{
	fd_close(&layout->fd);
}

// --- archives -----------------------------------------------------------------------------------

static void add_file(struct arena *arena, struct layout *layout, size_t *room,
		     const struct layout_file *file)
{
	if (layout->files_n == *room) {
		*room = max_of(*room * 2, (size_t)32);
		struct layout_file *files = arena_array(arena, struct layout_file, *room);
		if (layout->files_n)
			memcpy(files, layout->files, layout->files_n * sizeof(*files));
		layout->files = files;
	}
	layout->files[layout->files_n++] = *file;
}

static int list_files(struct arena *arena, struct layout *layout, struct str archive)
{
	struct tar tar;
	struct tar_entry entry;
	size_t room = 0;
	int result;
	tar_open(&tar, arena, stream_memory(arena, archive));
	while ((result = tar_next(&tar, &entry)) == 0) {
		if (entry.kind != TAR_FILE || entry.size != entry.stored) // no blob has holes
			continue;
		if (layout->files_n == FILES_MAX)
			return fail(-EFBIG, "%s: more than %d files", layout->source.name,
				    FILES_MAX);
		struct layout_file file = {
			.path = arena_dup(arena, entry.path),
			.at = tar.source->taken, // the content comes next
			.size = entry.size,
		};
		add_file(arena, layout, &room, &file);
	}
	return result < 0 ? fail_about("%s", layout->source.name) : 0;
}

static bool is_compressed(struct str bytes)
{
	return bytes.n > 4 &&
	       (memcmp(bytes.p, "\x1f\x8b", 2) == 0 || memcmp(bytes.p, "\x28\xb5\x2f\xfd", 4) == 0);
}

// The whole of it in memory, to be unmapped.
static int map_archive(const struct layout *layout, struct str *ret_bytes)
{
	struct stat status;
	if (fstat(layout->fd, &status))
		return fail_sys(-errno, "%s", layout->source.name);
	if (!S_ISREG(status.st_mode))
		return fail(-EINVAL, "%s: not a regular file", layout->source.name);
	if (!status.st_size)
		return fail(-EINVAL, "%s: the file is empty", layout->source.name);
	size_t size = (size_t)status.st_size;
	void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, layout->fd, 0);
	if (bytes == MAP_FAILED)
		return fail_sys(-errno, "read %s", layout->source.name);
	*ret_bytes = (struct str){bytes, size};
	return 0;
}

static void unmap_archive(struct str bytes)
{
	munmap((void *)bytes.p, bytes.n);
}

// Puts a file without a name in its place, in which it is not compressed.
static int inflate_archive(struct arena *arena, struct layout *layout, const char *scratch)
{
	_cleanup_fd_ int plain = open(scratch, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (plain < 0) {
		int error =
			fail_sys(-errno, "%s: decompress it in '%s'", layout->source.name, scratch);
		fail_hint("gunzip or unzstd does it, too");
		return error;
	}
	int error = unpacker_inflate(arena, layout->fd, plain);
	if (error)
		return fail_about("%s", layout->source.name);
	fd_close(&layout->fd);
	layout->fd = take_fd(&plain);
	return 0;
}

static int read_archive(struct arena *arena, struct layout *layout, const char *scratch)
{
	struct str archive;
	TRY(map_archive(layout, &archive));
	if (is_compressed(archive)) {
		unmap_archive(archive);
		TRY(inflate_archive(arena, layout, scratch));
		TRY(map_archive(layout, &archive));
	}
	int result = list_files(arena, layout, archive);
	unmap_archive(archive);
	return result;
}

static const struct layout_file *find_file(const struct layout *layout, const char *path)
{
	// Of two of one name the last one counts, as for whoever unpacks the archive.
	for (size_t i = layout->files_n; i > 0; i--)
		if (str_eq(layout->files[i - 1].path, path))
			return &layout->files[i - 1];
	return NULL;
}

// --- files --------------------------------------------------------------------------------------

static int missing(const struct layout *layout, const char *path)
{
	return fail(-ENOENT, "%s: there is no file '%s' in it", layout->source.name, path);
}

static int open_in_archive(const struct layout *layout, const char *path, int *ret_fd,
			   uint64_t *ret_size)
{
	const struct layout_file *file = find_file(layout, path);
	if (!file)
		return missing(layout, path);
	// Opened anew: a place of its own to read from.
	char self[64];
	snprintf(self, sizeof(self), "/proc/self/fd/%d", layout->fd);
	_cleanup_fd_ int fd = open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || lseek(fd, (off_t)file->at, SEEK_SET) < 0)
		return fail_sys(-errno, "open '%s' in %s", path, layout->source.name);
	*ret_size = file->size;
	*ret_fd = take_fd(&fd);
	return 0;
}

static int open_in_directory(const struct layout *layout, const char *path, int *ret_fd,
			     uint64_t *ret_size)
{
	struct stat status;
	_cleanup_fd_ int fd = path_open_in_root(layout->fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd == -ENOENT)
		return missing(layout, path);
	if (fd < 0)
		return fail_sys(fd, "open '%s' in %s", path, layout->source.name);
	if (fstat(fd, &status))
		return fail_sys(-errno, "open '%s' in %s", path, layout->source.name);
	if (!S_ISREG(status.st_mode))
		return fail(-EINVAL, "%s: '%s' is not a regular file", layout->source.name, path);
	*ret_size = (uint64_t)status.st_size;
	*ret_fd = take_fd(&fd);
	return 0;
}

static int open_file(const struct layout *layout, const char *path, int *ret_fd, uint64_t *ret_size)
{
	return layout->is_archive ? open_in_archive(layout, path, ret_fd, ret_size)
				  : open_in_directory(layout, path, ret_fd, ret_size);
}

static int read_exactly(struct arena *arena, int fd, size_t n, struct str *ret_text)
{
	char *text = arena_alloc(arena, n + 1, 1);
	size_t done = 0;
	while (done < n) {
		ssize_t part = read(fd, text + done, n - done);
		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -errno;
		if (part == 0)
			return -ENODATA;
		done += (size_t)part;
	}
	*ret_text = (struct str){text, n};
	return 0;
}

static int read_file(struct arena *arena, const struct layout *layout, const char *path,
		     struct str *ret_text)
{
	_cleanup_fd_ int fd = -1;
	uint64_t size;
	TRY(open_file(layout, path, &fd, &size));
	if (size > IMAGE_DOCUMENT_MAX)
		return fail(-EFBIG, "%s: '%s' is larger than %d bytes", layout->source.name, path,
			    IMAGE_DOCUMENT_MAX);
	int result = read_exactly(arena, fd, (size_t)size, ret_text);
	return result < 0 ? fail_sys(result, "read '%s' in %s", path, layout->source.name) : 0;
}

// --- the layout ---------------------------------------------------------------------------------

struct version {
	const char *version;
};

static const struct shape_field version_fields[] = {
	SHAPE_TEXT_OF("imageLayoutVersion", struct version, version, .flags = SHAPE_REQUIRED),
};
static const struct shape version_shape = SHAPE(layout_name, struct version, version_fields);

static bool has_file(const struct layout *layout, const char *path)
{
	if (layout->is_archive)
		return find_file(layout, path);
	_cleanup_fd_ int fd = path_open_in_root(layout->fd, path, O_PATH);
	return fd >= 0;
}

static int check_version(struct arena *arena, const struct layout *layout)
{
	struct version version;
	struct str text;
	if (!has_file(layout, layout_name)) {
		const char *what = layout->is_archive ? "archive" : "directory";
		fail(-EINVAL, "%s: the %s is no OCI image layout: it has no file '%s'",
		     layout->source.name, what, layout_name);
		if (has_file(layout, "manifest.json"))
			fail_hint("docker save before version 25 wrote it: skopeo copy "
				  "docker-archive:… oci:DIR makes a layout of it");
		else if (!layout->is_archive)
			fail_hint("a root file system is run by --rootfs DIR");
		else
			fail_hint("the tar of a root file system is made an image by tare import");
		return -EINVAL;
	}
	TRY(read_file(arena, layout, layout_name, &text));
	TRY(shape_parse(arena, &version_shape, text, &version));
	if (!str_eq(version.version, "1.0.0"))
		return fail(-ENOTSUP, "%s: version '%.32s' of the layout, known is 1.0.0",
			    layout->source.name, version.version);
	return 0;
}

static int open_blob(struct arena *arena, const struct layout *layout,
		     const struct oci_descriptor *descriptor, int *ret_fd);

// As a source: the bytes, of the size that is told.
static int document(struct image_source *source, struct arena *arena,
		    const struct oci_descriptor *descriptor, struct str *ret_text)
{
	struct layout *layout = (struct layout *)source;
	_cleanup_fd_ int fd = -1;
	if (descriptor->size > IMAGE_DOCUMENT_MAX)
		return fail(-EFBIG, "%s: the document '%s' has more than %d bytes", source->name,
			    descriptor->digest, IMAGE_DOCUMENT_MAX);
	TRY(open_blob(arena, layout, descriptor, &fd));
	int result = read_exactly(arena, fd, (size_t)descriptor->size, ret_text);
	return result < 0 ? fail_sys(result, "read '%s' in %s", descriptor->digest, source->name)
			  : 0;
}

int layout_open(struct arena *arena, const char *name, const char *path, bool archive,
		const char *scratch, struct layout *ret_layout)
{
	_cleanup_layout_ struct layout layout = LAYOUT_NONE;
	layout.source = (struct image_source){name, document};
	layout.is_archive = archive;
	layout.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
				       (archive ? 0 : O_DIRECTORY));
	if (layout.fd < 0) {
		int error = fail_sys(-errno, "%s", name);
		if (error == -ENOTDIR)
			fail_hint("for the tar of a layout it is oci-archive:%s", path);
		return error;
	}
	struct stat status;
	if (archive && !fstat(layout.fd, &status) && S_ISDIR(status.st_mode)) {
		fail(-EISDIR, "%s: a directory", name);
		fail_hint("for a layout that is a directory it is oci:%s", path);
		return -EISDIR;
	}
	if (archive)
		TRY(read_archive(arena, &layout, scratch));
	TRY(check_version(arena, &layout));
	*ret_layout = layout;
	layout.fd = -1;
	return 0;
}

int layout_index(struct arena *arena, struct layout *layout, struct str *ret_text)
{
	return read_file(arena, layout, index_name, ret_text);
}

static int open_blob(struct arena *arena, const struct layout *layout,
		     const struct oci_descriptor *descriptor, int *ret_fd)
{
	_cleanup_fd_ int fd = -1;
	struct digest digest;
	uint64_t size;
	TRY(digest_parse(str_of(descriptor->digest),
			 &digest)); // its digits become a part of a path
	const char *hex = descriptor->digest + DIGEST_TEXT - DIGEST_HEX;
	TRY(open_file(layout, arena_printf(arena, "blobs/sha256/%s", hex), &fd, &size));
	if (size != (uint64_t)descriptor->size)
		return fail(-EINVAL, "%s: '%s' has %llu bytes, its descriptor says %lld",
			    layout->source.name, descriptor->digest, (unsigned long long)size,
			    (long long)descriptor->size);
	*ret_fd = take_fd(&fd);
	return 0;
}

// The feeder: it ends when all is written, or when nobody reads any more.
noreturn_ static void feed(int from, int to, uint64_t size)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (size) {
		ssize_t n = sendfile(to, from, NULL, (size_t)min_of(size, (uint64_t)FEED_PIECE));
		if (n <= 0)
			_exit(1); // the reader sees that bytes are missing
		size -= (uint64_t)n;
	}
	_exit(0);
}

static int start_feeder(int from, uint64_t size, struct layout_blob *blob)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	_cleanup_fd_ int reading = ends[0], writing = ends[1];
	pid_t feeder = fork();
	if (feeder < 0)
		return -errno;
	if (feeder == 0) {
		close(reading);
		feed(from, writing, size);
	}
	blob->fd = take_fd(&reading);
	blob->feeder = feeder;
	return 0;
}

int layout_blob(struct arena *arena, struct layout *layout, const struct oci_descriptor *descriptor,
		struct layout_blob *ret_blob)
{
	_cleanup_fd_ int fd = -1;
	TRY(open_blob(arena, layout, descriptor, &fd));
	if (layout->is_archive) {
		int result = start_feeder(fd, (uint64_t)descriptor->size, ret_blob);
		return result < 0 ? fail_sys(result, "read '%s' in %s", descriptor->digest,
					     layout->source.name)
				  : 0;
	}
	*ret_blob = (struct layout_blob){.fd = take_fd(&fd)};
	return 0;
}

void layout_blob_close(struct layout_blob *blob)
{
	fd_close(&blob->fd);
	if (blob->feeder > 0)
		while (waitpid(blob->feeder, NULL, 0) < 0 && errno == EINTR)
			;
	blob->feeder = 0;
}
