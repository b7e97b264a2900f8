#!/usr/bin/env bash
# Takes both binaries of the release out of the store and runs them: --help must show VERSION.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for arch in amd64 arm64; do
    file=$work/mount-monitor-linux-$arch
    "$DIST/bindery" get "mount-monitor@$VERSION" --platform "linux/$arch" -o "$file"
    run=()
    case "$arch,$(uname -m)" in
        amd64,x86_64 | arm64,aarch64) ;;
        arm64,*) run=(qemu-aarch64-static) ;;
        amd64,*) run=(qemu-x86_64-static) ;;
    esac
    help=$("${run[@]}" "$file" --help)
    if ! grep -qxF "Version: $VERSION" <<<"$help"; then
        echo "release: the binary for $arch shows '$(grep Version: <<<"$help")' instead of 'Version: $VERSION'" >&2
        exit 1
    fi
    echo "$arch: Version: $VERSION"
done
"$DIST/bindery" verify
