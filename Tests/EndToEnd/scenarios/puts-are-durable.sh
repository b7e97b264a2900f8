#!/usr/bin/env bash
# What put has said is stored is on stable storage: strace shows the syncs of DESIGN's write order, in that order.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require strace python3

head -c 500000 /dev/urandom >first
head -c 500000 /dev/urandom >file
digest=$(digest_of file)
run "$bindery" put first --name first --version 1 --platform any

# The last connection that closes syncs whatever was left: another one stays open, so that what is seen is the commit.
mkfifo ready
python3 - <<'PYTHON' &
import os, sqlite3, time
connection = sqlite3.connect(os.environ["BINDERY_STORE"] + "/bindery.db")
connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
with open("ready", "w") as ready:
    ready.write("ready\n")
time.sleep(600)
PYTHON
reader=$!
at_exit "kill $reader 2>/dev/null"
read -r _ <ready

# traced COMMAND…: runs it, its writes and syncs come into the file trace.
traced() {
    run strace -f -y -e trace=fsync,fdatasync,syncfs,linkat,renameat,renameat2,pwrite64 -o trace "$@"
    cut -c1-200 trace
}
# number PATTERN [AFTER]: the first line of the trace with the pattern, after a line; last_number: the last one.
number() { awk -v after="${2:-0}" -v pattern="$1" 'NR > after && $0 ~ pattern { print NR; exit }' trace; }
last_number() { awk -v pattern="$1" '$0 ~ pattern { line = NR } END { print line }' trace; }
# before FIRST SECOND MESSAGE: both lines are there, and in this order.
before() {
    if [ -z "$1" ] || [ -z "$2" ]; then fail "$3: line '$1' or line '$2' is missing"; fi
    [ "$1" -lt "$2" ] || fail "$3: line $1 of the trace comes after line $2"
}
index_write='pwrite64.[0-9]+<[^>]*bindery[.]db-wal>'
index_sync='f(data)?sync.[0-9]+<[^>]*bindery[.]db-wal>'

step "a put"
traced "$bindery" put file --name tool --version 1 --platform any
file_synced=$(number 'fsync.[0-9]+<[^>]*store/staging/')
linked=$(number "(linkat|renameat2?).*blobs/sha256/${digest#sha256:}")
directory_synced=$(number 'fsync.[0-9]+<[^>]*/blobs/sha256>')
named=$(number "$index_write" "$linked")
before "$file_synced" "$linked" "the blob is visible before it is synced"
before "$linked" "$directory_synced" "the directory is synced before the blob is in it"
before "$directory_synced" "$named" "the index names the blob before the blob's directory is synced"
before "$(last_number "$index_write")" "$(last_number "$index_sync")" "the commit is not synced: is synchronous FULL?"

entry_synced=$(number 'fsync.[0-9]+<[^>]*store/log/tile/entries/')
before "$entry_synced" "$(last_number "$index_write")" "the index is committed before the log's entry is synced"

step "a removal"
traced "$bindery" rm tool@1
before "$(last_number "$index_write")" "$(last_number "$index_sync")" "the commit is not synced: is synchronous FULL?"

step "not durable, on demand"
head -c 500000 /dev/urandom >file
traced "$bindery" put file --name fast --version 1 --platform any --no-sync
expect_equal "$(number 'sync')" "" "the line of a sync in a put with --no-sync"

step "an audit waits for its entry and its commit, and for no housekeeping"
kill "$reader"
wait "$reader" 2>/dev/null || true
run "$bindery" gc
[ ! -e "$BINDERY_STORE/bindery.db-wal" ] || fail "a change left a log"
tar -cf layer.tar file
printf 'FROM scratch\nCOPY tool /tool\n' >Dockerfile.release
run "$bindery" put file --name tool --version 2 --platform any --file-name tool
run "$bindery" build tool@2 --platform linux/amd64 -t app:1 -o docker-archive:app.tar
run "$bindery" audit docker-archive:app.tar
[ -s "$BINDERY_STORE/bindery.db-wal" ] || fail "an audit moved the log into the index"
run strace -f -y -e trace=fsync,fdatasync,syncfs -o trace "$bindery" audit docker-archive:app.tar
expect_equal "$(grep -cE 'sync\(' trace)" 3 "syncs of an audit: the entry, the log, the log's directory"
[ -n "$(number "$index_sync")" ] || fail "the record isn't synced"
run "$bindery" audits --json
expect_equal "$(jq '.audits | length' <<<"$output")" 1 "the audits"
run "$bindery" gc
[ ! -e "$BINDERY_STORE/bindery.db-wal" ] || fail "a change left the log of an audit"

step "many files share the commit's syncs"
mkdir many
for index in $(seq 200); do echo "$index" >"many/f$index"; done
traced "$bindery" put many/* --name-pattern '{name}' --version 1 --platform any >many.log
syncs=$(grep -cE "$index_sync" trace)
directories=$(grep -cE 'fsync\([0-9]+<[^>]*/blobs/sha256>' trace)
[ "$syncs" -le 10 ] || fail "200 files took $syncs syncs of the index"
expect_equal "$directories" 1 "syncs of the blobs' directory for 200 files"
