#!/usr/bin/env bash
# A store where processes can't share memory (NFS, 9p, many FUSE mounts; bindfs with direct_io here): every command works,
# and the index has a rollback journal.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require fusermount3 bindfs
[ -w /dev/fuse ] || skip "/dev/fuse can't be opened"

head -c 300000 /dev/urandom >tool
printf 'FROM scratch\nCOPY tool /tool\nENTRYPOINT ["/tool"]\n' >Dockerfile.release

# journal: the write version in the index's header: 1 with a rollback journal, 2 with a write-ahead log.
journal() { od -An -tu1 -j18 -N1 "$1/bindery.db" | tr -d ' '; }

step "files can't be mapped into several processes"
mkdir below mounted
bindfs -o direct_io below mounted || skip "bindfs can't mount here"
at_exit "fusermount3 -uz '$here/mounted'"
export BINDERY_STORE=$here/mounted/store
run "$bindery" put tool --name tool --version 1 --platform any
run "$bindery" put tool --name tool --version 2 --platform any
run "$bindery" get tool@1 -o back
cmp tool back
run "$bindery" build tool@1 -f Dockerfile.release -t image:1 --platform linux/amd64
"$bindery" audit image:1 || true
run "$bindery" where tool@1
run "$bindery" rm tool@2 --reason test --force
run "$bindery" gc --grace 0
run "$bindery" export image:1 -o oci-archive:bundle.tar
run "$bindery" verify
expect_equal "$(journal below/store)" 1 "the journal"

step "many processes at once"
pids=()
for number in 1 2 3 4 5 6; do
    (head -c 10000 /dev/urandom >"many$number" && "$bindery" put "many$number" --name many --version "$number" --platform any) &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
expect_equal "$("$bindery" ls many --json | jq '[.. | .version? // empty] | unique | length')" 6 "the versions"
run "$bindery" verify

step "a store that was made elsewhere says what it lacks, and is changed by init"
BINDERY_STORE=$here/below/moved run "$bindery" put tool --name tool --version 1 --platform any
expect_equal "$(journal below/moved)" 2 "the journal"
export BINDERY_STORE=$here/mounted/moved
expect_status 6 "$bindery" put tool --name tool --version 2 --platform any
expect_contains "$errors" "bindery init --journal rollback"
run "$bindery" init --journal rollback
run "$bindery" put tool --name tool --version 2 --platform any
run "$bindery" verify
BINDERY_STORE=$here/below/moved run "$bindery" init --journal wal
expect_equal "$(journal below/moved)" 2 "the journal"
