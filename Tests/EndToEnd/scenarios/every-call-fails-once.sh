#!/usr/bin/env bash
# Whatever system call of put, rm, gc, build, tag, import, seal, log and reindex fails, is the last before a kill, or before a power cut: the store
# opens, nothing that was committed is lost, what was reported as done is done. Here a part of the points; `make
# durability` takes all.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require strace python3 openssl

# Another part every day; SEED=N takes that of another day again.
seed=${SEED:-$(($(date +%s) / 86400))}
step "a part of the points: SEED=$seed"
run timeout 600 "$E2E_ROOT/Tests/Durability/run" --every 40 --seed "$seed"
expect_contains "$output" " 0 failures"

step "no arguments, since /proc can't be read: no help that ends with 0"
echo tool >tool
expect_status 6 strace -f -o trace -P /proc/self/maps -e inject=openat:error=EMFILE \
    "$bindery" put tool --name tool --version 1 --platform any
expect_contains "$errors" "/proc"
expect_equal "$output" "" "standard output"
