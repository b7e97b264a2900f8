#!/usr/bin/env bash
# Puts the programs, their manual pages and their completions below a prefix.
#
#   scripts/install.sh DIST PREFIX [DESTDIR]
#
# DIST has what `make build` made. DESTDIR goes before the prefix where a package is made.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dist=$1 prefix=$2 destination=${3:-}
root=$destination$prefix
program=$dist/bindery
[ -x "$program" ] || {
    echo "$program isn't there: run make build" >&2
    exit 1
}

install -D -m 755 "$program" "$root/bin/bindery"
for monitor in "$dist"/mount-monitor-linux-*; do
    case "$(uname -m)-${monitor##*-}" in
        x86_64-amd64 | aarch64-arm64) install -D -m 755 "$monitor" "$root/bin/mount-monitor" ;;
    esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/manual.py" "$program" "$work/man1"
install -d "$root/share/man/man1"
install -m 644 "$work"/man1/*.1 "$root/share/man/man1"

# completion SHELL FILE
completion() {
    "$program" --generate-completion-script "$1" >"$work/completion"
    install -D -m 644 "$work/completion" "$root/share/$2"
}
completion bash bash-completion/completions/bindery
completion zsh zsh/site-functions/_bindery
completion fish fish/vendor_completions.d/bindery.fish
