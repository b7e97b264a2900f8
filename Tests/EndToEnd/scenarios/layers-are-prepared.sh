#!/usr/bin/env bash
# put --prepare derives the layers of a release's image, so that the first build makes documents and nothing else.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")
release_file ruff >Dockerfile.release
blobs() { find "$BINDERY_STORE/blobs/sha256" -type f -printf '%f\n' | sort; }
# first_build DOCKERFILE: builds, and prints the sizes of the blobs that are new with it.
first_build() {
    blobs >before
    "$bindery" build "ruff@$version" -f "$1" --json >built
    blobs | comm -13 before - | while read -r blob; do stat -c %s "$BINDERY_STORE/blobs/sha256/$blob"; done
}
# only_documents SIZES
only_documents() {
    local size
    for size in $1; do [ "$size" -lt 10000 ] || fail "the build made a blob of $size bytes"; done
}

step "without a Dockerfile: the layers that most have"
put_release ruff "$version" "$amd64" "$arm64" --prepare
expect_equal "$(blobs | wc -l)" 4 "binaries and layers"
only_documents "$(first_build Dockerfile.release)"
digest=$(jq -r .digest built)

step "with one: its own"
export BINDERY_STORE=$here/second
sed 's,/ruff$,/usr/local/bin/ruff,' Dockerfile.release >elsewhere
put_release ruff "$version" "$amd64" "$arm64" --prepare -f elsewhere
only_documents "$(first_build elsewhere)"
[ -n "$(first_build Dockerfile.release | awk '$1 > 1000000')" ] || fail "another Dockerfile's layers were there, too"
expect_equal "$(jq -r .digest built)" "$digest" "the digest without prepared layers"

step "what can't be built leaves the release stored"
export BINDERY_STORE=$here/third
echo 'RUN true' >>elsewhere
expect_status 2 "$bindery" put "$amd64" --name ruff --version "$version" --prepare -f elsewhere
expect_contains "$errors" "RUN"
run "$bindery" get "ruff@$version" -o back
expect_status 2 "$bindery" put "$amd64" --name ruff --version "$version" -f elsewhere
