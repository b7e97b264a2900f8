#!/usr/bin/env bash
# Puts both binaries of mount-monitor into the store as VERSION; each must hold that version in its bytes.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}"
chmod +x "$DIST"/*
"$DIST/bindery" put "$DIST/mount-monitor-linux-amd64" "$DIST/mount-monitor-linux-arm64" \
    --name-pattern '{name}-{os}-{arch}' --version "$VERSION" --expect-version
"$DIST/bindery" show "mount-monitor@$VERSION"
