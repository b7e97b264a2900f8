#!/usr/bin/env bash
# The API and the pages of `bindery serve` show what is in a store, and the API does what its document says.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/server.sh
source "$E2E_HERE/lib/server.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq curl python3

step "a store with two releases, an image for two platforms, its audit, and a tag that moved"
for architecture in amd64 arm64; do printf '#!/bin/sh\n# %s\n' "$architecture" >"app-linux-$architecture"; done
put_release app 1.2.3 app-linux-amd64 app-linux-arm64
for architecture in amd64 arm64; do printf '#!/bin/sh\n# %s later\n' "$architecture" >"app-linux-$architecture"; done
put_release app 1.3.0 app-linux-amd64 app-linux-arm64
release_file app >Dockerfile.release
run "$bindery" build app@1.2.3 -f Dockerfile.release -t app:latest --json
first=$(jq -r .digest <<<"$output")
run "$bindery" build app@1.3.0 -f Dockerfile.release -t app:latest --json
second=$(jq -r .digest <<<"$output")
run "$bindery" audit app:latest
program=$(digest_of app-linux-amd64)

run "$bindery" get app@1.2.3 --platform linux/amd64 -o released
run tar -czf packed.tar.gz released Dockerfile.release
run "$bindery" copy app:latest docker-archive:image.tar

serve --public-identify
url=$(cat address)
api=$url/api/v1

step "releases, artifacts, images, audits and tags are what the commands say"
run curl -sSf "$api/releases?name=app"
expect_equal "$(jq -c '[.releases[].version]' <<<"$output")" '["1.2.3","1.3.0"]' "the versions"
expect_equal "$(jq -cS .releases <<<"$output")" "$("$bindery" ls app --json | jq -cS .releases)" "what ls prints"
run curl -sSf "$api/release?release=app@1.3.0"
expect_equal "$(jq -cS . <<<"$output")" "$("$bindery" show app@1.3.0 --json | jq -cS .)" "what show prints"
run curl -sSf -o got "$api/artifacts/$program/content"
run cmp got app-linux-amd64
run curl -sSf -r 2-4 "$api/artifacts/$program/content"
expect_equal "$output" "$(head -c 5 app-linux-amd64 | tail -c 3)" "a range"
run curl -sSf "$api/images"
expect_equal "$(jq -r '.images[] | .reference + " " + .digest + " " + .verdict' <<<"$output")" \
    "app:latest $second $(verdict_of app:latest)" "the image"
run curl -sSf "$api/tags?reference=app:latest"
expect_equal "$(jq -r '[.moves[].to] | join(" ")' <<<"$output")" "$first $second" "the moves of the tag"
run curl -sSf "$api/artifacts/$program/images"
expect_equal "$(jq -r '.found[].path' <<<"$output")" /app "where the program is"
run curl -sSf "$api/search?q=${program:7:9}"
expect_equal "$(jq -r '.digests[]' <<<"$output")" "$program" "the digest by its first digits"
manifest=$(curl -sSf "$api/images/$second" | jq -r '.platforms[0].manifest')
run curl -sSf "$api/manifests/$manifest/files"
expect_equal "$(jq -r '.files[] | .path + " " + .identity' <<<"$output")" "/app released" "the files"

step "every byte of the store has one reason"
run curl -sSf "$api/storage"
expect_equal "$(jq '[.storage[].bytes] | add' <<<"$output")" "$("$bindery" status --json | jq .bytes)" "the sum"

step "the log's proof is the one of the command"
run curl -sSf "$api/log/entries/1/proof"
expect_equal "$(jq -cS . <<<"$output")" "$("$bindery" log prove 1 --json | jq -cS .)" "the proof"

step "the log's tiles and entries are those that the command writes"
run "$bindery" log tiles -o tiles
(cd tiles && find tile -type f) | sort >names
[ "$(wc -l <names)" -gt 1 ] || fail "there are no tiles"
while read -r name; do
    run curl -sSf -o got "$url/log/$name"
    run cmp got "tiles/$name"
done <names

