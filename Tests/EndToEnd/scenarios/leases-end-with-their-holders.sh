#!/usr/bin/env bash
# A command that is killed after it took its lease leaves nothing that a collection has to wait for.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq strace pgrep

run "$bindery" init
printf 'FROM scratch\nCOPY tool /tool\nENTRYPOINT ["/tool"]\n' >Dockerfile.release
head -c 100000 /dev/urandom >tool
run "$bindery" put tool --name tool --version 1 --platform any
run "$bindery" export tool@1 -o oci-archive:bundle.tar
blobs() { find "$BINDERY_STORE/blobs/sha256" -type f | wc -l; }
leases() { find "$BINDERY_STORE/staging" -name '*.lease' | wc -l; }
before=$(blobs) at=1

# killed COMMAND…: runs it until its first link, which kills it.
killed() {
    local status=0
    strace -f -o trace -e trace=linkat -e inject=linkat:signal=KILL:when="$at" "$@" || status=$?
    expect_equal "$status" 137 "the status of a killed command"
}

step "put, build and import are killed when they have a lease, and the next collection takes what they left"
for command in put build import; do
    head -c 100000 /dev/urandom >other
    case $command in
    put) at=1 killed "$bindery" put other --name other --version 1 --platform any ;;
    build) at=2 killed "$bindery" build tool@1 -f Dockerfile.release -t image:1 --platform linux/amd64 ;;
    *)
        BINDERY_STORE=$here/elsewhere run "$bindery" init
        export BINDERY_STORE=$here/elsewhere
        before=0
        at=1 killed "$bindery" import oci-archive:bundle.tar
        ;;
    esac
    expect_equal "$(leases)" 1 "the file of the lease"
    run "$bindery" gc --grace 0 --json
    jq -e '.expiredLeases == 1 and .waitingBlobs == 0 and .waits == []' <<<"$output"
    expect_equal "$(blobs)" "$before" "the blobs"
    expect_equal "$(leases)" 0 "the file of the lease"
    "$bindery" log | grep -q 'its holder is gone' || fail "the log doesn't say why the lease ended"
done

step "a command that lives keeps what it relies on"
head -c 100000 /dev/urandom >slow
# It stands still from its first link on, until it is told to go on.
strace -f -o trace -e trace=linkat -e inject=linkat:signal=STOP:when=1 \
    "$bindery" put slow --name slow --version 1 --platform any &
putter=$!
at_exit "kill -CONT \$(pgrep -P $putter) 2>/dev/null"
for ((attempt = 0; attempt < 6000; attempt++)); do
    if grep -q 'stopped by SIGSTOP' trace; then break; fi
    sleep 0.05
done
expect_equal "$(leases)" 1 "the file of the lease"
run "$bindery" gc --grace 0 --json
jq -e '.expiredLeases == 0' <<<"$output"
kill -CONT "$(pgrep -P "$putter")"
wait "$putter"
run "$bindery" verify
run "$bindery" get slow@1 -o back
cmp slow back
expect_equal "$(leases)" 0 "the file of the lease"
