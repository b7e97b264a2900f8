import ArtifactStore
import ContentAddress
import OCI
import Release
import Testing

/// A sealed release takes no file and no change, and what was removed from it may come back as it was.
@Suite struct SealTests {
    private let fixture: Fixture
    private let store: Store
    private let release: ReleaseKey

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        release = try ReleaseKey(parsing: "agent@1.2.3")
        _ = try store.put([fixture.request(fixture.file("agent", "one"))])
    }

    @discardableResult
    private func seal(_ text: String = "documents", with attestation: NewAttestation? = nil) throws -> SealedRelease {
        try store.seal(release, as: Digest.of(text), store.artifacts(of: release), with: attestation).seal
    }

    @Test func isOneEventAndSealingAgainIsNone() throws {
        let seal = try seal()
        #expect(try store.seal(of: release) == seal)
        #expect(try store.seals(of: release.name) == [seal])
        #expect(try store.seals().count == 1)
        let event = try #require(try store.latestEvents(limit: 1).first)
        #expect([event["what"], event["name"], event["version"], event["files"]] == ["seal", "agent", "1.2.3", "1"])
        #expect(event["digest"] == seal.digest.description)
        #expect(try self.seal() == seal)
        #expect(try store.latestEvents(limit: 1) == [event])
        #expect(try store.verify().faults.isEmpty)
    }

    @Test func takesNoFurtherFile() throws {
        try seal()
        let events = try store.events().count
        let blobs = fixture.blobNames
        let file = try fixture.file("arm", "two")
        let error = #expect(throws: StoreError.self) {
            try store.put([fixture.request(file, platform: "linux/arm64")])
        }
        #expect(error?.kind == .conflict)
        #expect("\(error.map { "\($0)" } ?? "")".contains("agent@1.2.3 is sealed"))
        #expect(try store.events().count == events)
        #expect(fixture.blobNames == blobs, "a refused file leaves no blob")
        // What is there already is there, and another release is open.
        #expect(try store.put([fixture.request(fixture.directory + "/agent")]).map(\.isNew) == [false])
        #expect(try store.put([fixture.request(file, "agent@1.2.4")]).map(\.isNew) == [true])
    }

    @Test func keepsItsAnnotations() throws {
        try seal()
        var request = try fixture.request(fixture.directory + "/agent")
        request.annotations = ["note": "other"]
        request.amends = true
        #expect(throws: StoreError.self) { try store.put([request]) }
        #expect(try store.artifacts(of: release).map(\.annotations) == [[:]])
    }

    @Test func whatWasRemovedComesBackAsItWasOnly() throws {
        try seal()
        _ = try store.remove([.release(release)], reason: nil)
        #expect(try store.seal(of: release) != nil, "it stays sealed")
        let other = try fixture.file("other", "other")
        #expect(throws: StoreError.self) { try store.put([fixture.request(other, platform: "linux/arm64")]) }
        #expect(throws: StoreError.self) { try store.put([fixture.request(other)]) }
        let agent = fixture.directory + "/agent"
        var request = try fixture.request(agent)
        request.mode = 0o600
        #expect(throws: StoreError.self, "another mode") { try store.put([request]) }
        #expect(try store.put([fixture.request(agent)]).map(\.isNew) == [true])
        #expect(try seal() == store.seal(of: release))
    }

    @Test func nothingIsSealedThatChangedMeanwhile() throws {
        let before = try store.artifacts(of: release)
        _ = try store.put([fixture.request(fixture.file("more", "two"), platform: "linux/arm64")])
        #expect(throws: StoreError.self) { try store.seal(release, as: Digest.of("x"), before, with: nil) }
        #expect(try store.seal(of: release) == nil)
        try seal()
        #expect(throws: StoreError.self, "another digest") { try seal("other documents") }
    }

    @Test func aStatementIsKeptOnceForEachKey() throws {
        func statement(_ bytes: String, key: String) -> NewAttestation {
            NewAttestation(
                bytes: Array(bytes.utf8),
                predicateType: "https://example.com/type",
                key: Digest.of(key),
                payload: Digest.of("payload"),
                subjects: [Digest.of("documents"), Digest.of("one"), Digest.of("one")]
            )
        }
        let seal = try seal(with: statement("first", key: "a"))
        // ECDSA signs with randomness: the same statement has other bytes each time.
        try self.seal(with: statement("again", key: "a"))
        #expect(try !store.attest(statement("again", key: "a")))
        #expect(try store.attest(statement("other", key: "b")))
        let kept = try store.attestations(about: seal.digest)
        #expect(kept.map { String(decoding: $0.bytes, as: UTF8.self) } == ["first", "other"])
        #expect(try store.attestations(about: Digest.of("one")) == kept)
        #expect(try store.attestations(about: Digest.of("two")).isEmpty)
        #expect(try store.events().suffix(2).map { $0["what"] } == ["attest", "attest"])
    }

    @Test func theRuleIsAnEventWhereItChanges() throws {
        #expect(try !store.requiresSeal())
        #expect(try store.setRequiresSeal(false) == nil)
        #expect(try store.setRequiresSeal(true)?.after == "true")
        #expect(try store.setRequiresSeal(true) == nil)
        #expect(try store.requiresSeal())
        #expect(try store.latestEvents(limit: 1).map { $0["what"] } == ["rule"])
    }
}

/// Whose statements count.
@Suite struct TrustedKeyTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    private func trust(
        _ bytes: [UInt8] = [1],
        name: String = "ours",
        scope: [String] = [],
        until: Timestamp? = nil
    ) throws -> (key: TrustedKey, isNew: Bool) {
        try store.trust(bytes, name: name, role: "release", scope: scope, from: nil, until: until)
    }

    @Test func aKeyIsTrustedOnceAndForOneThing() throws {
        let key = try trust(scope: ["team/*", "agent"])
        #expect(key.isNew)
        #expect(key.key.identifier == Digest.of([1]))
        #expect(try store.trustedKeys() == [key.key])
        #expect(try !trust(scope: ["agent", "team/*"]).isNew)
        #expect(throws: StoreError.self, "another scope") { try trust() }
        #expect(throws: StoreError.self, "another key of the name") { try trust([2]) }
        #expect(throws: StoreError.self, "another name of the key") { try trust(name: "other") }
        #expect(try store.events().map { $0["what"] } == ["trust"])
    }

    @Test func aRevokedKeyIsNeverTrustedAgain() throws {
        let key = try trust().key
        let revoked = try store.revokeKey("ours", reason: "stolen")
        #expect(revoked.revocation?.reason == "stolen")
        #expect(try store.revokeKey(key.identifier.description, reason: "again") == revoked)
        #expect(throws: StoreError.self) { try trust() }
        #expect(throws: StoreError.self) { _ = try store.revokeKey("nobody", reason: "x") }
        #expect(try store.events().map { $0["what"] } == ["trust", "distrust"])
        #expect(key.isValid(at: fixture.clock.now))
        #expect(!revoked.isValid(at: fixture.clock.now))
    }

    @Test func countsInItsTimeAndScopeOnly() throws {
        let end = Timestamp(milliseconds: 1_000)
        let key = try trust(scope: ["team/*"], until: end).key
        #expect(key.isValid(at: Timestamp(milliseconds: 999)))
        #expect(!key.isValid(at: end))
        #expect(key.covers(try RepositoryName(parsing: "team/agent")))
        #expect(!key.covers(try RepositoryName(parsing: "team")))
        #expect(!key.covers(try RepositoryName(parsing: "other/team/agent")))
    }
}
