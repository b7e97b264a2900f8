#!/usr/bin/env bash
# A store whose file system is full or read-only: status 6, a message that says so, and nothing half done.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
[ "$(id -u)" -eq 0 ] || skip "mounting a small file system takes root"

mkdir small
mount -t tmpfs -o size=6m tmpfs small || skip "no tmpfs can be mounted here"
at_exit "umount -l '$here/small'"
export BINDERY_STORE=$here/small/store

head -c 1000000 /dev/urandom >fits
head -c 20000000 /dev/urandom >large
run "$bindery" put fits --name fits --version 1 --platform any

step "a file that doesn't fit"
expect_status 6 "$bindery" put large --name large --version 1 --platform any
expect_contains "$errors" "space"
run "$bindery" verify
expect_status 3 "$bindery" show large@1
expect_equal "$(find small/store/staging -type f | wc -l)" 0 "files left in staging"

step "no room at all"
head -c 20000000 /dev/zero >small/filler 2>/dev/null || true
head -c 300000 /dev/urandom >tiny
expect_status 6 "$bindery" put tiny --name tiny --version 1 --platform any
rm small/filler
run "$bindery" verify
run "$bindery" put tiny --name tiny --version 1 --platform any

step "read-only"
mount -o remount,ro small
head -c 1000 /dev/urandom >further
expect_status 6 "$bindery" put further --name further --version 1 --platform any
mount -o remount,rw small
run "$bindery" verify
