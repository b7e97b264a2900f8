#!/usr/bin/env bash
# `bindery serve --allow-push`: every client of registries that is there pushes images to a store, and pulls them again.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
require jq skopeo curl openssl

# start_server: serves the store, the second time on the same port.
start_server() {
    serve --allow-push --allow-delete
    listen=$registry
}

# status METHOD PATH [CURL-ARGUMENT…]: the status of a request; its answer is in head and body.
status() { curl -s -D head -o body -w '%{http_code}' -X "$1" "http://$registry/v2/$2" "${@:3}"; }

# field NAME: a field of the last answer.
field() { sed -n "s/^$1: //Ip" head | tr -d '\r'; }

step "an image for two platforms, with a layer that takes several pieces"
for architecture in amd64 arm64; do
    { printf '#!/bin/sh\n# %s\n' "$architecture"; head -c 9000000 /dev/urandom | base64 -w 0 | sed 's/^/# /'; } \
        >"app-linux-$architecture"
done
put_release app 1.2.3 app-linux-amd64 app-linux-arm64 --store builder
release_file app >Dockerfile.release
run "$bindery" build app@1.2.3 -f Dockerfile.release -t app:1.2.3 -o oci:built:app --json --store builder
index=$(jq -r .digest <<<"$output")
run "$bindery" init
start_server

step "skopeo pushes it, and pulls it byte for byte"
run skopeo copy --all --dest-tls-verify=false oci:built:app "docker://$registry/team/app:1"
run skopeo copy --all --src-tls-verify=false "docker://$registry/team/app:1" oci:pulled:app
expect_equal "$(jq -r '.manifests[0].digest' pulled/index.json)" "$index" "the digest that came back"
run "$bindery" images --json
expect_equal "$(jq -c '[.images[] | [.digest, .references]]' <<<"$output")" "[[\"$index\",[\"team/app:1\"]]]" "the images"

step "bindery pushes it to another repository, and nothing is sent twice"
before=$(find "$BINDERY_STORE/blobs" -type f | wc -l)
run "$bindery" copy oci:built:app "docker://$registry/copy:1"
expect_equal "$(find "$BINDERY_STORE/blobs" -type f | wc -l)" "$before" "the number of blobs"
expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/copy:1")" "$index" "its digest"

