#!/usr/bin/env bash
# Sixteen writers, readers, removals, killed puts, collections and verifications at once on one store: nothing that was
# reported as stored is lost, nobody waits for ever, and a collection at the end leaves exactly what is named.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3

run "$E2E_ROOT/Tests/Durability/soak" --seconds 15 --writers 16
expect_contains "$output" '"failures": 0'
