#!/usr/bin/env bash
# JSON, statuses, the store's schema, rows and events, bundles, contexts, derived images and reports are those that others
# rely on: the files in Tests/Golden/files.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require python3

run env BINDERY="$bindery" "$E2E_ROOT/Tests/Golden/run"
expect_contains "$output" 'all the same'

step 'a changed member is noticed'
cp -r "$E2E_ROOT/Tests/Golden/files" "$here/files"
sed -i 's/"putBy"/"putFrom"/' "$here/files/json/ls.json"
expect_status 1 env BINDERY="$bindery" "$E2E_ROOT/Tests/Golden/run" --files "$here/files"
expect_contains "$output" 'removed or changed breaks'
