#!/usr/bin/env bash
# Host names, users and groups are looked up without the C library's modules, whatever /etc/nsswitch.conf lists: a fully
# static program that loads one crashes.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require strace unshare setpriv
[ "$(id -u)" -eq 0 ] || skip "another nsswitch.conf in a namespace of its own takes root"

cat >nsswitch.conf <<'CONFIG'
passwd: files systemd compat hesiod
group: files systemd compat hesiod
hosts: files myhostname systemd compat hesiod dns
services: db files
CONFIG
echo content >file
run "$bindery" put file --name tool --version 1 --platform any

mkdir -m 777 traces
# traced NAME COMMAND…: runs it with that nsswitch.conf; what it opens comes into traces/NAME. $user may put words before.
user=()
traced() {
    local trace=traces/$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount bash -c 'mount --bind nsswitch.conf /etc/nsswitch.conf && exec "$@"' \
        traced "${user[@]}" strace -f -e trace=openat -o "$trace" "$@"
}
no_modules() { if grep libnss_ "traces/$1"; then fail "a module of the C library was loaded"; fi; }

step "a host name"
export DOCKER_HOST=tcp://no-such-host.invalid:1
expect_status 6 traced host "$bindery" audit docker-daemon:image
expect_contains "$errors" no-such-host.invalid
no_modules host
expect_status 6 traced registry "$bindery" audit docker://no-such-host.invalid/image
expect_contains "$errors" "no-such-host.invalid can't be reached"
no_modules registry
export DOCKER_HOST=tcp://localhost:1
expect_status 6 traced localhost "$bindery" audit docker-daemon:image
expect_lacks "$errors" "not known"
no_modules localhost

step "a user and a group without a name"
chown -R 61001:62001 "$BINDERY_STORE"
bindery=$(for_others "$bindery")
user=(setpriv --reuid=61001 --regid=62001 --clear-groups)
run traced user "$bindery" put file --name tool --version 2 --platform any
no_modules user
