#!/usr/bin/env bash
# `bindery push` and `pull`: releases and images of a store go to a server and back, each once, and conflicts are conflicts.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq curl

# results: name and result of each item of the last call with --json.
results() { jq -r '.items[] | "\(.name) \(.result)"' <<<"$output"; }

step "a store with releases, an image and a draft; a server over another one, which trusts the key"
for version in 1.0.0 1.1.0; do
    for architecture in amd64 arm64; do printf '#!/bin/sh\n# %s %s\n' "$version" "$architecture" >"app-linux-$architecture"; done
    put_release app "$version" app-linux-amd64 app-linux-arm64
done
echo "a draft of sixteen bytes or more" >draft
run "$bindery" put draft --name draft --version 1 --platform any --draft
release_file app >Dockerfile.release
run "$bindery" build app@1.1.0 -f Dockerfile.release -t team/app:1
run "$bindery" key generate key --role release
run "$bindery" seal app@1.1.0 --key key
here_store=$BINDERY_STORE
export BINDERY_STORE=$here/server
run "$bindery" init
run "$bindery" key trust key.pub --name ours --role release --scope 'app*'
serve --allow-push
export BINDERY_STORE=$here_store

step "what isn't signed in the key's scope is refused, the rest is sent, and a second run sends nothing"
run "$bindery" push "$registry" --dry-run --json
expect_equal "$(results)" $'app@1.0.0 missing\napp@1.1.0 missing\nteam/app:1 missing' "what would come"
expect_status 6 "$bindery" push "$registry" --json
expect_equal "$(results)" $'app@1.0.0 failed\napp@1.1.0 sent\nteam/app:1 sent' "the first run"
expect_contains "$errors" "app@1.0.0"
run "$bindery" seal app@1.0.0 --key key
run "$bindery" push "$registry" 'app*' --json
expect_equal "$(results)" $'app@1.0.0 sent\napp@1.1.0 present' "the rest"
before=$("$bindery" log --limit 1 --json --store server)
run "$bindery" push "$registry" --json
expect_equal "$(results)" $'app@1.0.0 present\napp@1.1.0 present\nteam/app:1 present' "another run"
expect_equal "$("$bindery" log --limit 1 --json --store server)" "$before" "the server's last event"
run "$bindery" attestations app@1.1.0 --store server
expect_contains "$output" ours
expect_status 5 "$bindery" put draft --name app --version 1.1.0 --platform linux/386 --store server
expect_contains "$errors" sealed
expect_status 3 "$bindery" push "$registry" draft@1

step "a third store has it all from there, with its signatures"
export BINDERY_STORE=$here/third
run "$bindery" init
run "$bindery" key trust key.pub --name ours --role release --scope '*'
run "$bindery" pull "$registry" 'app@1.1.*' --json
expect_equal "$(results)" "app@1.1.0 sent" "by pattern"
run "$bindery" pull "$registry" --json
expect_equal "$(results)" $'app@1.0.0 sent\napp@1.1.0 present\nteam/app:1 sent' "all of it"
run "$bindery" pull "$registry" app team/app --json
expect_equal "$(results)" $'app@1.0.0 present\napp@1.1.0 present\nteam/app:1 present' "by name"
expect_equal "$("$bindery" images --json | jq -c '[.images[] | [.digest, .references]]')" \
    "$("$bindery" images --json --store "$here_store" | jq -c '[.images[] | [.digest, .references]]')" "the images"
run "$bindery" attestations app@1.0.0
run "$bindery" verify
expect_status 3 "$bindery" pull "$registry" nothing

step "other bytes, and a name of another image, are conflicts on both sides"
export BINDERY_STORE=$here/fourth
echo "other bytes of the release" >app-linux-amd64
run "$bindery" put app-linux-amd64 --name app --version 1.0.0 --platform linux/amd64
{ release_file app; echo 'LABEL other=yes'; } >Dockerfile.other
put_release app 2.0.0 app-linux-arm64
run "$bindery" build app@2.0.0 -f Dockerfile.other -t team/app:1 --platform linux/arm64
expect_status 5 "$bindery" push "$registry" app@1.0.0 team/app:1
expect_contains "$errors" "team/app:1"
expect_status 5 "$bindery" pull "$registry" app@1.0.0
expect_status 5 "$bindery" pull "$registry" team/app:1
run "$bindery" pull "$registry" team/app:1 --force --json
expect_equal "$(results)" "team/app:1 sent" "a name that may move"
run "$bindery" verify --store server
run "$bindery" gc --grace 0s --store server
run "$bindery" verify --store server
expect_status 2 "$bindery" push "not a server"
