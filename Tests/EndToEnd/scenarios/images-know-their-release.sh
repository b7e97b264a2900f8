#!/usr/bin/env bash
# Version, revision and annotations of a release reach the image: by arguments that a Dockerfile declares, and by
# --annotate-from; and the engine's command says the same.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

for arch in amd64 arm64; do printf '#!/bin/sh\necho agent for %s\n' "$arch" >"agent-linux-$arch"; done
run "$bindery" put agent-linux-* --name-pattern '{name}-{os}-{arch}' --version v1.2.3 \
    --annotation org.opencontainers.image.revision=4a5e1e --annotation org.example.team=core
cat >Dockerfile.release <<'DOCKERFILE'
FROM scratch
ARG BINDERY_VERSION=unknown
ARG BINDERY_REVISION
LABEL org.opencontainers.image.version=$BINDERY_VERSION org.opencontainers.image.revision=$BINDERY_REVISION
COPY agent /agent
DOCKERFILE

step "labels by arguments"
labels() {
    local manifest config
    manifest=$(jq -r '.manifests[0].digest' "$1/blobs/sha256/$(jq -r '.manifests[0].digest' "$1/index.json" | cut -c 8-)")
    config=$(jq -r .config.digest "$1/blobs/sha256/${manifest#sha256:}")
    jq -r '.config.Labels | [."org.opencontainers.image.version", ."org.opencontainers.image.revision"] | join(" ")' \
        "$1/blobs/sha256/${config#sha256:}"
}
run "$bindery" build agent@1.2.3 -o oci:plain
expect_equal "$(labels plain)" "1.2.3 4a5e1e" "the labels"
expect_lacks "$errors" "no effect"
run "$bindery" build agent@1.2.3 -o oci:given --build-arg BINDERY_VERSION=2
expect_equal "$(labels given)" "2 4a5e1e" "the labels of given arguments"

step "annotations of the release"
run "$bindery" build agent@1.2.3 -o oci:annotated --annotate-from agent@1.2.3 --annotation org.example.team=edge
index=$(jq -r '.manifests[0].digest' annotated/index.json)
expect_equal "$(jq -cS .annotations "annotated/blobs/sha256/${index#sha256:}")" \
    '{"org.example.team":"core","org.opencontainers.image.revision":"4a5e1e"}' "the index's annotations"
manifest=$(jq -r '.manifests[0].digest' "annotated/blobs/sha256/${index#sha256:}")
expect_equal "$(jq -r '.annotations."org.example.team"' "annotated/blobs/sha256/${manifest#sha256:}")" edge \
    "an annotation that is given, too"
expect_status 3 "$bindery" build agent@1.2.3 --annotate-from gone@1
printf 'another file\n' >notes
run "$bindery" put notes --name agent --version 1.2.3 --platform any --as notes --annotation org.example.team=docs
run "$bindery" build agent@1.2.3 --annotate-from agent@1.2.3
expect_contains "$errors" "differ in org.example.team"

step "the engine's command"
run "$bindery" context agent@1.2.3 --dry-run
run "$bindery" context agent@1.2.3 -o context
expect_contains "$errors" "--build-arg BINDERY_REVISION=4a5e1e --build-arg BINDERY_VERSION=1.2.3"
