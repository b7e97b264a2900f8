#!/usr/bin/env bash
# verify re-hashes every blob: a flipped bit, a missing and a stray blob are found and listed, with status 4.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

for name in one two three; do
    head -c 100000 /dev/urandom >"$name"
    run "$bindery" put "$name" --name "$name" --version 1 --platform any
done
run "$bindery" verify
blob() { echo "$BINDERY_STORE/blobs/sha256/$(digest_of "$1" | cut -d: -f2)"; }

step "a flipped bit"
chmod u+w "$(blob one)"
change_a_byte "$(blob one)"
chmod 444 "$(blob one)"
expect_status 4 "$bindery" verify
expect_contains "$output$errors" "$(digest_of one | cut -c8-19)"
expect_status 4 "$bindery" get one@1 -o out
[ ! -e out ] || fail "damaged bytes were written to a file"

step "a missing blob"
rm -f "$(blob two)"
expect_status 4 "$bindery" verify
expect_contains "$output$errors" "$(digest_of two | cut -c8-19)"

step "what is whole still comes out"
run "$bindery" get three@1 -o three-back
expect_equal "$(digest_of three-back)" "$(digest_of three)" "the undamaged file"
