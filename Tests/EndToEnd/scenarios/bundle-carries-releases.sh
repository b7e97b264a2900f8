#!/usr/bin/env bash
# A bundle carries releases and images to another store: skopeo and oras take it, the second store builds the same digest,
# a second import changes nothing, a killed one goes on, and one that was tampered with is refused.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq skopeo python3 strace
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")
release=ruff@$version
put_release ruff "$version" "$amd64" "$arm64" --annotation org.opencontainers.image.revision=4a5e1e
head -c 500000 /dev/urandom >ca.pem
run "$bindery" put ca.pem --name team/ca --version 2026.11 --platform any --mode 640
printf 'FROM scratch\nCOPY ca.pem /etc/ca.pem\n' >base.Dockerfile
run "$bindery" build team/ca@2026.11 -f base.Dockerfile -t base:1 --platform linux/amd64,linux/arm64
{ echo 'FROM base:1' && release_file ruff | tail -n +2; } >Dockerfile.release
image=registry.example/team/ruff:v$version
run "$bindery" build "$release" -f Dockerfile.release -t "$image" --json
digest=$(jq -r .digest <<<"$output")

step "export: a directory and an archive, the same whatever the order and the umask"
run "$bindery" export "$release" team/ca@2026.11 "$image" -o oci:bundle
expect_contains "$output" "base:1"
run "$bindery" export "$release" team/ca@2026.11 "$image" -o oci-archive:bundle.tar
(umask 077 && run "$bindery" export "$image" team/ca@2026.11 "$release" "$image" -o oci-archive:again.tar)
expect_equal "$(digest_of again.tar)" "$(digest_of bundle.tar)" "the archive of another order"
mkdir unpacked && tar -xf bundle.tar -C unpacked
run diff -r bundle unpacked
expect_status 3 "$bindery" export ruff@0.0.0 -o oci:nothing
expect_contains "$errors" "ruff@0.0.0 is not in the store"
expect_status 2 "$bindery" export "$release" -o docker-archive:nothing.tar
expect_status 2 "$bindery" export "$release" -o oci:bundle:tag

