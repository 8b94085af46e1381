# SPDX-License-Identifier: Apache-2.0
# idmaps.bats - an ordinary user's own choice of who is who inside
load ../helpers

# The first id of the range that the user has outside.
range() {
	awk -F: -v u="$USER" '$1 == u { print $2 }' /etc/subuid
}

# map_is LINES: the container's user map, blanks made one.
map_is() {
	out=$(printf '%s\n' "$out" | sed 's/  */ /g; s/^ //')
	out_is "$1"
}

@test "--uidmap counts in the ids that the user has: 0 is he, his range follows" {
	box --uidmap 0:0:1 --uidmap 1:1:1000 sh -c 'cat /proc/self/uid_map /proc/self/gid_map; touch /x && chown 7:8 /x && ls -ln /x | cut -c1-20'
	code_is 0
	local both="0 $(id -u) 1"$'\n'"1 $(range) 1000"
	out_has "$(range)"
	out=$(printf '%s\n' "$out" | head -2)
	map_is "$both"
}

@test "--uidmap: one option stands for both maps, u and g keep it to one" {
	box --gidmap 0:0:100 --gidmap g100:200:10 sh -c 'cat /proc/self/uid_map; echo; cat /proc/self/gid_map'
	code_is 0
	map_is "0 $(id -u) 1"$'\n'"1 $(range) 99"$'\n\n'"0 $(id -g) 1"$'\n'"1 $(range) 99"$'\n'"100 $(($(range) + 199)) 10"
}

@test "--uidmap +: one id where it is wanted, the others fill the gaps" {
	box --uidmap +5000:0 cat /proc/self/uid_map
	code_is 0
	map_is "0 $(range) 5000"$'\n'"5000 $(id -u) 1"$'\n'"5001 $(($(range) + 5000)) 60536"
}

@test "--uidmap @: an id by its number on the host" {
	box --uidmap "0:@$(id -u)" --uidmap "1:@$(($(range) + 10)):5" cat /proc/self/uid_map
	code_is 0
	map_is "0 $(id -u) 1"$'\n'"1 $(($(range) + 10)) 5"
	box --uidmap 0:@0:1 true
	refused "--uidmap: ids from @0 on, 1 of them, are not all yours"
}

@test "a map without the user: his files are nobody's, the container's are its root's" {
	mkdir "$T/d"
	echo word >"$T/d/f"
	box --uidmap 0:1:65536 -v "$T/d:/d" -v /own --init sh -c 'cat /proc/self/uid_map; stat -c %u /d /d/f / /own /etc/hosts; cat /d/f; touch /own/x /y; touch /d/z'
	[ "$code" != 0 ]
	# Inside they are counted as in the namespace that it lies in.
	map_is $'0 1 65536\n65534\n65534\n0\n0\n0\nword'
	[ ! -e "$T/d/z" ]
}

@test "--userns nomap: the user has no number inside" {
	box --userns nomap sh -c 'cat /proc/self/uid_map; id -u; echo x >/x; chown 5:6 /x; stat -c %u:%g /x'
	code_is 0
	map_is $'0 1 65536\n0\n5:6'
	# What it leaves is removed, though its owners are no numbers of the user's own.
	ask tare run --name kept --userns nomap --rootfs "$BASE:O" sh -c 'mkdir -m 700 /secret && echo x >/secret/x'
	code_is 0
	[ "$(stat -c %u "$TARE_ROOT"/containers/*/upper/secret)" = "$(range)" ]
	ask tare rm kept
	code_is 0
}

@test "--userns nomap: hello, limits of the shell, a time of its own, the host's network" {
	ask tare run --rm --userns nomap --time-offset boottime=1000 --ulimit nofile=64:64 --network host hello
	code_is 0
	out_has "users: 0-65535 are 1-65536 outside"
}

@test "--userns keep-id with other numbers, and fewer" {
	box --userns keep-id:uid=200,gid=210 sh -c 'id -u; id -g; cat /proc/self/uid_map'
	code_is 0
	map_is $'200\n210\n'"0 $(range) 200"$'\n'"200 $(id -u) 1"$'\n'"201 $(($(range) + 200)) 65336"
	box --userns keep-id:uid=5,size=10 cat /proc/self/uid_map
	map_is "0 $(range) 5"$'\n'"5 $(id -u) 1"$'\n'"6 $(($(range) + 5)) 4"
}

@test "--userns auto: ids of the user's own range, of which no two that run share one" {
	local name
	for name in one two; do
		"$TARE" run --rm --name $name --userns auto:size=1000 --rootfs "$BASE:O" sleep 60 </dev/null >/dev/null 2>&1 &
	done
	until_true eval '[ "$(readlink "$T"/*/containers/*/first | wc -l)" = 2 ]'
	box --userns auto:size=1000 sh -c 'cat /proc/self/uid_map; id -u; touch /x && chown 7:8 /x && stat -c %u:%g /x'
	local third=$out third_code=$code third_err=$err
	kill -9 $(jobs -p)
	wait || true
	tare ps -a >/dev/null
	out=$third code=$third_code err=$third_err
	code_is 0
	map_is $'0 2001 1000\n0\n7:8'
	# All of them, and what it leaves behind goes.
	ask tare run --name all --userns auto --rootfs "$BASE:O" sh -c 'mkdir -m 700 /secret; cat /proc/self/uid_map'
	code_is 0
	map_is "0 1 65536"
	ask tare rm all
	code_is 0
	box --userns auto:size=70000 true
	refused "no 70000 ids in a row are free in /etc/subuid"
}

@test "--userns private is the usual one" {
	box --userns private cat /proc/self/uid_map
	map_is "0 $(id -u) 1"$'\n'"1 $(range) 65536"
}

@test "ids that are not the user's are an error" {
	box --uidmap 0:0:70000 true
	refused "--uidmap: ids from 0 on, 70000 of them, are not all yours"
	box --uidmap 1:1:10 true
	refused "id maps: the container has no user 0"
	box --uidmap 0:0:10 --uidmap 5:20:10 true
	refused "overlap"
}
