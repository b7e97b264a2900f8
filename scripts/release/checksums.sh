#!/usr/bin/env bash
# Takes the binaries of the release VERSION out of the store into a folder, with checksums.txt as sha256sum reads it.
set -euo pipefail
folder=${1:?usage: scripts/release/checksums.sh FOLDER}
: "${VERSION:?}" "${DIST:=dist}"
mkdir -p "$folder"
for arch in amd64 arm64; do
    "$DIST/bindery" get "mount-monitor@$VERSION" --platform "linux/$arch" -o "$folder/mount-monitor-linux-$arch"
done
cd "$folder"
sha256sum mount-monitor-linux-* >checksums.txt
cat checksums.txt
