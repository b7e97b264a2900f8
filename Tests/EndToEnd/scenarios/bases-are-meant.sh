#!/usr/bin/env bash
# An image is a known base because somebody meant it: imported as one, or built on. What stands in it is the base's, whatever is
# released; and no image is its own base.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

step "a base that others made, with a licence"
echo "a licence" >licence
printf 'FROM scratch\nCOPY licence /usr/share/licence\n' >Dockerfile.base
BINDERY_STORE=$here/theirs run "$bindery" put licence --name licence --version 1 --platform any
BINDERY_STORE=$here/theirs run "$bindery" build licence@1 -f Dockerfile.base --platform linux/amd64 -o oci:base:1

step "built on: it is a base"
cp "$(command -v busybox || command -v bash)" agent-linux-amd64
put_release agent 1.2.3 agent-linux-amd64
run "$bindery" import oci:base:1 -t base:1
printf 'FROM base:1\nCOPY --chmod=755 agent-linux-amd64 /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
run "$bindery" build agent@1.2.3 -f Dockerfile.release --platform linux/amd64 -t agent:1.2.3 -o oci:image:1
run "$bindery" audit agent:1.2.3 --exact
expect_equal "$("$bindery" log --json | jq -r '.events[].event | select(.what == "base") | .reason')" "an image is built on it" \
    "the mark's event"
run "$bindery" verifier --exact -name agent:1.2.3 -digest "$(jq -r '.manifests[0].digest' image/index.json)"

step "imported: it is one when it is meant"
export BINDERY_STORE=$here/site
put_release agent 1.2.3 agent-linux-amd64
run "$bindery" import oci:base:1 -t base:1
expect_status 1 "$bindery" audit oci:image:1 --exact
expect_contains "$output" "contains"
run "$bindery" import base:1 --as-base
run "$bindery" audit oci:image:1 --exact
expect_status 1 "$bindery" audit base:1
expect_contains "$output" "unknown"
run "$bindery" status
expect_status 2 "$bindery" import oci:base:1 --as-base
BINDERY_STORE=$here/other run "$bindery" import oci:base:1 -t base:1 --as-base
BINDERY_STORE=$here/other run "$bindery" where licence --json

step "a file of the base that is released later stays the base's"
run "$bindery" put licence --name licence --version 1 --platform any
run "$bindery" audit oci:image:1 --exact
run "$bindery" reaudit --exact oci:image:1
run "$bindery" where licence@1
expect_contains "$output" "/usr/share/licence"
jq -e '[.platforms[].files[] | select(.identity == "base")] | .[0].artifacts[0].name == "licence"' \
    <("$bindery" audit oci:image:1 --json) >/dev/null || fail "the base's file isn't listed with its release"

step "Docker Hub's names are one"
export BINDERY_STORE=$here/hub
put_release agent 1.2.3 agent-linux-amd64
spellings=(alpine:3 docker.io/alpine:3 docker.io/library/alpine:3 index.docker.io/library/alpine:3)
for stored in "${spellings[@]}"; do
    run "$bindery" import oci:base:1 -t "$stored"
    digest=$(cut -d ' ' -f 1 <<<"$output")
    for asked in "${spellings[@]}"; do
        printf 'FROM %s\nCOPY --chmod=755 agent-linux-amd64 /agent\n' "$asked" >Dockerfile.hub
        run "$bindery" build agent@1.2.3 -f Dockerfile.hub --platform linux/amd64 -t built:1
        expect_equal "$("$bindery" images "$asked" --json | jq -r '.images[].references[]')" "$stored" "$asked among the images"
        run "$bindery" copy "$asked" oci:hub-copy:1
        expect_contains "$output" "$digest"
        expect_status 1 "$bindery" audit "$asked"
        expect_contains "$output" "unknown"
    done
    expect_status 3 "$bindery" copy "registry.example/library/alpine:3" oci:hub-copy:1
    run "$bindery" rm "${spellings[1]}"
    expect_status 3 "$bindery" copy "$stored" oci:hub-copy:1
done
