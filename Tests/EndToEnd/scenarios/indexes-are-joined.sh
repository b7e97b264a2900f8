#!/usr/bin/env bash
# Images that were built one platform at a time are joined into one image of several platforms, which is copied, exported and
# audited as if it had been built at once.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq curl skopeo
start_registry

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

# shellcheck disable=SC2154 # start_registry sets it
place=docker://$registry
step "pushed to a registry, and made from what is there"
run "$bindery" copy agent:1.2.3 "$place/agent:1.2.3"
expect_contains "$output" "$joined"
run skopeo inspect --tls-verify=false --raw "$place/agent:1.2.3"
expect_equal "sha256:$(printf %s "$output" | sha256sum | cut -d' ' -f1)" "$joined" "the registry's bytes"
expect_equal "$(jq -c '[.manifests[].platform.architecture]' <<<"$output")" '["amd64","arm64"]' "its platforms"
run skopeo copy -q --src-tls-verify=false --override-arch arm64 "$place/agent:1.2.3" dir:arm64
for platform in amd64 arm64; do
    run "$bindery" copy "agent:1.2.3-$platform" "$place/parts:$platform"
    BINDERY_STORE=$here/third run "$bindery" import "$place/parts:$platform" -t "parts:$platform"
done
BINDERY_STORE=$here/third run "$bindery" index create parts:1 parts:arm64
BINDERY_STORE=$here/third run "$bindery" index add parts:1 parts:amd64
expect_contains "$output" "$joined"
BINDERY_STORE=$here/third run "$bindery" copy parts:1 "$place/parts:1"
run "$bindery" audit "$place/parts:1" --exact
expect_contains "$output" "${joined:0:19}"

step "latest of a registry: never a pre-release, never an older release"
latest() { curl -fsS -H 'Accept: application/vnd.oci.image.index.v1+json' "http://$registry/v2/agent/manifests/latest" | sha256sum; }
release() {
    echo "agent $1" >"agent-$1"
    run "$bindery" put "agent-$1" --name agent --version "$1" --platform linux/amd64 --as data
    printf 'FROM scratch\nLABEL org.opencontainers.image.version=%s\nCOPY data /data\n' "$1" >Dockerfile.release
    run "$bindery" build "agent@$1" -f Dockerfile.release -t "$registry/agent:$1" --push --tag-latest
}
release 2.0.0
newest=$(latest)
release 2.1.0-rc.1
expect_contains "$errors" "pre-release"
expect_equal "$(latest)" "$newest" "latest"
release 1.9.0
expect_contains "$errors" "agent@2.0.0"
expect_equal "$(latest)" "$newest" "latest"
# A store that knows nothing of 2.0.0 finds its version in the registry.
echo old >old
BINDERY_STORE=$here/fourth run "$bindery" put old --name agent --version 1.9.1 --platform linux/amd64 --as data
BINDERY_STORE=$here/fourth run "$bindery" build agent@1.9.1 -f Dockerfile.release -t "$registry/agent:1.9.1" --push --tag-latest
expect_contains "$errors" "agent@2.0.0"
expect_equal "$(latest)" "$newest" "latest"
release 2.0.1
[ "$(latest)" != "$newest" ] || fail "a newer release didn't move latest"
