import ArtifactStore
import ContentAddress
import OCI
import Release
import Testing

/// Several are removed together or not at all, and all that stands against it is told.
@Suite struct RemoveTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        for version in ["1", "2", "3"] {
            _ = try store.put([fixture.request(fixture.file("agent\(version)", version), "agent@\(version)")])
        }
    }

    private func release(_ text: String) throws -> Removal { .release(try ReleaseKey(parsing: text)) }

    private func image(_ text: String) throws -> Removal { .image(try ImageReference(parsing: text)) }

    private var versions: [String] { get throws { try store.releasePage(limit: 9).releases.map(\.key.version.text) } }

    @Test func severalAreOneTransaction() throws {
        let outcomes = try store.remove([release("agent@3"), release("agent@1"), release("agent@3")], reason: "old")
        #expect(
            outcomes.map { if case .artifacts(let all) = $0 { all.map(\.key.version.text) } else { [] } } == [
                ["3"], ["1"],
            ]
        )
        #expect(try versions == ["2"])
        #expect(try store.latestEvents(limit: 2).map { $0["reason"] } == ["old", "old"])
    }

    @Test func noneIsRemovedWhenOneCantBeAndAllProblemsAreTold() throws {
        try store.pin([Digest.of(Array("2".utf8))], reason: nil)
        let removals = try [release("agent@1"), release("gone@1"), release("agent@2"), image("no:image")]
        let error = #expect(throws: StoreError.self) { try store.remove(removals) }
        #expect(error?.kind == .conflict)
        let text = error?.description ?? ""
        for word in ["gone@1", "agent 2", "no:image", "Nothing was changed"] { #expect(text.contains(word), "\(text)") }
        #expect(try versions == ["1", "2", "3"])
        let missing = #expect(throws: StoreError.self) { try store.remove([release("a@1"), release("b@1")]) }
        #expect(missing?.kind == .notFound)
        #expect(try store.remove([release("agent@1"), release("agent@2")], force: true).count == 2)
        #expect(try versions == ["3"])
    }

    @Test func imagesGoBeforeTheirNamesAreMissedAndTheirReleases() throws {
        let batch = try store.beginBatch()
        let digest = try batch.add(Array("{}".utf8))
        let record = ImageRecord(
            digest: digest,
            mediaType: MediaType.imageManifest,
            blobs: [digest, Digest.of(Array("1".utf8))],
            references: [try ImageReference(parsing: "app:1")]
        )
        try store.commit(batch, image: record)
        #expect(throws: StoreError.self) { try store.remove([release("agent@1")]) }
        let byDigest = try image("app@\(digest)")
        let outcomes = try store.remove([release("agent@1"), byDigest, image("app:1")])
        #expect(outcomes.count == 3)
        #expect(try store.images().isEmpty)
        #expect(try versions == ["2", "3"])
    }
}
