#!/usr/bin/env bash
# A registry with a certificate of its own authority and passwords: what skopeo login wrote lets us in, nothing else does.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo openssl
export REGISTRY_AUTH_FILE=$here/auth.json

mkdir certs
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=test authority' \
    -keyout ca.key -out certs/ca.crt 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=registry' \
    -keyout key.pem -out request.pem 2>/dev/null
openssl x509 -req -in request.pem -CA certs/ca.crt -CAkey ca.key -CAcreateserial -days 2 -out cert.pem \
    -extfile <(echo 'subjectAltName=IP:127.0.0.1') 2>/dev/null
# bcrypt of "secret"
echo "user:\$2y\$05\$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a" >htpasswd
start_registry "  tls: {certificate: $here/cert.pem, key: $here/key.pem}" \
    "auth:" "  htpasswd: {realm: test, path: $here/htpasswd}"

head -c 3000000 /dev/urandom >tool-linux-any
run "$bindery" put tool-linux-any --name tool --version 1 --platform any
printf 'FROM scratch\nCOPY tool-linux-any /tool\n' >Dockerfile.release
run "$bindery" build tool@1 --platform linux/amd64 -t tool:1 --json
digest=$(jq -r .digest <<<"$output")
# shellcheck disable=SC2154 # start_registry sets it
image=$registry/tool:1

step "without a password"
echo '{}' >auth.json
expect_status 6 "$bindery" copy tool:1 "docker://$image" --tls-ca certs/ca.crt
expect_contains "$errors" "denies access"
expect_contains "$errors" "no credentials were found for it"

step "with what skopeo login wrote"
run skopeo login --authfile auth.json --cert-dir certs --username user --password secret "$registry"
run "$bindery" copy tool:1 "docker://$image" --tls-ca certs/ca.crt
expect_equal "$(skopeo inspect --cert-dir certs --format '{{.Digest}}' "docker://$image")" "$digest" "skopeo's digest"
run "$bindery" copy "docker://$image" oci:back:1 --tls-ca certs/ca.crt
expect_equal "$(jq -r '.manifests[0].digest' back/index.json)" "$digest" "the digest of what came back"

step "with another password"
sed -E "s/\"auth\": \"[^\"]*\"/\"auth\": \"$(printf 'user:wrong' | base64)\"/" auth.json >wrong.json
REGISTRY_AUTH_FILE=$here/wrong.json expect_status 6 "$bindery" audit "docker://$image" --tls-ca certs/ca.crt
expect_contains "$errors" "the credentials that were found for it don't suffice"

step "without the authority"
expect_status 6 "$bindery" audit "docker://$image"
expect_contains "$errors" "its certificate is not trusted; --tls-ca FILE"
expect_status 6 "$bindery" audit "docker://$image" --tls-ca key.pem
expect_contains "$errors" "key.pem holds no certificate authorities"
run "$bindery" copy "docker://$image" oci:careless:1 --insecure
expect_contains "$output" "$digest"
