#!/usr/bin/env bash
# Commands that answer a question open the store for reading: another process that is writing doesn't make them wait, and
# a read-only file system is enough for them. The verifier reads the records of the one image that it is asked about.
# Waits: for the lock of a writer
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

step "a store with a release, two audited images and a removed file"
head -c 100000 /dev/urandom >tool
head -c 100000 /dev/urandom >other
run "$bindery" put tool --name tool --version 1 --platform linux/amd64
run "$bindery" put other --name other --version 1 --platform linux/amd64
printf 'FROM scratch\nCOPY tool /tool\n' >Dockerfile.release
printf 'FROM scratch\nCOPY other /other\n' >Dockerfile.other
run "$bindery" build tool@1 -f Dockerfile.release -t image:1 --platform linux/amd64
run "$bindery" build other@1 -f Dockerfile.other -t image:2 --platform linux/amd64
run "$bindery" audit image:1
run "$bindery" audit image:2
image=$("$bindery" images --json | jq -r '.images[] | select(.references[] | endswith("image:1")) | .digest')
expect_equal "${#image}" 71 "the length of the image's digest"

# reads: each reading command ends well while nothing can be written.
reads() {
    run within "$bindery" ls
    run within "$bindery" ls tool
    run within "$bindery" show tool@1
    run within "$bindery" show image:1
    run within "$bindery" images
    run within "$bindery" log
    run within "$bindery" status
    run within "$bindery" audits
    run within "$bindery" where tool@1
    run within "$bindery" where tool@1 --near
    run within "$bindery" identify tool
    run within "$bindery" identify - <tool
    run within "$bindery" inspect tool
    run within "$bindery" pin
    run within "$bindery" audit --no-record image:1
    run within "$bindery" reaudit --no-record
    run within "$bindery" verify
    run within "$bindery" get tool@1 -o - >back
    expect_status 1 within "$bindery" diff image:1 image:2
    run within "$bindery" verifier -name image:1 -digest "$image"
    run within "$bindery" -name image:1 -digest "$image"
}

# A command that waits for the lock is ended by the time limit, whose status none of them has.
within() { timeout 600 "$@"; }

step "while another process holds every lock of a writer"
mkfifo held release
python3 - "$BINDERY_STORE" >writer.log 2>&1 <<'PYTHON' &
import fcntl, sqlite3, sys
store = sys.argv[1]
lock = open(f"{store}/lock", "rb")
fcntl.flock(lock, fcntl.LOCK_EX)
connection = sqlite3.connect(f"{store}/bindery.db", isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("DELETE FROM pin")
open("held", "w").close()
open("release").close()
PYTHON
writer=$!
at_exit "kill $writer 2>/dev/null"
cat held
# The lock is a real one.
python3 - "$BINDERY_STORE" <<'PYTHON'
import sqlite3, sys
connection = sqlite3.connect(f"{sys.argv[1]}/bindery.db", timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError:
    sys.exit(0)
sys.exit("nobody holds the lock")
PYTHON
status=0
timeout 2 "$bindery" pin tool@1 --reason kept >/dev/null 2>&1 || status=$?
expect_equal "$status" 124 "the status of a command that waits for the lock"
reads
kill -0 "$writer" || fail "the writer ended before the readers did"
: >release
wait "$writer"

step "on a read-only file system"
if [ "$(id -u)" -eq 0 ] && mkdir medium && mount --bind "$BINDERY_STORE" medium; then
    at_exit "umount -l '$here/medium'"
    mount -o remount,ro,bind "$here/medium"
    ! touch medium/new 2>/dev/null || fail "the medium can be written"
    BINDERY_STORE=$here/medium reads
    umount medium
fi

step "the verifier needs no record of another image"
python3 - "$BINDERY_STORE" <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(f"{sys.argv[1]}/bindery.db") as connection:
    changed = connection.execute("UPDATE audit SET basis = '{' WHERE reference LIKE '%image:2'").rowcount
    assert changed == 1, changed
PYTHON
run "$bindery" verifier -name image:1 -digest "$image"
other=$("$bindery" images --json | jq -r '.images[] | select(.references[] | endswith("image:2")) | .digest')
status=0
"$bindery" verifier -name image:2 -digest "$other" >answer 2>&1 || status=$?
[ "$status" -ne 0 ] || fail "a broken record is not a yes"
