#!/usr/bin/env bash
# All that CI checks, and what each part of it took: `make test`.
#
# What compiles runs side by side, since each build waits for one file now and then; the release build, which takes longest,
# has the right of way. What is tested runs after that, so that nothing disturbs a test. FUZZ_TIME is the time for each
# parser, in seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
: "${MAKE:=make}" "${FUZZ_TIME:=3}"
logs=.build-test
mkdir -p "$logs"
rm -f "$logs"/*
lanes=()
finish() {
    local lane
    for lane in "${lanes[@]}"; do kill -- "-$lane" 2>/dev/null || true; done
    wait
}
trap finish EXIT
trap 'exit 130' INT TERM

now() { date +%s; }
# took NAME START
took() { printf '%-24s %4d s\n' "$1" $(($(now) - $2)) | tee -a "$logs/times"; }

# quietly NAME TARGET [VARIABLE=VALUE]…: makes it, and shows its output only when it fails.
quietly() {
    local name=$1 started
    shift
    started=$(now)
    if ! "$MAKE" --no-print-directory "$@" >"$logs/$name.log" 2>&1; then
        echo "test: make $* failed; the end of $logs/$name.log:" >&2
        tail -n 60 "$logs/$name.log" >&2
        return 1
    fi
    took "$name" "$started"
}

# loudly NAME TARGET [VARIABLE=VALUE]…
loudly() {
    local name=$1 started
    shift
    started=$(now)
    "$MAKE" --no-print-directory "$@"
    took "$name" "$started"
}

started=$(now)
loudly setup setup
# What fails early comes first. Each lane is a group of processes, so that all of it ends with this script.
set -m
(renice --priority 10 "$BASHPID" >/dev/null && quietly lint lint && quietly model model &&
    quietly build-tests build-tests && quietly build-fuzz build-fuzz) &
lanes+=($!)
quietly build build &
lanes+=($!)
set +m
for _ in "${lanes[@]}"; do wait -n || exit 1; done
lanes=()

loudly unit unit
loudly e2e e2e
loudly fuzz fuzz TIME="$FUZZ_TIME"

echo
echo "What it took:"
cat "$logs/times"
took "all" "$started"
