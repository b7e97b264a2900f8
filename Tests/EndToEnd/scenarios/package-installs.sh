#!/usr/bin/env bash
# The Debian package: the same bytes twice, installed into a root of its own by dpkg, with a manual page for each command
# and completions that the shells take; removed, it leaves nothing. And `make install` into a directory.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require dpkg dpkg-deb

# Compressing takes most of the time.
export DPKG_DEB_COMPRESSOR_LEVEL=1
mkdir dist
cp "$bindery" "$monitor_amd64" dist
commands=$("$bindery" --help | sed -n 's/^  \([a-z]\{2,\}\)  .*/\1/p')

step "the same bytes twice"
run "$E2E_ROOT/scripts/package.sh" dist
package=$(echo dist/*.deb)
first=$(digest_of "$package")
run "$E2E_ROOT/scripts/package.sh" dist
expect_equal "$(digest_of "$package")" "$first" "the digest of the package"

step "dpkg installs it"
if [ "$(id -u)" = 0 ]; then
    mkdir -p root/var/lib/dpkg
    touch root/var/lib/dpkg/status
    run dpkg --root="$here/root" --force-not-root --force-architecture -i "$package"
else
    run dpkg-deb -x "$package" root
fi
run root/usr/bin/bindery --version
expect_equal "$output" "$("$bindery" --version)" "the version of the installed program"
for command in $commands; do
    [ -s "root/usr/share/man/man1/bindery-$command.1.gz" ] || fail "there is no manual page of $command"
done
run bash -c 'source root/usr/share/bash-completion/completions/bindery && complete -p bindery'
[ -s root/usr/share/zsh/vendor-completions/_bindery ] || fail "zsh finds no completions"
[ -s root/usr/share/fish/vendor_completions.d/bindery.fish ] || fail "fish finds no completions"

if [ "$(id -u)" = 0 ]; then
    step "dpkg removes it"
    run dpkg --root="$here/root" -r bindery
    expect_equal "$(find root/usr -type f 2>/dev/null | wc -l)" 0 "files that are left"
fi

step "make install"
run "$E2E_ROOT/scripts/install.sh" dist /opt/bindery "$here/destination"
run destination/opt/bindery/bin/bindery --version
[ -s destination/opt/bindery/share/man/man1/bindery.1 ] || fail "there is no manual page"
