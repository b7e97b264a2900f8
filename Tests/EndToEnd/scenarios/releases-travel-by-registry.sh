#!/usr/bin/env bash
# A store that lives between CI runs on fresh machines: by a registry, by a cache directory, by a bundle.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq skopeo
start_registry

# on_a_fresh_machine N: a store of its own from here on.
on_a_fresh_machine() { export BINDERY_STORE=$here/machine-$1/store; }

# put_version VERSION: a release of two platforms, which are not programs.
put_version() {
    local architecture
    for architecture in amd64 arm64; do
        echo "app $1 for $architecture" >"app-linux-$architecture"
        run "$bindery" put "app-linux-$architecture" --name app --version "$1" --platform "linux/$architecture"
    done
}

expect_release() {
    run "$bindery" get "app@$1" --platform linux/arm64 -o "got-$1"
    expect_equal "$(cat "got-$1")" "app $1 for arm64" "the file of app@$1"
}

step "a run puts a release, and leaves it in a registry"
on_a_fresh_machine 1
put_version 1.2.3
# shellcheck disable=SC2154 # start_registry sets it
release=docker://$registry/releases/app
run "$bindery" copy app@1.2.3 "$release" --json
digest=$(jq -r .digest <<<"$output")
expect_equal "$(skopeo inspect --tls-verify=false --raw "$release:1.2.3" | sha256sum | cut -d' ' -f1)" \
    "${digest#sha256:}" "the digest in the registry, under the version as its tag"

step "the next run, elsewhere, looks at it and takes it from there"
on_a_fresh_machine 2
run "$bindery" import "$release:1.2.3" --dry-run --json
expect_equal "$(jq -c '[.files[] | .version, .platform, .new]' <<<"$output")" \
    '["1.2.3","linux/amd64",true,"1.2.3","linux/arm64",true]' "what would come"
[ ! -e "$BINDERY_STORE" ] || fail "the look made a store"
run "$bindery" import "$release:1.2.3"
expect_release 1.2.3
run "$bindery" import "$release:1.2.3" --json
expect_equal "$(jq -c '[.artifacts[].new], .blobsCopied' <<<"$output" | tr -d '\n')" '[false,false]0' "a second import"
put_version 1.3.0
run "$bindery" copy app@1.3.0 "$release"
run "$bindery" copy app@1.2.3 "$release"

step "a release is said to be one"
expect_status 2 "$bindery" audit "$release:1.3.0"
expect_contains "$errors" "is a release, not an image"
expect_status 2 "$bindery" import "$release:1.3.0" -t app:1
expect_status 2 "$bindery" copy "$release:1.3.0" app:1
expect_contains "$errors" "bindery import"

step "other bytes under the key are a conflict, and the look says so, too"
on_a_fresh_machine 3
echo other >other
run "$bindery" put other --name app --version 1.3.0 --platform linux/amd64
expect_status 5 "$bindery" import "$release:1.3.0" --dry-run
expect_status 5 "$bindery" import "$release:1.3.0"
run "$bindery" import "$release:1.2.3"

step "by a cache directory, which a runner keeps"
on_a_fresh_machine 4
put_version 2.0.0
run "$bindery" export app@2.0.0 -o oci:cache
on_a_fresh_machine 5
run "$bindery" import oci:cache
expect_release 2.0.0
run "$bindery" copy app@2.0.0 oci:single
on_a_fresh_machine 6
run "$bindery" import oci:single
expect_release 2.0.0

step "by a bundle through a pipe"
export first=$here/machine-5/store
run bash -c '"$bindery" export app@2.0.0 -o oci-archive:- --store "$first" | tee piped | "$bindery" import oci-archive:- --store piped-store'
run "$bindery" export app@2.0.0 -o oci-archive:written --store "$first"
run cmp piped written
expect_status 2 "$bindery" export app@2.0.0 -o oci-archive:- --json --store "$first"
[ ! -e - ] || fail "a file called - was made"

step "what is written to standard output is what is written to a file"
# shellcheck disable=SC2016 # for the Dockerfile
printf 'FROM scratch\nARG TARGETARCH\nCOPY app-linux-${TARGETARCH} /app\n' >Dockerfile.release
run "$bindery" build app@2.0.0 -t "$registry/app:2.0.0" -o docker-archive:image.tar --push
run bash -c '"$bindery" build app@2.0.0 -t "$1/app:2.0.0" -o docker-archive:- >image2.tar' - "$registry"
run cmp image.tar image2.tar
run "$bindery" copy "docker://$registry/app:2.0.0" oci-archive:pushed
expect_status 2 "$bindery" build app@2.0.0 -t app:2.0.0 --push
expect_contains "$errors" "docker.io/library/app:2.0.0"
expect_status 2 "$bindery" build app@2.0.0 --push
