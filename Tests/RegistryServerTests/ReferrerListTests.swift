import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Listing referrers: OCI distribution specification 1.1, "Listing Referrers", "Pushing Manifests with Subject".
struct ReferrerListTests {
    private struct List: Decodable {
        struct Entry: Decodable, Equatable {
            let mediaType: String
            let digest: String
            let size: Int
            let artifactType: String?
            let annotations: [String: String]?
        }
        let schemaVersion: Int
        let mediaType: String
        let manifests: [Entry]
    }

    private func list(_ answer: Answer) throws -> List {
        #expect(answer.status == .ok)
        #expect(answer["Content-Type"] == MediaType.imageIndex)
        return try JSONDecoder().decode(List.self, from: Data(answer.bytes))
    }

    /// Pushes an artifact that refers to a manifest.
    @discardableResult
    private func attach(
        _ type: String?,
        to subject: Descriptor,
        _ fixture: Fixture,
        note: String = "note"
    ) throws -> ImageDocument {
        let empty = fixture.push(Array("{}".utf8), to: "app", type: MediaType.empty)
        var manifest = ImageManifest(config: empty, layers: [empty], annotations: ["note": note])
        manifest.artifactType = type
        manifest.subject = subject
        let document = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        let answer = fixture.put(document, in: "app")
        #expect(answer.status == .created)
        #expect(answer["OCI-Subject"] == "\(subject.digest)")
        return document
    }

    @Test func `end-12a: referrers are listed with their type and annotations, before and after their subject`() throws
    {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        let first = try attach("application/vnd.example.sbom", to: image.descriptor, fixture)
        #expect(fixture.put(image, "1", in: "app").status == .created)
        // Without a type, the config's counts.
        let second = try attach(nil, to: image.descriptor, fixture)
        var index = ImageIndex(manifests: [], annotations: ["of": "index"])
        index.subject = image.descriptor
        let third = ImageDocument(mediaType: MediaType.imageIndex, bytes: try CanonicalJSON.encode(index))
        #expect(fixture.put(third, "tagged", in: "app")["OCI-Subject"] == "\(image.digest)")
        let found = try list(fixture.answer("/v2/app/referrers/\(image.digest)"))
        #expect(found.schemaVersion == 2)
        #expect(found.mediaType == MediaType.imageIndex)
        let wanted = [
            (first, "application/vnd.example.sbom" as String?, ["note": "note"]),
            (second, MediaType.empty, ["note": "note"]), (third, nil, ["of": "index"]),
        ].map { document, type, annotations in
            List.Entry(
                mediaType: document.mediaType,
                digest: "\(document.digest)",
                size: document.bytes.count,
                artifactType: type,
                annotations: annotations
            )
        }
        #expect(found.manifests == wanted.sorted { $0.digest < $1.digest })
        #expect(fixture.answer("/v2/app/referrers/\(image.digest)", .HEAD).status == .ok)
    }

    @Test func `where nothing refers to it the list is empty, and never missing`() throws {
        let fixture = try Fixture(writes: .everything)
        for target in ["app/referrers/\(Digest.of("x"))", "app/referrers/\(LongDigest.of([]))"] {
            #expect(try list(fixture.answer("/v2/\(target)")).manifests.isEmpty)
        }
        for digest in ["x", "sha256:x", "md5:00", "sha256:" + String(repeating: "A", count: 64)] {
            let answer = fixture.answer("/v2/app/referrers/\(digest)")
            #expect(answer.status == .badRequest)
            #expect(try answer.code == "DIGEST_INVALID")
        }
    }

