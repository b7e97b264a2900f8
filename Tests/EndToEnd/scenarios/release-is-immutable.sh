#!/usr/bin/env bash
# A key means one digest for ever: the same bytes again are a success, others a conflict, and a removed key stays taken.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

echo one >one
echo two >two
run "$bindery" put one --name tool --version 1.0.0 --platform linux/amd64
digest=$(digest_of one)
run "$bindery" put one --name tool --version v1.0.0 --platform linux/x86_64
expect_status 5 "$bindery" put two --name tool --version 1.0.0 --platform linux/amd64
expect_contains "$errors" "$(digest_of two | cut -c1-15)"
expect_contains "$errors" "${digest:0:15}"
run "$bindery" get tool@1.0.0 --platform linux/amd64 -o back
expect_equal "$(digest_of back)" "$digest" "what comes out"
blob=$BINDERY_STORE/blobs/sha256/${digest#sha256:}
expect_equal "$(stat -c %a "$blob")" 444 "the mode of the blob"

step "removal leaves a tombstone"
run "$bindery" rm tool@1.0.0
run "$bindery" show tool@1.0.0
expect_contains "$output" removed
expect_status 3 "$bindery" get tool@1.0.0 -o gone
expect_status 5 "$bindery" put two --name tool --version 1.0.0 --platform linux/amd64
run "$bindery" log --json
expect_contains "$output" "$digest"

step "a release page's checksums"
mkdir dist
cp one dist/tool
cp two dist/other
(cd dist && sha256sum tool >SHA256SUMS)
expect_status 2 "$bindery" put dist/tool dist/other --name-pattern '{name}' --version 2 --platform any --checksums dist/SHA256SUMS
expect_contains "$errors" "no checksum of dist/other"
expect_status 3 "$bindery" show tool@2
printf 'SHA256 (other) = %s\n' "$(digest_of one | cut -c8-)" >>dist/SHA256SUMS
expect_status 4 "$bindery" put dist/tool dist/other --name-pattern '{name}' --version 2 --platform any --checksums dist/SHA256SUMS
expect_contains "$errors" "$(digest_of one)"
expect_contains "$errors" "$(digest_of two)"
expect_status 4 "$bindery" put dist/other --name other --version 2 --platform any --checksums dist/SHA256SUMS --dry-run
expect_status 3 "$bindery" show tool@2
run "$bindery" put dist/tool --name tool --version 2 --platform any --checksums dist/SHA256SUMS
echo nothing >>dist/SHA256SUMS
expect_status 2 "$bindery" put dist/tool --name tool --version 2 --platform any --checksums dist/SHA256SUMS
expect_contains "$errors" "dist/SHA256SUMS, line 3"

step "several are removed together, or none"
for version in 3 4; do
    echo "$version" >further
    run "$bindery" put further --name tool --version "$version" --platform any
done
run "$bindery" pin tool@2
expect_status 5 "$bindery" rm tool@3 gone@1 tool@2 no:image
expect_contains "$errors" "gone@1"
expect_contains "$errors" "tool 2 any"
expect_contains "$errors" "no:image"
run "$bindery" show tool@3
expect_lacks "$output" removed
expect_status 3 "$bindery" rm tool@3 gone@1
run "$bindery" unpin tool@2
run "$bindery" rm tool@3 tool@4 --json
expect_equal "$(jq -r '[.removed[].version] | join(" ")' <<<"$output")" "3 4" "what was removed"
expect_status 2 "$bindery" rm tool@2 no:image --force

step "two puts of one key at once"
for round in 1 2 3 4 5 6 7 8; do
    head -c 3000000 /dev/urandom >"a$round"
    head -c 3000000 /dev/urandom >"b$round"
    "$bindery" put "a$round" --name race --version "$round" --platform any >/dev/null 2>&1 &
    first=$!
    "$bindery" put "b$round" --name race --version "$round" --platform any >/dev/null 2>&1 &
    second=$!
    status_a=0 status_b=0
    wait "$first" || status_a=$?
    wait "$second" || status_b=$?
    case "$status_a $status_b" in
        "0 5") winner=a$round ;;
        "5 0") winner=b$round ;;
        *) fail "the two puts ended with $status_a and $status_b; one 0 and one 5 were expected" ;;
    esac
    run "$bindery" get "race@$round" -o got
    expect_equal "$(digest_of got)" "$(digest_of "$winner")" "the winner's bytes"
    rm -f got
done
for round in 1 2 3 4; do
    "$bindery" put one --name same --version "$round" --platform any >/dev/null &
    first=$!
    "$bindery" put one --name same --version "$round" --platform any >/dev/null || fail "the same bytes at once"
    wait "$first" || fail "the same bytes at once"
done
run "$bindery" verify
