#!/usr/bin/env bash
# Runs the commands of the README on a machine that has nothing but a minimal Debian or Ubuntu, Swift, git and make.
#
#   scripts/fresh-machine.sh setup     make setup, and then each program is there that a test asks for
#   scripts/fresh-machine.sh demo      make demo, which sets up first, compiles (ten minutes), and shows an audit
#   scripts/fresh-machine.sh test      what CI runs: make test, with nothing skipped (half an hour)
#
# The machine is a root of its own, made by debootstrap, with this machine's toolchain mounted into it, and its mirrors of
# packages. Takes root and a network.
# KEEP=1 leaves it behind, and says where.
set -euo pipefail
E2E_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../Tests/EndToEnd/lib/fixtures.sh
source "$E2E_ROOT/Tests/EndToEnd/lib/fixtures.sh"
what=${1:-}
[[ $what =~ ^(setup|demo|test)$ ]] || {
    echo "usage: scripts/fresh-machine.sh setup | demo | test" >&2
    exit 2
}
fail() {
    echo "fresh-machine: $*" >&2
    exit 1
}
[ "$(id -u)" -eq 0 ] || fail "mounting the machine's file systems takes root"
for program in debootstrap swift unshare pivot_root; do
    command -v "$program" >/dev/null || fail "$program is not installed: run scripts/setup.sh"
done
toolchain=$(realpath "$(dirname "$(readlink -f "$(command -v swift)")")/../..")
if [ "$toolchain" = / ] && [ "$what" != setup ]; then
    fail "Swift is mixed with the system in /usr, and can't be mounted alone: unpack a toolchain into a directory of its own"
fi

# The system that this machine has, for which the toolchain is made.
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -e "/usr/share/debootstrap/scripts/$suite" ] || fail "debootstrap doesn't know '$suite', the system of this machine"

# fresh_root: prints the path of a tar archive of the machine, made once a week.
fresh_root() {
    local archive=$fixtures/fresh-$suite.tar
    if [ -z "$(find "$archive" -mtime -7 2>/dev/null)" ]; then
        rm -rf "$fixtures/fresh-root"
        debootstrap --variant=minbase --include=ca-certificates,git,make "$suite" "$fixtures/fresh-root" \
            >"$fixtures/fresh-root.log" 2>&1 || return 1
        tar -C "$fixtures/fresh-root" --numeric-owner --exclude './dev/*' --exclude './var/cache/apt/archives/*.deb' \
            -cf "$archive.new" .
        rm -rf "$fixtures/fresh-root"
        mv "$archive.new" "$archive"
    fi
    echo "$archive"
}
archive=$(locked fresh_root) || fail "debootstrap failed: $(tail -n 1 "$fixtures/fresh-root.log")"

work=$(mktemp -d "${TMPDIR:-/tmp}/bindery-fresh.XXXXXX")
cleanup() {
    # The mounts are in a namespace that ended with its first process.
    if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM
root=$work/root
mkdir "$root"
tar -C "$root" --numeric-owner -xf "$archive"

# What isn't the machine's but the place's: its network, mirrors, certificates.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
rm -f "$root/etc/apt/sources.list"
[ ! -e /etc/apt/sources.list ] || cp /etc/apt/sources.list "$root/etc/apt/"
cp -r /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/"
# Syncing every file of every package takes most of the time, and this machine outlives no crash.
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
mirrors=()
while read -r key value; do
    base=${key#url.} base=${base%.*}
    git config --file "$root/etc/gitconfig" --add "url.$base.insteadOf" "$value"
    [[ $base != /* ]] || mirrors+=("$base")
done < <(git config --get-regexp '^url\..*\.insteadof$' || true)

if [ "$toolchain" = / ]; then
    # Enough for the set-up, which only asks for the version.
    printf '#!/bin/sh\necho "%s"\n' "$(swift --version 2>/dev/null | grep 'Swift version')" >"$root/usr/local/bin/swift"
    chmod 755 "$root/usr/local/bin/swift"
    toolchain=
fi

# A clone of the work tree as it is, with what isn't committed yet.
mkdir -p "$root/root/bindery"
git -c safe.directory="$E2E_ROOT" -C "$E2E_ROOT" ls-files -z --cached --others --exclude-standard |
    tar -C "$E2E_ROOT" --null --ignore-failed-read --files-from - -cf - | tar -C "$root/root/bindery" -xf -

# inside COMMAND…: runs it on the machine, in the clone.
inside() {
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --pid --fork --kill-child --propagation private bash -euo pipefail -c '
        root=$1 toolchain=$2 mirrors=$3
        shift 3
        mount --bind "$root" "$root"
        while read -r directory; do
            [ -n "$directory" ] || continue
            mkdir -p "$root/$directory"
            mount --bind -o ro "$directory" "$root/$directory"
        done <<<"$toolchain"$'"'\n'"'"$mirrors"
        mount --rbind /dev "$root/dev"
        mount --rbind /sys "$root/sys"
        mount -t proc proc "$root/proc"
        mkdir -p "$root/.outside"
        cd "$root"
        pivot_root . .outside
        exec chroot . /bin/bash -euc '"'"'
            umount -l /.outside
            cd /root/bindery
            exec "$@"
        '"'"' bash "$@"
    ' bash "$root" "$toolchain" "$(printf '%s\n' "${mirrors[@]}" | sort -u)" \
        env -i HOME=/root TERM="${TERM:-dumb}" LC_ALL=C.UTF-8 \
        PATH="${toolchain:+$toolchain/usr/bin:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        ${no_proxy:+"no_proxy=$no_proxy"} "$@"
}

case "$what" in
    setup)
        inside make setup
        # shellcheck disable=SC2016,SC2046 # the inner shell expands; words
        inside bash -euc 'for program; do command -v "$program" >/dev/null || missing+=" $program"; done
            [ -z "${missing:-}" ] || { echo "fresh-machine: setup.sh installs nothing that brings:$missing" >&2; exit 1; }' \
            bash $(sed -nE 's/^ *require ([^#;|&]*).*/\1/p' "$E2E_ROOT"/Tests/EndToEnd/*/*.sh | sed -E 's/\bswiftc?\b//g')
        [ -z "$(inside make --no-print-directory setup 2>&1)" ] || fail "a second setup finds something to do"
        echo "fresh-machine: make setup works"
        ;;
    demo)
        inside make demo 2>&1 | tee "$work/demo.log"
        grep -qE '^exact +docker' "$work/demo.log" || fail "the demo audited no image as exact"
        grep -qE '^mismatch ' "$work/demo.log" || fail "the demo found no changed image"
        echo "fresh-machine: make demo works"
        ;;
    test)
        inside make setup
        # Some checks ask git which files there are.
        inside bash -euc 'git init --quiet && git add --all &&
            git -c user.name=fresh -c user.email=fresh@localhost commit --quiet --message "the work tree"'
        inside .ci/run
        echo "fresh-machine: make test works"
        ;;
esac
