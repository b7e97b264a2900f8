#!/usr/bin/env bash
# Bytes that change on the device, beneath the file system, so that no time of the file changes: what each command says.
# get, export and verify always read; context, build and copy do with --verify, and a day after the blob was hashed last.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require sqlite3 openssl jq python3

# rot FILE: changes a byte of a blob, and its recorded identity along with it: to the store it looks as if only the disk had.
rot() {
    local digest
    digest=$(basename "$1")
    chmod u+w "$1"
    change_a_byte "$1"
    chmod 444 "$1"
    # The time of change, in nanoseconds.
    local changed
    changed=$(stat -c %.9Z "$1" | tr -d .)
    expect_equal "$(sqlite3 "$BINDERY_STORE/bindery.db" \
        "UPDATE blob_file SET changed = $changed WHERE digest = x'$digest'; SELECT changes();")" 1 "blobs that were recorded"
}

# age DAYS: what was hashed was hashed so many days earlier.
age() { sqlite3 "$BINDERY_STORE/bindery.db" "UPDATE blob_file SET checked_at = checked_at - $1 * 86400000"; }

# Above a mebibyte: smaller blobs are hashed by copy in any case.
head -c 3000000 /dev/urandom >agent
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.release
run "$bindery" put agent --name agent --version 1 --platform any
# A file that changed a moment ago isn't recorded.
sleep 0.3
run "$bindery" context agent@1 -o context
run "$bindery" build agent@1 -t agent:1 --platform linux/amd64 --compression none
sleep 0.3
run "$bindery" copy agent:1 oci:first:1
layer=$("$bindery" show agent:1 --json | jq -r '.platforms[0].layers[0].digest' | cut -d: -f2)
binary=$(digest_of agent | cut -d: -f2)
rot "$BINDERY_STORE/blobs/sha256/$binary"
rot "$BINDERY_STORE/blobs/sha256/$layer"

step "what always reads"
expect_status 4 "$bindery" get agent@1 -o out
[ ! -e out ] || fail "damaged bytes were written to a file"
expect_status 4 "$bindery" get agent@1 -o -
expect_equal "$output" "" "what was written to standard output"
for item in agent@1 agent:1; do
    expect_status 4 "$bindery" export "$item" -o oci-archive:bundle
    [ ! -e bundle ] || fail "damaged bytes were written to a bundle"
done
expect_status 4 "$bindery" verify
expect_contains "$output$errors" "$binary"
expect_contains "$output$errors" "$layer"

step "what reads when it is told to"
expect_status 4 "$bindery" context agent@1 -o verified --verify
[ ! -e verified ] || fail "damaged bytes were written to a context"
expect_status 4 "$bindery" copy agent:1 oci:verified:1 --verify
[ ! -e verified/index.json ] || fail "a damaged layer was written to a layout"
expect_status 4 "$bindery" build agent@1 -t agent:1 --platform linux/amd64 --compression none --verify -o oci:built:1
[ ! -e built/index.json ] || fail "a damaged layer was written to a layout"

step "within a day of the last look the file itself is taken for known"
run "$bindery" context agent@1 -o known
run "$bindery" copy agent:1 oci:known-image:1

step "and a day after it no more"
age 1
expect_status 4 "$bindery" context agent@1 -o later
[ ! -e later ] || fail "damaged bytes were written to a context"
expect_status 4 "$bindery" copy agent:1 oci:later-image:1
[ ! -e later-image/index.json ] || fail "a damaged layer was written to a layout"

step "whole again"
run "$bindery" verify --repair --from oci:first:1
run "$bindery" context agent@1 -o healed --verify
cmp agent healed/agent
run "$bindery" copy agent:1 oci:healed-image:1 --verify
