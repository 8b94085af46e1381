# SPDX-License-Identifier: Apache-2.0
# tare-oci as an engine without root calls it: as root of a user namespace, beneath the host's root.

load ../helpers
load ../bundle

@test "root of a user namespace: devices are borrowed, no cgroup is asked for" {
	bundle -c 'c["linux"]["namespaces"] = [{"type": t} for t in ("pid", "mount", "ipc", "uts", "network")]' \
		-c 'c["linux"].pop("uidMappings", 0), c["linux"].pop("gidMappings", 0)' \
		sh -c 'echo x >/dev/null && head -c 1 /dev/zero | wc -c; id -u'
	ask unshare -r --map-auto "$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b "$T/bundle" web
	code_is 0
	out_is "1
0"
}

@test "what engines read an exit status from is told on standard error" {
	bundle nothing
	ask oci create -b "$T/bundle" web
	code_is 1
	err_has "PATH: no such file or directory"
	bundle /etc/passwd
	ask oci create -b "$T/bundle" web
	err_has ": permission denied"
}
