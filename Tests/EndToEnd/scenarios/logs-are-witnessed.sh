#!/usr/bin/env bash
# Two witnesses sign a log's checkpoints, OpenSSL verifies their signatures, and a policy says which of them count; a log
# that is rewritten gets no further signature, and one that begins again under another name is known by the old one.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq openssl

main=$BINDERY_STORE
at() { BINDERY_STORE=$PWD/$1 "$bindery" "${@:2}"; }
export -f at
put() { echo "version $1, and what makes it longer" >agent; "$bindery" put agent --name agent --version "$1" --platform any; }

run "$bindery" init --origin example.org/log
run "$bindery" key generate log.key --role log
for number in 1 2 3; do run "$bindery" key generate "w$number.key" --role witness; done
run put 1
run put 2
cp -r "$main" forked

step "the policy is written with the keys as they are shown"
run "$bindery" key show log.key.pub --name example.org/log --json
echo "log $(jq -r .logVerifier <<<"$output")" >policy
for number in 1 2 3; do
    run "$bindery" key show "w$number.key.pub" --name "witness.example/w$number" --json
    echo "witness W$number $(jq -r .witnessVerifier <<<"$output")" >>policy
done
printf 'group two 2 W1 W2 W3\nquorum two\n' >>policy
expect_status 2 "$bindery" key trust w1.key.pub --name w1 --role witness
expect_contains "$errors" "--log-policy"

# witness N REQUEST: what the witness answers, whose store is wN.
witness() { at "w$1" log witness --request "$2" --key "w$1.key" --witness-name "witness.example/w$1"; }
for number in 1 2; do
    run at "w$number" init
    run at "w$number" key trust log.key.pub --name log --role log
done

step "a checkpoint that two witnesses sign"
run "$bindery" log checkpoint --key log.key --old 0
printf '%s\n' "$output" >request
expect_equal "$(head -1 request)" "old 0" "the request's first line"
run witness 1 request
printf '%s\n' "$output" >answer1
run "$bindery" log checkpoint --cosignatures answer1 --log-policy policy
expect_status 4 "$bindery" log verify --log-policy policy
expect_contains "$errors" "more than witness.example/w1"
run witness 2 request
printf '%s\n' "$output" >answer2
run "$bindery" log checkpoint --cosignatures answer2 --log-policy policy
printf '%s\n' "$output" >checkpoint
expect_equal "$(grep -c '^— ' checkpoint)" 3 "signatures"
expect_status 4 "$bindery" log checkpoint --cosignatures answer2 --log-policy policy
run "$bindery" log verify --log-policy policy
expect_contains "$output" "the checkpoint of 2 events is signed by witness.example/w1"
run "$bindery" log verify --since checkpoint --log-policy policy --json
expect_equal "$(jq -c '[.faults, .witnessed[0].size, (.witnessed[0].witnesses | length)]' <<<"$output")" '[[],2,2]' "the report"

step "OpenSSL verifies a witness's signature, over the time and the checkpoint's text"
cat >check.py <<'PYTHON'
import base64, subprocess
text, signatures = open("checkpoint", encoding="utf-8").read().split("\n\n")
line = [line.split(" ") for line in signatures.strip().split("\n") if line.split(" ")[1] == "witness.example/w1"]
raw = base64.b64decode(line[0][2])
open("message", "w", encoding="utf-8").write(f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n{text}\n")
open("signature", "wb").write(raw[12:])
subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "w1.key.pub", "-rawin", "-in", "message", "-sigfile",
                "signature"], check=True)
PYTHON
run python3 check.py

step "signing again keeps the witnesses' signatures"
run "$bindery" log checkpoint --key log.key
expect_equal "$output" "$(cat checkpoint)" "the checkpoint"

