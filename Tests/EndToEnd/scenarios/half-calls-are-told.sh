#!/usr/bin/env bash
# A call that is half right doesn't end with 0 and do something else: names that are meant for files or transports, two
# outputs in one place, `-` as output, options without effect, names that nothing has; and verdicts on a full disk.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq openssl

echo 'a released file' >tool
run "$bindery" put tool --name tool --version 1 --platform linux/amd64
printf 'FROM scratch\nCOPY tool /tool\n' >Dockerfile.release
run "$bindery" build tool@1 -t app:1 -o oci:layout:1
mkdir empty
cd empty

step "what is meant for a file or a transport becomes no name"
for place in out.oci out.zip out.tar.zst out.tar:1 ociarchive:x docker-archve:x oci:-; do
    expect_status 2 "$bindery" copy app:1 "$place"
done
expect_status 2 "$bindery" audit docker-dameon:x
expect_contains "$errors" "did you mean docker-daemon?"
expect_status 2 "$bindery" tag app:1 x.tar
cp ../tool .
expect_status 3 "$bindery" audit tool
expect_contains "$errors" "oci-archive:tool"
expect_status 2 "$bindery" import ../layout -t z:1
for place in app:1 dir:x docker-archive:x.tar; do
    expect_status 2 "$bindery" export tool@1 -o "$place"
    expect_contains "$errors" "'$place'"
done
expect_status 2 "$bindery" pin tool@
expect_status 2 "$bindery" unpin UPPER:1
expect_equal "$("$bindery" images --json | jq -r '.images[].references[]')" app:1 "the store's images"

step "two outputs in one place, and standard output"
expect_status 2 "$bindery" build tool@1 -f ../Dockerfile.release -o oci-archive:q -o docker-archive:./q
expect_status 2 "$bindery" audit app:1 --report r --sarif ./r
expect_status 2 "$bindery" audit app:1 --report - --json
run "$bindery" audit app:1 --sarif -
expect_equal "$(jq -r .version <<<"$output")" 2.1.0 "SARIF on standard output"
expect_contains "$errors" exact
run "$bindery" status --prometheus -
expect_contains "$output" "# HELP bindery_store_bytes"
expect_status 2 "$bindery" context tool@1 -f ../Dockerfile.release -o -
expect_equal "$(ls)" tool "what these left in the directory"

step "what is written into the store's own directory"
for call in "copy app:1 oci:$BINDERY_STORE:1" "copy app:1 docker-archive:$BINDERY_STORE/x" "get tool@1 -o $BINDERY_STORE/x" \
    "export tool@1 -o oci:$BINDERY_STORE" "context tool@1 -f ../Dockerfile.release -o $BINDERY_STORE/context" \
    "audit app:1 --sarif $BINDERY_STORE/s" "build tool@1 -f ../Dockerfile.release -o oci:$BINDERY_STORE/x/y"; do
    # shellcheck disable=SC2086 # words
    expect_status 2 "$bindery" $call
    expect_contains "$errors" "is inside the store"
done
run "$bindery" verify
ln -s "$BINDERY_STORE" link
expect_status 2 "$bindery" get tool@1 -o link/x
rm link

step "a place is looked into before it is imported"
run "$bindery" export tool@1 app:1 -o oci-archive:../bundle
run "$bindery" ls oci-archive:../bundle --json
expect_equal "$(jq -c '[.parts[] | [.name, .kind, .platforms]]' <<<"$output")" \
    '[["app:1","image",["linux/amd64"]],["tool@1","release",["linux/amd64"]]]' "the parts of the bundle"
run "$bindery" ls oci:../layout
expect_contains "$output" image
expect_status 3 "$bindery" ls oci:nowhere
BINDERY_STORE=$here/none run "$bindery" ls oci-archive:../bundle
[ ! -e ../none ] || fail "a look made a store"

step "what is empty passes for nothing"
: >nothing
expect_status 2 "$bindery" audit app:1 --policy nothing
printf '# a comment\n' >nothing
expect_status 2 "$bindery" audit app:1 --policy nothing
: >nothing
expect_status 2 "$bindery" identify --files-from nothing
mkdir none
expect_status 2 "$bindery" identify none
rm -r nothing none
run "$bindery" where - <../tool
expect_contains "$output" app:1
run "$bindery" inspect - <../tool
expect_contains "$output" "$(digest_of ../tool | cut -d: -f2 | cut -c1-12)"
expect_status 2 "$bindery" audit tool@1
expect_contains "$errors" "is a release, not an image"
expect_status 3 "$bindery" copy app:1 oci:unmade:1 --platform linux/s390x
expect_equal "$(ls)" tool "what these left in the directory"

