#!/usr/bin/env bash
# Alone: it measures how long a probe takes.
#
# A mount that hangs in each of the ways mounts do: it is found within two intervals, holds no other mount, probe or
# shutdown up, and costs no further thread.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq pgrep python3 unshare
require_fuse

mkdir -p local
touch local/.health-check
mount_hangfs "$here/films" "$here/hang"
write_config '{"mounts": [{"name": "films", "path": "'"$here/films"'"}, {"name": "local", "path": "'"$here/local"'"}]}'
# The first read of all: whoever waits for the page of a later one may be kept until the daemon answers.
step "an init container that is process 1 ends on SIGTERM"
touch hang
jq '.readTimeout = "10m" | .checkInterval = "20m"' config.json >patient.json
if unshare -pf --kill-child true 2>/dev/null; then
    unshare -pf --kill-child "$monitor" -c patient.json --init-container-mode >monitor.out 2>monitor.err &
    outer=$!
    at_exit "kill -KILL $outer 2>/dev/null"
    begins() { grep -q 'running in init-container mode' monitor.out; }
    await "it checks" begins
    kill -TERM "$(pgrep -P "$outer")"
    await "it ended" has_ended "$outer"
    status=0
    wait "$outer" || status=$?
    expect_equal "$status" 2 "the exit status"
    expect_lacks "$(cat monitor.out monitor.err)" "mount check failed"
fi
rm hang

step "a mount that is well"
start_monitor
await "both are healthy" is_status films healthy
expect_equal "$(status_code /healthz/ready)" 200 "ready"
before=$(threads)

step "a read that blocks"
hangs() {
    rm -f hang
    await "the mount is healthy" is_status films healthy
    touch hang
    await "the mount is unhealthy" is_status films unhealthy
}
began=$(date +%s)
# Two intervals of 1 s with their jitter, the time-out of 200 ms, and what asking takes.
soon 3000 "to see that the mount hangs" hangs
is_status local healthy || fail "a hung mount took another with it"
expect_equal "$(status_code /healthz/live)" 503 "live"
sleep 5
expect_equal "$(threads)" "$before" "the number of threads after more rounds"
probe() {
    local us
    us=$(probe_us)
    echo "a probe while a mount hangs: $us us"
    waited_ms=$((us / 1000))
}
soon 4 "a probe while a mount hangs" probe
expect_contains "$(cat monitor.err)" "context deadline exceeded: a read hangs since 2"
hung=$(curl -s "http://127.0.0.1:$port/metrics" | awk -F' ' '/^mount_monitor_hung_since.*films/ { print $2 }')
[ "$hung" -ge "$began" ] || fail "hung since $hung is before it hung, $began"
rm hang
await "the mount is healthy again" is_status films healthy
expect_equal "$(threads)" "$before" "the number of threads after it came back"
expect_contains "$(cat monitor.out)" '"trigger":"recovered"'

step "a file system whose daemon is stopped"
stops() {
    kill -CONT "$hangfs_pid"
    await "the mount is healthy" is_status films healthy
    kill -STOP "$hangfs_pid"
    await "the mount is unhealthy" is_status films unhealthy
}
soon 3000 "to see that the mount hangs" stops
soon 4 "a probe while a mount hangs" probe
kill -CONT "$hangfs_pid"
await "the mount is healthy again" is_status films healthy

step "shutting down while a read hangs"
touch hang
await "the mount is unhealthy" is_status films unhealthy
stop_monitor
expect_contains "$(tail -n 1 monitor.out)" '"msg":"shutdown complete"'
rm hang

step "shutting down while the daemon is stopped"
start_monitor
await "the mount is healthy" is_status films healthy
kill -STOP "$hangfs_pid"
await "the mount is unhealthy" is_status films unhealthy
stop_monitor
kill -CONT "$hangfs_pid"

step "the init container's check does not wait for ever"
touch hang
once() {
    local started
    started=$(date +%s%N)
    expect_status 1 "$monitor" -c config.json --init-container-mode
    waited_ms=$((($(date +%s%N) - started) / 1000000))
}
soon 1500 "the one-shot check, with a time-out of 200 ms," once
expect_contains "$errors" "context deadline exceeded: no answer within 200ms"
rm hang
run "$monitor" -c config.json --init-container-mode

step "a daemon that was killed"
start_monitor
await "the mount is healthy" is_status films healthy
kill -KILL "$hangfs_pid"
await "the mount is unhealthy" is_status films unhealthy
expect_contains "$(curl -s "http://127.0.0.1:$port/healthz/status")" "transport endpoint is not connected"
stop_monitor
