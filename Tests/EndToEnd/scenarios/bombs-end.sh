#!/usr/bin/env bash
# Long: it reads gigabytes of zeros.
#
# Images that are small to send and large to read: each is audited or refused, in bounded time and memory.
# shellcheck source=../lib/scenario.sh
source "$(dirname "$0")/../lib/scenario.sh"
require jq python3 openssl bzip2 tar

run "$bindery" put "$bindery" --name tool --version 1

# bounded STATUS SECONDS MEGABYTES COMMAND…: in so much time of the processor, which a busy machine doesn't lengthen, and
# memory; keeps standard output in the file report.
cat >bounded.py <<'PYTHON'
import os, subprocess, sys
status, seconds, megabytes = map(int, sys.argv[1:4])
with open("report", "wb") as report:
    process = subprocess.Popen(sys.argv[4:], stdout=report)
    _, result, usage = os.wait4(process.pid, 0)
elapsed, peak, found = usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, os.waitstatus_to_exitcode(result)
print(f"status {found}, {elapsed:.1f} s, {peak} MB at the most")
sys.exit(found != status or elapsed > seconds or peak > megabytes)
PYTHON
bounded() { run python3 bounded.py "$@"; }

# image NAME LAYER DIGEST [PROGRAM]: a docker archive of one layer, compressed or not, with its uncompressed digest. Zeros
# take no room on the disk.
cat >image.py <<'PYTHON'
import hashlib, io, json, sys, tarfile
layer, diff_id = sys.argv[1:3]
config = {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": sys.argv[3:]}, "rootfs": {"type": "layers", "diff_ids": [diff_id]}}
manifest = [{"Config": "config.json", "RepoTags": ["bomb:1"], "Layers": ["layer.tar"]}]
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
    archive.add(layer, "layer.tar")
    for path, document in (("config.json", config), ("manifest.json", manifest)):
        data = json.dumps(document).encode()
        member = tarfile.TarInfo(path)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
PYTHON
image() { python3 image.py "${@:2}" | dd of="$1" bs=64K iflag=fullblock conv=sparse status=none; }
nobody=sha256:$(printf '0%.0s' {1..64})
codes() { jq -r '[.findings[], .platforms[].findings[]] | map(.code) | unique | join(" ")' report; }

step "a sparse file of 5 GB is read as what it is"
truncate -s 5G sparse && printf end | dd of=sparse bs=1 seek=3G conv=notrunc status=none
tar --format=gnu -S -cf sparse.tar sparse
[ "$(stat -c %s sparse.tar)" -lt 100000 ] || fail "the archive holds the holes"
image sparse.image sparse.tar "$(digest_of sparse.tar)"
bounded 1 60 150 "$bindery" audit docker-archive:sparse.image --json
expect_contains "$(codes)" BND006
bounded 1 240 150 "$bindery" audit docker-archive:sparse.image --json --max-size 6000000000
expect_equal "$(jq -r '.platforms[0].files[0] | "\(.size) \(.digest)"' report)" "5368709120 $(digest_of sparse)" "the file"
rm sparse

step "100 GB of zeros in 80 KB"
# A stream of bzip2 for one gigabyte, a hundred times.
head -c 1G /dev/zero | bzip2 -9 >gigabyte.bz2
python3 - <<'PYTHON'
import tarfile
member = tarfile.TarInfo("zeros")
member.size = 100 << 30
with open("head.tar", "wb") as file:
    file.write(member.tobuf(tarfile.GNU_FORMAT))
PYTHON
{ bzip2 -9 <head.tar && for _ in {1..100}; do cat gigabyte.bz2; done; } >zeros.bz2
[ "$(stat -c %s zeros.bz2)" -lt 100000 ] || fail "the bomb has $(stat -c %s zeros.bz2) bytes"
image zeros.image zeros.bz2 "$nobody"
bounded 1 240 150 "$bindery" audit docker-archive:zeros.image --json
expect_equal "$(jq -r '.verdict, .findings[0].code, (.platforms | length)' report | xargs)" "incomplete BND006 0" "the answer"
expect_contains "$(jq -r '.findings[0].message' report)" "--max-size"

step "many files of zeros, none of them large: the sum counts"
python3 - <<'PYTHON'
import tarfile
with open("tail", "wb") as file:
    for number in range(2):
        member = tarfile.TarInfo(f"zeros-{number}")
        member.size = 1 << 30
        file.write(member.tobuf(tarfile.GNU_FORMAT))
        file.seek(1 << 30, 1)
    file.truncate(file.tell() + 1024)
PYTHON
image sum.image tail "$nobody"
bounded 1 120 150 "$bindery" audit docker-archive:sum.image --json --max-size 1500000000
expect_contains "$(codes)" BND006
rm tail sum.image

step "a million empty files"
python3 - <<'PYTHON'
import tarfile
with open("million.tar", "wb") as file:
    block = bytearray(tarfile.TarInfo("f/0000000").tobuf(tarfile.USTAR_FORMAT)[:512])
    for number in range(1_000_000):
        block[2:9] = b"%07d" % number
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
        file.write(block)
    file.write(bytes(1024))
PYTHON
image million.image million.tar "$(digest_of million.tar)"
rm million.tar
bounded 1 240 450 "$bindery" audit docker-archive:million.image --json
# The directory is the name too many.
expect_contains "$(codes)" BND006
rm million.image

step "documents and headers without an end"
python3 - <<'PYTHON'
import tarfile
with open("pax.tar", "wb") as file:
    # A header of 3 GB, and then what never comes.
    member = tarfile.TarInfo("pax")
    member.type, member.size = tarfile.XHDTYPE, 3 << 30
    file.write(member.tobuf(tarfile.GNU_FORMAT))
    file.truncate(3 << 30)
PYTHON
image pax.image pax.tar "$nobody"
bounded 4 60 150 "$bindery" audit docker-archive:pax.image --json
expect_equal "$(codes)" BND001 "what is found"

step "programs of nothing but sections or Go modules, and linker settings that name each other"
python3 - "$E2E_ROOT/Tests/PythonSupport" <<'PYTHON'
import io, struct, sys, tarfile
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import programs
def layer(name, files):
    with tarfile.open(name, "w:gz", compresslevel=9) as archive:
        for path, data in files:
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o755
            archive.addfile(member, io.BytesIO(data))
agent = programs.program("x")
many = bytearray(agent)
many[40:48] = struct.pack("<Q", len(agent))
many[58:64] = struct.pack("<HHH", 64, 60_000, 0)
many = bytes(many) + bytes(64) * 60_000
modules = b"0" * 16 + b"path\tx\n" + b"dep\ta\tv1\n" * 430_000 + b"1" * 16
size = len(modules)
length = bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14 & 127 | 128, size >> 21])
info = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16) + b"\x06go1.22" + length + modules
go = bytearray(agent[:64]) + struct.pack("<IIQQQQQQ", 1, 6, 120, 0x400000, 0x400000, len(info), len(info), 4096) + info
go[40:48] = bytes(8)
go[56:64] = struct.pack("<HHHH", 1, 64, 0, 0)
layer("modules.tgz", [(f"program{number}", bytes(go) + b"%d" % number) for number in range(60)])
layer("sections.tgz", [(f"program{number}", many + b"%d" % number) for number in range(60)])
line = b"include /etc/ld.so.conf.d/*.conf\n"
layer("settings.tgz", [("agent", agent), ("etc/ld.so.conf", line * 1900)] + [
    (f"etc/ld.so.conf.d/{number}.conf", (line + b"/directory\n") * 100) for number in range(2000)
])
PYTHON
for name in modules sections settings; do
    [ "$(stat -c %s "$name.tgz")" -lt 500000 ] || fail "the layer has $(stat -c %s "$name.tgz") bytes"
    gunzip -kc "$name.tgz" >"$name.tar"
    image "$name.image" "$name.tgz" "$(digest_of "$name.tar")" /agent
