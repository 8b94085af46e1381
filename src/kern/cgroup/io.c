// SPDX-License-Identifier: Apache-2.0
// io.c - rates of block devices, as both versions write them
//
// A disk is slow and shared, so a container that writes all day makes everybody wait. Two things
// can be said of it: how much a second it may read and write (throttling, by the block layer), and
// what its share is when others want the disk too (weights, by the I/O scheduler bfq alone). A
// device is named by its numbers; partitions have no queue of their own and can't be limited.
//
// v1 has a file for each kind of rate and a line for each device; v2 one file, io.max, with a line
// for each device. A write takes one line, so lines are told apart by CGROUP_ENTRY_END.
//
// On v1 the group of a write that goes through the page cache is not known when it reaches the
// disk: rates hold direct I/O only, and reads. v2 accounts for that, where the memory controller is
// on v2 as well.
#include "kern/cgroup/v1.h"

#include "base/buf.h"

enum { LINE_MAX_BYTES = 160 }; // "4095:1048575 rbps=18446744073709551615 …"

static const char *const words[CGROUP_IO_COUNT] = {
	[CGROUP_READ_BPS] = "rbps",
	[CGROUP_WRITE_BPS] = "wbps",
	[CGROUP_READ_IOPS] = "riops",
	[CGROUP_WRITE_IOPS] = "wiops",
};

bool cgroup_has_rates(const struct cgroup_limits *limits)
{
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++)
		if (limits->io[kind].n)
			return true;
	return false;
}

const char *cgroup_v1_rates(struct arena *arena, const struct cgroup_rates *rates)
{
	struct buf text = buf_new(arena, rates->n * LINE_MAX_BYTES + 1);
	for (size_t i = 0; i < rates->n; i++) {
		if (i)
			buf_putc(&text, CGROUP_ENTRY_END);
		buf_printf(&text, "%u:%u %llu", rates->item[i].major, rates->item[i].minor,
			   (unsigned long long)rates->item[i].rate);
	}
	return text.p;
}

// The last rate that names this device counts; NULL: none does.
static const struct cgroup_rate *rate_of(const struct cgroup_rates *rates,
					 const struct cgroup_rate *device)
{
	for (size_t i = rates->n; i-- > 0;)
		if (rates->item[i].major == device->major && rates->item[i].minor == device->minor)
			return &rates->item[i];
	return NULL;
}

// Whether an earlier entry of the lists names the device of the n-th of this kind.
static bool is_known(const struct cgroup_limits *limits, int kind, size_t n)
{
	const struct cgroup_rate *device = &limits->io[kind].item[n];
	for (int before = 0; before < kind; before++)
		if (rate_of(&limits->io[before], device))
			return true;
	struct cgroup_rates same = {limits->io[kind].item, n};
	return rate_of(&same, device);
}

static void add_device(struct buf *text, const struct cgroup_limits *limits,
		       const struct cgroup_rate *device)
{
	if (text->n)
		buf_putc(text, CGROUP_ENTRY_END);
	buf_printf(text, "%u:%u", device->major, device->minor);
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++) {
		const struct cgroup_rate *rate = rate_of(&limits->io[kind], device);
		if (rate && rate->rate)
			buf_printf(text, " %s=%llu", words[kind], (unsigned long long)rate->rate);
		else if (rate)
			buf_printf(text, " %s=max", words[kind]);
	}
}

const char *cgroup_v2_rates(struct arena *arena, const struct cgroup_limits *limits)
{
	size_t n = 0;
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++)
		n += limits->io[kind].n;
	struct buf text = buf_new(arena, n * LINE_MAX_BYTES + 1);
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++)
		for (size_t i = 0; i < limits->io[kind].n; i++)
			if (!is_known(limits, kind, i))
				add_device(&text, limits, &limits->io[kind].item[i]);
	return text.p;
}
