#!/usr/bin/env bash
# Makes a directory of what the release page of VERSION has: the binaries of PROGRAMS out of the store, their bills of
# materials, the Debian packages, and checksums.txt as sha256sum reads it.
set -euo pipefail
directory=${1:?usage: scripts/release/checksums.sh DIRECTORY}
: "${VERSION:?}" "${DIST:=dist}" "${PROGRAMS:=mount-monitor}"
mkdir -p "$directory"
for program in $PROGRAMS; do
    for arch in amd64 arm64; do
        "$DIST/bindery" get "$program@$VERSION" --platform "linux/$arch" -o "$directory/$program-linux-$arch"
    done
    "$DIST/bindery" sbom "$program@$VERSION" --format spdx -o "$directory/$program.spdx.json"
done
for package in "$DIST"/*.deb; do
    # A tilde is not a character of a file on a release page.
    if [ -e "$package" ]; then name=$(basename "$package") && cp "$package" "$directory/${name//\~/-}"; fi
done
cd "$directory"
rm -f checksums.txt
sha256sum -- * >../checksums.new
mv ../checksums.new checksums.txt
cat checksums.txt
