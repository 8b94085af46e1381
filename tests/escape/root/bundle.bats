# SPDX-License-Identifier: Apache-2.0
# What only root's bundle could do to the host.
load ../../cli/helpers
load ../../cli/bundle

mknod='c["process"]["capabilities"] = {k: v + ["CAP_MKNOD"] for k, v in c["process"]["capabilities"].items()}'
# A device that whoever has its node may open, /dev/fuse, and one that every container has.
try='rm -f /tmp/k /tmp/z; mknod /tmp/k c 10 229 && true </tmp/k && echo open; mknod /tmp/z c 1 5 && head -c 1 /tmp/z >/dev/null && echo zero'

@test "devices are denied unless a document allows them, also where it has no rule, and to exec" {
	local rules
	for rules in '' '{"allow": True, "type": "c", "major": 1, "minor": 11, "access": "rw"}' \
		'{"allow": False, "access": "rwm"}'; do
		bundle -c "$mknod" -c "c['linux']['resources'] = {'devices': [$rules]}" sleep 60
		make web
		oci start web
		ask oci exec web sh -c "$try"
		out_is zero
		oci update --pids-limit 100 web
		ask oci exec web sh -c "$try"
		out_is zero
		oci delete --force web
	done
}

@test "a state directory of somebody else's is not taken" {
	bundle sleep 60
	make web
	chown 12345 oci/web
	local command
	for command in state 'delete --force' start; do
		# shellcheck disable=SC2086 # words to be split
		ask oci $command web
		[ "$code" != 0 ]
		err_has 'somebody else'
	done
	chown 0 oci/web
	oci delete --force web
}

@test "streams that are the host's keep their owner: null, a terminal, a file that is read" {
	local user='c["process"]["user"] = {"uid": 1234, "gid": 1234}' null
	null=$(stat -c %u:%g:%a /dev/null)
	echo secret >read
	chmod 600 read
	bundle -c "$user" cat
	oci run -b bundle web <read >/dev/null 2>&1
	oci delete --force web 2>/dev/null || true
	[ "$(stat -c %u:%a read)" = 0:600 ]
	oci run -b bundle web </dev/null >/dev/null 2>/dev/null
	oci delete --force web 2>/dev/null || true
	[ "$(stat -c %u:%g:%a /dev/null)" = "$null" ]
	bundle -c "$user" stat -L -c %u /proc/self/fd/0
	ask "$STAGE/cli/terminal.py" 24 80 "$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b bundle web
	oci delete --force web 2>/dev/null || true
	code_is 0
	out_lacks 1234
}
