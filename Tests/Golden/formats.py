"""What is recorded: one life of a store, in the order of the pages in docs/."""

import hashlib
import json
import re

import layouts
import programs
import stores
import tarlayers
from recorder import pretty, steady

DOCKERFILE = b"""FROM scratch
ARG TARGETARCH
COPY --chmod=755 agent-linux-${TARGETARCH} /usr/bin/agent
COPY agent.conf /etc/agent.conf
LABEL org.opencontainers.image.title=agent
ENV MODE=golden
EXPOSE 8080
USER 65534
ENTRYPOINT ["/usr/bin/agent"]
"""
CONFIGURATION = b"listen = 8080\n"
POLICY = b"verdict: exact\nset-id: refused\ndeny-findings: [BND021]\ndeny-paths: [/etc/**]\nplatforms: [linux/amd64]\n"


def record(recorder):
    releases(recorder)
    contexts(recorder)
    images(recorder)
    bundles(recorder)
    audits(recorder)
    bills(recorder)
    upkeep(recorder)
    stores.record(recorder)
    statuses(recorder)


def releases(recorder):
    for version in ["1.2.2", "1.2.3"]:
        for architecture, machine in [("amd64", programs.AMD64), ("arm64", programs.ARM64)]:
            data = programs.program(f"agent {version}", machine)
            recorder.write(f"{version}/agent-linux-{architecture}", data, 0o755)
        recorder.write(f"{version}/agent.conf", CONFIGURATION)
        files = [f"{version}/agent-linux-{architecture}" for architecture in ["amd64", "arm64"]]
        recorder.json(f"put-{version}", "put", *files, "--name", "agent", "--version", version,
                      "--annotation", "org.opencontainers.image.revision=4a5e1e")
    recorder.json("put-any", "put", "1.2.3/agent.conf", "--name", "agent-config", "--version", "1", "--platform", "any")
    recorder.json("put-again", "put", "1.2.3/agent-linux-amd64", "--name", "agent", "--version", "1.2.3")
    recorder.json("ls", "ls")
    recorder.json("ls-page", "ls", "--limit", "1")
    recorder.json("show-release", "show", "agent@1.2.3")
    recorder.json("inspect", "inspect", "1.2.3/agent-linux-amd64")
    recorder.json("get", "get", "agent@1.2.3", "--platform", "linux/amd64", "-o", "got")


def contexts(recorder):
    recorder.write("Dockerfile.release", DOCKERFILE)
    recorder.json("context", "context", "agent@1.2.3", "agent-config@1", "-o", "context")
    recorder.keep("context/files.txt", stores.listing(recorder.path("context")))
    for name in ["bindery-context.json", ".dockerignore"]:
        recorder.keep(f"context/{name}", recorder.path(f"context/{name}").read_text())


def images(recorder):
    """Derivation: the same image by each compressor, in a layout whose documents are kept."""
    arguments = ["build", "agent@1.2.3", "agent-config@1", "--epoch", "1700000000"]
    for compression in ["none", "gzip", "zstd"]:
        recorder.json(f"build-{compression}", *arguments, "--compression", compression, "-t", f"agent:{compression}",
                      "-o", f"oci:image-{compression}:1")
        recorder.keep(f"derivation/{compression}.json", stores.layout(recorder.path(f"image-{compression}")))
    recorder.json("images", "images")
    recorder.json("tag", "tag", "agent:gzip", "agent:1.2.3")
    recorder.json("show-image", "show", "agent:1.2.3")
    recorder.json("copy", "copy", "agent:1.2.3", "oci-archive:copy.tar:1")
    recorder.run("copy", "agent:1.2.3", "docker-archive:docker.tar")
    recorder.keep("derivation/docker-archive.txt", stores.members(recorder.path("docker.tar")))


