import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Release
import Testing

/// What was removed is known by its release and by its bytes, until it is put again.
@Suite struct WithdrawnTests {
    private let fixture: Fixture
    private let release: ReleaseKey
    private let digest = Digest.of(Array("wrong".utf8))

    init() throws {
        fixture = try Fixture()
        release = try ReleaseKey(parsing: "agent@1.2.3")
    }

    @Test func aRemovedReleaseIsFoundByItsBytes() throws {
        let store = try fixture.store()
        let request = try fixture.request(fixture.file("agent", "wrong"))
        _ = try store.put([request])
        #expect(try store.withdrawn([digest]).isEmpty)
        _ = try store.remove(release, reason: "wrong binary")
        let stone = try #require(try store.withdrawn([digest])[digest]?.first)
        #expect(stone.key.release == release)
        #expect(stone.reason == "wrong binary")
        #expect(try store.withdrawn(release) == [stone])
        #expect(try store.withdrawn(release, platform: ArtifactPlatform(parsing: "linux/amd64")).isEmpty)
        _ = try store.put([request])
        #expect(try store.withdrawn([digest]).isEmpty, "put again, it is not withdrawn")
        #expect(try store.withdrawn(release).isEmpty)
    }

    /// CI builds an index for each change of one platform, and the other platform's manifest stays the same.
    @Test func eachImageThatHasAManifestIsFound() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "wrong"))])
        let manifest = Digest.of("a manifest")
        let layers = [Digest.of("the base's"), Digest.of("the program's")]
        let part = AuditRecord.Manifest(
            digest: manifest,
            config: manifest,
            platform: "linux/arm64",
            verdict: "exact",
            files: [AuditRecord.File(path: Array("/agent".utf8), digest: digest, size: 5, mode: 0o755, layer: 1)],
            diffIDs: layers
        )
        for (image, reference) in [("1", "one:1"), ("2", "two:1"), ("1", "one:1"), ("1", "one:latest"), ("3", "two:1")]
        {
            let record = AuditRecord(
                reference: reference,
                image: .of(image),
                verdict: "exact",
                report: .empty,
                manifests: [part]
            )
            try store.recordAudit(record)
        }
        let images = Set(["1", "2", "3"].map { Digest.of($0) })
        let found = try store.images(holding: [digest])
        #expect(Set(found.map(\.image)) == images && found.count == 3)
        #expect(found.first { $0.image == .of("1") }?.references == ["one:latest", "one:1"])
        #expect(Set(try store.images(basedOn: Array(layers.prefix(1))).map(\.image)) == images)
        #expect(try store.imagesWithWithdrawn().isEmpty)
        _ = try store.remove(release, reason: "wrong binary")
        #expect(try store.imagesWithWithdrawn() == images)
    }

    @Test func whatIsMissingSaysWhy() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "wrong"))])
        let other = try ReleaseKey(parsing: "agent@2")
        #expect(store.nothing(of: other).description.contains("`bindery ls agent`"))
        #expect(store.nothing(of: try ReleaseKey(parsing: "agnet@1")).description.contains("did you mean agent?"))
        #expect(store.nothing(of: try ReleaseKey(parsing: "zebra@1")).description.contains("`bindery ls` to list"))
        _ = try store.remove(release, reason: "wrong binary")
        #expect(store.nothing(of: release).description.contains(": wrong binary"))
        #expect(try store.removedReleases() == [release])
        let batch = try store.beginBatch()
        let image = try batch.add(Array("{}".utf8))
        let name = try ImageReference(parsing: "app:1")
        let record = ImageRecord(
            digest: image,
            mediaType: MediaType.imageManifest,
            blobs: [image],
            references: [name]
        )
        try store.commit(batch, image: record)
        #expect(store.noImage(try ImageReference(parsing: "ap:1")).description.contains("did you mean app:1?"))
        #expect(!store.noImage(try ImageReference(parsing: "zebra:1")).description.contains("did you mean"))
    }

    @Test func aPutThatFailsEndsItsLease() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "right"))])
        #expect(throws: StoreError.self) { try store.put([fixture.request(fixture.file("agent", "wrong"))]) }
        let leases = try DatabaseQueue(path: store.paths.index).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM lease")
        }
        #expect(leases == 0)
    }

    @Test func whatACollectionEndsIsInTheLog() throws {
        let store = try fixture.store()
        let batch = try store.beginBatch()
        let image = try batch.add(Array("{}".utf8))
        let record = ImageRecord(
            digest: image,
            mediaType: MediaType.imageManifest,
            blobs: [image],
            references: [try ImageReference(parsing: "app:1")]
        )
        try store.commit(batch, image: record)
        _ = try store.removeImage(ImageReference(parsing: "app:1"))
        _ = try store.put([fixture.request(fixture.file("agent", "wrong"))])
        _ = try store.remove(release)
        let waiting = try store.collect(grace: 3_600_000)
        // The removed file, and the image that lost its name: both are gone after the grace period.
        #expect(waiting.waits.map(\.blobs) == [2])
        #expect(waiting.waitingBlobs == 2)
        #expect(waiting.waits.allSatisfy { $0.holder == nil })
        #expect(try store.collect(grace: 0).images == [image])
        let event = try #require(try store.latestEvents(limit: 1).first)
        #expect(event["what"] == "image")
        #expect(event["digest"] == image.description)
        #expect(event["reason"] == "collection: nothing names it")
    }
}
