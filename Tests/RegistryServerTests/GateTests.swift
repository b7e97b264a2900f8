import Archive
import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Pushed images that are audited before they are served.
struct GateTests {
    @Test func `an image of released files is served, and its audit kept, whatever becomes of others`() throws {
        for consequence in PushAudit.Consequence.allCases {
            let fixture = try Fixture(writes: .everything, audit: consequence)
            try fixture.addRelease("tool@1.0.0")
            let image = try fixture.runnable(Fixture.program, in: "app")
            #expect(fixture.put(image, "1", in: "app").status == .created)
            #expect(try fixture.answer("/v2/app/manifests/1").bytes == image.bytes)
            #expect(try fixture.store.latestAudit(of: image.digest)?.verdict == "exact")
        }
    }

    @Test func `an image that doesn't pass is refused with its verdict, and nothing of its manifest is kept`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny)
        try fixture.addRelease("tool@1.0.0")
        let image = try fixture.runnable(Array("#!/bin/sh\necho other\n".utf8), in: "app")
        for reference in ["1", "\(image.digest)"] {
            let answer = fixture.put(image, reference, in: "app")
            #expect(answer.status == .forbidden)
            #expect(try answer.code == "DENIED")
            #expect(try answer.text.contains(#""verdict":"unknown""#))
            #expect(try answer.text.contains("BND"))
            #expect(fixture.answer("/v2/app/manifests/\(reference)").status == .notFound)
        }
        #expect(try fixture.store.images().isEmpty)
        #expect(try fixture.store.blobSize(image.digest) == nil)
    }

    @Test func `an image that doesn't pass is held under a name that nobody gets, until it passes`() throws {
        let fixture = try Fixture(writes: .everything, audit: .quarantine)
        let image = try fixture.runnable(Fixture.program, in: "team/app")
        #expect(fixture.put(image, "1", in: "team/app").status == .forbidden)
        #expect(fixture.put(image, in: "team/app").status == .forbidden)
        let byDigest = "quarantine.invalid/team/app:sha256-\(image.digest.hex)"
        #expect(try fixture.store.images().map(\.references) == [["quarantine.invalid/team/app:1", byDigest]])
        for name in ["team/app", "quarantine.invalid/team/app"] {
            for reference in ["1", "\(image.digest)"] {
                #expect(fixture.answer("/v2/\(name)/manifests/\(reference)").status == .notFound)
            }
            #expect(fixture.answer("/v2/\(name)/referrers/\(image.digest)").status != .internalServerError)
        }
        #expect(try fixture.answer("/images").text.contains("held, not served"))
        // It stays, as long as it has the name.
        _ = try fixture.store.collect(grace: 0)
        try fixture.addRelease("tool@1.0.0")
        #expect(fixture.put(image, "1", in: "team/app").status == .created)
        #expect(try fixture.store.images().map(\.references) == [["team/app:1"]])
        #expect(try fixture.answer("/v2/team/app/manifests/1").bytes == image.bytes)
    }

    @Test func `what is served stays served when its tag is pushed with what doesn't pass`() throws {
        let fixture = try Fixture(writes: .everything, audit: .quarantine)
        try fixture.addRelease("tool@1.0.0")
        let good = try fixture.runnable(Fixture.program, in: "app")
        #expect(fixture.put(good, "1", in: "app").status == .created)
        let bad = try fixture.runnable(Array("#!/bin/sh\necho other\n".utf8), in: "app")
        #expect(fixture.put(bad, "1", in: "app").status == .forbidden)
        #expect(try fixture.answer("/v2/app/manifests/1").bytes == good.bytes)
        // What is served isn't held when its audit has another end.
        try fixture.store.revoke(good, in: fixture)
        #expect(fixture.put(good, "2", in: "app").status == .forbidden)
        #expect(try fixture.answer("/v2/app/manifests/1").bytes == good.bytes)
        #expect(fixture.answer("/v2/app/manifests/2").status == .notFound)
    }

    @Test func `an index is audited as a whole, and by its members that were pushed as manifests`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny)
        try fixture.addRelease("tool@1.0.0")
        let good = try fixture.runnable(Fixture.program, in: "app")
        #expect(fixture.put(good, in: "app").status == .created)
        #expect(fixture.put(try fixture.index(of: [good]), "1", in: "app").status == .created)
        // As a blob it was never audited, and an index would make a manifest of it.
        let bad = try fixture.runnable(Array("#!/bin/sh\necho other\n".utf8), in: "app")
        fixture.push(bad.bytes, to: "app", type: bad.mediaType)
        let index = try fixture.index(of: [good, bad])
        #expect(try fixture.put(index, "2", in: "app").code == "MANIFEST_BLOB_UNKNOWN")
        #expect(fixture.answer("/v2/app/manifests/\(bad.digest)").status == .notFound)
        // What isn't there can't be audited.
        let sparse = try fixture.index(of: [good, try fixture.runnable([1], in: "elsewhere")])
        #expect(try fixture.put(sparse, "2", in: "app").code == "MANIFEST_BLOB_UNKNOWN")
    }

    @Test func `a policy's platforms are demanded of what has a tag, the rest of all`() throws {
        let policy = "platforms: [linux/amd64, linux/arm64]\ndeny-paths: [/secret]\n"
        let fixture = try Fixture(writes: .everything, audit: .deny, policy: policy)
        try fixture.addRelease("tool@1.0.0")
        let image = try fixture.runnable(Fixture.program, in: "app")
        #expect(fixture.put(image, in: "app").status == .created)
        let answer = fixture.put(image, "1", in: "app")
        #expect(answer.status == .forbidden)
        #expect(try answer.text.contains("linux/arm64"))
        let secret = try fixture.runnable(Fixture.program, at: "secret", in: "app")
        #expect(try fixture.put(secret, in: "app").text.contains("deny-paths"))
    }

    @Test func `artifacts are taken without an audit, manifests that nobody can audit are not`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny)
        let config = fixture.push(Array("{}".utf8), to: "app", type: "application/vnd.oci.empty.v1+json")
        let layer = fixture.push(Array("data".utf8), to: "app", type: "text/plain")
        let manifest = ImageManifest(config: config, layers: [layer])
        let artifact = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        #expect(fixture.put(artifact, "1", in: "app").status == .created)
        let unknown = ImageDocument(mediaType: "application/vnd.example+json", bytes: artifact.bytes + [0x20])
        #expect(try fixture.put(unknown, "2", in: "app").code == "DENIED")
    }

    @Test func `a signature with an image's config is taken, and a layer that calls itself one is read`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny)
        let statement = "application/vnd.in-toto+json"
        let text = #"{"os":"","architecture":"","rootfs":{"type":"layers","diff_ids":[]}}"#
        let config = fixture.push(Array(text.utf8), to: "app", type: MediaType.imageConfig)
        func put(_ layers: [Descriptor]) throws -> Answer {
            let manifest = ImageManifest(config: config, layers: layers)
            let bytes = try CanonicalJSON.encode(manifest)
            return fixture.put(ImageDocument(mediaType: MediaType.imageManifest, bytes: bytes), "1", in: "app")
        }
        let json = fixture.push(Array(#"{"_type":"x"}"#.utf8), to: "app", type: statement)
        #expect(try put([json]).status == .created)
        // Some engines unpack a layer whatever its type says.
        let header = TarHeader(path: "{}", kind: .file, mode: 0o755, size: 0)
        let layer = fixture.push(TarWriter.encode(header) + TarWriter.trailer, to: "app", type: statement)
        #expect(try put([layer]).status == .forbidden)
        #expect(try put([json, layer]).status == .forbidden)
        #expect(try put([]).status == .forbidden)
    }

    @Test func `an audit that the end of the server cuts off says nothing of the image`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny)
        try fixture.addRelease("tool@1.0.0")
        let image = try fixture.runnable(Fixture.program, in: "app")
        fixture.routes.writes.audit?.stop()
        #expect(fixture.put(image, "1", in: "app").status == .serviceUnavailable)
        #expect(try fixture.store.latestAudit(of: image.digest) == nil)
        #expect(fixture.answer("/v2/app/manifests/1").status == .notFound)
    }

    @Test func `an audit that takes too long is refused as incomplete`() throws {
        let fixture = try Fixture(writes: .everything, audit: .deny, seconds: 0)
        try fixture.addRelease("tool@1.0.0")
        let answer = fixture.put(try fixture.runnable(Fixture.program, in: "app"), "1", in: "app")
        #expect(answer.status == .forbidden)
        #expect(try answer.text.contains(#""verdict":"incomplete""#))
        #expect(try answer.text.contains("BND006"))
    }
}

extension Store {
    /// Marks an image as not to be used.
    fileprivate func revoke(_ image: ImageDocument, in fixture: Fixture) throws {
        _ = try revoke(Revocation(.bytes(image.digest), .denied, reason: "a test", at: now, by: "test"))
    }
}

extension Fixture {
    /// An image for linux/amd64 with one file, whose blobs are pushed.
    func runnable(_ program: [UInt8], at path: String = "tool", in repository: String) throws -> ImageDocument {
        let header = TarHeader(path: path, kind: .file, mode: 0o755, size: Int64(program.count))
        let padding = TarWriter.padding(after: header.size)
        let bytes = TarWriter.encode(header) + program + padding + TarWriter.trailer
        let layer = push(bytes, to: repository, type: "application/vnd.oci.image.layer.v1.tar")
        let text = """
            {"os":"linux","architecture":"amd64","config":{"Entrypoint":["/\(path)"]},\
            "rootfs":{"type":"layers","diff_ids":["\(layer.digest)"]}}
            """
        let config = push(Array(text.utf8), to: repository, type: MediaType.imageConfig)
        let manifest = ImageManifest(config: config, layers: [layer])
        return ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
    }
}
