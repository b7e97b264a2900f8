#!/usr/bin/env bash
# What a message gives as a way out is a command: each one is run as it is written (lib/hints.py).
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

mkdir hints
run python3 "$E2E_HERE/lib/hints.py" "$bindery" "$E2E_ROOT/Sources" "$here/hints"
