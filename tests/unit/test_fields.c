// SPDX-License-Identifier: Apache-2.0
// test_fields.c - every key of config.json is heeded, refused, or has a reason to mean nothing
//
// The document's tables are walked, and for each key that holds a value there is a row below: a
// document without it (or with another value) and one with it. The two plans differ, or the second
// is refused, or the row says why a start need not heed it. There is no third way: a key that is
// added to a table fails here until it has its row.
#include "box/readings/explain.h"
#include "box/plan.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { TEXT_MAX = 4 << 20 };

static struct arena arena;

enum section { AT_TOP, IN_PROCESS, IN_LINUX, ROOT, VERSION }; // where a row's text goes

struct row {
	const char *path; // as messages name it, [] for items of lists, {} for keyed ones
	enum section section;
	const char *without; // members of the section
	const char *with;
	const char *why; // it means nothing to a start; NULL: it does
};

// clang-format off
static const struct row rows[] = {
	{"ociVersion", VERSION, "1.0.0", "1.3.0", "the form of the document"},
	{"process.terminal", IN_PROCESS, "", "\"terminal\":true", NULL},
	{"process.consoleSize.height", IN_PROCESS, "\"terminal\":true,\"consoleSize\":{\"height\":5,\"width\":3}", "\"terminal\":true,\"consoleSize\":{\"height\":9,\"width\":3}", NULL},
	{"process.consoleSize.width", IN_PROCESS, "\"terminal\":true,\"consoleSize\":{\"height\":5,\"width\":3}", "\"terminal\":true,\"consoleSize\":{\"height\":5,\"width\":9}", NULL},
	{"process.user.uid", IN_PROCESS, "\"user\":{\"uid\":1,\"gid\":1}", "\"user\":{\"uid\":7,\"gid\":1}", NULL},
	{"process.user.gid", IN_PROCESS, "\"user\":{\"uid\":1,\"gid\":1}", "\"user\":{\"uid\":1,\"gid\":7}", NULL},
	{"process.user.umask", IN_PROCESS, "", "\"user\":{\"umask\":63}", NULL},
	{"process.user.additionalGids", IN_PROCESS, "", "\"user\":{\"additionalGids\":[5]}", NULL},
	{"process.user.username", IN_PROCESS, "", "\"user\":{\"username\":\"a\"}", NULL},
	{"process.args", IN_PROCESS, "\"args\":[\"/a\"]", "\"args\":[\"/b\"]", NULL},
	{"process.commandLine", IN_PROCESS, "", "\"commandLine\":\"x\"", NULL},
	{"process.env", IN_PROCESS, "", "\"env\":[\"A=1\"]", NULL},
	{"process.cwd", IN_PROCESS, "\"cwd\":\"/\"", "\"cwd\":\"/a\"", NULL},
	{"process.capabilities.bounding", IN_PROCESS, "", "\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}", NULL},
	{"process.capabilities.effective", IN_PROCESS, "", "\"capabilities\":{\"effective\":[\"CAP_CHOWN\"]}", NULL},
	{"process.capabilities.inheritable", IN_PROCESS, "", "\"capabilities\":{\"inheritable\":[\"CAP_CHOWN\"]}", "what is effective is granted, as Docker has it; sets of their own are not steps yet"},
	{"process.capabilities.permitted", IN_PROCESS, "", "\"capabilities\":{\"permitted\":[\"CAP_CHOWN\"]}", "what is effective is granted, as Docker has it; sets of their own are not steps yet"},
	{"process.capabilities.ambient", IN_PROCESS, "", "\"capabilities\":{\"ambient\":[\"CAP_CHOWN\"]}", "what is effective is granted, as Docker has it; sets of their own are not steps yet"},
	{"process.rlimits[].type", IN_PROCESS, "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":5,\"hard\":6}]", "\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":5,\"hard\":6}]", NULL},
	{"process.rlimits[].soft", IN_PROCESS, "\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":4,\"hard\":6}]", "\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":5,\"hard\":6}]", NULL},
	{"process.rlimits[].hard", IN_PROCESS, "\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":5,\"hard\":7}]", "\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":5,\"hard\":6}]", NULL},
	{"process.noNewPrivileges", IN_PROCESS, "", "\"noNewPrivileges\":true", NULL},
	{"process.oomScoreAdj", IN_PROCESS, "", "\"oomScoreAdj\":5", NULL},
	{"process.scheduler.policy", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_IDLE\"}", NULL},
	{"process.scheduler.nice", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":3}", NULL},
	{"process.scheduler.priority", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"priority\":3}", NULL},
	{"process.scheduler.flags", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"flags\":[\"SCHED_FLAG_RECLAIM\"]}", NULL},
	{"process.scheduler.runtime", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"runtime\":3}", NULL},
	{"process.scheduler.deadline", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"deadline\":3}", NULL},
	{"process.scheduler.period", IN_PROCESS, "\"scheduler\":{\"policy\":\"SCHED_OTHER\"}", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"period\":3}", NULL},
	{"process.ioPriority.class", IN_PROCESS, "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_RT\"}", "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\"}", NULL},
	{"process.ioPriority.priority", IN_PROCESS, "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\"}", "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":3}", NULL},
	{"process.execCPUAffinity.initial", IN_PROCESS, "", "\"execCPUAffinity\":{\"initial\":\"0\"}", "of processes that exec adds, not of the first"},
	{"process.execCPUAffinity.final", IN_PROCESS, "", "\"execCPUAffinity\":{\"final\":\"0\"}", "of processes that exec adds, not of the first"},
	{"process.apparmorProfile", IN_PROCESS, "", "\"apparmorProfile\":\"a\"", NULL},
	{"process.selinuxLabel", IN_PROCESS, "", "\"selinuxLabel\":\"a\"", NULL},
	{"root.path", ROOT, "/a", "/b", NULL},
	{"root.readonly", AT_TOP, "\"root\":{\"path\":\"/r\"}", "\"root\":{\"path\":\"/r\",\"readonly\":true}", NULL},
	{"hostname", AT_TOP, "", "\"hostname\":\"a\"", NULL},
	{"domainname", AT_TOP, "", "\"domainname\":\"a\"", NULL},
	{"mounts[].destination", AT_TOP, "\"mounts\":[{\"destination\":\"/m\",\"type\":\"tmpfs\"}]", "\"mounts\":[{\"destination\":\"/n\",\"type\":\"tmpfs\"}]", NULL},
	{"mounts[].type", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"type\":\"tmpfs\"}]", "\"mounts\":[{\"destination\":\"/n\",\"type\":\"proc\"}]", NULL},
	{"mounts[].source", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/a\",\"options\":[\"bind\"]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\"]}]", NULL},
	{"mounts[].options", AT_TOP, "\"mounts\":[{\"destination\":\"/m\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}]", "\"mounts\":[{\"destination\":\"/m\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"ro\"]}]", NULL},
	{"mounts[].uidMappings[].containerID", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":5,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"mounts[].uidMappings[].hostID", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":1,\"hostID\":5,\"size\":3}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"mounts[].uidMappings[].size", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":5}],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"mounts[].gidMappings[].containerID", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":5,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"mounts[].gidMappings[].hostID", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":1,\"hostID\":5,\"size\":3}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"mounts[].gidMappings[].size", AT_TOP, "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", "\"mounts\":[{\"destination\":\"/n\",\"source\":\"/b\",\"options\":[\"bind\",\"idmap\"],\"gidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":5}],\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}]}]", NULL},
	{"hooks.prestart[].path", AT_TOP, "", "\"hooks\":{\"prestart\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.prestart[].args", AT_TOP, "\"hooks\":{\"prestart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"prestart\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.prestart[].env", AT_TOP, "\"hooks\":{\"prestart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"prestart\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.prestart[].timeout", AT_TOP, "\"hooks\":{\"prestart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"prestart\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"hooks.createRuntime[].path", AT_TOP, "", "\"hooks\":{\"createRuntime\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.createRuntime[].args", AT_TOP, "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.createRuntime[].env", AT_TOP, "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.createRuntime[].timeout", AT_TOP, "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createRuntime\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"hooks.createContainer[].path", AT_TOP, "", "\"hooks\":{\"createContainer\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.createContainer[].args", AT_TOP, "\"hooks\":{\"createContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createContainer\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.createContainer[].env", AT_TOP, "\"hooks\":{\"createContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createContainer\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.createContainer[].timeout", AT_TOP, "\"hooks\":{\"createContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"createContainer\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"hooks.startContainer[].path", AT_TOP, "", "\"hooks\":{\"startContainer\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.startContainer[].args", AT_TOP, "\"hooks\":{\"startContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"startContainer\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.startContainer[].env", AT_TOP, "\"hooks\":{\"startContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"startContainer\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.startContainer[].timeout", AT_TOP, "\"hooks\":{\"startContainer\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"startContainer\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"hooks.poststart[].path", AT_TOP, "", "\"hooks\":{\"poststart\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.poststart[].args", AT_TOP, "\"hooks\":{\"poststart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststart\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.poststart[].env", AT_TOP, "\"hooks\":{\"poststart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststart\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.poststart[].timeout", AT_TOP, "\"hooks\":{\"poststart\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststart\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"hooks.poststop[].path", AT_TOP, "", "\"hooks\":{\"poststop\":[{\"path\":\"/b\"}]}", NULL},
	{"hooks.poststop[].args", AT_TOP, "\"hooks\":{\"poststop\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"args\":[\"a\"]}]}", NULL},
	{"hooks.poststop[].env", AT_TOP, "\"hooks\":{\"poststop\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"env\":[\"A=1\"]}]}", NULL},
	{"hooks.poststop[].timeout", AT_TOP, "\"hooks\":{\"poststop\":[{\"path\":\"/a\"}]}", "\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"timeout\":3}]}", NULL},
	{"linux.namespaces[].type", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"}]", NULL},
	{"linux.namespaces[].path", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\",\"path\":\"/a\"}]", NULL},
	{"linux.uidMappings[].containerID", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":5,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.uidMappings[].hostID", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":5,\"size\":3}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.uidMappings[].size", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":5}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.gidMappings[].containerID", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":5,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.gidMappings[].hostID", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":0,\"hostID\":5,\"size\":3}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.gidMappings[].size", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],\"gidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":5}],\"uidMappings\":[{\"containerID\":0,\"hostID\":2,\"size\":3}]", NULL},
	{"linux.devices[].path", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/b\",\"type\":\"c\",\"major\":1,\"minor\":2}]", NULL},
	{"linux.devices[].type", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"b\",\"major\":1,\"minor\":2}]", NULL},
	{"linux.devices[].major", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":5,\"minor\":2}]", NULL},
	{"linux.devices[].minor", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":5}]", NULL},
	{"linux.devices[].fileMode", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2,\"fileMode\":384}]", NULL},
	{"linux.devices[].uid", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2,\"uid\":3}]", NULL},
	{"linux.devices[].gid", IN_LINUX, "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}]", "\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2,\"gid\":3}]", NULL},
	{"linux.netDevices{}.name", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"network\"}],\"netDevices\":{\"eth0\":{}}", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"network\"}],\"netDevices\":{\"eth0\":{\"name\":\"a\"}}", NULL},
	{"linux.timeOffsets.monotonic.secs", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}],\"timeOffsets\":{\"monotonic\":{\"secs\":3}}", NULL},
	{"linux.timeOffsets.monotonic.nanosecs", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}],\"timeOffsets\":{\"monotonic\":{\"nanosecs\":3}}", NULL},
	{"linux.timeOffsets.boottime.secs", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}],\"timeOffsets\":{\"boottime\":{\"secs\":3}}", NULL},
	{"linux.timeOffsets.boottime.nanosecs", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}],\"timeOffsets\":{\"boottime\":{\"nanosecs\":3}}", NULL},
	{"linux.sysctl", IN_LINUX, "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"ipc\"}]", "\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"ipc\"}],\"sysctl\":{\"kernel.msgmax\":\"5\"}", NULL},
	{"linux.cgroupsPath", IN_LINUX, "", "\"cgroupsPath\":\"/tare-a\"", NULL},
	{"linux.resources.devices[].allow", IN_LINUX, "\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"r\"}]}", "\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"r\"}]}", NULL},
	{"linux.resources.devices[].type", IN_LINUX, "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":2,\"access\":\"r\"}]}", "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"b\",\"major\":1,\"minor\":2,\"access\":\"r\"}]}", NULL},
	{"linux.resources.devices[].major", IN_LINUX, "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":2,\"access\":\"r\"}]}", "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":5,\"minor\":2,\"access\":\"r\"}]}", NULL},
	{"linux.resources.devices[].minor", IN_LINUX, "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":2,\"access\":\"r\"}]}", "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":5,\"access\":\"r\"}]}", NULL},
	{"linux.resources.devices[].access", IN_LINUX, "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":2,\"access\":\"r\"}]}", "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":2,\"access\":\"w\"}]}", NULL},
	{"linux.resources.memory.limit", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":99999999}}", NULL},
	{"linux.resources.memory.reservation", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"reservation\":99999999}}", NULL},
	{"linux.resources.memory.kernel", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"kernel\":99999999}}", NULL},
	{"linux.resources.memory.kernelTCP", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"kernelTCP\":99999999}}", NULL},
	{"linux.resources.memory.swappiness", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"swappiness\":5}}", NULL},
	{"linux.resources.memory.disableOOMKiller", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"disableOOMKiller\":true}}", NULL},
	{"linux.resources.memory.swap", IN_LINUX, "\"resources\":{\"memory\":{\"limit\":88888888}}", "\"resources\":{\"memory\":{\"limit\":88888888,\"swap\":99999999}}", NULL},
	{"linux.resources.memory.useHierarchy", IN_LINUX, "\"resources\":{}", "\"resources\":{\"memory\":{\"useHierarchy\":true}}", "so it is on every kernel of today"},
	{"linux.resources.memory.checkBeforeUpdate", IN_LINUX, "\"resources\":{}", "\"resources\":{\"memory\":{\"checkBeforeUpdate\":true}}", "a new group uses nothing that a limit could be below; update heeds it"},
	{"linux.resources.cpu.shares", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"shares\":99}}", NULL},
	{"linux.resources.cpu.quota", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"quota\":5000}}", NULL},
	{"linux.resources.cpu.period", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"period\":90000}}", NULL},
	{"linux.resources.cpu.realtimeRuntime", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"realtimeRuntime\":9000}}", NULL},
	{"linux.resources.cpu.realtimePeriod", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"realtimePeriod\":90000}}", NULL},
	{"linux.resources.cpu.cpus", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"cpus\":\"0\"}}", NULL},
	{"linux.resources.cpu.mems", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"mems\":\"0\"}}", NULL},
	{"linux.resources.cpu.idle", IN_LINUX, "\"resources\":{}", "\"resources\":{\"cpu\":{\"idle\":1}}", NULL},
	{"linux.resources.cpu.burst", IN_LINUX, "\"resources\":{\"cpu\":{\"quota\":5000}}", "\"resources\":{\"cpu\":{\"quota\":5000,\"burst\":500}}", NULL},
	{"linux.resources.pids.limit", IN_LINUX, "\"resources\":{}", "\"resources\":{\"pids\":{\"limit\":9}}", NULL},
	{"linux.resources.blockIO.weight", IN_LINUX, "\"resources\":{}", "\"resources\":{\"blockIO\":{\"weight\":99}}", NULL},
	{"linux.resources.blockIO.leafWeight", IN_LINUX, "\"resources\":{}", "\"resources\":{\"blockIO\":{\"leafWeight\":99}}", NULL},
	{"linux.resources.blockIO.weightDevice[].major", IN_LINUX, "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":9,\"minor\":0,\"weight\":99}]}}", "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":99}]}}", NULL},
	{"linux.resources.blockIO.weightDevice[].minor", IN_LINUX, "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":16,\"weight\":99}]}}", "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":99}]}}", NULL},
	{"linux.resources.blockIO.weightDevice[].weight", IN_LINUX, "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":90}]}}", "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":99}]}}", NULL},
	{"linux.resources.blockIO.weightDevice[].leafWeight", IN_LINUX, "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":99}]}}", "\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":99,\"leafWeight\":99}]}}", NULL},
	{"linux.resources.blockIO.throttleReadBpsDevice[].major", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":5,\"minor\":0,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleReadBpsDevice[].minor", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":5,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleReadBpsDevice[].rate", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":5}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteBpsDevice[].major", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":5,\"minor\":0,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteBpsDevice[].minor", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":5,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteBpsDevice[].rate", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":5}]}}", NULL},
	{"linux.resources.blockIO.throttleReadIOPSDevice[].major", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":5,\"minor\":0,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleReadIOPSDevice[].minor", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":5,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleReadIOPSDevice[].rate", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleReadIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":5}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteIOPSDevice[].major", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":5,\"minor\":0,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteIOPSDevice[].minor", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":5,\"rate\":9}]}}", NULL},
	{"linux.resources.blockIO.throttleWriteIOPSDevice[].rate", IN_LINUX, "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":9}]}}", "\"resources\":{\"blockIO\":{\"throttleWriteIOPSDevice\":[{\"major\":8,\"minor\":0,\"rate\":5}]}}", NULL},
	{"linux.resources.hugepageLimits[].pageSize", IN_LINUX, "\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"1GB\",\"limit\":4194304}]}", "\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4194304}]}", NULL},
	{"linux.resources.hugepageLimits[].limit", IN_LINUX, "\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":2097152}]}", "\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4194304}]}", NULL},
	{"linux.resources.network.classID", IN_LINUX, "\"resources\":{}", "\"resources\":{\"network\":{\"classID\":9}}", NULL},
	{"linux.resources.network.priorities[].name", IN_LINUX, "\"resources\":{\"network\":{\"priorities\":[{\"name\":\"b\",\"priority\":1}]}}", "\"resources\":{\"network\":{\"priorities\":[{\"name\":\"a\",\"priority\":1}]}}", NULL},
	{"linux.resources.network.priorities[].priority", IN_LINUX, "\"resources\":{\"network\":{\"priorities\":[{\"name\":\"a\",\"priority\":2}]}}", "\"resources\":{\"network\":{\"priorities\":[{\"name\":\"a\",\"priority\":1}]}}", NULL},
	{"linux.resources.rdma{}.hcaHandles", IN_LINUX, "\"resources\":{\"rdma\":{\"a\":{\"hcaHandles\":2}}}", "\"resources\":{\"rdma\":{\"a\":{\"hcaHandles\":1}}}", NULL},
	{"linux.resources.rdma{}.hcaObjects", IN_LINUX, "\"resources\":{\"rdma\":{\"a\":{\"hcaObjects\":2}}}", "\"resources\":{\"rdma\":{\"a\":{\"hcaObjects\":1}}}", NULL},
	{"linux.resources.unified", IN_LINUX, "\"resources\":{}", "\"resources\":{\"unified\":{\"memory.high\":\"99999999\"}}", NULL},
	{"linux.intelRdt.closID", IN_LINUX, "", "\"intelRdt\":{\"closID\":\"a\"}", NULL},
	{"linux.intelRdt.schemata", IN_LINUX, "", "\"intelRdt\":{\"schemata\":[\"L3:0=f\"]}", NULL},
	{"linux.intelRdt.l3CacheSchema", IN_LINUX, "", "\"intelRdt\":{\"l3CacheSchema\":\"L3:0=f\"}", NULL},
	{"linux.intelRdt.memBwSchema", IN_LINUX, "", "\"intelRdt\":{\"memBwSchema\":\"MB:0=5\"}", NULL},
	{"linux.intelRdt.enableMonitoring", IN_LINUX, "", "\"intelRdt\":{\"enableMonitoring\":true}", NULL},
	{"linux.memoryPolicy.mode", IN_LINUX, "\"memoryPolicy\":{\"mode\":\"MPOL_PREFERRED\",\"nodes\":\"0\"}", "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\"}", NULL},
	{"linux.memoryPolicy.nodes", IN_LINUX, "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\"}", "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"1\"}", NULL},
	{"linux.memoryPolicy.flags", IN_LINUX, "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\"}", "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\",\"flags\":[\"MPOL_F_STATIC_NODES\"]}", NULL},
	{"linux.personality.domain", IN_LINUX, "", "\"personality\":{\"domain\":\"LINUX32\"}", NULL},
	{"linux.personality.flags", IN_LINUX, "\"personality\":{\"domain\":\"LINUX\"}", "\"personality\":{\"domain\":\"LINUX\",\"flags\":[\"ADDR_NO_RANDOMIZE\"]}", NULL},
	{"linux.rootfsPropagation", IN_LINUX, "", "\"rootfsPropagation\":\"slave\"", NULL},
	{"linux.maskedPaths", IN_LINUX, "", "\"maskedPaths\":[\"/a\"]", NULL},
	{"linux.readonlyPaths", IN_LINUX, "", "\"readonlyPaths\":[\"/a\"]", NULL},
	{"linux.mountLabel", IN_LINUX, "", "\"mountLabel\":\"a\"", NULL},
	{"linux.seccomp.defaultAction", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}", NULL},
	{"linux.seccomp.defaultErrnoRet", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":5}", NULL},
	{"linux.seccomp.architectures", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}],\"architectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_ARM\"]}", NULL},
	{"linux.seccomp.flags", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}", NULL},
	{"linux.seccomp.listenerPath", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}],\"listenerPath\":\"/a\"}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}],\"listenerPath\":\"/b\"}", NULL},
	{"linux.seccomp.listenerMetadata", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}],\"listenerPath\":\"/a\"}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}],\"listenerPath\":\"/a\",\"listenerMetadata\":\"m\"}", NULL},
	{"linux.seccomp.syscalls[].names", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"rmdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", NULL},
	{"linux.seccomp.syscalls[].action", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_TRAP\"}]}", NULL},
	{"linux.seccomp.syscalls[].errnoRet", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":5}]}", NULL},
	{"linux.seccomp.syscalls[].args[].index", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":1,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", NULL},
	{"linux.seccomp.syscalls[].args[].value", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":7,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", NULL},
	{"linux.seccomp.syscalls[].args[].valueTwo", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":2,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", NULL},
	{"linux.seccomp.syscalls[].args[].op", IN_LINUX, "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}", "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"value\":3,\"valueTwo\":1,\"op\":\"SCMP_CMP_NE\"}]}]}", NULL},
	{"annotations", AT_TOP, "", "\"annotations\":{\"a\":\"b\"}", "they tell others of the container; state shows them"},
	{"freebsd.devices[].path", AT_TOP, "", "\"freebsd\":{\"devices\":[{\"path\":\"a\"}]}", "of another platform"},
	{"freebsd.devices[].mode", AT_TOP, "", "\"freebsd\":{\"devices\":[{\"mode\":1}]}", "of another platform"},
	{"freebsd.jail.parent", AT_TOP, "", "\"freebsd\":{\"jail\":{\"parent\":\"new\"}}", "of another platform"},
	{"freebsd.jail.host", AT_TOP, "", "\"freebsd\":{\"jail\":{\"host\":\"new\"}}", "of another platform"},
	{"freebsd.jail.ip4", AT_TOP, "", "\"freebsd\":{\"jail\":{\"ip4\":\"new\"}}", "of another platform"},
	{"freebsd.jail.ip4Addr", AT_TOP, "", "\"freebsd\":{\"jail\":{\"ip4Addr\":[\"a\"]}}", "of another platform"},
	{"freebsd.jail.ip6", AT_TOP, "", "\"freebsd\":{\"jail\":{\"ip6\":\"new\"}}", "of another platform"},
	{"freebsd.jail.ip6Addr", AT_TOP, "", "\"freebsd\":{\"jail\":{\"ip6Addr\":[\"a\"]}}", "of another platform"},
	{"freebsd.jail.vnet", AT_TOP, "", "\"freebsd\":{\"jail\":{\"vnet\":\"new\"}}", "of another platform"},
	{"freebsd.jail.interface", AT_TOP, "", "\"freebsd\":{\"jail\":{\"interface\":\"new\"}}", "of another platform"},
	{"freebsd.jail.vnetInterfaces", AT_TOP, "", "\"freebsd\":{\"jail\":{\"vnetInterfaces\":[\"a\"]}}", "of another platform"},
	{"freebsd.jail.sysvmsg", AT_TOP, "", "\"freebsd\":{\"jail\":{\"sysvmsg\":\"new\"}}", "of another platform"},
	{"freebsd.jail.sysvsem", AT_TOP, "", "\"freebsd\":{\"jail\":{\"sysvsem\":\"new\"}}", "of another platform"},
	{"freebsd.jail.sysvshm", AT_TOP, "", "\"freebsd\":{\"jail\":{\"sysvshm\":\"new\"}}", "of another platform"},
	{"freebsd.jail.enforceStatfs", AT_TOP, "", "\"freebsd\":{\"jail\":{\"enforceStatfs\":1}}", "of another platform"},
	{"freebsd.jail.allow.setHostname", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"setHostname\":true}}}", "of another platform"},
	{"freebsd.jail.allow.rawSockets", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"rawSockets\":true}}}", "of another platform"},
	{"freebsd.jail.allow.chflags", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"chflags\":true}}}", "of another platform"},
	{"freebsd.jail.allow.mount", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"mount\":[\"a\"]}}}", "of another platform"},
	{"freebsd.jail.allow.quotas", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"quotas\":true}}}", "of another platform"},
	{"freebsd.jail.allow.socketAf", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"socketAf\":true}}}", "of another platform"},
	{"freebsd.jail.allow.mlock", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"mlock\":true}}}", "of another platform"},
	{"freebsd.jail.allow.reservedPorts", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"reservedPorts\":true}}}", "of another platform"},
	{"freebsd.jail.allow.suser", AT_TOP, "", "\"freebsd\":{\"jail\":{\"allow\":{\"suser\":true}}}", "of another platform"},
	{"solaris", AT_TOP, "", "\"solaris\":{}", "of another platform"},
	{"windows", AT_TOP, "", "\"windows\":{}", "of another platform"},
	{"zos", AT_TOP, "", "\"zos\":{}", "of another platform"},
	{"vm", AT_TOP, "", "\"vm\":{}", NULL},
};
// clang-format on

