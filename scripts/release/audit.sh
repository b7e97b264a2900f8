#!/usr/bin/env bash
# Audits an image on every platform against the store: exactly the release VERSION of PROGRAM, or it fails.
set -euo pipefail
image=${1:?usage: scripts/release/audit.sh IMAGE}
: "${VERSION:?}" "${DIST:=dist}" "${PROGRAM:=mount-monitor}"
"$DIST/bindery" audit "$image" --exact --strict --expect "$PROGRAM@$VERSION"
"$DIST/bindery" audit "$image" --exact --json | jq -e '.verdict == "exact"' >/dev/null
"$DIST/bindery" where "$PROGRAM@$VERSION"
