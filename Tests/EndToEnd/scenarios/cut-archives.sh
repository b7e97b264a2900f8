#!/usr/bin/env bash
# An archive that is cut short or altered is an error that names it, never a verdict.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require_buildah
amd64=$(fixture ruff amd64 0)
version=$(basename "$(dirname "$amd64")")

put_release ruff "$version" "$amd64"
release_file ruff >Dockerfile.release
run "$bindery" context "ruff@$version" -f Dockerfile.release -o context
run buildah_build "ruff:$version" linux/amd64 context
for kind in oci-archive docker-archive; do
    run buildah_push "ruff:$version" "$kind:whole.tar"
    expect_equal "$(verdict_of "$kind:whole.tar")" exact "the whole archive"
    size=$(stat -c %s whole.tar)
    for part in 0 1 511 512 5000 $((size / 2)) $((size - 1100)); do
        step "$kind cut to $part bytes"
        head -c "$part" whole.tar >cut.tar
        status=0
        "$bindery" audit "$kind:cut.tar" >out 2>err || status=$?
        cat err
        case "$status" in
            0 | 1) [ "$part" -eq $((size - 1100)) ] || fail "a cut archive got a verdict (status $status)" ;;
            2 | 3 | 4) expect_contains "$(cat err)" cut.tar ;;
            *) fail "status $status" ;;
        esac
    done
    rm whole.tar
done

step "a layer's byte changed inside of an OCI layout"
run buildah_push "ruff:$version" "oci:layout:$version"
largest=$(find layout/blobs/sha256 -type f -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2)
change_a_byte "$largest"
status=0
"$bindery" audit "oci:layout:$version" >out 2>err || status=$?
cat out err
expect_equal "$status" 4 "the status for a layer that isn't what its digest says"
