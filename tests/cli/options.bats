#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# options.bats - every option of Docker's run is done, or refused by its name
load helpers

# What is done; the tests beside this one show that it is.
done_options='
add-host
annotation
attach
blkio-weight
blkio-weight-device
cap-add
cap-drop
cgroup-parent
cgroupns
cidfile
cpu-period
cpu-quota
cpu-rt-period
cpu-rt-runtime
cpu-shares
cpus
cpuset-cpus
cpuset-mems
device
device-cgroup-rule
device-read-bps
device-read-iops
device-write-bps
device-write-iops
dns
dns-option
dns-search
domainname
entrypoint
env
env-file
group-add
help
hostname
init
interactive
ipc
label
label-file
memory
memory-reservation
memory-swap
memory-swappiness
mount
name
network
no-healthcheck
oom-kill-disable
oom-score-adj
pid
pids-limit
platform
privileged
pull
quiet
read-only
rm
security-opt
shm-size
sig-proxy
stop-signal
stop-timeout
sysctl
tmpfs
tty
ulimit
user
userns
uts
volume
workdir
'

oracle() {
	list=$TARE_ORACLES/cli/docker.tsv
	[ -e "$list" ] || skip "Docker's list of options is not there: $list"
}

# NAME LETTER TYPE of each option of Docker's run; "-" where it has no letter.
rows() {
	awk -F '\t' '$2 == "docker container run" {
		print substr($3, 3), $4 == "" ? "-" : substr($4, 2), $5 }' "$list"
}

# `run` taking the option has nothing to say but its help.
taken() {
	ask tare run "$@" --help
	code_is 0
	[ -z "$err" ] || shown
}

not_taken() {
	local name=$1
	shift
	ask tare run "$@" hello
	refused "--$name: "
	case $err in
	*"--$name: not yet"*"hint: "?* | *"--$name: never, because "?*) ;;
	*) shown ;;
	esac
}

@test "each option of Docker's run is done or refused, under both its names" {
	oracle
	[ "$(rows | wc -l)" -gt 90 ]
	while read -r name letter type; do
		value=1
		[ "$type" != bool ] || value=true
		case " $(echo $done_options) " in
		*" $name "*)
			[ "$name" != attach ] || value=stdout
			taken "--$name=$value"
			[ "$letter" = - ] || taken "-$letter=$value"
			;;
		*)
			not_taken "$name" "--$name=$value"
			[ "$letter" = - ] || not_taken "$name" "-$letter"
			;;
		esac
	done < <(rows)
}

@test "an unknown option proposes the nearest" {
	ask tare run --memroy 1g hello
	refused "unknown option '--memroy'" "did you mean --memory?"
	ask tare run -rm hello
	refused "unknown option '-rm'" "did you mean --rm?"
	ask tare --rootdir / version
	refused "unknown option '--rootdir'"
}

@test "an unknown command proposes the nearest" {
	ask tare rnu hello
	refused "unknown command 'rnu'" "did you mean 'tare run'?"
	ask tare container rn hello
	refused "unknown command 'container rn'" "did you mean 'tare container r"
	ask tare container
	refused "a command is expected"
}

@test "help fits 80 columns and is asked for in four ways" {
	for words in --help run\ --help container\ run\ --help help\ run; do
		# shellcheck disable=SC2086 # words to be split
		ask tare $words
		code_is 0
		out_has "Usage: tare "
		[ "$(printf '%s\n' "$out" | LC_ALL=C.UTF-8 awk 'length > 80')" = "" ] || shown
	done
}

@test "output that can't be written is an error" {
	ask sh -c "'$TARE' --help >/dev/full"
	refused "write to standard output: No space left on device"
}

@test "what comes from outside can't move the cursor" {
	ask tare run $'--\e[2Jx' hello
	refused 'unknown option '"'--\\x1b[2Jx'"
}

@test "info tells of this host, as text and as JSON" {
	ask tare info
	code_is 0
	out_has "runroot:       $TARE_RUNROOT"
	ask tare info --json
	code_is 0
	out_has "\"uid\": $(id -u)"
	ask tare info now
	refused "one argument too many: 'now'"
}

@test "ps takes no filter, field or pair of forms that it would not heed" {
	ask tare ps -f status=exitd
	refused "no such status" "did you mean status=exited?"
	ask tare ps -f volume=x
	refused "--filter 'volume=x'"
	ask tare ps --format '{{.Nmes}}'
	refused "unknown field '.Nmes'" "did you mean .Names?"
	ask tare ps -q --json
	refused "only one of them at a time"
	ask tare rm
	refused "rm: an argument is missing"
}

@test "id maps are refused by their names" {
	local name
	for name in uidmap gidmap subuidname subgidname; do
		not_taken "$name" "--$name" 0:1000:1
	done
}
