#!/usr/bin/env bash
# Long: every option of every command is tried.
# Every command that --help lists, called in every wrong way: a status, a message on standard error that blames the right
# thing, and a store that stays as it was (lib/commands.py has the table).
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

step "the table"
mkdir table
run python3 "$E2E_HERE/lib/commands.py" "$bindery" "$here/table"
