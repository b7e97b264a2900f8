#!/usr/bin/env bash
# RUN lines that only place or change files are carried out by bindery itself, and the result is what BuildKit and buildah
# make of them, on a root like Alpine's and on Debian's: docs/run.md.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/equality.sh
source "$E2E_HERE/lib/equality.sh"
# Long: it builds some thirty images with three builders.
require jq python3
require_docker
require_buildah
busybox=$(command -v busybox) || skip "busybox is not installed: run scripts/setup.sh"
if ldd "$busybox" >/dev/null 2>&1; then skip "busybox is not a static program"; fi

step "a root like Alpine's, and Debian's"
mkdir -p alpine/bin alpine/etc alpine/home alpine/root alpine/var alpine/proc alpine/sys alpine/dev
mkdir -m 1777 alpine/tmp
cp "$busybox" alpine/bin/busybox
for applet in sh mkdir chmod chown chgrp cp mv ln touch rm rmdir cat tee id echo true false test; do ln -s /bin/busybox "alpine/bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/ash\ngames:x:35:35:games:/usr/games:/sbin/nologin\n' >alpine/etc/passwd
printf 'root:x:0:root\nusers:x:100:games\nnogroup:x:65533:\n' >alpine/etc/group
printf 'root:*::0:::::\n' >alpine/etc/shadow
root=$(debian_root)
mkdir debian
tar -C debian --numeric-owner -xf "$root"
rm -rf debian/usr/share/{doc,info,man,zoneinfo}
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
# shellcheck disable=SC2016,SC2034 # the shell of the image expands them; by the name reference below
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
    'mkdir -p /a/b && echo x > /a/b/c && chmod 666 /a/b/c && ln -s ../x /a/l && chown 5:6 /a/b && cp -r /a /d && cp -a /a/. /e && mkdir /f && cp -R /a /f && mv /a /tmp && mv /d/ /g/ && cp -P /e/l /h && cp -t /home /e/b/c'
    ': > /f; > /g; mkdir /i > /j; echo a | tee /k /l > /m; echo b | tee -a /k; printf x | cat - /k > /y; cat < /y > /z; { echo a; echo b; } > /n; (cd /tmp && touch x && echo in) > /o; touch w'
    'printf "\\101\\x42\\0\\n%b|%d|%c" "a\\t\\0102" -5 xyz > /f; echo -ne "a\\tb\\x41\\0102\\." > /g; echo "a\\n" > /h; echo -E "b\\n" >> /h; echo -x > /j; echo a\ b \$x > /k'
    'touch /a /b /c && chmod +w /a && chmod -x,a-r /a && chmod 664 /b && chmod g=u,o=g /b && chmod u+s,g+s /c; mkdir -m u=rwx,go= /d; mkdir -pm go-w /e/f; mkdir /g && chmod +t /g; touch -c /none; touch -a /h'
    'set -eux; if [ -z "" ] && test -L /bin/sh; then mkdir /a; elif false; then mkdir /b; else mkdir /c; fi; [ -d /none ] || touch /n; [ 1 -lt 2 ] && touch /m; id games >/dev/null && touch /q; id none 2>/dev/null || touch /r'
    'for d in x y "z w"; do mkdir "/a$d"; done; for f in /etc/*wd; do cp $f /ax; done; D=/srv/app; E=${D##*/}; mkdir -p $D ${D%/*}/q ${NO:-/r} && touch $D/$E; export L="k l"; mkdir $L; case $E in a|app*) touch /s;; *) exit 1;; esac; echo $HOME > /h; exit 0; rm -r /s'
    'false || touch /a; ! false && touch /b; false; touch /c; mkdir /r && touch /r/a /r/.b && rm -rf /r/*; ln -s x /home; ln -snf y /home/x; ln -sT /z /zz'
    # Engines that know no here-documents of their own.
    '["sh", "-ec", "cat <<E > /f\nhello $HOME \\$x\nE\nif [ -f /f ]; then\n  cat <<-\"Q\" | tee /g\n\t$y\n\tQ\nfi\nfor i in 1 2\ndo\n  echo $i >> /n\ndone # end\n"]'
)
# shellcheck disable=SC2016,SC2034 # the shell of the image expands them; by the name reference below
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
    'echo "a\\tb\\0101\\x41\\." > /f; echo -e x > /g; printf "\\x41\\101%b" "\\0102" > /i; /bin/echo -e "z\\x41" > /j; ln -sr /etc/passwd /usr/bin/p; cd /srv; ln -sr /usr/lib m; cp -r /etc/apt /apt2 && mv /etc/apt /apt3 && cp -a /etc/skel /sk'
    'install -d -m 1777 /i/j; install -m 600 -o 5 -g 6 -t /srv /etc/issue /etc/passwd; install -m u=rw,go=r /etc/issue /etc/group /opt/; install -D -t /n/e /etc/issue; getent group app || groupadd app; id app >/dev/null 2>&1 || useradd -g app app; id -u app > /u; getent passwd app > /p'
    'adduser --system --group app && adduser --disabled-password --gecos "" user && addgroup --gid 1500 team && adduser --quiet --system --uid 1501 --ingroup team --home /var/lib/t --shell /bin/sh --gecos "A user" t'
    'adduser --system app; addgroup --system app; adduser --uid 5678 --gid 100 --disabled-login --gecos "An App" --home /app --no-create-home own; mkdir -p $HOME/x'
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
    docker save -o "$name/docker.tar" "$tag"
    docker rmi -f "$tag" >/dev/null
    docker builder prune -af >/dev/null
    flatten docker-archive "$name/docker.tar" >"$name/docker" || fail "$name: an image can't be read"
    run buildah_build "$tag" linux/amd64 "$name/context" --pull-never
    run buildah_push "$tag" "oci:$name/buildah-oci"
    flatten oci "$name/buildah-oci" >"$name/buildah" || fail "$name: an image can't be read"
    run buildah rmi -f "$tag"
    # The disk doesn't hold them all.
    rm -rf "$name/context" "$name/oci" "$name/docker.tar" "$name/buildah-oci"
    diff "$name/docker" "$name/bindery" && diff "$name/buildah" "$name/bindery"
}
different=()
for base in alpine debian; do
    declare -n lines=${base}_lines
    for ((number = 0; number < ${#lines[@]}; number++)); do
        # Each line copies the root many times: every second one of Debian's is left to the nightly run.
        if [ "$base" = debian ] && [ -z "${NIGHTLY:-}" ] && ((number % 2)); then continue; fi
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
printf 'FROM bindery-e2e/run-alpine:1\nRUN mkdir --none /a\nRUN cp /a/b /c\nRUN touch -d now /x\nEXPOSE 80/x\n' >Dockerfile.release
expect_status 2 "$bindery" build tool@1.0.0
for part in "line 2, RUN" "line 4, RUN" "line 5, EXPOSE"; do expect_contains "$errors" "$part"; done
[[ $errors != *"line 3"* ]] || fail "what follows from another failure is told"

step "a copy of a base's file is a file of its own"
printf 'FROM bindery-e2e/run-alpine:1\nRUN cp /etc/passwd /p\nRUN chmod 600 /etc/passwd && chmod 640 /p\n' >Dockerfile.release
run "$bindery" build tool@1.0.0 -o oci:copied
