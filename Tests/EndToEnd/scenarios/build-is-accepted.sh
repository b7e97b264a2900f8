#!/usr/bin/env bash
# What we build, others take: skopeo, umoci, buildah and Docker read it, Docker runs it, our audit says exact, and a
# second store with the same bytes gives the same digest.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo umoci qemu-aarch64-static
require_docker
require_buildah
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")
put_release ruff "$version" "$amd64" "$arm64"
release_file ruff >Dockerfile.release
image=bindery-e2e/built-ruff:$version

step "one build, four outputs"
run "$bindery" build "ruff@$version" -t "$image" -o "oci:layout:$version" -o oci-archive:ruff.oci.tar \
    -o docker-archive:ruff.docker.tar --json
digest=$(jq -r .digest <<<"$output")
expect_equal "$(jq -r '.manifests[0].digest' layout/index.json)" "$digest" "the layout's digest"

step "skopeo"
for source in "oci:layout:$version" oci-archive:ruff.oci.tar docker-archive:ruff.docker.tar; do
    run skopeo copy --insecure-policy "$source" "dir:copy"
    expect_equal "$(skopeo inspect --override-arch amd64 "$source" | jq -r .Architecture)" amd64 "the platform of $source"
done
run skopeo copy --insecure-policy --all "oci:layout:$version" oci:all:copy
expect_equal "$(jq -r '.manifests[0].digest' all/index.json)" "$digest" "the digest after skopeo copy --all"

step "umoci and buildah"
run "$bindery" build "ruff@$version" --platform linux/amd64 -o oci:single:one
run umoci unpack --rootless --image single:one bundle
expect_equal "$(digest_of bundle/rootfs/ruff)" "$(digest_of "$amd64")" "the binary that umoci unpacks"
run buildah from --signature-policy "$BUILDAH_SIGNATURE_POLICY" --name working "oci:layout:$version"
expect_equal "$(buildah inspect --format '{{.OCIv1.Config.Entrypoint}}' working)" "[/ruff]" "the entrypoint in buildah"

step "docker load and run"
at_exit "docker rmi -f '$image' >/dev/null"
run docker load -i ruff.docker.tar
run docker run --rm --network none "$image" --version
expect_equal "$output" "ruff $version" "the program's version"

step "the same through the engine's socket"
run docker rmi -f "$image"
run "$bindery" copy "$image" "docker-daemon:$image"
run docker run --rm --network none "$image" --version
expect_equal "$output" "ruff $version" "the program's version"

step "derived again, and compared"
for source in "oci:layout:$version" oci-archive:ruff.oci.tar docker-archive:ruff.docker.tar "docker-daemon:$image"; do
    expect_status 1 "$bindery" build "ruff@$version" --epoch 1 --check "$source"
    expect_contains "$output" "/ruff, time: 1 here, 0 there"
done
run "$bindery" build "ruff@$version" --check "oci:layout:$version"
expect_contains "$output" "the same, derived again"
sed 's/--chmod=755/--chmod=700/' Dockerfile.release >other
expect_status 1 "$bindery" build "ruff@$version" -f other --check "oci:layout:$version"
expect_contains "$output" "linux/amd64, layer 1, /ruff, mode: \"0700\" here, \"0755\" there"

step "the layers come out by gzip and tar"
for arch in amd64 arm64; do
    layer=$(skopeo inspect --override-arch "$arch" "oci:layout:$version" | jq -r '.Layers[0]')
    gzip -dc <"layout/blobs/sha256/${layer#sha256:}" >/dev/null || fail "gzip refuses the layer for $arch"
    tar -xzf "layout/blobs/sha256/${layer#sha256:}" ruff
    expect_equal "$(digest_of ruff)" "$(digest_of "${!arch}")" "the $arch binary"
done
run qemu-aarch64-static ./ruff --version
expect_equal "$output" "ruff $version" "the arm64 program's version"

step "the audit"
for source in "oci:layout:$version" oci-archive:ruff.oci.tar docker-archive:ruff.docker.tar; do
    expect_equal "$(verdict_of "$source")" exact "the verdict of $source"
done

step "another store, another order, another umask and time zone"
cp "$amd64" "$arm64" .
touch -d 2001-01-01 ruff-linux-*
export BINDERY_STORE=$here/second
put_release ruff "$version" ./ruff-linux-arm64 ./ruff-linux-amd64
run env TZ=Pacific/Chatham LC_ALL=C bash -c "umask 077; '$bindery' build 'ruff@$version' --json"
expect_equal "$(jq -r .digest <<<"$output")" "$digest" "the second store's digest"

step "what would run or fetch is refused, with nothing written"
printf 'FROM scratch\nRUN apk add curl\nADD https://example.org/x /\n' >bad
expect_status 2 "$bindery" build "ruff@$version" -f bad -o oci:bad-layout
expect_contains "$errors" "line 2, RUN"
expect_contains "$errors" "line 3, ADD"
[ ! -e bad-layout ] || fail "a refused build left bad-layout"
