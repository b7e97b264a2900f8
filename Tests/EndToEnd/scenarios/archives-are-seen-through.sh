#!/usr/bin/env bash
# Archives of releases: their files are known by digest, become files of the release, and are packed again the same.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 zip unzip dpkg-deb xz zstd

program=$monitor_amd64
sum=$(digest_of "$program")
mkdir -p tree/bin
cp "$program" tree/bin/tool
chmod 755 tree/bin/tool
echo "the license of the tool" >tree/LICENSE

step "an archive of each format is stored, and its files are known"
mkdir made
tar -C tree -czf made/tool_1.2.3_linux_amd64.tar.gz .
tar -C tree -cJf made/tool.tar.xz .
tar -C tree --zstd -cf made/tool.tar.zst .
(cd tree && zip -qr ../made/tool.zip .)
mkdir -p tree-deb/usr/bin tree-deb/DEBIAN
cp "$program" tree-deb/usr/bin/tool
printf 'Package: tool\nVersion: 1.2.3\nArchitecture: amd64\nMaintainer: a <a@example.org>\nDescription: d\n' \
    >tree-deb/DEBIAN/control
dpkg-deb --root-owner-group -Zxz --build tree-deb made/tool.deb >/dev/null
echo 'pkgname = tool' >.PKGINFO
{
    tar -cf - .PKGINFO | head -c 1024 | gzip
    tar -C tree -cf - . | gzip
} >made/tool.apk
python3 - "$program" >made/tool.rpm <<'PYTHON'
import gzip, sys
# A lead and two empty headers around a payload of cpio's "new" form.
def entry(name, mode, data=b""):
    fields = [1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name + b"\0"
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)
header = b"\x8e\xad\xe8\x01" + bytes(12)
cpio = entry(b"./usr/bin/tool", 0o100755, open(sys.argv[1], "rb").read()) + entry(b"TRAILER!!!", 0)
sys.stdout.buffer.write(b"\xed\xab\xee\xdb\3\0" + bytes(90) + header + header + gzip.compress(cpio, 1))
PYTHON
for archive in made/*; do
    run "$bindery" put "$archive" --as "${archive##*/}" --name tool --version 1.2.3 --platform any --json
    expect_equal "$(jq -r '.artifacts[0].archive.problem' <<<"$output")" null "what can't be read of $archive"
done
expect_status 1 "$bindery" where "$sum" --json
expect_equal "$(jq '.archives | length' <<<"$output")" 7 "the archives that hold the program"
expect_status 1 "$bindery" identify "$program"
expect_contains "$output" "of tool 1.2.3"
expect_status 1 "$bindery" identify tree/LICENSE --json
expect_equal "$(jq '[.files[0].archives[].path] | unique | join(" ")' <<<"$output")" '"LICENSE"' "the license's place"
run "$bindery" verify

step "an image that holds such a file says where it is from, and has the verdict that it had"
run "$bindery" put "$program" --name other --version 1 --store builder
printf 'FROM scratch\nCOPY other /usr/bin/tool\nENTRYPOINT ["/usr/bin/tool"]\n' >Dockerfile.release
run "$bindery" build other@1 -f Dockerfile.release -t tool:1 --store builder -o oci:image:tool
expect_status 1 "$bindery" audit oci:image:tool --json
expect_equal "$(jq -r .verdict <<<"$output")" unknown "the verdict"
expect_contains "$(jq -r '.. | .message? // empty' <<<"$output")" "bin/tool in tool"
expect_contains "$(jq -r '.. | .code? // empty' <<<"$output")" BND064

step "--unpack makes files of the release of them"
run "$bindery" put made/tool_1.2.3_linux_amd64.tar.gz --unpack --name-pattern '{name}_{version}_{os}_{arch}' \
    --store unpacked --dry-run --json
expect_equal "$(jq -r '[.files[].file] | join(" ")' <<<"$output")" "LICENSE bin/tool" "the preview"
[ ! -e unpacked ] || fail "--dry-run made a store"
mkdir -p wrapped/tool_1.2.3_linux_amd64
cp tree/bin/tool tree/LICENSE wrapped/tool_1.2.3_linux_amd64/
tar -C wrapped -czf tool_1.2.3_linux_amd64.tar.gz tool_1.2.3_linux_amd64
(cd tree/bin && zip -q ../../other.zip tool && cd .. && zip -q ../other.zip LICENSE)
run "$bindery" put tool_1.2.3_linux_amd64.tar.gz --unpack --name-pattern '{name}_{version}_{os}_{arch}' \
    --store unpacked --json
expect_equal "$(jq -r '[.artifacts[].artifact | "\(.platform) \(.file) \(.mode)"] | join(", ")' <<<"$output")" \
    "any LICENSE 0644, linux/amd64 tool 0755" "the files of the release"
