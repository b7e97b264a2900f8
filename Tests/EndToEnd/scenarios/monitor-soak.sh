#!/usr/bin/env bash
# Waits: a minute passes.
#
# A minute of a mount that goes up and down and one that hangs: memory, descriptors and threads stay flat. `make soak` does
# half an hour of it.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require curl python3
require_fuse
run "$E2E_ROOT/scripts/soak.sh" 60
