#!/usr/bin/env bash
# `build --attest docker`: unsigned provenance and bills of materials in the image's own index, in BuildKit's form, with a
# digest that depends on the image's inputs alone; engines pull the image as before.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq skopeo
python_tools spdx-tools

for platform in amd64 arm64; do
    printf '#!/bin/sh\necho %s\n' "$platform" >"agent-$platform"
    run "$bindery" put "agent-$platform" --name team/agent --version 1.2.3 --platform "linux/$platform" --as agent
done
# shellcheck disable=SC2016
printf 'FROM scratch\nARG TARGETPLATFORM\nCOPY --chmod=755 $TARGETPLATFORM/agent /usr/bin/agent\nENTRYPOINT ["/usr/bin/agent"]\n' >Dockerfile.release
build() { "$bindery" build team/agent@1.2.3 "$@"; }

step "beside each platform, for no platform"
run build -t agent:plain --json
plain=$(jq -r .digest <<<"$output")
run build --attest docker -t agent:1.2.3 --epoch 1700000000 --json
digest=$(jq -r .digest <<<"$output")
run "$bindery" copy agent:1.2.3 oci:layout:1
blob() { cat "layout/blobs/sha256/${1#sha256:}"; }
blob "$digest" >index.json
expect_equal "$(jq -c '[.manifests[].platform | .os + "/" + .architecture]' index.json)" \
    '["linux/amd64","linux/arm64","unknown/unknown","unknown/unknown"]' "the platforms"
for number in 0 1; do
    subject=$(jq -r ".manifests[$number].digest" index.json)
    expect_equal "$(jq -c ".manifests[$((number + 2))].annotations" index.json)" \
        "{\"vnd.docker.reference.digest\":\"$subject\",\"vnd.docker.reference.type\":\"attestation-manifest\"}" "the annotations"
    blob "$(jq -r ".manifests[$((number + 2))].digest" index.json)" >attestation.json
    expect_equal "$(jq -r '[.artifactType, .subject.digest, .config.mediaType] | @tsv' attestation.json)" \
        "application/vnd.docker.attestation.manifest.v1+json	$subject	application/vnd.oci.empty.v1+json" "the manifest"
    expect_equal "$(jq -c '[.layers[] | [.mediaType, .annotations["in-toto.io/predicate-type"]]]' attestation.json)" \
        '[["application/vnd.in-toto+json","https://slsa.dev/provenance/v1"],["application/vnd.in-toto+json","https://spdx.dev/Document"]]' \
        "its layers"
    for layer in 0 1; do
        blob "$(jq -r ".layers[$layer].digest" attestation.json)" >"statement-$layer.json"
        expect_equal "$(jq -r '._type + " sha256:" + .subject[0].digest.sha256' "statement-$layer.json")" \
            "https://in-toto.io/Statement/v1 $subject" "the subject"
        expect_equal "$(jq -r .predicateType "statement-$layer.json")" \
            "$(jq -r ".layers[$layer].annotations[\"in-toto.io/predicate-type\"]" attestation.json)" "the predicate's type"
    done
    jq .predicate statement-1.json >bill.spdx.json
    run python3 "$E2E_HERE/lib/bills.py" bill.spdx.json
    expect_equal "$(jq -r '.packages[1].name + " " + .packages[1].versionInfo' bill.spdx.json)" "team/agent 1.2.3" "the bill"
    expect_equal "$(jq -r '.predicate.buildDefinition.resolvedDependencies | map(.name) | join(" ")' statement-0.json)" \
        "Dockerfile.release team/agent@1.2.3/linux/amd64/agent team/agent@1.2.3/linux/arm64/agent" "what it was made of"
done

step "the same from another store, with other releases and names, elsewhere and later"
export BINDERY_STORE=$PWD/other
run "$bindery" put agent-amd64 --name another/copy --version 9.0.0 --platform linux/amd64
for platform in arm64 amd64; do
    run "$bindery" put "agent-$platform" --name team/agent --version 1.2.3 --platform "linux/$platform" --as agent
done
mkdir -p elsewhere && cp Dockerfile.release elsewhere/
TZ=Asia/Tokyo run build --attest docker -f elsewhere/Dockerfile.release -t registry.example/another:name --epoch 1700000000 --json
expect_equal "$(jq -r .digest <<<"$output")" "$digest" "the digest"
BINDERY_STORE=$here/store
run build --check oci:layout:1 --attest docker --epoch 1700000000
expect_status 1 build --check oci:layout:1 --epoch 1700000000
expect_contains "$output" "the index has 2 manifests here, 4 there"
run build --attest=docker -t agent:1.2.3 --epoch 1700000000 --builder-id https://ci.example/builder --json
[ "$(jq -r .digest <<<"$output")" != "$digest" ] || fail "the builder isn't in the provenance"
run build -t agent:again --json
expect_equal "$(jq -r .digest <<<"$output")" "$plain" "an image without attestations"
expect_status 2 build --attest docker --draft -t agent:draft

step "the audit passes them over"
run "$bindery" audit oci:layout:1 --exact --json
expect_equal "$(jq -r .attestations <<<"$output")" 2 "the attestations"

step "carried by a bundle, and whole in every copy"
run "$bindery" tag "agent@$digest" agent:kept
run "$bindery" export agent:kept -o oci-archive:bundle
run "$bindery" import oci-archive:bundle --store third
run "$bindery" copy agent:kept oci:third-layout:1 --store third
expect_equal "$(jq -r '.manifests[0].digest' third-layout/index.json)" "$digest" "the digest"
run skopeo copy -q --all oci:layout:1 oci:skopeo:1
expect_equal "$(jq -r '.manifests[0].digest' skopeo/index.json)" "$digest" "skopeo's copy"

step "engines pull it"
start_registry
# shellcheck disable=SC2154 # start_registry sets it
run "$bindery" copy oci:layout:1 "docker://$registry/agent:1"
run skopeo copy -q --src-tls-verify=false "docker://$registry/agent:1" dir:pulled
if [ "$(id -u)" -eq 0 ] && command -v containerd >/dev/null && command -v ctr >/dev/null; then
    start_containerd
    # shellcheck disable=SC2154 # start_containerd sets it
    run "${ctr[@]}" content fetch --plain-http --all-platforms "$registry/agent:1"
    run "${ctr[@]}" images pull --plain-http --platform linux/amd64 --snapshotter native "$registry/agent:1"
fi
by_another=${E2E_DOCKER_HOST:-}
if start_docker; then
    [ -n "$by_another" ] || at_exit stop_private_docker
    at_exit "docker image rm $registry/agent:1"
    run docker pull "$registry/agent:1"
    run docker image inspect "$registry/agent:1"
    expect_contains "$output" "$digest"
fi
