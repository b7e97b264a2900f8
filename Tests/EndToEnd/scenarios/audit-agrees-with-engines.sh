#!/usr/bin/env bash
# Where the audit is sure, no engine shows anything else: what went wrong once, and random images for half a minute
# (DIFFERENTIAL_SECONDS), in containerd, Docker, containers/storage and umoci. `make differential` runs it for longer.
# Long: a minute
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3 containerd ctr dockerd umoci buildah
[ "$(id -u)" -eq 0 ] || skip "engines take root"

export BINDERY=$bindery
step "what went wrong once"
run "$E2E_ROOT/Tests/Differential/run" --replay "$E2E_ROOT/Tests/Differential/regressions"

step "random images"
run "$E2E_ROOT/Tests/Differential/run" --seconds "${DIFFERENTIAL_SECONDS:-30}"
