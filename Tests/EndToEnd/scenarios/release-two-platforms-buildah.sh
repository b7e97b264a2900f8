#!/usr/bin/env bash
# The same context, another engine: buildah builds both platforms without a daemon, and the audit reads what it writes:
# an OCI layout, an OCI archive and a docker archive.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq qemu-aarch64-static skopeo
require_buildah
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")

put_release ruff "$version" "$amd64" "$arm64"
release_file ruff >Dockerfile.release
run "$bindery" context "ruff@$version" -f Dockerfile.release -o context

for arch in amd64 arm64; do
    step "linux/$arch"
    run buildah_build "ruff-$arch:$version" "linux/$arch" context
    expect_lacks "$output$errors" "swift build"
    run buildah_push "ruff-$arch:$version" "oci:layout-$arch:$version"
    run buildah_push "ruff-$arch:$version" "oci-archive:$arch.oci.tar"
    run buildah_push "ruff-$arch:$version" "docker-archive:$arch.docker.tar:ruff-$arch:$version"
    for image in "oci:layout-$arch:$version" "oci-archive:$arch.oci.tar" "docker-archive:$arch.docker.tar"; do
        run "$bindery" audit "$image"
        expect_contains "$output" exact
        expect_equal "$(verdict_of "$image")" exact "the verdict of $image"
    done
    config=$(skopeo inspect --config "oci:layout-$arch:$version")
    expect_equal "$(jq -r .architecture <<<"$config")" "$arch" "the image's architecture"
done

step "the arm64 program runs"
layer=$(skopeo inspect "oci:layout-arm64:$version" | jq -r '.Layers[0]')
tar -xzf "layout-arm64/blobs/sha256/${layer#sha256:}" ruff
run qemu-aarch64-static ./ruff --version
expect_equal "$output" "ruff $version" "the arm64 program's version"
