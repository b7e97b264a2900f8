#!/usr/bin/env bash
# A build signs how the image was made and what is in it; an audit checks the signature and derives again what is claimed.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq
python_tools 'securesystemslib[crypto]' in-toto-attestation

for platform in amd64 arm64; do
    echo "agent for $platform" >"agent-$platform"
    run "$bindery" put "agent-$platform" --name team/agent --version 1.2.3 --platform "linux/$platform" --as agent
done
# shellcheck disable=SC2016
printf 'FROM scratch\nARG TARGETPLATFORM\nCOPY --chmod=755 $TARGETPLATFORM/agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
for role in builder release; do run "$bindery" key generate "$role.key" --role "$role"; done
build() { "$bindery" build team/agent@1.2.3 -f Dockerfile.release -t team/agent:1.2.3 "$@"; }
audit() { "$bindery" audit team/agent:1.2.3 --require-attestation "$@"; }

step "without a key nothing is signed, and nothing counts"
run build --json
expect_equal "$(jq .attested <<<"$output")" null "no statements"
expect_status 2 build --attest
expect_status 2 build --builder-id https://example.com/ci
expect_status 1 audit containment
expect_contains "$output" BND067

step "built and signed: the same build says the same"
digest=$("$bindery" images --json | jq -r '.images[0].digest')
run build --attest --key builder.key --builder-id https://example.com/ci --json
expect_equal "$(jq -c .attested <<<"$output")" \
    '["https://slsa.dev/provenance/v1","https://bindery.dev/predicates/containment/v1"]' "both statements"
expect_equal "$(jq -r .digest <<<"$output")" "$digest" "a signature changes no byte of the image"
export BINDERY_BUILDER_KEY=$here/builder.key BINDERY_BUILDER_ID=https://example.com/ci
run build --json
expect_equal "$(jq -c .attested <<<"$output")" '[]' "the same statements are kept once"
unset BINDERY_BUILDER_KEY BINDERY_BUILDER_ID

step "an audit checks signature and claims"
expect_status 1 audit containment
expect_contains "$output" "not trusted"
expect_status 1 audit containment --trust release.key.pub
run audit containment --trust builder.key.pub
expect_contains "$errors" "its signature, and what it claims"
run "$bindery" key trust builder.key.pub --name ci --role builder --scope 'team/*'
run audit containment --require-attestation provenance --trust ci
run audit containment --json
expect_equal "$(jq -r .verdict <<<"$output")" exact "the verdict"
run "$bindery" key trust release.key.pub --name ours --role release
expect_status 1 audit https://example.com/load-test/v1
expect_contains "$output" "there is none"
expect_status 2 "$bindery" audit team/agent:1.2.3 --trust ci
expect_status 2 audit containment --platform linux/amd64
expect_status 2 audit containmnet
run "$bindery" reaudit

