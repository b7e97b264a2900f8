#!/usr/bin/env bash
# An image whose binary differs from the released one in a single bit is told from the real one, whichever engine built
# it, and so is one with another release's binary behind the name.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require_docker
new=$(fixture ruff amd64 0)
old=$(fixture ruff amd64 1)
version=$(basename "$(dirname "$new")")

put_release ruff "$version" "$new"
release_file ruff >Dockerfile.release
run "$bindery" context "ruff@$version" -f Dockerfile.release -o context

step "one bit of the binary"
change_a_byte context/ruff-linux-amd64
expect_equal "$(stat -c %s context/ruff-linux-amd64)" "$(stat -c %s "$new")" "the size of the changed binary"
image=bindery-e2e/changed:$version
at_exit "docker rmi -f '$image' >/dev/null"
run docker build --platform linux/amd64 -t "$image" context
docker save -o changed.tar "$image"
for place in "docker-archive:changed.tar" "docker-daemon:$image"; do
    expect_status 1 "$bindery" audit "$place" --expect "ruff@$version"
    expect_contains "$output" mismatch
done

step "another build behind the name"
cp --no-preserve=mode "$old" context/ruff-linux-amd64
image=bindery-e2e/other:$version
at_exit "docker rmi -f '$image' >/dev/null"
run docker build --platform linux/amd64 -t "$image" context
expect_status 1 "$bindery" audit "docker-daemon:$image" --expect "ruff@$version"
expect_contains "$output" mismatch
