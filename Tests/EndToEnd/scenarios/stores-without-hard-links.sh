#!/usr/bin/env bash
# A store on a FUSE mount that refuses hard links, renames that replace nothing and swaps (`rclone mount`), where a file
# also changes its inode from look to look.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
require fusermount3 rclone
[ -w /dev/fuse ] || skip "/dev/fuse can't be opened"

# mount_rclone DIR MODE: mounts the directory `below` there.
mount_rclone() {
    mkdir -p "$1"
    rclone mount --vfs-cache-mode "$2" --cache-dir "$here/cache-$2" below "$1" >>rclone.log 2>&1 &
    at_exit "fusermount3 -uz '$here/$1'; kill $! 2>/dev/null; wait $! 2>/dev/null"
    await "rclone has mounted $1" mountpoint -q "$1"
}

mkdir below
mount_rclone mounted writes
export BINDERY_STORE=$here/mounted/store
touch mounted/one
if ln mounted/one mounted/two 2>/dev/null; then fail "this mount has hard links: nothing is tested"; fi
head -c 300000 /dev/urandom >tool
for number in $(seq 40); do head -c 3000 /dev/urandom >"many$number"; done

step "the same bytes go in again and again"
for version in 1 2 3 3; do run "$bindery" put tool --name tool --version "$version" --platform any; done
run "$bindery" put many* --name-pattern '{name}' --version 1 --platform any
run "$bindery" put many* tool --name-pattern '{name}' --version 2 --platform any
run "$bindery" get tool@1 -o back
cmp tool back
run "$bindery" verify

step "images, bundles, removals and collections"
printf 'FROM scratch\nCOPY tool /tool\nENTRYPOINT ["/tool"]\n' >Dockerfile.release
run "$bindery" build tool@1 -f Dockerfile.release -t image:1 --platform linux/amd64
run "$bindery" build tool@1 -f Dockerfile.release -t image:2 --platform linux/amd64
run "$bindery" export tool@1 image:1 -o oci-archive:bundle.tar
BINDERY_STORE=$here/mounted/other run "$bindery" import oci-archive:bundle.tar
BINDERY_STORE=$here/mounted/other run "$bindery" import oci-archive:bundle.tar
BINDERY_STORE=$here/mounted/other run "$bindery" verify
run "$bindery" rm many1@1 many1@2
run "$bindery" gc --grace 0
run "$bindery" verify

step "bad bytes are replaced, and kept in quarantine"
blob=mounted/store/blobs/sha256/$(sha256sum tool | cut -c-64)
for what in one many; do
    printf 'other bytes' >"$blob"
    if [ "$what" = one ]; then
        run "$bindery" put tool --name tool --version 4 --platform any
    else
        run "$bindery" put tool many2 many3 many4 many5 many6 many7 many8 --name-pattern '{name}' --version 5 --platform any
    fi
    run "$bindery" verify
done
expect_equal "$(find mounted/store/quarantine -type f | wc -l)" 2 "the files in quarantine"
printf 'other bytes' >"$blob"
expect_status 4 "$bindery" verify
BINDERY_STORE=$here/second run "$bindery" put tool --name tool --version 1 --platform any
run "$bindery" verify --repair --from second
run "$bindery" verify

step "many processes at once"
pids=()
for number in 1 2 3 4 5 6; do
    "$bindery" put tool many* --name-pattern '{name}' --version "9.$number" --platform any >/dev/null &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
run "$bindery" verify
expect_equal "$(ls mounted/store/staging)" "" "what is left in staging"

step "a mount that writes files only from their beginning to their end is refused, with what helps"
mount_rclone plain off
expect_status 6 "$bindery" put tool --name tool --version 1 --platform any --store plain/sequential
expect_contains "$errors" "--vfs-cache-mode writes"
