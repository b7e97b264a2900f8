import ArtifactStore
import ContentAddress
import GRDB
import OCI
import SystemIO
import Testing

@Suite("Blobs that were hashed before")
struct TrustTests {
    private let fixture: Fixture
    private let digest: Digest
    private let status: FileStatus
    /// When the bytes are compared: an hour after the file was made, by the system's clock.
    private let checked: Int64

    init() throws {
        fixture = try Fixture()
        let store = try fixture.store(durable: false)
        let path = try fixture.file("source", "released")
        digest = try store.put([try fixture.request(path)])[0].artifact.digest
        status = try FileStatus.of(store.paths.blob(digest))
        checked = status.changed / 1_000_000 + 3_600_000
        try self.store(at: checked).noteUnchanged([(digest, status)])
    }

    private func store(at time: Int64, trust: Int64? = nil) throws -> Store {
        var options = StoreOptions(durable: false, actor: "test", now: { Timestamp(milliseconds: time) })
        if let trust { options.trust = trust }
        return try Store(at: fixture.directory + "/store", options: options)
    }

    @Test(
        "a blob is known for a day after it was hashed, and never from the future",
        arguments: [(-1, false), (0, true), (86_399_999, true), (86_400_000, false), (1 << 50, false)]
            as [(Int64, Bool)]
    )
    func age(milliseconds: Int64, isKnown: Bool) throws {
        #expect(try store(at: checked + milliseconds).isUnchanged(digest, status) == isKnown)
    }

    @Test("whoever trusts nothing knows nothing")
    func noTrust() throws {
        #expect(try !store(at: checked, trust: 0).isUnchanged(digest, status))
        #expect(try store(at: checked + 5000, trust: 5001).isUnchanged(digest, status))
        #expect(try !store(at: checked + 5000, trust: 5000).isUnchanged(digest, status))
    }

    @Test("hashing again begins another day")
    func renewed() throws {
        let later = try store(at: checked + 80_000_000)
        try later.noteUnchanged([(digest, status)])
        #expect(try store(at: checked + 90_000_000).isUnchanged(digest, status))
    }

    @Test("a look of an earlier format, which has no time, counts no more")
    func earlierFormat() throws {
        try DatabaseQueue(path: fixture.directory + "/store/bindery.db").write { db in
            try db.execute(sql: "ALTER TABLE blob_file DROP COLUMN checked_at")
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '7 trust ages'")
        }
        #expect(try !store(at: checked + 1).isUnchanged(digest, status))
    }
}
