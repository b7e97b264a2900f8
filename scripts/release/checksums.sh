#!/usr/bin/env bash
# Takes the binaries of the release VERSION out of the store into a directory, with checksums.txt as sha256sum reads it.
set -euo pipefail
directory=${1:?usage: scripts/release/checksums.sh DIRECTORY}
: "${VERSION:?}" "${DIST:=dist}"
mkdir -p "$directory"
for arch in amd64 arm64; do
    "$DIST/bindery" get "mount-monitor@$VERSION" --platform "linux/$arch" -o "$directory/mount-monitor-linux-$arch"
done
cd "$directory"
sha256sum mount-monitor-linux-* >checksums.txt
cat checksums.txt
