#!/usr/bin/env bash
# What can't be cancelled: a request that a FUSE daemon has taken and doesn't answer. The sidecar still stops listening
# and reports itself stopped in time; the kernel keeps the process until the daemon answers or goes.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3
require_fuse

# With direct_io a read is a request that its thread waits for itself, as all metadata requests are.
export HANGFS_DIRECT_IO=1
mount_hangfs "$here/films" "$here/hang"
# So long that waiting for the read would be seen.
write_config '{"shutdownTimeout": "30m", "mounts": [{"name": "films", "path": "'"$here/films"'"}]}'
start_monitor
await "the mount is healthy" is_status films healthy
touch hang
await "the mount is unhealthy" is_status films unhealthy
kill -TERM "$monitor_pid"

not_listening() { ! answers; }
has_stopped() { grep -q '"msg":"shutdown complete"' monitor.out; }
await "it says that it stopped" has_stopped
await "nobody listens any more" not_listening
if has_ended "$monitor_pid"; then echo "this kernel lets it go"; else echo "the kernel keeps the process"; fi
step "as soon as the daemon answers, the process is gone"
rm hang
await "it ended" has_ended "$monitor_pid"
status=0
wait "$monitor_pid" || status=$?
expect_equal "$status" 0 "the exit status"
