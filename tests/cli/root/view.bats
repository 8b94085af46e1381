# SPDX-License-Identifier: Apache-2.0
# view.bats - limits with their use, and what a user sees of root's container
load ../helpers

@test "limits, and what is used of them" {
	"$TARE" run --rm --name one --rootfs "$BASE:O" -m 50m --cpus 0.5 --pids-limit 20 sleep 30 >/dev/null 2>&1 &
	local tare_pid=$! as=("$(type -P setpriv)" --reuid 65534 --regid 65534 --clear-groups)
	until_true tare view one
	ask tare view --json one
	code_is 0
	python3 - <<-'EOF'
		import json
		v = json.load(open(".out"))
		rows = {r["name"]: (r["inside"], r["outside"]) for r in v["limits"]}
		assert rows["memory"][0] == "50 MiB" and " used" in rows["memory"][1], rows["memory"]
		assert rows["processor time"][0] == "0.50 processors", rows
		assert rows["processes"][0] == "20" and rows["processes"][1].startswith("1 there"), rows
		assert rows["cgroup"][0] == "/" and "/tare-" in rows["cgroup"][1], rows
	EOF
	pid=$(python3 -c 'import json; print(json.load(open(".out"))["pid"])')
	# Somebody else may see what the kernel shows to all, and is told what he may not.
	chmod 711 "$T" && mkdir -m 777 open
	ask env TARE_ROOT="$T/open/r" TARE_RUNROOT="$T/open/rr" "${as[@]}" "$TARE" view --json "$pid"
	code_is 0
	python3 - <<-'EOF'
		import json
		v = json.load(open(".out"))
		assert v["processes"] and v["processes"][0]["pid_inside"] == 1, v
		assert v["users"][0]["inside"] == "the host's", v["users"]
		assert any("namespaces" in text for text in v["unseen"]), v["unseen"]
	EOF
	kill -KILL "$tare_pid"
	wait "$tare_pid" 2>/dev/null || true
	tare ps -a >/dev/null
}
