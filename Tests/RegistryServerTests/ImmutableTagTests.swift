import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Tags that are neither moved nor deleted.
struct ImmutableTagTests {
    @Test(arguments: [
        ("v*", "app:v1", true), ("v*", "team/app:v1", true), ("v*", "app:1", false), ("app:*", "app:1", true),
        ("app:*", "team/app:1", false), ("team/*:v*", "team/a/b:v1", true), ("team/*:v*", "team/a:1", false),
        ("*", "a:1", true), ("", "a:1", false), ("?.0", "a:1.0", true),
    ])
    func `a pattern is one of tags, or of repositories and tags`(pattern: String, name: String, fits: Bool) throws {
        let reference = try ImageReference(parsing: name)
        let tag = try #require(reference.tag)
        #expect(ImmutableTags([pattern]).contains(reference.repository, tag) == fits)
    }

    @Test func `a tag keeps its image, and is pushed with it again`() throws {
        let fixture = try Fixture(writes: .everything, immutable: ["v*"])
        let images = try ["one", "two"].map { try fixture.image($0, in: "app") }
        for tag in ["v1", "latest"] { #expect(fixture.put(images[0], tag, in: "app").status == .created) }
        #expect(fixture.put(images[0], "v1", in: "app").status == .created)
        let answer = fixture.put(images[1], "v1", in: "app")
        #expect(answer.status == .forbidden)
        #expect(try answer.code == "DENIED")
        #expect(try answer.text.contains("\(images[0].digest)"))
        #expect(fixture.put(images[1], "latest", in: "app").status == .created)
        let byDigest = "/v2/app/manifests/\(images[1].digest)?tag=v2&tag=v1"
        let fields = [("Content-Type", images[1].mediaType)]
        #expect(fixture.send(.PUT, byDigest, images[1].bytes, fields).status == .forbidden)
        #expect(fixture.answer("/v2/app/manifests/v2").status == .notFound)
        #expect(try fixture.answer("/v2/app/manifests/v1").bytes == images[0].bytes)
    }

    @Test func `a tag isn't deleted, by itself or with its manifest`() throws {
        let fixture = try Fixture(writes: .everything, immutable: ["v*"])
        let image = try fixture.image("one", in: "app")
        for tag in ["v1", "latest"] { #expect(fixture.put(image, tag, in: "app").status == .created) }
        #expect(fixture.send(.DELETE, "/v2/app/manifests/v1").status == .forbidden)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/\(image.digest)").status == .forbidden)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/latest").status == .accepted)
        #expect(fixture.answer("/v2/app/manifests/v1").status == .ok)
    }

    @Test func `a tag that was removed from the store is given back to its image alone`() throws {
        let fixture = try Fixture(writes: .everything, immutable: ["v*"])
        let images = try ["one", "two"].map { try fixture.image($0, in: "app") }
        #expect(fixture.put(images[0], "v1", in: "app").status == .created)
        #expect(try fixture.store.removeImage(try ImageReference(parsing: "app:v1")))
        #expect(fixture.put(images[1], "v1", in: "app").status == .forbidden)
        #expect(fixture.put(images[0], "v1", in: "app").status == .created)
    }

    @Test func `of two pushes that both found no tag, the second one is refused`() throws {
        let fixture = try Fixture(writes: .everything)
        let images = try ["one", "two"].map { try fixture.image($0, in: "app") }
        let name = try ImageReference(parsing: "app:v1")
        for (number, image) in images.enumerated() {
            let batch = try fixture.store.beginBatch()
            _ = try batch.add(image.bytes)
            var pushed = PushedManifest(
                repository: "app",
                digest: image.digest,
                mediaType: image.mediaType,
                blobs: [image.digest: Int64(image.bytes.count)]
            )
            (pushed.references, pushed.immutable) = ([name], [name])
            guard number == 1 else {
                try fixture.store.push(batch, pushed)
                continue
            }
            #expect {
                try fixture.store.push(batch, pushed)
            } throws: {
                guard case StoreError.immutableName("app:v1", images[0].digest) = $0 else { return false }
                return true
            }
        }
        #expect(try fixture.store.image(name)?.digest == images[0].digest)
    }
}
