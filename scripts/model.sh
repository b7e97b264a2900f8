#!/usr/bin/env bash
# Checks the model of leases and collection with spin: the protocol holds, and each mutation of it is refuted.
#
#   scripts/model.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
model=$PWD/docs/model/collection.pml
command -v spin >/dev/null || {
    echo "model: spin is not installed: run scripts/setup.sh" >&2
    exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/bindery-model.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# check [MUTATION]: prints the number of errors that spin finds, and of states.
check() {
    spin ${1:+"-D$1"} -a "$model" >spin.log
    # -w: what spin writes isn't ours.
    "${CC:-cc}" -O2 -w -DSAFETY -o pan pan.c
    ./pan -m100000 >pan.log
    ! grep -q 'max search depth too small' pan.log || {
        echo "model: the search was cut short" >&2
        exit 1
    }
    errors=$(sed -nE 's/.*errors: ([0-9]+).*/\1/p' pan.log)
    states=$(sed -nE 's/ *([0-9]+) states, stored.*/\1/p' pan.log)
}

check
echo "the protocol: errors $errors, states $states"
if [ "$errors" != 0 ]; then
    spin -t -p "$model"
    exit 1
fi
failed=0
for mutation in FILES_FIRST LEASE_AFTER_CHECK NO_LEASE NO_RECHECK RECHECK_OUTSIDE BLIND_COMMIT LOCK_LATE UNLOCK_EARLY \
    VOID_OLD; do
    check "$mutation"
    if [ "$errors" = 0 ]; then
        echo "$mutation: spin found nothing, so the model doesn't show what it should" >&2
        failed=1
    else
        echo "$mutation: refuted"
    fi
done
exit "$failed"