done
bounded 1 60 256 "$bindery" audit docker-archive:modules.image --json
bounded 1 60 256 "$bindery" audit docker-archive:sections.image --json
expect_contains "$(codes)" BND006
bounded 1 60 256 "$bindery" audit docker-archive:settings.image --json
expect_equal "$(jq -r .verdict report)" unknown "the verdict"

step "copies of one program, files and variables of nothing but findings, and a program of zeros"
python3 - "$E2E_ROOT/Tests/PythonSupport" <<'PYTHON'
import gzip, hashlib, sys, tarfile
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import programs
agent = programs.program("agent")
def entry(path, data, mode=0o755, size=None):
    member = tarfile.TarInfo(path)
    member.size, member.mode = len(data) if size is None else size, mode
    return member.tobuf(tarfile.GNU_FORMAT) + data + (bytes(-len(data) % 512) if size is None else b"")
def layer(name, *parts):
    with open(name + ".tar", "wb") as file:
        file.write(b"".join(parts) + bytes(1024))
    with open(name + ".tgz", "wb") as file:
        file.write(gzip.compress(b"".join(parts) + bytes(1024), 9, mtime=0))
with open("agent", "wb") as file:
    file.write(agent)
layer("copies", *(entry("d/%05d" % number, agent) for number in range(30_000)))
for name, count in ("set-id", 20_000), ("names", 90_000):
    layer(name, entry("agent", agent), *(entry("d/%05d" % number, b"", 0o4755) for number in range(count)))