// --- plans --------------------------------------------------------------------------------------

static struct facts a_host(void)
{
	struct facts facts = {
		.user = "root",
		.kernel_major = 6,
		.kernel_minor = 18,
		.machine = "x86_64",
		.capabilities = (1ull << 41) - 1,
		.bounding = (1ull << 41) - 1,
		.last_capability = 40,
		.swap_accounting = true,
		.cpus = "0-3",
		.mems = "0-1",
		.rt_groups = true,
		.io_scheduler = "bfq",
		.overlay_in_userns = true,
	};
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		facts.controller[i] =
			(struct facts_controller){CGROUP_V1,
						  arena_printf(&arena, "/sys/fs/cgroup/%s",
							       controller_name((enum controller)i)),
						  "/", true};
	return facts;
}

// The members, and those that every document needs where they are not among them.
static const char *members(const char *given, const char *const *usual)
{
	struct buf text = buf_new(&arena, 1 << 16);
	buf_puts(&text, given);
	for (; *usual; usual++) {
		size_t key = (size_t)(strchr(*usual, ':') - *usual);
		if (!memmem(given, strlen(given), *usual, key))
			buf_printf(&text, "%s%s", text.n ? "," : "", *usual);
	}
	return text.p;
}

static const char *document(const struct row *row, const char *text)
{
	static const char *const process[] = {"\"args\":[\"/a\"]", "\"cwd\":\"/\"", NULL};
	static const char *const linux_[] = {
		"\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"}]", NULL};
	bool top = row->section == AT_TOP;
	struct buf out = buf_new(&arena, 1 << 16);
	buf_printf(&out, "{\"ociVersion\":\"%s\",\"process\":{%s},\"linux\":{%s}",
		   row->section == VERSION ? text : "1.3.0",
		   members(row->section == IN_PROCESS ? text : "", process),
		   members(row->section == IN_LINUX ? text : "", linux_));
	if (!top || !strstr(text, "\"root\""))
		buf_printf(&out, ",\"root\":{\"path\":\"%s\"}", row->section == ROOT ? text : "/r");
	if (!top || !strstr(text, "\"mounts\""))
		buf_puts(&out, ",\"mounts\":[{\"destination\":\"/dev\",\"type\":\"tmpfs\"}]");
	buf_printf(&out, "%s%s}", top && *text ? "," : "", top ? text : "");
	return out.p;
}

