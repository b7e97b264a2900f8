#!/usr/bin/env bash
# backup and restore: while others write, incremental, on a full disk, killed at any point, from a damaged backup.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq strace sqlite3

printf 'FROM scratch\nCOPY tool /tool\nENTRYPOINT ["/tool"]\n' >Dockerfile.release
for number in 1 2 3; do
    head -c 200000 /dev/urandom >tool
    run "$bindery" put tool --name tool --version "$number" --platform any
done
run "$bindery" build tool@3 -f Dockerfile.release -t image:1 --platform linux/amd64
run "$bindery" rm tool@1 --reason test

run "$bindery" key generate log.key --role log
run "$bindery" key trust log.key.pub --name log --role log

step "the first backup, and the next, which takes what is new"
run "$bindery" backup saved --json
jq -e '.blobs > 3 and .present == 0 and .faults == []' <<<"$output"
run "$bindery" verify --store saved
head -c 200000 /dev/urandom >tool
run "$bindery" put tool --name tool --version 4 --platform any
run "$bindery" backup saved --json
jq -e '.blobs == 1 and .bytes == 200000' <<<"$output"
run "$bindery" ls --store saved
expect_contains "$output" "4"

step "while others write and collect"
pids=()
for number in 1 2 3; do
    (
        for version in 1 2 3 4; do
            head -c 20000 /dev/urandom >"many$number"
            "$bindery" put "many$number" --name many --version "$number.$version" --platform any
            "$bindery" rm "many@$number.$version"
            "$bindery" gc --grace 0
        done
    ) >/dev/null &
    pids+=($!)
done
for number in 1 2 3 4; do
    run "$bindery" backup "beside$number"
    run "$bindery" verify --store "beside$number"
done
run "$bindery" backup beside1
for pid in "${pids[@]}"; do wait "$pid"; done
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >before
run "$bindery" backup saved --prune
run "$bindery" verify --store saved
for number in 1 2 3 4 5 6 7 8; do run "$bindery" pin tool@2 --reason "$number"; done
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >after

step "a directory that isn't an earlier state is refused, and stays"
expect_status 2 "$bindery" backup "$BINDERY_STORE/saved"
expect_contains "$errors" "is inside the store"
expect_status 2 "$bindery" backup "$BINDERY_STORE"
BINDERY_STORE=$here/other run "$bindery" put tool --name other --version 1 --platform any
BINDERY_STORE=$here/other expect_status 5 "$bindery" backup saved
run "$bindery" verify --store saved

step "a restored store is the same, and collects nothing before it was verified"
export original=$BINDERY_STORE BINDERY_STORE=$here/restored
run "$bindery" restore saved
expect_equal "$("$bindery" ls --json)" "$("$bindery" ls --json --store "$original")" "the releases"
expect_equal "$("$bindery" key --json)" "$("$bindery" key --json --store "$original")" "the trusted keys"
expect_status 5 "$bindery" gc
expect_contains "$errors" "bindery verify"
run "$bindery" gc --dry-run
run "$bindery" verify --sample 50%
expect_status 5 "$bindery" gc
expect_status 1 "$bindery" status
expect_contains "$output" "gc\` waits for"
run "$bindery" verify
run "$bindery" gc
expect_status 1 "$bindery" status
expect_lacks "$output" "waits for"
run "$bindery" audit image:1
expect_status 5 "$bindery" restore saved
run "$bindery" log
expect_contains "$output" "from saved"

step "a team's store is the team's again"
run "$bindery" init --shared group --store team
run "$bindery" backup team-saved --store team
run "$bindery" restore team-saved --store team-restored
expect_contains "$output" "it is shared with the group $(id -gn), as before"

