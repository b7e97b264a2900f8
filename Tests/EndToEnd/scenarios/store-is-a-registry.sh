#!/usr/bin/env bash
# `bindery serve`: every client of registries that is there pulls images and releases from a store.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq skopeo curl

step "a store with an image for two platforms, a layer that takes several pieces, and a release"
for architecture in amd64 arm64; do
    { printf '#!/bin/sh\n# %s\n' "$architecture"; head -c 8000000 /dev/urandom | base64 -w 0 | sed 's/^/# /'; } \
        >"app-linux-$architecture"
done
put_release app 1.2.3 app-linux-amd64 app-linux-arm64
release_file app >Dockerfile.release
run "$bindery" build app@1.2.3 -f Dockerfile.release -t app:1.2.3 -t registry.example/team/app:1 --json
index=$(jq -r .digest <<<"$output")

step "the server says where it listens"
serve --host registry.example

step "skopeo pulls the index byte for byte, by both names"
for name in app:1.2.3 team/app:1; do
    expect_equal "$(skopeo inspect --tls-verify=false --raw "docker://$registry/$name" | sha256sum | cut -d' ' -f1)" \
        "${index#sha256:}" "the digest of $name"
done
run skopeo copy --all --src-tls-verify=false "docker://$registry/app:1.2.3" oci:skopeo:app
expect_equal "$(jq -r '.manifests[0].digest' skopeo/index.json)" "$index" "the digest that skopeo copied"
run skopeo list-tags --tls-verify=false "docker://$registry/team/app"
expect_equal "$(jq -c .Tags <<<"$output")" '["1"]' "the tags"

step "bindery pulls the image, and the release, into another store"
run "$bindery" copy "docker://$registry/app:1.2.3" oci:copied:app
run "$bindery" import "docker://$registry/releases/app:1.2.3" --store other
run "$bindery" get app@1.2.3 --platform linux/arm64 -o got --store other
run cmp got app-linux-arm64

step "a pull that breaks off goes on where it was"
manifest=$(skopeo inspect --tls-verify=false --raw "docker://$registry/app:1.2.3" | jq -r '.manifests[0].digest')
run curl -sSf "http://$registry/v2/app/manifests/$manifest"
layer=$(jq -r '.layers[0].digest' <<<"$output")
size=$(jq -r '.layers[0].size' <<<"$output")
run curl -sSf -r 0-$((size / 3)) -o layer "http://$registry/v2/app/blobs/$layer"
run curl -sSf -C - -o layer "http://$registry/v2/app/blobs/$layer"
expect_equal "$(digest_of layer)" "$layer" "the layer in two parts"

step "pulls side by side"
pulls=()
for number in 1 2 3 4 5 6 7 8; do
    curl -sSf -o "layer-$number" "http://$registry/v2/app/blobs/$layer" &
    pulls+=($!)
done
for pull in "${pulls[@]}"; do wait "$pull" || fail "a pull failed"; done
for number in 1 2 3 4 5 6 7 8; do expect_equal "$(digest_of "layer-$number")" "$layer" "pull $number"; done

step "what is put while it runs is there, and a push is refused"
expect_status 1 skopeo inspect --tls-verify=false --raw "docker://$registry/app:later"
run "$bindery" tag app:1.2.3 app:later
run skopeo inspect --tls-verify=false --raw "docker://$registry/app:later"
expect_status 1 skopeo copy --dest-tls-verify=false oci:skopeo:app "docker://$registry/pushed:1"
expect_equal "$(curl -s -o problem -w '%{http_code}' -X POST "http://$registry/v2/app/blobs/uploads/")" 405 "a push"
expect_equal "$(jq -r '.errors[0].code' problem)" UNSUPPORTED "the code"

step "a draft and its image aren't served until the seal"
printf '#!/bin/sh\necho draft\n' >tool
run "$bindery" put --draft tool --name tool --version 1.0.0 --platform linux/amd64
printf 'FROM scratch\nCOPY tool /tool\n' >Dockerfile.draft
run "$bindery" build --draft tool@1.0.0 -f Dockerfile.draft -t tool:1.0.0 --platform linux/amd64
for name in releases/tool tool; do
    expect_equal "$(curl -s -o problem -w '%{http_code}' "http://$registry/v2/$name/manifests/1.0.0")" 404 "$name"
done
run "$bindery" seal tool@1.0.0
for name in releases/tool tool; do
    expect_equal "$(curl -s -o problem -w '%{http_code}' "http://$registry/v2/$name/manifests/1.0.0")" 200 "$name"
done

if command -v oras >/dev/null; then
    step "oras pulls the release"
    run oras pull --plain-http --platform linux/arm64 -o by-oras "$registry/releases/app:1.2.3"
    run cmp by-oras/app-linux-arm64 app-linux-arm64
fi

if command -v buildah >/dev/null; then
    step "buildah pulls the image"
    require_buildah
    run buildah pull --signature-policy "$BUILDAH_SIGNATURE_POLICY" --tls-verify=false "docker://$registry/app:1.2.3"
    run buildah inspect --type image "$registry/app:1.2.3"
    expect_contains "$output" "$manifest"
fi

if [ "$(id -u)" -eq 0 ] && command -v containerd >/dev/null && command -v ctr >/dev/null; then
    step "containerd pulls all platforms"
    start_containerd
    # shellcheck disable=SC2154 # start_containerd sets it
    run "${ctr[@]}" content fetch --plain-http --all-platforms "$registry/app:1.2.3"
    run "${ctr[@]}" images list
    expect_contains "$output" "$index"
fi

by_another=${E2E_DOCKER_HOST:-}
if start_docker; then
    step "Docker pulls the image"
    [ -n "$by_another" ] || at_exit stop_private_docker
    at_exit "docker image rm $registry/app:1.2.3"
    run docker pull "$registry/app:1.2.3"
    run docker image inspect "$registry/app:1.2.3"
    expect_contains "$output" "$index"
fi

step "the server ends when it is told to"
kill -TERM "$server"
status=0
wait "$server" || status=$?
expect_equal "$status" 0 "the server's status"
expect_equal "$(failures)" "" "the server's log"
