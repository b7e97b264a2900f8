#!/usr/bin/env bash
# ADD of a released tar archive: what bindery unpacks is what BuildKit makes of the same file, in an empty tree and over
# what is there. What would be read in two ways, or lead out, is refused with the entry's name.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=../lib/equality.sh
source "$E2E_HERE/lib/equality.sh"
require python3 xz
require_docker

step "archives of each kind"
cat >make.py <<'PY'
import bz2, gzip, io, lzma, tarfile

def tar(entries, form=tarfile.PAX_FORMAT, pax={}):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form, pax_headers=pax) as archive:
        for name, what, mode, uid, gid, *rest in entries:
            entry = tarfile.TarInfo(name)
            entry.mode, entry.uid, entry.gid, entry.mtime = mode, uid, gid, 1700000000
            data = None
            if isinstance(what, str):
                entry.size, data = len(what), io.BytesIO(what.encode())
            else:
                entry.type = what
                if what in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                    entry.linkname = rest[0]
                elif what in (tarfile.CHRTYPE, tarfile.BLKTYPE):
                    entry.devmajor, entry.devminor = rest
            archive.addfile(entry, data)
    return file.getvalue()

D, S, H = tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
tree = tar([
    ("./", D, 0o700, 3, 3), ("./etc/", D, 0o711, 5, 6), ("etc/conf", "a=1\n", 0o640, 5, 6),
    ("usr/lib/", D, 0o755, 0, 0), ("usr/bin/tool", "tool\n", 0o4755, 0, 0), ("lib", S, 0o777, 0, 0, "usr/lib"),
    ("lib/x", "through a link", 0o644, 0, 0), ("/abs", "from the root", 0o600, 7, 8),
    ("etc/hard", H, 0o640, 5, 6, "etc/conf"), ("dangling", S, 0o777, 9, 9, "/none/where"),
    ("null", tarfile.CHRTYPE, 0o666, 0, 0, 1, 3), ("pipe", tarfile.FIFOTYPE, 0o600, 0, 0),
    ("long/" + "n" * 120 + "/" + "m" * 120, "long", 0o644, 70000, 3000000), ("ü/é", "names", 0o644, 0, 0),
    ("a/../b", "cleaned", 0o644, 0, 0), ("twice", "1", 0o644, 0, 0), ("twice", "2", 0o600, 1, 1),
    ("sticky/", D, 0o1777, 0, 0), ("up", S, 0o777, 0, 0, "../../etc"), ("up/seen", "below", 0o644, 0, 0),
])
open("tree.tar", "wb").write(tree)
open("tree.tar.gz", "wb").write(gzip.compress(tree))
open("tree.tar.bz2", "wb").write(bz2.compress(tree + bytes(1 << 20)))
open("tree.tar.xz", "wb").write(lzma.compress(tree))
open("over.tar", "wb").write(tar([
    ("etc", D, 0o750, 1, 2), ("etc/file", "new", 0o644, 0, 0), ("etc/directory", "a file now", 0o644, 0, 0),
    ("etc/link", D, 0o755, 4, 4), ("etc/link/in", "in a directory", 0o644, 0, 0), ("etc/through/in", "3", 0o644, 0, 0),
    ("etc/kept", S, 0o777, 0, 0, "file"),
]))
open("git.tar", "wb").write(tar([("src/", D, 0o775, 0, 0), ("src/a", "a", 0o664, 0, 0)], pax={"comment": "a" * 40}))
open("plain.gz", "wb").write(gzip.compress(b"not an archive\n" * 1000))
open("empty.tar", "wb").write(bytes(10240))
open("links.tar", "wb").write(tar([
    ("etc/target/", D, 0o755, 0, 0), ("etc/link", S, 0o777, 0, 0, "target"), ("etc/through", S, 0o777, 0, 0, "/target"),
    ("etc/file", "old", 0o600, 9, 9), ("etc/directory/deep/x", "x", 0o644, 0, 0), ("etc/kept", "kept", 0o644, 0, 0),
    ("target/", D, 0o755, 0, 0), ("to", S, 0o777, 0, 0, "etc/target"),
]))
for name, entry in {
    "whiteout": ("etc/.wh.a", "", 0o644, 0, 0), "outside": ("../x", "1", 0o644, 0, 0),
    "link": ("l", H, 0o644, 0, 0, "none"), "below": ("f/x", "1", 0o644, 0, 0),
}.items():
    open(name + ".tar", "wb").write(tar([("f", "1", 0o644, 0, 0), entry]))
PY
run python3 make.py
printf 'tool\n' >tool-linux-amd64
run "$bindery" put tool-linux-amd64 --name tool --version 1 --platform linux/amd64 --no-sync
releases=(tool@1)
for file in ./*.tar ./*.tar.* plain.gz; do
    name=$(basename "$file")
    run "$bindery" put "$file" --name "$name" --version 1 --platform any --no-sync
    releases+=("$name@1")
done

different=()
while IFS='|' read -r name text; do
    step "$name"
    printf 'FROM scratch\n%b\n' "$text" >"$name.Dockerfile"
    build_by_both "$name" "$name.Dockerfile" "${releases[@]}"
    diff "$name/docker" "$name/bindery" || different+=("$name")
done <<'CASES'
plain|ADD tree.tar /
compressed|ADD tree.tar.gz /gz/\nADD tree.tar.bz2 /bz2/\nADD tree.tar.xz /xz
several|WORKDIR /w\nADD git.tar links.tar tool-linux-amd64 ./
pattern|ADD tree.tar.[gx]z /p/
mode|ADD --chmod=700 git.tar /a/b/
no-archive|ADD plain.gz empty.tar /n/\nADD git.tar /git
over-a-tree|ADD links.tar /\nADD over.tar /
below-a-directory|ADD links.tar /root/\nADD over.tar /root
through-a-link|ADD links.tar /\nADD git.tar /to/\nADD git.tar /to
twice|ADD tree.tar /\nADD tree.tar /
CASES
[ "${#different[@]}" -eq 0 ] || fail "different: ${different[*]}"

step "what has no one place is refused, and named"
while read -r name words; do
    printf 'FROM scratch\nADD %s.tar /\n' "${name/+/ }" >refused.Dockerfile
    expect_status 2 "$bindery" build "${releases[@]}" -f refused.Dockerfile -t refused:1
    expect_contains "$errors" "line 2, ADD"
    expect_contains "$errors" "$words"
done <<'CASES'
whiteout would be a whiteout
outside '../x' leads out of the archive
link 'l' of the archive
below 'f/x' of the archive
--chown=5+git engines differ in whose the files of an archive are
CASES

step "the image is the same again"
run "$bindery" build "${releases[@]}" -f plain.Dockerfile -t unpacked:1
run "$bindery" build "${releases[@]}" -f plain.Dockerfile --check unpacked:1
