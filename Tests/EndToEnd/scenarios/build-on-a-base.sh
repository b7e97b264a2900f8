#!/usr/bin/env bash
# Images on a base: its layers go in untouched, its symbolic links, users, whiteouts and config count, and the result is
# what BuildKit makes of the same base.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/equality.sh
source "$E2E_HERE/lib/equality.sh"
require jq python3 skopeo
require_docker
busybox=$(command -v busybox) || skip "busybox is not installed: run scripts/setup.sh"
if [ "$(head -c 4 "$busybox" | tail -c 3)" != ELF ] || ldd "$busybox" >/dev/null 2>&1; then
    skip "busybox is not a static program"
fi

step "a base with links, owners, hard links and things that are gone"
mkdir -p base/usr/bin base/usr/lib base/etc base/data/deep base/gone
cp "$busybox" base/usr/bin/busybox
printf 'root:x:0:0::/:/\napp:x:1000:1001::/:/\n' >base/etc/passwd
printf 'root:x:0:\nstaff:x:50:\n' >base/etc/group
echo deep >base/data/deep/file
echo gone >base/gone/file
echo real >base/real-file
ln -s usr/bin base/bin
ln -s /usr/lib base/lib
ln -s /data/deep base/absolute
ln -s real-file base/file-link
ln -s /not/there base/dangling
cat >base/Dockerfile <<'DOCKERFILE'
FROM scratch
COPY . /
RUN ["/usr/bin/busybox", "rm", "-r", "/gone", "/Dockerfile"]
RUN ["/usr/bin/busybox", "ln", "/real-file", "/hard"]
RUN ["/usr/bin/busybox", "chown", "-R", "3:4", "/data"]
RUN ["/usr/bin/busybox", "chmod", "0750", "/data"]
ENV FROM_BASE=yes
WORKDIR /srv
CMD ["from-base"]
ENTRYPOINT ["/usr/bin/busybox"]
LABEL base=yes
DOCKERFILE
at_exit "docker rmi -f bindery-e2e/base:1 >/dev/null"
run docker build -q --network none -t bindery-e2e/base:1 base
docker save -o base.tar bindery-e2e/base:1
run "$bindery" import docker-archive:base.tar -t bindery-e2e/base:1
digest=$(cut -d ' ' -f 1 <<<"$output")
mkdir triggers
cat >triggers/Dockerfile <<'DOCKERFILE'
FROM bindery-e2e/base:1
ONBUILD ARG TARGETARCH
ONBUILD ENV NAME=tool-linux-$TARGETARCH QUOTED="a \"b\""
ONBUILD WORKDIR /data/app
ONBUILD COPY --chown=app $NAME ./
ONBUILD ADD conf.ini /lib/conf.ini
ONBUILD LABEL by.trigger=$QUOTED
ONBUILD EXPOSE 8080 53/udp
ONBUILD VOLUME /vol
ONBUILD CMD ["from-the-trigger"]
ONBUILD USER app
DOCKERFILE
at_exit "docker rmi -f bindery-e2e/triggers:1 >/dev/null"
run docker build -q --network none -t bindery-e2e/triggers:1 triggers
docker save -o triggers.tar bindery-e2e/triggers:1
run "$bindery" import docker-archive:triggers.tar -t bindery-e2e/triggers:1
run "$bindery" images
expect_contains "$output" bindery-e2e/base:1

step "a release"
mkdir files
echo "tool for amd64" >files/tool-linux-amd64
printf '[conf]\nx=1\n' >files/conf.ini
printf '#!/bin/sh\necho hi\n' >files/run.sh
chmod 755 files/tool-* files/run.sh
run "$bindery" put files/tool-* --name-pattern '{name}-{os}-{arch}' --version 1.0.0 --no-sync
for name in conf.ini run.sh; do
    run "$bindery" put "files/$name" --name "$name" --version 1.0.0 --platform any --no-sync
done
releases=(tool@1.0.0 conf.ini@1.0.0 run.sh@1.0.0)

different=()
for file in "$E2E_HERE"/dockerfiles/on-a-base/*.Dockerfile; do
    name=$(basename "$file" .Dockerfile)
    step "$name"
    build_by_both "$name" "$file" "${releases[@]}"
    diff "$name/docker" "$name/bindery" || different+=("$name")
done
[ "${#different[@]}" -eq 0 ] || fail "different: ${different[*]}"

step "the base's layers are untouched, and the manifest names the base"
manifest=$(jq -r '.manifests[0].digest' 01-plain/oci/index.json)
manifest=$(jq -r '.manifests[0].digest' "01-plain/oci/blobs/sha256/${manifest#sha256:}")
manifest=01-plain/oci/blobs/sha256/${manifest#sha256:}
expect_equal "$(jq -r '.annotations["org.opencontainers.image.base.digest"]' "$manifest")" "$digest" "the base's digest"
expect_equal "$(jq -r '.annotations["org.opencontainers.image.base.name"]' "$manifest")" bindery-e2e/base:1 "the base's name"
run "$bindery" copy bindery-e2e/base:1 oci:base-layout:1
base=$(jq -r '.manifests[0].digest' base-layout/index.json)
expect_equal "$(jq -c '[.layers[].digest]' "base-layout/blobs/sha256/${base#sha256:}")" \
    "$(jq -c '[.layers[:-1][].digest]' "$manifest")" "the layers of the base"

step "a base that lacks the platform, and one that isn't there"
printf 'FROM bindery-e2e/base:1\n' >Dockerfile.release
echo "tool for arm64" >files/tool-linux-arm64
run "$bindery" put files/tool-linux-arm64 --name tool --version 1.0.0 --platform linux/arm64 --no-sync
expect_status 2 "$bindery" build tool@1.0.0 --platform linux/arm64
expect_contains "$errors" "is for linux/amd64, not for linux/arm64"
printf 'FROM nowhere:1\n' >Dockerfile.release
expect_status 2 "$bindery" build tool@1.0.0 --platform linux/amd64
expect_contains "$errors" "line 1, FROM (linux/amd64): the base image 'nowhere:1' is not in the store"
