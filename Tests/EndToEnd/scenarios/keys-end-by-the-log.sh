#!/usr/bin/env bash
# Whether a key was valid is judged by the log's leaf that has the statement: what it signed before it ended stays good, what was
# logged later is refused, and without a log only a key that is valid now counts.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

type=https://in-toto.io/attestation/release/v0.1
site() { BINDERY_STORE=$PWD/$1 "$bindery" "${@:2}"; }
now() { date -u +%FT%T.%3NZ; }
release() {
    echo "program $1" >agent
    run "$bindery" put agent --name team/agent --version "$1" --platform linux/amd64
    run "$bindery" seal "team/agent@$1" --key release.key
    run "$bindery" export "team/agent@$1" --key log.key -o "oci-archive:$1.bundle"
}
# trusting SITE [ARGUMENT…]: trusts the release key, and the log's unless NO_LOG is set.
trusting() {
    site "$1" init >/dev/null
    site "$1" key trust release.key.pub --name release --role release --scope 'team/*' "${@:2}" >/dev/null
    [ -n "${NO_LOG:-}" ] || site "$1" key trust log.key.pub --name log --role log >/dev/null
}
accepts() {
    run site "$1" import "oci-archive:$2.bundle"
    run site "$1" attestations "team/agent@$2" --require "$type"
}
refuses() {
    expect_status 4 site "$1" import "oci-archive:$2.bundle"
    expect_contains "$errors" "$3"
    expect_contains "$errors" "is not signed by a key that is trusted for its name"
}

for role in release log; do run "$bindery" key generate "$role.key" --role "$role"; done
run "$bindery" init
run "$bindery" key trust release.key.pub --name release --role release
release 1.0.0
end=$(now)
release 1.1.0

step "a key that expired between two releases"
trusting expired --until "$end"
accepts expired 1.0.0
refuses expired 1.1.0 "'release' was not valid then: the log has this since"
expect_status 3 site expired show team/agent@1.1.0

step "a key that was revoked, since a time between them, and then for all"
trusting revoked
site revoked key revoke release --reason 'the laptop was stolen' --since "$end"
accepts revoked 1.0.0
refuses revoked 1.1.0 "was revoked on"
site revoked key revoke release --reason 'it was stolen long before' --since 2020-01-01
expect_status 1 site revoked attestations team/agent@1.0.0 --require "$type"
expect_contains "$output" "stolen long before"
site revoked key revoke release --reason 'later' --since "$end"
expect_equal "$(site revoked key list --json | jq -r '.keys[] | select(.name == "release") | .revokedReason')" \
    "it was stolen long before" "the earliest end"
expect_status 2 site revoked key revoke release --reason 'later' --since 2999-01-01

step "a key that wasn't valid yet"
trusting later --from "$end"
refuses later 1.0.0 "was not valid then"
accepts later 1.1.0

step "without a log, the key must be valid now"
NO_LOG=1 trusting unlogged --until "$end"
refuses unlogged 1.0.0 "is not valid at this time"
trusting valid --until 2999-01-01
accepts valid 1.0.0

step "verify-bundle knows no end of a key; the store that signed judges by its own log"
run "$bindery" verify-bundle 1.0.0.bundle --key release.key.pub --log-key log.key.pub
run "$bindery" key revoke release --reason 'the laptop was stolen' --since "$end"
run "$bindery" attestations team/agent@1.0.0 --require "$type"
expect_status 1 "$bindery" attestations team/agent@1.1.0 --require "$type"
expect_contains "$output" "the log has this since"

step "an index that was made again says the same"
mv "$BINDERY_STORE/bindery.db" lost.db
rm -f "$BINDERY_STORE"/bindery.db-*
run "$bindery" reindex
run "$bindery" attestations team/agent@1.0.0 --require "$type"
expect_status 1 "$bindery" attestations team/agent@1.1.0 --require "$type"

step "an unsigned release doesn't come in since a key ended"
echo "another program" >agent
BINDERY_STORE=$PWD/stranger "$bindery" put agent --name team/agent --version 2 --platform linux/amd64
site stranger export team/agent@2 -o oci-archive:2.bundle
for name in expired revoked; do
    expect_status 4 site "$name" import oci-archive:2.bundle
    expect_contains "$errors" "--allow-unsigned"
done
