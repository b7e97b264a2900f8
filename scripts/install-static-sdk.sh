#!/usr/bin/env bash
# Installs Swift's Static Linux SDK, which builds for another processor: scripts/install-static-sdk.sh RELEASE CHECKSUM
#
# The checksum is the one that https://www.swift.org/install/linux/ shows for that release.
set -euo pipefail
release=${1:?usage: scripts/install-static-sdk.sh RELEASE CHECKSUM}
checksum=${2:-}
if swift sdk list 2>/dev/null | grep -q "swift-${release}-RELEASE_static-linux"; then exit 0; fi
if ! [[ $checksum =~ ^[0-9a-f]{64}$ ]]; then
    echo "setup: the SDK's checksum is '$checksum'; give the one that https://www.swift.org/install/linux/ shows for $release" >&2
    exit 1
fi
name=swift-${release}-RELEASE_static-linux-0.1.0.artifactbundle.tar.gz
swift sdk install "https://download.swift.org/swift-$release-release/static-sdk/swift-$release-RELEASE/$name" \
    --checksum "$checksum"
