#!/usr/bin/env bash
# A release and an image are published to registries, layouts, a directory and an address that takes PUT, and the places are
# read again: what drifted and what can't be read are told apart.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 skopeo
PYTHONPATH=$E2E_ROOT/Tests/PythonSupport python3 - <<'PYTHON'
import programs
for name, machine in {"amd64": programs.AMD64, "arm64": programs.ARM64}.items():
    with open(f"agent-linux-{name}", "wb") as file:
        file.write(programs.program("agent", machine=machine))
PYTHON
run "$bindery" put agent-linux-amd64 --name agent --version 1.2.3 --platform linux/amd64
run "$bindery" put agent-linux-arm64 --name agent --version 1.2.3 --platform linux/arm64
release_file agent >Dockerfile.release
run "$bindery" build agent@1.2.3 -t agent:1.2.3
start_registry

# A server that takes PUT, only with the token, and hands out what it has.
mkdir served
cat >server.py <<'PYTHON'
import http.server, os, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("X-Token") != "secret":
            return self.send_error(403)
        with open(os.path.basename(self.path), "wb") as file:
            file.write(body)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def do_GET(self):
        self.path = "/" + os.path.basename(self.path)
        super().do_GET()
    def do_HEAD(self):
        self.path = "/" + os.path.basename(self.path)
        super().do_HEAD()
    def do_POST(self):
        with open("../hook", "ab") as file:
            file.write(self.rfile.read(int(self.headers["Content-Length"])) + b"\n")
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_):
        with open("../asked", "a") as file:
            file.write(self.command + " " + self.path + "\n")
os.chdir("served")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
python3 server.py >port &
at_exit "kill $!"
for _ in {1..3000}; do
    [ ! -s port ] || break
    sleep 0.1
done
web=http://127.0.0.1:$(cat port)
echo "X-Token: secret" >fields

# result PLACE: what the last call said of a place that contains this.
result() { jq -r --arg place "$1" '.places[] | select(.place | contains($place)) | .result // .state' <<<"$output"; }

step "an image goes to two registries' names and a layout, with one digest"
# shellcheck disable=SC2154 # start_registry sets it
run "$bindery" publish agent:1.2.3 --to "docker://$registry/agent" --to "docker://$registry/mirror/agent:stable" \
    --to oci:layout --json
expect_equal "$(jq -r '[.places[] | .result, .digest] | unique | length' <<<"$output")" 2 "results and digests"
digest=$(jq -r '.places[0].digest' <<<"$output")
for place in "docker://$registry/agent:1.2.3" "docker://$registry/mirror/agent:stable" oci:layout:1.2.3; do
    expect_equal "sha256:$(skopeo inspect --tls-verify=false --raw "$place" | sha256sum | cut -d' ' -f1)" "$digest" "$place"
done

step "a place that fails doesn't stop the others, and the same call goes on"
expect_status 6 "$bindery" publish agent:1.2.3 --to docker://127.0.0.1:1/agent --to oci:layout --to oci:other --json
expect_equal "$(result 127.0.0.1:1) $(result layout) $(result other)" "failed present published" "the results"
expect_contains "$errors" "docker://127.0.0.1:1/agent:1.2.3"
expect_status 2 "$bindery" publish agent:1.2.3 --to files:page
expect_contains "$errors" "the files of a release"

step "a release goes to a registry, a directory and an address"
expect_status 6 "$bindery" publish agent@1.2.3 --to "$web/agent"
expect_contains "$errors" "status 403"
run "$bindery" publish agent@1.2.3 --to "docker://$registry/releases/agent" --to files:page --to "$web/agent" \
    --header-file fields