run "$bindery" put other.zip --unpack --name tool --version 1.2.3 --store unpacked --json
expect_equal "$(jq '[.artifacts[] | select(.new)] | length' <<<"$output")" 0 "files that are new from the zip file"
run "$bindery" identify "$program" --store unpacked
sha256sum tool_1.2.3_linux_amd64.tar.gz | sed 's/^..../0000/' >SHA256SUMS
expect_status 4 "$bindery" put tool_1.2.3_linux_amd64.tar.gz --unpack --name tool --version 1.2.4 \
    --checksums SHA256SUMS --store unpacked

step "archives of one release share files, and GoReleaser lists their programs beside them"
mkdir dist
chmod 4755 wrapped/tool_1.2.3_linux_amd64/tool
tar -C wrapped -czf dist/tool_linux.tar.gz tool_1.2.3_linux_amd64
cp dist/tool_linux.tar.gz dist/tool_again.tar.gz
cp tree/bin/tool dist/tool
echo '{"project_name": "tool", "version": "1.2.3"}' >dist/metadata.json
jq -n '[{type: "Binary", name: "tool", path: "dist/tool", goos: "linux", goarch: "amd64"},
    {type: "Docker Image", name: "i:1", path: "i:1"},
    ("tool_linux.tar.gz", "tool_again.tar.gz" | {type: "Archive", name: ., path: "dist/\(.)", goos: "linux", goarch: "amd64"})]' \
    >dist/artifacts.json
run "$bindery" put --goreleaser dist --unpack --store shared --json
expect_equal "$(jq -r '[.artifacts[].artifact.file] | join(" ")' <<<"$output")" \
    "tool tool_linux.tar.gz tool_again.tar.gz LICENSE" "the files"
expect_contains "$errors" "1 Docker Image"
expect_contains "$errors" "set-id bits"
run "$bindery" put dist/tool_linux.tar.gz dist/tool_again.tar.gz --unpack --name tool --version 1.2.4 --store shared --json
expect_equal "$(jq -r '[.artifacts[].artifact.file] | join(" ")' <<<"$output")" "LICENSE tool" "the files of two archives"
mv wrapped/tool_1.2.3_linux_amd64/tool wrapped/tool_1.2.3
run "$bindery" put wrapped/tool_1.2.3 --name-pattern '{name}_{version}' --version 1.2.5 --store shared
expect_contains "$errors" "set-id bits"
expect_contains "$errors" "--version counts, and not '1.2.3'"
echo other >dist/tool
expect_status 2 "$bindery" put --goreleaser dist --unpack --store shared2

step "get --unpack writes the files of a stored archive, and replaces no other file unasked"
run "$bindery" put tool_1.2.3_linux_amd64.tar.gz --kind archive --name packed --version 1 --store getting
run "$bindery" get packed@1 --unpack -o got --store getting --json
expect_equal "$(jq -r '[.files[] | "\(.path) \(.mode)"] | join(", ")' <<<"$output")" \
    "got/tool_1.2.3_linux_amd64/LICENSE 0644, got/tool_1.2.3_linux_amd64/tool 0755" "the files"
expect_equal "$(digest_of got/tool_1.2.3_linux_amd64/tool)" "$sum" "the program"
expect_equal "$(stat -c %a got/tool_1.2.3_linux_amd64/tool)" 755 "its mode"
run "$bindery" get packed@1 --unpack -o got --store getting
echo other >got/tool_1.2.3_linux_amd64/tool
rm got/tool_1.2.3_linux_amd64/LICENSE
expect_status 5 "$bindery" get packed@1 --unpack -o got --store getting
expect_contains "$errors" "got/tool_1.2.3_linux_amd64/tool is there with other bytes"
[ ! -e got/tool_1.2.3_linux_amd64/LICENSE ] || fail "a file was written before the refusal"
run "$bindery" get packed@1 --unpack -o got --force --store getting
expect_equal "$(digest_of got/tool_1.2.3_linux_amd64/tool)" "$sum" "the program"
rm -r got/tool_1.2.3_linux_amd64
mkdir elsewhere
ln -s ../elsewhere got/tool_1.2.3_linux_amd64
expect_status 2 "$bindery" get packed@1 --unpack -o got --force --store getting
expect_contains "$errors" "is a symbolic link"
[ -z "$(ls elsewhere)" ] || fail "a file was written through a link"
expect_status 2 "$bindery" get packed@1 --unpack -o - --store getting
run "$bindery" put "$program" --name packed --version 1 --store getting
run "$bindery" put other.zip --as other.zip --platform linux/amd64 --name packed --version 1 --store getting
expect_status 2 "$bindery" get packed@1 --unpack -o got --store getting
expect_contains "$errors" "choose with"
(mkdir here && cd here && run "$bindery" get packed@1 --unpack --platform linux/amd64 --store ../getting)
expect_equal "$(digest_of here/tool)" "$sum" "the program from the zip file"