step "an answer stands until the store changes"
tag=$(curl -sSf -o /dev/null -D - "$api/releases" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
expect_equal "$(curl -s -o /dev/null -w '%{http_code}' -H "If-None-Match: $tag" "$api/releases")" 304 "the same"
run "$bindery" tag app:latest app:other
expect_equal "$(curl -s -o /dev/null -w '%{http_code}' -H "If-None-Match: $tag" "$api/releases")" 200 "after a change"

step "a file, an archive and an image that are sent are told what they are, and nothing of them stays"
# One of the images isn't audited, which status says by its own.
summary() { { "$bindery" status --json || true; } | jq -S .; }
before=$(summary)
run curl -sSf --data-binary @released "$api/identify?name=-v"
expect_equal "$(jq -r '.files[].artifacts[].version' <<<"$output")" 1.2.3 "the release of a file"
run curl -sSf --data-binary @packed.tar.gz "$api/identify?name=packed.tar.gz"
expect_equal "$(jq -r '.files[].inside.released[].path' <<<"$output")" released "the released file of an archive"
run curl -sSf --data-binary @image.tar "$api/identify"
expect_equal "$(jq -r '.files[].inside.image.verdict' <<<"$output")" exact "the verdict of an image"
run curl -sSf -F "file=@image.tar" "$url/identify"
expect_contains "$output" "/releases/app@1.3.0"
run curl -sSf -F "file=@released" "$url/identify"
expect_contains "$output" "/releases/app@1.2.3"
expect_equal "$(curl -s -o /dev/null -w '%{http_code}' -F "file=@released" -H 'Origin: http://evil.example' "$url/identify")" \
    403 "another site's form"
expect_equal "$(summary)" "$before" "the store"

step "each page is there and says its names to who doesn't see it, and no link on any of them leads nowhere"
cat >walk.py <<'PYTHON'
"""Follows every link of the site from its first page on, and fails at one that isn't answered or can't be read aloud."""
import html.parser, sys, urllib.error, urllib.parse, urllib.request

import accessible

class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src")]

root, waiting, seen, sheets = sys.argv[1], ["/"], set(), 0
while waiting:
    target = waiting.pop()
    if target in seen:
        continue
    seen.add(target)
    with urllib.request.urlopen(root + target) as answer:
        body, kind = answer.read(), answer.headers["Content-Type"]
        if kind.startswith("text/css"):
            sheets += 1
            assert not accessible.sheet_problems(body.decode()), accessible.sheet_problems(body.decode())
        if not kind.startswith("text/html"):
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, (target, policy)
    problems = accessible.Page(body.decode()).problems
    assert not problems, (target, problems)
    links = Links()
    links.feed(body.decode())
    for link in links.found:
        whole = urllib.parse.urljoin(root + target, link)
        assert whole.startswith(root + "/"), (target, link)
        waiting.append(whole[len(root):].split("#")[0])
print(len(seen), "places")
assert len(seen) > 25 and sheets == 1
PYTHON
PYTHONPATH=$E2E_HERE/lib run python3 walk.py "$url"

step "what happens in the store is told to who follows it"
curl -sN "$api/events?seconds=600" >events &
following=$!
at_exit "kill $following 2>/dev/null"
until [ -s events ]; do sleep 0.1; done
run "$bindery" put walk.py --name followed --version 1.0.0 --platform any
until grep -q '"name":"followed"' events; do
    kill -0 "$following" || fail "the stream ended: $(cat events)"
    sleep 0.1
done
grep -q '^id: [0-9]' events
kill "$following"

step "the API does what its document says, whatever it is asked (schemathesis)"
# A later version may check more.
python_tools schemathesis==4.32.5
# What follows the log goes on for as long as it is asked to.
run schemathesis run "$api/openapi.json" --url "$url" --exclude-path /api/v1/events --checks all --phases examples,coverage,fuzzing --max-examples 20 \
    --generation-deterministic --no-color
expect_equal "$(failures)" "" "the server's log"

step "the server ends when it is told to"
kill -TERM "$server"
status=0
wait "$server" || status=$?
expect_equal "$status" 0 "the server's status"