(cd page && sha256sum --check agent_1.2.3_checksums.txt) || fail "the checksums are wrong"
for file in page/*; do cmp "$file" "served/$(basename "$file")" || fail "$file differs"; done
tar -xzOf page/agent_1.2.3_linux_amd64.tar.gz agent | cmp - agent-linux-amd64 || fail "the archive has another program"
jq -e '.spdxVersion' page/agent_1.2.3.spdx.json >/dev/null || fail "there is no bill of materials"
run "$bindery" checksums agent@1.2.3 --archives
expect_equal "$output" "$(cat page/agent_1.2.3_checksums.txt)" "the checksums of the archives"
run "$bindery" publish agent@1.2.3 --to "$web/agent" --to files:page --json
expect_equal "$(result page) $(result 127.0.0.1)" "present present" "without the token: nothing is to be sent"

step "all is as it was published"
run "$bindery" watch --once --json --webhook "$web/hook"
expect_equal "$(jq -r '[.places[].state] | unique | join(" ")' <<<"$output")" same "the states"
expect_equal "$(jq '.places | length' <<<"$output")" 7 "the places"
[ ! -e hook ] || fail "the webhook was told of nothing"

step "what was read isn't read again until it has changed or its time is over"
# looks ARGUMENT…: watches until it has looked three times, and goes on with what the server was asked for.
looks() {
    : >asked
    # Another file, made before the program begins: what an earlier one wrote doesn't count.
    rm -f looked
    : >looked
    "$bindery" watch agent@1.2.3 --every 1s "$@" --json >looked 2>&1 &
    watcher=$!
    at_exit "kill $watcher 2>/dev/null"
    until [ "$(grep -c '"places"' looked)" -ge 3 ]; do
        kill -0 "$watcher" || fail "it ended: $(cat looked)"
        sleep 0.1
    done
}
archive=agent_1.2.3_linux_amd64.tar.gz
looks
expect_equal "$(grep -c "GET .*/$archive" asked)" 1 "how often it was read"
[ "$(grep -c "HEAD .*/$archive" asked)" -ge 3 ] || fail "it wasn't looked for: $(cat asked)"
cp -p "served/$archive" kept
change_a_byte "served/$archive"
# The server tells times by the second, and a file of the same second may be the same to it.
touch -d 2020-01-01 "served/$archive"
until grep -q '"drift"' looked; do
    kill -0 "$watcher" || fail "it ended: $(cat looked)"
    sleep 0.1
done
kill "$watcher"
cp -p kept "served/$archive"
looks --reread 0
[ "$(grep -c "GET .*/$archive" asked)" -ge 3 ] || fail "it wasn't read again: $(cat asked)"
kill "$watcher"

