#!/usr/bin/env bash
# The index of a store is lost, and made again from the log's entries and the blobs: its tables are what they were, and so is the
# log. Entries that were cut or altered are refused; whatever moment a process is killed at, entries and index agree.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq sqlite3 strace

store=$BINDERY_STORE
put() { echo "$1 $2, and what makes it longer" >file; "$bindery" put file --name "$1" --version "$2" --platform "${3:-any}" "${@:4}"; }

step "a store with something of everything"
run "$bindery" init --origin example.org/log --require-seal
for role in release log builder; do run "$bindery" key generate "$role.key" --role "$role"; done
run "$bindery" key trust release.key.pub --name release --role release --scope 'team/*' --until 2099-01-01
run "$bindery" key trust builder.key.pub --name old --role builder
run "$bindery" key revoke old --reason 'it was lost'
cp /bin/true program
run "$bindery" put program --name team/program --version 1.0.0 --platform "linux/$(dpkg --print-architecture)" --annotation a=b
run put team/agent 1.0.0
run put team/agent 1.1.0 any --annotation who=me
run "$bindery" put file --name team/agent --version 1.1.0 --platform any --annotation who=you --amend
run put team/agent 1.2.0
run "$bindery" rm team/agent@1.2.0 --reason 'it was wrong'
run put team/agent 2.0.0 any --draft
run put team/other 1.0.0 any --draft
run "$bindery" seal team/other@1.0.0 --key release.key
run "$bindery" seal team/agent@1.0.0 --key release.key
run "$bindery" revoke team/agent@1.1.0 --reason 'CVE-2026-1' --deny --key release.key
run "$bindery" revoke team/agent@1.0.0 --reason 'a note'
run "$bindery" pin team/program@1.0.0 --reason 'kept'
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.release
run "$bindery" seal team/program@1.0.0
printf 'FROM scratch\nCOPY program /program\nENTRYPOINT ["/program"]\n' >Dockerfile.release
run "$bindery" build team/program@1.0.0 -f Dockerfile.release -t team/program:1.0.0 -t team/program:latest
run "$bindery" tag team/program:1.0.0 team/program:other
run "$bindery" pack team/program@1.0.0 --as tar.gz -o packed
run "$bindery" log checkpoint --key log.key
run "$bindery" rm team/program:other

# dump STORE: the tables that the log tells of.
dump() {
    local table
    for table in event log_tree log_hash artifact draft tombstone pin trusted_key sealed_release sealed_file attestation_subject \
        revocation image image_tag image_blob image_artifact base packed referrer elf archive module program_module; do
        sqlite3 "$1/bindery.db" "SELECT 1 FROM sqlite_schema WHERE name = '$table'" | grep -q 1 || continue
        echo "-- $table"
        # The order and number of rows in a table are not content.
        sqlite3 -csv "$1/bindery.db" "SELECT * FROM $table" | if [ "$table" = artifact ]; then cut -d, -f2-; else cat; fi | sort
    done
    sqlite3 "$1/bindery.db" "SELECT hex(digest), predicate_type, hex(bundle), added_at, added_by FROM attestation ORDER BY 1"
    sqlite3 "$1/bindery.db" "SELECT hex(digest), size FROM blob ORDER BY 1"
}
run "$bindery" verify
run "$bindery" gc --grace 0s
dump "$store" >before

step "the index is lost"
expect_status 5 "$bindery" reindex
mkdir lost
mv "$store"/bindery.db* lost/
expect_status 6 "$bindery" put program --name team/program --version 2 --platform any
expect_contains "$errors" "bindery reindex"
cp -r "$store" again

step "and made again"
run "$bindery" reindex --json
expect_equal "$(jq -c '[.files, .images, .missing, .lost.statements]' <<<"$output")" '[4,1,[],0]' "what there is"
dump "$store" >after
run diff before after
expect_status 5 "$bindery" gc
run "$bindery" verify
run "$bindery" gc --grace 0s
run "$bindery" log verify
run "$bindery" attestations team/agent@1.0.0 --require https://in-toto.io/attestation/release/v0.1
echo 'other bytes, and what makes them longer' >other
for version in 1.0.0 1.1.0 1.2.0; do expect_status 5 "$bindery" put other --name team/agent --version "$version" --platform any; done
run put team/agent 3.0.0
run "$bindery" log verify

step "entries that aren't those that were signed"
# altered NAME COMMAND…: what reindex says of a copy whose entries were changed so.
altered() {
    rm -rf "$1"
    cp -r again "$1"
    (cd "$1/log" && "${@:2}")
    expect_status 4 "$bindery" reindex --store "$PWD/$1"
    [ ! -e "$1/bindery.db" ] || fail "an index was made"
}
altered cut truncate -s 2000 tile/entries/000.partial
expect_contains "$errors" "the last signed checkpoint has"
altered changed sed -i 's/it was wrong/it was right/' tile/entries/000.partial
expect_contains "$errors" "another root"

step "killed at any system call, a reindex is repeated"
cp -r again killed
for call in openat pwrite64 fsync renameat2 fchmod chmod; do
    for number in 1 2 5 20; do
        strace -f -qq -o /dev/null -e inject="$call":signal=KILL:when="$number" \
            "$bindery" reindex --store "$PWD/killed" >/dev/null 2>&1 || true
        [ ! -e killed/bindery.db ] || break
    done
done
[ -e killed/bindery.db ] || run "$bindery" reindex --store "$PWD/killed"
run "$bindery" verify --store "$PWD/killed"

step "killed at any system call, a put leaves entries and index in agreement"
export BINDERY_STORE=$PWD/small
run put small 0
count=0
for call in pwrite64 fsync ftruncate renameat2 linkat mkdir; do
    for number in 1 2 3 4 6 8 12; do
        count=$((count + 1))
        echo "small $count, and what makes it longer" >file
        strace -f -qq -o /dev/null -e inject="$call":signal=KILL:when="$number" \
            "$bindery" put file --name small --version "$count" --platform any >/dev/null 2>&1 || true
        found=$("$bindery" log verify 2>&1) || fail "after $call $number: $found"
    done
done
run put small 1000
run "$bindery" log verify
size=$("$bindery" log verify --json | jq .size)
rm small/bindery.db*
run "$bindery" reindex --json
expect_equal "$(jq .events <<<"$output")" "$size" "events"
run "$bindery" verify
