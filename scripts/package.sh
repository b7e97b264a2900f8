#!/usr/bin/env bash
# Makes a Debian package of both programs, with their manual pages and completions.
#
#   scripts/package.sh DIST
#
# The package is DIST/bindery_VERSION_ARCH.deb; the version is what the program prints. The same programs give the same
# bytes: times are those of SOURCE_DATE_EPOCH, else 0. MAINTAINER is who the package says made it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dist=$1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0}
command -v dpkg-deb >/dev/null || {
    echo "dpkg-deb is missing: apt-get install dpkg" >&2
    exit 1
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
"$here/install.sh" "$dist" /usr "$root"
# Debian's zsh looks for the completions of packages there, not in site-functions.
mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
find "$root/usr/share/man" -name '*.1' -exec gzip -9n {} +
install -D -m 644 "$here/../LICENSE" "$root/usr/share/doc/bindery/copyright"

architecture=$(dpkg --print-architecture)
version=$("$root/usr/bin/bindery" --version)
mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: bindery
Version: ${version//-/\~}
Architecture: $architecture
Maintainer: ${MAINTAINER:-Bindery <bindery@localhost>}
Section: devel
Priority: optional
Installed-Size: $(du -k -s --apparent-size "$root/usr" | cut -f 1)
Description: store for released binaries, and press that binds them into images
 Keeps what CI built, once and immutable, binds container images from these bytes
 and from nothing else, and says which released binary each file of any image is.
CONTROL
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --build --root-owner-group -Zgzip "$root" "$dist/bindery_${version//-/\~}_$architecture.deb"
