#!/usr/bin/env bash
# Puts both binaries of each of PROGRAMS into the store as VERSION; each must hold that version in its bytes.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}" "${PROGRAMS:=mount-monitor}"
if [ ! -e "$DIST/bindery" ]; then cp "$DIST/bindery-linux-amd64" "$DIST/bindery"; fi
chmod +x "$DIST"/*
for program in $PROGRAMS; do
    "$DIST/bindery" put "$DIST/$program-linux-amd64" "$DIST/$program-linux-arm64" \
        --name-pattern '{name}-{os}-{arch}' --version "$VERSION" --expect-version
    "$DIST/bindery" show "$program@$VERSION"
done