def bundles(recorder):
    for kind, parts in [("release", ["agent@1.2.3"]), ("image", ["agent:1.2.3"]), ("both", ["agent:1.2.3", "agent@1.2.3"])]:
        recorder.json(f"export-{kind}", "export", *parts, "-o", f"oci:bundle-{kind}")
        recorder.keep(f"bundle/{kind}.json", stores.layout(recorder.path(f"bundle-{kind}")))
    recorder.write("tree/tool", programs.program("tool", programs.AMD64), 0o755)
    recorder.write("tree/docker/entrypoint.sh", b"#!/bin/sh\nexec tool\n", 0o755)
    recorder.write("tree/LICENSE", b"MIT\n", 0o644)
    recorder.json("put-dry-run", "put", "tree", "--name", "tool", "--version", "1.0.0", "--dry-run")
    recorder.json("put-directory", "put", "tree", "--name", "tool", "--version", "1.0.0", "--annotation", "license=MIT")
    recorder.json("export-files", "export", "tool@1.0.0", "-o", "oci:bundle-files")
    recorder.keep("bundle/files.json", stores.layout(recorder.path("bundle-files")))
    recorder.json("export-delta", "export", "agent@1.2.2", "agent@1.2.3", "--since", "oci:bundle-release", "-o", "oci:bundle-delta")
    recorder.keep("bundle/delta.json", stores.layout(recorder.path("bundle-delta")))
    recorder.json("verify-bundle-delta", "verify-bundle", "oci:bundle-delta")
    recorder.json("import-files", "import", "oci:bundle-files", "--store", "second")
    recorder.run("export", "agent@1.2.3", "-o", "oci-archive:bundle.tar")
    recorder.keep("bundle/archive.txt", stores.members(recorder.path("bundle.tar")))
    recorder.json("import-bundle", "import", "oci:bundle-both", "--store", "second")
    recorder.json("import-again", "import", "oci:bundle-both", "--store", "second")
    recorder.json("import-image", "import", "oci:image-none:1", "-t", "imported:1")


def audits(recorder):
    recorder.write("policy.yaml", POLICY)
    good, other = recorder.path("1.2.3/agent-linux-amd64").read_bytes(), programs.program("another")
    layers = {
        "exact": [tarlayers.archive(tarlayers.file("agent", good, 0o755))],
        "contains": [
            tarlayers.archive(tarlayers.file("agent", good, 0o755), tarlayers.file("bin/su", other, 0o4755)),
            tarlayers.archive(tarlayers.symlink("a", "agent"), tarlayers.file("etc/motd", b"hello\n")),
        ],
        "mismatch": [
            tarlayers.archive(tarlayers.file("agent", good, 0o755)),
            tarlayers.archive(tarlayers.file("agent", good[:-1] + b"\1", 0o755)),
        ],
        "unknown": [tarlayers.archive(tarlayers.file("agent", other, 0o755))],
    }
    for name, contents in layers.items():
        layout = layouts.Layout(recorder.path(f"audited-{name}"))
        layout.publish(layout.image(contents))
        recorder.json(f"audit-{name}", "audit", f"oci:audited-{name}", "--all", "--expect", "agent@1.2.3",
                      "--policy", "policy.yaml", "--sarif", f"{name}.sarif", "--junit", f"{name}.xml",
                      "--markdown", f"{name}.md")
        recorder.keep(f"reports/{name}.sarif", pretty(unversioned(json.loads(recorder.path(f"{name}.sarif").read_text()))))
        recorder.keep(f"reports/{name}.xml", recorder.path(f"{name}.xml").read_text())
        recorder.keep(f"reports/{name}.md", recorder.path(f"{name}.md").read_text())
    damaged = layouts.Layout(recorder.path("audited-damaged"))
    damaged.publish(damaged.image([b"no archive" * 100]))
    recorder.json("audit-damaged", "audit", "oci:audited-damaged")
    recorder.json("audit-index", "audit", "agent:1.2.3")
    recorder.json("audit-again", "audit", "--again")
    recorder.json("where", "where", "agent@1.2.3")
    recorder.json("where-near", "where", "agent@1.2.3", "--near")
    recorder.json("diff", "diff", "oci:audited-exact", "oci:audited-contains")
    recorder.write("loose/agent-linux-amd64", other)
    recorder.json("identify", "identify", "1.2.2/agent-linux-amd64", "loose")
    recorder.json("explain", "explain")


