#!/usr/bin/env bash
# A delta leaves out what the other side has, by a bundle or a checkpoint of the log; it is checked by public keys alone, comes
# in where its base is, and is refused, with what is missing, where it isn't.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require python3

site() { BINDERY_STORE=$PWD/$1 "$bindery" "${@:2}"; }
events() { site "$1" log --limit 1 --json | jq '.events[0].sequence // 0'; }
trusting() {
    site "$1" init >/dev/null
    site "$1" key trust release.key.pub --name release --role release --scope 'team/*' >/dev/null
    site "$1" key trust log.key.pub --name log --role log >/dev/null
}
# Whether a bundle has a file's bytes.
holds() { if [ -e "$1/blobs/sha256/$(digest_of "$2" | cut -d: -f2)" ]; then echo yes; else echo no; fi; }
release() {
    mkdir -p "v$1"
    printf 'program %s\n' "$1" >"v$1/agent"
    printf 'the same configuration in each release\n' >"v$1/agent.conf"
    run "$bindery" put "v$1" --name team/agent --version "$1" --platform linux/amd64
    run "$bindery" seal "team/agent@$1" --key release.key
}

step "a release and its image go to a site, whole"
for role in release log; do run "$bindery" key generate "$role.key" --role "$role"; done
run "$bindery" init --origin example.org/deltas
run "$bindery" key trust release.key.pub --name release --role release
release 1.0.0
cat >Dockerfile.release <<'DOCKERFILE'
FROM scratch
COPY agent.conf /etc/agent.conf
COPY agent /agent
ENTRYPOINT ["/agent"]
DOCKERFILE
image() { run "$bindery" build "team/agent@$1" -f Dockerfile.release --platform linux/amd64 --compression none -t "team/agent:$1"; }
image 1.0.0
run "$bindery" export team/agent@1.0.0 team/agent:1.0.0 --key log.key -o oci-archive:whole.tar
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >checkpoint
size=$(sed -n 2p checkpoint)
trusting site
run site site import oci-archive:whole.tar

step "the next release, as a delta since that bundle and since that checkpoint"
release 1.1.0
image 1.1.0
for since in whole.tar checkpoint; do
    run "$bindery" export team/agent@1.1.0 team/agent:1.1.0 --since "$since" --key log.key -o "oci:delta-$since" --json
    expect_equal "$(jq -c '.delta.since | .origin, .size' <<<"$output" | tr '\n' ' ')" "\"example.org/deltas\" $size " "where it begins"
    expect_equal "$(jq -r '[.delta.leftOut[].part] | unique | join(" ")' <<<"$output")" "team/agent:1.0.0 team/agent@1.0.0" "what the other side has it by"
    expect_equal "$(holds "delta-$since" v1.1.0/agent.conf)" no "the configuration in the delta"
    expect_equal "$(holds "delta-$since" v1.1.0/agent)" yes "the program in the delta"
done
run "$bindery" export team/agent@1.1.0 team/agent:1.1.0 --since oci-archive:whole.tar --key log.key -o oci-archive:delta.tar
expect_contains "$output" "a delta since event $size of the log 'example.org/deltas', without 2 files and layers"
run "$bindery" ls oci-archive:delta.tar --json
expect_equal "$(jq -c '[.parts[].kind] | unique' <<<"$output")" '["delta","image","proofs","release"]' "the parts"
expect_status 2 "$bindery" export team/agent@1.1.0 --since whole.tar -o oci:delta-whole.tar
expect_contains "$errors" "stands alone"

step "checked by public keys alone, it says what it is"
run unshare -n env -u BINDERY_STORE HOME=/nonexistent "$bindery" verify-bundle delta.tar --key release.key.pub --log-key log.key.pub --since checkpoint
expect_contains "$output" "a delta since event $size of the log 'example.org/deltas', without 2 files and layers"
expect_contains "$output" "of team/agent:1.0.0, team/agent@1.0.0"
run "$bindery" verify-bundle delta.tar --key release.key.pub --log-key log.key.pub --json
expect_equal "$(jq -c '[.delta.since.size, (.delta.leftOut | length), ([.parts[].problems] | add | length)]' <<<"$output")" "[$size,2,0]" "in JSON"

