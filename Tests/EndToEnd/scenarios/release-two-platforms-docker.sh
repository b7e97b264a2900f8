#!/usr/bin/env bash
# One release, both platforms: BuildKit builds the context for linux/amd64 and for linux/arm64 from one Dockerfile, and
# each image holds its own platform's released bytes. The program is one that nobody here made.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq qemu-aarch64-static
require_docker
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")

put_release ruff "$version" "$amd64" "$arm64"
release_file ruff >Dockerfile.release
run "$bindery" context "ruff@$version" -f Dockerfile.release -o context

for arch in amd64 arm64; do
    step "linux/$arch"
    image=bindery-e2e/ruff-$arch:$version
    at_exit "docker rmi -f '$image' >/dev/null"
    run docker build --platform "linux/$arch" -t "$image" context
    expect_equal "$(docker image inspect --format '{{.Architecture}}' "$image")" "$arch" "the image's architecture"
    docker save -o "$arch.tar" "$image"
    expect_equal "$(verdict_of "docker-archive:$arch.tar")" exact "the verdict of the archive"
    expect_equal "$(verdict_of "docker-daemon:$image")" exact "the verdict of the engine's image"

    # Out of the image again, by other tools than ours.
    mkdir "$arch"
    skopeo copy --insecure-policy "docker-archive:$arch.tar" "dir:$arch/image" >/dev/null
    layer=$(jq -r '.layers[0].digest' "$arch/image/manifest.json")
    tar -xf "$arch/image/${layer#sha256:}" -C "$arch" ruff
    expect_equal "$(digest_of "$arch/ruff")" "$(digest_of "${!arch}")" "the binary in the image"
done

step "both say their version"
run docker run --rm --network none "bindery-e2e/ruff-amd64:$version" --version
expect_equal "$output" "ruff $version" "the amd64 program's version"
run qemu-aarch64-static arm64/ruff --version
expect_equal "$output" "ruff $version" "the arm64 program's version"

step "where"
run "$bindery" where "ruff@$version"
expect_contains "$output" "bindery-e2e/ruff-amd64:$version"
expect_contains "$output" "bindery-e2e/ruff-arm64:$version"
