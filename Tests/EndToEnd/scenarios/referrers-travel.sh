#!/usr/bin/env bash
# What is said of an image goes where the image goes, as manifests that refer to it, and stays behind where that is asked.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
start_registry
# shellcheck disable=SC2154 # start_registry sets it
base=http://$registry/v2

for platform in amd64 arm64; do
    echo "agent for $platform" >"agent-$platform"
    run "$bindery" put "agent-$platform" --name team/agent --version 1.2.3 --platform "linux/$platform" --as agent
done
# shellcheck disable=SC2016
printf 'FROM scratch\nARG TARGETPLATFORM\nCOPY --chmod=755 $TARGETPLATFORM/agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
for role in builder release; do run "$bindery" key generate "$role.key" --role "$role"; done
run "$bindery" seal team/agent@1.2.3 --key release.key
run "$bindery" build team/agent@1.2.3 -f Dockerfile.release -t team/agent:1.2.3 --attest --key builder.key \
    -o oci:layout:1.2.3 --json
digest=$(jq -r .digest <<<"$output")

# subjects LAYOUT: how many entries refer to each manifest.
subjects() {
    jq -r '.manifests[].digest' "$1/index.json" |
        while IFS=: read -r _ hex; do jq -r '.subject.digest // empty' "$1/blobs/sha256/$hex"; done |
        sort | uniq -c | awk '{print $1, $2}'
}

step "a layout has the statements about the index and about each platform's manifest"
mapfile -t manifests < <(jq -r '.manifests[].digest' "layout/blobs/sha256/${digest#sha256:}")
expect_equal "$(subjects layout)" "$(printf '2 %s\n' "$digest" "${manifests[@]}" | sort -k2)" "two statements each"
entry=$(jq -c '[.manifests[] | select(.artifactType)][0]' layout/index.json)
expect_equal "$(jq -r .artifactType <<<"$entry")" application/vnd.dev.sigstore.bundle.v0.3+json "the type"
manifest=layout/blobs/sha256/$(jq -r .digest <<<"$entry" | cut -d: -f2)
expect_equal "$(jq -c '[.config.mediaType, (.layers | length), .layers[0].mediaType, .annotations["dev.sigstore.bundle.content"]]' "$manifest")" \
    '["application/vnd.oci.empty.v1+json",1,"application/vnd.dev.sigstore.bundle.v0.3+json","dsse-envelope"]' "what cosign attaches"
expect_equal "$(jq -r .subject.size "$manifest")" \
    "$(stat -c %s "layout/blobs/sha256/$(jq -r .subject.digest "$manifest" | cut -d: -f2)")" "the subject's size"
run "$bindery" audit oci:layout
run "$bindery" copy oci:layout oci-archive:whole.oci
run "$bindery" copy oci-archive:whole.oci oci:again
expect_equal "$(subjects again)" "$(subjects layout)" "through an archive"
run "$bindery" copy team/agent:1.2.3 oci:bare:1.2.3 --no-referrers
expect_equal "$(jq '.manifests | length' bare/index.json)" 1 "left behind"
run "$bindery" copy team/agent:1.2.3 docker-archive:agent.tar

# list REPOSITORY SUBJECT: what the tag says that stands for the list of referrers, into list.json.
list() {
    curl -fsS -H 'Accept: application/vnd.oci.image.index.v1+json' "$base/$1/manifests/${2/:/-}" >list.json
}

step "a registry without the list of referrers gets the tag"
run "$bindery" copy team/agent:1.2.3 "docker://$registry/team/agent:1.2.3"
for subject in "$digest" "${manifests[@]}"; do
    list team/agent "$subject"
    expect_equal "$(jq -c '[.mediaType, (.manifests | length), .manifests[0].artifactType]' list.json)" \
        '["application/vnd.oci.image.index.v1+json",2,"application/vnd.dev.sigstore.bundle.v0.3+json"]' "the list of $subject"
done
run "$bindery" copy team/agent:1.2.3 "docker://$registry/team/agent:again"
list team/agent "$digest"
expect_equal "$(jq '.manifests | length' list.json)" 2 "attached once"
run "$bindery" copy "docker://$registry/team/agent:1.2.3" oci:pulled:1.2.3
expect_equal "$(subjects pulled)" "$(subjects layout)" "pulled"

step "another's referrer, and what refers to it, travels unchanged"
# attach SUBJECT TYPE: adds a manifest to the registry, and to the tag of its subject; prints its digest.
attach() {
    python3 - "$base/team/agent" "$1" "$2" <<'PYTHON'
import hashlib, json, sys, urllib.request
base, subject, kind = sys.argv[1:]
index = "application/vnd.oci.image.index.v1+json"
types = f"{index}, application/vnd.oci.image.manifest.v1+json"
def call(path, method="GET", data=None, type=None):
    url = path if path.startswith("http") else base + path
    headers = {"Accept": types} | ({"Content-Type": type} if type else {})
    return urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method))
def blob(data):
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    place = call("/blobs/uploads/", "POST", b"").headers["Location"]
    call(place + ("&" if "?" in place else "?") + "digest=" + digest, "PUT", data, "application/octet-stream")
    return {"digest": digest, "size": len(data)}
with call(f"/manifests/{subject}") as answer:
    data = answer.read()
    about = {"mediaType": answer.headers["Content-Type"], "digest": subject, "size": len(data)}
manifest = json.dumps({
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": kind,
    "config": {"mediaType": "application/vnd.oci.empty.v1+json"} | blob(b"{}"),
    "layers": [{"mediaType": "application/jose+json"} | blob(b"a signature of " + kind.encode())],
    "subject": about, "extra": "kept"}, indent=2).encode()
digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
call(f"/manifests/{digest}", "PUT", manifest, "application/vnd.oci.image.manifest.v1+json")
tag = "/manifests/" + subject.replace(":", "-")
try: listed = json.load(call(tag))
except urllib.error.HTTPError: listed = {"schemaVersion": 2, "mediaType": index, "manifests": []}
listed["manifests"].append({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest,
                            "size": len(manifest), "artifactType": kind})
call(tag, "PUT", json.dumps(listed).encode(), index)
print(digest)
PYTHON
}
signature=$(attach "$digest" application/vnd.example.signature)
stamp=$(attach "$signature" application/vnd.example.timestamp)
run "$bindery" copy "docker://$registry/team/agent:1.2.3" oci:theirs:1.2.3
for one in "$signature" "$stamp"; do
    expect_equal "$(sha256sum <"theirs/blobs/sha256/${one#sha256:}" | cut -c1-64)" "${one#sha256:}" "its bytes"
done
expect_contains "$(subjects theirs)" "3 $digest"
expect_contains "$(subjects theirs)" "1 $signature"
run "$bindery" copy oci:theirs:1.2.3 "docker://$registry/other/agent:1.2.3"
list other/agent "$signature"
expect_equal "$(jq -r '.manifests[0].digest' list.json)" "$stamp" "to another repository"

step "what cosign 2 attaches by a tag travels by that tag"
tag=${digest/:/-}.sig
run "$bindery" copy oci:bare:1.2.3 "docker://$registry/signed/agent:1.2.3"
# A manifest that names no subject, or, as here, another one.
run "$bindery" copy "docker://$registry/team/agent@$stamp" "docker://$registry/signed/agent:$tag" --no-referrers
run "$bindery" import "docker://$registry/signed/agent:1.2.3" -t signed:1 --store tagged
run "$bindery" export signed:1 -o oci-archive:signed.bundle --store tagged
run "$bindery" verify-bundle signed.bundle --json
expect_equal "$(jq -c '.parts[0].referrers' <<<"$output")" "[\"$stamp\"]" "in the bundle"
run "$bindery" import oci-archive:signed.bundle --store untagged --no-referrers
run "$bindery" copy signed:1 oci:untagged-copy:1 --store untagged
expect_equal "$(jq '.manifests | length' untagged-copy/index.json)" 1 "left behind"
run "$bindery" import oci-archive:signed.bundle --store retagged
run "$bindery" copy signed:1 "docker://$registry/signed-again/agent:1" --store retagged
expect_equal "$(curl -fsS -o /dev/null -w '%header{docker-content-digest}' -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "$base/signed-again/agent/manifests/$tag")" "$stamp" "under the tag"
expect_status 2 "$bindery" export team/agent:1.2.3 -o oci:none --no-proofs --no-referrers

run "$bindery" copy team/agent@1.2.3 oci:release
step "another store keeps them with the image, and its audits count them"
export BINDERY_STORE=$here/another
run "$bindery" import "docker://$registry/team/agent:1.2.3" -t theirs:1
expect_equal "$("$bindery" images --json | jq '.images | length')" 1 "no image but the one"
run "$bindery" attestations theirs:1
expect_contains "$output" "not trusted"
run "$bindery" copy theirs:1 oci:onward:1
expect_equal "$(subjects onward)" "$(subjects theirs)" "from store to store"
run "$bindery" export theirs:1 -o oci-archive:theirs.bundle
run "$bindery" import oci-archive:theirs.bundle --store carried
run "$bindery" copy theirs:1 oci:carried-on:1 --store carried
expect_equal "$(subjects carried-on)" "$(subjects theirs)" "by a bundle"
run "$bindery" import oci:release
expect_status 1 "$bindery" audit theirs:1 --require-attestation containment
run "$bindery" audit theirs:1 --require-attestation containment --trust builder.key.pub
run "$bindery" rm theirs:1
run "$bindery" gc --grace 0
expect_equal "$(find another/blobs -type f | wc -l)" 2 "the release's files are left"
export BINDERY_STORE=$here/store

step "a sealed release's statement goes with it"
run "$bindery" copy team/agent@1.2.3 oci:release
expect_equal "$(subjects release)" "1 ${output%% *}" "one"
run "$bindery" import oci:release --store other
run "$bindery" export team/agent@1.2.3 -o oci-archive:statement.bundle --store other
run "$bindery" verify-bundle statement.bundle --json
expect_equal "$(jq -c '.parts[0] | has("referrers")' <<<"$output")" false "a statement that a store makes again is not a referrer"
run "$bindery" copy team/agent@1.2.3 "docker://$registry/releases/agent:1.2.3"
run "$bindery" import "docker://$registry/releases/agent:1.2.3" --store third

step "what can't travel is named"
mapfile -t entries < <(jq -r '.manifests[] | select(.artifactType).digest' layout/index.json | cut -d: -f2)
rm "layout/blobs/sha256/${entries[0]}"
run "$bindery" copy oci:layout:1.2.3 oci:part:1.2.3
expect_contains "$errors" "left behind: the referrer sha256:${entries[0]:0:12}"
expect_equal "$(jq '.manifests | length' part/index.json)" "${#entries[@]}" "the others"
rm "layout/blobs/sha256/$(jq -r '.layers[0].digest' "layout/blobs/sha256/${entries[1]}" | cut -d: -f2)"
expect_status 3 "$bindery" copy oci:layout:1.2.3 oci:lost:1.2.3
expect_equal "$(jq '.manifests | length' lost/index.json 2>/dev/null)" "" "nothing counts of a copy that failed"
run "$bindery" copy oci:layout:1.2.3 oci:lost:1.2.3 --no-referrers
expect_status 2 "$bindery" build team/agent@1.2.3 -f Dockerfile.release --no-referrers
