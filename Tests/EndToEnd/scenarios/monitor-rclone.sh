#!/usr/bin/env bash
# The mount that users have: rclone over WebDAV. Its server stops, its server dies, rclone itself dies.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3 rclone
require_fuse

mkdir -p served films
echo ok >served/.health-check
dav=$(free_port)
serve() {
    rclone serve webdav served --addr "127.0.0.1:$dav" >>serve.log 2>&1 &
    serve_pid=$!
    at_exit "kill -CONT $serve_pid; kill -KILL $serve_pid"
}
serve
dav_answers() { curl -s -o /dev/null "http://127.0.0.1:$dav/"; }
await "the WebDAV server answers" dav_answers
rclone mount ":webdav,url='http://127.0.0.1:$dav',vendor=other:" films --dir-cache-time 1s --vfs-cache-mode off \
    --low-level-retries 1 --retries 1 --timeout 2s --contimeout 1s >mount.log 2>&1 &
mount_pid=$!
at_exit "unmount '$here/films' $mount_pid '$here/none'"
mounted() { mountpoint -q films; }
await "rclone has mounted" mounted

write_config '{"readTimeout": "500ms", "mounts": [{"name": "films", "path": "'"$here/films"'"}]}'
start_monitor
await "the mount is healthy" is_status films healthy

step "the server stops answering"
kill -STOP "$serve_pid"
await "the mount is unhealthy" is_status films unhealthy
curl -s "http://127.0.0.1:$port/healthz/status"
kill -CONT "$serve_pid"
await "the mount is healthy again" is_status films healthy

step "the server is killed, and comes back"
kill -KILL "$serve_pid"
await "the mount is unhealthy" is_status films unhealthy
curl -s "http://127.0.0.1:$port/healthz/status"
serve
await "the mount is healthy again" is_status films healthy

step "rclone is killed"
kill -KILL "$mount_pid"
await "the mount is unhealthy" is_status films unhealthy
expect_contains "$(curl -s "http://127.0.0.1:$port/healthz/status")" "transport endpoint is not connected"
stop_monitor
