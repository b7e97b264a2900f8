#!/usr/bin/env bash
# Before a byte is written the Dockerfile is checked against the release: missing files, instructions that run or fetch,
# a platform that the release lacks.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq strace
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

step "programs for another system are left out unless they are named"
# The header of a Mach-O file for arm64 with no load commands.
printf '\xcf\xfa\xed\xfe\x0c\x00\x00\x01\x00\x00\x00\x00\x02\x00\x00\x00%016d' 0 | tr 0 '\0' >mach-o
run "$bindery" put "$amd64" --name several --version 1
run "$bindery" put mach-o --name several --version 1 --platform darwin/arm64
printf 'FROM scratch\nCOPY several /several\n' >several.Dockerfile
run "$bindery" context several@1 -f several.Dockerfile -o several --json
expect_contains "$errors" "nothing is made for darwin/arm64"
expect_equal "$(jq -c .platforms <<<"$output")" '["linux/amd64"]' "the platforms of a context"
run "$bindery" build several@1 -f several.Dockerfile -t several:1 --json
expect_equal "$(jq -c '[.platforms[].platform]' <<<"$output")" '["linux/amd64"]' "the platforms of an image"
run "$bindery" context several@1 -f several.Dockerfile -o several --platform linux/amd64,darwin/arm64 --json
expect_equal "$(jq -c .platforms <<<"$output")" '["darwin/arm64","linux/amd64"]' "named platforms"

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

step "a signal leaves nothing half made"
mkdir beside
run "$bindery" context "ruff@$version" -f Dockerfile.release -o beside/replaced
for place in made replaced; do
    ended=0
    # The process may be done before the signal ends it, and then it is done.
    for ((attempt = 0; attempt < 20 && ended != 130; attempt++)); do
        [ "$place" = replaced ] || rm -rf beside/made
        ended=0
        strace -f -qq -o trace -e trace=utimensat,renameat2 -e inject=utimensat:signal=INT:when=1 \
            -e inject=renameat2:delay_enter=2000000 "$bindery" context "ruff@$version" -f Dockerfile.release -o "beside/$place" >out 2>err || ended=$?
        expect_equal "$(find beside -maxdepth 1 -name '.*.partial')" "" "what is left beside the context"
    done
    expect_equal "$ended" 130 "the status of a call that was interrupted"
done
for place in made replaced; do
    [ "$place" = made ] && [ ! -e beside/made ] && continue
    expect_equal "$(jq '.files | length' "beside/$place/bindery-context.json")" 2 "files in a context after a signal"
done

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
