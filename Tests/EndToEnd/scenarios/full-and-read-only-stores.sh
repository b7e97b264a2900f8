#!/usr/bin/env bash
# A store whose file system is full, at each level of fullness: status 6, a message that names the place and what was
# wanted, nothing half done; reading, rm and gc work on a full disk and make room again.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
[ "$(id -u)" -eq 0 ] || skip "mounting a small file system takes root"

mkdir small
mount -t tmpfs -o size=6m tmpfs small || skip "no tmpfs can be mounted here"
at_exit "umount -l '$here/small'"
export BINDERY_STORE=$here/small/store

head -c 1000000 /dev/urandom >fits
head -c 1000001 /dev/urandom >goes
head -c 20000000 /dev/urandom >large
run "$bindery" put fits --name fits --version 1 --platform any
run "$bindery" put goes --name goes --version 1 --platform any

step "a file that doesn't fit"
expect_status 6 "$bindery" put large --name large --version 1 --platform any
expect_contains "$errors" "space"
expect_contains "$errors" "20000000 bytes wanted"
expect_contains "$errors" "$BINDERY_STORE"
run "$bindery" verify
expect_status 3 "$bindery" show large@1
expect_equal "$(find small/store/staging -type f | wc -l)" 0 "files left in staging"

# fill LEFT: leaves so many KiB.
fill() {
    rm -f small/filler
    local free
    free=$(df --output=avail -k small | tail -n 1)
    [ "$free" -le "$1" ] || head -c "$(((free - $1) * 1024))" /dev/zero >small/filler
}

# A bundle of a release and an image, from a store elsewhere.
head -c 200000 /dev/urandom >foreign
printf 'FROM scratch\nCOPY foreign /foreign\n' >Foreign.release
foreign=(--store "$here/elsewhere")
run "$bindery" put foreign --name foreign --version 1 --platform any "${foreign[@]}"
run "$bindery" build foreign@1 -f Foreign.release -t foreign:1 --platform linux/amd64 "${foreign[@]}"
run "$bindery" export foreign@1 foreign:1 -o oci-archive:foreign.bundle "${foreign[@]}"

step "each level of fullness"
printf 'FROM scratch\nCOPY fits /fits\n' >Dockerfile.release
for left in 0 4 8 16 32 64 128 256 400; do
    head -c 300000 /dev/urandom >tiny
    fill "$left"
    for command in \
        "put tiny --name tiny --version $left --platform any" \
        "put - --name stdin --version $left --platform any" \
        "import oci-archive:foreign.bundle" \
        "build fits@1 -f Dockerfile.release -t image:$left --platform linux/amd64"; do
        fill "$left"
        status=0
        # shellcheck disable=SC2086 # words
        "$bindery" $command <tiny >out 2>err || status=$?
        case "$status" in
            0) ;;
            6) grep -qE 'No space|no space' err || fail "with $left KiB left, '$command' says: $(cat err)" ;;
            *) fail "with $left KiB left, '$command' ends with $status: $(cat err)" ;;
        esac
        run "$bindery" verify
        # The lease that can't be ended on a full disk is void, and its file goes with the next collection.
        expect_equal "$(find small/store/staging -type f ! -name '*.lease' | wc -l)" 0 "files left in staging"
    done
done

step "no room at all: what reads works, and so do rm and gc"
fill 0
dd if=/dev/zero of=small/last bs=1k 2>/dev/null || true
run "$bindery" ls
run "$bindery" show fits@1
run "$bindery" get fits@1 -o "$here/back"
expect_equal "$(digest_of back)" "$(digest_of fits)" "the file that was read on a full disk"
run "$bindery" verify
run "$bindery" export fits@1 -o oci-archive:fits.bundle
run "$bindery" context fits@1 -o "$here/context"
cmp fits context/fits
expect_status 6 "$bindery" import oci-archive:fits.bundle --store small/other
expect_contains "$errors" "pace"
for place in oci:small/layout oci-archive:small/archive; do
    expect_status 6 "$bindery" export fits@1 -o "$place"
    expect_contains "$errors" "pace"
done
[ ! -e small/layout/index.json ] || fail "half a bundle was written"
[ ! -e small/archive ] || fail "half an archive was written"
rm -rf small/layout small/other
run "$bindery" rm goes@1
run "$bindery" gc --grace 0
run "$bindery" verify
expect_equal "$(find small/store/staging -type f | wc -l)" 0 "files left in staging"
head -c 300000 /dev/urandom >tiny
run "$bindery" put tiny --name after --version 1 --platform any
rm small/filler small/last

step "read-only"
mount -o remount,ro small
head -c 1000 /dev/urandom >further
expect_status 6 "$bindery" put further --name further --version 1 --platform any
expect_status 6 "$bindery" import oci-archive:foreign.bundle
run "$bindery" export fits@1 -o oci-archive:read-only.bundle
cmp fits.bundle read-only.bundle
mount -o remount,rw small
run "$bindery" verify
