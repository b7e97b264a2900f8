#!/usr/bin/env bash
# Killed at any system call that changes something, the store opens again, what was committed reads back bit for bit,
# and no partial blob is visible; failing calls end in one clear error, and change nothing.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require strace

head -c 300000 /dev/urandom >kept
head -c 300000 /dev/urandom >file
digest=$(digest_of kept)
run "$bindery" put kept --name kept --version 1 --platform any
cp -a "$BINDERY_STORE" pristine

check_store() {
    "$bindery" verify >verify.out 2>&1 || { cat verify.out && fail "after $1 the store doesn't verify"; }
    rm -f got
    "$bindery" get kept@1 -o got >/dev/null 2>&1 || fail "after $1 the committed artifact is gone"
    [ "$(digest_of got)" = "$digest" ] || fail "after $1 the committed artifact reads back differently"
    local blob
    for blob in "$BINDERY_STORE"/blobs/sha256/*; do
        [ "$(digest_of "$blob")" = "sha256:$(basename "$blob")" ] || fail "after $1 there is a partial blob $blob"
    done
    # The same put, undisturbed, now succeeds: nothing is left that stands in its way.
    "$bindery" put file --name tool --version 1 --platform any >put.out 2>&1 || {
        cat put.out
        fail "after $1 the same put fails"
    }
}

cases=0
# disturb CALL HOW: injects at each n-th such call of a put, until the put has no n-th one.
disturb() {
    local call=$1 how=$2 number status
    for ((number = 1; number <= 40; number++)); do
        rm -rf "$BINDERY_STORE"
        cp -a pristine "$BINDERY_STORE"
        status=0
        strace -f -o trace -e trace="$call" -e inject="$call:$how:when=$number" \
            "$bindery" put file --name tool --version 1 --platform any >out 2>err || status=$?
        if ! grep -qE 'INJECTED|killed by SIGKILL' trace; then return 0; fi
        cases=$((cases + 1))
        if [[ $how == error=* ]] && [ "$status" -ne 0 ]; then
            [ "$status" -eq 6 ] || [ "$status" -eq 4 ] || fail "$call:$how at $number ended with $status: $(cat err)"
            [ -s err ] || fail "$call:$how at $number has no message"
        fi
        check_store "$call:$how at $number"
    done
}

for call in write pwrite64 fsync fdatasync linkat fchmod ftruncate unlink; do disturb "$call" signal=KILL; done
for call in fsync fdatasync; do disturb "$call" error=EIO; done
for call in write pwrite64 linkat; do disturb "$call" error=ENOSPC; done
echo "$cases cases"
[ "$cases" -ge 10 ] || fail "only $cases cases: the calls of put have other names now"
