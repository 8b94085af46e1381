// SPDX-License-Identifier: Apache-2.0
// run_opts.h - the flags of `tare run`, as the user gave them
//
// The option table of cmd/run.c fills one; engine_run_spec (run_spec.h) says what the words mean.
// Nothing here is checked or split yet: a value is the text of the command line, a list holds one
// item for each time its flag was given, in order. A text that was not given is NULL.
#pragma once

#include "oci/spec.h"

struct run_opts {
	bool interactive;     // -i
	bool tty;             // -t
	bool rm;              // --rm
	bool read_only;       // --read-only
	bool read_only_tmpfs; // --read-only-tmpfs
	bool privileged;      // --privileged
	bool init;            // --init
	bool quiet;           // -q: no word on unpacking an image
	bool no_healthcheck;  // --no-healthcheck: which is so, as none are run

	const char *name;        // --name
	const char *hostname;    // -h
	const char *workdir;     // -w
	const char *user;        // -u: "USER[:GROUP]", names or numbers
	const char *network;     // --network: none, host; NULL is none, said once on a terminal
	const char *pid;         // --pid: host, private, ns:PATH, container:NAME
	const char *ipc;         // --ipc: the same, and none, shareable
	const char *uts;         // --uts: as --pid
	const char *cgroupns;    // --cgroupns: as --pid
	const char *time_offset; // --time-offset: "boottime=-3600,monotonic=86400"
	const char *userns;      // --userns: host, auto:size=1000, keep-id
	const char *subuidname;  // --subuidname: whose ranges of /etc/subuid
	const char *subgidname;  // --subgidname
	const char *cidfile;     // --cidfile: where whoever runs the container writes its id
	const char *report;      // --report: where it writes how that ended
	const char *rootfs;      // --rootfs: "DIR", or "DIR:O" to put an overlay over it

	struct oci_strings uidmap; // --uidmap: "0:100000:65536"
	struct oci_strings gidmap; // --gidmap

	// Limits:
	const char *memory;             // -m: "100m"
	const char *memory_swap;        // --memory-swap: memory and swap together, or -1
	const char *memory_reservation; // --memory-reservation: "50m"
	const char *memory_swappiness;  // --memory-swappiness: 0 to 100, -1
	bool oom_kill_disable;          // --oom-kill-disable
	const char *cpus;               // --cpus: "1.5"
	const char *cpu_shares;         // -c: "512"
	const char *cpu_period;         // --cpu-period: µs
	const char *cpu_quota;          // --cpu-quota: µs, -1
	const char *cpu_rt_period;      // --cpu-rt-period: µs
	const char *cpu_rt_runtime;     // --cpu-rt-runtime: µs
	const char *cpuset_cpus;        // --cpuset-cpus: "0-2,5"
	const char *cpuset_mems;        // --cpuset-mems: "0"
	const char *pids_limit;         // --pids-limit: "64", -1
	const char *cgroups;            // --cgroups: enabled, disabled, no-conmon
	const char *cgroup_parent;      // --cgroup-parent: "batch/night", "batch.slice"
	const char *blkio_weight;       // --blkio-weight: 10 to 1000

	struct oci_strings blkio_weight_device; // --blkio-weight-device: "/dev/sda:200"
	struct oci_strings device_read_bps;     // --device-read-bps: "/dev/sda:1m"
	struct oci_strings device_write_bps;    // --device-write-bps
	struct oci_strings device_read_iops;    // --device-read-iops: "/dev/sda:100"
	struct oci_strings device_write_iops;   // --device-write-iops
	struct oci_strings cgroup_conf;         // --cgroup-conf: "memory.high=50000000"

	const char *domainname;    // --domainname
	const char *stop_signal;   // --stop-signal: "TERM", "15"
	const char *stop_timeout;  // --stop-timeout: seconds, or -1
	const char *umask;         // --umask: "0027"
	const char *oom_score_adj; // --oom-score-adj: "-500"
	const char *personality;   // --personality: "LINUX32"
	const char *entrypoint;    // --entrypoint: instead of the image's; "": none
	const char *platform;      // --platform: "linux/arm64"
	const char *arch;          // --arch: "arm64"
	const char *os;            // --os: "linux"
	const char *variant;       // --variant: "v7"
	const char *pull;          // --pull: missing, never; always is refused
	const char *image_volume;  // --image-volume: bind, tmpfs, ignore
	bool rmi;                  // --rmi

	struct oci_strings env;          // -e: "NAME=value", "NAME"
	struct oci_strings env_file;     // --env-file
	struct oci_strings volume;       // -v: "SOURCE:DESTINATION[:OPTIONS]"
	const char *shm_size;            // --shm-size: "64m"
	struct oci_strings device;       // --device: "/dev/HOST[:/dev/CONTAINER][:rwm]"
	struct oci_strings device_rule;  // --device-cgroup-rule: "c 10:229 rwm"
	struct oci_strings mount;        // --mount: "type=bind,src=SOURCE,dst=DESTINATION"
	struct oci_strings tmpfs;        // --tmpfs: "DESTINATION[:OPTIONS]"
	struct oci_strings cap_add;      // --cap-add
	struct oci_strings cap_drop;     // --cap-drop
	struct oci_strings security_opt; // --security-opt
	struct oci_strings ulimit;       // --ulimit: "NAME=SOFT[:HARD]"

	struct oci_strings group_add; // --group-add: names, numbers, "keep-groups"
	struct oci_strings sysctl;    // --sysctl: "net.ipv4.ip_forward=1"

	struct oci_strings label;       // --label: "NAME=value", "NAME"
	struct oci_strings label_file;  // --label-file
	struct oci_strings annotation;  // --annotation: "NAME=value"
	struct oci_strings add_host;    // --add-host: "NAME:ADDRESS"
	const char *hosts_file;         // --hosts-file: a path, "none", "image"
	struct oci_strings dns;         // --dns: addresses; none
	struct oci_strings dns_search;  // --dns-search
	struct oci_strings dns_option;  // --dns-option
	bool no_hosts;                  // --no-hosts
	bool no_hostname;               // --no-hostname
	const char *tz;                 // --tz: "Europe/Berlin", "local"
	bool sig_proxy;                 // --sig-proxy, which is true without it
	bool replace;                   // --replace
	const char *timeout;            // --timeout: seconds
	const char *pidfile;            // --pidfile
	const char *preserve_fds;       // --preserve-fds: how many from 3 on
	struct oci_strings preserve_fd; // --preserve-fd: "5,7"
	struct oci_strings attach;      // --attach: stdin, stdout, stderr
	struct oci_strings hostuser;    // --hostuser: names or numbers of the host's users
	bool passwd;                    // --passwd
	const char *passwd_entry;       // --passwd-entry: "$USERNAME:*:$UID:$GID::$HOME:/bin/sh"
	const char *group_entry;        // --group-entry: "$GROUPNAME:x:$GID:$USERLIST"
	bool env_host;                  // --env-host
	bool http_proxy;                // --http-proxy
	bool unsetenv_all;              // --unsetenv-all
	struct oci_strings unsetenv;    // --unsetenv: names
	struct oci_strings env_merge;   // --env-merge: "NAME=${NAME}more"

	bool explain; // --explain: tell the plan, change nothing
	bool trace;   // --trace: run it and tell each step
	bool script;  // --script: print it as a shell script, change nothing
	bool json;    // --json: any of these, or hello's report, as JSON

	const char *image;       // "hello"; NULL with --rootfs
	struct oci_strings args; // what follows it: the command and its arguments
};