def unversioned(report):
    """SARIF without the version of the program, which a build sets."""
    for run in report["runs"]:
        for member in ["version", "semanticVersion"]:
            if member in run["tool"]["driver"]:
                run["tool"]["driver"][member] = "<version>"
    return steady(report)


def bills(recorder):
    """What programs and packages an image has, in a store of their own."""
    crates = [
        {"name": "serve", "version": "1.2.3", "source": "local", "root": True, "dependencies": [1, 2]},
        {"name": "time", "version": "0.1.43", "source": "crates.io"},
        {"name": "cc", "version": "1.0.0", "source": "crates.io", "kind": "build"},
    ]
    program = programs.program("serve", crates=crates)
    recorder.write("bills/serve", program, 0o755)
    store = ["--store", "bills-store"]
    recorder.run("put", "bills/serve", "--name", "team/serve", "--version", "1.2.3", "--platform", "linux/amd64", *store)
    layout = layouts.Layout(recorder.path("bills-image"))
    layout.publish(layout.image([tarlayers.archive(
        tarlayers.file("etc/os-release", b"ID=alpine\nVERSION_ID=3.20.3\n"),
        tarlayers.file("lib/apk/db/installed", b"P:libcrypto3\nV:3.3.1-r0\nA:x86_64\no:openssl\n\nP:musl\nV:1.2.5-r0\nA:x86_64\n\n"),
        tarlayers.file("usr/bin/serve", program, 0o755),
        tarlayers.file("usr/bin/other", programs.program("other"), 0o755),
    )]))
    for kind in ["spdx", "spdx-3.0.1", "cyclonedx", "cyclonedx-1.7"]:
        recorder.json(f"sbom-{kind}", "sbom", "oci:bills-image", "--format", kind, *store, clean=unnamed)
        recorder.json(f"sbom-{kind}-release", "sbom", "team/serve@1.2.3", "--format", kind, *store, clean=unnamed)
    recorder.write("Dockerfile.serve", b"FROM scratch\nCOPY serve /serve\nENTRYPOINT [\"/serve\"]\n")
    recorder.json("build-attest-docker", "build", "team/serve@1.2.3", "-f", "Dockerfile.serve", "--attest", "docker",
                  "--compression", "none", "-t", "serve:1.2.3", "-o", "oci:image-attested:1", *store)
    recorder.keep("derivation/attested.json", stores.layout(recorder.path("image-attested")))
    recorder.write("advisories.json", json.dumps([
        advisory("RUSTSEC-2020-0071", "crates.io", "time", "SEMVER", [{"introduced": "0.1.0"}, {"fixed": "0.2.23"}]),
        advisory("ALPINE-CVE-2024-5535", "Alpine:v3.20", "openssl", "ECOSYSTEM", [{"introduced": "0"}, {"fixed": "3.3.1-r1"}]),
    ]).encode())
    recorder.json("audit-advisories", "audit", "oci:bills-image", "--osv", "advisories.json", *store)
    recorder.json("where-module", "where", "--module", "time@<0.2.23", *store)
    recorder.json("where-module-none", "where", "--module", "time@>=0.2.23", *store)
    recorder.json("audit-advisories-partial", "audit", "oci:bills-image", "--osv", "advisories.json", "--partial", *store)


def advisory(identifier, ecosystem, name, kind, events):
    package = {"ecosystem": ecosystem, "name": name}
    return {
        "id": identifier, "modified": "2024-07-01T00:00:00Z", "summary": "A flaw", "aliases": ["CVE-2024-0001"],
        "affected": [{"package": package, "ranges": [{"type": kind, "events": events}]}],
    }


