import ArtifactStore
import ContentAddress
import Foundation
import OCI
import Release
import TestSupport
import Testing

/// Archives that were packed from a release stay as long as its files do.
@Suite("Packed archives")
struct PackedArchiveTests {
    private let fixture: Fixture
    private let release: ReleaseKey

    init() throws {
        fixture = try Fixture()
        release = try ReleaseKey(parsing: "tool@1.2.3")
    }

    private func keep(_ text: String, _ store: Store, of other: ReleaseKey? = nil) throws -> Digest {
        let batch = try store.beginBatch()
        let digest = try batch.add(Array(text.utf8))
        let archive = (
            platform: try ArtifactPlatform(parsing: "linux/amd64"), fileName: "tool.tar.gz", digest: digest,
            size: Int64(text.utf8.count), recipe: "tar+gzip"
        )
        try store.keep([archive], of: other ?? release, from: batch)
        return digest
    }

    @Test("a packed archive is kept while its release is there, and goes with the first of its files")
    func life() throws {
        let store = try fixture.store()
        _ = try store.put([
            fixture.request(fixture.file("tool", "the tool"), "tool@1.2.3", platform: "linux/amd64"),
            fixture.request(fixture.file("other", "another"), "tool@1.2.3", platform: "linux/arm64"),
        ])
        let digest = try keep("an archive of it", store)
        _ = try store.collect(grace: 0)
        #expect(try store.packedArchives(of: release).map(\.digest) == [digest])
        #expect(
            try store.packedArchives(withAnyOf: [digest])[digest]?.first?.description
                == "tool.tar.gz, packed from tool 1.2.3"
        )
        #expect(try store.readBlob(digest) == Array("an archive of it".utf8))
        #expect(try store.verify().faults.isEmpty)
        // Packed again with other bytes: the former go.
        let second = try keep("another archive of it", store)
        _ = try store.collect(grace: 0)
        #expect(try store.packedArchives(of: release).map(\.digest) == [second])
        #expect(throws: StoreError.self) { try store.readBlob(digest) }
        _ = try store.remove(ReleaseKey(parsing: "tool@1.2.3"), platform: .init(parsing: "linux/arm64"), reason: "no")
        #expect(try store.packedArchives(of: release).isEmpty, "it may have the removed file's bytes")
        _ = try store.collect(grace: 0)
        #expect(throws: StoreError.self) { try store.readBlob(second) }
    }

    @Test("the log tells of packed archives, and an index that is made again has those whose release is there")
    func reindexed() throws {
        let before: [PackedArchive]
        do {
            let store = try fixture.store()
            for version in ["1.2.3", "2.0.0"] {
                let file = try fixture.file("tool", "the tool \(version)")
                _ = try store.put([fixture.request(file, "tool@\(version)", platform: "linux/amd64")])
            }
            _ = try keep("an archive of it", store)
            _ = try keep("another archive of it", store)
            let events = try store.lastEvent()
            _ = try keep("another archive of it", store)
            #expect(try store.lastEvent() == events, "what is kept already is not an event")
            let gone = try ReleaseKey(parsing: "tool@2.0.0")
            _ = try keep("an archive of the other", store, of: gone)
            _ = try store.remove(gone, platform: .init(parsing: "linux/amd64"), reason: "no")
            before = try store.packedArchives(of: release)
        }
        #expect(before.count == 1)
        let root = fixture.directory + "/store"
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: "\(root)/bindery.db\(end)") }
        _ = try Store.reindex(at: root, options: StoreOptions(actor: "test", now: { Timestamp(milliseconds: 0) }))
        let store = try fixture.store()
        #expect(try store.packedArchives(of: release) == before)
        #expect(try store.packedArchives(of: ReleaseKey(parsing: "tool@2.0.0")).isEmpty)
        #expect(try store.verify().faults.isEmpty)
        try store.noteVerified()
        _ = try store.collect(grace: 0)
        #expect(try store.packedArchives(of: release) == before)
        #expect(try store.readBlob(before[0].digest) == Array("another archive of it".utf8))
    }

    @Test("nothing is kept for a release that isn't there")
    func missing() throws {
        let store = try fixture.store()
        let digest = try keep("an archive of nothing", store)
        #expect(try store.packedArchives(withAnyOf: [digest]).isEmpty)
    }
}
