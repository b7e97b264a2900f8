#!/usr/bin/env bash
# A release holds the version that its name says: `make build` sets it without editing a file, and put looks for it in
# the bytes.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require make swift

before=$(git -C "$E2E_ROOT" status --porcelain)
version=7.8.9-rc.1
step "make build-linux-amd64 VERSION=$version"
run make -C "$E2E_ROOT" --no-print-directory build-linux-amd64 VERSION="$version" DIST="$here/dist"
run dist/mount-monitor-linux-amd64 --version
expect_equal "$output" "mount-monitor $version" "the version it prints"
run dist/mount-monitor-linux-amd64 --help
expect_contains "$output" "Version: $version"
expect_equal "$(git -C "$E2E_ROOT" status --porcelain)" "$before" "the source tree after building"

step "put checks"
run "$bindery" put dist/mount-monitor-linux-amd64 --name mount-monitor --version "v$version" --expect-version
expect_contains "$output" "mount-monitor $version"
expect_status 2 "$bindery" put dist/mount-monitor-linux-amd64 --name mount-monitor --version 9.9.9 --expect-version
expect_contains "$errors" 9.9.9

step "the program is static"
run file dist/mount-monitor-linux-amd64
expect_contains "$output" "statically linked"
run "$bindery" inspect dist/mount-monitor-linux-amd64
expect_contains "$output" static
