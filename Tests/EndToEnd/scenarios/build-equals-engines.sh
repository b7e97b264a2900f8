#!/usr/bin/env bash
# Long: it builds some forty Dockerfiles twice.
#
# The same Dockerfile, three builders: BuildKit and buildah build the context that we write, we build it ourselves, and
# the three images hold the same files with the same modes and owners, and run the same way. One Dockerfile for each
# instruction and flag is in dockerfiles/; one that says "buildah differs" is compared with BuildKit only.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/equality.sh
source "$E2E_HERE/lib/equality.sh"
require jq python3
require_docker
require_buildah

step "a release of several files"
mkdir files
for arch in amd64 arm64; do echo "tool for $arch" >"files/tool-linux-$arch"; done
printf '[conf]\nx=1\n' >files/conf.ini
printf '#!/bin/sh\necho hi\n' >files/run.sh
echo key >files/secret.key
printf 'root:x:0:0::/:/\napp:x:1000:1001::/:/\n' >files/passwd
printf 'root:x:0:\nstaff:x:50:\n' >files/group
chmod 755 files/tool-* files/run.sh
run "$bindery" put files/tool-* --name-pattern '{name}-{os}-{arch}' --version 1.0.0 --no-sync
releases=(tool@1.0.0)
for name in conf.ini run.sh passwd group; do
    run "$bindery" put "files/$name" --name "$name" --version 1.0.0 --platform any --no-sync
    releases+=("$name@1.0.0")
done
run "$bindery" put files/secret.key --name secret.key --version 1.0.0 --platform any --mode 600 --no-sync
releases+=(secret.key@1.0.0)

different=()
compare() {
    diff "$1" "$2" && return
    different+=("$3")
}

for file in "$E2E_HERE"/dockerfiles/*.Dockerfile; do
    name=$(basename "$file" .Dockerfile)
    step "$name"
    build_by_both "$name" "$file" "${releases[@]}"
    compare "$name/docker" "$name/bindery" "$name (BuildKit)"

    if grep -q '^# buildah differs:' "$file"; then continue; fi
    # The OCI format has no health checks.
    run buildah_build "$name" linux/amd64 "$name/context" --format docker
    run buildah_push "$name" "docker-archive:$name/buildah.tar:$name:latest"
    flatten docker-archive "$name/buildah.tar" >"$name/buildah" || fail "$name: an image can't be read"
    compare "$name/buildah" "$name/bindery" "$name (buildah)"
done
[ "${#different[@]}" -eq 0 ] || fail "different: ${different[*]}"