step "without its base it is refused, with what is missing, and the store is unchanged"
trusting empty
before=$(events empty)
find empty -type f ! -path '*/bindery.db*' ! -path '*/log/*' | sort >files-before
for call in "import oci-archive:delta.tar" "import oci:delta-checkpoint" "import oci-archive:delta.tar --dry-run"; do
    # shellcheck disable=SC2086
    expect_status 3 site empty $call
    expect_contains "$errors" "it leaves out 2 files and layers that this store lacks"
    expect_contains "$errors" "of team/agent@1.0.0"
    expect_contains "$errors" "Import the bundle that came before it"
done
expect_equal "$(events empty)" "$before" "events"
find empty -type f ! -path '*/bindery.db*' ! -path '*/log/*' | sort | cmp - files-before || fail "files came in"

step "with its base it comes in whole, and is what the first store has"
run site site import oci-archive:delta.tar --dry-run
run site site import oci-archive:delta.tar
run site site import oci:delta-checkpoint
run site site verify
run site site attestations team/agent@1.1.0 --require https://in-toto.io/attestation/release/v0.1
for file in agent agent.conf; do
    run site site get team/agent@1.1.0 --platform linux/amd64 --file "$file" -o "got-$file"
    run cmp "got-$file" "v1.1.0/$file"
done
expect_equal "$(site site show team/agent:1.1.0 --json | jq -r .digest)" "$("$bindery" show team/agent:1.1.0 --json | jq -r .digest)" "the image"
expect_equal "$(BINDERY_STORE=$PWD/site verdict_of team/agent:1.1.0)" exact "the verdict there"

step "alterations of it, each refused, and the store unchanged"
trusting altered
run site altered import oci-archive:whole.tar
before=$(events altered)
run python3 "$E2E_ROOT/Tests/EndToEnd/lib/altered_deltas.py" "$bindery" delta-whole.tar "$PWD/altered"
expect_equal "$(events altered)" "$before" "events"
run site altered import oci:delta-whole.tar

step "a mark goes over without a file"
run "$bindery" log checkpoint --key log.key
printf '%s\n' "$output" >latest
run "$bindery" revoke team/agent@1.0.0 --deny --reason 'it leaks' --key release.key
run "$bindery" export team/agent@1.0.0 --since latest --key log.key -o oci:mark
expect_equal "$(holds mark v1.0.0/agent)" no "the program in it"
run site site import oci:mark
expect_equal "$(site site ls --json | jq -r '.releases[] | select(.version == "1.0.0") | .revocation.level')" denied "the mark"

step "a site that missed one between is told so"
trusting late
run site late import oci-archive:whole.tar
release 1.2.0
run "$bindery" export team/agent@1.2.0 --since oci:mark --key log.key -o oci-archive:later.tar
before=$(events late)
expect_status 4 site late import oci-archive:later.tar
expect_contains "$errors" "of which $size events are known here"
expect_contains "$errors" "Import the bundles between"
expect_equal "$(events late)" "$before" "events"

step "a checkpoint or bundle of another log, and one that was never signed since"
run "$bindery" key generate site.key --role log
run site site log checkpoint --key site.key
printf '%s\n' "$output" >other
expect_status 4 "$bindery" export team/agent@1.2.0 --since other --key log.key -o oci:none
expect_contains "$errors" "and this store's log is 'example.org/deltas'"
sed '2s/.*/999/' checkpoint >ahead
expect_status 4 "$bindery" export team/agent@1.2.0 --since ahead --key log.key -o oci:none
expect_contains "$errors" "was rolled back"
awk 'NR == 3 { print "AAAA" substr($0, 5); next } { print }' checkpoint >fork
expect_status 4 "$bindery" export team/agent@1.2.0 --since fork --key log.key -o oci:none
expect_contains "$errors" "was forked"
run "$bindery" export team/agent@1.2.0 --since checkpoint --no-proofs -o oci-archive:files.tar
run "$bindery" verify-bundle files.tar
[ ! -e none ] || fail "a refused export left a directory"
