#!/usr/bin/env bash
# What an image or a release consists of, in documents that other tools take: SPDX and CycloneDX.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq python3
python_tools spdx-tools 'cyclonedx-python-lib[json-validation]'

# check FILE…: by what others say of the formats.
check() { python3 "$E2E_ROOT/Tests/EndToEnd/lib/bills.py" "$@"; }
sbom() { "$bindery" sbom "$@"; }

for platform in amd64 arm64; do
    echo "agent for $platform" >"agent-$platform"
    run "$bindery" put "agent-$platform" --name team/agent --version 1.2.3 --platform "linux/$platform" --as agent
done
mkdir -p root/etc/empty
printf 'x\n' >"root/etc/"$'odd \xff name'
printf 'x\n' >root/etc/same
ln root/etc/same root/etc/linked
ln -s same root/etc/symbolic
# shellcheck disable=SC2016
printf 'FROM scratch\nARG TARGETPLATFORM\nCOPY --chmod=755 $TARGETPLATFORM/agent /usr/bin/agent\nENTRYPOINT ["/usr/bin/agent"]\n' >Dockerfile.release
run "$bindery" build team/agent@1.2.3 -f Dockerfile.release -t registry.example/team/agent:1.2.3 --json
digest=$(jq -r .digest <<<"$output")
image=registry.example/team/agent:1.2.3

step "one document for each platform"
expect_status 2 sbom "$image" --format spdx
expect_contains "$errors" "linux/amd64, linux/arm64"
for format in spdx cyclonedx cyclonedx-1.7; do
    run sbom "$image" --format "$format" -o "$format" --json
    expect_equal "$(jq -r '.documents | length' <<<"$output")" 2 "the documents of $format"
    check "$format"/*
done
run ls spdx cyclonedx
expect_contains "$output" linux-amd64.spdx.json
expect_contains "$output" linux-arm64.cdx.json
run sbom "$image" --format cyclonedx --platform linux/arm64 --json
expect_equal "$output" "$(cat cyclonedx/linux-arm64.cdx.json)" "the document on standard output"

step "what they say"
manifest=$("$bindery" audit "$image" --json | jq -r '.platforms[] | select(.platform == "linux/amd64").manifest')
expect_equal "$(jq -r '.metadata.component.hashes[0].content' cyclonedx/linux-amd64.cdx.json)" "${manifest#sha256:}" "the root"
expect_equal "$(jq -c '.components[0] | [.name, .version, .hashes[0].content, .evidence.occurrences[0].location]' cyclonedx/linux-amd64.cdx.json)" \
    "[\"team/agent\",\"1.2.3\",\"$(digest_of agent-amd64 | cut -c8-)\",\"/usr/bin/agent\"]" "the released binary"
expect_equal "$(jq -r '.components[0].purl' cyclonedx/linux-amd64.cdx.json)" \
    "pkg:generic/team/agent@1.2.3?checksum=$(digest_of agent-amd64)" "its package URL"
expect_equal "$(jq -r '.metadata.component.purl' cyclonedx/linux-amd64.cdx.json)" \
    "pkg:oci/agent@sha256%3A${manifest#sha256:}?repository_url=registry.example/team/agent&tag=1.2.3" "the image's"
expect_equal "$(jq -r '.files[0].checksums[] | select(.algorithm == "SHA1").checksumValue' spdx/linux-amd64.spdx.json)" \
    "$(sha1sum agent-amd64 | cut -d' ' -f1)" "SHA-1"
diffid=$("$bindery" audit "$image" --json | jq -r '.platforms[] | select(.platform == "linux/amd64").layers[0].diffID')
expect_equal "$(jq -r '.files[0].comment' spdx/linux-amd64.spdx.json)" "layerID: $diffid" "the layer"

step "the same bytes again, elsewhere and later"
run "$bindery" export team/agent@1.2.3 "$image" -o oci-archive:bundle
run "$bindery" import oci-archive:bundle --store other
TZ=Asia/Tokyo run sbom "$image" --format spdx -o again --store other
cmp spdx/linux-amd64.spdx.json again/linux-amd64.spdx.json
SOURCE_DATE_EPOCH=1700000000 run sbom "$image" --format spdx -o later
expect_equal "$(jq -r .creationInfo.created later/linux-amd64.spdx.json)" 2023-11-14T22:13:20Z "the time"
[ "$(jq .documentNamespace later/linux-amd64.spdx.json)" != "$(jq .documentNamespace spdx/linux-amd64.spdx.json)" ] ||
    fail "two documents have one name"

step "complete is what was seen to be"
expect_equal "$(jq .compositions cyclonedx/linux-amd64.cdx.json)" null "no claim"
run sbom "$image" --format cyclonedx --claim-complete -o complete
expect_equal "$(jq -r '.compositions[0].aggregate' complete/linux-amd64.cdx.json)" complete "the claim"
check complete/*
run "$bindery" copy "$image" oci:layout:1
run sbom rootfs:root --format spdx -o root.spdx.json
check root.spdx.json
expect_equal "$(jq -c '[.files[].fileName]' root.spdx.json)" \
    '["./etc/linked","hex:2f6574632f6f646420ff206e616d65","./etc/same"]' "odd names, and hard links"
expect_status 1 sbom rootfs:root --format spdx --claim-complete
expect_contains "$errors" "its verdict is unknown"

step "a release"
run sbom team/agent@1.2.3 --format spdx -o release.spdx.json
run sbom team/agent@1.2.3 --format cyclonedx -o release.cdx.json
check release.spdx.json release.cdx.json
expect_equal "$(jq -c '[.components[].properties[] | select(.name == "bindery:platform").value]' release.cdx.json)" \
    '["linux/amd64","linux/arm64"]' "its files"
expect_status 5 sbom team/agent@1.2.3 --format spdx --claim-complete
run "$bindery" seal team/agent@1.2.3
run sbom team/agent@1.2.3 --format cyclonedx --claim-complete
expect_equal "$(jq -r '.compositions[0].aggregate' <<<"$output")" complete "a sealed release is complete"
expect_status 3 sbom team/agent@9 --format spdx
expect_status 2 sbom team/agent@1.2.3 --format swid

step "what isn't known for certain has no bill"
python3 - layout "$digest" <<'PYTHON'
import glob, os, sys
largest = max(glob.glob(f"{sys.argv[1]}/blobs/sha256/*"), key=os.path.getsize)
with open(largest, "r+b") as file:
    file.seek(-1, 2)
    file.write(b"!")
PYTHON
expect_status 4 sbom oci:layout:1 --format spdx -o damaged
[ ! -e damaged ] || fail "a bill of a damaged image was written"
