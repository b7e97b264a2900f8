#!/usr/bin/env bash
# A release holds the version that its name says: `make build` sets it without editing a file, and put looks for it in
# the bytes.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require make swift

before=$(git -C "$E2E_ROOT" status --porcelain)
for version in 7.8.9 7.8.10-rc.1; do
    step "make build-linux-amd64 VERSION=$version"
    run make -C "$E2E_ROOT" --no-print-directory build-linux-amd64 VERSION="$version" DIST="$here/dist"
    run dist/mount-monitor-linux-amd64 --version
    expect_equal "$output" "mount-monitor $version" "the version it prints"
    run dist/mount-monitor-linux-amd64 --help
    expect_contains "$output" "Version: $version"
    cp dist/mount-monitor-linux-amd64 "monitor-$version"
done
expect_equal "$(git -C "$E2E_ROOT" status --porcelain)" "$before" "the source tree after building"

step "put checks"
run "$bindery" put "monitor-7.8.9" --name mount-monitor --version v7.8.9 --expect-version
expect_contains "$output" "mount-monitor 7.8.9"
expect_status 2 "$bindery" put "monitor-7.8.9" --name mount-monitor --version 9.9.9 --expect-version
expect_contains "$errors" 9.9.9

step "the program is static"
run file "monitor-7.8.9"
expect_contains "$output" "statically linked"
run "$bindery" inspect "monitor-7.8.9"
expect_contains "$output" static
