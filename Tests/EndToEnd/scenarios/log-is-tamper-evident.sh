#!/usr/bin/env bash
# The log is a Merkle tree over the events: its checkpoints are checked with OpenSSL and a tree of Python's own, and all that
# is written of it by Go's sumdb; whatever is changed in the index behind the program's back is named.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq sqlite3 go

run "$bindery" init --origin example.org/bindery
for version in 1 2 3 4 5 6 7; do
    echo "version $version, and what makes it longer" >agent
    run "$bindery" put agent --name agent --version "$version" --platform any
done

step "a checkpoint, checked by others"
run "$bindery" key generate log.key --role log
expect_status 2 "$bindery" log checkpoint
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >checkpoint
run "$bindery" log tiles -o tiles
cat >check.py <<'PYTHON'
# The root of the entries by RFC 6962's definition, and the note's signature by OpenSSL.
import base64, hashlib, subprocess, sys
def leaf(data): return hashlib.sha256(b"\0" + data).digest()
def root(leaves):
    if len(leaves) == 1: return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()
text, signatures = open("checkpoint", encoding="utf-8").read().split("\n\n")
origin, size, wanted = text.split("\n")
entries, leaves = open(f"tiles/tile/entries/000.p/{size}", "rb").read(), []
while entries:
    count = int.from_bytes(entries[:2], "big")
    leaves.append(leaf(entries[2:2 + count]))
    entries = entries[2 + count:]
assert len(leaves) == int(size), "another number of entries"
assert base64.b64encode(root(leaves)).decode() == wanted, "another root"
assert b"".join(leaves) == open(f"tiles/tile/0/000.p/{size}", "rb").read(), "another tile"
dash, name, signature = signatures.strip().split(" ")
assert (dash, name) == ("\u2014", origin)
open("message", "w", encoding="utf-8").write(text + "\n")
open("signature", "wb").write(base64.b64decode(signature)[4:])
subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "log.key.pub", "-rawin", "-in", "message",
                "-sigfile", "signature"], check=True)
PYTHON
run python3 check.py

step "it stays true while the store grows"
echo other >agent
run "$bindery" put agent --name agent --version 8 --platform any
run "$bindery" seal agent@8
run "$bindery" log verify --since checkpoint --log-key log.key.pub
expect_status 2 "$bindery" log verify --since checkpoint
run "$bindery" key trust log.key.pub --name log --role log
run "$bindery" log verify --since checkpoint
run "$bindery" log prove 3 --json
expect_equal "$(jq -r .leaf <<<"$output" | jq -r .version)" 3 "the leaf"
run "$bindery" key generate other.key --role log
expect_status 4 "$bindery" log verify --since checkpoint --log-key other.key.pub

step "checked by Go's sumdb"
run env GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$PWD/cache" go build -o sumdb "$E2E_ROOT/Tests/EndToEnd/lib/sumdb/main.go"
seq 300 | while read -r number; do echo "$number" >"file-$number"; done
run "$bindery" put file-* --name-pattern '{name}' --version 1 --platform any
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >large
size=$(sed -n 2p large)
run "$bindery" log tiles -o many
for number in 1 7 256 257 "$size"; do
    "$bindery" log prove "$number" --json >"proof-$number"
done
run "$bindery" put agent --name agent --version 9 --platform any
run "$bindery" log checkpoint --key log.key --old "$size"
printf '%s\n' "$output" >request
run "$bindery" key show log.key.pub --name example.org/bindery --json
verifier=$(jq -r .logVerifier <<<"$output")
run ./sumdb "$verifier" large many request proof-*
expect_equal "$output" "$size entries, consistent with $((size + 1)), 5 proofs" "what was checked"
sed 's/"version\\":\\"1/"version\\":\\"2/' proof-1 >altered
expect_status 1 ./sumdb "$verifier" large many request altered
sed '2s/^./x/' request >altered
expect_status 1 ./sumdb "$verifier" large many altered
run "$bindery" log agent --json
expect_equal "$(jq '.events | length' <<<"$output")" 10 "events of a name"

# tampered SQL: what verify says of a copy of the store that was changed so.
tampered() {
    rm -rf changed
    cp -a store changed
    sqlite3 changed/bindery.db "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted; $1"
    expect_status 4 "$bindery" verify --store changed
    expect_status 4 "$bindery" log verify --since checkpoint --log-key log.key.pub --store changed
}

step "what is changed is named"
tampered "UPDATE event SET body = replace(body, '\"3\"', '\"33\"') WHERE sequence = 3"
expect_contains "$output" "event 3 is not the one that was logged"
expect_contains "$output" "the given checkpoint of 7 events has another root"
tampered "DELETE FROM event WHERE sequence = 4"
expect_contains "$output" "event 4 is missing"
tampered "DELETE FROM event WHERE sequence > 6"
expect_contains "$output" "it was cut, or restored from a backup"
tampered "UPDATE log_hash SET hash = zeroblob(32) WHERE level = 0 AND position = 5"
expect_contains "$output" "event 6"

step "an old backup that was restored"
rm -rf old
mkdir old
run "$bindery" put agent --name agent --version 1 --platform any --store old
expect_status 4 "$bindery" log verify --since checkpoint --log-key log.key.pub --store old
expect_contains "$output" "is of the log 'example.org/bindery'"
expect_status 5 "$bindery" init --origin example.org/other