step "skopeo inspects it, and copies it with its digests"
run skopeo inspect --raw "oci:bundle:$release"
expect_equal "$(jq -r .artifactType <<<"$output")" application/vnd.dev.bindery.release.v1 "the artifact type"
mkdir copied
for part in $(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' bundle/index.json); do
    run skopeo copy --insecure-policy --preserve-digests --all "oci-archive:bundle.tar:$part" "oci:copied:$part"
done
expect_equal "$(jq -c '[.manifests[].digest] | sort' copied/index.json)" \
    "$(jq -c '[.manifests[].digest] | sort' bundle/index.json)" "the parts' digests after skopeo copy"

# events STORE: how many there are.
events() { "$bindery" log --store "$1" --limit 1000 --json | jq '.events | length'; }
# whole STORE: what was carried is there, and builds the same.
whole() {
    run "$bindery" verify --store "$1"
    expect_contains "$output" "all is well"
    run "$bindery" build "$release" --store "$1" -f Dockerfile.release --json
    expect_equal "$(jq -r .digest <<<"$output")" "$digest" "the digest of the build in $1"
}

step "import into another store, from an archive, a directory, a pipe, and what skopeo copied"
for source in oci-archive:bundle.tar oci:bundle oci-archive:- oci:copied; do
    store=$here/by-${source//[^a-z]/}
    run "$bindery" import "$source" --store "$store" --json <bundle.tar
    expect_equal "$(jq '[.artifacts[] | select(.new)] | length' <<<"$output")" 3 "the new artifacts of $source"
    whole "$store"
done
second=$here/by-ociarchivebundletar
run "$bindery" show "$release" --store "$second" --json
expect_equal "$(jq -r '.artifacts[].annotations["org.opencontainers.image.revision"]' <<<"$output" | uniq)" 4a5e1e "the annotation"
run "$bindery" show team/ca@2026.11 --store "$second" --json
expect_equal "$(jq -r '.artifacts[0] | .mode + " " + .fileName' <<<"$output")" "0640 ca.pem" "mode and name"
run "$bindery" get "$release" --platform linux/arm64 --store "$second" -o back
expect_equal "$(digest_of back)" "$(digest_of "$arm64")" "the binary that was carried"
run "$bindery" log --store "$second" --limit 1000 --json
expect_equal "$(jq -r '.events[].event.source' <<<"$output" | sort -u | sed -n 1p)" oci-archive:bundle.tar "the source in the log"
run "$bindery" show "$image" --store "$second"
expect_contains "$output" "ruff $version linux/amd64"
expect_status 5 "$bindery" rm "$release" --store "$second"
expect_contains "$errors" "held by the image"

step "the second time nothing changes, and the first store's own bundle changes nothing either"
before=$(events "$second")
run "$bindery" import oci:bundle --store "$second" --json
expect_equal "$(jq -c '[.blobsCopied, any(.artifacts[]; .new), any(.images[]; .new)]' <<<"$output")" "[0,false,false]" "what changed"
expect_equal "$(events "$second")" "$before" "the events after the second import"
run "$bindery" export "$release" team/ca@2026.11 "$image" --store "$second" -o oci-archive:back.tar
expect_equal "$(digest_of back.tar)" "$(digest_of bundle.tar)" "the bundle of the second store"

step "an import that is killed goes on where it was"
killed=$here/killed
expect_status 137 bash -c "strace -f -qq -o /dev/null -e trace=linkat -e inject=linkat:signal=KILL:when=5 \
    '$bindery' import oci:bundle --store '$killed'; exit \$?"
run "$bindery" ls --store "$killed"
expect_lacks "$output" ruff
run strace -f -qq -o reads -e trace=openat "$bindery" import oci:bundle --store "$killed" --json
[ "$(jq .blobsPresent <<<"$output")" -gt 0 ] || fail "nothing of the killed import was taken up"
present=$(find "$killed/blobs/sha256" -type f -printf '%f\n' | while read -r blob; do
    grep -q "bundle/blobs/sha256/$blob" reads || echo "$blob"
done | wc -l)
[ "$present" -gt 0 ] || fail "every blob was read from the bundle again"
whole "$killed"

step "a release with other bytes is a conflict, and nothing comes in"
other=$here/other
printf 'other bytes' >other.pem
run "$bindery" put other.pem --name team/ca --version 2026.11 --platform any --store "$other"
expect_status 5 "$bindery" import oci-archive:bundle.tar --store "$other"
expect_contains "$errors" "team/ca 2026.11 any is already released with other bytes"
run "$bindery" rm team/ca@2026.11 --store "$other"
expect_status 5 "$bindery" import oci-archive:bundle.tar --store "$other"
expect_contains "$errors" "its key is closed for other bytes"
expect_equal "$("$bindery" images --store "$other" --json | jq '.images | length')" 0 "images after a conflict"
expect_equal "$(find "$other/blobs" -type f | wc -l)" 1 "blobs after a conflict"

step "a bundle that was tampered with is refused: what, and where"
# refused NAME TEXT…: import of the directory NAME ends with status 4 and names all TEXTs; the store stays empty.
refused() {
    local text
    expect_status 4 "$bindery" import "$1" --store "$here/clean"
    for text in "${@:2}"; do expect_contains "$errors" "$text"; done
    expect_equal "$("$bindery" ls --store "$here/clean" --json | jq '.releases | length')" 0 "releases after a refusal"
    run "$bindery" verify --store "$here/clean"
}
binary=$(digest_of "$arm64")
run "$bindery" init --store "$here/clean"
cp -r bundle bytes && change_a_byte "bytes/blobs/sha256/${binary#sha256:}"
refused oci:bytes "$binary" "$release in oci:bytes" "not the bytes its name promises"
cp -r bundle missing && rm "missing/blobs/sha256/${binary#sha256:}"
refused oci:missing "$binary" "$release in oci:missing" "there is no blob"
cp -r bundle short && truncate -s 1000 "short/blobs/sha256/${binary#sha256:}"
refused oci:short "$binary" "has 1000 bytes where"
cp -r bundle document
root=$(jq -r --arg name "$release" '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $name) | .digest' bundle/index.json)
echo >>"document/blobs/sha256/${root#sha256:}"
refused oci:document "$release in oci:document" "where"
# tamper DIRECTORY FILTER: changes the release's index by a jq filter, under its new digest.
tamper() {
    cp -r bundle "$1"
    jq -cj "$2" "bundle/blobs/sha256/${root#sha256:}" >changed
    local changed
    changed=$(digest_of changed)
    cp changed "$1/blobs/sha256/${changed#sha256:}"
    jq -c --arg old "$root" --arg new "$changed" --argjson size "$(stat -c %s changed)" \
        '(.manifests[] | select(.digest == $old)) |= (.digest = $new | .size = $size)' bundle/index.json >"$1/index.json"
}
tamper type '.artifactType = "application/vnd.example.v1"'
refused oci:type "$release in oci:type" "application/vnd.example.v1"
tamper lying '.manifests[0].size += 1'
refused oci:lying "$release in oci:lying" "where"
tamper version '.annotations["org.opencontainers.image.version"] = "0.0.1"'
refused oci:version "$release in oci:version" "another release"
tamper fewer 'del(.manifests[1].platform)'
refused oci:fewer "$release in oci:fewer" "isn't the platform"
tamper extra '.x = "y"'
refused oci:extra "$release in oci:extra" "docs/bundle-format.md"
for trick in ../escape /absolute; do
    cp bundle.tar trick.tar
    python3 - "$trick" <<'PYTHON'
import io, sys, tarfile
with tarfile.open("trick.tar", "a") as archive:
    entry = tarfile.TarInfo("x")
    entry.name = sys.argv[1]
    archive.addfile(entry, io.BytesIO(b""))
PYTHON
    refused oci-archive:trick.tar "the entry '$trick'" "leads out of the archive"
done
cp bundle.tar link.tar
ln -s /etc/passwd link && tar -rf link.tar link
refused oci-archive:link.tar "the entry 'link'" "an image layout has nothing else"
head -c 1000000 bundle.tar >cut.tar
refused oci-archive:cut.tar "cut.tar"
expect_status 3 "$bindery" import oci:bundle:nobody --store "$here/clean"
expect_contains "$errors" "nobody"

step "an image's config tells of its layers"
image_index=$(jq -r --arg name "$image" '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $name) | .digest' bundle/index.json)
cp -r bundle layers
python3 - layers "${image_index#sha256:}" <<'PYTHON'
import hashlib, json, sys
directory, name = sys.argv[1:]

def put(document):
    data = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    digest = hashlib.sha256(data).hexdigest()
    open(f"{directory}/blobs/sha256/{digest}", "wb").write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}

index = json.load(open(f"{directory}/blobs/sha256/{name}"))
manifest = json.load(open(f"{directory}/blobs/sha256/{index['manifests'][0]['digest'][7:]}"))
manifest["layers"].pop()
index["manifests"][0].update(put(manifest))
top = json.load(open(f"{directory}/index.json"))
for part in top["manifests"]:
    if part["digest"] == "sha256:" + name:
        part.update(put(index))
json.dump(top, open(f"{directory}/index.json", "w"))
PYTHON
refused oci:layers "$image in oci:layers" "diff_ids"
expect_status 4 "$bindery" import "oci:layers:$image" -t broken:1 --store "$here/clean"
expect_contains "$errors" "diff_ids"
expect_equal "$("$bindery" images --store "$here/clean" --json | jq '.images | length')" 0 "images after a refusal"
expect_status 2 "$bindery" import "oci:bundle:$release" -t release:1 --store "$here/clean"

step "rm takes the image's name, and then nothing holds the release"
run "$bindery" rm "$image" --store "$second"
expect_status 3 "$bindery" export "$image" --store "$second" -o oci:nothing
expect_status 3 "$bindery" rm "$image" --store "$second"
run "$bindery" rm "$release" --store "$second"
run "$bindery" import oci-archive:bundle.tar --store "$second"
run "$bindery" verify --store "$second"

step "verify --repair takes lost bytes from a bundle"
rm -f "$second/blobs/sha256/${binary#sha256:}"
expect_status 4 "$bindery" verify --store "$second"
run "$bindery" verify --repair --from oci-archive:bundle.tar --store "$second"
expect_contains "$output" "from oci-archive:bundle.tar"
run "$bindery" verify --store "$second"

step "oras pulls the binaries from a registry that skopeo copied the release to"
python_tools oras
start_registry
# shellcheck disable=SC2154 # registry: set by start_registry
run skopeo copy --insecure-policy --preserve-digests --all --dest-tls-verify=false "oci:bundle:$release" \
    "docker://$registry/ruff:$version"
run "$bindery" copy "$release" "docker://$registry/direct:$version"
expect_equal "${output%% *}" "$root" "the digest of the release that was pushed"
expect_status 2 "$bindery" copy "$release" "docker-archive:release.tar"
expect_status 2 "$bindery" copy "$release" "image:1"
run skopeo inspect --raw --tls-verify=false "docker://$registry/direct:$version"
expect_equal "$(jq -r .artifactType <<<"$output")" application/vnd.dev.bindery.release.v1 "the artifact type in the registry"
run skopeo inspect --raw --tls-verify=false "docker://$registry/ruff:$version"
for arch in amd64 arm64; do
    manifest=$(jq -r --arg arch "$arch" '.manifests[] | select(.platform.architecture == $arch) | .digest' <<<"$output")
    python3 - "$registry/ruff@$manifest" <<'PYTHON'
import sys
from oras.client import OrasClient
print(OrasClient(hostname=sys.argv[1].split("/")[0], insecure=True).pull(target=sys.argv[1], outdir="pulled"))
PYTHON
    expect_equal "$(digest_of "pulled/ruff-linux-$arch")" "$(digest_of "${!arch}")" "what oras pulled for $arch"
done