def unnamed(document):
    """A bill of materials without the version of the program, and without the names that follow from it."""
    text = json.dumps(document)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>", text)
    document = json.loads(re.sub(r'(Tool: bindery-|"bindery-)[^"]*', r"\1<version>", text))
    for tool in document.get("metadata", {}).get("tools", {}).get("components", []):
        tool["version"] = "<version>"
    return document


def upkeep(recorder):
    recorder.json("pin", "pin", "agent@1.2.3", "--reason", "golden")
    recorder.json("pins", "pin")
    recorder.json("unpin", "unpin", "agent@1.2.3")
    recorder.json("rm-release", "rm", "agent@1.2.2", "--reason", "golden")
    recorder.json("show-removed", "show", "agent@1.2.2")
    recorder.json("rm-name", "rm", "agent:none")
    recorder.json("gc-dry-run", "gc", "--dry-run", "--grace", "0")
    recorder.json("gc", "gc", "--grace", "0")
    recorder.json("verify", "verify")
    recorder.json("log", "log", "--limit", "1000")
    # A blob that rots, and is mended from a bundle.
    digest = hashlib.sha256(recorder.path("1.2.3/agent-linux-amd64").read_bytes()).hexdigest()
    blob = recorder.path(f"second/blobs/sha256/{digest}")
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:-1] + b"\1")
    recorder.json("verify-rotten", "verify", "--store", "second")
    recorder.json("verify-repair", "verify", "--repair", "--from", "store", "--store", "second")


def statuses(recorder):
    """The exit statuses that docs/cli.md promises."""
    recorder.write("other/agent-linux-amd64", programs.program("other"), 0o755)
    recorder.write("no-run.Dockerfile", b"FROM scratch\nRUN make\n")
    for words in [
        ["--version"], ["ls"], ["ls", "--no-such-option"], ["put", "other/agent-linux-amd64"],
        ["show", "nothing@1"], ["ls", "--store", "nowhere"], ["get", "agent@9", "-o", "x"],
        ["put", "other/agent-linux-amd64", "--name", "agent", "--version", "1.2.3"],
        ["put", "other/agent-linux-amd64", "--name", "agent", "--version", "2", "--platform", "linux/arm64"],
        ["put", "missing", "--name", "agent", "--version", "2", "--platform", "any"],
        ["build", "agent@1.2.3", "-f", "no-run.Dockerfile", "-t", "x"],
        ["context", "agent@1.2.3", "-f", "no-run.Dockerfile", "-o", "x"],
        ["audit", "oci:audited-exact"], ["audit", "oci:audited-contains"], ["audit", "oci:audited-contains", "--exact"],
        ["audit", "oci:audited-mismatch"], ["audit", "oci:audited-unknown"], ["audit", "oci:audited-damaged"],
        ["audit", "oci:nowhere"], ["audit", "nothing:here"], ["audit", "docker-daemon:x"],
        ["where", "agent@1.2.3"], ["where", "sha256:" + "0" * 64],
        ["diff", "oci:audited-exact", "oci:audited-exact"], ["diff", "oci:audited-exact", "oci:audited-unknown"],
        ["identify", "1.2.3/agent-linux-amd64"], ["identify", "other/agent-linux-amd64"],
        ["explain", "BND021"], ["explain", "BND999"], ["unpin", "agent@1.2.3"], ["rm", "agent@1.2.3"],
        ["verifier", "-name", "agent:1", "-digest", "sha256:" + "0" * 64],
        ["copy", "docker://127.0.0.1:1/x:1", "oci:x"],
    ]:
        recorder.status(*words)
    for name in ["exact", "contains", "mismatch", "unknown"]:
        index = json.loads(recorder.path(f"audited-{name}/index.json").read_text())
        recorder.status("verifier", "-name", f"{name}:1", "-digest", index["manifests"][0]["digest"])
    recorder.keep_statuses("statuses.txt")
