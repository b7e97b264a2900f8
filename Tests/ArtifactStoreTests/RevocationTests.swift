import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Release
import Testing

/// Marks on releases and bytes: each is an event, none is changed, and the last one counts.
@Suite struct RevocationTests {
    private let fixture: Fixture
    private let store: Store
    private let release: ReleaseKey
    private let digest = Digest.of(Array("wrong".utf8))

    init() throws {
        fixture = try Fixture()
        release = try ReleaseKey(parsing: "agent@1.2.3")
        store = try fixture.store()
        _ = try store.put([fixture.request(fixture.file("agent", "wrong"))])
    }

    private func mark(
        _ level: Revocation.Level,
        _ reason: String = "CVE-1",
        on subject: Revocation.Subject? = nil,
        proof: Revocation.Proof? = nil
    ) -> Revocation {
        Revocation(
            subject ?? .release(release),
            level,
            reason: reason,
            advisory: "https://example.com/1",
            at: Timestamp(milliseconds: 7),
            by: "ci",
            proof: proof
        )
    }

    @Test func aMarkIsAnEventWithAllOfItsColumns() throws {
        let proof = Revocation.Proof(key: .of([1]), bytes: [2])
        #expect(try store.revoke(mark(.denied, proof: proof)).isNew)
        let event = try #require(try store.events().last)
        #expect(
            ["what", "name", "version", "level", "reason", "advisory", "by"].map { event[$0] } == [
                "revoke", "agent", "1.2.3", "denied", "CVE-1", "https://example.com/1", "ci",
            ]
        )
        #expect(event["key"] == Digest.of([1]).description)
        #expect(event["statement"] == Digest.of([2]).description)
        #expect(event.key == nil, "no artifact is changed")
        #expect(try store.revocations(of: .release(release)) == [mark(.denied, proof: proof)])
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.checkLog().faults.isEmpty)
    }

    @Test func theLastMarkCountsAndAllStay() throws {
        #expect(try store.revoke(mark(.warned)).isNew)
        #expect(try !store.revoke(mark(.warned)).isNew, "it says the same")
        #expect(try store.revoke(mark(.denied)).isNew)
        #expect(try store.revocationMarks()[release]?.level == .denied)
        #expect(try store.revoke(mark(.lifted, "a mistake")).isNew)
        #expect(try store.revocationMarks().isEmpty)
        #expect(try store.revocations(of: .release(release)).map(\.level) == [.warned, .denied, .lifted])
        #expect(try store.revoke(mark(.denied)).isNew, "what was said before the lifting is said anew")
        #expect(try store.revocationMarks()[release]?.level == .denied)
    }

    @Test func whatNeverWasIsNotRevokedAndWhatIsNotRevokedIsNotLifted() throws {
        let other = Revocation.Subject.release(try ReleaseKey(parsing: "agent@9"))
        #expect(throws: StoreError.self) { try store.revoke(mark(.warned, on: other)) }
        let error = #expect(throws: StoreError.self) { try store.revoke(mark(.lifted)) }
        #expect(error?.kind == .notFound)
        let events = try store.events().count
        #expect(events == 1, "a refused mark leaves no event")
    }

    @Test func aRemovedReleaseCanBeRevoked() throws {
        _ = try store.remove(release, reason: "wrong")
        #expect(try store.revoke(mark(.denied)).isNew)
        #expect(try store.revocationMarks().mark(on: digest, of: [release])?.level == .denied)
    }

    @Test func bytesOfAnotherReleaseStayItsOwnUnlessTheyAreMarkedThemselves() throws {
        let other = try ReleaseKey(parsing: "agent@1.2.4")
        _ = try store.revoke(mark(.denied))
        #expect(try store.revocationMarks().mark(on: digest, of: [release, other]) == nil)
        #expect(try store.revocationMarks().marks(on: digest, of: [release, other]).count == 1)
        _ = try store.revoke(mark(.warned, on: .bytes(digest)))
        #expect(try store.revocationMarks().mark(on: digest, of: [other])?.level == .warned)
        #expect(try store.revocationMarks().mark(on: digest, of: [])?.level == .warned)
        let event = try #require(try store.events().last)
        #expect(event["digest"] == digest.description)
        #expect(event["name"] == nil)
    }
}
