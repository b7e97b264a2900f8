#!/usr/bin/env bash
# Configurations in use: what served with the Go original serves here, with the same settings, as recorded from there.
# Waits: for checks and restarts
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require python3 unshare openssl
unshare -n true 2>/dev/null || skip "a network namespace takes root"

run python3 "$monitor_peers/migration.py" check "$monitor" "$monitor_peers/migration.jsonl"
expect_contains "$output" "690 cases, 0 failed"
