#!/usr/bin/env bash
# A bundle carries signatures, marks and proofs of the log; another store takes what its keys vouch for, and refuses what is
# unsigned, altered, rolled back or forked. One file and public keys are enough to check it, without a store or a network.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

for name in agent other; do echo "$name, and what makes it longer" >"$name"; done
main=$BINDERY_STORE
site() { BINDERY_STORE=$PWD/$1 "$bindery" "${@:2}"; }
export -f site
put() { "$bindery" put "$1" --name "team/$1" --version "$2" --platform linux/amd64; }
events() { site "$1" log --limit 1 --json | jq '.events[0].sequence'; }

step "without keys and statements a bundle is what it was"
run put agent 1.0.0
run "$bindery" export team/agent@1.0.0 -o oci-archive:plain
run "$bindery" export team/agent@1.0.0 -o oci-archive:without --no-proofs
run cmp plain without

step "a signed release, and its log"
for role in release log; do run "$bindery" key generate "$role.key" --role "$role"; done
run "$bindery" key generate unknown.key --role release
run "$bindery" key generate unknown-log.key --role log
run "$bindery" key trust release.key.pub --name release --role release
run "$bindery" seal team/agent@1.0.0 --key release.key
run "$bindery" export team/agent@1.0.0 -o oci-archive:signed --key log.key
run "$bindery" export team/agent@1.0.0 -o oci-archive:without --no-proofs
run cmp plain without
expect_status 2 "$bindery" export team/agent@1.0.0 -o oci-archive:- --key log.key --no-proofs
cp -r "$main" forked

step "checked by public keys alone, with no network"
run unshare -n env -u BINDERY_STORE HOME=/nonexistent "$bindery" verify-bundle signed --key release.key.pub --log-key log.key.pub --json
expect_equal "$(jq -c '[.parts[] | .name, .signers, .sealed, .log.entries, .problems]' <<<"$output")" \
    '["team/agent@1.0.0",["release.key.pub"],true,3,[]]' "what was proved"
run "$bindery" verify-bundle signed
expect_contains "$output" "not trusted here"
expect_status 1 "$bindery" verify-bundle signed --key unknown.key.pub
expect_status 1 "$bindery" verify-bundle signed --log-key unknown-log.key.pub
expect_status 1 "$bindery" verify-bundle plain --key release.key.pub
run "$bindery" verify-bundle plain

step "a site that trusts nobody takes the files, and keeps the statement"
run site nobody import oci-archive:signed
expect_contains "$errors" "not trusted here"
expect_equal "$(site nobody ls --json | jq -r '.releases[].version')" 1.0.0 "the release"
run site nobody put other --name team/agent --version 1.0.0 --platform any

step "a site that trusts the keys gets a sealed release"
trusting() {
    site "$1" init >/dev/null
    site "$1" key trust release.key.pub --name release --role release --scope 'team/*' >/dev/null
    site "$1" key trust log.key.pub --name log --role log >/dev/null
}
trusting one
run site one import oci-archive:signed
expect_status 5 site one put other --name team/agent --version 1.0.0 --platform any
expect_contains "$errors" "is sealed"
run site one attestations team/agent@1.0.0 --require https://in-toto.io/attestation/release/v0.1
before=$(events one)
run site one import oci-archive:signed
expect_equal "$(events one)" "$before" "importing again is not an event"
run site one verify
run site one log verify

step "what isn't signed is refused in a trusted key's scope"
run put agent 1.1.0
run "$bindery" export team/agent@1.1.0 -o oci-archive:unsigned
expect_status 4 site one import oci-archive:unsigned
expect_contains "$errors" "--allow-unsigned"
expect_equal "$(events one)" "$before" "nothing was imported"
run "$bindery" put other --name elsewhere --version 1 --platform any
run "$bindery" export elsewhere@1 -o oci-archive:elsewhere
run site one import oci-archive:elsewhere
run site one import oci-archive:unsigned --allow-unsigned
expect_equal "$(site one log team/agent --json | jq -c '[.events[].event | select(.unsigned) | .version]')" '["1.1.0"]' "the log"

