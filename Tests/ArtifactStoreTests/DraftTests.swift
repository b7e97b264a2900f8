import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Release
import Testing

/// A draft is seen by nobody who doesn't ask for it, may change, and becomes a release as a whole.
@Suite struct DraftTests {
    private let fixture: Fixture
    private let store: Store
    private let release: ReleaseKey

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        release = try ReleaseKey(parsing: "agent@1.2.3")
    }

    @discardableResult
    private func put(
        _ name: String,
        _ text: String,
        platform: String = "any",
        replacing: Bool = false
    ) throws -> [PutResult] {
        let file = try fixture.file(name, text)
        return try store.put([fixture.request(file, platform: platform)], into: .draft(replaces: replacing))
    }

    private func expectConflict(_ words: String, _ body: () throws -> Void) {
        let error = #expect(throws: StoreError.self) { try body() }
        #expect(error?.kind == .conflict)
        #expect("\(error.map { "\($0)" } ?? "")".contains(words))
    }

    private var kinds: [String?] { get throws { try store.events().map { $0["what"] } } }

    @Test func isSeenWhereItIsAskedForOnly() throws {
        let result = try put("agent", "one")
        #expect(result.map(\.isNew) == [true])
        #expect(try store.draft(of: release) == result.map(\.artifact))
        #expect(try store.drafts().map(\.key) == [release])
        #expect(try store.artifacts(of: release).isEmpty)
        #expect(try store.releases().isEmpty)
        #expect(try store.artifacts(with: Digest.of("one")).isEmpty)
        #expect(try store.releasedFileNames().isEmpty)
        #expect("\(store.nothing(of: release))".contains("there is a draft of it"))
        #expect(try kinds == ["draft"])
        #expect(try store.events().allSatisfy { $0.key == nil }, "whoever looks for keys that changed finds none")
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func keepsItsBytesThroughCollections() throws {
        try put("agent", "one")
        try put("agent", "two", replacing: true)
        let report = try store.collect(grace: 0)
        #expect(report.blobs.map(\.digest) == [Digest.of("one")], "what was replaced goes")
        #expect(try store.verify().faults.isEmpty)
        _ = try store.remove([.draft(release)])
        #expect(try store.collect(grace: 0).blobs.map(\.digest) == [Digest.of("two")])
    }

    @Test func changesWhereThatIsAskedForOnly() throws {
        try put("agent", "one")
        #expect(try put("agent", "one").map(\.isNew) == [false])
        expectConflict("--replace") { try put("agent", "two") }
        #expect(try kinds == ["draft"])
        let result = try put("agent", "two", replacing: true)
        #expect(result.map(\.replaced?.digest) == [Digest.of("one")])
        #expect(try store.draft(of: release).map(\.digest) == [Digest.of("two")])
        let event = try #require(try store.latestEvents(limit: 1).first)
        #expect([event["what"], event["replaces"]] == ["draft", "\(Digest.of("one"))"])
        #expect(try put("agent", "two", replacing: true).map(\.isNew) == [false], "nothing to replace")
        #expect(try kinds.count == 2)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func replacesModeAndAnnotationsToo() throws {
        try put("agent", "one")
        var request = try fixture.request(fixture.directory + "/agent")
        (request.mode, request.annotations) = (0o600, ["note": "other"])
        expectConflict("mode: there") { _ = try store.put([request], into: .draft(replaces: false)) }
        _ = try store.put([request], into: .draft(replaces: true))
        #expect(try store.draft(of: release).map(\.mode) == [0o600])
        #expect(try store.draft(of: release).map(\.annotations) == [["note": "other"]])
    }

    @Test func standsBesideNoFinalFile() throws {
        try put("agent", "one")
        let arm = try fixture.request(fixture.file("arm", "two"), platform: "linux/arm64")
        expectConflict("is a draft") { _ = try store.put([arm]) }
        _ = try store.put([fixture.request(fixture.file("other", "two"), "agent@1.2.4")])
        expectConflict("is released already") {
            _ = try store.put([fixture.request(arm.sourceName, "agent@1.2.4")], into: .draft(replaces: true))
        }
    }

    @Test func becomesTheReleaseWhenItIsSealed() throws {
        try put("agent", "one", platform: "linux/amd64")
        try put("arm", "two", platform: "linux/arm64")
        let draft = try store.draft(of: release)
        let seal = try store.seal(release, as: Digest.of("documents"), draft, with: nil)
        #expect(seal.isNew)
        #expect(try store.draft(of: release).isEmpty)
        let released = try store.artifacts(of: release)
        #expect(released.map(\.digest) == draft.map(\.digest))
        #expect(released.allSatisfy { $0.putAt == seal.seal.sealedAt }, "it is released when others see it")
        #expect(try kinds == ["draft", "draft", "put", "put", "seal"])
        #expect(try store.events().compactMap(\.key) == released.map(\.key))
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.checkLog().faults.isEmpty)
        expectConflict("is sealed") { try put("agent", "three", platform: "linux/amd64", replacing: true) }
        _ = try store.remove([.release(release)])
        expectConflict("is sealed") { try put("agent", "one", platform: "linux/amd64") }
    }

    @Test func isNotSealedWhenItChangedMeanwhile() throws {
        try put("agent", "one")
        let draft = try store.draft(of: release)
        try put("agent", "two", replacing: true)
        #expect(throws: StoreError.self) { try store.seal(release, as: Digest.of("x"), draft, with: nil) }
        #expect(try store.seal(of: release) == nil)
        #expect(try store.artifacts(of: release).isEmpty)
    }

    @Test func leavesNoTombstone() throws {
        try put("agent", "one", platform: "linux/amd64")
        try put("arm", "two", platform: "linux/arm64")
        let amd64 = try ArtifactPlatform(parsing: "linux/amd64")
        _ = try store.remove([.draft(release, platform: amd64)])
        #expect(try store.draft(of: release).map(\.digest) == [Digest.of("two")])
        _ = try store.remove([.draft(release)])
        #expect(try store.drafts().isEmpty)
        #expect(try store.tombstones(of: release).isEmpty)
        #expect(try kinds == ["draft", "draft", "discard", "discard"])
        #expect(try store.verify().faults.isEmpty)
        let error = #expect(throws: StoreError.self) { try store.remove([.draft(release)]) }
        #expect(error?.kind == .notFound)
        _ = try store.put([fixture.request(fixture.file("agent", "other"))])
    }

    @Test func opensNoClosedKey() throws {
        _ = try store.put([fixture.request(fixture.file("agent", "one"))])
        _ = try store.remove([.release(release)])
        expectConflict("was removed") { try put("agent", "two") }
        #expect(try put("agent", "one").map(\.isNew) == [true])
        #expect("\(store.nothing(of: release))".contains("there is a draft of it"))
        _ = try store.seal(release, as: Digest.of("documents"), store.draft(of: release), with: nil)
        #expect(try store.artifacts(of: release).count == 1)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func isHeldAgainstTheLog() throws {
        try put("agent", "one")
        try DatabaseQueue(path: store.paths.index).write { try $0.execute(sql: "UPDATE draft SET file = 'other'") }
        let faults = try store.verify().faults.map(\.detail)
        #expect(faults.contains { $0.contains("the draft of agent 1.2.3 any other is in the index") })
        #expect(faults.contains { $0.contains("the draft of agent 1.2.3 any is in the log, and not in the index") })
    }
}
