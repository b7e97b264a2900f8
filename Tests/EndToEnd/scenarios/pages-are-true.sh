#!/usr/bin/env bash
# Every command on the pages of docs/jobs, in the order of each page.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"

mkdir bin
ln -s "$bindery" bin/bindery
export PATH=$here/bin:$PATH

for page in "$E2E_ROOT"/docs/jobs/*.md; do
    name=$(basename "$page" .md)
    step "$name"
    mkdir "$name"
    cd "$name"
    # What the pages take for granted: two releases of a program, an image of each, and the file itself.
    export BINDERY_STORE=$here/$name/store
    printf 'FROM scratch\nCOPY --chmod=755 agent /agent\nENTRYPOINT ["/agent"]\n' >Dockerfile.release
    for version in 1.2.2 1.2.3; do
        printf '#!/bin/sh\necho agent %s of the pages\n' "$version" >agent
        run "$bindery" put agent --name agent --version "$version" --platform any
        run "$bindery" build "agent@$version" -t "registry.example/agent:$version" --platform linux/amd64
        run "$bindery" audit "registry.example/agent:$version"
    done
    "$E2E_ROOT/scripts/page-commands.py" "$page" >commands.sh
    run bash commands.sh
    cd "$here"
done
