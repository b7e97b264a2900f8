import ArtifactStore
import ContentAddress
import GRDB
import OCI
import StoreTestSupport
import Testing

/// When a kept statement was signed at the latest, by the store's own log.
@Suite struct LoggedTimeTests {
    private let directory: TemporaryStore
    private let early = Timestamp(milliseconds: 1_000)
    private let late = Timestamp(milliseconds: 9_500)

    init() throws { directory = try TemporaryStore() }

    private func attest(_ text: String, at time: Timestamp, loggedAt: Timestamp? = nil) throws -> Digest {
        let bytes = Array(text.utf8)
        _ = try directory.open(at: time).attest(
            NewAttestation(
                bytes: bytes,
                predicateType: "https://example.com/test",
                key: .of([]),
                payload: .of(bytes),
                subjects: [.of([])],
                loggedAt: loggedAt
            )
        )
        return .of(bytes)
    }

    @Test func itIsTheTimeOfTheLeaf() throws {
        let one = try attest("one", at: early)
        let two = try attest("two", at: late)
        let store = try directory.open()
        #expect(try store.loggedTime(of: one) == early)
        #expect(try store.loggedTime(of: two) == late)
        #expect(try store.loggedTime(of: .of(Array("other".utf8))) == nil)
    }

    @Test("a clock that is set back makes no statement older than what stands above it")
    func clockSetBack() throws {
        _ = try attest("one", at: late)
        let two = try attest("two", at: early)
        let store = try directory.open()
        #expect(try store.loggedTime(of: two) == late)
        #expect(try store.laterEvents(before: [2]) == [1])
        #expect(try store.laterEvents(before: [1]).isEmpty)
        #expect(try store.laterEvents(before: []).isEmpty)
    }

    @Test func whatCameWithABundleHasTheTimeOfTheLogThatItCameFrom() throws {
        let one = try attest("one", at: late, loggedAt: early)
        #expect(try directory.open().loggedTime(of: one) == early)
    }

    @Test("an event that was edited tells nothing")
    func edited() throws {
        let one = try attest("one", at: late)
        let store = try directory.open()
        let queue = try DatabaseQueue(path: store.paths.index)
        try queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TRIGGER IF EXISTS event_is_never_changed;
                    UPDATE event SET body = replace(body, '"at":"1970', '"at":"1969')
                    """
            )
        }
        try queue.close()
        #expect(try store.loggedTime(of: one) == nil)
    }
}
