#!/usr/bin/env python3
"""Compares bindery with the tools people use instead, on the same data in the same run.

Usage: bench.py [WORD…]     runs the cases with a word in their name, all by default

Prints, for each case, the medians of both in milliseconds of the clock and of processor time, the ratio of the former,
and the ratio that docs promise. Runs of the two alternate, so that a busy machine is busy for both; on a busy one the
processor time says more than the clock. Nothing here fails on a slow run: the numbers are for reading.
MOUNT_MONITOR_PEER is a program that mount-monitor is compared with, such as a build of the Go sidecar.
BENCH_DIR is where the data goes (a directory on the disk that matters), BENCH_RUNS the runs of each case.
"""

import hashlib
import io
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tarfile
import time
from random import Random

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINDERY = str(pathlib.Path(os.environ.get("DIST", ROOT / "dist")) / "bindery")
MONITOR = str(pathlib.Path(BINDERY).with_name("mount-monitor-linux-" + ("arm64" if os.uname().machine == "aarch64" else "amd64")))
MONITOR_PEER = os.environ.get("MOUNT_MONITOR_PEER", "")
TIMING = os.environ.get("TIMING", "")
RUNS = int(os.environ.get("BENCH_RUNS", "7"))
MEGABYTE = 1_000_000


class Timing:
    """The runs of one command."""

    def __init__(self):
        self.milliseconds = []
        self.processor = []
        self.peak_bytes = 0

    def run(self, command):
        """Runs a command line, an argument list or a text for the shell; its output is thrown away."""
        shell = isinstance(command, str)
        with open(os.devnull, "wb") as null:
            started = time.perf_counter()
            process = subprocess.Popen(
                ["bash", "-o", "pipefail", "-c", command] if shell else command,
                stdout=null,
                stderr=subprocess.PIPE,
            )
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {command} ended with {process.returncode}: {errors.decode(errors='replace')}")
        self.milliseconds.append(elapsed * 1000)
        self.processor.append((usage.ru_utime + usage.ru_stime) * 1000)
        self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * 1024)

    @property
    def median(self):
        return statistics.median(self.milliseconds)

    def __str__(self):
        return f"{self.median:>8.1f} ms ({statistics.median(self.processor):>7.1f})"


