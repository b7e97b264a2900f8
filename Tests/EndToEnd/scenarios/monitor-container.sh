#!/usr/bin/env bash
# The release image in a real engine: it runs from scratch as 65534, answers, is process 1 and still stops in time with
# 0, and says plainly when a mount's permissions keep it out.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3 gzip
require_docker
monitor_image

step "size"
bytes=$(docker image inspect --format '{{.Size}}' "$image")
compressed=$(gzip -6 -c "$monitor" | wc -c)
echo "image: $bytes bytes, the program compressed: $compressed bytes"
[ "$bytes" -lt 20000000 ] || fail "the image has $bytes bytes; under 20 MB was promised"
[ "$compressed" -lt 8000000 ] || fail "compressed it has $compressed bytes; under 8 MB was promised"
expect_contains "$(file "$monitor")" "statically linked"
expect_contains "$(file "$monitor")" ", stripped"

mkdir -p films/open films/closed
touch films/open/.health-check films/closed/.health-check
chmod 755 "$here" films films/open
chmod 700 films/closed
chmod 600 films/closed/.health-check
chown -R 1000:1000 films/closed
write_config '{"mounts": [{"name": "films", "path": "/mnt/films"}]}'
# run_container USER DIRECTORY: starts it on that directory as that user, the image's own for an empty one.
run_container() {
    local user=()
    [ -z "$1" ] || user=(--user "$1")
    container=$(docker run -d --network host --read-only --cap-drop ALL "${user[@]}" \
        -v "$here/config.json:/config.json:ro" -v "$here/films/$2:/mnt/films:ro" "$image")
    at_exit "docker rm -f $container >/dev/null 2>&1"
    await "the container answers" answers
}
stop_container() {
    # A program that doesn't hear SIGTERM is killed then, and has another status.
    docker stop --time 300 "$container" >/dev/null
    expect_equal "$(docker inspect --format '{{.State.ExitCode}}' "$container")" 0 "the exit status"
}

step "as the image says it"
run_container "" open
await "the mount is healthy" is_status films healthy
expect_equal "$(status_code /healthz/ready)" 200 "ready"
pid=$(docker inspect --format '{{.State.Pid}}' "$container")
expect_equal "$(awk '/^Uid/ { print $2 }' "/proc/$pid/status")" 65534 "the user"
kib=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
echo "resident: $kib KiB"
[ "$kib" -lt 15360 ] || fail "it has $kib KiB resident; under 15 MB was promised"
stop_container
expect_contains "$(docker logs "$container")" '"msg":"shutdown complete"'

step "a directory of somebody else's"
run_container "" closed
await "the mount is unhealthy" is_status films unhealthy
expect_contains "$(curl -s "http://127.0.0.1:$port/healthz/status")" "permission denied"
stop_container

step "--user opens it"
run_container 1000:1000 closed
await "the mount is healthy" is_status films healthy
stop_container

step "as an init container"
run docker run --rm --network none -v "$here/config.json:/config.json:ro" -v "$here/films/open:/mnt/films:ro" \
    "$image" --init-container-mode
expect_status 1 docker run --rm --network none -v "$here/config.json:/config.json:ro" \
    -v "$here/films/closed:/mnt/films:ro" "$image" --init-container-mode
