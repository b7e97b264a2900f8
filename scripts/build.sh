#!/usr/bin/env bash
# Builds programs of this package for release: optimised, fully static, stripped.
#
#   scripts/build.sh [--scratch DIR] [--into DIR] [--platform OS/ARCH] PROGRAM…
#
# A program for this machine is linked against Glibc; one for another processor is built through Swift's Static Linux
# SDK. VERSION in the environment is the version that the programs print; without it they are development versions.
# mount-monitor, which is released, comes out as DIR/mount-monitor-linux-amd64; bindery, the tool, as DIR/bindery, and so
# does timing, which `make bench` measures with.
#
# The same sources give the same bytes, in any directory and at any time; `make reproducible` compares.
set -euo pipefail

swift=${SWIFT:-swift}
scratch=.build-release
into=dist
platform=
programs=()
while [ $# -gt 0 ]; do
    case "$1" in
        --scratch) scratch=$2 && shift 2 ;;
        --into) into=$2 && shift 2 ;;
        --platform) platform=$2 && shift 2 ;;
        -*) echo "build: unknown option $1" >&2 && exit 2 ;;
        *) programs+=("$1") && shift ;;
    esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The version ends up in a C string and in image tags.
if [ -n "${VERSION+set}" ] && ! [[ $VERSION =~ ^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$ ]]; then
    echo "build: VERSION is '$VERSION'; a version is letters, digits, '.', '_', '+' and '-', such as 1.2.3" >&2
    exit 2
fi

case "$(uname -m)" in
    x86_64) host=linux/amd64 ;;
    aarch64) host=linux/arm64 ;;
    *) host=linux/$(uname -m) ;;
esac
platform=${platform:-$host}

# lld comes with the toolchain, links in seconds, and has no warnings for the dlopen that Swift's runtime never calls.
options=(-Xswiftc -static-executable -Xswiftc -use-ld=lld)
if [ "$platform" != "$host" ]; then
    case "$platform" in
        linux/amd64) sdk=x86_64-swift-linux-musl ;;
        linux/arm64) sdk=aarch64-swift-linux-musl ;;
        *) echo "build: there is no Swift SDK for $platform; linux/amd64 and linux/arm64 have one" >&2 && exit 2 ;;
    esac
    if ! "$swift" sdk list 2>/dev/null | grep -q static-linux; then
        release=$("$swift" --version 2>/dev/null | sed -nE 's/.*\(swift-([0-9.]+)-RELEASE\).*/\1/p' | head -n 1)
        : "${release:=6.3.1}"
        {
            echo "build: building for $platform on $host takes Swift's Static Linux SDK, which is not installed."
            echo "Install it once, with the checksum that https://www.swift.org/install/linux/ shows for it:"
            echo "  scripts/install-static-sdk.sh $release CHECKSUM"
            echo "It is for exactly this toolchain, $release. Then run make again."
        } >&2
        exit 1
    fi
    options=(--swift-sdk "$sdk")
    scratch=.build-linux-${platform#linux/}
fi

# The same bytes in any directory: C puts the names of its files into messages, and debug information, which is stripped
# in the end, has the name of the directory everywhere.
options+=(-Xcc "-ffile-prefix-map=$PWD=." -Xswiftc -gnone)

# identify FILE: gives a program a build ID that is the SHA-1 of what it consists of. The linker's own also covers what was
# stripped since.
identify() {
    local start
    start=$(readelf -SW "$1" | sed -nE 's/.* \.note\.gnu\.build-id +NOTE +[0-9a-f]+ ([0-9a-f]+) 000024 .*/\1/p')
    [ -n "$start" ] || return 0
    # Behind the note's header and its name.
    start=$((16#$start + 16))
    head -c 20 /dev/zero | dd of="$1" bs=1 seek="$start" conv=notrunc status=none
    # shellcheck disable=SC2059 # the format is made of digits
    printf "$(sha1sum "$1" | sed -E 's/ .*//; s/../\\x&/g')" | dd of="$1" bs=1 seek="$start" conv=notrunc status=none
}

mkdir -p "$into"
for program in "${programs[@]}"; do
    # What the program is stands in the program itself (UAPI Group, "Package Metadata for Executable Files").
    note="{\"type\":\"generic\",\"name\":\"$program\",\"version\":\"${VERSION:-0.0.0-dev}\",\"architecture\":\"${platform#*/}\"}"
    linking=(-Xlinker "--package-metadata=$note")
    "$swift" build -c release --scratch-path "$scratch" "${options[@]}" "${linking[@]}" --product "$program"
    # A link to the directory of the platform that was built for.
    built=$scratch/release/$program
    case "$program" in
        bindery | timing) result=$into/$program ;;
        *) result=$into/$program-${platform/\//-} ;;
    esac
    # Into place by a rename: a program that runs can't be written, and nobody sees half of one.
    if [ "$platform" = "$host" ]; then
        # A hash of each module, by which a compiler skips what hasn't changed, depends on the directory.
        strip --remove-section=.swift_modhash -o "$result.new" "$built"
    else
        llvm-objcopy --strip-all "$built" "$result.new" 2>/dev/null || cp "$built" "$result.new"
    fi
    identify "$result.new"
    chmod 755 "$result.new"
    mv "$result.new" "$result"
    echo "built $result ($(stat -c %s "$result") bytes)"
done
