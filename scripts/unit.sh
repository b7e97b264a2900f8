#!/usr/bin/env bash
# Builds the unit tests and runs them: `make unit`.
#
#   scripts/unit.sh SCRATCH [NAME]     NAME is a regular expression for the tests that run; all by default
#
# OPTIONS are those of `swift build` that the tests were built with, if any.
#
# All of them run in two processes side by side. A process has as many threads for tests as the machine has processors, and
# tests that wait for a server, a child or a clock hold theirs meanwhile: one process leaves a processor idle.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$1 only=${2:-}
: "${SWIFT:=swift}"
read -r -a options <<<"${OPTIONS:-}"
"$SWIFT" build --build-tests --scratch-path "$scratch" "${options[@]}"

if [ -n "$only" ]; then
    exec "$SWIFT" test --scratch-path "$scratch" --skip-build "${options[@]}" --filter "$only"
fi

# Two of `swift test` wait for each other: it is asked for no more than to build.
program=$(echo "$scratch"/debug/*PackageTests.xctest)
tests() { "$program" --testing-library swift-testing "$@"; }
waiting='^(MountMonitor|RegistryClient|RegistryServer|ImageTransport)Tests\.'
logs=$(mktemp -d)
pids=()
finish() {
    local pid
    for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
    wait
    rm -rf "$logs"
}
trap finish EXIT
trap 'exit 130' INT TERM
# Each is a group of processes, so that all of it ends with this script.
set -m
tests --filter "$waiting" >"$logs/waiting" 2>&1 &
pids+=($!)
tests --skip "$waiting" >"$logs/others" 2>&1 &
pids+=($!)
set +m

status=0
for pid in "${pids[@]}"; do wait "$pid" || status=$?; done
pids=()
if [ "$status" -ne 0 ]; then
    grep -hv ' started\.$' "$logs"/* || true
    exit "$status"
fi
for log in "$logs"/*; do
    # Without a test in it, a filter has lost its name.
    grep -E 'Test run with [1-9][0-9]* tests? .*passed' "$log" || {
        echo "unit: no test ran; the end of the log:" >&2
        tail -n 20 "$log" >&2
        exit 1
    }
done
