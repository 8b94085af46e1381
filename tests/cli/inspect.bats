#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# inspect.bats - tare inspect of containers
load helpers

inspected() {
	ask tare inspect -f "$1" "${2-web}"
	code_is 0
	out_is "$3"
}

@test "inspect tells of a container that has ended, in Docker's shape" {
	mkdir -p data
	ask tare run --name web -h box.example -u 0:0 -w /tmp -l a.b=c --annotation x=y --read-only \
		-e SECRET=hidden -v "$T/data:/data:ro" --tmpfs /scratch -v /own --stop-signal USR1 \
		--rootfs "$BASE:O" sh -c 'exit 3'
	code_is 3
	ask tare inspect web
	code_is 0
	printf '%s' "$out" | python3 -c 'import json,sys; d = json.load(sys.stdin); assert len(d) == 1 and len(d[0]["Id"]) == 64'
	out_lacks hidden
	inspected '{{.State.Status}} {{.State.Running}} {{.State.ExitCode}} {{.State.Pid}} {{.State.OOMKilled}}' web \
		'exited false 3 0 false'
	inspected '{{.Name}} {{.Path}} {{json .Args}}' web '/web sh ["-c","exit 3"]'
	inspected '{{.Config.Hostname}} {{.Config.User}} {{.Config.WorkingDir}} {{.Config.StopSignal}}' web \
		'box.example 0:0 /tmp SIGUSR1'
	inspected '{{index .Config.Labels "a.b"}} {{.HostConfig.Annotations.x}}' web 'c y'
	inspected '{{.HostConfig.NetworkMode}} {{.HostConfig.IpcMode}} {{.HostConfig.ReadonlyRootfs}}' web 'none private true'
	inspected '{{json .HostConfig.Binds}}' web "[\"$T/data:/data:ro\"]"
	inspected '{{index .Config.Env 2}}' web 'SECRET'
	ask tare inspect -f '{{json .Mounts}}' web
	printf '%s' "$out" | python3 -c 'import json,sys
mounts = {m["Destination"]: m for m in json.load(sys.stdin)}
assert sorted(mounts) == ["/data", "/own", "/scratch"], mounts
assert mounts["/data"]["Type"] == "bind" and not mounts["/data"]["RW"]
assert mounts["/own"]["Type"] == "volume" and mounts["/own"]["RW"]
assert mounts["/scratch"]["Type"] == "tmpfs"'
	ask tare inspect -f '{{.State.FinishedAt}} {{.Created}}' web
	[[ $out =~ ^20..-..-..T..:..:..Z\ 20..-..-..T..:..:..Z$ ]] || shown
	tare rm web
}

@test "inspect tells of one that runs, and whose process it is" {
	"$TARE" run --rm --name web --rootfs "$BASE:O" sleep 60 </dev/null >/dev/null 2>&1 &
	local pid=$!
	until_true became "$pid" sleep
	until_true recorded
	inspected '{{.State.Status}} {{.State.Pid}} {{.State.FinishedAt}} {{.HostConfig.AutoRemove}}' web \
		"running $(first_process "$pid") 0001-01-01T00:00:00Z true"
	inspected '{{.NetworkSettings.SandboxKey}}' web "/proc/$(first_process "$pid")/ns/net"
	kill -9 "$pid"
	wait "$pid" || true
	tare ps >/dev/null
}

@test "a name that is a container's and an image's; --type; names of nothing" {
	tar --owner=0 --group=0 --numeric-owner -C "$BASE" -cf base.tar .
	tare import base.tar both >/dev/null
	tare run --name both both /bin/true
	inspected '{{.Name}}' both /both
	ask tare inspect --type image -f '{{index .RepoTags 0}}' both
	out_is both:latest
	ask tare image inspect -f '{{index .RepoTags 0}}' both
	out_is both:latest
	ask tare container inspect -f '{{.Name}} {{.Config.Image}}' both
	out_is '/both both'
	tare rm both
	inspected '{{index .RepoTags 0}}' both both:latest
	ask tare inspect --type container both
	code_is 1
	err_has "container 'both': there is none"
	ask tare inspect nothing
	code_is 1
	err_has "'nothing': there is no container and no image"
	ask tare inspect --type volume both
	refused "--type 'volume'"
}
