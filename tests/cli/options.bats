#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# options.bats - every option of Docker's run and of Podman's is done, or refused by its name
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

# Of Podman's, what Docker does not have.
done_podman='
arch
cgroup-conf
cgroups
env-host
env-merge
gidmap
group-entry
hosts-file
hostuser
http-proxy
image-volume
no-hostname
no-hosts
os
passwd
passwd-entry
personality
pidfile
preserve-fd
preserve-fds
read-only-tmpfs
replace
rmi
rootfs
subgidname
subuidname
timeout
tz
uidmap
umask
unsetenv
unsetenv-all
variant
'

need_lists() {
	[ -d "$TARE_ORACLES/cli" ] || skip "the lists of options are not there: $TARE_ORACLES/cli"
}

# NAME LETTER TYPE of each option of another's run, "-" where it has no letter; the type is "bool"
# or "-" where it has no value. Podman's list has a line too many: "--permissive" is in a sentence.
rows() {
	local list=$TARE_ORACLES/cli/$1.tsv command=$2
	awk -F '\t' -v command="$command" '$2 == command && $3 != "--permissive" {
		print substr($3, 3), $4 == "" ? "-" : substr($4, 2), $5 == "" ? "-" : $5 }' "$list"
}

# `run` taking the option has nothing to say but its help.
taken() {
	ask tare run "$@" --help
	code_is 0
	[ -z "$err" ] || shown
}

# An option that is refused has its place in the documentation.
not_taken() {
	local name=$1
	shift
	ask tare run "$@" hello
	refused "--$name: "
	case $err in
	*"--$name: not yet"*"hint: "?* | *"--$name: never, because "?*) ;;
	*) shown ;;
	esac
	grep -qE -- "--$name([^a-z-]|\$)" "$BATS_TEST_DIRNAME/../learn/compatibility.md" || {
		echo "--$name is not in docs/compatibility.md"
		return 1
	}
}

# LIST COMMAND DONE: each option is done or refused, under both its names.
walk() {
	local name letter type value list
	list=$(rows "$1" "$2")
	[ "$(wc -l <<<"$list")" -gt 90 ]
	while read -r name letter type; do
		case $name:$type in
		attach:*) value==stdout ;;
		rootfs:* | image-volume:*) value==1 ;; # Podman's list has no type for these
		*:bool | *:-) value= ;;
		*) value==1 ;;
		esac
		case " $(echo $3) " in
		*" $name "*)
			taken "--$name$value"
			[ "$letter" = - ] || taken "-$letter${value#=}"
			;;
		*)
			not_taken "$name" "--$name$value"
			[ "$letter" = - ] || not_taken "$name" "-$letter"
			;;
		esac
	done <<<"$list"
}

@test "each option of Docker's run is done or refused" {
	need_lists
	walk docker "docker container run" "$done_options"
}

@test "each option of Podman's run is done or refused" {
	need_lists
	walk podman "podman run" "$done_options$done_podman"
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

# completed LINE: what bash proposes at the end of the line, one a line.
completed() {
	ask env PATH="$T/bin:$PATH" bash --norc -c '
		source "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		# As readline cuts words: a colon and an equals sign are words of their own.
		mapfile -t COMP_WORDS < <(sed "s/[:=]/ & /g" <<<"$2" | tr -s " " "\n" | sed "/^$/d")
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_tare
		printf "%s\n" "${COMPREPLY[@]}"' - "$T/completion" "$1"
}

@test "bash completes commands, options, values, and names of images past their colons" {
	mkdir bin
	cat >bin/tare <<-'END'
		#!/bin/sh
		case $1 in
		ps) echo web ;;
		images) printf '%s\n' base:latest base:12 reg.test:5000/x:1 ;;
		esac
	END
	chmod 755 bin/tare
	"$TARE" completion bash >completion
	completed 'tare insp'
	out_is inspect
	completed 'tare run --read-o'
	out_is $'--read-only\n--read-only-tmpfs'
	completed 'tare run --pull '
	out_is $'missing\nnever'
	completed 'tare rmi ba'
	out_is $'base:latest\nbase:12'
	completed 'tare rmi base:'
	out_is $'latest\n12'
	completed 'tare rmi -f base:la'
	out_is latest
	completed 'tare run reg.test:5000/x:'
	out_is 1
	completed 'tare run reg.test:5'
	out_is 5000/x:1
	completed 'tare inspect we'
	out_is web
	completed 'tare inspect base:1'
	out_is 12
	completed 'tare rmi none:x'
	out_is ''
}

@test "each option of Docker's ps, images and inspect is done or refused" {
	need_lists
	local command name type value
	for command in 'ps:docker container ls' 'images:docker image ls' 'inspect:docker inspect'; do
		while read -r name letter type; do
			value=1
			[ "$type" != bool ] || value=true
			ask tare "${command%%:*}" "--$name=$value" --help
			case $code:$err in
			0: | "125:tare: --$name: not yet"*) ;;
			*) shown ;;
			esac
			[ "$letter" = - ] || {
				ask tare "${command%%:*}" "-$letter" "$value" --help
				case $code:$err in
				0: | "125:tare: --$name: not yet"*) ;;
				*) shown ;;
				esac
			}
		done < <(rows docker "${command#*:}")
	done
}

@test "ps: --last, --latest, labels in templates, exited and ancestor" {
	tare run --name one -l role.the-part=db --rootfs "$BASE:O" true
	tare run --name two --rootfs "$BASE:O" false || true
	ask tare ps --latest --format '{{.Names}}'
	[ "$out" = two ] || [ "$out" = one ] || shown # made within one second of each other
	ask tare ps -n 2 -q
	[ "${#out}" = 25 ] || shown
	ask tare ps -n 1 -q
	[ "${#out}" = 12 ] || shown
	ask tare ps -a --format '{{.Names}}={{.Label "role.the-part"}}'
	out_has one=db
	ask tare ps -a --format 'table {{.Names}}\t{{.Label "role.the-part"}}'
	out_has 'the part'
	ask tare ps --filter exited=1 --format '{{.Names}}'
	out_is two
	ask tare ps -a --filter "ancestor=$BASE" -q
	[ "${#out}" = 25 ] || shown
	ask tare ps -a --filter ancestor=other -q
	out_is ''
	ask tare ps --filter exited=x
	refused 'exit code'
	ask tare ps --last x
	refused --last
	tare rm one two
}
