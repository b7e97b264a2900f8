#!/usr/bin/env bash
# What was audited is evaluated again when the store knows more, without the image, which is gone by then; and altered copies are
# found from the release that they come from.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 sqlite3 strip

step "two images that others built: of a program that isn't released yet, and of the same one stripped"
cp "$(command -v busybox || command -v bash)" agent-linux-amd64
mkdir stripped
strip --remove-section=.comment -o stripped/agent-linux-amd64 agent-linux-amd64
printf 'more' >>stripped/agent-linux-amd64
release_file agent >Dockerfile.release
for kind in whole stripped; do
    file=agent-linux-amd64
    [ "$kind" = whole ] || file=stripped/agent-linux-amd64
    BINDERY_STORE=$here/theirs-$kind run "$bindery" put "$file" --name agent --version 1.2.3
    BINDERY_STORE=$here/theirs-$kind run "$bindery" build agent@1.2.3 -f Dockerfile.release -o "oci:$kind:1"
done

step "audited before the release: nobody knows them"
echo other >other
run "$bindery" put other --name other --version 1 --platform any
expect_status 1 "$bindery" audit oci:whole:1
expect_status 1 "$bindery" audit oci:stripped:1
expect_status 1 "$bindery" reaudit
expect_contains "$output" "2 audits made again: 0 changed, 2 unchanged"
rm -r whole stripped

step "released: one is the release, the other an altered copy of it"
put_release agent 1.2.3 agent-linux-amd64
expect_status 1 "$bindery" reaudit --no-record
expect_contains "$output" "2 audits made again: 2 changed"
expect_status 1 "$bindery" reaudit
expect_contains "$output" "oci:whole:1     unknown  exact"
expect_contains "$output" "oci:stripped:1  unknown  mismatch"
expect_status 1 "$bindery" reaudit
expect_contains "$output" "2 audits made again: 0 changed, 2 unchanged"
run "$bindery" reaudit oci:whole:1
expect_status 3 "$bindery" reaudit oci:nobody:1
expect_contains "$errors" "was not audited"
expect_status 2 "$bindery" reaudit --expect agent@1.2.3
# The spelling of before.
run "$bindery" audit --again oci:whole:1
expect_contains "$output" "1 audit made again: 0 changed, 1 unchanged"
expect_status 2 "$bindery" audit --again --expect agent@1.2.3

step "where"
run "$bindery" where agent@1.2.3
expect_contains "$output" "in 1 of 2 audited images"
expect_lacks "$output" "oci:stripped:1"
run "$bindery" where agent@1.2.3 --near
expect_contains "$output" "in 2 of 2 audited images"
expect_contains "$output" "oci:stripped:1"
expect_contains "$output" "same code"
"$bindery" where agent-linux-amd64 --near --json >found.json
expect_equal "$(jq -c '[.found[] | .near.evidence // [] | length > 0]' found.json)" "[false,true]" "what is near"
# The same image as theirs has been audited; one of another time hasn't.
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:1.2.3
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:later --epoch 1
run "$bindery" where agent@1.2.3
expect_contains "$output" "1 image known but not audited"

step "withdrawn: what was exact is so still, and is refused, until it is put again"
expect_status 2 "$bindery" rm agent@1.2.3 --force --reason 'retention: old'
run "$bindery" rm agent@1.2.3 --force --reason 'wrong binary'
removed=$("$bindery" log --limit 1 --json | jq -r '.events[0].event.at[:10]')
expect_status 1 "$bindery" reaudit oci:whole:1
expect_contains "$output" "oci:whole:1"
expect_contains "$output" "1 changed"
expect_status 1 "$bindery" reaudit oci:whole:1
expect_contains "$output" "1 unchanged"
expect_status 1 "$bindery" audit agent:later
expect_contains "$output" "BND061"
expect_contains "$output" "agent 1.2.3 linux/amd64, removed $removed: wrong binary"
digest=$("$bindery" images --json | jq -r '.images[] | select(.references[] == "agent:later") | .digest')
expect_status 1 "$bindery" verifier -name agent:later -digest "$digest"
expect_contains "$output" "BND061"

step "older rules: the records are stale, the gate says so, and images that can be read are read again"
put_release agent 1.2.3 agent-linux-amd64
run "$bindery" audit agent:1.2.3
digest=$("$bindery" images --json | jq -r '.images[] | select(.references[] == "agent:1.2.3") | .digest')
run "$bindery" verifier -name agent:1.2.3 -digest "$digest"
current=$(sqlite3 "$BINDERY_STORE/bindery.db" 'SELECT max(rules) FROM audit')
older_rules() {
    python3 - "$BINDERY_STORE/bindery.db" <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as index:
    index.execute("UPDATE audit SET rules = 2")
    index.execute("UPDATE audit_facts SET rules = 2")
PYTHON
}
older_rules
expect_status 1 "$bindery" verifier -name agent:1.2.3 -digest "$digest"
expect_contains "$output" "was audited by older rules (2, these are $current)"
run "$bindery" verifier -name agent:1.2.3 -digest "$digest" --accept-rules 2
expect_contains "$output" "exact: agent@1.2.3; audited by older rules (2), which --accept-rules accepts"
expect_status 1 "$bindery" reaudit agent:1.2.3
expect_contains "$output" "1 stale"
# The image of the layout `whole` is the one that was built here; the other one is gone.
expect_status 1 "$bindery" reaudit --stale
expect_contains "$output" "1 impossible"
run "$bindery" reaudit agent:1.2.3
run "$bindery" verifier -name agent:1.2.3 -digest "$digest"
