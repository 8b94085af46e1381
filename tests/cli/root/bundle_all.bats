# SPDX-License-Identifier: Apache-2.0
# kill --all, where a container's processes don't end with the first.

load ../helpers
load ../bundle

@test "kill --all ends a container without a pid namespace, its first process gone" {
	bundle -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "pid"]' \
		sh -c 'sleep 4321 & exec sleep 30'
	make web
	oci start web
	until_true pgrep -f 'sleep 4321'
	oci kill web KILL
	until_true status_is web stopped
	pgrep -f 'sleep 4321'
	oci kill --all web 9
	[ -z "$(pgrep -f 'sleep 4321')" ]
	ask oci kill --all web 9
	code_is 1
	err_has "container 'web': it has no processes"
	oci delete web
}
