#!/usr/bin/env bash
# `make docker` compiles mount-monitor inside of a Swift image, beside the release path and untouched by it.
#
# The Swift image of this test is a stand-in: a busybox with a `swift` that hands out the binary which `make build` made.
# The Dockerfile, its build arguments and .dockerignore are the real ones.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq
require_docker
busybox=$(type -P busybox) || skip "busybox is not installed"
file -L "$busybox" | grep -q 'statically linked' || skip "busybox is not static"

step "the stand-in for the Swift image"
mkdir -p builder
cp "$busybox" builder/busybox
cp "$monitor_amd64" builder/mount-monitor
cat >builder/swift <<'SWIFT'
#!/bin/busybox sh
case "$*" in
    *--show-bin-path*) echo /release ;;
    *) test -f Package.swift && test -d Sources/MountMonitor && echo "swift $* with VERSION=$VERSION" ;;
esac
SWIFT
cat >builder/Dockerfile <<'BUILDER'
FROM scratch
COPY --chmod=755 busybox /bin/busybox
COPY --chmod=755 swift /bin/swift
COPY --chmod=755 mount-monitor /release/mount-monitor
RUN ["/bin/busybox", "ln", "-s", "busybox", "/bin/sh"]
RUN ["/bin/busybox", "ln", "-s", "busybox", "/bin/cp"]
RUN ["/bin/busybox", "ln", "-s", "busybox", "/bin/strip"]
BUILDER
at_exit "docker rmi -f bindery-e2e/swift:stand-in bindery-e2e/dev:1.2.3 mount-monitor:1.2.3 >/dev/null"
sed -i '/strip/d' builder/Dockerfile
cat >builder/strip <<'STRIP'
#!/bin/busybox sh
test -x "$1"
STRIP
echo 'COPY --chmod=755 strip /bin/strip' >>builder/Dockerfile
run docker build --network none -t bindery-e2e/swift:stand-in builder

step "make docker"
run make -C "$E2E_ROOT" --no-print-directory docker VERSION=1.2.3 SWIFT_IMAGE=bindery-e2e/swift:stand-in \
    DOCKER="$(docker_client)" DOCKER_BUILD_OPTIONS=--network=none
expect_contains "$output$errors" "swift build"
expect_contains "$output$errors" "VERSION=1.2.3"
run docker run --rm --network none mount-monitor:1.2.3 --version
expect_contains "$output" "mount-monitor "
