#!/usr/bin/env bash
# A store on a read-only medium opens without writing: every reading command works there, also where a process was killed
# and its write-ahead log stayed behind; changes are refused with status 6.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
[ "$(id -u)" -eq 0 ] || skip "mounting takes root"

mkdir medium
mount -t tmpfs -o size=20m tmpfs medium || skip "no tmpfs can be mounted here"
at_exit "umount -l '$here/medium'"
store=$here/medium/store
export BINDERY_STORE=$store
head -c 100000 /dev/urandom >tool
run "$bindery" put tool --name tool --version 1 --platform any
printf 'FROM scratch\nCOPY tool /tool\n' >Dockerfile.release

# readable: all that reads, on the store as it is.
readable() {
    run "$bindery" ls
    run "$bindery" show tool@1
    run "$bindery" log
    run "$bindery" verify
    rm -rf back tree
    run "$bindery" get tool@1 -o back
    expect_equal "$(digest_of back)" "$(digest_of tool)" "the file"
    run "$bindery" context tool@1 -f Dockerfile.release -o tree
    run "$bindery" pin
    expect_status 6 "$bindery" put tool --name tool --version 2 --platform any
    expect_contains "$errors" "read"
    expect_status 6 "$bindery" gc
    expect_status 6 "$bindery" rm tool@1
}

step "closed properly"
mount -o remount,ro medium
readable
[ -z "$(find "$store" -name '*-wal' -o -name '*-shm')" ] || fail "something was written beside the index"
mount -o remount,rw medium

step "a log that an audit left to the next one"
run "$bindery" build tool@1 --platform linux/amd64 -f Dockerfile.release -t app:1
run "$bindery" audit app:1
[ -s "$store/bindery.db-wal" ] || fail "there is no log left behind"
mount -o remount,ro medium
readable
run "$bindery" audits
expect_contains "$output" "app:1"
mount -o remount,rw medium
if command -v setpriv >/dev/null; then
    program=$(for_others "$bindery")
    chmod 711 "$here/medium"
    run setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$program" audits
    expect_contains "$output" "app:1"
fi
run "$bindery" pin tool@1
run "$bindery" unpin tool@1

step "a log left behind by a killed process"
python3 - "$store" <<'PYTHON'
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1] + "/bindery.db")
connection.execute("PRAGMA wal_autocheckpoint = 0")
connection.execute("INSERT INTO pin SELECT digest, 'left in the log', 0, 'nobody' FROM blob")
connection.commit()
os._exit(0)
PYTHON
[ -s "$store/bindery.db-wal" ] || fail "there is no log left behind"
mount -o remount,ro medium
readable
expect_contains "$("$bindery" pin)" "left in the log"
mount -o remount,rw medium

step "and without the shared memory beside it"
rm "$store/bindery.db-shm"
mount -o remount,ro medium
readable
expect_contains "$("$bindery" pin)" "left in the log"
mount -o remount,rw medium

step "a store whose owner lets others read only"
if command -v setpriv >/dev/null; then
    bindery=$(for_others "$bindery")
    chmod 711 "$here/medium"
    run "$bindery" verify
    as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$@"; }
    run as_nobody "$bindery" ls
    run as_nobody "$bindery" verify
    expect_status 6 as_nobody "$bindery" rm tool@1
fi
