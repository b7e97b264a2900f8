#!/usr/bin/env bash
# Before a byte is written the Dockerfile is checked against the release: missing files, instructions that run or fetch,
# a platform that the release lacks.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
amd64=$(fixture ruff amd64 0)
arm64=$(fixture ruff arm64 0)
version=$(basename "$(dirname "$amd64")")
put_release ruff "$version" "$amd64" "$arm64"

# refused FILE PART…: the context must be refused with messages that have the parts, and nothing written.
refused() {
    local file=$1 part
    shift
    expect_status 2 "$bindery" context "ruff@$version" -f "$file" -o refused
    for part in "$@"; do expect_contains "$errors" "$part"; done
    [ ! -e refused ] || fail "a refused context was written"
}

step "a file that the release doesn't have"
printf 'FROM scratch\n\nCOPY ruf-linux-amd64 /ruff\n' >missing.Dockerfile
refused missing.Dockerfile "3" "ruf-linux-amd64" "ruff-linux-amd64"

step "instructions that run or fetch"
{
    release_file ruff
    echo 'RUN chmod 755 /ruff'
} >run.Dockerfile
refused run.Dockerfile RUN 6
{
    release_file ruff
    echo 'ADD https://example.com/ca.pem /ca.pem'
} >add.Dockerfile
refused add.Dockerfile ADD 6
run "$bindery" context "ruff@$version" -f run.Dockerfile -o allowed --allow-run
expect_contains "$errors" RUN

step "a dry run writes nothing"
release_file ruff >Dockerfile.release
run "$bindery" context "ruff@$version" -f Dockerfile.release -o dry --dry-run
[ ! -e dry ] || fail "a dry run wrote"

step "an existing directory"
mkdir other && echo precious >other/notes
status=0
"$bindery" context "ruff@$version" -f Dockerfile.release -o other >out 2>err || status=$?
cat err
[ "$status" -ne 0 ] || fail "a directory with other files was replaced"
expect_equal "$(cat other/notes)" precious "the file that was there"
run "$bindery" context "ruff@$version" -f Dockerfile.release -o again
run "$bindery" context "ruff@$version" -f Dockerfile.release -o again
expect_equal "$(jq '.files | length' again/bindery-context.json)" 2 "files in the context"

step "writing into the context can't reach the store"
echo broken >again/ruff-linux-amd64
run "$bindery" verify

step "a file of a release called Dockerfile"
echo "FROM scratch" >a-dockerfile
for name in Dockerfile .dockerignore bindery-context.json; do
    run "$bindery" put a-dockerfile --as "$name" --name ruff --version "$version" --platform any
done
run "$bindery" context "ruff@$version" -f Dockerfile.release -o own
expect_equal "$(jq '.files | length' own/bindery-context.json)" 2 "files in the context"
for source in Dockerfile .; do
    printf 'FROM scratch\nCOPY %s /\n' "$source" >Dockerfile.own
    expect_status 2 "$bindery" context "ruff@$version" -f Dockerfile.own -o reserved
    expect_contains "$errors" "line 2, COPY"
    expect_contains "$errors" "a file of its own under the name 'Dockerfile'"
    [ ! -e reserved ] || fail "a context was written"
done
