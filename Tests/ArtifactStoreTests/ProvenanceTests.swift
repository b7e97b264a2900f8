import ArtifactStore
import ContentAddress
import Release
import Testing

/// Builders' own attestations are kept with the files that they are about.
@Suite struct ProvenanceTests {
    private let fixture: Fixture
    private let store: Store
    private let digest = Digest.of("one")

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    private func provenance(of digests: Digest..., key: Digest? = nil) -> NewProvenance {
        NewProvenance(
            bytes: Array("document".utf8),
            predicateType: "https://slsa.dev/provenance/v1",
            subjects: Set(digests),
            key: key
        )
    }

    private func put(_ provenance: NewProvenance..., draft: Bool = false) throws {
        var request = try fixture.request(fixture.file("agent", "one"))
        request.provenance = provenance
        _ = try store.put([request], into: draft ? .draft(replaces: false) : .release)
    }

    @Test(arguments: [false, true])
    func isKeptOnce(draft: Bool) throws {
        try put(provenance(of: digest, Digest.of("two")), draft: draft)
        let events = try store.events().count
        try put(provenance(of: digest, Digest.of("two")), draft: draft)
        #expect(try store.events().count == events)
        let kept = try #require(try store.provenance(of: digest).first)
        #expect(kept.bytes == Array("document".utf8))
        // A document may speak of any number of files; those that are here count.
        #expect(kept.subjects == [digest])
        #expect(kept.key == nil)
        #expect(try store.provenance(of: Digest.of("two")).isEmpty)
        let event = try #require(try store.latestEvents(limit: 1).first)
        #expect([event["what"], event["digest"]] == ["provenance", kept.digest.description])
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func isAboutEachFileThatIsPutWithIt() throws {
        try put(provenance(of: digest, Digest.of("two")))
        var other = try fixture.request(fixture.file("other", "two"), "other@1.0.0")
        other.provenance = [provenance(of: digest, Digest.of("two"))]
        _ = try store.put([other])
        #expect(try store.provenance(of: Digest.of("two")).first?.subjects == [digest, Digest.of("two")].sorted())
        #expect(try store.provenance(of: digest).count == 1)
    }

    @Test func whatWasUnverifiedMayBeVerifiedLater() throws {
        let key = Digest.of("key")
        try put(provenance(of: digest))
        try put(provenance(of: digest, key: key))
        #expect(try store.provenance(of: digest).map(\.key) == [key])
        #expect(try store.latestEvents(limit: 1).first?["key"] == key.description)
        try put(provenance(of: digest))
        #expect(try store.provenance(of: digest).map(\.key) == [key])
    }

    @Test func oneOfAnotherFileIsRefusedWithTheFile() throws {
        let error = #expect(throws: StoreError.self) { try put(provenance(of: Digest.of("two"))) }
        #expect(error?.kind == .integrity)
        #expect("\(error.map { "\($0)" } ?? "")".contains(digest.description))
        #expect(try store.releases().isEmpty)
        #expect(try store.events().isEmpty)
        // What isn't about the file is left out beside what is.
        let other = NewProvenance(bytes: [1], predicateType: "t", subjects: [Digest.of("two")], key: nil)
        try put(other, provenance(of: digest))
        #expect(try store.provenance(of: Digest.of("two")).isEmpty)
    }
}