step "the next one goes on from there"
run put 3
run "$bindery" log checkpoint --key log.key --old 0
printf '%s\n' "$output" >request
expect_status 4 witness 1 request
expect_contains "$errors" "--old 2"
run "$bindery" log checkpoint --old 2
printf '%s\n' "$output" >request
run witness 1 request
expect_status 4 witness 1 request
expect_contains "$errors" "--old 3"
run "$bindery" log checkpoint --old 3
printf '%s\n' "$output" >again
run witness 1 again
run "$bindery" log verify --since checkpoint --log-policy policy
sed 's/^old 2$/old 1/' request >altered
expect_status 4 witness 1 altered
expect_status 4 at w1 log witness --request request --key w1.key --witness-name witness.example/w1 --log-key w2.key.pub

step "a log that was rewritten gets no signature, and the policy's checkpoint names it"
echo forged >agent
run at forked put agent --name agent --version 9 --platform any
run at forked log checkpoint --key log.key --old 2
printf '%s\n' "$output" >request
run witness 2 request
run at forked put agent --name agent --version 10 --platform any
run at forked log checkpoint --key log.key --old 3
printf '%s\n' "$output" >request
expect_status 4 witness 1 request
expect_contains "$errors" "another root"
run "$bindery" log checkpoint --key log.key --old 3
printf '%s\n' "$output" >request
expect_status 4 witness 2 request
expect_contains "$errors" "was forked"

step "a log that begins again has another name, and its former one as its first word"
expect_status 2 "$bindery" log restart
expect_status 5 "$bindery" log restart --reason 'the key is lost' --origin example.org/log
run "$bindery" log restart --reason 'the key is lost' --origin example.org/log-2 --key log.key --json
expect_equal "$(jq -c '[.former, .origin, .size]' <<<"$output")" '["example.org/log","example.org/log-2",4]' "the new log"
run "$bindery" log --limit 1 --json
expect_equal "$(jq -c '.events[0].event | [.what, .origin, .last, .reason, (.checkpoint | split("\n")[1])]' <<<"$output")" \
    '["restart","example.org/log",3,"the key is lost","3"]' "the event"
run "$bindery" log verify --since checkpoint --log-policy policy
run "$bindery" verify
expect_status 5 "$bindery" log restart --reason again --origin example.org/log

step "a bundle counts by the policy, and a site takes a log under a new name only when it is told"
run put 5
run "$bindery" seal agent@5
run "$bindery" log checkpoint --key log.key
run "$bindery" export agent@5 -o oci-archive:unwitnessed
run "$bindery" key show log.key.pub --name example.org/log-2 --json
sed "s|^log .*|log $(jq -r .logVerifier <<<"$output")|" policy >policy-2
expect_status 4 "$bindery" verify-bundle unwitnessed --log-policy policy-2
expect_contains "$errors" "lacks signatures of witnesses"
expect_status 4 "$bindery" verify-bundle unwitnessed --log-policy policy
expect_contains "$errors" "lists no key of a log named 'example.org/log-2'"
run "$bindery" log checkpoint --old 0
printf '%s\n' "$output" >request
for number in 1 2; do
    run witness "$number" request
    printf '%s\n' "$output" >answer
    run "$bindery" log checkpoint --cosignatures answer --log-policy policy-2
done
run "$bindery" export agent@5 -o oci-archive:witnessed
run "$bindery" verify-bundle witnessed --log-policy policy-2 --json
expect_equal "$(jq -c '.parts[0].log.witnesses' <<<"$output")" '["witness.example/w1","witness.example/w2"]' "the witnesses"
expect_status 4 at site import oci-archive:unwitnessed --log-policy policy-2
run at site import oci-archive:witnessed --log-policy policy-2
run at old init
run at old key trust log.key.pub --name log --role log
cp -r forked before
run at before export agent@1 -o oci-archive:earlier --key log.key
run at old import oci-archive:earlier
expect_status 4 at old import oci-archive:witnessed
expect_contains "$errors" "signed the log 'example.org/log' until now"
run "$bindery" log checkpoint --key log.key --json
run at old import oci-archive:witnessed --accept-origin "$(jq -r .fingerprint <<<"$output")"
run at old import oci-archive:witnessed
