#!/usr/bin/env bash
# Makes the seeds again: small whole inputs of each parser, by other people's tools. They are committed, so that a run
# starts from the same ones everywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -rf seeds
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# seed PARSER NAME: standard input becomes a seed.
seed() {
    mkdir -p "seeds/$1"
    cat >"seeds/$1/$2"
}
# A stream's first byte says how it is cut into pieces.
stream() { printf '\x40' && cat; }

mkdir "$work/tree"
echo content >"$work/tree/file"
ln -s file "$work/tree/link"
ln "$work/tree/file" "$work/tree/hard"
touch "$work/tree/$(printf 'n%.0s' {1..90})"
for format in ustar gnu pax v7; do
    tar --format="$format" --owner=0 --group=0 --mtime=@0 -C "$work" -cf - tree 2>/dev/null | stream | seed tar "$format"
done
truncate -s 100k "$work/tree/sparse"
tar --sparse --format=pax --mtime=@0 -C "$work" -cf - tree | stream | seed tar sparse
echo some text to compress | gzip -n | stream | seed gzip one
echo some text to compress | gzip -n -9 | cat - <(echo more | gzip -n) | stream | seed gzip members
echo some text to compress | zstd -q | stream | seed zstd one
echo some text to compress | xz | stream | seed xz one
echo some text to compress | bzip2 | stream | seed bzip2 one
echo some text to compress | xz --format=lzma | stream | seed lzma one

printf 'Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nConffiles:\n /etc/a d41d8cd98f00b204e9800998ecf8427e\n' |
    seed packages dpkg
printf 'P:a\nV:1-r0\nA:x86_64\no:b\nF:lib\nR:a.so\nZ:Q12jmj7l5rSw0yVb/vlWAYkK/YBwk=\n\n' | seed packages apk
printf 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/a\n' | seed packages md5sums
printf '%s' '{"id":"GO-1","aliases":["CVE-1"],"affected":[{"package":{"ecosystem":"Go","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.3.0"},{"introduced":"2.0.0-rc.1"},{"last_affected":"2.1.0"}]}]}]}' |
    seed advisories one
printf '1:2.36-9+deb12u3\n1.0~rc1-1\n1.2.3a_rc1~0a1b-r4\n1.2_p10\nv1.2.3-rc.1+build\n0.0.0-20230101000000-abcdefabcdef\n' | seed versions one
printf '{"type":"deb","os":"debian","name":"a","version":"1"}' | seed notes package
python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.argv[1].encode()))' \
    '{"packages":[{"name":"a","version":"1.0.0","root":true,"dependencies":[1]},{"name":"b","version":"2.0.0","source":"crates.io"}]}' |
    seed crates one

for format in "-z" "-J" "--zstd"; do
    tar "$format" --owner=0 --group=0 --mtime=@0 -C "$work" -cf - tree | seed archive "tar$format"
done
(cd "$work" && zip -qrX - tree/file tree/link) | seed archive zip-streamed
(cd "$work" && zip -qrX0 stored.zip tree/file && cat stored.zip) | seed archive zip-stored
mkdir -p "$work/package/DEBIAN" "$work/package/usr/bin"
echo the program >"$work/package/usr/bin/tool"
printf 'Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: d\n' \
    >"$work/package/DEBIAN/control"
SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group -Zgzip --build "$work/package" "$work/tool.deb" >/dev/null
seed archive deb <"$work/tool.deb"
# A package's lead and two empty headers, around a payload of cpio's own.
{
    printf '\xed\xab\xee\xdb\x03\x00' && head -c 90 /dev/zero
    for _ in signature header; do printf '\x8e\xad\xe8\x01' && head -c 12 /dev/zero; done
    (cd "$work" && find tree/file tree/hard | cpio --quiet --reproducible -o -H newc)
} | seed archive rpm

seed dockerfile release <<'TEXT'
# syntax=docker/dockerfile:1
ARG BASE=scratch
FROM --platform=$BUILDPLATFORM ${BASE:-scratch} AS one
ARG TARGETARCH
ENV A=1 B="two words" C='three'
COPY --chmod=755 --chown=1:2 tool-linux-${TARGETARCH} /tool
COPY <<EOF /etc/file
text $A
EOF
LABEL a.b="c" d=\
"e"
HEALTHCHECK --interval=1m30s CMD ["/tool", "check"]
EXPOSE 8080/tcp 9000-9002
USER 65534
ENTRYPOINT ["/tool"]
TEXT
printf 'FROM scratch\r\nCOPY ["a b", "/c"]\r\nCMD echo hi\r\n' | seed dockerfile windows
seed shell line <<'TEXT'
set -eux; mkdir -p /a "$B/c" ${A:-x} && cat > /a/*.b <<-"E" || ! [ -d '/x' ]
	text
	E
if [ "$A" = b ]; then for x in 1 2; do echo -n $x | tee -a /f; done; elif false; then (cd /); else { :; } >> /g 2>&1; fi
case ${C##*/} in a|b*) x=1;; *) exit 0 ;; esac # end
TEXT
printf '{"a":[1,-2,{"b":null}],"c":"\\u00e9\\n","d":true}' | seed json object
printf '{"k":[{"sk":1,"Size":2,"x":{}},{"s\\u212a":1}],"s":{"a":1,"A":2},"layers":[1.5e3,true,"\\ud83d\\ude00"],"Ask":{"size":1}}' |
    seed folding known