layer("variables", entry("agent", agent))
# Half a gigabyte in half a megabyte, as a program that is named like the released one.
piece, count = bytes(100 << 20), 5
start = entry("agent", agent + bytes(512 - len(agent) % 512), size=(len(agent) + 511) // 512 * 512 + count * len(piece))
digest = hashlib.sha256(start)
for _ in range(count):
    digest.update(piece)
digest.update(bytes(1024))
with open("program.tgz", "wb") as file:
    file.write(gzip.compress(start) + gzip.compress(piece) * count + gzip.compress(bytes(1024)))
with open("program.digest", "w") as file:
    file.write("sha256:" + digest.hexdigest())
PYTHON
run "$bindery" put agent --name agent --version 1
for name in copies set-id names variables; do
    [ "$(stat -c %s "$name.tgz")" -lt 1000000 ] || fail "the layer has $(stat -c %s "$name.tgz") bytes"
    image "$name.image" "$name.tgz" "$(digest_of "$name.tar")" /agent
    rm "$name.tar"
done
bounded 0 60 256 "$bindery" audit docker-archive:copies.image --json
expect_equal "$(jq -r .verdict report)" exact "the verdict on copies"
bounded 0 60 256 "$bindery" audit docker-archive:set-id.image --json
expect_equal "$(jq -r '[.platforms[0].findings[] | select(.code == "BND030")] | length' report)" 1001 "the listed findings"
expect_contains "$(jq -r '.platforms[0].findings[].message' report)" "19000 more"
bounded 1 60 256 "$bindery" audit docker-archive:names.image --json
expect_equal "$(jq -r .verdict report)" incomplete "the verdict on more names than a small image has"
image program.image program.tgz "$(cat program.digest)" /agent
bounded 1 60 150 "$bindery" audit docker-archive:program.image --json
expect_equal "$(jq -r .verdict report)" incomplete "the verdict on a program of zeros"
python3 - <<'PYTHON'
import io, json, tarfile
with tarfile.open("variables.image") as old, tarfile.open("many.image", "w") as new:
    for member in old:
        data = old.extractfile(member).read()
        if member.name == "config.json":
            config = json.loads(data)
            config["config"]["Env"] = ["LD_PRELOAD=a"] * 250_000
            data = json.dumps(config).encode()
            member.size = len(data)
        new.addfile(member, io.BytesIO(data))
PYTHON
gzip -n many.image
[ "$(stat -c %s many.image.gz)" -lt 1000000 ] || fail "the archive has $(stat -c %s many.image.gz) bytes"
bounded 0 60 256 "$bindery" audit docker-archive:many.image.gz --json
expect_contains "$(jq -r '.platforms[0].findings[].message' report)" "249000 more"
