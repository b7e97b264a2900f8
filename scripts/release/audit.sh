#!/usr/bin/env bash
# Audits an image on every platform against the store: exactly the release VERSION, or it fails.
set -euo pipefail
image=${1:?usage: scripts/release/audit.sh IMAGE}
: "${VERSION:?}" "${DIST:=dist}"
"$DIST/bindery" audit "$image" --exact
"$DIST/bindery" audit "$image" --exact --json | jq -e '.verdict == "exact"' >/dev/null
"$DIST/bindery" where "mount-monitor@$VERSION"
