# SPDX-License-Identifier: Apache-2.0
# kill --all, where a container's processes don't end with the first.

load ../helpers
load ../bundle

@test "without a pid namespace KILL ends all, whether the first process is there or gone" {
	bundle -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "pid"]' \
		sh -c 'sleep 4321 & exec sleep 30'
	make web
	oci start web
	until_true pgrep -f 'sleep 4321'
	oci kill web TERM
	until_true status_is web stopped
	pgrep -f 'sleep 4321'
	oci kill web KILL
	[ -z "$(pgrep -f 'sleep 4321')" ]
	ask oci kill --all web 9
	code_is 1
	err_has "container not running: it has no processes"
	oci delete web
	make web
	oci start web
	until_true pgrep -f 'sleep 4321'
	oci pause web
	oci kill web KILL
	[ -z "$(pgrep -f 'sleep 4321')" ]
	status_is web stopped
	oci delete web
}