step "a verdict is explained, and log is asked for a name"
for verdict in exact contains MISMATCH unknown ambiguous incomplete damaged; do
    run "$bindery" explain "$verdict" --json
    jq -e --arg verdict "${verdict,,}" '.verdict == $verdict and (.help | length > 80)' <<<"$output" >/dev/null ||
        fail "explain $verdict: $output"
done
run "$bindery" explain mismatch
expect_contains "$output" "Do not run it"
expect_status 2 "$bindery" explain exakt
expect_status 2 "$bindery" log tool@1
expect_contains "$errors" "\`bindery log tool\` lists"

step "a Dockerfile that isn't one"
mkdir files && touch files/Dockerfile
expect_status 2 "$bindery" build tool@1 -f - </dev/null
expect_contains "$errors" "standard input"
expect_status 2 "$bindery" context tool@1 -f files
expect_contains "$errors" "is a directory"
(cd files && expect_status 3 "$bindery" build tool@1 && expect_contains "$errors" "-f Dockerfile")
expect_status 3 "$bindery" build tool@1
rm -r files

step "options without effect, and values that are given twice"
run "$bindery" copy app:1 oci:../copy:1 --insecure
expect_contains "$errors" "--insecure has no effect"
run "$bindery" build tool@1 -f ../Dockerfile.release --build-arg linux/s390x:A=b
expect_contains "$errors" "nothing is built for linux/s390x"
expect_status 2 "$bindery" build tool@1 -f ../Dockerfile.release --annotation a=b --annotation a=c
run "$bindery" put ../tool --name tool --version 1 --platform linux/amd64 --annotation a=b --amend
expect_status 2 "$bindery" put ../tool --name tool --version 1 --platform linux/amd64 --amend
expect_equal "$("$bindery" show tool@1 --json | jq -r '.artifacts[0].annotations.a')" b "the annotation"
run "$bindery" import oci:../layout:1 -t plain:1 --platform linux/amd64
run "$bindery" show plain:1
expect_contains "$output" linux/amd64
expect_status 2 "$bindery" index add plain:1 app:1
expect_contains "$errors" "index create"
expect_status 2 "$bindery" put - --name nothing --version 1 --platform any </dev/null

step "outputs that would damage something"
run "$bindery" get tool@1 -o ./out
ln -s out link
run "$bindery" get tool@1 -o link
[ -L link ] || fail "a link was replaced"
for place in bindery.db lock blobs/x; do
    expect_status 2 "$bindery" get tool@1 -o "$BINDERY_STORE/$place"
    expect_status 2 "$bindery" audit app:1 --report="$BINDERY_STORE/$place"
done
expect_status 2 "$bindery" copy app:1 "oci:$BINDERY_STORE:1"
expect_status 2 "$bindery" status --prometheus "$BINDERY_STORE/lock"
expect_status 2 "$bindery" build tool@1 -f ../Dockerfile.release -t docker-daemon:app
expect_contains "$errors" "begins with a transport"
expect_status 2 "$bindery" tag app:1 oci:app
expect_status 2 "$bindery" identify $'n\xff'
expect_contains "$errors" "isn't UTF-8"
expect_status 2 "$bindery" audit docker-archive:- oci-archive:- </dev/null
run "$bindery" verify

step "names, variables and keys of something else"
zeros=sha256:$(printf '0%.0s' {1..64})
expect_status 4 "$bindery" copy app:1 "other:1@$zeros"
expect_contains "$errors" "other:1@$zeros"
expect_status 3 "$bindery" show other:1
mkdir a-directory
run "$bindery" copy app:1 a-directory
expect_contains "$errors" "oci:a-directory"
run "$bindery" rm a-directory:latest
for name in nothing nothing@1 tool@2; do expect_status 3 "$bindery" ls "$name" --json; done
run "$bindery" ls 'nothing*'
BINDERY_STORE=tool expect_status 6 "$bindery" ls
expect_contains "$errors" "regular file"
expect_status 2 "$bindery" audit docker-archive:/dev/zero
expect_status 2 "$bindery" import oci-archive:- </dev/full
expect_status 2 "$bindery" --version ls
for role in release log builder; do run "$bindery" key generate "$role.key" --role "$role"; done
run openssl pkey -in release.key -noout
expect_status 2 "$bindery" seal tool@1 --key log.key
expect_contains "$errors" "log.key is a key of the role log, and one of the role release is needed"
for call in "log checkpoint --key release.key" "key import builder.key -o other.key --role release" \
    "build tool@1 -f ../Dockerfile.release --attest --key release.key" "revoke tool@1 --reason x --key builder.key" \
    "audit app:1 --attest --key log.key" "export tool@1 -o oci-archive:x --key builder.key"; do
    # shellcheck disable=SC2086 # words
    expect_status 2 "$bindery" $call
    expect_contains "$errors" "a key of the role"
