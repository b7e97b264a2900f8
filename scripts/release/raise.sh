#!/usr/bin/env bash
# Names the release VERSION in scripts/action/released, by the release page's checksums: what action.yml downloads from then on.
set -euo pipefail
checksums=${1:?usage: VERSION=1.2.3 scripts/release/raise.sh CHECKSUMS}
: "${VERSION:?}"
file=$(dirname "${BASH_SOURCE[0]}")/../action/released
sums=
for arch in amd64 arm64; do
    sum=$(awk -v name="bindery-linux-$arch" '$2 == name && $1 ~ /^[0-9a-f]+$/ && length($1) == 64 { print $1 }' "$checksums")
    [ -n "$sum" ] || { echo "release: $checksums has no checksum of bindery-linux-$arch" >&2 && exit 1; }
    sums+="$arch $sum"$'\n'
done
{ grep '^#' "$file" && echo "version $VERSION" && printf '%s' "$sums"; } >"$file.new"
mv "$file.new" "$file"
