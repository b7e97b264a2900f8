#!/usr/bin/env bash
# What was audited is judged again when the store knows more, without the image, which is gone by then; and altered copies are
# found from the release that they come from.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq strip

step "two images that others built: of a program that isn't released yet, and of the same one stripped"
cp "$(command -v busybox || command -v bash)" agent-linux-amd64
mkdir stripped
strip --remove-section=.comment -o stripped/agent-linux-amd64 agent-linux-amd64
printf 'more' >>stripped/agent-linux-amd64
release_file agent >Dockerfile.release
for kind in whole stripped; do
    file=agent-linux-amd64
    [ "$kind" = whole ] || file=stripped/agent-linux-amd64
    BINDERY_STORE=$here/theirs-$kind run "$bindery" put "$file" --name agent --version 1.2.3
    BINDERY_STORE=$here/theirs-$kind run "$bindery" build agent@1.2.3 -f Dockerfile.release -o "oci:$kind:1"
done

step "audited before the release: nobody knows them"
echo other >other
run "$bindery" put other --name other --version 1 --platform any
expect_status 1 "$bindery" audit oci:whole:1
expect_status 1 "$bindery" audit oci:stripped:1
expect_status 1 "$bindery" audit --again
expect_contains "$output" "2 audits made again: 0 changed, 2 unchanged"
rm -r whole stripped

step "released: one is the release, the other an altered copy of it"
put_release agent 1.2.3 agent-linux-amd64
expect_status 1 "$bindery" audit --again --no-record
expect_contains "$output" "2 audits made again: 2 changed"
expect_status 1 "$bindery" audit --again
expect_contains "$output" "oci:whole:1     unknown  exact"
expect_contains "$output" "oci:stripped:1  unknown  mismatch"
expect_status 1 "$bindery" audit --again
expect_contains "$output" "2 audits made again: 0 changed, 2 unchanged"
run "$bindery" audit --again oci:whole:1
expect_status 3 "$bindery" audit --again oci:nobody:1
expect_contains "$errors" "was not audited"
expect_status 2 "$bindery" audit --again --expect agent@1.2.3

step "where"
run "$bindery" where agent@1.2.3
expect_contains "$output" "in 1 of 2 audited images"
expect_lacks "$output" "oci:stripped:1"
run "$bindery" where agent@1.2.3 --near
expect_contains "$output" "in 2 of 2 audited images"
expect_contains "$output" "oci:stripped:1"
expect_contains "$output" "same code"
"$bindery" where agent-linux-amd64 --near --json >found.json
expect_equal "$(jq -c '[.found[] | .near.evidence // [] | length > 0]' found.json)" "[false,true]" "what is near"
# The same image as theirs has been audited; one of another time hasn't.
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:1.2.3
run "$bindery" build agent@1.2.3 -f Dockerfile.release -t agent:later --epoch 1
run "$bindery" where agent@1.2.3
expect_contains "$output" "1 image known but not audited"

step "withdrawn: what was exact is unknown"
run "$bindery" rm agent@1.2.3 --force
expect_status 1 "$bindery" audit --again
expect_contains "$output" "oci:whole:1     exact     unknown"
