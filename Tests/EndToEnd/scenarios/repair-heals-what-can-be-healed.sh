#!/usr/bin/env bash
# verify --repair puts right what is missing or wrong: a binary from an image's layer, a layer from its recipe, either
# from another store or image. Bad files are kept in quarantine; what can't be healed is listed with all that it hits.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

for name in inside alone; do
    head -c 200000 /dev/urandom >"$name"
    run "$bindery" put "$name" --name "$name" --version 1 --platform any
done
printf 'FROM scratch\nCOPY inside /inside\nENTRYPOINT ["/inside"]\n' >Dockerfile.release
run "$bindery" build inside@1 -f Dockerfile.release -t image:1 --platform linux/amd64 -o oci:layout:1
cp -a "$BINDERY_STORE" backup
blob() { echo "$BINDERY_STORE/blobs/sha256/${1#sha256:}"; }
inside=$(digest_of inside)
alone=$(digest_of alone)
manifest=$(jq -r '.manifests[0].digest' layout/index.json)
nested=$(jq -r '.manifests[0].digest // empty' "$(blob "$manifest")")
manifest=${nested:-$manifest}
layer=$(jq -r '.layers[0].digest' "$(blob "$manifest")")
spoil() {
    chmod u+w "$(blob "$1")"
    change_a_byte "$(blob "$1")"
    chmod 444 "$(blob "$1")"
}
# fault DIGEST: the kind of fault that verify --json tells of it.
fault() { jq -r --arg digest "$1" '.faults[] | select(.digest == $digest) | .kind' <<<"$output"; }

step "each kind of rot is told apart, with the releases and images that are hit"
spoil "$inside"
rm -f "$(blob "$layer")"
expect_status 4 "$bindery" verify --json
expect_equal "$(fault "$inside")" "wrong bytes" "the fault of the binary"
expect_equal "$(fault "$layer")" missing "the fault of the layer"
expect_contains "$(jq -r '.faults[].images[]' <<<"$output")" "image:1"
expect_equal "$(jq -r '.faults[].artifacts[].name' <<<"$output")" inside "the release that is hit"

step "a store that is hit twice has no bytes of its own for them"
expect_status 4 "$bindery" verify --repair
expect_contains "$output" "inside 1 any"

step "a binary from an image that somebody else has, and then the layer from its recipe"
run "$bindery" verify --repair --from oci:layout:1 --json
expect_contains "$output" "$inside"
run "$bindery" verify
expect_equal "$(digest_of "$(blob "$inside")")" "$inside" "the binary that was healed"
expect_equal "$(digest_of "$(blob "$layer")")" "$layer" "the layer that was healed"
[ -n "$(ls "$BINDERY_STORE/quarantine")" ] || fail "the bad file isn't in quarantine"

step "a layer from its recipe"
spoil "$layer"
run "$bindery" verify --repair
expect_contains "$output" "its recipe"
run "$bindery" verify

step "a binary from a layer of this store"
rm -f "$(blob "$inside")"
run "$bindery" verify --repair
expect_contains "$output" "the layer"
run "$bindery" get inside@1 -o back
expect_equal "$(digest_of back)" "$inside" "the binary that came back"

step "what nobody else has is put out of the way, and comes from a backup"
spoil "$alone"
expect_status 4 "$bindery" verify --repair
expect_contains "$output" "alone 1 any"
[ ! -e "$(blob "$alone")" ] || fail "the bad file is still there"
run "$bindery" verify --repair --from backup
run "$bindery" verify

step "or from the file itself, put again"
rm -f "$(blob "$alone")"
run "$bindery" put alone --name alone --version 1 --platform any
run "$bindery" verify

step "a part, and what came in lately"
run "$bindery" verify --sample 50% --json
[ "$(jq .blobs <<<"$output")" -le 6 ] || fail "the sample has all blobs"
run "$bindery" verify --since 1h --json
expect_equal "$(jq .blobs <<<"$output")" "$(find "$BINDERY_STORE/blobs/sha256" -type f | wc -l)" "blobs since an hour"
expect_status 2 "$bindery" verify --sample 0%
expect_status 2 "$bindery" verify --from backup

step "a verification that was cut off is taken up"
run "$bindery" verify --resume
