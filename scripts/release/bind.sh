#!/usr/bin/env bash
# Binds the image of the stored release VERSION of PROGRAM for both platforms into image.tar, and nothing else goes into it.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}" "${PROGRAM:=mount-monitor}" "${IMAGE:=$PROGRAM}"
case "$PROGRAM" in
    mount-monitor) dockerfile=Dockerfile.release ;;
    *) dockerfile=Dockerfile.$PROGRAM ;;
esac
"$DIST/bindery" build "$PROGRAM@$VERSION" -f "$dockerfile" -t "$IMAGE:v$VERSION" -o oci-archive:image.tar
"$DIST/bindery" audit oci-archive:image.tar --exact
