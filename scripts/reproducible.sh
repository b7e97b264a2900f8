#!/usr/bin/env bash
# Builds the released programs twice, from two copies of the work tree in directories of other names, one after the
# other, under another umask, time zone and language, and fails when a byte differs.
#
#   scripts/reproducible.sh [PROGRAM…]     bindery and mount-monitor by default
#
# KEEP=1 leaves both builds behind, and says where.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=("$@")
[ "${#programs[@]}" -gt 0 ] || programs=(bindery mount-monitor)
work=$(mktemp -d "${TMPDIR:-/tmp}/bindery-reproducible.XXXXXX")
# shellcheck disable=SC2317 # called by the trap
finish() { if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi; }
trap finish EXIT
trap 'exit 130' INT TERM

# copy DIRECTORY: copies the work tree there.
copy() {
    mkdir -p "$1"
    git -c safe.directory="$root" -C "$root" ls-files -z --cached --others --exclude-standard -- Package.swift Sources Tests scripts |
        tar -C "$root" --null --files-from - -cf - | tar -C "$1" -xf -
}

# build DIRECTORY UMASK VARIABLE=VALUE…: builds the copy in DIRECTORY, into DIRECTORY/dist.
build() {
    (cd "$1" && umask "$2" && env "${@:3}" scripts/build.sh "${programs[@]}") >"$work/log" 2>&1 || {
        tail -n 40 "$work/log"
        exit 1
    }
}
export VERSION=${VERSION:-1.2.3}
first=$work/first second=$work/second/with/a/longer/name
# Both before the first build: the work tree may change meanwhile.
copy "$first"
copy "$second"
build "$first" 022 TZ=UTC LC_ALL=C
build "$second" 077 TZ=Pacific/Chatham LC_ALL=C.UTF-8

status=0
for file in "$first"/dist/*; do
    name=$(basename "$file")
    if cmp -s "$file" "$second/dist/$name"; then
        echo "$name is the same: $(openssl dgst -sha256 -r "$file" | cut -d ' ' -f 1)"
        continue
    fi
    status=1
    echo "$name differs, in $(cmp -l "$file" "$second/dist/$name" | wc -l) bytes, and in these sections:"
    readelf -SW "$file" | sed -nE 's/^ *\[ *[0-9]+\] ([^ ]+) .*/\1/p' | while read -r section; do
        rm -f "$work/left" "$work/right"
        objcopy --dump-section "$section=$work/left" "$file" /dev/null 2>/dev/null || continue
        objcopy --dump-section "$section=$work/right" "$second/dist/$name" /dev/null 2>/dev/null || true
        cmp -s "$work/left" "$work/right" || echo "  $section"
    done
done
exit "$status"