printf '{"x":1,"x":[],"layer\u017f":2,"K":[],"k":[[]]}' | seed folding twice
digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
cat <<TEXT | seed manifest manifest
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"$digest","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"$digest","size":32}],"annotations":{"a":"b"}}
TEXT
cat <<TEXT | seed manifest index
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"$digest","size":2,"platform":{"os":"linux","architecture":"arm","variant":"v7"}}]}
TEXT
cat <<TEXT | seed config config
{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Entrypoint":["/tool"],"Env":["A=1"],"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"},"User":"1:2"},"rootfs":{"type":"layers","diff_ids":["$digest"]},"history":[{"created_by":"x","empty_layer":true}]}
TEXT
for reference in tool:1.2.3 registry.example:5000/team/tool "localhost/tool@$digest" "a/b:c@$digest"; do
    printf %s "$reference" | seed reference "$(tr -c 'a-z0-9.' - <<<"$reference" | cut -c1-20)"
done
for version in 1.2.3 v2.0.0-rc.1+build.5 nightly-20261124 1.0.0-alpha..1; do
    printf %s "$version" | seed version "$version"
done
printf 'GET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' | stream | seed request close
printf 'POST / HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabcGET / HTTP/1.1\n\n' | stream | seed request two
printf 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' | stream | seed request chunked
printf 'bytes=0-99\n/v2/team/app/manifests/sha256%%3Aabc?tag=1&tag=2' | seed target manifest
printf 'bytes=-5\nhttp://localhost:5000/v2/%%2e%%2e/tags/list?n=1&last=a%%20b' | seed target list
printf '%s' '{"rules":[{"names":["a*","b"],"keepStable":3,"keepPreReleases":1,"keepDays":90,"keepVersions":["1.?"],"keepInImages":true,"keepAudited":false}]}' |
    seed policy all
for number in 1 2 3; do
    for part in 1 2 3; do printf %s "$number $part" | openssl dgst -sha512 -binary; done | seed layers "$number"
done

echo 'void _start(void) { for (;;) {} }' >"$work/tiny.c"
gcc -Os -nostdlib -static -Wl,-n,--build-id=sha1 -o "$work/static" "$work/tiny.c"
seed elf static <"$work/static"
echo 'int f(void) { return 1; }' >"$work/library.c"
gcc -Os -nostdlib -shared -Wl,-z,noseparate-code,-soname,libtiny.so.1 -o "$work/library.so" "$work/library.c"
seed elf library <"$work/library.so"
gcc -Os -c -o "$work/object.o" "$work/library.c"
seed elf object <"$work/object.o"
printf 'int more = 7; int twice(int x) { return x * 2 + more; } int main(void) { return twice(3); }\n' >"$work/other.c"
clang -target arm64-apple-macos11 -O1 -c -o "$work/other.o" "$work/other.c"
seed elf darwin-object <"$work/other.o"
clang -target x86_64-pc-windows-msvc -gcodeview -O1 -c -o "$work/other.obj" "$work/other.c"
lld-link /debug /entry:main /nodefaultlib /subsystem:console "/pdb:$work/other.pdb" /pdbaltpath:other.pdb \
    "/out:$work/other.exe" "$work/other.obj"
seed elf windows <"$work/other.exe"

# Signed documents, by OpenSSL's keys and Python's JSON.
for curve in P-256 P-384; do openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out "$work/$curve" 2>/dev/null; done
openssl genpkey -algorithm ED25519 -out "$work/ed25519"
openssl genrsa -out "$work/rsa" 2048 2>/dev/null
for name in P-256 P-384 ed25519 rsa; do
    seed key "$name" <"$work/$name"
    openssl pkey -in "$work/$name" -pubout | seed key "$name.pub"
done
openssl ec -in "$work/P-256" 2>/dev/null | seed key ec
openssl pkey -in "$work/P-256" -aes256 -passout pass:secret | seed key encrypted
python3 - "$work" <<'PYTHON'
import base64, hashlib, json, subprocess, sys
work = sys.argv[1]
canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
encode = lambda data: base64.b64encode(data).decode()
def sign(name, data, *more):
    open(f"{work}/message", "wb").write(data)
    return subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", f"{work}/{name}", "-rawin", "-in", f"{work}/message", *more],
                          check=True, capture_output=True).stdout
statement = canonical({"_type": "https://in-toto.io/Statement/v1", "predicate": {"a": 1}, "predicateType": "https://example.com/v1",
                       "subject": [{"digest": {"sha256": "0" * 64}, "name": "a"}]})
kind = "application/vnd.in-toto+json"
signature = sign("P-256", b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(statement), statement), "-digest", "sha256")
envelope = {"payload": encode(statement), "payloadType": kind, "signatures": [{"sig": encode(signature)}]}
open(f"{work}/envelope", "wb").write(canonical(envelope))
open(f"{work}/bundle", "wb").write(canonical({
    "dsseEnvelope": envelope, "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
    "verificationMaterial": {"publicKey": {"hint": encode(b"k" * 32)}, "tlogEntries": []}}))
leaf = '{"what":"put"}'
root = hashlib.sha256(b"\0" + leaf.encode()).digest()
text = f"example.org/log\n1\n{encode(root)}\n"
raw = sign("ed25519", text.encode())
note = f"{text}\n\u2014 example.org/log {encode(b'hash' + raw)}\n"
open(f"{work}/note", "w").write(note)
open(f"{work}/excerpt", "wb").write(json.dumps({
    "binderyLog": 1, "checkpoint": note, "entries": [{"index": 0, "leaf": leaf, "path": []}], "formerCheckpoints": []},
    sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
open(f"{work}/verifier", "w").write("example.org/log+c2a3d1f0+" + encode(b"\1" + b"k" * 32))
PYTHON
for name in envelope bundle note excerpt; do seed "$name" one <"$work/$name"; done
for name in envelope bundle; do seed provenance "$name" <"$work/$name"; done
{ printf '{"attestations":[{"bundle":' && cat "$work/bundle" && printf '}]}'; } | seed provenance github
seed note verifier <"$work/verifier"