step "the log has a name of its own, and a checkpoint of later tells that the former log was set back"
run "$bindery" log verify --since before --log-key log.key.pub
expect_status 4 "$bindery" log verify --since after --log-key log.key.pub
former=$(head -1 before)
run "$bindery" log checkpoint --key log.key
[ "$(head -1 <<<"$output")" != "$former" ] || fail "two stores' logs have one name"
expect_status 5 "$bindery" restore saved --store named --origin "$former"
expect_contains "$errors" "$former"
expect_status 2 "$bindery" restore saved --store named --origin 'two words'
run "$bindery" restore saved --store named --origin example.org/named --json
expect_equal "$(jq -r .origin <<<"$output")" example.org/named "the log's name"
run "$bindery" log verify --since before --log-key log.key.pub --store named

calls=(linkat renameat2 rename fsync fdatasync syncfs pwrite64 unlink)
# kill_each COMMAND CHECK: runs it again and again, killed at each tenth of those calls.
kill_each() {
    local call at
    for call in "${calls[@]}"; do
        for at in 1 2 5 11 23; do
            reset
            strace -f -o trace -e trace="$call" -e inject="$call:signal=KILL:when=$at" "$bindery" "$@" >/dev/null 2>&1 || true
            whole "$call" "$at"
        done
    done
}

step "a backup that is killed leaves the earlier one, and is made by the next call"
export BINDERY_STORE=$original
cp -a saved earlier
head -c 200000 /dev/urandom >tool
run "$bindery" put tool --name tool --version 5 --platform any
reset() { rm -rf target && cp -a earlier target; }
whole() {
    "$bindery" verify --store target >/dev/null || fail "killed at $1 $2: the backup is damaged"
    "$bindery" backup target >/dev/null || fail "killed at $1 $2: the next backup fails"
    "$bindery" verify --store target >/dev/null || fail "killed at $1 $2: the next backup is damaged"
    "$bindery" show tool@5 --store target >/dev/null || fail "killed at $1 $2: the next backup lacks something"
}
kill_each backup target

step "a restore that is killed is gone on with"
run "$bindery" backup saved
reset() { rm -rf target; }
whole() {
    if [ ! -e target/bindery.db ]; then
        if [ -e target/bindery.db.partial ] && "$bindery" put tool --name x --version 1 --platform any --store target 2>/dev/null; then
            fail "killed at $1 $2: a half store is used"
        fi
        "$bindery" restore saved --store target >/dev/null || fail "killed at $1 $2: it can't go on"
    fi
    "$bindery" verify --store target >/dev/null || fail "killed at $1 $2: the store is damaged"
    "$bindery" show tool@5 --store target >/dev/null || fail "killed at $1 $2: the store lacks something"
}
kill_each restore saved --store target

step "a damaged backup: what is bad is named, all else is restored"
bad=$("$bindery" show tool@4 --json | jq -r '.artifacts[0].digest' | cut -d: -f2)
gone=$("$bindery" show tool@2 --json | jq -r '.artifacts[0].digest' | cut -d: -f2)
chmod u+w "saved/blobs/sha256/$bad"
printf x | dd of="saved/blobs/sha256/$bad" bs=1 seek=1000 conv=notrunc status=none
rm -f "saved/blobs/sha256/$gone"
rm -rf target
expect_status 4 "$bindery" restore saved --store target
expect_contains "$errors" "$bad"
expect_contains "$errors" "$gone"
run "$bindery" get tool@5 -o back --store target
cmp tool back
expect_status 5 "$bindery" gc --store target
expect_status 4 "$bindery" verify --store target
run "$bindery" verify --repair --from "$original" --store target
run "$bindery" gc --store target
run "$bindery" backup saved --verify
run "$bindery" verify --store saved

step "a full disk"
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1m tmpfs small 2>/dev/null; then
    at_exit "umount -l '$here/small'"
    expect_status 6 "$bindery" backup small/saved
    expect_contains "$errors" "space"
    expect_status 6 "$bindery" restore saved --store small/store
    expect_contains "$errors" "space"
    run "$bindery" verify
fi
