import ArtifactStore
import ContentAddress
import Glibc
import ImageTransport
import NIOHTTP1
import OCI
import Release
import StoreTestSupport
import SystemIO
import Testing

@testable import RegistryServer

/// The end-points of OCI distribution specification 1.1, and what it demands of each.
struct EndpointTests {
    @Test func `end-1: the base answers that there is a registry`() throws {
        let fixture = try Fixture()
        for target in ["/v2/", "/v2", "http://localhost:5000/v2/"] {
            #expect(fixture.answer(target).status == .ok)
            #expect(fixture.answer(target, .HEAD).status == .ok)
        }
    }

    @Test func `end-3: a manifest is served by tag and by digest with its exact bytes, its type and its digest`() throws
    {
        let fixture = try Fixture()
        let image = try fixture.addImage(["team/agent:1.0"])
        for (reference, document) in [("1.0", image.index), ("\(image.index.digest)", image.index)]
            + image.manifests.map({ ("\($0.digest)", $0) })
        {
            let answer = fixture.answer("/v2/team/agent/manifests/\(reference)")
            #expect(answer.status == .ok)
            #expect(try answer.bytes == document.bytes)
            #expect(answer["Docker-Content-Digest"] == "\(document.digest)")
            #expect(answer["ETag"] == "\"\(document.digest)\"")
            #expect(answer["Content-Type"] == document.mediaType)
        }
    }

