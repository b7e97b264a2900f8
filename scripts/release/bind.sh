#!/usr/bin/env bash
# Binds the image of the stored release VERSION for both platforms into image.tar, and nothing else goes into it.
set -euo pipefail
: "${VERSION:?}" "${DIST:=dist}" "${IMAGE:=mount-monitor}"
"$DIST/bindery" build "mount-monitor@$VERSION" -f Dockerfile.release -t "$IMAGE:v$VERSION" -o oci-archive:image.tar
"$DIST/bindery" audit oci-archive:image.tar --exact
