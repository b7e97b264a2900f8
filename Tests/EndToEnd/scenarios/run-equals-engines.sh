#!/usr/bin/env bash
# RUN lines that only place or change files are carried out by bindery itself, and the result is what BuildKit and buildah
# make of them, on a root like Alpine's and on Debian's: docs/run.md.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/equality.sh
source "$E2E_HERE/lib/equality.sh"
# Long: makes a Debian root.
require jq python3 debootstrap
require_docker
require_buildah
[ "$(id -u)" -eq 0 ] || skip "debootstrap needs root"
busybox=$(command -v busybox) || skip "busybox is not installed: run scripts/setup.sh"
if ldd "$busybox" >/dev/null 2>&1; then skip "busybox is not a static program"; fi

step "a root like Alpine's, and Debian's"
mkdir -p alpine/bin alpine/etc alpine/home alpine/root alpine/var alpine/proc alpine/sys alpine/dev
mkdir -m 1777 alpine/tmp
cp "$busybox" alpine/bin/busybox
for applet in sh mkdir chmod chown chgrp cp mv ln touch rm rmdir cat echo true; do ln -s /bin/busybox "alpine/bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/ash\ngames:x:35:35:games:/usr/games:/sbin/nologin\n' >alpine/etc/passwd
printf 'root:x:0:root\nusers:x:100:games\nnogroup:x:65533:\n' >alpine/etc/group
printf 'root:*::0:::::\n' >alpine/etc/shadow
debootstrap --variant=minbase bookworm debian >debootstrap.log 2>&1 || skip "debootstrap found no mirror: $(tail -n 1 debootstrap.log)"
rm -rf debian/var/cache/apt/* debian/var/lib/apt/lists/*
# Engines make what they mount where it is missing, and leave it there.
for base in alpine debian; do
    mkdir -p "$base/run"
    touch "$base/etc/hosts" "$base/etc/hostname" "$base/etc/resolv.conf"
done
for base in alpine debian; do
    tar -C "$base" --numeric-owner -c . | docker import - "bindery-e2e/run-$base:1" >/dev/null
    at_exit "docker rmi -f bindery-e2e/run-$base:1 >/dev/null"
    docker save -o "$base.tar" "bindery-e2e/run-$base:1"
    run "$bindery" import "docker-archive:$base.tar" -t "bindery-e2e/run-$base:1"
    run buildah pull -q "docker-archive:$PWD/$base.tar"
done
mkdir files
printf '#!/bin/sh\necho tool\n' >files/tool
chmod 755 files/tool
run "$bindery" put files/tool --name tool --version 1.0.0 --platform linux/amd64 --no-sync

# Each line is a RUN; the day in /etc/shadow is the build's epoch.
# shellcheck disable=SC2034 # by the name reference below
alpine_lines=(
    'mkdir -p /data/a /data/b && chmod 750 /data/b && chown -R 1000:1001 /data'
    'ln -s /usr/bin/tool /tool && ln -sf tool2 /tool && ln -s /x /y /tmp'
    'echo "one two" > /etc/conf && echo -n three >> /etc/conf && printf "%s=%s\n" a b >> /etc/conf'
    'touch /etc/empty && rm -f /etc/shadow && rm -rf /home'
    'set -e; mkdir -m 1777 /x; touch /x/f; chmod 6755 /x/f; chown 5:6 /x/f; chmod -R g+w /x'
    'cat /etc/passwd /etc/group > /all && chmod u=rw,go= /all && chgrp users /all'
    'mkdir /s && chgrp 7 /s && chmod g+s /s && mkdir /s/t && touch /s/u'
    'mkdir -p /w && cd /w && touch a.sh b.sh .c.sh && chmod 700 *.sh && rm -f /none/* || exit 1; echo * > list'
    'echo x > /f && chmod 666 /f && chown 5:6 /f && cp /f /g && cp -p /f /tmp/ && mv -f /f /home && /bin/mkdir /z 2>/dev/null'
    'printf "a\\r\\n\\tb" > /p && touch /o && chmod 600 /o && cp /p /o && mv /p /o /tmp && ln -s /p /k && mv /k /tmp/k2'
    'mkdir -p /q/w && ln -s ../e /q/l && chown -R 8:9 /q && chown -h 3 /q/l && rmdir /q/w'
)
# shellcheck disable=SC2034 # by the name reference below
debian_lines=(
    'groupadd -r app && useradd -r -g app -d /app -s /usr/sbin/nologin app'
    'useradd -m -s /bin/bash -c "App user" app && chown app:app /srv && mkdir /home/app/x'
    'groupadd -g 1234 app && useradd -u 1234 -g app -M app && useradd -u 1235 -G users,app other'
    'groupadd -g 65532 app && useradd -u 65532 -g app -m app'
    'useradd --system --no-create-home --uid 10001 app && mkdir -p /data && chown app: /data'
    'install -d -m 700 -o 5 -g 6 /i/j && install -m 640 /etc/issue /i/k && install -D /etc/issue /l/m/n'
    'rm -rf /var/log && mkdir /var/log && touch /var/log/x && rm /etc/issue'
    'cp /etc/issue /etc/issue2 && chmod a-r /etc/issue2 && mv /etc/issue2 /srv/ && cat /etc/apt/apt.conf.d/* > /all && echo /usr/s* > /names'
    'mkdir -pm 2750 /x/y && chmod +x /etc/issue && chmod a-w,o+X /etc/issue'
)

# one BASE NUMBER LINE: the three builds of a RUN line, each as a text.
one() {
    local name=$1-$2 tag=bindery-e2e/run-$1-$2
    mkdir "$name"
    printf 'FROM %s\nCOPY tool /usr/bin/tool\nRUN %s\n' "bindery-e2e/run-$1:1" "$3" >"$name/Dockerfile.release"
    expect_status 2 "$bindery" context tool@1.0.0 -f "$name/Dockerfile.release" -o "$name/refused"
    run "$bindery" context tool@1.0.0 -f "$name/Dockerfile.release" -o "$name/context" --allow-run
    run "$bindery" build tool@1.0.0 -f "$name/Dockerfile.release" -o "oci:$name/oci" --epoch "$(date +%s)"
    flatten oci "$name/oci" >"$name/bindery" || fail "$name: an image can't be read"
    run docker build -q --network none -t "$tag" "$name/context"
    at_exit "docker rmi -f $tag >/dev/null"
    docker save -o "$name/docker.tar" "$tag"
    flatten docker-archive "$name/docker.tar" >"$name/docker" || fail "$name: an image can't be read"
    run buildah_build "$tag" linux/amd64 "$name/context" --pull-never
    run buildah_push "$tag" "oci:$name/buildah-oci"
    flatten oci "$name/buildah-oci" >"$name/buildah" || fail "$name: an image can't be read"
    run buildah rmi -f "$tag"
    diff "$name/docker" "$name/bindery" && diff "$name/buildah" "$name/bindery"
}
different=()
for base in alpine debian; do
    declare -n lines=${base}_lines
    for ((number = 0; number < ${#lines[@]}; number++)); do
        step "$base: ${lines[number]}"
        one "$base" "$number" "${lines[number]}" || different+=("$base $number")
    done
done
[ "${#different[@]}" -eq 0 ] || fail "different: ${different[*]}"

step "what would run code is refused, all lines at once"
cat >Dockerfile.release <<'DOCKERFILE'
FROM bindery-e2e/run-alpine:1
RUN apk add --no-cache ca-certificates
RUN curl -o /x https://example.com/x
RUN mkdir /a | true
COPY none /x
DOCKERFILE
expect_status 2 "$bindery" build tool@1.0.0
for part in "line 2, RUN" certificates "line 3, RUN" fetch "line 4, RUN" "a pipe" "line 5, COPY"; do
    expect_contains "$errors" "$part"
done
