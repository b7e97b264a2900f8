#!/usr/bin/env bash
# Inputs that are not a well-behaved file: each gets one clear error that names it, or is stored right.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3

# refused STATUS FILE [ARGUMENT…]: put must end with the status and name the file.
refused() {
    local status=$1 file=$2
    shift 2
    expect_status "$status" "$bindery" put "$file" --name tool --version 1 --platform any "$@"
    expect_contains "$errors" "$file"
    [ "$(wc -l <<<"$errors")" -le 6 ] || fail "the message is too long"
}

step "things that are not files"
mkdir directory
refused 2 directory
mkfifo fifo
expect_status 2 timeout 300 "$bindery" put fifo --name tool --version 1 --platform any
expect_contains "$errors" fifo
refused 3 missing
ln -s missing dangling
expect_status 3 "$bindery" put dangling --name tool --version 1 --platform any

step "an empty file, a symbolic link to a file, standard input"
: >empty
run "$bindery" put empty --name empty --version 1 --platform any
echo content >plain
ln -s plain link
run "$bindery" put link --name linked --version 1 --platform any
run "$bindery" get linked@1 -o from-link
expect_equal "$(digest_of from-link)" "$(digest_of plain)" "what the link led to"
run bash -c "'$bindery' put - --name piped --version 1 --platform any <plain"
expect_contains "$output" "$(digest_of plain)"

step "names"
for name in ../evil UPPER a//b "a b" $'a\nb' "$(printf 'n%.0s' {1..300})"; do
    expect_status 2 "$bindery" put plain --name "$name" --version 1 --platform any
done
for version in "" ../1 "1 2" "$(printf '1%.0s' {1..129})"; do
    expect_status 2 "$bindery" put plain --name tool --version "$version" --platform any
done
for file_name in ../evil a/b "" .. "$(printf 'n%.0s' {1..300})"; do
    expect_status 2 "$bindery" put plain --name tool --version 1 --platform any --file-name "$file_name"
done

step "an ELF file for another platform"
cp "$monitor_amd64" mount-monitor-linux-arm64
expect_status 2 "$bindery" put mount-monitor-linux-arm64 --name-pattern '{name}-{os}-{arch}' --version 1
expect_contains "$errors" "x86-64"
head -c 5000 "$monitor_amd64" >cut.elf
expect_status 2 "$bindery" put cut.elf --name cut --version 1

step "a file that changes while it is read"
head -c 400000000 /dev/zero >changing
python3 - <<'PYTHON' &
import time
end = time.time() + 800
while time.time() < end:
    with open("changing", "r+b") as file:
        file.seek(200000000)
        file.write(str(time.time()).encode())
    open("writing", "a").close()
    time.sleep(0.005)
PYTHON
writer=$!
at_exit "kill $writer 2>/dev/null"
until [ -e writing ]; do sleep 0.01; done
# On a busy machine the writer may stand still for as long as a put takes.
for version in {1..5}; do
    status=0
    "$bindery" put changing --name changing --version "$version" --platform any >out 2>err || status=$?
    [ "$status" -eq 0 ] || break
done
kill "$writer"
cat err
[ "$status" -ne 0 ] || fail "a file that changed while it was read was stored"
expect_contains "$(cat err)" changing
rm changing

step "a sparse file of 3 GiB"
truncate -s 3G sparse
run "$bindery" put sparse --name sparse --version 1 --platform any --no-sync
expect_contains "$output" "$(digest_of sparse)"
rm sparse
blob=$BINDERY_STORE/blobs/sha256/$("$bindery" show sparse@1 --json | jq -r '.artifacts[0].digest' | cut -d: -f2)
run "$bindery" rm sparse@1
rm -f "$blob"

step "the store is as it was"
run "$bindery" show empty@1
expect_status 3 "$bindery" show tool@1
