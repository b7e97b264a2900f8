#!/usr/bin/env bash
# Contexts that an engine builds in other ways: one by one for each platform, with names for images and releases, and with
# RUN lines that the engine executes, which the audit of the image reports.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require_docker
require_buildah

step "releases"
mkdir dist
for arch in amd64 arm64; do
    printf '#!/bin/sh\necho the agent for %s, and what makes it long enough\n' "$arch" >"dist/agent-linux-$arch"
done
printf -- '-----BEGIN CERTIFICATE-----\nnone, but long enough\n' >ca.pem
put_release agent 1.0.0 dist/agent-linux-amd64 dist/agent-linux-arm64
run "$bindery" put ca.pem --name certs --version 1 --platform any
cat >Dockerfile.release <<'DOCKERFILE'
FROM scratch
COPY agent /agent
COPY --from=certs ca.pem /etc/ssl/ca.pem
ENTRYPOINT ["/agent"]
DOCKERFILE

step "one tree for each platform, and the commands that build and join them"
run "$bindery" context agent@1.0.0 -f Dockerfile.release --build-context certs=certs@1 --split -o "all trees"
expect_contains "$errors" "docker buildx build 'all trees/linux-amd64' --platform linux/amd64 --build-context"
expect_contains "$errors" "bindery index create agent:1.0.0 agent:1.0.0-linux-amd64 agent:1.0.0-linux-arm64"
[ "$(digest_of "all trees/linux-arm64/agent")" = "$(digest_of dist/agent-linux-arm64)" ] || fail "the wrong file"
[ "$(digest_of "all trees/linux-arm64/Dockerfile")" = "$(digest_of Dockerfile.release)" ] || fail "another Dockerfile"
run "$bindery" context agent@1.0.0 -f Dockerfile.release --build-context certs=certs@1 --split -o "all trees" --json
expect_equal "$(jq -r '.contexts | length' <<<"$output")" 2 "the contexts in JSON"

step "an argument that differs by platform needs a tree for each"
cat >Dockerfile.argument <<'DOCKERFILE'
FROM scratch
ARG NAME
COPY $NAME /agent
DOCKERFILE
arguments=(--build-arg NAME=agent --build-arg linux/arm64:NAME=agent-linux-arm64)
expect_status 2 "$bindery" context agent@1.0.0 -f Dockerfile.argument "${arguments[@]}" -o argument
expect_contains "$errors" --split
[ ! -e argument ] || fail "a context was made"
run "$bindery" context agent@1.0.0 -f Dockerfile.argument "${arguments[@]}" --split -o argument
expect_contains "$errors" "--build-arg NAME=agent-linux-arm64"

step "each tree is built by itself, and the images are joined"
for arch in amd64 arm64; do
    tree="all trees/linux-$arch"
    run buildah_build "agent:1.0.0-linux-$arch" "linux/$arch" "$tree" --build-context "certs=$here/$tree/.build-contexts/certs"
    run buildah_push "agent:1.0.0-linux-$arch" "oci:$arch"
    run "$bindery" import "oci:$arch" -t "agent:1.0.0-linux-$arch"
done
run "$bindery" index create agent:1.0.0 agent:1.0.0-linux-amd64 agent:1.0.0-linux-arm64
run "$bindery" audit agent:1.0.0 --expect agent@1.0.0
expect_contains "$output" exact

step "one tree for all platforms has each release's files by platform"
run "$bindery" context agent@1.0.0 -f Dockerfile.release --build-context certs=certs@1 -o together
run buildah_build agent:together linux/arm64 together --build-context "certs=$here/together/.build-contexts/certs"
run buildah_push agent:together oci:together
expect_equal "$(verdict_of oci:together)" exact "the verdict of the joined tree's image"

step "bindery build makes the same files"
run "$bindery" build agent@1.0.0 -f Dockerfile.release --build-context certs=certs@1 -t agent:built
# buildah adds a label of its own.
expect_status 1 "$bindery" diff agent:built agent:1.0.0 --json
expect_equal "$(jq '.files | length' <<<"$output")" 0 "files that differ"

step "BuildKit runs what --allow-run lets pass, and the audit reports it"
cat >Dockerfile.run <<'DOCKERFILE'
FROM scratch AS tools
COPY runner /bin/sh
FROM tools
COPY agent /agent
RUN touch \
  /made
ENTRYPOINT ["/agent"]
DOCKERFILE
cp "$(command -v busybox)" runner 2>/dev/null || skip "busybox-static is not installed: run scripts/setup.sh"
run "$bindery" put runner --name runner --version 1 --as runner
expect_status 2 "$bindery" context agent@1.0.0 runner@1 -f Dockerfile.run --platform linux/amd64 -o running
expect_contains "$errors" "line"
run "$bindery" context agent@1.0.0 runner@1 -f Dockerfile.run --platform linux/amd64 --allow-run -o running
expect_contains "$errors" "line 5"
expect_contains "$errors" BND063
expect_equal "$(jq -c .allowedRun running/bindery-context.json)" '[{"instruction":"RUN","line":5}]' "the record"
at_exit "docker rmi -f bindery-e2e/running >/dev/null"
run docker build --network none -t bindery-e2e/running running
run "$bindery" audit docker-daemon:bindery-e2e/running
expect_contains "$output" BND063
run "$bindery" audit docker-daemon:bindery-e2e/running --json
expect_equal "$(jq -r '[.. | objects | select(.code? == "BND063") | .found] | unique | join(" ")' <<<"$output")" 5-6 \
    "the lines that the audit reports"
