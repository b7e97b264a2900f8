# shellcheck shell=bash
# mount-monitor running: mounts that hang on command, a configuration, questions to it.
# shellcheck disable=SC2154 # here, monitor_amd64: from scenario.sh

monitor_peers=$E2E_ROOT/Tests/MountMonitorTests/Peers
monitor=$monitor_amd64
[ "$(uname -m)" = x86_64 ] || monitor=$DIST/mount-monitor-linux-arm64

# require_fuse: skips the scenario where no FUSE file system can be mounted.
require_fuse() {
    require fusermount3 gcc pkg-config
    pkg-config --exists fuse3 || skip "libfuse3-dev is not installed: run scripts/setup.sh"
    [ -w /dev/fuse ] || skip "/dev/fuse can't be opened: FUSE takes root, or the device in the container"
}

# mount_hangfs DIRECTORY CONTROL [OPTION…]: mounts a directory whose file .health-check can't be read while the file CONTROL
# is there; sets hangfs_pid. With HANGFS_DIRECT_IO set, reads go past the page cache.
mount_hangfs() {
    local directory=$1 control=$2
    if [ ! -x "$here/hangfs" ]; then
        # shellcheck disable=SC2046 # flags
        gcc -O1 -Wall -o "$here/hangfs" "$monitor_peers/hangfs.c" $(pkg-config --cflags --libs fuse3)
    fi
    mkdir -p "$directory"
    "$here/hangfs" -f "$directory" "$control" &
    hangfs_pid=$!
    at_exit "unmount '$directory' $hangfs_pid '$control'"
    await "the FUSE file system is mounted" mountpoint -q "$directory"
}

unmount() {
    rm -f "$3"
    kill -CONT "$2" 2>/dev/null || true
    fusermount3 -u -z "$1" 2>/dev/null || true
    kill -KILL "$2" 2>/dev/null || true
    wait "$2" 2>/dev/null || true
}

# write_config JSON: config.json with these members over those that make tests quick.
write_config() {
    port=${port:-$(free_port)}
    jq -n --argjson given "$1" --argjson port "$port" \
        '{checkInterval: "1s", readTimeout: "200ms", shutdownTimeout: "3s", failureThreshold: 2, httpPort: $port} + $given' \
        >"$here/config.json"
}

# start_monitor: starts it on config.json, with the flags in monitor_flags, and waits until it answers; sets
# monitor_pid.
monitor_flags=()
start_monitor() {
    "$monitor" -c "$here/config.json" "${monitor_flags[@]}" >"$here/monitor.out" 2>"$here/monitor.err" &
    monitor_pid=$!
    at_exit "kill -KILL $monitor_pid 2>/dev/null"
    await "it answers" answers
}

answers() { curl -s -o /dev/null "http://127.0.0.1:$port/version"; }

# await WHAT COMMAND…: until the command succeeds, at most five minutes, since a machine may be busy; sets waited_ms.
await() {
    local what=$1 started
    started=$(date +%s%N)
    shift
    while ! "$@"; do
        waited_ms=$((($(date +%s%N) - started) / 1000000))
        if [ "$waited_ms" -gt 300000 ]; then
            tail -n 20 "$here"/monitor.* 2>/dev/null || true
            fail "not within five minutes: $what"
        fi
        sleep 0.02
    done
    waited_ms=$((($(date +%s%N) - started) / 1000000))
    echo "$what: after $waited_ms ms"
}

# status_code PATH
status_code() { curl -s -o "$here/.body" -w '%{http_code}' "http://127.0.0.1:$port$1"; }

# mount_status NAME: healthy, degraded, unhealthy or unknown.
mount_status() {
    curl -s "http://127.0.0.1:$port/healthz/status" |
        jq -r --arg name "$1" '.mounts[] | select(.name == $name) | .status'
}

is_status() { [ "$(mount_status "$1")" = "$2" ]; }

threads() { find "/proc/$monitor_pid/task" -mindepth 1 -maxdepth 1 | wc -l; }
descriptors() { find "/proc/$monitor_pid/fd" -mindepth 1 | wc -l; }
resident_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$monitor_pid/status"; }
# has_ended PID: also its last thread, which the kernel may keep after the first is a zombie.
has_ended() {
    [ -e "/proc/$1" ] || return 0
    grep -q '^State:.*[ZX]' "/proc/$1/status" 2>/dev/null && [ "$(find "/proc/$1/task" -mindepth 1 -maxdepth 1 | wc -l)" -le 1 ]
}

# stop_monitor: SIGTERM; it must end with status 0, soon after the shutdownTimeout of write_config at the latest.
stop_monitor() {
    local limit=60000 status=0
    kill -TERM "$monitor_pid"
    await "it ended" has_ended "$monitor_pid"
    [ "$waited_ms" -le "$limit" ] || fail "it took $waited_ms ms to end; $limit were allowed"
    wait "$monitor_pid" || status=$?
    expect_equal "$status" 0 "the exit status"
}

# soon LIMIT WHAT COMMAND…: the command sets waited_ms, which is below the limit at least once in ten times: in the others
# the machine may have been busy with something else.
soon() {
    local limit=$1 what=$2 attempt
    shift 2
    for ((attempt = 0; attempt < 10; attempt++)); do
        "$@"
        if [ "$waited_ms" -le "$limit" ]; then return 0; fi
    done
    fail "$what took more than $limit ms each time, at last $waited_ms ms"
}

# probe_us: the median of 50 answers, in microseconds, from the request to the end of its answer. The median, since on a
# busy machine the slowest is the scheduler's time.
probe_us() {
    python3 - "$port" <<'PYTHON'
import http.client, sys, time
times = []
for _ in range(50):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", "/healthz/live")
    connection.getresponse().read()
    times.append(time.perf_counter() - start)
    connection.close()
    time.sleep(0.01)
print(int(sorted(times)[len(times) // 2] * 1e6))
PYTHON
}

# monitor_image: builds the release image from Dockerfile.release, once a scenario; sets image.
monitor_image() {
    mkdir -p "$here/image-context"
    cp "$E2E_ROOT/Dockerfile.release" "$here/image-context/Dockerfile"
    cp "$monitor" "$here/image-context/$(basename "$monitor")"
    image=bindery-e2e/$scenario
    docker build -q -t "$image" "$here/image-context"
    at_exit "docker rmi -f '$image' >/dev/null"
}
