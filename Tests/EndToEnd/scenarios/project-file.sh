#!/usr/bin/env bash
# The project file: put, build and context take it from the work tree, behind options and environment; what evaluates and
# what brings in takes it only when it is named; somebody else's is never taken unasked.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
unset BINDERY_STORE
export XDG_DATA_HOME=$here/data

step "a work tree with a project file"
mkdir -p tree/.git tree/deploy tree/sub data
cd tree/sub
for arch in amd64 arm64; do printf '#!/bin/sh\necho agent for %s, long enough\n' "$arch" >"agent-linux-$arch"; done
printf 'FROM scratch\nCOPY agent /agent\nENTRYPOINT ["/agent"]\n' >../deploy/Dockerfile
printf 'verdict: exact\n' >../deploy/policy.yaml
cat >../bindery.yaml <<'YAML'
store: .store
dockerfile: deploy/Dockerfile
platforms: [linux/arm64]
YAML
run "$bindery" put agent-linux-* --name-pattern '{name}-{os}-{arch}' --version 1
[ -d ../.store/blobs ] || fail "put made no store where the project file says"
run "$bindery" build agent@1 -t agent:1 --verbose
expect_contains "$errors" "project file"
expect_contains "$output" linux/arm64
expect_lacks "$output" linux/amd64
run "$bindery" context agent@1 --dry-run --json
expect_equal "$(jq -r '.platforms | join(" ")' <<<"$output")" linux/arm64 "the platforms of the context"

step "options and the environment go before it"
run "$bindery" context agent@1 --dry-run --json --platform linux/amd64
expect_equal "$(jq -r '.platforms | join(" ")' <<<"$output")" linux/amd64 "the platforms of the option"
expect_status 3 "$bindery" context agent@1 --dry-run -f none
expect_status 3 env BINDERY_STORE="$here/none" "$bindery" context agent@1 --dry-run
expect_status 3 "$bindery" context agent@1 --dry-run --store "$here/none"

step "the others take it only by name"
for call in "ls" "audit agent:1" "reaudit" "import oci:none" "verifier -name x -digest $(printf '%064d' 0)"; do
    status=0
    # shellcheck disable=SC2086 # words
    "$bindery" $call >"$here/.out" 2>&1 || status=$?
    [ "$status" != 0 ] || fail "$call found a store"
    # It is told of, and not taken.
    expect_lacks "$(sed '/^bindery: this was the store /d' "$here/.out")" "$here/tree"
done
expect_status 3 "$bindery" audit agent:1
expect_contains "$errors" "--project $here/tree/bindery.yaml takes the store $here/tree/.store"
run "$bindery" ls --project ../bindery.yaml
expect_contains "$output" agent
run "$bindery" --project ../bindery.yaml audit agent:1
echo 'policy: deploy/policy.yaml' >>../bindery.yaml
printf 'verdict: exact\nreleases: [other]\n' >../deploy/policy.yaml
expect_status 1 "$bindery" audit agent:1 --project ../bindery.yaml
expect_contains "$output" BND060
run "$bindery" --store ../.store audit agent:1

step "status shows it"
"$bindery" status --store ../.store >"$here/.out" || true
expect_contains "$(cat "$here/.out")" "$here/tree/bindery.yaml"
"$bindery" status --store ../.store --json >"$here/.out" || true
expect_equal "$(jq -r .project.store "$here/.out")" "$here/tree/.store" "the store of the project file"

step "what isn't right is told with its place"
printf 'store: .store\nplatform: [linux/arm64]\n' >../bindery.yaml
expect_status 2 "$bindery" build agent@1
expect_contains "$errors" "bindery.yaml:2: platform: there is no such member; did you mean 'platforms'?"
expect_status 2 "$bindery" ls --project ../bindery.yaml
expect_status 3 "$bindery" ls --project ../nothing.yaml

step "somebody else's isn't taken"
if [ "$(id -u)" = 0 ]; then
    printf 'store: .store\n' >../bindery.yaml
    chown 4711 ../bindery.yaml
    expect_status 3 "$bindery" build agent@1
    expect_contains "$errors" "is not taken: it belongs to user 4711"
    run "$bindery" build agent@1 -f ../deploy/Dockerfile --project ../bindery.yaml
fi