    @Test func `end-2: a blob is served with its exact bytes and its digest, by whatever image has it`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        for bytes in [Fixture.largeLayer, Fixture.smallLayer, image.config.bytes, image.index.bytes] {
            let answer = fixture.answer("/v2/agent/blobs/\(Digest.of(bytes))")
            #expect(answer.status == .ok)
            #expect(try answer.bytes == bytes)
            #expect(answer["Docker-Content-Digest"] == "\(Digest.of(bytes))")
            #expect(answer["Content-Type"] == "application/octet-stream")
        }
    }

    @Test func `HEAD has the fields of GET, and no content`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        try fixture.addRelease("tool@1.0.0")
        for target in [
            "/v2/", "/v2/agent/manifests/1", "/v2/agent/manifests/\(image.manifests[0].digest)", "/v2/agent/tags/list",
            "/v2/agent/blobs/\(Digest.of(Fixture.largeLayer))", "/v2/agent/blobs/\(Digest.of(Fixture.smallLayer))",
            "/v2/agent/manifests/none", "/v2/releases/tool/manifests/1.0.0",
            "/v2/releases/tool/blobs/\(Digest.of(Fixture.program))",
        ] {
            let (get, head) = (fixture.answer(target), fixture.answer(target, .HEAD))
            #expect(head.status == get.status, "\(target)")
            #expect(head.headers == get.headers, "\(target)")
            #expect(try head.bytes.isEmpty)
            #expect(head.body.count == Int64(try get.bytes.count), "\(target)")
        }
    }

    @Test func `what isn't there is 404 with the code of what it is`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        try fixture.addImage(["other:1"], note: "other")
        let none = Digest.of("none")
        for (target, code) in [
            ("/v2/agent/manifests/2", "MANIFEST_UNKNOWN"), ("/v2/agent/manifests/\(none)", "MANIFEST_UNKNOWN"),
            ("/v2/agent/manifests/.INVALID_MANIFEST_NAME", "MANIFEST_UNKNOWN"),
            ("/v2/none/manifests/1", "MANIFEST_UNKNOWN"), ("/v2/agent/blobs/\(none)", "BLOB_UNKNOWN"),
            ("/v2/none/blobs/\(image.config.digest)", "BLOB_UNKNOWN"), ("/v2/none/tags/list", "NAME_UNKNOWN"),
            // Another repository's image, a layer, a config: no manifests of this one.
            ("/v2/other/manifests/\(image.index.digest)", "MANIFEST_UNKNOWN"),
            ("/v2/agent/manifests/\(Digest.of(Fixture.smallLayer))", "MANIFEST_UNKNOWN"),
            ("/v2/agent/manifests/\(image.config.digest)", "MANIFEST_UNKNOWN"),
            // Other algorithms are right, and nothing is stored by them.
            ("/v2/agent/blobs/sha512:" + String(repeating: "a", count: 128), "BLOB_UNKNOWN"),
            ("/v2/agent/manifests/sha512:" + String(repeating: "a", count: 128), "MANIFEST_UNKNOWN"),
            ("/v2/agent", "UNSUPPORTED"), ("/v2//", "UNSUPPORTED"),
            ("/v2/agent/blobs/uploads/", "UNSUPPORTED"), ("/v2/_catalog", "UNSUPPORTED"),
            ("/v2/../v2/agent/tags", "UNSUPPORTED"),
        ] {
            let answer = fixture.answer(target)
            #expect(answer.status == .notFound, "\(target)")
            #expect(try answer.code == code, "\(target)")
            #expect(answer["Content-Type"] == "application/json")
        }
        #expect(fixture.reports.all.isEmpty)
    }

    @Test(arguments: [
        "/v2/../tags/list", "/v2/%2e%2e/tags/list", "/v2/a/../b/manifests/1", "/v2/A/tags/list", "/v2//a/tags/list",
        "/v2/a%2Fb/tags/list", "/v2/a%2fb/manifests/1", "/v2/a%00/tags/list", "/v2/a%0d%0aX: y/tags/list",
        "/v2/a%/tags/list", "/v2/a%zz/tags/list", "/v2/%ff/tags/list", "/v2/ä/tags/list", "/v2/%C3%A4/tags/list",
        "/v2/a_/tags/list", "/v2/-a/tags/list", "/v2/a..b/tags/list", "/v2/releases//tags/list", "relative", "*",
        "//v2/a/tags/list#x", "/v2/" + String(repeating: "a", count: 256) + "/tags/list",
        "/v2/" + String(repeating: "a/", count: 8000) + "tags/list",
    ])
    func `a name that no repository can have is refused`(target: String) throws {
        let fixture = try Fixture()
        try fixture.addImage(["a:1", "b:1", "a/b:1"])
        let answer = fixture.answer(target)
        #expect([.badRequest, .notFound].contains(answer.status))
        #expect(try ["NAME_INVALID", "UNSUPPORTED"].contains(answer.code))
        #expect(fixture.reports.all.isEmpty)
    }

    @Test(arguments: [
        "sha256:", "sha256:abc", "sha256:" + String(repeating: "A", count: 64),
        "sha256:" + String(repeating: "a", count: 65), "sha256:../../../etc/passwd", ":", "sha256",
        "sha512:%20", "SHA512:aa", "sha256:sha256:" + String(repeating: "a", count: 64), "..", "%2e%2e", "x",
    ])
    func `what is not a digest is refused as one`(digest: String) throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let answer = fixture.answer("/v2/agent/blobs/\(digest)")
        #expect([.badRequest, .notFound].contains(answer.status))
        #expect(try ["DIGEST_INVALID", "NAME_INVALID", "UNSUPPORTED"].contains(answer.code))
    }

    @Test(arguments: [HTTPMethod.POST, .PUT, .PATCH, .DELETE, .RAW(value: "TRACE"), .OPTIONS])
    func `a registry that is only read takes no other method`(method: HTTPMethod) throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        for target in ["/v2/", "/v2/agent/manifests/1", "/v2/agent/blobs/uploads/", "/v2/agent/blobs/uploads/x"] {
            let answer = fixture.answer(target, method)
            #expect(answer.status == .methodNotAllowed)
            #expect(try answer.code == "UNSUPPORTED")
            #expect(answer["Allow"] == "GET, HEAD")
        }
    }

    @Test func `a repository may be called like an end-point`() throws {
        let fixture = try Fixture()
        for name in ["manifests", "blobs", "tags/list", "a/manifests/b", "blobs/uploads", "a/tags", "v2", "releases"] {
            try fixture.addImage(["\(name):1"])
            #expect(fixture.answer("/v2/\(name)/manifests/1").status == .ok, "\(name)")
            #expect(fixture.answer("/v2/\(name)/tags/list").status == .ok, "\(name)")
            #expect(fixture.answer("/v2/\(name)/blobs/\(Digest.of(Fixture.smallLayer))").status == .ok, "\(name)")
        }
    }

    @Test func `a blob whose file was changed is not served`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        for bytes in [Fixture.largeLayer, Fixture.smallLayer] {
            let path = fixture.store.paths.blob(.of(bytes))
            var other = bytes
            other[1] ^= 1
            try replace(path, other)
            let answer = fixture.answer("/v2/agent/blobs/\(Digest.of(bytes))")
            #expect(answer.status == .internalServerError)
            #expect(try answer.code == "UNKNOWN")
            #expect(try !answer.text.contains(fixture.directory.path))
        }
        #expect(fixture.reports.all.count == 2)
    }

    @Test func `a blob whose file is gone is unknown`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let digest = Digest.of(Fixture.largeLayer)
        try Directory.remove(fixture.store.paths.blob(digest))
        #expect(fixture.answer("/v2/agent/blobs/\(digest)", .HEAD).status == .notFound)
        #expect(fixture.answer("/v2/agent/blobs/\(digest)").status == .notFound)
    }

    private func replace(_ path: String, _ bytes: [UInt8]) throws {
        try Directory.remove(path)
        let file = try File.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
        try file.write(bytes)
    }
}