class Bench:
    def __init__(self, directory):
        self.directory = directory

    def path(self, *parts):
        return str(self.directory.joinpath(*parts))

    def random_file(self, name, size):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            while size > 0:
                count = min(size, 8 * MEGABYTE)
                file.write(os.urandom(count))
                size -= count
        return str(path)

    def store(self, name):
        store = self.path("store-" + name)
        subprocess.run([BINDERY, "ls", "--store", store], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return store

    @staticmethod
    def put(store, *arguments):
        return [BINDERY, "put", "--store", store, *arguments]

    def report(self, what, ours, peer_name, peer, bar, note=""):
        ratio = ours.median / peer.median
        print(
            f"{what:<36} {ours} {peer}  {ratio:>5.2f}  {bar:<8} {peer_name}{note}",
            flush=True,
        )

    def inside(self, what, bar, *arguments):
        """What a call costs without the program's start, in microseconds; needs the program of Tests/Timing."""
        if not os.access(TIMING, os.X_OK):
            return print(f"{what:<36} not measured: run 'make bench', which builds {TIMING or 'Tests/Timing'}")
        median = float(subprocess.run([TIMING, *arguments], check=True, capture_output=True, text=True).stdout)
        print(f"{what:<36} {median / 1000:8.3f} ms; the bar is {bar / 1000} ms", flush=True)

    def warm(self, *paths):
        for path in paths:
            with open(path, "rb") as file:
                while file.read(MEGABYTE):
                    pass

    # The cases.

    def case_read_manifest(self):
        digest = "sha256:" + "1" * 64
        descriptor = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest, "size": 12345}
        annotated = {**descriptor, "annotations": {f"org.example.key.{number}": "value" for number in range(8)}}
        for what, layer in (("layers", descriptor), ("annotations", annotated)):
            count = (4 << 20) // (len(json.dumps(layer)) + 2) - 4
            manifest = {"schemaVersion": 2, "config": {**descriptor, "mediaType": "application/vnd.oci.image.config.v1+json"},
                        "layers": [layer] * count}
            path = self.path(f"manifest-{what}.json")
            with open(path, "w", encoding="ascii") as file:
                json.dump(manifest, file)
            self.inside(f"scan 4 MB of {what}", 20_000, "scan", path)
            self.inside(f"decode 4 MB of {what}", 20_000, "decode", path)

    def case_put_durable(self):
        ours, peer, store = Timing(), Timing(), self.store("durable")
        subprocess.run(self.put(store, self.random_file("first", 1000), "--name", "first", "--version", "1",
                                "--platform", "any"), check=True, stdout=subprocess.DEVNULL)
        os.makedirs(self.path("copies"))
        for number in range(RUNS):
            file = self.random_file("file", 60 * MEGABYTE)
            os.sync()
            peer.run(f"cp {file} {self.path('copies', str(number))} && sync {self.path('copies', str(number))}")
            ours.run(self.put(store, file, "--name", "file", "--version", str(number), "--platform", "any"))
        self.report("put 60 MB, durable", ours, "cp FILE DEST && sync DEST", peer, "<= 1.25")

    def case_put_without_sync(self):
        ours, peer, store = Timing(), Timing(), self.store("fast")
        for number in range(RUNS):
            file = self.random_file("file", 60 * MEGABYTE)
            os.sync()
            peer.run(["openssl", "dgst", "-sha256", file])
            ours.run(self.put(store, file, "--name", "file", "--version", str(number), "--platform", "any", "--no-sync"))
        self.report("put 60 MB, --no-sync", ours, "openssl dgst -sha256", peer, "<= 1.20")

    def case_put_many(self):
        ours, peer, store = Timing(), Timing(), self.store("many")
        for number in range(RUNS):
            files = [self.random_file(f"many/f{index}", 20_000) for index in range(1000)]
            os.sync()
            copies = self.path(f"many-copies-{number}")
            os.makedirs(copies)
            peer.run(f"cp {self.path('many')}/* {copies} && sync -f {copies}")
            ours.run(self.put(store, *files, "--name-pattern", "{name}", "--version", str(number), "--platform", "any"))
        self.report("put 1,000 files of 20 KB, one call", ours, "cp * DEST && sync -f DEST", peer, "<= 1.50")

    def case_put_archive(self):
        """What is in an archive is hashed beside the archive itself: a reader of the format and two sums do the same."""
        root = self.directory / "archived"
        for number in range(20):
            text = bytes(Random(number).choices(b"abcdefghijklmnop", k=2 * MEGABYTE))
            (root / "usr" / "share" / "tool").mkdir(parents=True, exist_ok=True)
            (root / "usr" / "share" / "tool" / f"file-{number}").write_bytes(text)
        for name, peer, made in (("zip", "unzip -p", self.zip(root)), ("deb", "dpkg-deb --fsys-tarfile", self.deb(root)),
                                 ("rpm", "rpm2cpio", self.rpm(root))):
            if made is None:
                print(f"put an archive, .{name:<19} not measured: there is no program that makes one")
                continue
            ours, theirs = Timing(), Timing()
            for number in range(RUNS):
                theirs.run(f"{peer} {made} | openssl dgst -sha256 && openssl dgst -sha256 {made}")
                # A store that knows the archive doesn't look into it again.
                store = self.store(f"archive-{name}-{number}")
                ours.run(self.put(store, made, "--name", "tool", "--version", "1", "--kind", "archive", "--no-sync"))
            self.report(f"put a .{name} of 40 MB, --no-sync", ours, f"{peer}, openssl dgst of both", theirs, "<= 1.20")

    def zip(self, root):
        if not shutil.which("zip"):
            return None
        subprocess.run(["zip", "-q", "-r", self.path("tool.zip"), "."], cwd=root, check=True)
        return self.path("tool.zip")

    def deb(self, root):
        if not shutil.which("dpkg-deb"):
            return None
        tree = self.path("deb")
        shutil.copytree(root, tree)
        os.makedirs(tree + "/DEBIAN")
        with open(tree + "/DEBIAN/control", "w", encoding="ascii") as file:
            file.write("Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: bench <bench@example.org>\nDescription: tool\n")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, self.path("tool.deb")], check=True,
                       stdout=subprocess.DEVNULL)
        return self.path("tool.deb")

    def rpm(self, root):
        if not shutil.which("rpmbuild"):
            return None
        spec = self.path("tool.spec")
        with open(spec, "w", encoding="ascii") as file:
            file.write("Name: tool\nVersion: 1\nRelease: 1\nSummary: tool\nLicense: MIT\nBuildArch: noarch\n%define _binary_payload "
                       f"w6.gzdio\n%description\ntool\n%install\ncp -r {root}/usr %{{buildroot}}\n%files\n/usr/share/tool\n")
        subprocess.run(["rpmbuild", "--quiet", "-bb", "--define", f"_topdir {self.path('rpm')}", spec], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.path("rpm", "RPMS", "noarch", "tool-1-1.noarch.rpm")

    def case_context(self):
        ours, peer, store = Timing(), Timing(), self.store("context")
        files = [self.random_file(f"agent-linux-{arch}", 60 * MEGABYTE) for arch in ("amd64", "arm64")]
        subprocess.run(self.put(store, *files, "--name-pattern", "{name}-{os}-{arch}", "--version", "1"), check=True,
                       stdout=subprocess.DEVNULL)
        dockerfile = self.path("Dockerfile.release")
        with open(dockerfile, "w", encoding="utf-8") as file:
            file.write("FROM scratch\nARG TARGETARCH\nCOPY agent-linux-${TARGETARCH} /agent\nENTRYPOINT [\"/agent\"]\n")
        for number in range(RUNS):
            os.sync()
            copies = self.path(f"context-copies-{number}")
            os.makedirs(copies)
            peer.run(["cp", *files, copies])
            ours.run([BINDERY, "context", "agent@1", "--store", store, "-f", dockerfile, "-o",
                      self.path(f"context-{number}")])
            shutil.rmtree(copies)
            shutil.rmtree(self.path(f"context-{number}"))
        self.report("context of 2 x 60 MB", ours, "cp A B DEST", peer, "<= 1.10")

    def release(self, store, size=40 * MEGABYTE):
        """A release of two platforms whose files compress about as programs do; gives its Dockerfile."""
        files = []
        for arch in ("amd64", "arm64"):
            path = self.random_file(f"agent-linux-{arch}", size // 2)
            # Half noise, half text: gzip brings programs to about a half as well.
            with open(path, "ab") as file:
                for number in range(size // 2 // 64):
                    file.write(b"%-63d\n" % (number * 7919))
            files.append(path)
        subprocess.run(self.put(store, *files, "--name-pattern", "{name}-{os}-{arch}", "--version", "1"), check=True,
                       stdout=subprocess.DEVNULL)
        dockerfile = self.path("Dockerfile.release")
        with open(dockerfile, "w", encoding="utf-8") as file:
            file.write("FROM scratch\nARG TARGETARCH\nCOPY --chmod=755 agent-linux-${TARGETARCH} /agent\n"
                       "ENTRYPOINT [\"/agent\"]\n")
        return dockerfile

    def buildah(self, dockerfile, store):
        """The command that builds both platforms by buildah and pushes them to a layout; None without buildah."""
        if not shutil.which("buildah"):
            return None
        root, context = self.path("buildah"), self.path("buildah-context")
        subprocess.run([BINDERY, "context", "agent@1", "--store", store, "-f", dockerfile, "-o", context], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.path("policy.json"), "w", encoding="utf-8") as file:
            file.write('{"default":[{"type":"insecureAcceptAnything"}]}')
        common = f"--root {root}/graph --runroot {root}/run --storage-driver vfs"
        policy = f"--signature-policy {self.path('policy.json')}"
        return " && ".join(
            f"buildah {common} bud -q {policy} --isolation chroot --no-cache --platform linux/{arch} -t b-{arch} {context}"
            f" && buildah {common} push -q {policy} b-{arch} oci:{root}/layout-{arch}"
            for arch in ("amd64", "arm64")
        )

    def case_build_warm(self):
        ours, peer, store = Timing(), Timing(), self.store("build-warm")
        dockerfile = self.release(store)
        build = [BINDERY, "build", "agent@1", "--store", store, "-f", dockerfile, "-t", "agent:1"]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        command = self.buildah(dockerfile, store) or ["true"]
        for number in range(RUNS):
            ours.run(build)
            if number < 3:
                peer.run(command)
        self.inside("the same inside the process", 4000, "build", store, "agent@1", dockerfile)
        self.report("build of 2 x 40 MB, layers known", ours, "buildah bud + push of both; the bar is 25 ms", peer, "<= 0.07")

    def case_build_cold(self):
        ours, peer, store = Timing(), Timing(), self.store("build-cold")
        dockerfile = self.release(store)
        command = self.buildah(dockerfile, store) or ["true"]
        for number in range(max(3, RUNS // 2)):
            peer.run(command)
            # Another time is another recipe, so that no layer is known.
            ours.run([BINDERY, "build", "agent@1", "--store", store, "-f", dockerfile, "-t", "agent:1", "--epoch",
                      str(number + 1), "-o", f"oci:{self.path('layout')}:{number}"])
        peak = f", peak memory {ours.peak_bytes / MEGABYTE:.0f} MB (bar 100)"
        self.report("build of 2 x 40 MB, cold", ours, "buildah bud + push of both", peer, "<= 0.25", peak)

    def case_build_named_owners(self):
        """A name of a user is looked up in the base, whose layers are read once for all of them."""
        store, layout = self.store("build-owners"), self.path("base")
        accounts = self.path("accounts.tar")
        with tarfile.open(accounts, "w") as archive:
            for path, fields in (("etc/passwd", ":1000:1000::/:/bin/sh"), ("etc/group", ":1000:")):
                content = "".join(f"user{number}:x{fields}\n" for number in range(5)).encode()
                member = tarfile.TarInfo(path)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        diff_id = subprocess.run(["openssl", "dgst", "-sha256", "-r", accounts], check=True, capture_output=True,
                                 text=True).stdout[:64]
        subprocess.run(["gzip", "-f", "-n", "-1", accounts], check=True)
        self.layout(layout, [self.large_layer(3000, 150 * MEGABYTE), (accounts + ".gz", "sha256:" + diff_id)])
        subprocess.run([BINDERY, "copy", f"oci:{layout}:bench", "bench/base:1", "--store", store], check=True,
                       stdout=subprocess.DEVNULL)
        for number in range(5):
            self.random_file(f"files/file{number}", 20_000)
        subprocess.run(self.put(store, self.path("files"), "--name", "files", "--version", "1"), check=True,
                       stdout=subprocess.DEVNULL)
        named, numbered = Timing(), Timing()
        for kind, owner in (("named", "user{}"), ("numbered", "1000:1000")):
            lines = [f"COPY --chown={owner.format(number)} file{number} /opt/{number}\n" for number in range(5)]
            pathlib.Path(self.path(kind)).write_text("FROM bench/base:1\n" + "".join(lines), encoding="utf-8")
        for number in range(max(3, RUNS // 2)):
            for kind, timing in (("numbered", numbered), ("named", named)):
                # Another time is another recipe, so that no layer is known.
                timing.run([BINDERY, "build", "files@1", "--store", store, "-f", self.path(kind), "-t", f"{kind}:1",
                            "--platform", "linux/amd64", "--epoch", str(number + 1)])
        self.report("build with 5 named owners, 150 MB base", named, "the same with numbers", numbered, "<= 1.20")

    def case_build_archive(self):
        ours, peer, store = Timing(), Timing(), self.store("build-archive")
        dockerfile = self.release(store, 100 * MEGABYTE)
        build = [BINDERY, "build", "agent@1", "--store", store, "-f", dockerfile, "-t", "agent:1", "-o",
                 f"oci-archive:{self.path('image.oci')}"]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        shutil.copyfile(self.path("image.oci"), self.path("copy.oci"))
        for _ in range(RUNS):
            # Both replace a file, whose pages must be on the disk before they can be given up.
            os.sync()
            peer.run(["cp", self.path("image.oci"), self.path("copy.oci")])
            os.sync()
            ours.run(build)
        self.report("build -o oci-archive of 100 MB, warm", ours, "cp of the archive", peer, "<= 1.20")

    def registry(self):
        """A docker-registry on a free port, and its host."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(self.path("registry.yml"), "w", encoding="utf-8") as file:
            file.write("version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: %s}\n"
                       "http: {addr: '127.0.0.1:%d'}\n" % (self.path("registry"), port))
        process = subprocess.Popen(["docker-registry", "serve", self.path("registry.yml")], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process, f"127.0.0.1:{port}"
            time.sleep(0.1)
        process.kill()
        sys.exit("bench: docker-registry does not start")

    def case_push(self):
        if not shutil.which("docker-registry") or not shutil.which("skopeo"):
            return print("push of 2 x 40 MB: docker-registry or skopeo is not installed")
        push, push_peer, pull, pull_peer = Timing(), Timing(), Timing(), Timing()
        store = self.store("push")
        subprocess.run([BINDERY, "build", "agent@1", "--store", store, "-f", self.release(store), "-t", "agent:1", "-o",
                        f"oci:{self.path('layout')}:1"], check=True, stdout=subprocess.DEVNULL)
        skopeo = ["skopeo", "copy", "--insecure-policy", "--quiet", "--all"]
        for number in range(RUNS):
            # A new one for each: skopeo remembers where a blob is, and mounts it instead of sending it.
            process, host = self.registry()
            try:
                steps = [
                    (push_peer, [*skopeo, "--dest-tls-verify=false", f"oci:{self.path('layout')}:1",
                                 f"docker://{host}/peer:1"]),
                    (push, [BINDERY, "copy", "--store", store, "agent:1", f"docker://{host}/ours:1"]),
                    (pull_peer, [*skopeo, "--src-tls-verify=false", f"docker://{host}/peer:1",
                                 f"oci:{self.path(f'peer-{number}')}:1"]),
                    (pull, [BINDERY, "copy", f"docker://{host}/ours:1", f"oci:{self.path(f'ours-{number}')}:1"]),
                ]
                for first in (0, 2):
                    pair = steps[first:first + 2]
                    for timing, command in pair if number % 2 else reversed(pair):
                        timing.run(command)
            finally:
                process.terminate()
                process.wait()
                shutil.rmtree(self.path("registry"))
        peak = f", peak memory {push.peak_bytes / MEGABYTE:.0f} MB (bar 100)"
        self.report("push of 2 x 40 MB to docker-registry", push, "skopeo copy --all", push_peer, "<= 1.00", peak)
        self.report("pull of it into an OCI directory", pull, "skopeo copy --all", pull_peer, "<= 1.00")

    def case_audit(self):
        archive, layers = self.docker_archive(16, 64 * MEGABYTE)
        ours, peer, store = Timing(), Timing(), self.store("audit")
        subprocess.run(self.put(store, self.path("layer-file"), "--name", "data", "--version", "1", "--platform", "any"),
                       check=True, stdout=subprocess.DEVNULL)
        self.warm(archive)
        names = " ".join(layers)
        for _ in range(max(3, RUNS // 2)):
            peer.run(f"for layer in {names}; do tar xOf {archive} $layer | openssl dgst -sha256; done")
            # The verdict may be no: what is timed is the reading.
            ours.run(f"{BINDERY} audit docker-archive:{archive} --store {store} || [ $? -eq 1 ]")
        peak = f", peak memory {ours.peak_bytes / MEGABYTE:.0f} MB (bar 64)"
        self.report("audit of a 1 GB docker archive", ours, "tar xOf LAYER | openssl dgst", peer, "<= 1.00", peak)

    def docker_archive(self, count, size):
        """A docker archive of uncompressed layers, each with one large file."""
        archive, layers, diff_ids = self.path("image.tar"), [], []
        with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as image:
            for number in range(count):
                file, layer = self.random_file("layer-file", size), self.path("layer.tar")
                with tarfile.open(layer, "w") as tar:
                    tar.add(file, f"data/file-{number}")
                digest = subprocess.run(["openssl", "dgst", "-sha256", "-r", layer], check=True, capture_output=True,
                                        text=True).stdout[:64]
                diff_ids.append("sha256:" + digest)
                layers.append(f"{digest}/layer.tar")
                image.add(layer, layers[-1])
            config = {"architecture": "amd64", "os": "linux", "config": {},
                      "rootfs": {"type": "layers", "diff_ids": diff_ids}}
            manifest = [{"Config": "config.json", "RepoTags": ["bench:1"], "Layers": layers}]
            for name, document in (("config.json", config), ("manifest.json", manifest)):
                with open(self.path(name), "w", encoding="utf-8") as file:
                    json.dump(document, file)
                image.add(self.path(name), name)
        return archive, layers

    def layout(self, directory, layers, tag="bench"):
        """Adds an image of gzip layers, each a (blob path, diffID), to an OCI layout; gives the blobs' places."""
        blobs = pathlib.Path(directory, "blobs", "sha256")
        blobs.mkdir(parents=True, exist_ok=True)

        def add(data):
            digest = hashlib.sha256(data).hexdigest()
            blobs.joinpath(digest).write_bytes(data)
            return {"digest": "sha256:" + digest, "size": len(data)}

        kinds, descriptors, places = "application/vnd.oci.image.", [], []
        for path, _ in layers:
            digest = subprocess.run(["openssl", "dgst", "-sha256", "-r", path], check=True, capture_output=True,
                                    text=True).stdout[:64]
            places.append(str(blobs / digest))
            os.replace(path, places[-1])
            descriptors.append({"mediaType": kinds + "layer.v1.tar+gzip", "digest": "sha256:" + digest,
                                "size": os.path.getsize(places[-1])})
        config = {"architecture": "amd64", "os": "linux", "config": {},
                  "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]}}
        manifest = {"schemaVersion": 2, "mediaType": kinds + "manifest.v1+json", "layers": descriptors,
                    "config": {"mediaType": kinds + "config.v1+json", **add(json.dumps(config).encode())}}
        known = pathlib.Path(directory, "index.json")
        others = json.loads(known.read_text(encoding="utf-8"))["manifests"] if known.exists() else []
        index = {"schemaVersion": 2, "manifests": others + [
            {"mediaType": kinds + "manifest.v1+json", **add(json.dumps(manifest).encode()),
             "annotations": {"org.opencontainers.image.ref.name": tag}}]}
        pathlib.Path(directory, "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}', encoding="utf-8")
        pathlib.Path(directory, "index.json").write_text(json.dumps(index), encoding="utf-8")
        return places

    def large_layer(self, count=30_000, size=1000 * MEGABYTE):
        """A gzip layer of many files of all sizes that compress about as programs do: (blob, diffID)."""
        random = Random(7)
        noise = random.randbytes(8 * MEGABYTE)
        text = b"".join(b"%-31d\n" % (number * 7919) for number in range(8 * MEGABYTE // 32))
        path, done = self.path("large.tar"), 0
        with tarfile.open(path, "w") as tar:
            for number in range(count):
                # Most files of an image are small, and a few have most of its bytes.
                mean = (size - done) / (count - number)
                length = min(int(random.paretovariate(1.2) * mean / 6), 6 * MEGABYTE)
                start = random.randrange(2 * MEGABYTE - 1)
                content = (noise if number % 2 else text)[start:start + length]
                member = tarfile.TarInfo(f"usr/share/d{number % 300}/file-{number}")
                member.size, member.mode = len(content), 0o644
                tar.addfile(member, io.BytesIO(content))
                done += len(content)
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-r", path], check=True, capture_output=True,
                                text=True).stdout[:64]
        subprocess.run(["gzip", "-f", "-n", "-6", path], check=True)
        return path + ".gz", "sha256:" + digest

    def case_audit_of_many_files(self):
        limit, unpacked, store = Timing(), Timing(), self.store("audit-large")
        ours, beside, bill = Timing(), Timing(), Timing()
        subprocess.run(self.put(store, self.random_file("data", 1000), "--name", "data", "--version", "1", "--platform",
                                "any"), check=True, stdout=subprocess.DEVNULL)
        layout = self.path("layout")
        (blob,) = self.layout(layout, [self.large_layer()])
        self.warm(blob)
        audit = f"{BINDERY} audit oci:{layout} --store {store} --no-record || [ $? -eq 1 ]"
        for _ in range(max(3, RUNS // 2)):
            if shutil.which("pigz"):
                limit.run(f"pigz -dc {blob} | tar t")
            # The verdict is no: what is timed is the reading.
            ours.run(audit)
            bill.run(f"{BINDERY} sbom oci:{layout} --store {store} --format spdx -o {self.path('bill')}")
        self.report("bill of materials of 30,000 files, 1 GB", bill, "bindery audit of the same", ours, "<= 1.50",
                    f", peak memory {bill.peak_bytes / MEGABYTE:.0f} MB")
        peak = f", peak memory {ours.peak_bytes / MEGABYTE:.0f} MB (bar 150)"
        if limit.milliseconds:
            self.report("audit of 30,000 files, 1 GB", ours, "pigz -dc LAYER | tar t", limit, "<= 1.00", peak)
        if shutil.which("umoci"):
            bundle = self.path("bundle")
            for _ in range(3):
                shutil.rmtree(bundle, ignore_errors=True)
                unpacked.run(f"umoci unpack --rootless --image {layout}:bench {bundle} && "
                             f"find {bundle}/rootfs -type f -print0 | xargs -0 sha256sum")
                beside.run(audit)
            self.report("the same", beside, "umoci unpack + sha256sum of every file", unpacked, "<= 0.33")

    def case_audit_of_ten_images(self):
        """Ten images on one base of 150 MB: what is read of the base is kept."""
        store, layout = self.store("audit-ten"), self.path("ten")
        subprocess.run(self.put(store, self.random_file("data", 1000), "--name", "data", "--version", "1", "--platform",
                                "any"), check=True, stdout=subprocess.DEVNULL)
        base = self.large_layer(3000, 150 * MEGABYTE)
        images = []
        for number in range(10):
            tar = self.path(f"own-{number}.tar")
            with tarfile.open(tar, "w") as archive:
                archive.add(self.random_file("own", 100_000), "usr/bin/own")
            diff_id = subprocess.run(["openssl", "dgst", "-sha256", "-r", tar], check=True, capture_output=True,
                                     text=True).stdout[:64]
            subprocess.run(["gzip", "-f", "-n", "-1", tar], check=True)
            places = self.layout(layout, [base, (tar + ".gz", "sha256:" + diff_id)], tag=f"v{number}")
            base = (places[0], base[1])
            images.append(f"oci:{layout}:v{number}")
        self.warm(base[0])
        one, call, calls = Timing(), Timing(), Timing()
        # The verdicts are no: what is timed is the reading.
        audit = f"{BINDERY} audit --store {store}"
        for _ in range(max(3, RUNS // 2)):
            for timing, command in (
                (one, f"{audit} {images[0]} || [ $? -eq 1 ]"),
                (call, f"{audit} {' '.join(images)} || [ $? -eq 1 ]"),
                (calls, f"for image in {' '.join(images)}; do {audit} $image || [ $? -eq 1 ]; done"),
            ):
                shutil.rmtree(pathlib.Path(store, "readings"), ignore_errors=True)
                timing.run(command)
        self.report("audit of 10 images on one base, 1 call", call, "audit of one of them", one, "<= 1.50")
        self.report("the same in 10 calls", calls, "audit of one of them", one, "<= 1.50")

    def case_audit_again(self):
        """1,000 recorded audits, each of other files, and a release that concerns all of them."""
        ours, nothing, store = Timing(), Timing(), self.store("again")
        agent = self.random_file("again/agent", 100_000)
        subprocess.run(self.put(store, agent, "--name", "agent", "--version", "1", "--platform", "any"), check=True,
                       stdout=subprocess.DEVNULL)
        tar = self.path("again.tar")
        with tarfile.open(tar, "w") as archive:
            archive.add(agent, "usr/bin/agent")
            for number in range(20):
                member = tarfile.TarInfo(f"etc/conf-{number}")
                content = b"%d" % number
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-r", tar], check=True, capture_output=True,
                                text=True).stdout[:64]
        subprocess.run(["gzip", "-f", "-n", tar], check=True)
        self.layout(self.path("again-layout"), [(tar + ".gz", "sha256:" + digest)])
        subprocess.run([BINDERY, "audit", "oci:" + self.path("again-layout"), "--store", store], check=True,
                       stdout=subprocess.DEVNULL)
        repeat_audit(store, 1000)
        again = f"{BINDERY} audit --again --store {store} || [ $? -eq 1 ]"
        for number in range(RUNS):
            # A further version of the name: every image has to be evaluated again.
            subprocess.run(self.put(store, self.random_file("again/next", 1000 + number), "--name", "agent", "--version",
                                    str(number + 2), "--platform", "any"), check=True, stdout=subprocess.DEVNULL)
            ours.run(again)
            nothing.run(again)
        self.report("audit --again, 1,000 images", ours, "the same with nothing new; the bar is 1,000 ms", nothing, "")

    def case_where(self):
        if not os.environ.get("BENCH_LARGE"):
            return print("where in 20 million files             not measured: BENCH_LARGE=1 takes minutes and 3 GB")
        ours, peer, store = Timing(), Timing(), self.store("where")
        subprocess.run(self.put(store, self.random_file("some", 1000), "--name", "some", "--version", "1", "--platform",
                                "any"), check=True, stdout=subprocess.DEVNULL)
        digest = fill_audits(store, images=10_000, files=2_000)
        command = [BINDERY, "where", digest, "--store", store]
        for _ in range(5 * RUNS):
            ours.run(command)
            peer.run([BINDERY, "show", "some@1", "--store", store])
        self.report("where in 20 million files", ours, "show in 1 artifact, in the same store", peer, "")
        self.inside("the same inside the process", 5000, "where", store, "some@1", digest)

    def case_show(self):
        ours, peer, small, store = Timing(), Timing(), self.store("small"), self.store("large")
        files = [self.random_file(f"tiny/r{index}", 64) for index in range(2000)]
        subprocess.run(self.put(small, files[0], "--name", "r0", "--version", "1", "--platform", "any"), check=True,
                       stdout=subprocess.DEVNULL)
        for version in range(50):
            subprocess.run(self.put(store, *files, "--name-pattern", "{name}", "--version", str(version), "--platform",
                                    "any", "--no-sync"), check=True, stdout=subprocess.DEVNULL)
        for _ in range(5 * RUNS):
            peer.run([BINDERY, "show", "r0@1", "--store", small])
            ours.run([BINDERY, "show", "r1234@37", "--store", store])
        self.report("show in 100,000 artifacts", ours, "show in 1 artifact; the bar is 12 ms", peer, "")
        self.inside("a look-up in 100,000 artifacts", 100, "lookup", store, "r1234@37", "any")

    def case_log(self):
        """A log of a million events beside one of two: a put, the check of the whole log, a proof."""
        ours, peer, proof, shown = Timing(), Timing(), Timing(), Timing()
        short, long = self.store("log-short"), self.store("log-long")
        first = self.random_file("log/first", 1000)
        for store in (short, long):
            subprocess.run(self.put(store, first, "--name", "first", "--version", "1", "--platform", "any"), check=True,
                           stdout=subprocess.DEVNULL)
        apart(fill_log, long, 1_000_000)
        for number in range(5 * RUNS):
            file = self.random_file(f"log/{number}", 1000)
            put = ["--name", "file", "--version", str(number), "--platform", "any"]
            os.sync()
            peer.run(self.put(short, file, *put))
            os.sync()
            ours.run(self.put(long, file, *put))
            proof.run([BINDERY, "log", "prove", "500000", "--store", long, "--json"])
            shown.run([BINDERY, "log", "prove", "1", "--store", short, "--json"])
        self.report("put, a log of 1,000,000 events", ours, "put, a log of 2; the bar is 1 ms more", peer, "")
        self.report("log prove in 1,000,000 events", proof, "in a log of 2; the bar is 1 ms more", shown, "")
        self.inside("a proof in 1,000,000 events", 1000, "prove", long, "first@1", "500000")
        whole = Timing()
        for _ in range(3):
            whole.run([BINDERY, "log", "verify", "--store", long])
        print(f"{'log verify of 1,000,000 events':<36} {whole}; the bar is 10 s, peak memory "
              f"{whole.peak_bytes / MEGABYTE:.0f} MB")

    def case_bundle(self):
        """A bundle of ten releases of 100 MB, whole and as a delta with its log."""
        ours, peer, into, unpacked, store = Timing(), Timing(), Timing(), Timing(), self.store("bundle")
        beside, delta = Timing(), Timing()
        os.makedirs(self.path("bundled"))
        files = [self.random_file(f"bundled/f{number}", 100 * MEGABYTE) for number in range(10)]
        subprocess.run(self.put(store, *files, "--name-pattern", "{name}", "--version", "1", "--platform", "any",
                                "--no-sync"), check=True, stdout=subprocess.DEVNULL)
        bundle, tar, key, before = self.path("bundle.tar"), self.path("peer.tar"), self.path("log.key"), self.path("before")
        for command in (["key", "generate", key, "--role", "log"],
                        self.put(store, self.random_file("before-f", 1000), "--name", "before", "--version", "1",
                                 "--platform", "any")[1:],
                        ["export", "before@1", "-o", "oci-archive:" + before, "--key", key, "--store", store]):
            subprocess.run([BINDERY, *command], check=True, stdout=subprocess.DEVNULL)
        names = [f"f{number}@1" for number in range(10)]
        for number in range(max(3, RUNS // 2)):
            os.sync()
            peer.run(f"tar -C {self.path('bundled')} -cf {tar} . && openssl dgst -sha256 {self.path('bundled')}/*")
            os.sync()
            ours.run([BINDERY, "export", *names, "-o", "oci-archive:" + bundle, "--store", store])
            os.sync()
            beside.run(f"tar -C {self.path('bundled')} -cf {tar} . && openssl dgst -sha256 {self.path('bundled')}/*")
            os.sync()
            delta.run([BINDERY, "export", *names, "--since", before, "--key", key, "-o",
                       "oci-archive:" + self.path("delta.tar"), "--store", store])
            target, copies = self.path(f"imported-{number}"), self.path(f"copies-{number}")
            os.makedirs(copies)
            os.sync()
            unpacked.run(f"tar -C {copies} -xf {tar} && openssl dgst -sha256 {copies}/* && sync -f {copies}")
            os.sync()
            into.run([BINDERY, "import", "oci-archive:" + bundle, "--store", target])
            shutil.rmtree(target)
            shutil.rmtree(copies)
        self.report("export of 1 GB", ours, "tar c, openssl dgst", peer, "<= 1.30")
        self.report("export --since of 1 GB, with its log", delta, "tar c, openssl dgst", beside, "<= 1.30")
        self.report("import of 1 GB", into, "tar x, openssl dgst, sync", unpacked, "<= 1.30")

    def case_mount_monitor(self):
        """From the start to the first 200, and what the program takes then, on disk and in memory."""
        mount = self.directory / "mount"
        mount.mkdir()
        mount.joinpath(".health-check").touch()
        self.directory.joinpath("config.json").write_text(json.dumps({"mounts": [{"path": str(mount)}]}))
        programs = [program for program in (MONITOR, MONITOR_PEER) if program]
        runs = [[self.start_of_monitor(program) for program in programs] for _ in range(RUNS)]
        for program, measured in zip(programs, zip(*runs)):
            times, resident = zip(*measured)
            size = os.stat(program).st_size / MEGABYTE
            print(f"{'mount-monitor' if program == MONITOR else 'its peer':<36} {statistics.median(times):>8.1f} ms to the first 200, {min(times):.1f} at best; "
                  f"{size:.1f} MB on disk, {statistics.median(resident) / MEGABYTE:.1f} MB resident", flush=True)

    def start_of_monitor(self, program):
        """Milliseconds to the first 200 of /healthz/live, and the bytes resident two seconds later, after a hundred more."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        request = b"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        command = [program, "-c", self.path("config.json"), f"--http-port={port}"]

        def ask():
            """Returns when it answered 200."""
            while True:
                if process.poll() is not None:
                    sys.exit(f"bench: {program} ended with {process.returncode}")
                try:
                    with socket.create_connection(("127.0.0.1", port)) as connection:
                        connection.sendall(request)
                        if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                            return
                except ConnectionError:
                    continue

        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ask()
            elapsed = (time.perf_counter() - started) * 1000
            # What only the start needs has been given back by then.
            time.sleep(2)
            for _ in range(100):
                ask()
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            return elapsed, int(status.split("VmRSS:")[1].split()[0]) * 1024
        finally:
            process.kill()
            process.wait()


def index(store):
    """The store's index, for filling it beyond what there is time to audit; nobody else may have it open."""
    database = sqlite3.connect(os.path.join(store, "bindery.db"))
    database.execute("PRAGMA synchronous = OFF")
    return database


def copy_of(database, table, key, **changed):
    """A statement that inserts the table's rows whose key is 1 once more, with some columns changed."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    values = [changed.get(name, name) for name in columns]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE {key} = 1"


def repeat_audit(store, count):
    """Makes of the only audited image so many, each with a manifest of its own and the same files."""
    database = index(store)
    (old,) = database.execute("SELECT digest FROM audit_manifest WHERE id = 1").fetchone()
    statements = [
        copy_of(database, "audit_manifest", "id", id=":id", digest=":new"),
        copy_of(database, "audit", "id", id=":id", image=":new", reference="reference || :id",
                report="replace(report, :was, :is)", basis="replace(basis, :was, :is)"),
        copy_of(database, "audit_part", "manifest", audit=":id", manifest=":id"),
        copy_of(database, "audit_facts", "manifest", manifest=":id"),
        copy_of(database, "audit_file", "manifest", manifest=":id"),
    ]
    for number in range(2, count + 1):
        new = hashlib.sha256(b"image %d" % number).digest()
        values = {"new": new, "id": number, "was": "sha256:" + old.hex(), "is": "sha256:" + new.hex()}
        for statement in statements:
            database.execute(statement, values)
    # The reference is part of the report.
    database.execute("UPDATE audit SET report = json_set(report, '$.reference', reference) WHERE id > 1")
    database.commit()
    database.close()


def apart(function, *arguments):
    """Calls a function that takes much memory in a process of its own: whatever runs later begins with the peak of the process
    that starts it, which would be taken for its own."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            function(*arguments)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"bench: {function.__name__} failed")


def fill_log(store, count):
    """Adds so many events to the log: audits of one image (docs/store-format.md; RFC 6962, section 2.1)."""
    database = index(store)
    bodies = [body for (body,) in database.execute("SELECT body FROM event ORDER BY sequence")]
    digest = "sha256:" + hashlib.sha256(b"image").hexdigest()
    for number in range(count):
        time = f"{number // 3600000:02}:{number // 60000 % 60:02}:{number // 1000 % 60:02}.{number % 1000:03}"
        bodies.append('{"at":"2026-01-01T%sZ","by":"bench","digest":"%s","reference":"oci:image","verdict":"contains",'
                      '"what":"audit"}' % (time, digest))
        database.execute("INSERT INTO event (body) VALUES (?)", (bodies[-1],))
    level, roots, hash_of = 0, [], lambda data: hashlib.sha256(data).digest()
    nodes = [hash_of(b"\0" + body.encode()) for body in bodies]
    database.execute("DELETE FROM log_hash")
    while nodes:
        # Each eighth level is stored; what has no sibling is the root of a complete subtree.
        if level % 8 == 0:
            database.executemany("INSERT INTO log_hash VALUES (?, ?, ?)",
                                 ((level, place, node) for place, node in enumerate(nodes)))
        if len(nodes) % 2:
            roots.insert(0, nodes[-1])
        nodes = [hash_of(b"\1" + nodes[place] + nodes[place + 1]) for place in range(0, len(nodes) - 1, 2)]
        level += 1
    database.execute("UPDATE log_tree SET size = ?, roots = ?", (len(bodies), b"".join(roots)))
    database.commit()
    database.close()


def fill_audits(store, images, files):
    """Fills the tables of audits as so many images with so many files each would, a fiftieth of them different ones.

    Gives the digest of one of the contents, which a hundred images have.
    """
    database, sharers = index(store), 100
    contents = images * files // sharers
    digest = lambda what, number: hashlib.sha256(b"%s %d" % (what, number)).digest()
    (later,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_file_manifest'").fetchone()
    database.execute("DROP INDEX audit_file_manifest")
    database.executemany("INSERT INTO audit_manifest VALUES (?, ?, ?, 'linux/amd64')",
                         ((n, digest(b"m", n), digest(b"c", n)) for n in range(1, images + 1)))
    database.executemany(
        "INSERT INTO audit (id, image, reference, verdict, report, audited_at, audited_by, event) VALUES"
        " (?, ?, ?, 'contains', '{}', 1, 'bench', 1)",
        ((n, digest(b"m", n), f"registry.example/image:{n}") for n in range(1, images + 1)))
    database.execute("INSERT INTO audit_part SELECT id, id, 'contains' FROM audit_manifest")
    database.executemany("INSERT INTO audit_content VALUES (?, ?)",
                         ((n, digest(b"f", n)) for n in range(1, contents + 1)))
    database.execute(
        f"""
        WITH RECURSIVE sharer (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM sharer LIMIT {sharers})
        INSERT INTO audit_file
        SELECT id, (id * 7919 + n * 101) % {images} + 1, CAST('/usr/lib/file-' || id AS BLOB), id, 420, 0
        FROM audit_content CROSS JOIN sharer ORDER BY 1, 2
        """
    )
    database.execute(later)
    database.commit()
    database.close()
    return "sha256:" + digest(b"f", contents // 2).hex()


def main():
    if not os.access(BINDERY, os.X_OK):
        sys.exit(f"bench: there is no {BINDERY}: run 'make build'")
    directory = pathlib.Path(os.environ.get("BENCH_DIR", ROOT / ".build-bench"))
    words = sys.argv[1:]
    cases = [name for name in dir(Bench) if name.startswith("case_")]
    chosen = [name for name in cases if not words or any(word in name for word in words)]
    if not chosen:
        sys.exit("bench: no such case; there are: " + " ".join(name[len("case_"):] for name in cases))
    print(f"medians of {RUNS} runs; load of the machine before: {os.getloadavg()[0]:.1f}")
    print(f"{'':<36} {'bindery (processor)':>21} {'peer (processor)':>21}  ratio  promised peer")
    shutil.rmtree(directory, ignore_errors=True)
    try:
        for name in chosen:
            # Removed at the end: ext4 passes over the numbers of files that were deleted in the last minutes, one by one,
            # when it makes new ones.
            directory.joinpath(name).mkdir(parents=True)
            getattr(Bench(directory / name), name)()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