done
[ ! -e other.key ] || fail "a key of another role was imported"
BINDERY_KEY_PASSPHRASE="" expect_status 2 "$bindery" key generate clear.key --role release
[ ! -e clear.key ] || fail "a key was written in the clear"
BINDERY_BUILDER_ID="no uri" expect_status 2 "$bindery" build tool@1 -f ../Dockerfile.release --attest --key builder.key
expect_contains "$errors" BINDERY_BUILDER_ID
BINDERY_VERIFIER_ID=none expect_status 2 "$bindery" audit app:1 --attest --key builder.key
# An empty TMPDIR is none.
"$bindery" copy app:1 docker-archive:- >through-a-pipe
TMPDIR="" run bash -c "cat through-a-pipe | '$bindery' audit docker-archive:-"
HOME=elsewhere expect_status 3 env -u BINDERY_STORE -u XDG_DATA_HOME "$bindery" show nothing@1
expect_lacks "$errors" elsewhere
run "$bindery" verify

step "names that nothing has"
expect_status 3 "$bindery" show tol@1
expect_contains "$errors" "did you mean tool?"
expect_status 3 "$bindery" show ap:1
expect_contains "$errors" "did you mean app:1?"
expect_status 3 "$bindery" images rm app:1
expect_status 3 "$bindery" log tol
run "$bindery" images 'zz*'
expect_status 1 "$bindery" where "$(sha256sum ../Dockerfile.release | cut -c1-64)"
printf '{\n "rules": [\n  {"nams": ["x"]}\n ]\n}\n' >policy.json
expect_status 2 "$bindery" gc --dry-run --policy policy.json
expect_contains "$errors" "policy.json, line 3"

step "a list of images as people write it"
printf 'app:1\r\n\n  oci:../layout:1  \n# a comment\n' >list
run "$bindery" audit --images-from list
expect_contains "$output" "2 images"

step "pins and removals are told by name"
run "$bindery" pin tool@1 --reason kept
run "$bindery" unpin tool@1
run "$bindery" log
expect_contains "$output" "tool 1 linux/amd64: kept"
run "$bindery" audit app:1
run "$bindery" rm tool@1 --force --reason 'the wrong branch'
run "$bindery" where 'tool@*'
for command in "get tool@1" "build tool@1 -f ../Dockerfile.release" "rm tool@1" "audit app:1 --expect tool@1"; do
    # shellcheck disable=SC2086 # words
    expect_status 3 "$bindery" $command
    expect_contains "$errors" "the wrong branch"
done

step "verdicts on a full disk, and in a store that can only be read"
[ "$(id -u)" -eq 0 ] || exit 0
cd "$here"
mkdir small
mount -t tmpfs -o size=6m tmpfs small || exit 0
at_exit "umount -l '$here/small'"
export BINDERY_STORE=$here/small/store
run "$bindery" put tool --name tool --version 1 --platform linux/amd64
run "$bindery" build tool@1 -t app:1
run "$bindery" audit app:1
head -c 20000000 /dev/zero >small/filler 2>/dev/null || true
run "$bindery" audit oci:layout:1
expect_contains "$errors" "warning: not recorded"
run "$bindery" reaudit
run "$bindery" copy app:1 oci:from-a-full-disk:1
run "$bindery" context tool@1 -o context
run "$bindery" gc --dry-run
rm small/filler
mount -o remount,ro small
run "$bindery" audit oci:layout:1
expect_contains "$errors" "warning: not recorded"
run "$bindery" gc --dry-run
run "$bindery" build tool@1 --check app:1
expect_status 6 "$bindery" import oci:layout:1 -t z:1
mount -o remount,rw small
