#!/usr/bin/env bash
# Fails when the log of an image build shows that something was compiled, run or fetched in it.
set -euo pipefail
log=${1:?usage: scripts/release/not-compiled.sh LOG}
[ -s "$log" ] || { echo "release: $log is empty: there is nothing to look at" >&2 && exit 1; }
if grep -nE 'swift (build|package)|swiftc|Compiling|Linking|(^|[[:space:]])RUN[[:space:]]|apt-get|(gcc|clang|cargo|go build)[[:space:]]' "$log"; then
    echo "release: the image's build compiled or ran something; an image is bound from released binaries only" >&2
    exit 1
fi
echo "nothing was compiled"
