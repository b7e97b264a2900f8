#!/usr/bin/env bash
# Whatever system call of put, rm, gc, build and tag fails, is the last before a kill, or before a power cut: the store
# opens, nothing that was committed is lost, what was reported as done is done. Here a part of the points; `make
# durability` takes all.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require strace python3 openssl

# Another part every day.
run timeout 600 "$E2E_ROOT/Tests/Durability/run" --every 40 --seed "$(($(date +%s) / 86400))"
expect_contains "$output" " 0 failures"
