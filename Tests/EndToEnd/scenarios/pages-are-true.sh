#!/usr/bin/env bash
# Every command on the pages of docs/jobs, in the order of each page; those of the workflows on them, too.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
python_tools pyyaml

# What a build leaves for the pages: the programs of a workflow, the dist of GoReleaser, and that of cargo-dist.
build_outputs() {
    local arch target
    mkdir -p dist
    for arch in amd64 arm64; do printf '#!/bin/sh\necho agent for %s, as CI built it\n' "$arch" >"dist/agent-linux-$arch"; done
    for target in linux_amd64_v1 linux_arm64_v8.0 linux_arm_7; do
        mkdir -p "dist/tool_$target"
        printf '#!/bin/sh\necho tool for %s, as GoReleaser built it\n' "$target" >"dist/tool_$target/tool"
        chmod 755 "dist/tool_$target/tool"
    done
    tar -czf dist/tool_2.0.0_linux_amd64.tar.gz -C dist/tool_linux_amd64_v1 tool
    (cd dist && sha256sum tool_2.0.0_linux_amd64.tar.gz >checksums.txt)
    echo '{"project_name":"tool","tag":"v2.0.0","version":"2.0.0"}' >dist/metadata.json
    cat >dist/artifacts.json <<'JSON'
[{"name": "tool", "path": "dist/tool_linux_amd64_v1/tool", "goos": "linux", "goarch": "amd64", "goamd64": "v1", "type": "Binary"},
 {"name": "tool", "path": "dist/tool_linux_arm64_v8.0/tool", "goos": "linux", "goarch": "arm64", "goarm64": "v8.0", "type": "Binary"},
 {"name": "tool", "path": "dist/tool_linux_arm_7/tool", "goos": "linux", "goarch": "arm", "goarm": "7", "type": "Binary"},
 {"name": "tool_2.0.0_linux_amd64.tar.gz", "path": "dist/tool_2.0.0_linux_amd64.tar.gz", "goos": "linux", "goarch": "amd64", "type": "Archive"},
 {"name": "checksums.txt", "path": "dist/checksums.txt", "type": "Checksum"}]
JSON
    echo 'verbose = false # the default config of tool' >tool.toml
    printf -- '-----BEGIN CERTIFICATE-----\nfor the pages\n-----END CERTIFICATE-----\n' >ca-certificates.crt
    target=cargotool-x86_64-unknown-linux-musl
    mkdir -p target/distrib "work/$target"
    printf '#!/bin/sh\necho cargotool, as cargo-dist built it\n' >"work/$target/cargotool"
    tar -czf "target/distrib/$target.tar.gz" -C work "$target"
    (cd target/distrib && sha256sum "$target.tar.gz" >"$target.tar.gz.sha256")
}

# What the systems of the workflows tell their jobs.
export GITHUB_REF_NAME=v1.3.0 CI_COMMIT_TAG=v1.4.0 GITHUB_STEP_SUMMARY=summary.md

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
    build_outputs
    "$E2E_ROOT/scripts/page-commands.py" "$page" >commands.sh
    run bash commands.sh
    cd "$here"
done