// All that can be read of the plan, or NULL where it is refused.
static const char *plan_of(const struct row *row, const char *text)
{
	struct box_spec spec = {
		.id = ID,
		.state = "/s",
		.runroot = "/run",
		.cgroups = true,
		.device_rules = true,
	};
	const struct facts facts = a_host();
	struct plan plan;
	struct buf out = buf_new(&arena, TEXT_MAX);
	fault_clear();
	if (oci_spec_parse(&arena, str_of(document(row, text)), &spec.oci)) {
		fail_msg("%s: %s: %s", row->path, document(row, text), fault_last()->text);
		return NULL;
	}
	const struct oci_user *user = &spec.oci.process.user;
	spec.user = arena_printf(&arena, "%u:%u", user->uid, user->gid);
	spec.seccomp = spec.oci.linux_.seccomp ? BOX_SECCOMP_PROFILE : BOX_SECCOMP_UNCONFINED;
	if (oci_spec_check(&spec.oci) || plan_build(&arena, &spec, &facts, &plan))
		return NULL;
	plan_text(&out, &plan);
	plan_explain_json(&out, &plan);
	for (size_t i = 0; i < plan.maps.gid_n; i++)
		buf_printf(&out, "%u %u %u\n", plan.maps.gid[i].inside, plan.maps.gid[i].outside,
			   plan.maps.gid[i].count);
	assert_false(out.over);
	return out.p;
}

