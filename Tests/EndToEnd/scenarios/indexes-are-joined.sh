#!/usr/bin/env bash
# Images that were built one platform at a time are joined into one image of several platforms, which is copied, exported and
# audited as if it had been built at once.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

step "two images of one platform each"
for platform in amd64 arm64; do
    echo "for $platform" >"agent-$platform"
    run "$bindery" put "agent-$platform" --name agent --version 1.2.3 --platform "linux/$platform" --as data
    printf 'FROM scratch\nCOPY data /data\n' >Dockerfile.release
    run "$bindery" build agent@1.2.3 -f Dockerfile.release --platform "linux/$platform" -t "agent:1.2.3-$platform"
done

step "joined"
run "$bindery" index create agent:1.2.3 agent:1.2.3-arm64 agent:1.2.3-amd64 --json
joined=$(jq -r .digest <<<"$output")
expect_equal "$(jq -c .platforms <<<"$output")" '["linux/amd64","linux/arm64"]' "its platforms"
run "$bindery" index create other:1 agent:1.2.3-amd64
run "$bindery" index add other:1 agent:1.2.3-arm64
expect_contains "$output" "$joined"
echo 'LABEL twin=yes' >>Dockerfile.release
run "$bindery" build agent@1.2.3 -f Dockerfile.release --platform linux/amd64 -t agent:twin
expect_status 2 "$bindery" index add other:1 agent:twin
expect_contains "$errors" "agent:twin"
expect_contains "$errors" "linux/amd64"
expect_status 3 "$bindery" index add nothing:1 agent:twin

step "an image like any other"
run "$bindery" audit agent:1.2.3 --exact
run "$bindery" copy agent:1.2.3 oci:image:1
expect_contains "$output" "$joined"
run "$bindery" export agent:1.2.3 -o oci:bundle
BINDERY_STORE=$here/other run "$bindery" import oci:bundle
expect_contains "$output" "$joined"
run "$bindery" verify
