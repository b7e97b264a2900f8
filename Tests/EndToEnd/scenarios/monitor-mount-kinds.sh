#!/usr/bin/env bash
# Each kind of check on a mount that fails in each way: FUSE that errs, shows nothing, hangs, dies, disappears; a share that
# stores nothing any more.
# Waits: for mounts that hang
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3 strace
require_fuse

# checks PATH: a mount by each kind of check.
checks() {
    jq -n --arg path "$1" '{mounts: [
        {name: "canary", path: $path}, {name: "directory", path: $path, checkType: "directory"},
        {name: "mountpoint", path: $path, checkType: "mountpoint", fsType: "fuse"},
        {name: "exact", path: $path, checkType: "mountpoint", fsType: "fuse.hangfs", notEmpty: true},
        {name: "other", path: $path, checkType: "mountpoint", fsType: "nfs"}]}'
}
# expect_statuses CANARY DIRECTORY MOUNTPOINT EXACT
expect_statuses() {
    await "canary is $1" is_status canary "$1"
    await "directory is $2" is_status directory "$2"
    await "mountpoint is $3" is_status mountpoint "$3"
    await "mountpoint with notEmpty is $4" is_status exact "$4"
    await "a mountpoint of another type is unhealthy" is_status other unhealthy
}
error_of() {
    curl -s "http://127.0.0.1:$port/healthz/status" | jq -r --arg name "$1" '.mounts[] | select(.name == $name) | .last_error'
}
# await_error NAME PART: a mount that was unhealthy before keeps the error of before until its next check.
await_error() { await "the error of $1 is '$2'" error_has "$@"; }
error_has() { [[ $(error_of "$1") == *"$2"* ]]; }

mount_hangfs "$here/share" "$here/control"
write_config "$(checks "$here/share")"
start_monitor

step "all is well"
expect_statuses healthy healthy healthy healthy
await_error other "fuse.hangfs is mounted at $here/share, not nfs"

step "reads fail"
echo error >control.new && mv control.new control
expect_statuses unhealthy healthy healthy healthy
await_error canary "input/output error"

step "it shows nothing"
echo nothing >control.new && mv control.new control
expect_statuses healthy healthy healthy unhealthy
await_error exact "is empty"
rm control
expect_statuses healthy healthy healthy healthy

step "its daemon is stopped"
kill -STOP "$hangfs_pid"
expect_statuses unhealthy unhealthy unhealthy unhealthy
await_error mountpoint "context deadline exceeded"
kill -CONT "$hangfs_pid"
expect_statuses healthy healthy healthy healthy

step "its daemon dies"
kill -KILL "$hangfs_pid"
expect_statuses unhealthy unhealthy unhealthy unhealthy
await_error exact "transport endpoint is not connected"

step "it disappears, and the directory under it has the same file"
fusermount3 -u -z share
touch share/.health-check
expect_statuses healthy healthy unhealthy unhealthy
await_error mountpoint "nothing is mounted at $here/share"
stop_monitor

step "a share that stores nothing any more"
mkdir -p store
if ! mount -t tmpfs -o size=64k tmpfs store 2>/dev/null; then
    echo "mounting takes root: left out"
    exit 0
fi
at_exit "umount -l '$here/store'"
touch store/.health-check
write_config '{"writeInterval": "1s", "mounts": [{"name": "reads", "path": "'"$here/store"'"},
    {"name": "writes", "path": "'"$here/store"'", "write": true}]}'
POD_UID=uid-1 start_monitor
await "it is healthy" is_status writes healthy
head -c 100000 /dev/zero >store/full 2>/dev/null || true
await "a full share is unhealthy" is_status writes unhealthy
await_error writes "no space left on device"
is_status reads healthy || fail "a check that only reads sees it"
rm store/full
await "it is healthy again" is_status writes healthy
mount -o remount,ro store
await "a share that became read-only is unhealthy" is_status writes unhealthy
await_error writes "read-only file system"
mount -o remount,rw store
await "it is healthy again" is_status writes healthy
strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO -p "$monitor_pid" &
tracer=$!
await "a share that doesn't keep what it took is unhealthy" is_status writes unhealthy
await_error writes "input/output error"
is_status reads healthy || fail "a check that only reads sees it"
kill "$tracer"
wait "$tracer" || true
await "it is healthy again" is_status writes healthy
stop_monitor
[ -z "$(find store -name '.mount-monitor-*')" ] || fail "it left a file behind"