static void judge(const struct row *row)
{
	const char *before = plan_of(row, row->without);
	const char *why = before ? "" : arena_dup(&arena, fault_last()->text);
	const char *after = plan_of(row, row->with);
	if (!before && after)
		fail_msg("%s: refused without it: %s", row->path, why);
	bool same = before && after && str_eq(before, after);
	if (!after && row->why)
		fail_msg("%s: means nothing, and is refused: %s", row->path, fault_last()->text);
	if (same && !row->why)
		fail_msg("%s: taken, and not heeded", row->path);
	if (!same && row->why)
		fail_msg("%s: means nothing, and changes the plan", row->path);
	if (!after)
		print_message("%s refused: %s\n", row->path, fault_last()->text);
}

static const struct row *row_of(const char *path)
{
	for (size_t i = 0; i < lengthof(rows); i++)
		if (str_eq(rows[i].path, path))
			return &rows[i];
	return NULL;
}

static size_t walk(const struct shape *shape, const char *prefix)
{
	size_t n = 0;
	for (size_t i = 0; i < shape->fields_n; i++) {
		const struct shape_field *field = &shape->fields[i];
		if (field->kind == SHAPE_UNKNOWN)
			continue;
		const char *mark = field->kind == SHAPE_OBJECTS ? "[]"
				   : field->kind == SHAPE_KEYED ? "{}"
								: "";
		const char *path = arena_printf(&arena, "%s%s%s%s", prefix, *prefix ? "." : "",
						field->key, mark);
		if (field->shape) {
			n += walk(field->shape, path);
			continue;
		}
		const struct row *row = row_of(path);
		if (!row)
			fail_msg("%s: nothing here says what becomes of it", path);
		judge(row);
		n++;
	}
	return n;
}

static void no_key_is_dropped(void **state unused_)
{
	assert_int_equal(walk(&oci_spec_shape, ""), lengthof(rows));
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_is_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