    @Test func `end-12b: the filter is applied, and the answer says so`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        let types = ["application/vnd.example.a", "application/vnd.example.b+json"]
        let documents = try types.map { try attach($0, to: image.descriptor, fixture) }
        for (type, document) in zip(types, documents) {
            let encoded = type.replacing("+", with: "%2B")
            let answer = fixture.answer("/v2/app/referrers/\(image.digest)?artifactType=\(encoded)")
            #expect(answer["OCI-Filters-Applied"] == "artifactType")
            #expect(try list(answer).manifests.map(\.digest) == ["\(document.digest)"])
        }
        #expect(fixture.answer("/v2/app/referrers/\(image.digest)")["OCI-Filters-Applied"] == nil)
    }

    @Test func `a list that is too long goes on behind its link`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        var wanted: Set<String> = []
        // Two of them are as much as one list holds.
        for number in 0..<5 {
            let note = "\(number)" + String(repeating: "x", count: 1_200_000)
            wanted.insert("\(try attach("application/x", to: image.descriptor, fixture, note: note).digest)")
        }
        var found: [String] = []
        var target: String? = "/v2/app/referrers/\(image.digest)?artifactType=application%2Fx"
        var pages = 0
        while let next = target {
            let answer = fixture.answer(next)
            #expect(answer["OCI-Filters-Applied"] == "artifactType")
            found += try list(answer).manifests.map(\.digest)
            pages += 1
            target = answer["Link"].map { link in
                #expect(link.hasSuffix(">; rel=\"next\""))
                return String(link.dropFirst().prefix { $0 != ">" })
            }
        }
        #expect(pages == 3)
        #expect(found.count == 5)
        #expect(Set(found) == wanted)
    }

    @Test func `what came into the store with an image is listed, and can be pulled`() throws {
        let fixture = try Fixture()
        let batch = try fixture.store.beginBatch()
        func add(_ text: String) throws -> Descriptor {
            Descriptor(
                mediaType: "application/x",
                digest: try batch.add(Array(text.utf8)),
                size: Int64(text.utf8.count)
            )
        }
        func document(_ subject: Descriptor?, _ note: String) throws -> ImageDocument {
            var manifest = ImageManifest(config: try add("{}"), layers: [try add(note)])
            manifest.subject = subject
            let bytes = try CanonicalJSON.encode(manifest)
            _ = try batch.add(bytes)
            return ImageDocument(mediaType: MediaType.imageManifest, bytes: bytes)
        }
        let image = try document(nil, "image")
        let first = try document(image.descriptor, "about the image")
        let second = try document(first.descriptor, "about that")
        func blobs(_ document: ImageDocument) throws -> Set<Digest> {
            let manifest = try document.manifest()
            return Set([document.digest, manifest.config.digest] + manifest.layers.map(\.digest))
        }
        var record = ImageRecord(
            digest: image.digest,
            mediaType: image.mediaType,
            blobs: try blobs(image),
            references: [try ImageReference(parsing: "app:1")]
        )
        record.referrers = try [(first, image), (second, first)].map { document, subject in
            ReferrerRecord(
                digest: document.digest,
                subject: subject.digest,
                mediaType: document.mediaType,
                artifactType: "application/x",
                blobs: try blobs(document)
            )
        }
        try fixture.store.commit(batch, image: record)
        for (subject, referrer) in [(image, first), (first, second)] {
            let found = try list(fixture.answer("/v2/app/referrers/\(subject.digest)")).manifests
            #expect(found.map(\.digest) == ["\(referrer.digest)"])
            #expect(try fixture.answer("/v2/app/manifests/\(referrer.digest)").bytes == referrer.bytes)
            let layer = try referrer.manifest().layers[0].digest
            #expect(fixture.answer("/v2/app/blobs/\(layer)").status == .ok)
            #expect(fixture.answer("/v2/other/blobs/\(layer)").status == .notFound)
            #expect(fixture.answer("/v2/other/manifests/\(referrer.digest)").status == .notFound)
            #expect(try list(fixture.answer("/v2/other/referrers/\(subject.digest)")).manifests.isEmpty)
        }
    }

    @Test func `what a tag attaches is served by that tag until another is pushed there`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .created)
        let tag = CosignTag(image.digest, .sig)
        let batch = try fixture.store.beginBatch()
        func signature(_ text: String) throws -> ImageDocument {
            let blobs = try ["{}", text].map { blob in
                Descriptor(
                    mediaType: "application/x",
                    digest: try batch.add(Array(blob.utf8)),
                    size: Int64(blob.utf8.count)
                )
            }
            let bytes = try CanonicalJSON.encode(ImageManifest(config: blobs[0], layers: [blobs[1]]))
            _ = try batch.add(bytes)
            return ImageDocument(mediaType: MediaType.imageManifest, bytes: bytes)
        }
        let came = try signature("one")
        var record = ImageRecord(
            digest: image.digest,
            mediaType: image.mediaType,
            blobs: Set([image.digest] + (try image.manifest().layers + [image.manifest().config]).map(\.digest)),
            references: []
        )
        record.referrers = [
            ReferrerRecord(
                digest: came.digest,
                subject: image.digest,
                mediaType: came.mediaType,
                artifactType: tag.kind.artifactType,
                blobs: Set([came.digest] + (try came.manifest().layers + [came.manifest().config]).map(\.digest))
            )
        ]
        try fixture.store.commit(batch, image: record)
        #expect(try fixture.answer("/v2/app/manifests/\(tag.text)").bytes == came.bytes)
        #expect(fixture.answer("/v2/other/manifests/\(tag.text)").status == .notFound)
        #expect(try list(fixture.answer("/v2/app/referrers/\(image.digest)")).manifests.isEmpty)
        // cosign pulls what is there, and pushes that with one more signature.
        let pushed = try fixture.image("two signatures", in: "app")
        #expect(fixture.put(pushed, tag.text, in: "app").status == .created)
        #expect(try fixture.answer("/v2/app/manifests/\(tag.text)").bytes == pushed.bytes)
    }

    @Test func `a subject is a subject in its own repository`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        try attach("application/x", to: image.descriptor, fixture)
        _ = try fixture.image("one", in: "other")
        #expect(fixture.put(image, "1", in: "other").status == .created)
        #expect(try list(fixture.answer("/v2/other/referrers/\(image.digest)")).manifests.isEmpty)
    }

    @Test func `a referrer stays while its subject does, and goes when it is deleted`() throws {
        let fixture = try Fixture(writes: .everything)
        let image = try fixture.image("one", in: "app")
        #expect(fixture.put(image, "1", in: "app").status == .created)
        let referrer = try attach("application/x", to: image.descriptor, fixture)
        #expect(try fixture.store.referrers(to: image.digest).map(\.digest) == [referrer.digest])
        _ = try fixture.store.collect(grace: 0)
        #expect(try list(fixture.answer("/v2/app/referrers/\(image.digest)")).manifests.count == 1)
        #expect(fixture.send(.DELETE, "/v2/app/manifests/\(referrer.digest)").status == .accepted)
        #expect(try list(fixture.answer("/v2/app/referrers/\(image.digest)")).manifests.isEmpty)
        #expect(try fixture.store.referrers(to: image.digest).isEmpty)
        #expect(try fixture.store.events().last?["what"] == "refer")
    }
}
