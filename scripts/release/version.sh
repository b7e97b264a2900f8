#!/usr/bin/env bash
# Prints what a tag says, as lines NAME=VALUE: version (without the leading v) and stable (true without a pre-release).
set -euo pipefail
tag=${1:?usage: scripts/release/version.sh TAG}
if ! [[ $tag =~ ^v([0-9]+\.[0-9]+\.[0-9]+)(-[0-9A-Za-z.-]+)?$ ]]; then
    echo "release: $tag is not a version; tags of releases are like v1.2.3 or v1.2.3-rc.1" >&2
    exit 1
fi
echo "version=${tag#v}"
if [ -z "${BASH_REMATCH[2]}" ]; then echo "stable=true"; else echo "stable=false"; fi
