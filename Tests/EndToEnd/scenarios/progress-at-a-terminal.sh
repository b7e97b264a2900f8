#!/usr/bin/env bash
# Work of over a second has a bar that fits the terminal, with amount, rate and time left, and none in a pipe; Ctrl-C leaves
# a clean line, says how to go on, and the same command does it.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

head -c 60000000 /dev/urandom >program
run "$bindery" put program --name program --version 1 --platform linux/amd64
printf 'FROM scratch\nCOPY program /program\n' >Dockerfile.release
build=("$bindery" build program@1 --compression-level 12)

# Another epoch each time, so that the layer must be made.
for columns in 60 80 120; do
    step "$columns columns"
    run python3 "$E2E_HERE/lib/progress.py" "$columns" finish "${build[@]}" --epoch "$columns"
    expect_contains "$output" compressing
    expect_contains "$output" " % of 60.0 MB"
    expect_contains "$output" "B/s"
    expect_contains "$output" " left"
done

step "Ctrl-C"
# On a busy machine the build may be done before the signal comes.
for epoch in {1..5}; do
    status=0
    output=$(python3 "$E2E_HERE/lib/progress.py" 80 interrupt "${build[@]}" --epoch "$epoch") || status=$?
    [ "$status" -eq 0 ] || break
done
printf '%s\n' "$output"
expect_equal "$status" 130 "the status of a build that was interrupted"
expect_contains "$output" "interrupted; nothing is half done, and the same command does it again"
run "${build[@]}" --epoch "$epoch"
expect_lacks "$errors" compressing
run "$bindery" verify
