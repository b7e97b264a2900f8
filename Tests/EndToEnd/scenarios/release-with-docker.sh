#!/usr/bin/env bash
# The path this project is for: CI's binary goes in once, Docker builds the image from the context, nothing is compiled,
# the version stays, and the audit finds exactly the released bytes in the image.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require_docker

step "the released binary"
version=$("$monitor_amd64" --version | sed 's/.* //')
digest=$(digest_of "$monitor_amd64")
run "$bindery" put "$monitor_amd64" --name-pattern '{name}-{os}-{arch}' --version "$version" --expect-version
expect_contains "$output" "$digest"

step "the context"
run "$bindery" context "mount-monitor@$version" -f "$E2E_ROOT/Dockerfile.release" -o context
expect_equal "$(digest_of context/mount-monitor-linux-amd64)" "$digest" "the binary in the context"
expect_equal "$(stat -c %a context/mount-monitor-linux-amd64)" 755 "its mode"
expect_equal "$(digest_of context/Dockerfile)" "$(digest_of "$E2E_ROOT/Dockerfile.release")" "the Dockerfile"
expect_equal "$(jq -r '.files[0].digest' context/bindery-context.json)" "$digest" "the digest in bindery-context.json"

step "docker build"
image=bindery-e2e/mount-monitor:$version
at_exit "docker rmi -f '$image' >/dev/null"
run docker build --platform linux/amd64 -t "$image" context
expect_lacks "$output$errors" "swift build"
expect_lacks "$output$errors" "RUN "

step "the image runs and says its version"
run docker run --rm --network none "$image" --version
expect_equal "$output" "mount-monitor $version" "the version in the image"
size=$(docker image inspect --format '{{.Size}}' "$image")
[ "$size" -lt 20000000 ] || fail "the image has $size bytes; under 20 MB was promised"

step "audits"
docker save -o image.tar "$image"
run "$bindery" audit docker-archive:image.tar
expect_contains "$output" exact
expect_contains "$output" "mount-monitor"
run "$bindery" audit "docker-daemon:$image"
expect_contains "$output" exact
expect_equal "$(verdict_of docker-archive:image.tar)" exact "the verdict of the archive"
expect_equal "$(verdict_of "docker-daemon:$image")" exact "the verdict of the engine's image"

step "where"
run "$bindery" where "mount-monitor@$version"
expect_contains "$output" "$image"
run "$bindery" where "$digest"
expect_contains "$output" "$image"
run "$bindery" where "$monitor_amd64"
expect_contains "$output" "$image"
