#!/usr/bin/env bash
# `bindery push` and `pull`: releases and images of a store go to a server and back, each once, and conflicts are conflicts.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq curl skopeo

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

step "get, put, ls, show, where, seal, context and checksums work on the server, and leave no store here"
export BINDERY_STORE=$here/none
run "$bindery" --remote "http://$registry" get app@1.1.0 --platform linux/arm64 -o got
expect_equal "$(cat got)" $'#!/bin/sh\n# 1.1.0 arm64' "the file"
run "$bindery" ls --remote "$registry" 'app@1.1*' --json
expect_equal "$(jq -r '.releases[] | .version' <<<"$output")" 1.1.0 "the list"
run "$bindery" ls --remote "$registry"
expect_contains "$output" "linux/amd64, linux/arm64"
run "$bindery" show app@1.0.0 --remote "$registry"
run "$bindery" context app@1.1.0 -f Dockerfile.release -o from-server --remote "$registry"
[ -e from-server/app-linux-arm64 ] || fail "the context has no program"
run "$bindery" checksums app@1.1.0 --remote "$registry"
expect_contains "$output" "$(sha256sum got | cut -d' ' -f1)"
echo "a tool that is put from elsewhere" >tool-linux-amd64
run "$bindery" put tool-linux-amd64 --name tool --version 1 --platform linux/amd64 --remote "$registry"
echo "the same for another platform" >tool-linux-arm64
run "$bindery" put tool-linux-arm64 --name tool --version 1 --platform linux/arm64 --remote "$registry"
run "$bindery" show tool@1 --json --store server
expect_equal "$(jq -c '[.artifacts[].platform]' <<<"$output")" '["linux/amd64","linux/arm64"]' "the release on the server"
expect_status 5 "$bindery" put tool-linux-arm64 --name tool --version 1 --platform linux/amd64 --remote "$registry"
run "$bindery" key generate tools --role release
run "$bindery" key trust tools.pub --name tools --role release --scope tool --store server
run "$bindery" seal tool@1 --key tools --remote "$registry"
run "$bindery" attestations tool@1 --store server
expect_contains "$output" tools
run "$bindery" audit team/app:1 --store server
run "$bindery" where got --remote "$registry"
expect_contains "$output" team/app:1
expect_status 1 "$bindery" where tool-linux-amd64 --remote "$registry"
expect_status 3 "$bindery" get nothing@1 -o got --remote "$registry"
expect_status 2 "$bindery" gc --remote "$registry"
expect_contains "$errors" "bindery pull"
expect_status 2 "$bindery" build app@1.1.0 -t team/app:2 --remote "$registry"
expect_contains "$errors" "bindery pull $registry app@1.1.0"
expect_contains "$errors" "bindery push $registry team/app:2"
expect_status 2 "$bindery" audit team/app:1 --remote "$registry"
expect_contains "$errors" "$registry/api/v1/identify"
[ ! -e "$BINDERY_STORE" ] || fail "a store was made"
[ -z "$(ls -d "$TMPDIR"/bindery-remote-* 2>/dev/null)" ] || fail "a store of a call stayed"

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

step "a copy of another registry is served when that is away"
kill "$server"
start_registry
upstream=$registry
run "$bindery" copy team/app:1 "docker://$upstream/app:1" --store "$here_store"
export BINDERY_STORE=$here/copies
run "$bindery" init
serve --upstream "hub=$upstream"
run skopeo copy --all --src-tls-verify=false "docker://$registry/hub/app:1" oci:first:1
kill "$(pgrep -f "docker-registry serve $here/registry.yml")"
for _ in {1..300}; do
    (: </dev/tcp/127.0.0.1/"${upstream#*:}") 2>/dev/null || break
    sleep 0.1
done
# Another start remembers nothing of when the registry was asked.
kill "$server"
serve --upstream "hub=$upstream"
run skopeo copy --all --src-tls-verify=false "docker://$registry/hub/app:1" oci:second:1
expect_equal "$(cat second/index.json)" "$(cat first/index.json)" "the image"
expect_contains "$(cat server.log)" "hub/app:1 is served as it was"
expect_equal "$(curl -s -o body -w '%{http_code}' "http://$registry/v2/hub/app/manifests/2")" 503 "what never came"
run "$bindery" verify
