#!/usr/bin/env bash
# An image goes into a registry and comes back with its digest, by our hand and by others'.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo
require_docker
start_registry
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")
put_release ruff "$version" "$amd64" "$arm64"
release_file ruff >Dockerfile.release
# shellcheck disable=SC2154 # start_registry sets it
image=$registry/team/ruff:$version

step "a build is pushed, and skopeo finds the same digest"
run "$bindery" build "ruff@$version" -t "$image" -o "docker://$image" --json
digest=$(jq -r .digest <<<"$output")
expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$image")" "$digest" "skopeo's digest"
run skopeo copy --insecure-policy --all --src-tls-verify=false "docker://$image" oci:copy:1
expect_equal "$(jq -r '.manifests[0].digest' copy/index.json)" "$digest" "the digest after skopeo copy --all"

step "Docker pulls and runs it"
at_exit "docker rmi -f '$image' >/dev/null"
run docker pull --quiet "$image"
run docker run --rm --network none "$image" --version
expect_equal "$output" "ruff $version" "the program's version"

step "once more, and nothing is sent"
before=$(find registry -type f -path '*/blobs/*' | wc -l)
run "$bindery" copy "$image" "docker://$image"
expect_contains "$output" "$digest"
expect_equal "$(find registry -type f -path '*/blobs/*' | wc -l)" "$before" "the number of blobs"

step "the audit reads it from there"
expect_equal "$(verdict_of "docker://$image")" exact "the verdict by tag"
expect_equal "$(verdict_of "docker://$registry/team/ruff@$digest")" exact "the verdict by digest"
run "$bindery" build "ruff@$version" --check "docker://$image"
run "$bindery" diff "docker://$image" "oci:copy:1"

step "to another repository, to a layout, to another store"
run "$bindery" copy "docker://$image" "docker://$registry/copy:1"
expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/copy:1")" "$digest" \
    "the digest in the other repository"
run "$bindery" copy "docker://$image" oci:pulled:1
expect_equal "$(jq -r '.manifests[0].digest' pulled/index.json)" "$digest" "the digest of what was pulled"
BINDERY_STORE=$here/second run "$bindery" import "docker://$image" -t ruff:1
expect_contains "$output" "$digest"

step "what skopeo pushed is read, too"
run "$bindery" build "ruff@$version" --compression zstd -o oci:zstd:1 --json
other=$(jq -r .digest <<<"$output")
run skopeo copy --insecure-policy --all --dest-tls-verify=false oci:zstd:1 "docker://$registry/by-skopeo:1"
run "$bindery" import "docker://$registry/by-skopeo:1" -t by-skopeo:1
expect_contains "$output" "$other"
expect_equal "$(verdict_of "docker://$registry/by-skopeo:1")" exact "the verdict of what skopeo pushed"

step "what rotted here comes back from there: a layer, and the program in it"
blob() { echo "$BINDERY_STORE/blobs/sha256/${1#sha256:}"; }
manifest=$(jq -r '.manifests[] | select(.platform.architecture == "amd64").digest' "$(blob "$digest")")
layer=$(jq -r '.layers[0].digest' "$(blob "$manifest")")
program=$(digest_of "$amd64")
rm -f "$(blob "$layer")" "$(blob "$program")"
# Other layers of this store hold the program, too.
run "$bindery" rm by-skopeo:1
run "$bindery" gc --grace 0s
expect_status 4 "$bindery" verify --repair
run "$bindery" verify --repair --from "docker://$image"
expect_contains "$output" "docker://$image"
run "$bindery" verify
expect_equal "$(digest_of "$(blob "$layer")")" "$layer" "the layer that came back"
expect_equal "$(digest_of "$(blob "$program")")" "$program" "the program that came back"

step "what isn't there"
expect_status 3 "$bindery" audit "docker://$registry/team/ruff:none"
expect_contains "$errors" "there is no image 'team/ruff:none' in $registry/team/ruff"
expect_status 6 "$bindery" audit "docker://127.0.0.1:1/team/ruff:1"
expect_contains "$errors" "127.0.0.1:1 can't be reached: Connection refused"
expect_status 2 "$bindery" audit "docker://$registry/Team:1"

step "a lost byte in the registry is seen"
layer=$(jq -r '.layers[0].digest' "pulled/blobs/sha256/$(jq -r '.manifests[0].digest' \
    "pulled/blobs/sha256/${digest#sha256:}" | cut -d: -f2)")
change_a_byte "registry/docker/registry/v2/blobs/sha256/${layer:7:2}/${layer#sha256:}/data"
expect_status 4 "$bindery" copy "docker://$image" oci:damaged:1
[ ! -e damaged/index.json ] || fail "a damaged image was written"
