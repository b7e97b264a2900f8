#!/usr/bin/env bash
# What one client may ask a server for, and what pushes may take: what is more is refused in words that clients show.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq skopeo curl

# status METHOD PATH [CURL-ARGUMENT…]: the status of a request; its answer is in head and body.
status() { curl -s -D head -o body -w '%{http_code}' -X "$1" "http://$registry/$2" "${@:3}"; }

step "two images of two megabytes each"
for name in one two; do
    { printf '#!/bin/sh\n# %s\n' "$name"; head -c 1500000 /dev/urandom | base64 -w 0 | sed 's/^/# /'; } >"$name-linux-amd64"
    run "$bindery" put "$name-linux-amd64" --name "$name" --version 1.0.0 --platform linux/amd64 --store builder
    release_file "$name" >"Dockerfile.$name"
    run "$bindery" build "$name@1.0.0" -f "Dockerfile.$name" --platform linux/amd64 -t "$name:1" -o "oci:$name:1" --store builder
done
run "$bindery" init

step "a repository and the store take no more than their quotas"
serve --allow-push --allow-delete --repository-quota 3MB --store-quota 5MB
run skopeo copy --dest-tls-verify=false oci:one:1 "docker://$registry/app:1"
expect_status 1 skopeo copy --dest-tls-verify=false oci:two:1 "docker://$registry/app:2"
expect_contains "$errors" denied
expect_contains "$errors" "in app"
run skopeo copy --dest-tls-verify=false oci:two:1 "docker://$registry/other:1"
head -c 2000000 /dev/urandom >blob
expect_equal "$(status POST "v2/third/blobs/uploads/?digest=$(digest_of blob)" --data-binary @blob \
    -H 'Content-Type: application/octet-stream')" 403 "a push to a store that is full"
expect_equal "$(jq -r '.errors[0].code' body)" DENIED "its code"
expect_equal "$(find "$BINDERY_STORE/uploads" -type f -size +64k | wc -l)" 0 "the uploads that are left"
run skopeo inspect --tls-verify=false "docker://$registry/app:1"
kill -TERM "$server"
wait "$server"

step "a client that asks for more than it may is told when to ask again, and a probe is answered"
serve --allow-push --allow-delete --client-requests 10/d --client-bytes 1GB/d
for _ in {1..10}; do expect_equal "$(status GET v2/)" 200 "a request"; done
expect_equal "$(status GET v2/)" 429 "a further request"
expect_equal "$(jq -r '.errors[0].code' body)" TOOMANYREQUESTS "its code"
[ "$(sed -n 's/^Retry-After: //Ip' head | tr -d '\r')" -gt 3600 ] || fail "the time to wait: $(cat head)"
expect_equal "$(status GET api/v1/releases)" 429 "a request to the API"
for _ in {1..20}; do expect_equal "$(status GET healthz/ready)" 200 "a probe"; done
kill -TERM "$server"
wait "$server"
expect_status 2 "$bindery" serve --client-requests 10
expect_status 2 "$bindery" serve --repository-quota 10MB
run "$bindery" verify
expect_equal "$(failures)" "" "the server's log"
