// SPDX-License-Identifier: Apache-2.0
// words.c - the words that a runtime document may use, and what they stand for
#include "oci/words.h"

#include "oci/hooks.h"
#include "oci/seccomp.h"
#include "oci/state.h"

#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/personality.h>

const struct shape_word oci_namespace_types[] = {
	{"cgroup", 0}, {"ipc", 0},  {"mount", 0}, {"network", 0}, {"pid", 0},
	{"time", 0},   {"user", 0}, {"uts", 0},   {NULL, 0},
};

const struct shape_word oci_hook_kinds[] = {
	{"prestart", OCI_HOOK_PRESTART},
	{"createRuntime", OCI_HOOK_CREATE_RUNTIME},
	{"createContainer", OCI_HOOK_CREATE_CONTAINER},
	{"startContainer", OCI_HOOK_START_CONTAINER},
	{"poststart", OCI_HOOK_POSTSTART},
	{"poststop", OCI_HOOK_POSTSTOP},
	{NULL, 0},
};

// The specification has those without "r"; every runtime takes both.
const struct shape_word oci_propagations[] = {
	{"private", MS_PRIVATE},
	{"rprivate", MS_PRIVATE | MS_REC},
	{"shared", MS_SHARED},
	{"rshared", MS_SHARED | MS_REC},
	{"slave", MS_SLAVE},
	{"rslave", MS_SLAVE | MS_REC},
	{"unbindable", MS_UNBINDABLE},
	{"runbindable", MS_UNBINDABLE | MS_REC},
	{NULL, 0},
};

const struct shape_word oci_io_classes[] = {
	{"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
	{"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
	{"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE},
	{NULL, 0},
};

const struct shape_word oci_scheduler_policies[] = {
	{"SCHED_OTHER", SCHED_NORMAL},
	{"SCHED_FIFO", SCHED_FIFO},
	{"SCHED_RR", SCHED_RR},
	{"SCHED_BATCH", SCHED_BATCH},
	{"SCHED_ISO", 4}, // the header keeps the number and has no name for it
	{"SCHED_IDLE", SCHED_IDLE},
	{"SCHED_DEADLINE", SCHED_DEADLINE},
	{NULL, 0},
};

const struct shape_word oci_scheduler_flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
	{"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
	{"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
	{"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
	{"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
	{"SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN},
	{"SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX},
	{NULL, 0},
};

const struct shape_word oci_memory_modes[] = {
	{"MPOL_DEFAULT", MPOL_DEFAULT},
	{"MPOL_BIND", MPOL_BIND},
	{"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
	{"MPOL_WEIGHTED_INTERLEAVE", 6}, // from Linux 6.9, whose header may not be here
	{"MPOL_PREFERRED", MPOL_PREFERRED},
	{"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
	{"MPOL_LOCAL", MPOL_LOCAL},
	{NULL, 0},
};

const struct shape_word oci_memory_flags[] = {
	{"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING},
	{"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
	{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
	{NULL, 0},
};

const struct shape_word oci_personality_domains[] = {
	{"LINUX", PER_LINUX},
	{"LINUX32", PER_LINUX32},
	{NULL, 0},
};

const struct shape_word oci_seccomp_actions[] = {
	{"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW},
	{"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO},
	{"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
	{"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
	{"SCMP_ACT_LOG", SECCOMP_RET_LOG},
	{"SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF},
	{"SCMP_ACT_TRACE", SECCOMP_RET_TRACE},
	{"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
	{NULL, 0},
};

const struct shape_word oci_seccomp_operators[] = {
	{"SCMP_CMP_EQ", OCI_SECCOMP_EQ}, {"SCMP_CMP_GE", OCI_SECCOMP_GE},
	{"SCMP_CMP_GT", OCI_SECCOMP_GT}, {"SCMP_CMP_LE", OCI_SECCOMP_LE},
	{"SCMP_CMP_LT", OCI_SECCOMP_LT}, {"SCMP_CMP_MASKED_EQ", OCI_SECCOMP_MASKED_EQ},
	{"SCMP_CMP_NE", OCI_SECCOMP_NE}, {NULL, 0},
};

const struct shape_word oci_seccomp_flags[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC},
	{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 1u << 5}, // from Linux 5.19
	{NULL, 0},
};

const struct shape_word oci_seccomp_machines[] = {
	{"SCMP_ARCH_AARCH64", 0},     {"SCMP_ARCH_ARM", 0},    {"SCMP_ARCH_LOONGARCH64", 0},
	{"SCMP_ARCH_M68K", 0},        {"SCMP_ARCH_MIPS", 0},   {"SCMP_ARCH_MIPS64", 0},
	{"SCMP_ARCH_MIPS64N32", 0},   {"SCMP_ARCH_MIPSEL", 0}, {"SCMP_ARCH_MIPSEL64", 0},
	{"SCMP_ARCH_MIPSEL64N32", 0}, {"SCMP_ARCH_PARISC", 0}, {"SCMP_ARCH_PARISC64", 0},
	{"SCMP_ARCH_PPC", 0},         {"SCMP_ARCH_PPC64", 0},  {"SCMP_ARCH_PPC64LE", 0},
	{"SCMP_ARCH_RISCV64", 0},     {"SCMP_ARCH_S390", 0},   {"SCMP_ARCH_S390X", 0},
	{"SCMP_ARCH_SH", 0},          {"SCMP_ARCH_SHEB", 0},   {"SCMP_ARCH_X32", 0},
	{"SCMP_ARCH_X86", 0},         {"SCMP_ARCH_X86_64", 0}, {NULL, 0},
};

const struct shape_word oci_statuses[] = {
	{"creating", OCI_CREATING}, {"created", OCI_CREATED}, {"running", OCI_RUNNING},
	{"paused", OCI_PAUSED},     {"stopped", OCI_STOPPED}, {NULL, 0},
};
