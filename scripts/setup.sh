#!/usr/bin/env bash
# Installs, by apt, each system package that is missing, and checks the Swift toolchain.
#
#   scripts/setup.sh             what building, testing and the end-to-end tests need
#   scripts/setup.sh --build     what building needs
#   scripts/setup.sh --demo      what building and `make demo` need
#
# Says nothing when all is there. Each make target calls it first, so a new machine needs no step before `make`.
set -euo pipefail

readonly swift_minimum=6.2

# A word is a package, or PACKAGE=PROGRAM: then a program of that name in PATH, wherever it is from, is as good.
build_packages=(
    git=git make=make pkg-config binutils
    # What the Swift toolchain itself links and loads.
    g++ libcurl4-openssl-dev libncurses-dev libxml2-dev tzdata
    # Headers and static libraries that the package links.
    libsqlite3-dev libssl-dev zlib1g-dev libdeflate-dev libzstd-dev libbz2-dev liblzma-dev
)
demo_packages=(python3=python3 python3-pip=pip3 unzip)
# What the tests compare with, and the engines of the end-to-end tests.
test_packages=(
    "${demo_packages[@]}"
    shellcheck=shellcheck gcc spin sqlite3 strace jq openssl file zip cpio zstd xz-utils bzip2 pigz busybox-static
    docker.io=dockerd containerd=containerd runc=runc debootstrap buildah skopeo umoci qemu-user-static
    golang-go=go golang-golang-x-mod-dev
    zsh fish bindfs curl softhsm2 opensc procps=pgrep fuse3 libfuse3-dev rclone=rclone docker-registry
)
# One engine is enough for the demo. Without root only buildah builds for the user who asks.
if [ "$(id -u)" -eq 0 ]; then
    demo_packages+=(docker.io=dockerd)
else
    demo_packages+=(buildah=docker uidmap=docker)
fi

packages=("${build_packages[@]}")
case "${1:-}" in
    "") packages+=("${test_packages[@]}") ;;
    --build) ;;
    --demo) packages+=("${demo_packages[@]}") ;;
    *)
        echo "usage: scripts/setup.sh [--build | --demo]" >&2
        exit 2
        ;;
esac

fail() {
    echo "setup: $*" >&2
    exit 1
}

# Sets `missing` to the packages that are not installed, in one question to dpkg.
find_missing() {
    local installed word
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${packages[@]%%=*}" 2>/dev/null |
        sed -n 's/^installed //p') || true
    missing=()
    for word in "${packages[@]}"; do
        if [[ $word == *=* ]] && command -v "${word#*=}" >/dev/null; then continue; fi
        grep -qxF -- "${word%%=*}" <<<"$installed" || missing+=("${word%%=*}")
    done
}

install_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        # Whether all is there under other names, only the build can tell.
        [ -n "${MAKELEVEL:-}" ] || echo "setup: no apt here; install what this system has for: ${packages[*]%%=*}" >&2
        return
    fi
    local missing
    find_missing
    [ "${#missing[@]}" -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            fail "missing, and installing takes root: apt-get install -y --no-install-recommends ${missing[*]}"
        fi
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}" >&2
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qq)
    "${apt[@]}" update || echo "setup: apt-get update failed, trying with the lists that are there" >&2
    if "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null; then return; fi
    # One by one, to name the package that can't be installed.
    local package
    for package in "${missing[@]}"; do
        "${apt[@]}" install -y --no-install-recommends "$package" >/dev/null ||
            fail "apt-get could not install $package: run 'apt-get install $package' to see why"
    done
}

check_swift() {
    local swift=${SWIFT:-swift} how version
    how="install Swift $swift_minimum or newer from https://www.swift.org/install/linux/ and put its usr/bin into PATH"
    command -v "$swift" >/dev/null || fail "there is no '$swift' in PATH: $how"
    local said
    said=$("$swift" --version 2>&1) || fail "'$swift --version' fails: ${said%%$'\n'*}"
    version=$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' <<<"$said" | head -n 1)
    [ -n "$version" ] || fail "'$swift --version' says no version: ${said%%$'\n'*}"
    if [ "$(printf '%s\n' "$swift_minimum" "$version" | sort -V | head -n 1)" != "$swift_minimum" ]; then
        fail "Swift is $version: $how"
    fi
}

install_packages
check_swift
