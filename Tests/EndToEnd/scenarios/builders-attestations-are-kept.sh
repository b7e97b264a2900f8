#!/usr/bin/env bash
# A builder's own attestation goes in with the file that it is about, in each form that builders write, and stays as it was;
# who vouches for it is shown, a policy counts only what a trusted key signed, and a bundle carries it on.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq openssl
python_tools 'securesystemslib[crypto]' in-toto-attestation

for name in agent other; do echo "$name, and what makes it longer" >"$name"; done
put() { "$bindery" put agent --name team/agent --platform linux/amd64 --version "$@"; }
site() { BINDERY_STORE=$PWD/$1 "$bindery" "${@:2}"; }

step "attestations as builders write them, signed by OpenSSL"
for name in builder github; do openssl ecparam -name prime256v1 -genkey -noout -out "$name.pem" 2>/dev/null; done
openssl pkey -in builder.pem -pubout -out builder.pub
cat >sign.py <<'PYTHON'
import base64, hashlib, json, subprocess, sys
form, path, target = sys.argv[1:]
digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
v1 = form != "old"
predicate = {"runDetails": {"builder": {"id": "https://ci.example/builder"}}} if v1 else {"builder": {"id": "https://ci.example/builder"}}
statement = json.dumps({
    "_type": "https://in-toto.io/Statement/v1" if v1 else "https://in-toto.io/Statement/v0.1",
    "subject": [{"name": path, "digest": {"sha256": digest, "sha512": "00"}}],
    "predicateType": "https://slsa.dev/provenance/" + ("v1" if v1 else "v0.2"), "predicate": predicate,
}, indent=1).encode()
kind = b"application/vnd.in-toto+json"
message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(statement), statement)
signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", "github.pem" if form == "github" else "builder.pem"], input=message, capture_output=True, check=True).stdout
text = lambda data: base64.b64encode(data).decode()
envelope = {"payloadType": kind.decode(), "payload": text(statement), "signatures": [{"keyid": "", "sig": text(signature)}]}
if form == "github":
    material = {"certificate": {"rawBytes": "AAAA"}, "tlogEntries": [{"logIndex": "1"}], "timestampVerificationData": {}}
    del envelope["signatures"][0]["keyid"]
    bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material, "dsseEnvelope": envelope}
    document = {"attestations": [{"repository_id": 1, "bundle": bundle}]}
else:
    document = envelope
open(target, "w").write(json.dumps(document) + "\n")
PYTHON
python3 sign.py new agent agent.intoto.jsonl
python3 sign.py old agent old.intoto.jsonl
python3 sign.py github agent github.json
python3 sign.py new other other.intoto.jsonl

step "one of another file is refused, and so is what is none"
expect_status 4 put 1.0.0 --provenance other.intoto.jsonl
expect_contains "$errors" "$(digest_of agent)"
expect_status 4 put 1.0.0 --provenance agent
expect_contains "$errors" "agent can't be used"
expect_status 3 "$bindery" show team/agent@1.0.0
expect_status 2 put 1.0.0 --provenance agent.intoto.jsonl --dry-run

step "kept, and unverified until a key is trusted"
run put 1.0.0 --provenance agent.intoto.jsonl --provenance other.intoto.jsonl
expect_contains "$output" "unverified: no trusted key signed it"
run "$bindery" show team/agent@1.0.0
expect_contains "$output" "https://slsa.dev/provenance/v1 of https://ci.example/builder, unverified"
run "$bindery" key trust builder.pub --name ci --role builder --scope 'team/*'
run put 1.0.0 --provenance old.intoto.jsonl --provenance github.json --json
expect_equal "$(jq -c '[.artifacts[].provenance[] | [.predicateType, .form, .verifiedBy]]' <<<"$output")" \
    '[["https://slsa.dev/provenance/v1","envelope","ci"],["https://slsa.dev/provenance/v0.2","envelope","ci"],["https://slsa.dev/provenance/v1","bundle",null]]' \
    "what each is, and who vouches for it"
expect_equal "$(jq -r '.artifacts[].provenance[2].problem' <<<"$output")" "its certificate isn't checked" "a certificate"
echo "another, and what makes it longer" >another
python3 sign.py new another another.intoto.jsonl
jq -r .payload another.intoto.jsonl | base64 -d >statement
run python3 "$E2E_ROOT/Tests/EndToEnd/lib/statements.py" sign statement tuf.pub securesystemslib.json
run "$bindery" key trust tuf.pub --name tuf --role builder --scope 'signed/*'
run "$bindery" put another --name signed/another --platform linux/amd64 --version 1 --provenance securesystemslib.json --json
expect_equal "$(jq -c '.artifacts[].provenance | map(select(.verifiedBy == "tuf").form)' <<<"$output")" '["envelope"]' "securesystemslib's"
run "$bindery" show team/agent@1.0.0 --json
expect_equal "$(jq -r '.provenance | length' <<<"$output")" 3 "all of them"

step "a policy counts what a trusted key signed"
printf 'provenance: verified\nbuilders: [https://ci.example/builder]\nplatforms: [linux/amd64]\n' >policy.yaml
run "$bindery" put other --name team/other --version 1.0.0 --platform linux/amd64
expect_status 1 "$bindery" seal team/other@1.0.0 --policy policy.yaml
expect_contains "$errors" "team/other 1.0.0 linux/amd64 has no verified provenance of https://ci.example/builder"
run "$bindery" put other --name elsewhere --version 1.0.0 --platform linux/amd64 --provenance other.intoto.jsonl
expect_status 1 "$bindery" seal elsewhere@1.0.0 --policy policy.yaml
expect_contains "$errors" "attestations that don't count"
printf 'platform: [linux/amd64]\n' >wrong.yaml
expect_status 2 "$bindery" seal team/agent@1.0.0 --policy wrong.yaml
run "$bindery" seal team/agent@1.0.0 --policy policy.yaml

step "written out as they came"
run "$bindery" attestations team/agent@1.0.0 -o proofs
expect_contains "$output" " ci "
run cmp "proofs/$(tr -d '\n' <agent.intoto.jsonl | sha256sum | cut -d' ' -f1).dsse.json" <(tr -d '\n' <agent.intoto.jsonl)
expect_equal "$(jq -c . proofs/*.sigstore.json)" "$(jq -c '.attestations[0].bundle' github.json)" "GitHub's bundle"

step "carried by a bundle, and checked by the keys of the other site"
run "$bindery" export team/agent@1.0.0 -o oci-archive:bundle
run "$bindery" verify-bundle bundle --builder-key builder.pub
expect_contains "$output$errors" "its certificate isn't checked"
run site nobody import oci-archive:bundle
expect_equal "$(site nobody show team/agent@1.0.0 --json | jq -c '[.provenance[].verifiedBy]')" '[null,null,null]' "no key is trusted there"
run site trusting init
run site trusting key trust builder.pub --name builders --role builder
run site trusting import oci-archive:bundle
expect_equal "$(site trusting show team/agent@1.0.0 --json | jq -c '[.provenance[].verifiedBy]')" '["builders","builders",null]' "who vouches there"
run site trusting import oci-archive:bundle
run site trusting verify
run "$bindery" verify