step "an upload that breaks off goes on where it was, after the server was killed too"
head -c 20000000 /dev/urandom >blob
digest=$(digest_of blob)
expect_equal "$(status POST app/blobs/uploads/ -H 'Content-Length: 0')" 202 "the upload"
location=$(field Location)
upload=${location#/v2/}
head -c 7000000 blob >part
expect_equal "$(status PATCH "$upload" --data-binary @part -H 'Content-Type: application/octet-stream')" 202 "a part"
kill -KILL "$server"
wait "$server" || true
start_server
expect_equal "$(status GET "$upload")" 204 "the status"
expect_equal "$(field Range)" 0-6999999 "how far it came"
# A connection that is cut off in the middle of a chunk.
tail -c +7000001 blob >rest
timeout 60 curl -s --limit-rate 4M -m 1 -X PATCH "http://$registry$location" -H 'Content-Type: application/octet-stream' \
    -H 'Expect:' -T rest >/dev/null || true
until [ "$(status GET "$upload")" = 204 ]; do sleep 0.1; done
at=$(field Range)
at=${at#0-}
tail -c +$((at + 2)) blob >rest
expect_equal "$(status PUT "$upload?digest=$digest" --data-binary @rest -H "Content-Range: $((at + 1))-19999999" \
    -H 'Content-Type: application/octet-stream')" 201 "the end"
run curl -sSf -o got "http://$registry/v2/app/blobs/$digest"
run cmp got blob
run "$bindery" verify

step "a wrong digest leaves nothing"
before=$(find "$BINDERY_STORE/blobs" "$BINDERY_STORE/uploads" -type f | wc -l)
expect_equal "$(status POST "app/blobs/uploads/?digest=sha256:$(printf '0%.0s' {1..64})" --data-binary @part \
    -H 'Content-Type: application/octet-stream')" 400 "the push"
expect_equal "$(jq -r '.errors[0].code' body)" DIGEST_INVALID "the code"
expect_equal "$(find "$BINDERY_STORE/blobs" "$BINDERY_STORE/uploads" -type f | wc -l)" "$before" "the number of files"

step "pushes side by side"
pushes=()
for number in 1 2 3 4 5 6; do
    skopeo copy --all --dest-tls-verify=false oci:built:app "docker://$registry/side/$((number % 3)):$number" >"push-$number" 2>&1 &
    pushes+=($!)
done
for push in "${pushes[@]}"; do wait "$push" || fail "a push failed: $(cat push-*)"; done
for number in 1 2 3 4 5 6; do
    expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/side/$((number % 3)):$number")" \
        "$index" "push $number"
done

step "a tag is moved and deleted, and the log has it"
expect_equal "$(status DELETE side/1/manifests/1)" 202 "the deletion"
expect_equal "$(status GET side/1/manifests/1)" 404 "what was deleted"
expect_equal "$(status GET side/1/manifests/4)" 200 "what was not"
run "$bindery" log --json
expect_equal "$(jq '[.events[].event | select(.removed == "side/1:1")] | length' <<<"$output")" 1 "the event of the deletion"

if command -v oras >/dev/null; then
    step "oras pushes an artifact, attaches another one to it, and finds it"
    echo data >data.txt
    run oras push --plain-http "$registry/artifact:1" data.txt:text/plain
    run oras attach --plain-http --artifact-type application/vnd.example.note "$registry/artifact:1" data.txt:text/plain
    run oras discover --plain-http --format json "$registry/artifact:1"
    expect_contains "$output" application/vnd.example.note
    run oras pull --plain-http -o by-oras "$registry/artifact:1"
    run cmp by-oras/data.txt data.txt
fi

if command -v buildah >/dev/null; then
    step "buildah pulls, and pushes under another name"
    require_buildah
    run buildah pull --signature-policy "$BUILDAH_SIGNATURE_POLICY" --tls-verify=false "docker://$registry/team/app:1"
    run buildah push --signature-policy "$BUILDAH_SIGNATURE_POLICY" --tls-verify=false "$registry/team/app:1" \
        "docker://$registry/by-buildah:1"
fi

if [ "$(id -u)" -eq 0 ] && command -v containerd >/dev/null && command -v ctr >/dev/null; then
    step "containerd pulls all platforms, and pushes them"
    start_containerd
    # shellcheck disable=SC2154 # start_containerd sets it
    run "${ctr[@]}" content fetch --plain-http --all-platforms "$registry/team/app:1"
    run "${ctr[@]}" images tag "$registry/team/app:1" "$registry/by-containerd:1"
    run "${ctr[@]}" images push --plain-http "$registry/by-containerd:1"
    expect_equal "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/by-containerd:1")" "$index" \
        "what containerd pushed"
fi

by_another=${E2E_DOCKER_HOST:-}
if start_docker; then
    step "Docker pulls, and pushes under another name"
    [ -n "$by_another" ] || at_exit stop_private_docker
    export DOCKER_HOST=$E2E_DOCKER_HOST
    at_exit "docker rmi -f '$registry/team/app:1' '$registry/by-docker:1' >/dev/null"
    run docker pull --quiet "$registry/team/app:1"
    run docker tag "$registry/team/app:1" "$registry/by-docker:1"
    run docker push "$registry/by-docker:1"
    expect_equal "$(status GET by-docker/manifests/1 -H 'Accept: */*')" 200 "what Docker pushed"
fi

step "the collection takes nothing that is there, and the store is whole"
run "$bindery" gc --grace 0s
run "$bindery" verify
run skopeo copy --all --src-tls-verify=false "docker://$registry/team/app:1" oci:again:app
expect_equal "$(jq -r '.manifests[0].digest' again/index.json)" "$index" "the digest after the collection"

step "ten thousand connections that say nothing keep nobody out"
run python3 - "$registry" <<'PYTHON'
import resource, socket, sys, urllib.request

host, port = sys.argv[1].split(":")
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
count = min(10_000, hard - 100)
held = []
for number in range(count):
    connection = socket.create_connection((host, int(port)), timeout=600)
    if number % 2:
        connection.sendall(b"GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: ")
    held.append(connection)
with urllib.request.urlopen(f"http://{host}:{port}/v2/", timeout=600) as answer:
    assert answer.status == 200
print(count)
PYTHON

step "by TLS, with users and tokens"
certificate() {
    run openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout "$1.key" -out "$1.pem"
}
certificate first
certificate second
cp first.pem server.pem
cp first.key server.key
python3 -W ignore -c 'import crypt; print("me:" + crypt.crypt("secret", crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)))' >users
"$bindery" serve --listen 127.0.0.1:0 --allow-push --login all --htpasswd users --tls-certificate server.pem \
    --tls-key server.key >secure 2>>server.log &
secure=$!
at_exit "kill $secure 2>/dev/null"
until [ -s secure ]; do
    kill -0 "$secure" || fail "the server ended: $(cat server.log)"
    sleep 0.1
done
address=$(cat secure)
expect_contains "$address" https://127.0.0.1:
run "$bindery" token create ci --scope 'team/*:pull'
token=$output
blob=$(digest_of blob)
expect_equal "$(curl -s --cacert first.pem -o body -w '%{http_code}' "$address/v2/")" 401 "nobody"
expect_equal "$(curl -s --cacert first.pem -u me:wrong -o body -w '%{http_code}' "$address/v2/")" 401 "a wrong password"
run curl -sSf --cacert first.pem -u me:secret -o got "$address/v2/app/blobs/$blob"
run cmp got blob
run curl -sSf --cacert first.pem -u me:secret -r 1000000-2999999 -o got "$address/v2/app/blobs/$blob"
run cmp got <(tail -c +1000001 blob | head -c 2000000)
expect_equal "$(curl -s --cacert first.pem -H "Authorization: Bearer $token" -o body -w '%{http_code}' \
    "$address/v2/app/blobs/$blob")" 403 "a token elsewhere"
run curl -sSf --cacert first.pem -u "any:$token" -o body "$address/v2/team/app/manifests/1"
run skopeo copy --all --dest-cert-dir="$(mkdir -p certificates && cp first.pem certificates/ca.crt && echo certificates)" \
    --dest-creds me:secret oci:built:app "docker://${address#https://}/team/secure:1"
expect_lacks "$(cat server.log)" "$token"

step "a certificate that is replaced counts for the next connection"
cp second.key server.key
cp second.pem server.pem
until curl -s --cacert second.pem -u me:secret -o body "$address/v2/"; do sleep 0.1; done
kill -TERM "$secure"
wait "$secure"

step "on an address that others reach nothing is written without a word"
expect_status 2 "$bindery" serve --listen 0.0.0.0:0 --allow-push
expect_contains "$errors" --insecure-anonymous-write
expect_equal "$(failures)" "" "the server's log"
