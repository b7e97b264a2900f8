#!/usr/bin/env bash
# Many images in one call: one table, one report, one status, the worst; what was audited is listed; a binary is found in
# each image once; two images, and two releases, are compared by all that counts when they run.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

mkdir dist
for version in 1 2; do
    printf '#!/bin/sh\necho agent %s of this scenario\n' "$version" >dist/agent
    run "$bindery" put dist/agent --name agent --version "$version" --platform any
done
printf 'FROM scratch\nCOPY --chmod=755 agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
for version in 1 2; do
    run "$bindery" build "agent@$version" -t "agent:$version" --platform linux/amd64,linux/arm64
done
# The same files, run in another way.
printf 'FROM scratch\nCOPY --chmod=755 agent /agent\nENV LD_PRELOAD=/evil.so\nENTRYPOINT ["/agent", "-x"]\n' >Preload.release
run "$bindery" build agent@2 -f Preload.release -t agent:preload --platform linux/amd64,linux/arm64
# A file that no release has, under the name of one.
mkdir -p evil
printf '#!/bin/sh\necho another agent\n' >evil/agent
run "$bindery" put evil/agent --name agent --version 666 --platform any --store "$here/elsewhere"
run "$bindery" build agent@666 -t agent:evil --platform linux/amd64 -o oci:evil-layout:1 --store "$here/elsewhere"

step "several images, one of which isn't there"
expect_status 3 "$bindery" audit agent:1 agent:2 gone:1
expect_contains "$output" "not read"
expect_contains "$output" "3 images"
expect_status 1 "$bindery" audit agent:1 oci:evil-layout:1 gone:1 --json
expect_equal "$(jq -r '[.status, (.audits | map(.status | tostring) | join(" "))] | join(": ")' <<<"$output")" "1: 0 1 3" "statuses"
expect_equal "$(jq -r '.audits[0].report.verdict' <<<"$output")" exact "the first report"
jq -e '.audits[2].error | contains("gone")' <<<"$output" >/dev/null || fail "no error of the image that isn't there"

step "every image, and a list"
run "$bindery" audit --every-image --markdown summary.md --sarif all.sarif --junit all.xml
expect_contains "$(head -n 1 summary.md)" "| image | verdict | releases |"
expect_equal "$(jq '.runs | length' all.sarif)" 1 "SARIF runs"
expect_equal "$(jq '[.runs[].results[].partialFingerprints.primaryLocationLineHash] | length == (unique | length)' all.sarif)" true "fingerprints"
printf 'agent:1\n\nagent:2\n' >list
run "$bindery" audit --images-from - --exact <list
expect_contains "$output" "2 images: 2 exact"
run "$bindery" audit agent:1 agent:1
expect_contains "$output" "1 image: 1 exact"
expect_status 2 "$bindery" audit
expect_contains "$errors" "--every-image"

step "artifacts among the images of the store"
jq -cn '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "application/vnd.example.chart",
    config: {mediaType: "application/vnd.oci.empty.v1+json", digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", size: 2},
    layers: []}' | tr -d '\n' >chart.json
mkdir -p chart/blobs/sha256
printf '{}' >chart/blobs/sha256/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
chart=$(sha256sum chart.json | cut -d ' ' -f 1)
cp chart.json "chart/blobs/sha256/$chart"
printf '{"imageLayoutVersion":"1.0.0"}' >chart/oci-layout
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s}]}' \
    "$chart" "$(stat -c %s chart.json)" >chart/index.json
run "$bindery" init --store charts
run "$bindery" import oci:chart -t chart:1 --store charts
expect_status 2 "$bindery" audit --every-image --store charts
expect_contains "$errors" "only artifacts"
run "$bindery" put evil/agent --name agent --version 666 --platform any --store charts
run "$bindery" import oci:evil-layout:1 -t evil:1 --store charts
run "$bindery" audit --every-image --store charts
expect_contains "$output" "1 image: 1 exact"
expect_contains "$output" "passed over: 1 artifact that no engine runs"
run "$bindery" audit --every-image --json --store charts
expect_equal "$(jq '[.artifacts, (.audits | length)] | join(" ")' <<<"$output")" '"1 1"' "artifacts and images"
expect_status 2 "$bindery" audit chart:1 evil:1 --json --store charts
expect_equal "$(jq '.audits[0].error != null' <<<"$output")" true "an artifact that was named"

step "what was audited"
run "$bindery" audits --verdict exact --json
expect_equal "$(jq '.audits | length' <<<"$output")" 3 "exact images"
run "$bindery" audits --release agent@2 --csv
expect_contains "$output" "agent:2"
expect_lacks "$output" "agent:1,"
run "$bindery" audits --markdown
run "$bindery" audits --since 2020-01-01 --verdict damaged
expect_status 2 "$bindery" audits --csv --markdown

step "where: an image once, short digests, patterns, removed releases"
run "$bindery" where agent@2 --json
expect_equal "$(jq '[(.found | length), (.byImage | length)] | join(" ")' <<<"$output")" '"4 2"' "paths and images"
digest=$("$bindery" show agent@2 --json | jq -r '.artifacts[0].digest')
run "$bindery" where "${digest:7:7}"
run "$bindery" where "${digest:0:20}"
expect_status 3 "$bindery" where 0123456789ab
run "$bindery" where 'agent@*'
expect_contains "$output" "in 3 of"
expect_status 3 "$bindery" where 'nothing@*'
run "$bindery" rm agent@1 --force --reason 'wrong branch'
run "$bindery" where agent@1
expect_contains "$output" "wrong branch"
expect_contains "$output" "agent:1"

step "diff sees what runs"
expect_status 1 "$bindery" diff agent:2 agent:preload
expect_contains "$output" "Env LD_PRELOAD: not set → /evil.so"
expect_contains "$output" 'Entrypoint: ["/agent"] → ["/agent","-x"]'
expect_status 1 "$bindery" diff agent:2 oci:evil-layout:1
expect_contains "$output" "changed /agent: agent 2 → unknown file"
run "$bindery" diff agent:2 agent:2 --json
expect_equal "$(jq '[.settings, .files] | flatten | length' <<<"$output")" 0 "differences of an image with itself"
run "$bindery" put dist/agent --name agent --version 3 --platform any
run "$bindery" diff agent@2 agent@3
cp /bin/true dist/agent
run "$bindery" put dist/agent --name agent --version 4 --platform any
expect_status 1 "$bindery" diff agent@3 agent@4
expect_contains "$output" "changed agent"
expect_status 2 "$bindery" diff agent@2 agent:2

step "a tag that moves is told"
run "$bindery" tag agent:2 agent:stable
run "$bindery" tag agent:preload agent:stable
expect_contains "$errors" "agent:stable moved from sha256:"

step "status"
# agent:1 has the program of agent@1, which was removed.
expect_status 1 "$bindery" status --prometheus bindery.prom
expect_contains "$output" "refused     1 image: "
grep -q '^bindery_images 3$' bindery.prom || fail "$(cat bindery.prom)"