step "from the other end, and for one platform's manifest"
run "$bindery" attestations team/agent:1.2.3 -o proofs
statements() { python3 "$E2E_ROOT/Tests/EndToEnd/lib/statements.py" "$@"; }
run statements verify builder.key.pub proofs/*.json
expect_equal "$(sort <<<"$output")" $'https://bindery.dev/predicates/containment/v1\nhttps://slsa.dev/provenance/v1' "what securesystemslib verifies"
expect_status 1 statements verify release.key.pub proofs/*.json
for file in proofs/*.json; do
    if jq -r .dsseEnvelope.payload "$file" | base64 -d | grep -q containment/v1; then containment=$file; fi
done
statement() { jq -r .dsseEnvelope.payload "$containment" | base64 -d; }
expect_contains "$(statement | jq -r '.subject[].digest.sha256')" "$(digest_of agent-arm64 | cut -c8-)"
expect_equal "$(statement | jq -c '[.predicate.platforms[].files[] | [.path, .mode, .layer, .release.platform]]')" \
    '[["/agent","0755",0,"linux/amd64"],["/agent","0755",0,"linux/arm64"]]' "the claims"
statement | jq .predicate >predicate.json
python3 - "$E2E_ROOT/docs/predicates/containment.schema.json" predicate.json <<'PYTHON'
import json, re, sys
schema, value = (json.load(open(path)) for path in sys.argv[1:])
def check(rule, value, place):
    rule = schema["$defs"]["digest"] if "$ref" in rule else rule
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    assert isinstance(value, kinds[rule["type"]]), place
    if "pattern" in rule: assert re.search(rule["pattern"], value), (place, value)
    for name in rule.get("required", []): assert name in value, (place, name)
    for name, part in rule.get("properties", {}).items(): check(part, value[name], f"{place}.{name}")
    if rule["type"] == "object": assert set(value) == set(rule["properties"]), place
    for number, part in enumerate(value if rule["type"] == "array" else []): check(rule["items"], part, f"{place}[{number}]")
check(schema, value, "predicate")
PYTHON
run "$bindery" copy team/agent:1.2.3 oci:layout:1.2.3
run "$bindery" audit oci:layout:1.2.3 --require-attestation containment
run "$bindery" copy team/agent:1.2.3 oci:arm:1.2.3 --platform linux/arm64
run "$bindery" audit oci:arm:1.2.3 --require-attestation containment --attestation "$containment"

step "an audit that passed is signed, and no other"
run "$bindery" key generate audit.key --role audit
expect_status 2 audit containment --trust builder.key.pub --attest
expect_status 2 "$bindery" audit team/agent:1.2.3 --attest --key audit.key --no-record
expect_status 2 "$bindery" audit team/agent:1.2.3 --attest-to summaries
run "$bindery" audit oci:layout:1.2.3 --attest --key audit.key --attest-to summaries --verifier-id https://example.com/auditor
expect_contains "$errors" "signed, by"
run "$bindery" audit oci:layout:1.2.3 --attest --key audit.key --attest-to summaries --verifier-id https://example.com/auditor
expect_contains "$errors" "was signed already"
summary=summaries/${digest#sha256:}.vsa
jq -r .payload "$summary.intoto.jsonl" | base64 -d >payload
expect_equal "$(jq -c '[.predicateType, .predicate.verificationResult, .predicate.verifiedLevels, .predicate.verifier.id, (.subject | length)]' payload)" \
    '["https://slsa.dev/verification_summary/v1","PASSED",["BINDERY_EXACT"],"https://example.com/auditor",3]' "the summary"
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(stat -c %s payload)"; cat payload; } >message
jq -r '.signatures[0].sig' "$summary.intoto.jsonl" | base64 -d >signature
run openssl dgst -sha256 -verify audit.key.pub -signature signature message
run statements verify audit.key.pub "$summary.intoto.jsonl" "$summary.sigstore.json"
expect_status 1 statements verify builder.key.pub "$summary.intoto.jsonl"
expect_status 1 audit vsa --trust builder.key.pub
run audit vsa --trust audit.key.pub
expect_contains "$errors" "its signature, and what it claims"
run "$bindery" key trust audit.key.pub --name auditor --role audit
run "$bindery" attestations team/agent:1.2.3 --require https://slsa.dev/verification_summary/v1 \
    --require https://bindery.dev/predicates/containment/v1
echo '{"verificationResult": "FAILED"}' >failed.json
expect_status 2 "$bindery" attest team/agent:1.2.3 --type https://slsa.dev/verification_summary/v1 --predicate failed.json --key audit.key
expect_contains "$errors" "never signed"
expect_status 2 "$bindery" attest team/agent:1.2.3 --type https://bindery.dev/predicates/revocation/v1 --predicate failed.json --key release.key
printf 'FROM scratch\nCOPY agent /agent\n' >Dockerfile.other
run "$bindery" build team/agent@1.2.3 -f Dockerfile.other -t other:1 --platform linux/amd64
run "$bindery" revoke team/agent@1.2.3 --deny --reason broken
expect_status 1 "$bindery" audit other:1 --attest --key audit.key --attest-to refused
expect_contains "$errors" "nothing was signed"
expect_equal "$(ls refused 2>/dev/null)" "" "no file"
run "$bindery" revoke team/agent@1.2.3 --lift --reason mended

step "false claims, each signed by the trusted key"
# claims FILTER: a bundle of the statement after a change, signed by OpenSSL.
claims() {
    statement | jq -c "$1" | tr -d '\n' >payload
    python3 - "$containment" <<'PYTHON'
import base64, json, subprocess, sys
bundle, payload = json.load(open(sys.argv[1])), open("payload", "rb").read()
message = b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload
signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", "builder.key"], input=message, capture_output=True, check=True).stdout
bundle["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
bundle["dsseEnvelope"]["signatures"][0]["sig"] = base64.b64encode(signature).decode()
json.dump(bundle, open("false.json", "w"))
PYTHON
}
# The kept statement goes, so that only the given one can count.
python3 - "$BINDERY_STORE/bindery.db" <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as index:
    index.execute("PRAGMA foreign_keys = ON")
    index.execute("DELETE FROM attestation")
PYTHON
claims .
run audit containment --attestation false.json
other=sha256:$(printf x | sha256sum | cut -c1-64)
while IFS='|' read -r filter words; do
    claims "$filter"
    expect_status 1 audit containment --attestation false.json
    expect_contains "$output" "$words"
done <<EOF
.predicate.platforms[0].files[0].digest = "$other"|/agent has the digest
.predicate.platforms[0].files[0].path = "/other"|has no file /other
.predicate.platforms[0].files[0].mode = "0644"|another layer, or has another mode
.predicate.platforms[0].files[0].layer = 1|another layer, or has another mode
.predicate.platforms[0].files[0].diffID = "$other"|another layer, or has another mode
.predicate.platforms[0].files[0].release.version = "1.2.4"|not what it says it was released as
.predicate.platforms[0].manifest = "$other"|the image has no manifest
.predicate.platforms[0].platform = "linux/s390x"|is for linux/amd64
.predicate.platforms[1] = .predicate.platforms[0]|twice
del(.predicate.platforms[1])|doesn't speak of linux/arm64
.predicate.platforms = []|claims nothing
.predicate.platforms[].files = []|claims nothing
del(.predicate.image)|claims nothing
.subject += [{"name": "more", "digest": {"sha256": "${other#sha256:}"}}]|its subject more is not in the image
.subject = .subject[1:]|it is about something else
EOF
claims .
sed -i 's/"payloadType": *"/&x/' false.json
expect_status 1 audit containment --attestation false.json
run "$bindery" key revoke ci --reason stolen
claims .
expect_status 1 audit containment --attestation false.json
expect_contains "$output" "was revoked"
