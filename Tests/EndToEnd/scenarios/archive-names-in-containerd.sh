#!/usr/bin/env bash
# A Docker archive has its image's name where containerd looks: Docker keeps images there, too, by now.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require containerd ctr
[ "$(id -u)" = 0 ] || skip "containerd wants root"

step "a containerd of our own"
cat >containerd.toml <<T
version = 2
root = "$here/root"
state = "$here/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$here/c.sock"
[ttrpc]
address = "$here/t.sock"
T
containerd --config containerd.toml >containerd.log 2>&1 &
containerd_pid=$!
stop_containerd() {
    kill "$containerd_pid" 2>/dev/null || true
    wait "$containerd_pid" 2>/dev/null || true
}
at_exit stop_containerd
for _ in {1..3000}; do
    ctr -a c.sock version >/dev/null 2>&1 && break
    sleep 0.1
done

step "each name comes in as it was given, in full"
cp "$(command -v busybox || command -v bash)" agent-linux-amd64
put_release agent 1.2.3 agent-linux-amd64
release_file agent >Dockerfile.release
while read -r written full; do
    run "$bindery" build agent@1.2.3 -f Dockerfile.release -t "$written" -o docker-archive:image.tar
    run ctr -a c.sock images import --no-unpack image.tar
    expect_contains "$(ctr -a c.sock images ls -q)" "$full"
done <<'NAMES'
demo/agent:1.2.3 docker.io/demo/agent:1.2.3
agent:1 docker.io/library/agent:1
registry.example:5000/team/agent:v1 registry.example:5000/team/agent:v1
NAMES
expect_equal "$(ctr -a c.sock images ls -q | wc -l)" 3 "images, and none under another name"

step "so does that of a layout in an archive, from a build and from a copy"
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t demo/built:1 -o oci-archive:built.tar
run "$bindery" tag demo/built:1 demo/copied:2
run "$bindery" copy demo/copied:2 oci-archive:copied.tar
run ctr -a c.sock images import --no-unpack built.tar
run ctr -a c.sock images import --no-unpack copied.tar
expect_contains "$(ctr -a c.sock images ls -q)" docker.io/demo/built:1
expect_contains "$(ctr -a c.sock images ls -q)" docker.io/demo/copied:2