step "marks travel, and don't come back once they are lifted"
run "$bindery" revoke team/agent@1.0.0 --deny --reason 'it leaks' --key release.key
run "$bindery" export team/agent@1.0.0 -o oci-archive:marked --key log.key
run site one import oci-archive:marked
expect_equal "$(site one ls --json | jq -r '.releases[] | select(.version == "1.0.0") | .revocation.level')" denied "the mark"
run site one revoke team/agent@1.0.0 --lift --reason 'not here'
run site one import oci-archive:marked
expect_equal "$(site one ls --json | jq -r '.releases[] | select(.version == "1.0.0") | .revocation')" null "the mark, lifted"
run "$bindery" revoke team/agent@1.0.0 --lift --reason 'a false alarm' --key release.key
run "$bindery" export team/agent@1.0.0 -o oci-archive:lifted --key log.key
run "$bindery" revoke team/agent@1.0.0 --deny --reason 'it leaks' --key release.key
run "$bindery" export team/agent@1.0.0 -o oci-archive:marked-again --key log.key
run site one import oci-archive:marked-again
expect_equal "$(site one ls --json | jq -r '.releases[] | select(.version == "1.0.0") | .revocation.level')" denied "the same words again"
trusting own
run site own import oci-archive:lifted --no-proofs --allow-unsigned
run site own revoke team/agent@1.0.0 --deny --reason 'not with us'
run site own import oci-archive:lifted
expect_contains "$errors" "doesn't count: it is older"
expect_equal "$(site own ls --json | jq -r '.releases[] | select(.version == "1.0.0") | .revocation.level')" denied "after an older lift"
run site nobody import oci-archive:marked
expect_contains "$errors" "it leaks"
expect_equal "$(site nobody ls --json | jq -r '.releases[].revocation')" null "a mark by an unknown key"

step "a log that is rolled back or forked is refused"
before=$(events one)
trusting two
run site two import oci-archive:marked-again
before=$(events two)
expect_status 4 site two import oci-archive:signed
expect_contains "$errors" "rolled back"
# The other future of the log: as many events, with another one among them.
BINDERY_STORE=$PWD/forked
count=0
while [ "$(site forked log --limit 1 --json | jq '.events[0].sequence')" -lt "$("$bindery" log --store "$main" --limit 1 --json | jq '.events[0].sequence')" ]; do
    count=$((count + 1))
    run "$bindery" put other --name more --version "$count" --platform any
done
run "$bindery" export team/agent@1.0.0 -o oci-archive:other-future --key log.key
BINDERY_STORE=$main
expect_status 4 site two import oci-archive:other-future
expect_contains "$errors" "forked"
expect_equal "$(events two)" "$before" "nothing was imported"
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >kept
run "$bindery" export team/agent@1.0.0 -o oci-archive:later --key log.key
run site two import oci-archive:later
run "$bindery" verify-bundle later --log-key log.key.pub --since kept
expect_status 4 "$bindery" verify-bundle signed --log-key log.key.pub --since kept
run site far put other --name other --version 1 --platform any
run site far log checkpoint --key log.key
printf '%s\n' "$output" >kept-elsewhere
expect_status 1 "$bindery" verify-bundle later --log-key log.key.pub --since kept-elsewhere
expect_contains "$output" "no --since is of its log"
run "$bindery" verify-bundle later --log-key log.key.pub --since kept-elsewhere --since kept

step "sixty alterations and more, each refused with its own message, and the store unchanged"
trusting three
before=$(events three)
run "$bindery" export team/agent@1.0.0 -o oci:bundle --key log.key
run "$bindery" put other --name team/other --version 1 --platform any
run "$bindery" seal team/other@1 --key release.key
run "$bindery" revoke team/other@1 --reason 'another mark' --key release.key
run "$bindery" export team/other@1 -o oci:bundle2 --key log.key
run python3 "$E2E_ROOT/Tests/EndToEnd/lib/altered_bundles.py" "$bindery" bundle bundle2 "$PWD/three"
expect_equal "$(events three)" "$before" "nothing was imported"
run site three import oci:bundle
