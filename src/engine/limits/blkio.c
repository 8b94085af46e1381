// SPDX-License-Identifier: Apache-2.0
// blkio.c - --blkio-… and --device-…-bps, -iops: what a container may do to block devices
//
// A device is given by its path, and the kernel wants its numbers: they are looked up here, in the
// host's /dev. The block layer limits whole disks. A partition has numbers of its own, but shares
// its disk's queue, and the kernel answers "No such device" when it is asked to limit one: the
// error names the disk instead.
#include "engine/limits/blkio.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/path.h"
#include "base/size.h"

enum { WEIGHT_LEAST = 10, WEIGHT_MOST = 1000 };

static int weight(const char *flag, const char *text, struct str number, uint64_t *ret_weight)
{
	uint64_t value;
	if (str_number(number, WEIGHT_MOST, &value) || (value && value < WEIGHT_LEAST)) {
		fail(-ERANGE, "%s '%s': not a weight", flag, text);
		fail_hint("weights are 10 to 1000, 0 leaves it as it is");
		return -ERANGE;
	}
	*ret_weight = value;
	return 0;
}

int blkio_value(struct arena *arena, const char *flag, enum blkio_kind kind, const char *text,
		const char **ret_path, uint64_t *ret_rate)
{
	const char *colon = strrchr(text, ':');
	int64_t bytes = 0;
	uint64_t rate = 0;
	if (!str_starts(text, "/dev/") || !colon || colon == text + strlen("/dev/") || !colon[1]) {
		fail(-EINVAL, "%s '%s': not a device and its rate", flag, text);
		fail_hint("it is written like /dev/sda:%s", kind == BLKIO_BYTES    ? "1m"
							    : kind == BLKIO_WEIGHT ? "200"
										   : "100");
		return -EINVAL;
	}
	if (kind == BLKIO_WEIGHT)
		TRY(weight(flag, text, str_of(colon + 1), &rate));
	else if (kind == BLKIO_BYTES)
		TRY(size_parse(flag, colon + 1, &bytes));
	else if (str_number(str_of(colon + 1), INT64_MAX, &rate)) {
		fail(-EINVAL, "%s '%s': '%s' is not a number of operations", flag, text, colon + 1);
		return -EINVAL;
	}
	*ret_path = arena_dup_n(arena, text, (size_t)(colon - text));
	*ret_rate = kind == BLKIO_BYTES ? (uint64_t)bytes : rate;
	return 0;
}

// The last part of where a link leads: "/sys/dev/block/8:1" to "…/block/sda/sda1" gives "sda".
static const char *disk_of(struct arena *arena, const char *link)
{
	char target[PATH_LENGTH_MAX];
	ssize_t n = readlink(link, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(target, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	slash = strrchr(target, '/');
	return slash ? arena_dup(arena, slash + 1) : NULL;
}

// Numbers as text: "8:0".
static int read_numbers(const char *text, int64_t *ret_major, int64_t *ret_minor)
{
	struct str minor = str_of(text);
	struct str major = str_cut(&minor, ':');
	uint64_t numbers[2];
	TRY(str_number(major, UINT32_MAX, &numbers[0]));
	TRY(str_number(minor, UINT32_MAX, &numbers[1]));
	*ret_major = (int64_t)numbers[0];
	*ret_minor = (int64_t)numbers[1];
	return 0;
}

static int find(struct arena *arena, const char *flag, const struct engine_place *place,
		const char *path, int64_t *ret_major, int64_t *ret_minor)
{
	for (size_t i = 0; i < place->block_devices.n; i++)
		if (str_eq(place->block_devices.item[i].name, path))
			return read_numbers(place->block_devices.item[i].value, ret_major,
					    ret_minor);
	struct stat status;
	if (stat(path, &status))
		return fail_sys(-errno, "%s '%s'", flag, path);
	if (!S_ISBLK(status.st_mode))
		return fail(-ENOTBLK, "%s '%s': not a block device", flag, path);
	unsigned major_ = major(status.st_rdev), minor_ = minor(status.st_rdev);
	const char *link = arena_printf(arena, "/sys/dev/block/%u:%u", major_, minor_);
	if (access(arena_printf(arena, "%s/partition", link), F_OK) == 0) {
		const char *disk = disk_of(arena, link);
		fail(-EINVAL, "%s '%s': a partition, and the kernel limits whole disks", flag,
		     path);
		if (disk)
			fail_hint("its disk is /dev/%s", disk);
		return -EINVAL;
	}
	*ret_major = major_;
	*ret_minor = minor_;
	return 0;
}

static int rates(struct arena *arena, const char *flag, enum blkio_kind kind,
		 const struct oci_strings *texts, const struct engine_place *place,
		 struct oci_throttles *ret_rates)
{
	if (!texts->n)
		return 0;
	struct oci_throttle *items = arena_array(arena, struct oci_throttle, texts->n);
	for (size_t i = 0; i < texts->n; i++) {
		const char *path;
		TRY(blkio_value(arena, flag, kind, texts->item[i], &path, &items[i].rate));
		TRY(find(arena, flag, place, path, &items[i].major, &items[i].minor));
	}
	*ret_rates = (struct oci_throttles){items, texts->n};
	return 0;
}

static int weights(struct arena *arena, const struct run_opts *opts,
		   const struct engine_place *place, struct oci_resources *resources)
{
	static const char flag[] = "--blkio-weight-device";
	const struct oci_strings *texts = &opts->blkio_weight_device;
	if (!texts->n)
		return 0;
	struct oci_weight_device *items = arena_array(arena, struct oci_weight_device, texts->n);
	size_t n = 0;
	for (size_t i = 0; i < texts->n; i++) {
		const char *path;
		uint64_t value;
		TRY(blkio_value(arena, flag, BLKIO_WEIGHT, texts->item[i], &path, &value));
		TRY(find(arena, flag, place, path, &items[n].major, &items[n].minor));
		items[n].weight = (int64_t)value;
		n += value != 0;
	}
	resources->io_weights = items;
	resources->io_weights_n = n;
	return 0;
}

int blkio_parse(struct arena *arena, const struct run_opts *opts, const struct engine_place *place,
		struct oci_resources *resources)
{
	const struct {
		const char *flag;
		enum blkio_kind kind;
		const struct oci_strings *texts;
	} all[] = {
		[OCI_THROTTLE_READ_BPS] = {"--device-read-bps", BLKIO_BYTES,
					   &opts->device_read_bps},
		[OCI_THROTTLE_WRITE_BPS] = {"--device-write-bps", BLKIO_BYTES,
					    &opts->device_write_bps},
		[OCI_THROTTLE_READ_IOPS] = {"--device-read-iops", BLKIO_COUNT,
					    &opts->device_read_iops},
		[OCI_THROTTLE_WRITE_IOPS] = {"--device-write-iops", BLKIO_COUNT,
					     &opts->device_write_iops},
	};
	static_assert(lengthof(all) == OCI_THROTTLE_COUNT, "a flag for each list");
	uint64_t value = 0;
	if (opts->blkio_weight)
		TRY(weight("--blkio-weight", opts->blkio_weight, str_of(opts->blkio_weight),
			   &value));
	if (value)
		resources->io_weight = (int64_t)value;
	TRY(weights(arena, opts, place, resources));
	for (size_t i = 0; i < lengthof(all); i++)
		TRY(rates(arena, all[i].flag, all[i].kind, all[i].texts, place,
			  &resources->throttle[i]));
	return 0;
}
