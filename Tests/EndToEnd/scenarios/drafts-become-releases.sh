#!/usr/bin/env bash
# A draft is filled step by step, seen by nobody who doesn't ask for it, tried in an image that can't leave the store, and
# becomes a release as a whole.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

for platform in amd64 arm64; do echo "agent for $platform, and what makes it longer" >"agent-$platform"; done
draft() { "$bindery" put "agent-$1" --name team/agent --version 1.3.0 --platform "linux/$1" --draft "${@:2}"; }
cat >Dockerfile.release <<'DOCKERFILE'
FROM scratch
ARG TARGETARCH
COPY agent-linux-${TARGETARCH} /agent
ENTRYPOINT ["/agent"]
DOCKERFILE

step "a draft is seen where it is asked for"
run draft amd64
expect_equal "$("$bindery" ls --json | jq -c .releases)" "[]" "releases"
expect_equal "$("$bindery" ls --draft --json | jq -r '.releases[] | .name + "@" + .version')" "team/agent@1.3.0" "drafts"
expect_status 3 "$bindery" get team/agent@1.3.0 -o out
expect_contains "$errors" "there is a draft of it"
expect_status 3 "$bindery" show team/agent@1.3.0
expect_status 3 "$bindery" export team/agent@1.3.0 -o oci:bundle
expect_status 3 "$bindery" copy team/agent@1.3.0 oci:copied
expect_status 3 "$bindery" build team/agent@1.3.0
expect_status 3 "$bindery" context team/agent@1.3.0
run "$bindery" get team/agent@1.3.0 --draft -o out
run cmp out agent-amd64
run "$bindery" show team/agent@1.3.0 --draft
for left in bundle copied; do [ ! -e "$left" ] || fail "a draft left the store"; done

step "it changes where that is asked for"
echo "agent for amd64, second try" >agent-amd64
expect_status 5 draft amd64
expect_contains "$errors" "--replace"
expect_status 2 "$bindery" put agent-amd64 --name team/agent --version 1.3.0 --replace
run draft amd64 --replace --json
expect_equal "$(jq -r '.artifacts[0].replaced' <<<"$output")" "sha256:$(sha256sum <out | cut -c1-64)" "what was replaced"
expect_status 5 "$bindery" put agent-arm64 --name team/agent --version 1.3.0 --platform linux/arm64
expect_contains "$errors" "is a draft"
run draft arm64

step "an image of it says so, and doesn't leave"
run "$bindery" build team/agent@1.3.0 --draft -t local/try:1 --json
image=$(jq -r .digest <<<"$output")
run "$bindery" copy "local/try@$image" oci:tried:1
manifest=$(jq -r '.manifests[0].digest' "tried/blobs/sha256/$(jq -r '.manifests[0].digest' tried/index.json | cut -d: -f2)")
expect_contains "$(jq -r '.annotations["dev.bindery.drafts"]' "tried/blobs/sha256/${manifest#sha256:}")" "team/agent@1.3.0@sha256:"
expect_status 5 "$bindery" export local/try:1 -o oci:bundle
expect_contains "$errors" "made of the draft team/agent@1.3.0"
for platform in "" "--platform linux/amd64"; do
    # shellcheck disable=SC2086 # words
    expect_status 5 "$bindery" copy local/try:1 docker://localhost:1/try:1 $platform
    expect_contains "$errors" "made of the draft"
done
printf 'FROM local/try:1\nLABEL a=b\n' >Dockerfile.above
run "$bindery" put out --name other --version 1 --platform any
run "$bindery" build other@1 -f Dockerfile.above --platform linux/amd64 -t local/above:1
expect_status 5 "$bindery" export local/above:1 -o oci:bundle
[ ! -e bundle ] || fail "an image of a draft left the store"
expect_status 1 "$bindery" audit local/try:1
expect_contains "$output" "BND068"
expect_status 2 "$bindery" build team/agent@1.3.0 --draft --attest
run "$bindery" context team/agent@1.3.0 --draft -o context
expect_contains "$(cat context/Dockerfile)" 'LABEL dev.bindery.drafts="team/agent@1.3.0@sha256:'

step "sealed, it is a release, and the image is one of it"
expect_status 3 "$bindery" seal team/agent@1.3.0 --require linux/riscv64
run "$bindery" seal team/agent@1.3.0 --require linux/amd64,linux/arm64
expect_equal "$("$bindery" ls --draft --json | jq -c .releases)" "[]" "drafts"
run "$bindery" get team/agent@1.3.0 --platform linux/amd64 -o out
run cmp out agent-amd64
run "$bindery" audit local/try:1 --exact
expect_contains "$output" "BND068"
run "$bindery" export local/try:1 -o oci:bundle
expect_status 5 draft amd64 --replace
expect_contains "$errors" "is sealed"
run "$bindery" build team/agent@1.3.0 -t local/agent:1
run "$bindery" verify
run "$bindery" log verify

step "a draft that is taken away leaves no tombstone, and its bytes go"
run "$bindery" put agent-amd64 --name team/agent --version 1.4.0 --platform any --draft
echo "another" >another
run "$bindery" put another --name team/agent --version 1.4.0 --platform linux/arm64 --draft
run "$bindery" gc --grace 0
run "$bindery" get team/agent@1.4.0 --draft --platform linux/arm64 -o out
expect_status 2 "$bindery" rm team/agent@1.4.0 --draft --reason no
run "$bindery" rm team/agent@1.4.0 --draft
expect_status 3 "$bindery" rm team/agent@1.4.0 --draft
run "$bindery" gc --grace 0
[ ! -e "$BINDERY_STORE/blobs/sha256/$(sha256sum <another | cut -c1-64)" ] || fail "its bytes are still there"
run "$bindery" put another --name team/agent --version 1.4.0 --platform linux/amd64
run "$bindery" verify
expect_contains "$("$bindery" log team/agent)" discard
