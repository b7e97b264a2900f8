#!/usr/bin/env bash
# Takes the binaries of the release VERSION of PROGRAMS out of the store and runs them: they must show VERSION.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}" "${PROGRAMS:=mount-monitor}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in $PROGRAMS; do
    for arch in amd64 arm64; do
        file=$work/$program-linux-$arch
        "$DIST/bindery" get "$program@$VERSION" --platform "linux/$arch" -o "$file"
        run=()
        case "$arch,$(uname -m)" in
            amd64,x86_64 | arm64,aarch64) ;;
            arm64,*) run=(qemu-aarch64-static) ;;
            amd64,*) run=(qemu-x86_64-static) ;;
        esac
        # mount-monitor's help has the version, and bindery's --version is the version.
        case "$program" in
            mount-monitor) words=--help ;;
            *) words=--version ;;
        esac
        shown=$("${run[@]}" "$file" "$words")
        if ! grep -qxF -e "Version: $VERSION" -e "$VERSION" <<<"$shown"; then
            echo "release: $program for $arch shows '$(head -n 3 <<<"$shown")' instead of $VERSION" >&2
            exit 1
        fi
        echo "$program, $arch: Version: $VERSION"
    done
done
"$DIST/bindery" verify