step "a tag that moved, a changed file, a missing blob and a missing file are drift"
echo FROM scratch >Dockerfile.other
echo "COPY agent-linux-amd64 /other" >>Dockerfile.other
run "$bindery" build agent@1.2.3 -f Dockerfile.other --platform linux/amd64 -t other:1
run "$bindery" copy other:1 "docker://$registry/mirror/agent:stable"
change_a_byte served/agent_1.2.3_linux_amd64.tar.gz
rm page/agent_1.2.3.spdx.json
layer=$(jq -r '.layers[0].digest' "layout/blobs/sha256/$(jq -r '.manifests[0].digest' "layout/blobs/sha256/${digest#*:}" | cut -d: -f2)")
rm "layout/blobs/sha256/${layer#*:}"
expect_status 1 "$bindery" watch --once --json --webhook "$web/hook" --sarif found.sarif
expect_equal "$(result mirror) $(result page) $(result /layout) $(result "$web")" "drift drift drift drift" "the states"
expect_equal "$(result "$registry/agent:1.2.3") $(result releases/agent)" "same same" "the others"
expect_equal "$(jq -s '.[0].places | length' hook)" 4 "places that the webhook was told of"
expect_equal "$(jq '.runs[0].results | length' found.sarif)" 4 "results in SARIF"
reasons=$(jq -r '.places[].reasons[]' <<<"$output")
expect_contains "$reasons" "agent_1.2.3.spdx.json is missing"
expect_contains "$reasons" "agent_1.2.3_linux_amd64.tar.gz has other bytes"
expect_contains "$reasons" "${layer#*:}"
expect_contains "$reasons" "$digest"
expect_status 1 "$bindery" watch --once --webhook "$web/hook"
expect_equal "$(wc -l <hook)" 1 "messages to the webhook: nothing is new"

step "what holds something else isn't replaced unasked; then all is well again"
expect_status 5 "$bindery" publish agent:1.2.3 --to "docker://$registry/mirror/agent:stable"
expect_status 5 "$bindery" publish agent@1.2.3 --to "$web/agent" --header-file fields
run "$bindery" publish agent:1.2.3 --to "docker://$registry/mirror/agent:stable" --to oci:layout --force
run "$bindery" publish agent@1.2.3 --to "$web/agent" --to files:page --header-file fields --force
run "$bindery" watch --once

step "a statement that the store has and a place hasn't is drift, until it is published again"
run "$bindery" key generate key --role release
run "$bindery" seal agent@1.2.3 --key key
expect_status 1 "$bindery" watch agent@1.2.3 --once
expect_contains "$output" "is missing: application/vnd.dev.sigstore.bundle"
expect_equal "$(grep -c "the signed statement .* is missing: .bindery publish" <<<"$output")" 2 "release pages without the statement"
run "$bindery" publish agent@1.2.3 --to "docker://$registry/releases/agent" --to files:page
run "$bindery" publish agent@1.2.3 --to "$web/agent" --header-file fields
[ -e page/agent_1.2.3.sigstore.json ] || fail "the page has no signed statement"
run "$bindery" watch agent@1.2.3 --once

step "release pages that something else wrote are recorded when they are the release, and each of their files is read again"
host=${web#http://}
mkdir -p packed
cp agent-linux-amd64 packed/agent
tar -czf served/agent_linux_amd64.tgz -C packed agent
cp agent-linux-arm64 served/agent-linux-arm64
echo notes >served/notes.txt
# asset NAME: one in GitHub's words; link NAME: one in GitLab's.
asset() { printf '{"name":"%s","browser_download_url":"%s/%s","size":%s}' "$1" "$web" "$1" "$(wc -c <"served/$1")"; }
link() { printf '{"name":"%s","url":"%s/%s"}' "$1" "$web" "$1"; }
printf '{"assets":[%s,%s]}' "$(asset agent_linux_amd64.tgz)" "$(asset notes.txt)" >served/v1.2.3
printf '{"assets":{"links":[%s]}}' "$(link agent-linux-arm64)" >served/1.2.3
github=github:$host/example/agent@v1.2.3 gitlab=gitlab:$host/group/part/agent@1.2.3
run "$bindery" publish agent@1.2.3 --page "$github" --page "$gitlab" --json
expect_equal "$(result github) $(result gitlab)" "recorded recorded" "the results"
run "$bindery" watch agent@1.2.3 --once
printf '{"assets":[%s,%s,%s]}' "$(asset agent_linux_amd64.tgz)" "$(asset notes.txt)" "$(asset agent_1.2.3.spdx.json)" >served/v1.2.3
change_a_byte served/agent-linux-arm64
expect_status 1 "$bindery" watch agent@1.2.3 --once
expect_contains "$output" "agent_1.2.3.spdx.json came since"
expect_contains "$output" "agent-linux-arm64 has other bytes"
expect_status 5 "$bindery" publish agent@1.2.3 --page "$gitlab"
expect_contains "$errors" "agent-linux-arm64 has other bytes than the release"
cp served/agent-linux-arm64 packed/agent
tar -czf served/agent_linux_amd64.tgz -C packed agent
printf '{"assets":[%s]}' "$(asset agent_linux_amd64.tgz)" >served/v1.2.3
expect_status 5 "$bindery" publish agent@1.2.3 --page "$github"
expect_contains "$errors" "agent_linux_amd64.tgz holds agent with other bytes"
rm served/v1.2.3
expect_status 1 "$bindery" watch agent@1.2.3 --once
expect_contains "$output" "nothing is there"
expect_status 2 "$bindery" publish agent@1.2.3 --to "$github"
run "$bindery" publish agent@1.2.3 --forget "$github" --forget "$gitlab"

step "a place that is away is an outage, and drift counts more"
run "$bindery" watch --list --json
expect_equal "$(jq -r '[.places[] | select(.state != "same")] | length' <<<"$output")" 0 "places that aren't as they were"
kill "$(pgrep -f "docker-registry serve $here/registry.yml")"
for _ in {1..300}; do
    (: </dev/tcp/127.0.0.1/"${registry#*:}") 2>/dev/null || break
    sleep 0.1
done
expect_status 6 "$bindery" watch agent:1.2.3 --once --json
expect_equal "$(jq -r '[.places[] | select(.place | startswith("docker:")) | .state] | unique | join(" ")' <<<"$output")" outage \
    "the registry that is away"
rm -r layout
expect_status 1 "$bindery" watch agent:1.2.3 --once

step "a place is forgotten"
run "$bindery" publish agent:1.2.3 --forget oci:layout
expect_status 3 "$bindery" publish agent:1.2.3 --forget oci:layout
run "$bindery" log --json
expect_equal "$(jq -r '.events[-1].event | "\(.what) \(.subject) \(.forgotten)"' <<<"$output")" "publish agent:1.2.3 true" "the event"
run "$bindery" verify
