#!/usr/bin/env bash
# What is printed can be typed back: the first digits of a digest, behind names and files of that spelling; patterns of
# releases; and which images stand on a base.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq

step "releases, a base and an image on it"
printf '#!/bin/sh\necho agent, long enough to be evidence\n' >agent
printf 'the same in two releases, long enough\n' >shared
run "$bindery" put agent --name agent --version 1.2.3 --platform linux/amd64
run "$bindery" put shared --name agent --version 1.3.0 --platform linux/amd64
run "$bindery" put shared --name team/tool --version 1.2.3 --platform linux/amd64
printf 'FROM scratch\nCOPY agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.base
run "$bindery" build agent@1.2.3 -f Dockerfile.base -t base:1
printf 'FROM base:1\nCOPY tool /tool\n' >Dockerfile.release
run "$bindery" build team/tool@1.2.3 -f Dockerfile.release -t app:1
agent=$(digest_of agent)
shared=$(digest_of shared)
short=${shared:7:9}

step "ls takes patterns and digests"
names() { jq -r '[.releases[] | "\(.name)@\(.version)"] | join(" ")' <<<"$output"; }
for pattern in "agent=agent@1.2.3 agent@1.3.0" "*@1.2.3=agent@1.2.3 team/tool@1.2.3" "$short=agent@1.3.0 team/tool@1.2.3" \
    "$agent=agent@1.2.3" "gone*="; do
    run "$bindery" ls "${pattern%%=*}" --json
    expect_equal "$(names)" "${pattern#*=}" "the releases of ${pattern%%=*}"
done
run "$bindery" ls 'team/*' agent@1.3.0 'nothing@*' --json
expect_equal "$(names)" "agent@1.3.0 team/tool@1.2.3" "the releases of several patterns"
expect_contains "$errors" "no release of nothing@*"
expect_lacks "$errors" "no release of team"
expect_status 3 "$bindery" ls 0123456789abcdef
expect_status 2 "$bindery" ls 'Not A Name'

step "show takes digests"
run "$bindery" show "$short" --json
expect_equal "$(jq -r '[.artifacts[] | "\(.name)@\(.version)"] | sort | join(" ")' <<<"$output")" \
    "agent@1.3.0 team/tool@1.2.3" "whose files they are"
run "$bindery" images --json app:1
image=$(jq -r '.images[0].digest' <<<"$output")
run "$bindery" show "${image:0:19}" --json
expect_equal "$(jq -r .digest <<<"$output")" "$image" "the image of its digest"
expect_status 3 "$bindery" show 0123456789abcdef
run "$bindery" rm agent@1.3.0 --reason "wrong file" --force
run "$bindery" show "$shared"
expect_contains "$output" "wrong file"

step "identify takes digests, behind files"
run "$bindery" identify "$short" --json
expect_equal "$(jq -r '.files[0].artifacts[0].name' <<<"$output")" team/tool "what the digest is"
cp agent "$short"
run "$bindery" identify "$short" --json
expect_equal "$(jq -r '.files[0].digest' <<<"$output")" "$agent" "the file goes before the digest"
expect_status 3 "$bindery" identify 0123456789abcdef

step "where --base"
expect_status 1 "$bindery" where --base base:1
expect_contains "$output" "2 images known but not audited"
"$bindery" audit app:1 >audit.txt || true
run "$bindery" where --base base:1 --json
expect_equal "$(jq -r '[.found[].references[0]] | join(" ")' <<<"$output")" app:1 "the image on the base"
base=$("$bindery" images --json base:1 | jq -r '.images[0].digest')
run "$bindery" where --base "${base:7:12}"
expect_contains "$output" app:1
expect_status 1 "$bindery" where --base app:1
expect_status 3 "$bindery" where --base nothing:1
expect_status 2 "$bindery" where --base base:1 --near
expect_status 2 "$bindery" where
