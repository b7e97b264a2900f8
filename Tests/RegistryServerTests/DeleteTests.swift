import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import StoreTestSupport
import Testing

@testable import RegistryServer

/// Deletions: OCI distribution specification 1.1, "Content Management".
struct DeleteTests {
    @Test func `end-9: a tag goes, and its manifest stays by its digest`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        for tag in ["1", "2"] { #expect(fixture.put(image, tag, in: "app").status == .created) }
        #expect(fixture.send(.DELETE, "/v2/app/manifests/1").status == .accepted)
        #expect(fixture.answer("/v2/app/manifests/1").status == .notFound)
        #expect(fixture.answer("/v2/app/manifests/2").status == .ok)
        #expect(fixture.answer("/v2/app/manifests/\(image.digest)").status == .ok)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/1").status == .notFound)
        #expect(try fixture.store.events().last?["removed"] == "app:1")
    }

    @Test func `the last tag of an image that was built goes, and the image stays by its digest for its time`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.addImage(["built:1"])
        #expect(fixture.send(.DELETE, "/v2/built/manifests/1").status == .accepted)
        _ = try fixture.store.collect(grace: 0)
        #expect(fixture.answer("/v2/built/manifests/\(image.index.digest)").status == .ok)
        #expect(fixture.answer("/v2/built/blobs/\(Digest.of(Fixture.smallLayer))").status == .ok)
    }

    @Test func `end-9: a manifest goes with its tags there, and stays in other repositories`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        _ = try fixture.image("one", in: "other")
        for tag in ["1", "2"] { #expect(fixture.put(image, tag, in: "app").status == .created) }
        #expect(fixture.put(image, "1", in: "other").status == .created)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/\(image.digest)").status == .accepted)
        for reference in ["1", "2", "\(image.digest)"] {
            #expect(fixture.answer("/v2/app/manifests/\(reference)").status == .notFound)
        }
        #expect(fixture.answer("/v2/other/manifests/1").status == .ok)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/\(image.digest)").status == .notFound)
        #expect(fixture.send(.DELETE, "/v2/none/manifests/\(image.digest)").status == .notFound)
    }

    @Test func `no child is cut off an index, and no blob off a manifest`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, in: "app").status == .created)
        let index = try fixture.index(of: [image])
        #expect(fixture.put(index, "1", in: "app").status == .created)
        let layer = try image.manifest().layers[0].digest
        for target in ["manifests/\(image.digest)", "blobs/\(layer)", "blobs/\(try image.manifest().config.digest)"] {
            #expect(fixture.send(.DELETE, "/v2/app/\(target)").status == .methodNotAllowed)
        }
        for target in ["manifests/\(index.digest)", "manifests/\(image.digest)", "blobs/\(layer)"] {
            #expect(fixture.send(.DELETE, "/v2/app/\(target)").status == .accepted)
            #expect(fixture.answer("/v2/app/\(target)").status == .notFound)
        }
    }

    @Test func `end-10: a blob goes from its repository alone`() throws {
        let fixture = try Fixture(writes: .everything)
        let digest = fixture.push(Array("blob".utf8), to: "app").digest
        fixture.push(Array("blob".utf8), to: "other")
        #expect(fixture.send(.DELETE, "/v2/app/blobs/\(digest)").status == .accepted)
        #expect(fixture.answer("/v2/app/blobs/\(digest)", .HEAD).status == .notFound)
        #expect(fixture.send(.DELETE, "/v2/app/blobs/\(digest)").status == .notFound)
        #expect(fixture.answer("/v2/other/blobs/\(digest)").status == .ok)
    }

    @Test func `releases are not deleted`() throws {
        let fixture = try Fixture(writes: .everything)
        try fixture.addRelease("tool@1.0.0")
        for target in ["manifests/1.0.0", "blobs/\(Digest.of(Fixture.program))"] {
            #expect(fixture.send(.DELETE, "/v2/releases/tool/\(target)").status == .badRequest)
            #expect(fixture.answer("/v2/releases/tool/\(target)").status == .ok)
        }
    }

    @Test func `collection keeps what was pushed for its time, and what leads to it for ever`() throws {
        let fixture = try Fixture(writes: .everything)
        let start = Timestamp(milliseconds: 1_000_000_000_000)
        let store = try fixture.directory.open(at: start)
        let routes = try RegistryRoutes(
            store,
            names: ServedNames(hosts: []),
            drafts: DraftRule { _ in false },
            writes: .everything,
            report: { _ in }
        )
        func push(_ bytes: [UInt8]) -> Descriptor {
            _ = routes.send(.POST, "/v2/app/blobs/uploads/?digest=\(Digest.of(bytes))", [bytes])
            return Descriptor(mediaType: MediaType.layer, digest: .of(bytes), size: Int64(bytes.count))
        }
        func put(_ note: String, _ reference: String? = nil) throws -> ImageDocument {
            let manifest = ImageManifest(config: push(Array(note.utf8)), layers: [push(Array("layer \(note)".utf8))])
            let document = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
            let target = "/v2/app/manifests/\(reference ?? "\(document.digest)")"
            #expect(
                routes.send(.PUT, target, [document.bytes], [("Content-Type", document.mediaType)])?.status == .created
            )
            return document
        }
        func isThere(_ digest: Digest, _ kind: String = "blobs") -> Bool {
            routes.send(.GET, "/v2/app/\(kind)/\(digest)")?.status == .ok
        }
        let alone = push(Array("alone".utf8))
        let named = try put("named", "1")
        let untagged = try put("untagged")
        func collect(after milliseconds: Int64) throws {
            let time = Timestamp(milliseconds: start.milliseconds + milliseconds)
            _ = try fixture.directory.open(at: time).collect(grace: 0)
        }
        try collect(after: PushedManifest.blobTime - 1)
        #expect(isThere(alone.digest))
        try collect(after: PushedManifest.blobTime)
        #expect(!isThere(alone.digest))
        #expect(try isThere(untagged.manifest().layers[0].digest))
        try collect(after: PushedManifest.time - 1)
        #expect(isThere(untagged.digest, "manifests"))
        try collect(after: PushedManifest.time)
        #expect(!isThere(untagged.digest, "manifests"))
        #expect(isThere(named.digest, "manifests"))
        #expect(try isThere(named.manifest().layers[0].digest))
        #expect(try store.verify().faults.isEmpty)
    }
}
