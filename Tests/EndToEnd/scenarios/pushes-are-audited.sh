#!/usr/bin/env bash
# `bindery serve --audit-on-push` and `--immutable-tags`: what doesn't pass isn't served, whoever pushes it, and a tag that
# is immutable keeps its image.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq skopeo curl

# stop: ends the server.
stop() {
    kill -TERM "$server"
    wait "$server"
}

# status PATH: the status of a request; its answer is in body.
status() { curl -s -o body -w '%{http_code}' "http://$registry/v2/$1"; }

step "two images for two platforms: one of released files, one with another file in their place"
for architecture in amd64 arm64; do
    printf '#!/bin/sh\n# %s\n' "$architecture" >"app-linux-$architecture"
done
put_release app 1.2.3 app-linux-amd64 app-linux-arm64
release_file app >Dockerfile.release
run "$bindery" build app@1.2.3 -f Dockerfile.release -t good:1 -o oci:good:app --json
good=$(jq -r .digest <<<"$output")
for architecture in amd64 arm64; do echo "# changed" >>"app-linux-$architecture"; done
put_release app 1.2.3 app-linux-amd64 app-linux-arm64 --store other
run "$bindery" build app@1.2.3 -f Dockerfile.release -t bad:1 -o oci:bad:app --store other
run "$bindery" rm good:1

step "with deny, an image of released files is pushed, and another one is refused with the codes of its findings"
serve --allow-push --allow-delete --audit-on-push deny --immutable-tags 'v*'
run skopeo copy --all --dest-tls-verify=false oci:good:app "docker://$registry/app:v1"
expect_status 1 skopeo copy --all --dest-tls-verify=false oci:bad:app "docker://$registry/app:v2"
expect_contains "$errors" "the verdict is unknown"
expect_contains "$errors" BND
expect_equal "$(status app/manifests/v2)" 404 "what was refused"
expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/app:v1")" "$good" "what was pushed"
run "$bindery" audits --json
expect_contains "$output" '"unknown"'

step "a tag that is immutable is neither moved nor deleted"
{ release_file app; echo 'LABEL again=yes'; } >Dockerfile.again
run "$bindery" build app@1.2.3 -f Dockerfile.again -t again:1 -o oci:again:app
run skopeo copy --all --dest-tls-verify=false oci:again:app "docker://$registry/app:latest"
expect_status 1 skopeo copy --all --dest-tls-verify=false oci:again:app "docker://$registry/app:v1"
expect_contains "$errors" "app:v1 is immutable"
expect_equal "$(curl -s -o body -w '%{http_code}' -X DELETE "http://$registry/v2/app/manifests/v1")" 403 "the deletion"
run skopeo copy --all --dest-tls-verify=false oci:good:app "docker://$registry/app:v1"
expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/app:v1")" "$good" "the tag"
stop

step "with quarantine it is held and not served, until the release is there"
serve --allow-push --allow-delete --audit-on-push quarantine
expect_status 1 skopeo copy --dest-tls-verify=false oci:bad:app "docker://$registry/team/app:1"
expect_contains "$errors" "It is held as quarantine.invalid/team/app:1"
expect_equal "$(status team/app/manifests/1)" 404 "what is held"
expect_equal "$(status quarantine.invalid/team/app/manifests/1)" 404 "what is held, by its own name"
run "$bindery" images
expect_contains "$output" quarantine.invalid/team/app:1
expect_contains "$errors" "isn't served"
expect_status 1 "$bindery" audit quarantine.invalid/team/app:1
expect_contains "$(curl -s "http://$registry/images")" "held, not served"
run "$bindery" tag quarantine.invalid/team/app:1 team/app:1
expect_equal "$(status team/app/manifests/1)" 200 "what was let go"
run "$bindery" images
expect_lacks "$output" quarantine.invalid
expect_status 1 skopeo copy --dest-tls-verify=false oci:bad:app "docker://$registry/team/other:1"
put_release app 1.2.4 app-linux-amd64 app-linux-arm64
run skopeo copy --dest-tls-verify=false oci:bad:app "docker://$registry/team/other:1"
expect_equal "$(status team/other/manifests/1)" 200 "what passes by now"
run "$bindery" images
expect_lacks "$output" quarantine.invalid

by_another=${E2E_DOCKER_HOST:-}
if start_docker; then
    step "Docker shows its user why"
    [ -n "$by_another" ] || at_exit stop_private_docker
    export DOCKER_HOST=$E2E_DOCKER_HOST
    at_exit "docker rmi -f '$registry/by-docker:1' >/dev/null"
    mkdir -p by-docker
    printf 'FROM scratch\nCOPY nobody-knows /app\nENTRYPOINT ["/app"]\n' >by-docker/Dockerfile
    echo nobody knows >by-docker/nobody-knows
    run docker build --quiet -t "$registry/by-docker:1" by-docker
    expect_status 1 docker push "$registry/by-docker:1"
    expect_contains "$errors$output" "the audit of by-docker:1 refuses it"
fi
stop

step "with record everything is served, and its audit kept"
serve --allow-push --allow-delete --audit-on-push record
run skopeo copy --dest-tls-verify=false oci:bad:app "docker://$registry/recorded:1"
expect_equal "$(status recorded/manifests/1)" 200 "what was pushed"
run "$bindery" audits --json
expect_contains "$output" recorded:1
stop

step "the store is whole, and what is asked for without effect is refused"
run "$bindery" gc --grace 0s
run "$bindery" verify
expect_status 2 "$bindery" serve --audit-on-push deny
expect_status 2 "$bindery" serve --allow-push --policy policy.yaml
expect_status 2 "$bindery" serve --allow-push --audit-on-push deny --accept-sparse
expect_equal "$(failures)" "" "the server's log"
