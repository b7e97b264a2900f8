#!/usr/bin/env bash
# What a machine may lack: threads, standard streams, /proc; and clients that hold connections.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl jq python3 unshare setpriv prlimit pgrep

mkdir -p mount && touch mount/.health-check
chmod 755 "$here" mount
write_config '{"mounts": [{"name": "films", "path": "'"$here/mount"'"}]}'

step "more mounts than threads"
jq -n --arg path "$here/mount" '{mounts: [range(50) | {name: "m\(.)", path: $path}], httpPort: '"$port"'}' >many.json
open=$(mktemp -d)
at_exit "rm -rf '$open'"
chmod 755 "$open"
cp many.json "$open/"
if [ "$(id -u)" = 0 ]; then
    # A user of its own, whose processes nobody else counts. Its limit binds only without root's rights.
    copy=$(for_others "$monitor")
    expect_status 1 setpriv --reuid 64123 --regid 64123 --clear-groups prlimit --nproc=20 "$copy" -c "$open/many.json"
    expect_contains "$errors" "56 threads are needed"
    expect_contains "$errors" "resource temporarily unavailable"
    expect_equal "$(wc -l <.stderr)" 1 "the lines on standard error"
fi

step "closed standard streams"
"$monitor" -c "$here/config.json" --log-level debug <&- >&- 2>&- &
monitor_pid=$!
at_exit "kill -KILL $monitor_pid 2>/dev/null"
await "it answers" answers
for descriptor in 0 1 2; do
    expect_equal "$(readlink "/proc/$monitor_pid/fd/$descriptor")" /dev/null "descriptor $descriptor"
done
for _ in $(seq 50); do expect_equal "$(status_code /healthz/live)" 200 "live" >/dev/null; done
stop_monitor

step "no /proc"
mkdir -p nothing
# shellcheck disable=SC2016 # by the inner shell
if unshare -m true 2>/dev/null; then
    run unshare -m bash -c 'mount --bind "$1/nothing" /proc && exec "$2" --version' _ "$here" "$monitor"
    unshare -m bash -c 'mount --bind "$1/nothing" /proc && exec "$2" -c "$1/config.json"' _ "$here" "$monitor" >monitor.out 2>monitor.err &
    monitor_pid=$!
    at_exit "kill -KILL $monitor_pid 2>/dev/null"
    await "it answers" answers
    await "the mount is healthy" is_status films healthy
    stop_monitor
fi

step "512 clients that hold connections shut nobody out"
start_monitor
python3 - "$port" <<'PYTHON'
import socket, sys
port = int(sys.argv[1])
request = b"GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n"
held = []
for number in range(900):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(request if number % 2 else request[:20])
    held.append(connection)
for _ in range(100):
    probe = socket.create_connection(("127.0.0.1", port), timeout=300)
    probe.sendall(request)
    assert b"200 OK" in probe.recv(65536)
    held.append(probe)
PYTHON
few_descriptors() { [ "$(descriptors)" -lt 560 ]; }
await "connections that gave way are closed" few_descriptors

step "a low limit of open files fails no check"
stop_monitor
(ulimit -Sn 40 && exec "$monitor" -c "$here/config.json") >monitor.out 2>monitor.err &
monitor_pid=$!
at_exit "kill -KILL $monitor_pid 2>/dev/null"
await "it answers" answers
expect_equal "$(awk '/^Max open files/ { print $4 }' "/proc/$monitor_pid/limits")" "$(ulimit -Hn)" "its limit of open files"

step "signals that mean nothing to it end nothing"
kill -USR2 "$monitor_pid"
kill -ALRM "$monitor_pid"
kill -VTALRM "$monitor_pid"
expect_equal "$(status_code /healthz/live)" 200 "live"

step "zombies of others are cleared away by process 1"
stop_monitor
if unshare -pf --kill-child true 2>/dev/null; then
    # The shell becomes mount-monitor; its child's child is left to process 1 when the child ends.
    # shellcheck disable=SC2016 # by the inner shell
    unshare -pf --mount-proc bash -c '(sh -c "sleep 1 & exit") ; exec "$1" -c "$2"' _ "$monitor" "$here/config.json" \
        >monitor.out 2>monitor.err &
    outer=$!
    at_exit "kill -KILL $outer 2>/dev/null"
    await "it answers" answers
    inner=$(pgrep -P "$outer")
    no_children() { ! pgrep -P "$inner" >/dev/null; }
    await "process 1 has no children" no_children
    kill -TERM "$inner"
    await "it ended" has_ended "$inner"
fi
