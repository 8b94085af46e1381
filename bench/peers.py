# SPDX-License-Identifier: Apache-2.0
"""peers - the same container for crun and runc, on a machine where they and podman run

bench/run and tests/peers/run hold tare against other engines. For those that read a config.json
oci_config() writes what tare does by itself; enter_private_namespace() takes the cgroup2 tree out
of sight where crun and podman would refuse the machine because of it.
"""

import json
import os
import platform
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
UNIFIED = "/sys/fs/cgroup/unified"
ORACLE = "seccomp/docker-default.json"
ETC_FILES = ("resolv.conf", "hostname", "hosts")  # every engine lays its own over the root's
PRIVATE = "PEERS_PRIVATE"  # set in the environment once the mount namespace is a private one

# Docker's default capabilities.
CAPABILITIES = ["CAP_" + name for name in (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP "
    "NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE").split()]


def find_oracle():
    """Docker's seccomp profile, which is no part of this tree."""
    for top in (os.environ.get("TARE_ORACLES"), os.path.join(HERE, "../../shared/oracles")):
        if top and os.path.exists(os.path.join(top, ORACLE)):
            return os.path.join(top, ORACLE)
    return None


def kernel_at_least(words):
    here = [int(n) for n in re.findall(r"\d+", platform.release())[:2]]
    return here >= [int(n) for n in words.split(".")[:2]]


def applies(rule):
    """Docker's conditions on a rule, for the default capabilities."""
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine())
    includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
    if includes.get("arches") and arch not in includes["arches"]:
        return False
    if not set(includes.get("caps") or []) <= set(CAPABILITIES):
        return False
    if includes.get("minKernel") and not kernel_at_least(includes["minKernel"]):
        return False
    if excludes.get("minKernel") and kernel_at_least(excludes["minKernel"]):
        return False
    return (arch not in (excludes.get("arches") or [])
            and not set(excludes.get("caps") or []) & set(CAPABILITIES))


def oci_seccomp(path):
    """Docker's profile as the OCI runtime spec writes it."""
    with open(path, encoding="utf-8") as text:
        docker = json.load(text)
    architecture = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
    own = architecture.get(platform.machine())
    result = {"defaultAction": docker["defaultAction"],
              "defaultErrnoRet": docker.get("defaultErrnoRet", 1), "architectures": [],
              "syscalls": []}
    for row in docker["archMap"]:
        if row["architecture"] == own:
            result["architectures"] = [own] + (row.get("subArchitectures") or [])
    for rule in docker["syscalls"]:
        if applies(rule):
            kept = {key: rule[key] for key in ("names", "action", "args", "errnoRet")
                    if rule.get(key) is not None}
            result["syscalls"].append(kept)
    return result


def oci_config(root, options, seccomp):
    """The config.json of the same container: what tare mounts, masks, allows and gives up."""
    def mount(destination, kind, *words, source=None):
        return {"destination": destination, "type": kind, "source": source or kind,
                "options": list(words)}

    hard = ("nosuid", "noexec", "nodev")
    mounts = [
        mount("/proc", "proc", *hard),
        mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666",
              "mode=0620", "gid=5"),
        mount("/sys", "sysfs", *hard, "ro"),
        mount("/dev/mqueue", "mqueue", *hard),
        mount("/dev/shm", "tmpfs", *hard, "mode=1777", "size=65536k", source="shm"),
    ]
    if options.cgroups:
        mounts.insert(4, mount("/sys/fs/cgroup", "cgroup", *hard, "ro"))
    for name in ETC_FILES:
        mounts.append(mount("/etc/" + name, "bind", "rbind", "rprivate",
                            source=os.path.join(os.path.dirname(root), name)))
    kinds = ["pid", "ipc", "uts", "mount", "cgroup"] + (["network"] if options.network else [])
    allow = [("c", None, None, "m"), ("b", None, None, "m"), ("c", 136, None, "rwm")]
    allow += [("c", major, minor, "rwm") for major, minor in
              ((1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2))]
    devices = [{"allow": False, "access": "rwm"}]
    for kind, major, minor, access in allow:
        rule = {"allow": True, "type": kind, "access": access}
        rule.update({} if major is None else {"major": major})
        rule.update({} if minor is None else {"minor": minor})
        devices.append(rule)
    resources = {"devices": devices} if options.cgroups else {}
    if options.limits:
        resources["memory"] = {"limit": 64 << 20, "swap": 128 << 20}
        resources["cpu"] = {"quota": 100000, "period": 100000}
        resources["pids"] = {"limit": 64}
    config = {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/bin/true"],
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOME=/root"],
            "cwd": "/", "noNewPrivileges": False,
            "capabilities": {kind: CAPABILITIES
                             for kind in ("bounding", "effective", "permitted")},
        },
        "root": {"path": root, "readonly": False},
        "hostname": "bench",
        "mounts": mounts,
        "linux": {
            "namespaces": [{"type": kind} for kind in kinds],
            "resources": resources,
            "maskedPaths": [
                "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
                "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware"],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                              "/proc/sysrq-trigger"],
        },
    }
    if options.seccomp and seccomp:
        config["linux"]["seccomp"] = seccomp
    return config


def in_private_namespace():
    return PRIVATE in os.environ


def enter_private_namespace():
    """crun and podman refuse a machine that has v1 and v2 side by side: here they see v1 only."""
    if in_private_namespace():
        return
    hide = f"umount {UNIFIED}; " if os.path.ismount(UNIFIED) else ""
    os.environ[PRIVATE] = "1"
    os.execvp("unshare", ["unshare", "-m", "sh", "-c", hide + 'exec "$@"', "sh", *sys.argv])
