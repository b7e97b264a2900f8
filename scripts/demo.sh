#!/usr/bin/env bash
# The main job once, end to end, on this machine: released binaries go into a store, come out in a docker context,
# become images, and the audit says from the images' own bytes which releases they are.
#
# Uses the Docker engine that answers, else starts one for itself (root, dockerd installed), else buildah. Everything it
# makes is in ./demo, and stays there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
: "${DIST:=$root/dist}"
demo=$root/demo
rm -rf "$demo"
mkdir -p "$demo"
export E2E_ROOT=$root E2E_WORK=$demo/engine BINDERY_STORE=$demo/store DOCKER_CONFIG=$demo/engine/docker-config
here=$demo/engine
mkdir -p "$here" "$DOCKER_CONFIG"
# shellcheck source=../Tests/EndToEnd/lib/engines.sh
source "$root/Tests/EndToEnd/lib/engines.sh"
# shellcheck source=../Tests/EndToEnd/lib/fixtures.sh
source "$root/Tests/EndToEnd/lib/fixtures.sh"
require() { command -v "$1" >/dev/null; }

cleanup() {
    stop_private_docker
    # What the engine stored is not what the demo is about.
    rm -rf "$demo/engine"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

PATH=$DIST:$PATH
say() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed $'s/\033\\[[0-9]*m//g'; fi; }
# show COMMAND…: prints it as a person would type it, and runs it; its status is in $status.
show() {
    printf '$ %s\n' "${*//$root\//}"
    status=0
    "$@" || status=$?
}
must() {
    show "$@"
    [ "$status" -eq 0 ] || { echo "demo: this ended with status $status" >&2 && exit 1; }
}

version=$("$DIST/mount-monitor-linux-$(dpkg --print-architecture 2>/dev/null || echo amd64)" --version | sed 's/.* //')
monitors=("$DIST"/mount-monitor-linux-*)

say "1. Put what CI built into the store, once."
must bindery put "${monitors[@]}" --name-pattern '{name}-{os}-{arch}' --version "$version" --expect-version
releases=("mount-monitor@$version")
if ruff=$(wheel_binary ruff amd64 0 2>/dev/null) && ruff_arm=$(wheel_binary ruff arm64 0 2>/dev/null); then
    ruff_version=$(basename "$(dirname "$ruff")")
    must bindery put "$ruff" "$ruff_arm" --name-pattern '{name}-{os}-{arch}' --version "$ruff_version"
    releases+=("ruff@$ruff_version")
else
    echo "(no network: the release of two architectures that others made is left out)"
fi
must bindery ls

say "2. Bind a context from the release and Dockerfile.release: nothing is compiled from here on."
must bindery context "mount-monitor@$version" -f Dockerfile.release -o demo/context
contexts=(context)
if [ "${#releases[@]}" -eq 2 ]; then
    sed 's/mount-monitor/ruff/g; /EXPOSE/d' Dockerfile.release >demo/Dockerfile.ruff
    must bindery context "ruff@$ruff_version" -f demo/Dockerfile.ruff -o demo/context-ruff
    contexts+=(context-ruff)
fi

say "3. Build the images with an engine."
engine=
if start_docker 2>/dev/null; then
    engine=docker
    export DOCKER_HOST=$E2E_DOCKER_HOST
elif require_buildah; then
    engine=buildah
fi

# build TAG CONTEXT PLATFORM: builds it and sets $image to what the audit takes.
build() {
    local tag=$1 context=$2 platform=$3
    local file=demo/${tag//[:\/]/-}.tar
    case "$engine" in
        docker)
            printf '$ docker build --platform %s -t %s %s\n' "$platform" "$tag" "$context"
            docker build --quiet --platform "$platform" -t "$tag" "$context"
            image=docker-daemon:$tag
            ;;
        buildah)
            printf '$ buildah bud --platform %s -t %s %s\n' "$platform" "$tag" "$context"
            buildah_build "$tag" "$platform" "$context" >/dev/null
            rm -f "$file"
            buildah_push "$tag" "docker-archive:$file:$tag" 2>/dev/null
            image=docker-archive:$file
            ;;
    esac
}

images=()
if [ -n "$engine" ]; then
    case "$(uname -m)" in aarch64) native=linux/arm64 ;; *) native=linux/amd64 ;; esac
    build "demo/mount-monitor:$version" demo/context "$native"
    images+=("$image")
    if [ "${#contexts[@]}" -eq 2 ]; then
        for arch in amd64 arm64; do
            build "demo/ruff-$arch:$ruff_version" demo/context-ruff "linux/$arch"
            images+=("$image")
        done
    fi

    say "4. Audit: which released binary is each file, by its bytes?"
    for image in "${images[@]}"; do must bindery audit "$image"; done

    say "5. The same image with one bit of the binary changed is found out."
    cp -r demo/context demo/tampered
    binary=demo/tampered/mount-monitor-linux-${native#linux/}
    printf '\x01' | dd of="$binary" bs=1 seek=100000 conv=notrunc status=none
    cmp -s "$binary" "demo/context/$(basename "$binary")" &&
        printf '\x02' | dd of="$binary" bs=1 seek=100000 conv=notrunc status=none
    build "demo/tampered:$version" demo/tampered "$native"
    show bindery audit "$image" --expect "mount-monitor@$version"
    [ "$status" -eq 1 ] || { echo "demo: the changed image was not refused" >&2 && exit 1; }

    say "6. Which images hold this release?"
    must bindery where "mount-monitor@$version"
else
    echo "(no engine: neither Docker nor buildah is here; scripts/setup.sh installs them)"
fi

if [ "${SERVE:-}" = 1 ]; then
    say "7. Build an image without an engine, and audit it, for the pages to show."
    must bindery build "mount-monitor@$version" -f Dockerfile.release -t "mount-monitor:$version"
    must bindery audit "mount-monitor:$version"
fi

say "What just happened"
cat <<END
  - ${#releases[@]} release(s) went into the store once, named by SHA-256, and can't change any more: ${releases[*]}.
  - The contexts in demo/ were made from the store; the engine copied released bytes and compiled nothing.
  - The audit hashed what is in the images, and told the real one from one with a single changed bit.
  The store stays in demo/store. Look around with:
    BINDERY_STORE=demo/store $(realpath --relative-to="$root" "$DIST")/bindery ls
    BINDERY_STORE=demo/store $(realpath --relative-to="$root" "$DIST")/bindery log
    BINDERY_STORE=demo/store $(realpath --relative-to="$root" "$DIST")/bindery verify
END
if [ "${SERVE:-}" = 1 ]; then
    say "The pages of this store: open the address in a browser, and end the server with Ctrl-C."
    cleanup
    trap - EXIT INT TERM
    exec bindery serve --listen "${LISTEN:-127.0.0.1:0}"
fi
