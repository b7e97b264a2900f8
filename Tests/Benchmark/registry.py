#!/usr/bin/env python3
"""Compares `bindery serve` with Debian's docker-registry, on the same blobs in the same run.

Usage: registry.py [pull] [manifest] [push]     all three by default

Runs of the two alternate, so that a busy machine is busy for both. For each case: the median of the clock, the
processor time that the server took for it, and the ratios, in which more than 1 says that bindery does more. Both keep
their data below BENCH_DIR (the directory for temporary files by default) and listen on 127.0.0.1 alone; BENCH_RUNS are the runs of each
case (5). Needs curl, skopeo, wrk and docker-registry. Nothing here fails on a slow run: the numbers are for reading.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINDERY = str(pathlib.Path(os.environ.get("DIST", ROOT / "dist")) / "bindery")
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
MEGABYTE = 1_000_000
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A registry, from its start to its end."""

    def __init__(self, name, command, address, directory):
        self.name, self.address = name, address
        with open(directory / f"{name}.log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://{address}/v2/", timeout=5).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"bench: {name} ended; see {directory / name}.log")
                time.sleep(0.1)
        sys.exit(f"bench: {name} doesn't answer")

    def processor(self):
        """The seconds that the process took of the processor."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        """The most memory that it had, in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def request(server, method, path, data=None, headers=()):
    call = urllib.request.Request(f"http://{server.address}{path}", data=data, method=method, headers=dict(headers))
    with urllib.request.urlopen(call, timeout=600) as answer:
        return answer.headers, answer.read()


def push_blob(server, repository, data):
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    location = request(server, "POST", f"/v2/{repository}/blobs/uploads/", b"")[0]["Location"]
    location = re.sub(r"^https?://[^/]+", "", location)
    mark = "&" if "?" in location else "?"
    request(server, "PUT", f"{location}{mark}digest={digest}", data, [("Content-Type", "application/octet-stream")])
    return digest


def push_image(server, repository, layers):
    config = b"{}"
    descriptors = [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": push_blob(server, repository, layer),
                    "size": len(layer)} for layer in layers]
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST, "layers": descriptors,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config),
                   "digest": push_blob(server, repository, config)},
    }).encode()
    request(server, "PUT", f"/v2/{repository}/manifests/1", manifest, [("Content-Type", MANIFEST)])
    return descriptors


def measured(server, body):
    """The seconds of the clock and of the server's processor time."""
    before, start = server.processor(), time.perf_counter()
    body()
    return time.perf_counter() - start, server.processor() - before


def compare(what, servers, case, unit):
    """Prints a row: `case` gives how much a run did, and unit what that is."""
    rows = {server.name: [] for server in servers}
    for _ in range(RUNS):
        for server in servers:
            done = []
            clock, processor = measured(server, lambda server=server, done=done: done.append(case(server)))
            rows[server.name].append((done[0] / clock, done[0] / max(processor, 0.01)))
    medians = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in rows.items()}
    for name, (rate, per_second) in medians.items():
        print(f"{what:<34} {name:<16} {rate:>12.1f} {unit}/s {per_second:>12.1f} {unit} per processor second")
    (ours, our_processor), (theirs, their_processor) = (medians[server.name] for server in servers)
    print(f"{what:<34} {'ratio':<16} {ours / theirs:>12.2f} {our_processor / their_processor:>17.2f}")


def pull(servers):
    blob = os.urandom(100 * MEGABYTE)
    digest = [push_image(server, "pull", [blob])[0]["digest"] for server in servers][0]

    def get(server, connections):
        def one(_):
            subprocess.run(
                ["curl", "-sSf", "-o", "/dev/null", f"http://{server.address}/v2/pull/blobs/{digest}"], check=True
            )

        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(one, range(connections)))
        return connections * len(blob) / MEGABYTE

    for connections in (1, 16):
        compare(f"GET of 100 MB, {connections} connections", servers, lambda s, n=connections: get(s, n), "MB")


def manifest(servers):
    for server in servers:
        push_image(server, "manifest", [os.urandom(1000)])

    def get(server):
        output = subprocess.run(
            ["wrk", "-t2", "-c64", "-d5s", "--latency", f"http://{server.address}/v2/manifest/manifests/1"],
            check=True, capture_output=True, text=True,
        ).stdout
        latency = re.search(r"99%\s+(\S+)", output)[1]
        print(f"  {server.name}: 99 % within {latency}")
        return int(re.search(r"(\d+) requests in", output)[1])

    compare("GET of a manifest, 64 connections", servers, get, "requests")


def push(servers, directory):
    layout = directory / "layout"
    (layout / "blobs/sha256").mkdir(parents=True)

    def add(data):
        digest = hashlib.sha256(data).hexdigest()
        (layout / "blobs/sha256" / digest).write_bytes(data)
        return {"digest": "sha256:" + digest, "size": len(data)}

    layers = [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **add(os.urandom(50 * MEGABYTE))} for _ in range(20)]
    empty = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [each["digest"] for each in layers]}}
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", **add(json.dumps(empty).encode())}
    document = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
    index = {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, **add(json.dumps(document).encode()),
                                                "annotations": {"org.opencontainers.image.ref.name": "1"}}]}
    (layout / "index.json").write_text(json.dumps(index))
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    number = iter(range(10_000))

    def copy(server):
        # A repository of its own, whose blobs are sent all the same: neither is asked to mount any.
        subprocess.run(
            ["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", f"oci:{layout}:1",
             f"docker://{server.address}/push/{next(number)}:1"], check=True, stdout=subprocess.DEVNULL,
        )
        return 20 * 50

    compare("push of 20 x 50 MB by skopeo", servers, copy, "MB")


def main():
    cases = sys.argv[1:] or ["pull", "manifest", "push"]
    for program in ("curl", "skopeo", "wrk", "docker-registry", BINDERY):
        if not shutil.which(program):
            sys.exit(f"bench: {program} isn't there")
    directory = pathlib.Path(tempfile.mkdtemp(prefix="bindery-registry-bench.", dir=os.environ.get("BENCH_DIR")))
    servers = []
    try:
        subprocess.run([BINDERY, "init", "--store", directory / "store"], check=True, stdout=subprocess.DEVNULL)
        ours, theirs = (f"127.0.0.1:{free_port()}" for _ in range(2))
        (directory / "config.yml").write_text(
            f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
            f"storage: {{filesystem: {{rootdirectory: {directory}/registry}}}}\nhttp: {{addr: '{theirs}'}}\n"
        )
        serve = [BINDERY, "serve", "--store", str(directory / "store"), "--listen", ours, "--allow-push"]
        servers.append(Server("bindery", serve, ours, directory))
        peer = ["docker-registry", "serve", str(directory / "config.yml")]
        servers.append(Server("docker-registry", peer, theirs, directory))
        if "pull" in cases:
            pull(servers)
        if "manifest" in cases:
            manifest(servers)
        if "push" in cases:
            push(servers, directory)
        for server in servers:
            print(f"{'peak memory':<34} {server.name:<16} {server.peak() / MEGABYTE:>12.1f} MB")
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(directory, ignore_errors=True)


main()
