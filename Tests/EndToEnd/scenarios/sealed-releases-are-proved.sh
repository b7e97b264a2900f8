#!/usr/bin/env bash
# A sealed release takes no file any more; its signed statement is checked by OpenSSL with the public key alone, and by
# bindery against the keys that the store trusts. Libraries of in-toto and TUF read it, too.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq
python_tools 'securesystemslib[crypto]' in-toto-attestation

for platform in amd64 arm64; do echo "agent for $platform, and what makes it longer" >"agent-$platform"; done
put() { "$bindery" put "agent-$1" --name team/agent --version "$2" --platform "linux/$1"; }
run put amd64 1.2.3

# openssl_verifies BUNDLE PUBLIC-KEY: DSSE by its specification, and OpenSSL.
openssl_verifies() {
    python3 - "$1" <<'PYTHON'
import base64, json, sys
envelope = json.load(open(sys.argv[1]))["dsseEnvelope"]
payload, kind = base64.b64decode(envelope["payload"], validate=True), envelope["payloadType"].encode()
open("message", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
open("signature", "wb").write(base64.b64decode(envelope["signatures"][0]["sig"], validate=True))
PYTHON
    openssl dgst -sha256 -verify "$2" -signature signature message
}

step "keys"
run "$bindery" key generate release.key --role release
expect_equal "$(stat -c %a release.key)" 600 "the private key's mode"
expect_equal "$(openssl pkey -in release.key -pubout)" "$(cat release.key.pub)" "OpenSSL's public half"
expect_contains "$output" "sha256:$(openssl pkey -in release.key -pubout -outform DER | openssl dgst -sha256 -r | cut -c1-64)"
expect_status 5 "$bindery" key generate release.key --role release
echo 'a passphrase' >passphrase
run "$bindery" key generate closed.key --role log --passphrase-file passphrase
run openssl pkey -in closed.key -passin pass:'a passphrase' -noout
expect_status 2 "$bindery" key show closed.key
expect_contains "$errors" "no passphrase"
expect_status 2 env BINDERY_KEY_PASSPHRASE=wrong "$bindery" key show closed.key
run env BINDERY_KEY_PASSPHRASE='a passphrase' "$bindery" key show closed.key
openssl ecparam -name prime256v1 -genkey -out old.pem 2>/dev/null
run "$bindery" key import old.pem -o imported.key --role release
expect_equal "$(openssl pkey -in old.pem -pubout)" "$(cat imported.key.pub)" "the imported key"
openssl genrsa -out rsa.pem 2>/dev/null
expect_status 2 "$bindery" key import rsa.pem -o rsa.key --role release
[ ! -e rsa.key ] || fail "a key of another kind was written"

step "incomplete, and then sealed"
expect_status 3 "$bindery" seal team/agent@1.2.3 --require linux/amd64,linux/arm64 --require-file LICENSE
expect_contains "$errors" "linux/arm64, LICENSE"
expect_status 5 "$bindery" attestations team/agent@1.2.3
run put arm64 1.2.3
run "$bindery" export team/agent@1.2.3 -o oci:bundle
digest=${output%% *}
run "$bindery" seal team/agent@1.2.3 --require linux/amd64,linux/arm64 --key release.key --json
expect_equal "$(jq -r .digest <<<"$output")" "$digest" "the digest of the release's index"
expect_equal "$(jq .isNew <<<"$output")" true "sealed now"
echo other >agent-riscv64
expect_status 5 put riscv64 1.2.3
expect_contains "$errors" "team/agent@1.2.3 is sealed"
run put amd64 1.2.3
run "$bindery" seal team/agent@1.2.3 --json
expect_equal "$(jq .isNew <<<"$output")" false "sealed before"
run "$bindery" verify

step "checked by OpenSSL"
run "$bindery" attestations team/agent@1.2.3 -o proofs
expect_contains "$output" "is not trusted"
bundle=$(echo proofs/*.sigstore.json)
expect_equal "$(jq -c '[.verificationMaterial.tlogEntries, (.dsseEnvelope.signatures | length)]' "$bundle")" '[[],1]' "its form"
run openssl_verifies "$bundle" release.key.pub
expect_status 1 openssl_verifies "$bundle" imported.key.pub
subjects=$(jq -r .dsseEnvelope.payload "$bundle" | base64 -d | jq -r '.subject[].digest.sha256')
statements() { python3 "$E2E_ROOT/Tests/EndToEnd/lib/statements.py" "$@"; }
run statements verify release.key.pub "$bundle"
expect_equal "$output" https://in-toto.io/attestation/release/v0.1 "what in-toto-attestation reads"
expect_status 1 statements verify imported.key.pub "$bundle"
expect_equal "$subjects" "$(printf '%s\n' "${digest#sha256:}" \
    "$(digest_of agent-amd64 | cut -c8-)" "$(digest_of agent-arm64 | cut -c8-)")" "what it is about"

step "checked by bindery: role, scope, time, revocation"
type=https://in-toto.io/attestation/release/v0.1
require_it() { "$bindery" attestations team/agent@1.2.3 --require "$type"; }
expect_status 1 require_it
run "$bindery" key trust release.key.pub --name ours --role release --scope 'team/*'
run require_it
expect_contains "$output" ours
run "$bindery" key trust imported.key.pub --name elsewhere --role release --scope 'other/*'
run "$bindery" seal team/agent@1.2.3 --key imported.key
run "$bindery" attestations team/agent@1.2.3 --json
expect_equal "$(jq -c '[.attestations[].verifiedBy]' <<<"$output")" '["ours",null]' "who counts"
expect_contains "$output" "doesn't speak of team/agent"
run "$bindery" seal team/agent@1.2.3 --key release.key
run "$bindery" attestations team/agent@1.2.3 --json
expect_equal "$(jq '.attestations | length' <<<"$output")" 2 "the same statement by the same key, once"
run "$bindery" key revoke ours --reason 'it is not used any more'
run require_it
expect_contains "$output" ours
run "$bindery" key revoke ours --reason 'the laptop was stolen' --since 2020-01-01
expect_status 1 require_it
expect_contains "$output" "the laptop was stolen"
expect_status 5 "$bindery" key trust release.key.pub --name again --role release
run "$bindery" seal team/agent@1.2.3 --key release.key
expect_contains "$errors" "what is signed now counts for nothing in this store: 'ours' was revoked"
run "$bindery" key list --json
expect_equal "$(jq -c '[.keys[] | [.name, .revokedReason]]' <<<"$output")" \
    '[["elsewhere",null],["ours","the laptop was stolen"]]' "the list"

step "a program that signs, and what it may not do"
run "$bindery" key generate hsm.key --role release
cat >signer <<'SCRIPT'
#!/bin/sh
[ "$BINDERY_SIGN_ROLE" = release ] || exit 9
cat >message.$$
[ "$(sha256sum <message.$$ | cut -c1-64)" = "$BINDERY_SIGN_SHA256" ] || exit 8
openssl dgst -sha256 -sign "$1" message.$$ | base64
SCRIPT
chmod +x signer
run put amd64 2.0.0
with_signer() { "$bindery" seal team/agent@2.0.0 --signer "$here/signer" --signer-arg "$1" --signer-key hsm.key.pub; }
expect_status 6 with_signer release.key
expect_contains "$errors" "isn't a signature of the key"
expect_status 6 with_signer nothing.key
expect_status 5 "$bindery" attestations team/agent@2.0.0
run with_signer hsm.key
run "$bindery" key trust hsm.key.pub --name hsm --role release
run "$bindery" attestations team/agent@2.0.0 --require "$type"

step "a key that is trusted in one role signs in no other"
echo '{"builder":{"id":"https://example.com/ci"}}' >built.json
as_builder() {
    "$bindery" attest team/agent@2.0.0 --type https://slsa.dev/provenance/v1 --predicate built.json "$@"
}
plain_signer() {
    cat >plain <<'SCRIPT'
#!/bin/sh
cat >message.$$
openssl dgst -sha256 -sign "$1" message.$$
SCRIPT
    chmod +x plain
}
plain_signer
expect_status 2 as_builder --signer "$here/plain" --signer-arg hsm.key --signer-key hsm.key.pub
expect_contains "$errors" "the trusted key hsm is a key of the role release, and one of the role builder is needed"
# A key that another program made has no line that says its role.
openssl pkey -in hsm.key -out bare.key
expect_status 2 as_builder --key bare.key
expect_contains "$errors" "role release"
{ echo 'bindery key of the role audit' && cat hsm.key.pub; } >marked.pub
run "$bindery" key generate other.key --role builder
expect_status 2 as_builder --signer "$here/plain" --signer-arg hsm.key --signer-key marked.pub
expect_contains "$errors" "marked.pub is a key of the role audit"
run as_builder --signer "$here/plain" --signer-arg other.key --signer-key other.key.pub

step "a statement of one's own"
echo '{"result":"passed","runs":100}' >load.json
attest() { "$bindery" attest team/agent@2.0.0 --type https://example.com/load-test/v1 --predicate load.json "$@"; }
expect_status 2 attest
run attest --key hsm.key
run "$bindery" attestations team/agent@2.0.0 --require https://example.com/load-test/v1
echo '{"a":1,"a":2}' >load.json
expect_status 2 attest --key hsm.key
expect_contains "$errors" "twice"

step "what was removed comes back, and nothing else"
run "$bindery" rm team/agent@2.0.0
expect_status 5 put arm64 2.0.0
run put amd64 2.0.0
run "$bindery" attestations team/agent@2.0.0 --require "$type"
run "$bindery" rm team/agent@1.2.3 --platform linux/arm64
run "$bindery" export team/agent@1.2.3 -o oci:less
expect_contains "$errors" "team/agent@1.2.3 lacks files that were removed since it was sealed"
run put arm64 1.2.3
run "$bindery" export team/agent@1.2.3 -o oci:whole
expect_equal "$errors" "" "nothing is missing"

step "sha256sum reads the checksums"
run "$bindery" get team/agent@1.2.3 --all -o out
run "$bindery" checksums team/agent@1.2.3
printf '%s\n' "$output" >SHA256SUMS
(cd out && run sha256sum --strict -c ../SHA256SUMS)
run "$bindery" put "agent-amd64" --name odd --version 1 --platform any --file-name 'back\slash'
run "$bindery" checksums odd@1
printf '%s\n' "$output" >SHA256SUMS
cp agent-amd64 'back\slash'
run sha256sum --strict -c SHA256SUMS

step "a store that takes sealed releases only"
printf 'FROM scratch\nCOPY agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
run put amd64 3.0.0
run "$bindery" context team/agent@3.0.0 --platform linux/amd64 --dry-run
expect_contains "$errors" "3.0.0 is not sealed, and other releases of team/agent are"
run "$bindery" init --require-seal
for command in "context team/agent@3.0.0 --platform linux/amd64" "build team/agent@3.0.0 --platform linux/amd64" \
    "export team/agent@3.0.0 -o oci:none"; do
    # shellcheck disable=SC2086
    expect_status 5 "$bindery" $command
    expect_contains "$errors" "takes sealed releases only"
done
run "$bindery" build team/agent@2.0.0 --platform linux/amd64 -t agent:2
run "$bindery" init --no-require-seal
run "$bindery" build team/agent@3.0.0 --platform linux/amd64
run "$bindery" log --json --limit 100
expect_equal "$(jq '[.events[].event | select(.what == "rule").value]' -c <<<"$output")" '["true","false"]' "the events"
run "$bindery" verify
