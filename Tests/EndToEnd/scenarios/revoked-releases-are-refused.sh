#!/usr/bin/env bash
# A revoked release is warned of wherever it is met, a denied one is refused, and the mark stays in the log.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

echo 'agent, the version that leaks' >agent
echo 'agent, the version that holds' >fixed
printf 'FROM scratch\nCOPY agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
run "$bindery" put agent --name agent --version 1.2.3 --platform linux/amd64
run "$bindery" put fixed --name agent --version 1.2.4 --platform linux/amd64
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:1.2.3
run "$bindery" audit agent:1.2.3
image=$("$bindery" images --json | jq -r '.images[0].digest')

step "a warning"
run "$bindery" revoke agent@1.2.3 --reason 'it leaks' --advisory https://example.com/CVE-1 --json
expect_equal "$(jq -c '[.isNew, .revocation.level, .revocation.release]' <<<"$output")" '[true,"warned","agent@1.2.3"]' "the mark"
run "$bindery" revoke agent@1.2.3 --reason 'it leaks' --advisory https://example.com/CVE-1 --json
expect_equal "$(jq .isNew <<<"$output")" false "the same again"
run "$bindery" audit agent:1.2.3
expect_contains "$output" BND065
expect_contains "$output" "it leaks (https://example.com/CVE-1)"
run "$bindery" verifier -name agent:1.2.3 -digest "$image"
expect_contains "$output" BND065
for call in "show agent@1.2.3" "where agent@1.2.3" "identify agent"; do
    # shellcheck disable=SC2086
    run "$bindery" $call
    expect_contains "$output" "it leaks"
done
run "$bindery" context agent@1.2.3 -f Dockerfile.release -o context
expect_contains "$errors" "it leaks"
run "$bindery" export agent@1.2.3 -o oci:bundle
expect_contains "$errors" "it leaks"

run "$bindery" get agent@1.2.3 -o got
expect_contains "$errors" "it leaks"
run "$bindery" pack agent@1.2.3 --as tar.gz -o packed
expect_contains "$errors" "it leaks"
run "$bindery" ls
expect_contains "$output" "1.2.3 (revoked)"
run "$bindery" ls --json
expect_equal "$(jq -c '[.releases[].revocation.level]' <<<"$output")" '["warned",null]' "the releases' marks"
run "$bindery" images
expect_contains "$errors" "agent:1.2.3: agent@1.2.3, of which it holds files, is revoked"
run "$bindery" images --json
expect_equal "$(jq -c '[.images[].revocations[].reason]' <<<"$output")" '["it leaks"]' "the images' marks"

step "a refusal, signed"
run "$bindery" key generate release.key --role release
run "$bindery" revoke agent@1.2.3 --deny --reason 'it leaks keys' --key release.key -o agent.intoto.jsonl
expect_equal "$(jq -r .payload agent.intoto.jsonl | base64 -d | jq -r '.predicate.level + " " + .subject[0].digest.sha256')" \
    "denied $(digest_of agent | cut -c8-)" "the statement"
jq -r .payload agent.intoto.jsonl | base64 -d >payload
printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(stat -c %s payload)" | cat - payload >message
jq -r '.signatures[0].sig' agent.intoto.jsonl | base64 -d >signature
run openssl dgst -sha256 -verify release.key.pub -signature signature message
expect_status 1 "$bindery" audit agent:1.2.3
expect_contains "$output" BND066
expect_status 1 "$bindery" verifier -name agent:1.2.3 -digest "$image"
expect_contains "$output" BND066
expect_status 1 "$bindery" reaudit
expect_status 1 "$bindery" identify agent
expect_status 5 "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:again
expect_contains "$errors" "it leaks keys"
expect_status 5 "$bindery" context agent@1.2.3 -f Dockerfile.release -o refused
[ ! -e refused ] || fail "a context was made"
run "$bindery" where agent@1.2.3 --json
expect_equal "$(jq -c '[.byImage[].withdrawn, .revocations[].level]' <<<"$output")" '[true,"denied"]' "what must be built again"
run "$bindery" build agent@1.2.4 -f Dockerfile.release -t agent:1.2.4
run "$bindery" audit agent:1.2.4

step "lifted by a mark of its own, and both stay"
expect_status 2 "$bindery" revoke agent@1.2.3 --lift
run "$bindery" revoke agent@1.2.3 --lift --reason 'it was another program'
run "$bindery" audit agent:1.2.3
run "$bindery" show agent@1.2.3 --json
expect_equal "$(jq -c '[.revocations[].level]' <<<"$output")" '["warned","denied","lifted"]' "all marks"
expect_status 3 "$bindery" revoke agent@1.2.3 --lift --reason again
run "$bindery" log agent --json
expect_equal "$(jq -c '[.events[].event | select(.what == "revoke") | .level]' <<<"$output")" '["warned","denied","lifted"]' "the log"
run "$bindery" log verify

step "by bytes: an image, and a file that two releases have"
run "$bindery" put agent --name agent --version 1.2.5 --platform linux/amd64
run "$bindery" revoke agent@1.2.3 --deny --reason 'it leaks'
expect_contains "$errors" "agent@1.2.5"
run "$bindery" audit agent:1.2.3
run "$bindery" revoke "$(digest_of agent)" --deny --reason 'it leaks'
expect_status 1 "$bindery" audit agent:1.2.3
expect_status 5 "$bindery" build agent@1.2.5 -f Dockerfile.release -t agent:1.2.5
other=$("$bindery" images --json | jq -r '.images[] | select(.references[] == "agent:1.2.4") | .digest')
run "$bindery" revoke "$other" --deny --reason 'built by nobody'
expect_status 1 "$bindery" audit agent:1.2.4
expect_contains "$output" "built by nobody"
run "$bindery" verify
