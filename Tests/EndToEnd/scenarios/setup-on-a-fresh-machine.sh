#!/usr/bin/env bash
# Long: it installs every package that the tests need.
#
# On a new machine `make setup` brings every program that a test asks for, once. `make fresh-machine` also builds there.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require debootstrap unshare swift
[ "$(id -u)" -eq 0 ] || skip "mounting a machine's file systems takes root"

run "$E2E_ROOT/scripts/fresh-machine.sh" setup
expect_contains "$output" "make setup works"
