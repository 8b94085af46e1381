// SPDX-License-Identifier: Apache-2.0
// doctor_storage.c - checks of file systems: how layers can be mounted, and where they lie
#include "engine/doctor/doctor_checks.h"

#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

static void missing(struct doctor_check *check, const char *found, const char *lost,
		    const char *mend)
{
	check->state = DOCTOR_MISSING;
	check->found = found;
	check->lost = lost;
	check->mend = mend;
}

static void mount_api(const struct patient *patient, struct doctor_check *check)
{
	check->found = "fsopen(2) and its kin";
	if (patient->survey->mount_api)
		return;
	missing(check, "not in this kernel, or forbidden",
		"every mount that a container is made of",
		"a kernel of at least Linux 5.15, and no filter around us that forbids mounts");
	check->fatal = true;
}

static void lower_plus(const struct patient *patient, struct doctor_check *check)
{
	check->found = patient->survey->lower_plus ? "one by one (lowerdir+)"
						   : "in one line, by short names";
}

static void idmapped(const struct patient *patient, struct doctor_check *check)
{
	check->found = "mount_setattr(2)";
	if (!patient->survey->idmapped)
		missing(check, "not in this kernel, or forbidden", "-v …:idmap",
			"a kernel of at least Linux 5.12");
}

static void idmapped_layers(const struct patient *patient, struct doctor_check *check)
{
	check->found = "seen with other owners";
	if (patient->facts->uid)
		check->found = "for root's containers only";
	if (patient->facts->uid || patient->facts->idmapped_layers)
		return;
	missing(check, "not in this kernel, or not on this file system",
		"sharing: an image is unpacked once for each id map",
		"a kernel of at least Linux 6.13; a root on ext4, xfs, btrfs or tmpfs");
	check->state = DOCTOR_LIMITED;
}

static void erofs(const struct patient *patient, struct doctor_check *check)
{
	const struct facts *facts = patient->facts;
	bool files =
		facts->kernel_major > 6 || (facts->kernel_major == 6 && facts->kernel_minor >= 12);
	check->found = !files ? "not from files" : "from files";
	if (patient->survey->erofs && files)
		return;
	missing(check,
		patient->survey->erofs ? "not from files" : "not in this kernel, or not loaded",
		"root's layers without unpacking, when they come; unpacked ones work",
		files ? "sudo modprobe erofs" : "a kernel of at least Linux 6.12");
	check->state = DOCTOR_LIMITED;
}

static void time_namespace(const struct patient *patient, struct doctor_check *check)
{
	check->found = "there";
	if (!patient->survey->time_namespace)
		missing(check, "not in this kernel", "--time-offset",
			"a kernel with CONFIG_TIME_NS");
}

// File systems that overlay can't keep changes on: it wants extended attributes, and renames that
// leave a mark behind.
static bool takes_upper(const char *file_system)
{
	static const char *const none[] = {"overlay", "nfs", "nfs4",  "cifs",     "smb3",   "vfat",
					   "exfat",   "9p",  "ntfs3", "ecryptfs", "fuseblk"};
	for (size_t i = 0; file_system && i < lengthof(none); i++)
		if (str_eq(file_system, none[i]))
			return false;
	return true;
}

static const char *size_text(struct arena *arena, uint64_t bytes)
{
	return bytes >= GIB ? arena_printf(arena, "%llu GiB", (unsigned long long)(bytes / GIB))
			    : arena_printf(arena, "%llu MiB", (unsigned long long)(bytes / MIB));
}

static void place(const struct patient *patient, const struct survey_place *where, uint64_t least,
		  struct doctor_check *check)
{
	struct arena *arena = patient->arena;
	check->found =
		arena_printf(arena, "%s: %s, %s free of %s", where->path,
			     where->file_system ? where->file_system : "an unknown file system",
			     size_text(arena, where->free), size_text(arena, where->total));
	if (!where->writable) {
		check->state = DOCTOR_MISSING;
		check->fatal = true;
		check->found = arena_printf(arena, "%s: may not be written to", where->path);
		check->lost = "every container";
		check->mend = arena_printf(
			arena, "choose another place: tare --%s DIR, or %s", check->name,
			str_eq(check->name, "root") ? "TARE_ROOT=DIR" : "TARE_RUNROOT=DIR");
	} else if (where->free < least) {
		check->state = DOCTOR_LIMITED;
		check->lost = "what needs more room than that";
		check->mend = arena_printf(arena, "make room: df -h %s", where->path);
	}
}

static void root(const struct patient *patient, struct doctor_check *check)
{
	const struct survey_place *where = &patient->survey->root;
	place(patient, where, GIB, check);
	if (check->state != DOCTOR_OK)
		return;
	if (!takes_upper(where->file_system)) {
		check->state = DOCTOR_LIMITED;
		check->lost =
			arena_printf(patient->arena,
				     "images, and --rootfs DIR:O: overlay keeps no changes on "
				     "%s; --rootfs DIR works",
				     where->file_system);
		check->mend = "choose a place on ext4, xfs, btrfs or tmpfs: tare --root DIR";
	} else if (where->noexec) {
		check->state = DOCTOR_LIMITED;
		check->lost = "programs from images: it is mounted noexec";
		check->mend = "choose another place: tare --root DIR";
	}
}

static void runroot(const struct patient *patient, struct doctor_check *check)
{
	place(patient, &patient->survey->runroot, 16 * MIB, check);
}

const struct doctor_row doctor_storage_rows[] = {
	{"mount-api", "making a root of mounts, before anybody sees it", mount_api},
	{"overlay-layers", "images of many layers", lower_plus},
	{"idmapped-mounts", "files of the host with other owners inside", idmapped},
	{"idmapped-layers", "images under --userns and --uidmap", idmapped_layers},
	{"erofs", "layers that are mounted as they came", erofs},
	{"time-namespaces", "another clock inside", time_namespace},
	{"root", "containers and images that stay", root},
	{"runroot", "what does not outlive a boot", runroot},
	{0},
};
