#!/usr/bin/env bash
# A release of a program and the files beside it: put from a directory, each file immutable, carried to another store.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo

step "a directory is put, each file under its path"
mkdir -p release/docker release/share
cp "$monitor_amd64" release/tool
printf '#!/bin/sh\nexec tool "$@"\n' >release/docker/entrypoint.sh
chmod 755 release/docker/entrypoint.sh
echo MIT >release/LICENSE
for number in $(seq 1000); do echo "$number" >"release/share/$number"; done
put=(put release --name tool --version 1.2.3)
run "$bindery" "${put[@]}" --dry-run --json
expect_equal "$(jq '.files | length' <<<"$output")" 1003 "files in the preview"
[ ! -e "$BINDERY_STORE" ] || fail "--dry-run made a store"
run "$bindery" "${put[@]}" --json
expect_equal "$(jq -r '.artifacts[].artifact | select(.file == "tool") | .platform' <<<"$output")" linux/amd64 "the program"
expect_equal "$(jq -r '.artifacts[].artifact | select(.file == "docker/entrypoint.sh") | .mode' <<<"$output")" 0755 "its mode"
run "$bindery" "${put[@]}" --json
expect_equal "$(jq '[.artifacts[] | select(.new)] | length' <<<"$output")" 0 "files that are new the second time"

step "each of them is immutable"
echo changed >changed
expect_status 5 "$bindery" put changed --as LICENSE --name tool --version 1.2.3 --platform any
expect_contains "$errors" LICENSE
expect_status 5 "$bindery" put release/LICENSE --as LICENSE --mode 0600 --name tool --version 1.2.3 --platform any
expect_contains "$errors" 0600
run "$bindery" put release/docker/entrypoint.sh --as start.sh --name tool --version 1.2.3 --platform any
ln -s LICENSE release/COPYING
expect_status 2 "$bindery" "${put[@]}"
expect_contains "$errors" release/COPYING

step "get gives the program, or the file that is named"
run "$bindery" get tool@1.2.3 --platform linux/amd64 -o got
expect_equal "$(digest_of got)" "$(digest_of "$monitor_amd64")" "the program"
run "$bindery" get tool@1.2.3 --file LICENSE -o got
expect_equal "$(cat got)" MIT "the license"
run "$bindery" get tool@1.2.3 --all -o all
expect_equal "$(digest_of all/linux/amd64/tool)" "$(digest_of "$monitor_amd64")" "the program by its platform"
expect_equal "$(cat all/share/1000)" 1000 "a file for any platform"

step "a bundle carries it, and skopeo copies it without changing a byte"
run "$bindery" export tool@1.2.3 -o oci:bundle
root=$(jq -r '.manifests[0].digest' bundle/index.json)
expect_equal "$(jq -r .artifactType "bundle/blobs/sha256/${root#*:}")" application/vnd.dev.bindery.release.v2 "the document"
run skopeo copy --insecure-policy --preserve-digests --all oci:bundle:tool@1.2.3 oci:copied:tool@1.2.3
expect_equal "$(jq -r '.manifests[0].digest' copied/index.json)" "$root" "the release's digest after skopeo"
run "$bindery" import oci:bundle --store second
run "$bindery" export tool@1.2.3 -o oci:again --store second
expect_equal "$(jq -r '.manifests[0].digest' again/index.json)" "$root" "the release's digest in the second store"
run "$bindery" verify --store second

step "a file that is removed is known by its bytes"
run "$bindery" rm tool@1.2.3 --file LICENSE --reason "wrong license"
expect_status 1 "$bindery" identify release/LICENSE
expect_contains "$output" "wrong license"
run "$bindery" verify
