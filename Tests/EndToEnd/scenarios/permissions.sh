#!/usr/bin/env bash
# Modes of what is made, the umask, a store that a group shares, and what is refused: links, and stores of a newer format.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require sqlite3 jq

head -c 10000 /dev/urandom >tool
mode() { stat -c %a "$1"; }

step "modes"
(umask 022 && "$bindery" put tool --name tool --version 1 --platform any)
for directory in "" /blobs /blobs/sha256; do expect_equal "$(mode "$BINDERY_STORE$directory")" 755 "the mode of store$directory"; done
expect_equal "$(mode "$BINDERY_STORE/staging")" 700 "the mode of staging"
for blob in "$BINDERY_STORE"/blobs/sha256/*; do expect_equal "$(mode "$blob")" 444 "the mode of $blob"; done

step "the umask"
(umask 077 && "$bindery" put tool --name tool --version 1 --platform any --store private)
expect_equal "$(mode private)" 700 "the mode of a private store"
expect_equal "$(mode private/bindery.db)" 600 "the mode of its index"

step "a link in the place of a part"
cp -a "$BINDERY_STORE" linked
mv linked/blobs/sha256 elsewhere
ln -s "$here/elsewhere" linked/blobs/sha256
expect_status 6 "$bindery" ls --store linked
expect_contains "$errors" "symbolic link"
cp -a "$BINDERY_STORE" linked-index
mv linked-index/bindery.db elsewhere.db
ln -s "$here/elsewhere.db" linked-index/bindery.db
expect_status 6 "$bindery" put tool --name tool --version 2 --platform any --store linked-index
expect_contains "$errors" "symbolic link"

step "a newer format"
cp -a "$BINDERY_STORE" newer
sqlite3 newer/bindery.db 'PRAGMA user_version = 2'
expect_status 6 "$bindery" put tool --name tool --version 2 --platform any --store newer
expect_contains "$errors" "newer Bindery"
expect_status 6 "$bindery" ls --store newer

step "the settings of a store that is there change, each with an event"
(umask 022 && "$bindery" init --store alone >/dev/null)
run "$bindery" put tool --name tool --version 1 --platform any --store alone
run "$bindery" init --shared group --journal rollback --require-seal --store alone
expect_contains "$output" "shared: umask → group"
expect_contains "$output" "journal: wal → rollback"
expect_contains "$output" "require-seal: false → true"
expect_equal "$(stat -c %a alone alone/blobs/sha256 alone/staging alone/bindery.db alone/lock | xargs)" "2775 2775 2770 664 660" "the modes"
run "$bindery" init --shared group --journal rollback --require-seal --store alone
expect_contains "$output" "was there before: nothing has changed"
run "$bindery" init --no-require-seal --store alone --json
expect_equal "$(jq -c .changed <<<"$output")" '[{"from":"true","setting":"require-seal","to":"false"}]' "what changed"
run "$bindery" log --store alone --json
expect_equal "$(jq -r '.events[].event | select(.what == "rule") | .rule + "=" + .value' <<<"$output" | xargs)" \
    "journal=rollback require-seal=true shared=group require-seal=false" "the events"
expect_status 5 "$bindery" init --origin example.org/late --store alone
expect_contains "$errors" "has events under that name"
run "$bindery" verify --store alone

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    step "two members of a group share a store, with the strictest umask"
    bindery=$(for_others "$bindery")
    mkdir shared
    chown 61001:62000 shared
    chmod 2775 shared
    as() { (umask 077 && exec setpriv --reuid="$1" --regid="$1" --groups=62000 env HOME=/nonexistent "${@:2}"); }
    run as 61001 "$bindery" init --store "$here/shared/store"
    run as 61001 "$bindery" put tool --name early --version 1 --platform any --store "$here/shared/store"
    expect_status 6 as 61002 "$bindery" init --shared group --store "$here/shared/store"
    chmod 755 "$here/shared/store"
    expect_status 6 as 61002 "$bindery" init --shared group --store "$here/shared/store"
    run as 61001 "$bindery" init --shared group --store "$here/shared/store"
    expect_contains "$output" "umask → group"
    chmod 644 tool
    head -c 5000 /dev/urandom >other
    chmod 644 other
    run as 61001 "$bindery" put tool --name tool --version 1 --platform any --store "$here/shared/store"
    run as 61002 "$bindery" put other --name other --version 1 --platform any --store "$here/shared/store"
    run as 61002 "$bindery" verify --store "$here/shared/store"
    run as 61001 "$bindery" rm other@1 --store "$here/shared/store"
    run as 61001 "$bindery" gc --grace 0 --store "$here/shared/store"
    expect_contains "$output" "removed 1 blob"
    run as 61002 "$bindery" verify --store "$here/shared/store"
    expect_equal "$(stat -c %g shared/store/blobs/sha256/*)" 62000 "the group of blobs"
    expect_status 6 setpriv --reuid=61003 --regid=61003 --clear-groups env HOME=/nonexistent \
        "$bindery" put tool --name tool --version 2 --platform any --store "$here/shared/store"
fi
