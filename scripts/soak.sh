#!/usr/bin/env bash
# Runs mount-monitor for a long time on mounts of which one goes up and down every two seconds and some hang, and fails when
# its memory, descriptors or threads grow.
#
#   scripts/soak.sh [SECONDS]     1800 by default
#
# SOAK_MOUNTS (2) is the number of mounts, SOAK_HUNG (1) of those that hang. DIST has what `make build` made. Mounts that hang
# are FUSE file systems, left out with a word where none can be mounted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-1800}
all=${SOAK_MOUNTS:-2}
hung=${SOAK_HUNG:-1}
case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
monitor=$(realpath "${DIST:-dist}/mount-monitor-linux-$arch")
peers=$PWD/Tests/MountMonitorTests/Peers
work=$(mktemp -d "${TMPDIR:-/tmp}/mount-monitor-soak.XXXXXX")
pids=()
# shellcheck disable=SC2317 # called by the trap
finish() {
    rm -f "$work/hang"
    for directory in "$work"/hanging*; do fusermount3 -u -z "$directory" 2>/dev/null || true; done
    [ "${#pids[@]}" -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$work/updown"
mounts='{"name": "updown", "path": "'"$work/updown"'"}'
if [ -w /dev/fuse ] && command -v fusermount3 >/dev/null && pkg-config --exists fuse3; then
    # shellcheck disable=SC2046 # flags
    gcc -O1 -o "$work/hangfs" "$peers/hangfs.c" $(pkg-config --cflags --libs fuse3)
    for ((number = 0; number < hung; number++)); do
        directory=$work/hanging$number
        mkdir "$directory"
        "$work/hangfs" -f "$directory" "$work/hang" &
        pids+=($!)
        until mountpoint -q "$directory"; do sleep 0.05; done
        mounts+=', {"name": "hanging'$number'", "path": "'"$directory"'"}'
    done
    touch "$work/hang"
else
    echo "soak: no FUSE here, so nothing hangs" >&2
    hung=0
fi
for ((number = hung + 1; number < all; number++)); do
    mkdir "$work/well$number"
    touch "$work/well$number/.health-check"
    mounts+=', {"name": "well'$number'", "path": "'"$work/well$number"'"}'
done
cat >"$work/config.json" <<CONFIG
{"checkInterval": "1s", "readTimeout": "500ms", "failureThreshold": 1, "httpPort": $port, "logLevel": "debug",
 "mounts": [$mounts]}
CONFIG
"$monitor" -c "$work/config.json" >/dev/null 2>&1 &
pid=$!
pids+=("$pid")

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }
count() { find "/proc/$pid/$1" -mindepth 1 -maxdepth 1 | wc -l; }
probe() { curl -s -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$port/healthz/$1" || true; }

# Up and down every two seconds, with probes and a scrape in between.
second=0
memory_start=0
seen_up=0
seen_down=0
end=$((SECONDS + seconds))
while [ "$SECONDS" -lt "$end" ]; do
    if [ $((second % 4)) -lt 2 ]; then touch "$work/updown/.health-check"; else rm -f "$work/updown/.health-check"; fi
    for _ in 1 2 3 4; do probe live >/dev/null; done
    curl -s "http://127.0.0.1:$port/metrics" >"$work/metrics"
    if grep -q '^mount_monitor_mount_state{name="updown".*state="healthy"} 1' "$work/metrics"; then seen_up=$((seen_up + 1)); fi
    if grep -q '^mount_monitor_mount_state{name="updown".*state="unhealthy"} 1' "$work/metrics"; then seen_down=$((seen_down + 1)); fi
    # The first tenth is for caches to fill.
    if [ "$memory_start" -eq 0 ] && [ "$second" -ge $((seconds / 10)) ]; then
        memory_start=$(resident)
        descriptors_start=$(count fd)
        threads_start=$(count task)
    fi
    second=$((second + 1))
    sleep 1
done

memory_end=$(resident)
descriptors_end=$(count fd)
threads_end=$(count task)
echo "soak: $seconds s; resident $memory_start → $memory_end KiB, descriptors $descriptors_start → $descriptors_end," \
    "threads $threads_start → $threads_end; seen up $seen_up times, down $seen_down times"
failed=0
check() { if ! [ "$1" -le "$2" ]; then echo "soak: $3: $1, at most $2 was allowed" >&2 && failed=1; fi; }
# The allocator's arenas may still fill by some pages; a leak of a page a round would show.
check "$memory_end" $((memory_start + 1024)) "resident KiB at the end"
# What a mount costs is its thread's stack, and its lines in the metrics.
check "$memory_end" $((15360 + all * 64)) "resident KiB"
check "$threads_end" $((all + 6)) "threads"
check "$descriptors_end" $((descriptors_start + 2)) "descriptors at the end"
check "$threads_end" "$threads_start" "threads at the end"
if [ "$seen_up" -eq 0 ] || [ "$seen_down" -eq 0 ]; then echo "soak: it never went up or never down" >&2 && failed=1; fi
exit "$failed"
