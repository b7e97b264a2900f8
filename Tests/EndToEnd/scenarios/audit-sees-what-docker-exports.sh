#!/usr/bin/env bash
# Long: it may have to make a Debian.
#
# The file system that the audit sees is the one a container gets: a real image with removed, replaced and linked files,
# built by a real engine, against `docker export` of its container, path by path.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 debootstrap
require_docker
busybox=$(command -v busybox) || skip "busybox isn't installed"
file "$busybox" 2>/dev/null | grep -q "statically linked" || ! ldd "$busybox" >/dev/null 2>&1 || skip "busybox isn't static"

step "a real image with an eventful history"
mkdir -p context/tree/d/e
cp "$busybox" context/busybox
echo one >context/tree/one
echo two >context/tree/d/two
echo three >context/tree/d/e/three
cat >context/Dockerfile <<'DOCKERFILE'
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY tree /tree
RUN rm /tree/one && ln /tree/d/two /tree/hard && ln -s d/e /tree/link && echo four >/tree/link/four
RUN rm -r /tree/d && mkdir /tree/d && echo new >/tree/d/new && chmod 4755 /tree/d/new && mkfifo /tree/pipe
RUN rm -r /tree/d && echo file >/tree/d && chown 12:34 /tree/hard
CMD ["/bin/sh", "-c", "exec cat /tree/d"]
DOCKERFILE
image="bindery-e2e/history:1"
at_exit "docker rmi -f '$image' >/dev/null"
run docker build --network none -t "$image" context
container=$(docker create --network none "$image")
at_exit "docker rm -f '$container' >/dev/null"

# exported CONTAINER: what docker exports of it, a line for each path that isn't a directory.
exported() {
    docker export "$1" >export.tar
    python3 - <<'PYTHON' | sort
import hashlib, tarfile
# Docker puts these into every container.
added = {".dockerenv", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/mtab"}
with tarfile.open("export.tar") as archive:
    for member in archive:
        name = member.name.strip("/")
        if name in added or name.split("/")[0] in ("dev", "proc", "sys") or member.isdir():
            continue
        kind = "symbolic link" if member.issym() else "pipe" if member.isfifo() else "file"
        digest = "-"
        if kind == "file":
            digest = "sha256:" + hashlib.sha256(archive.extractfile(member).read()).hexdigest()
        mode = "-" if kind == "symbolic link" else "%04o" % (member.mode & 0o7777)
        print("/" + name, kind, mode, digest, member.linkname if kind == "symbolic link" else "-", sep="\t")
PYTHON
}

# seen IMAGE: the same of what the audit sees; its report stays in audit.json.
seen() {
    "$bindery" audit "$1" --json >audit.json || [ $? -eq 1 ]
    jq -r '.platforms[0].files[] | select(.path | test("^/(dev|proc|sys)/|^/.dockerenv$|^/etc/(hosts|hostname|resolv.conf|mtab)$") | not)
        | [.path, .kind, (if .kind == "symbolic link" then "-" else .mode end), .digest // "-", .target // "-"] | @tsv' audit.json |
        sort
}

step "what the audit sees is what docker exports"
exported "$container" >expected
"$bindery" put context/tree/one --name unrelated --version 1 --platform any >/dev/null
docker save -o image.tar "$image"
for place in "docker-daemon:$image" docker-archive:image.tar "docker-container:$container"; do
    seen "$place" >found
    diff expected found || fail "$place: the audit sees other files than docker exports"
    # Whether its shell runs a command of its own or looks into the PATH depends on how it was built.
    expect_equal "$(jq -r '.platforms[0].entrypoint | map(.path) | join(" ")' audit.json)" /bin/busybox "what runs"
done
[ "$(wc -l <expected)" -gt 100 ] || fail "the image has too few files to prove anything"

step "the same of a whole Debian, which an engine changed"
root=$(debian_root)
debian="bindery-e2e/debian:1"
at_exit "docker rmi -f '$debian' bindery-e2e/debian:base >/dev/null"
run docker import "$root" bindery-e2e/debian:base
mkdir debian
cat >debian/Dockerfile <<'DOCKERFILE'
FROM bindery-e2e/debian:base
RUN rm -rf /usr/share/doc && mv /usr/bin/find /usr/bin/search && useradd --create-home somebody
RUN chmod u+s /usr/bin/env && ln /etc/passwd /etc/passwd.linked && rm -rf /usr/share/man && mkdir /usr/share/man
CMD ["bash"]
DOCKERFILE
run docker build --network none -t "$debian" debian
debian_container=$(docker create --network none "$debian")
at_exit "docker rm -f '$debian_container' >/dev/null"
exported "$debian_container" >expected
seen "docker-daemon:$debian" >found
diff expected found || fail "the audit sees other files of Debian than docker exports"
[ "$(wc -l <expected)" -gt 3000 ] || fail "that is not a whole Debian: $(wc -l <expected) files"
