#!/usr/bin/env bash
# Fuzzes each parser of bytes from outside for some seconds, with libFuzzer and AddressSanitizer.
#
#   scripts/fuzz.sh SECONDS [PARSER…]
#   scripts/fuzz.sh --build             only compiles
#
# The Dockerfile parser and the tar reader, which see the most, get twice the time. Starts from the committed seeds; what
# is found new goes into .build-fuzz/corpus and is taken up by the next run. An input that traps stays in
# .build-fuzz/crashes: make it a test of the parser's module.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:?"usage: scripts/fuzz.sh SECONDS [PARSER…] | --build"}
shift
: "${SWIFT:=swift}"
scratch=$PWD/.build-fuzz
mkdir -p "$scratch"
"$SWIFT" build --package-path Tests/Fuzz --scratch-path "$scratch" --product fuzz >"$scratch/build.log" 2>&1 || {
    tail -n 40 "$scratch/build.log"
    exit 1
}
[ "$seconds" != --build ] || exit 0
fuzz=$("$SWIFT" build --package-path Tests/Fuzz --scratch-path "$scratch" --show-bin-path)/fuzz

parsers=("$@")
if [ "${#parsers[@]}" -eq 0 ]; then
    for directory in Tests/Fuzz/seeds/*/; do parsers+=("$(basename "$directory")"); done
fi

# one PARSER: its log, and a line with what came of it.
one() {
    local parser=$1 corpus=$scratch/corpus/$1 log=$scratch/$1.log time=$seconds
    case $parser in dockerfile | tar) time=$((2 * seconds)) ;; esac
    mkdir -p "$corpus" "$scratch/crashes"
    # Values that are made once and live as long as the process are not leaks, and the sanitizer takes them for some.
    if ASAN_OPTIONS=detect_leaks=0 BINDERY_FUZZ=$parser "$fuzz" -max_total_time="$time" -timeout=20 -rss_limit_mb=3000 -detect_leaks=0 \
        -artifact_prefix="$scratch/crashes/$parser-" "$corpus" "Tests/Fuzz/seeds/$parser" >"$log" 2>&1; then
        printf '%-12s %s\n' "$parser" "$(grep -E '^#.*DONE' "$log" | sed -E 's/^#([0-9]+).*cov: ([0-9]+).*/runs \1, covered \2/')"
    else
        printf '%-12s FAILED; the end of %s:\n' "$parser" "$log"
        tail -n 25 "$log"
        return 1
    fi
}
export -f one
export fuzz scratch seconds
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\n' "${parsers[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one "$1"' _ {}
