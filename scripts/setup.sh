#!/usr/bin/env bash
# Installs, by apt, each system package that is missing, and checks the Swift toolchain.
#
#   scripts/setup.sh             what building, testing and the end-to-end tests need
#   scripts/setup.sh --build     what building needs
set -euo pipefail

readonly swift_minimum=6.2

# Headers and static libraries that the package links.
build_packages=(
    git make pkg-config binutils
    libsqlite3-dev libssl-dev zlib1g-dev libdeflate-dev libzstd-dev libbz2-dev liblzma-dev
)
# What the tests compare with, and the engines of the end-to-end tests.
test_packages=(
    shellcheck gcc spin sqlite3 strace jq openssl file unzip python3 python3-pip zstd xz-utils bzip2 pigz busybox-static
    docker.io containerd runc debootstrap buildah skopeo umoci qemu-user-static
    curl fuse3 libfuse3-dev rclone docker-registry
)

packages=("${build_packages[@]}")
case "${1:-}" in
    "") packages+=("${test_packages[@]}") ;;
    --build) ;;
    *)
        echo "usage: scripts/setup.sh [--build]" >&2
        exit 2
        ;;
esac

is_installed() {
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "setup: no apt here; install your system's counterparts of: ${packages[*]}" >&2
        return
    fi
    local missing=() package
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            echo "setup: missing: ${missing[*]}" >&2
            echo "setup: installing them takes root; run: apt-get install -y ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq || echo "setup: apt-get update failed, trying with the lists that are there" >&2
    for package in "${missing[@]}"; do
        if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$package" >/dev/null; then
            echo "setup: apt-get could not install $package: run 'apt-get install $package' to see why" >&2
            exit 1
        fi
    done
}

check_swift() {
    local how="install it from https://www.swift.org/install/linux/ and put its usr/bin into PATH"
    if ! command -v swift >/dev/null; then
        echo "setup: there is no 'swift' in PATH; Swift $swift_minimum or newer is needed: $how" >&2
        exit 1
    fi
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n' "$swift_minimum" "${version:-0}" | sort -V | head -n 1)" != "$swift_minimum" ]; then
        echo "setup: Swift is ${version:-of an unknown version}, $swift_minimum or newer is needed: $how" >&2
        exit 1
    fi
}

install_packages
check_swift