gzip -c "$program" >agent-linux-amd64.gz
run "$bindery" put agent-linux-amd64.gz --kind archive --name single --version 1 --store getting
(mkdir -p alone && cd alone && run "$bindery" get single@1 --unpack --file agent-linux-amd64.gz --store ../getting)
expect_equal "$(digest_of alone/agent-linux-amd64)" "$sum" "a compressed file without an archive in it"

step "what can't be a file of a release is refused by name, and nothing is stored"
refused() { # refused TEXT: the archive is refused with this text
    expect_status 2 "$bindery" put bad.tar --unpack --name bad --version 1 --store refusing
    expect_contains "$errors" "$1"
    [ ! -e refusing/bindery.db ] || fail "something was stored"
}
make_tar() { python3 -c "
import io, tarfile, sys
archive = tarfile.open('bad.tar', 'w')
def add(name, type=tarfile.REGTYPE, data=b'some bytes of it', link=''):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = type, link
    entry.size = len(data) if type == tarfile.REGTYPE else 0
    archive.addfile(entry, io.BytesIO(data))
$1
archive.close()"; }
unpack_refused() { # unpack_refused VERSION TEXT: so it is when the stored archive is unpacked
    run "$bindery" put bad.tar --kind archive --name bad --version "$1" --store getting
    expect_status 2 "$bindery" get "bad@$1" --unpack -o never --store getting
    expect_contains "$errors" "$2"
    [ ! -e never ] || fail "something was written"
}
make_tar "add('../escape')"
unpack_refused 1 "../escape leads out of it"
refused "../escape leads out of it"
make_tar "add('/etc/passwd')"
refused "/etc/passwd leads out of it"
make_tar "add('tool'); add('./tool', data=b'other bytes')"
refused "./tool is in it twice"
make_tar "add('link', tarfile.SYMTYPE, link='/etc/passwd')"
refused "link is a symbolic link"
unpack_refused 2 "link is a symbolic link"
make_tar "add('tool'); add('tool/inner')"
unpack_refused 3 "tool/inner would lie in tool"
make_tar "add('null', tarfile.CHRTYPE)"
refused "null is a device"
make_tar "add('hard', tarfile.LNKTYPE, link='/etc/passwd')"
refused "hard is a link to /etc/passwd"
head -c 700 made/tool_1.2.3_linux_amd64.tar.gz >bad.tar
refused "can't be unpacked"
echo text >bad.tar
refused "is not an archive"

step "a bomb ends within the budget: as a warning when it is stored, as an error when it is unpacked"
truncate -s 1T sparse
tar -cSzf bomb.tar.gz sparse
run "$bindery" put bomb.tar.gz --name bomb --version 1 --platform any --store unpacked
expect_contains "$errors" "of its files are known"
expect_status 2 "$bindery" put bomb.tar.gz --unpack --name bomb --version 2 --store unpacked
head -c 100000 made/tool.zip >cut.zip
run "$bindery" put cut.zip --name cut --version 1 --platform any --store unpacked
expect_contains "$errors" "ends too early"

step "pack writes archives that others read, with the released bytes"
run "$bindery" pack tool@1.2.3 --as tar.gz -o packed --checksums --store unpacked --json
expect_equal "$(jq -r '.archives[0] | "\(.path) \(.platform)"' <<<"$output")" \
    "packed/tool_1.2.3_linux_amd64.tar.gz linux/amd64" "the name and the platform"
(cd packed && sha256sum --check --strict tool_1.2.3_checksums.txt)
expect_equal "$(tar -tzf packed/*.tar.gz | tr '\n' ' ')" "LICENSE tool " "what tar lists"
tar -xzf packed/*.tar.gz -C packed
expect_equal "$(digest_of packed/tool)" "$sum" "the program in the archive"
expect_equal "$(stat -c '%a %Y' packed/tool)" "755 0" "its mode and time"
run "$bindery" pack tool@1.2.3 --as zip -o packed --store unpacked
unzip -tq packed/*.zip
expect_equal "$(unzip -p packed/*.zip tool | sha256sum | cut -d' ' -f1)" "${sum#sha256:}" "the program in the zip file"
python3 - packed/tool_1.2.3_linux_amd64.zip <<'PYTHON'
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
assert [(info.filename, info.external_attr >> 16, info.date_time) for info in archive.infolist()] == [
    ("LICENSE", 0o100644, (1980, 1, 1, 0, 0, 0)), ("tool", 0o100755, (1980, 1, 1, 0, 0, 0))], archive.infolist()
PYTHON
run "$bindery" pack tool@1.2.3 --as deb -o packed --maintainer 'Ops <ops@example.org>' --depends ca-certificates \
    --store unpacked
expect_equal "$(dpkg-deb --field packed/*.deb Package Version Architecture Depends | tr '\n' ' ')" \
    "Package: tool Version: 1.2.3 Architecture: amd64 Depends: ca-certificates " "what dpkg-deb shows"
dpkg-deb --extract packed/*.deb extracted
expect_equal "$(digest_of extracted/usr/bin/tool)" "$sum" "the program in the package"
expect_equal "$(stat -c %a extracted/usr/bin/tool)" 755 "its mode"
dpkg-deb --contents packed/*.deb

step "dpkg installs a package with names beyond ASCII and long ones"
long=$(printf 'l%.0s' {1..120})
mkdir -p "wide/docs/$long"
cp /bin/true wide/tool
echo x | tee wide/docs/Über.md >"wide/docs/$long/$long"
run "$bindery" put wide --name wide --version 1.0 --platform linux/amd64 --store unpacked
run "$bindery" pack wide@1.0 --as deb -o wide-packed --store unpacked
if [ "$(id -u)" = 0 ]; then
    mkdir -p root/var/lib/dpkg/{info,updates,triggers}
    touch root/var/lib/dpkg/{status,available}
    run dpkg --root=root --force-architecture --log=/dev/null -i wide-packed/*.deb
    cmp "root/usr/share/doc/wide/docs/Über.md" wide/docs/Über.md
    cmp "root/usr/share/doc/wide/docs/$long/$long" wide/docs/Über.md
fi

step "packed archives are kept with the release, and known"
run "$bindery" gc --grace 0 --store unpacked
run "$bindery" checksums tool@1.2.3 --archives --store unpacked
(cd packed && sha256sum --check --strict - <<<"$output")
expect_equal "$(wc -l <<<"$output")" 3 "archives that are kept"
run "$bindery" identify packed/tool_1.2.3_linux_amd64.deb --store unpacked --json
expect_equal "$(jq -r '.files[0].packedArchives[0] | "\(.name) \(.version) \(.platform) \(.fileName)"' <<<"$output")" \
    "tool 1.2.3 linux/amd64 tool_1.2.3_linux_amd64.deb" "what the package is"
run "$bindery" put packed/tool_1.2.3_linux_amd64.zip --kind archive --name holder --version 1 --store holding
printf 'FROM scratch\nCOPY tool_1.2.3_linux_amd64.zip /\n' >Dockerfile.holder
run "$bindery" build holder@1 -f Dockerfile.holder --platform linux/amd64 -t holder:1 --store holding -o oci:holder:1
expect_status 1 "$bindery" audit oci:holder:1 --store unpacked --json
expect_contains "$(jq -r '.. | .message? // empty' <<<"$output")" "tool_1.2.3_linux_amd64.zip, packed from tool 1.2.3"

step "the same release gives the same bytes, and another file of that name stays"
run "$bindery" pack tool@1.2.3 --as tar.gz -o packed --checksums --store unpacked
run "$bindery" pack tool@1.2.3 --as deb -o again --maintainer 'Ops <ops@example.org>' --depends ca-certificates \
    --store unpacked
cmp packed/*.deb again/*.deb
echo other >packed/tool_1.2.3_linux_amd64.zip
expect_status 5 "$bindery" pack tool@1.2.3 --as zip -o packed --store unpacked
run "$bindery" pack tool@1.2.3 --as zip -o packed --store unpacked --force
expect_status 3 "$bindery" pack tool@1.2.3 --as zip --platform windows/amd64 -o packed --store unpacked

step "an archive that is marked stands under its own name, and is not packed again"
run "$bindery" put packed/tool_1.2.3_linux_amd64.tar.gz --kind archive --name tool --version 1.2.3 --store unpacked --json
expect_equal "$(jq -r '.artifacts[0].artifact | "\(.platform) \(.file)"' <<<"$output")" \
    "any tool_1.2.3_linux_amd64.tar.gz" "its key"
run "$bindery" pack tool@1.2.3 --as tar.gz -o packed --store unpacked

step "what was packed is an archive of the release to whoever looks into it"
run "$bindery" put packed/tool_1.2.3_linux_amd64.deb --name tool --version 1.2.3 --platform any --store third
expect_status 1 "$bindery" identify "$program" --store third
expect_contains "$output" "usr/bin/tool in tool_1.2.3_linux_amd64.deb of tool 1.2.3"
