import ArtifactStore
import ContentAddress
import OCI
import Release
import Testing
import TransparencyLog

/// What a store had at a checkpoint, and whether its log ever was there.
@Suite struct LogContentsTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    private func put(_ text: String, _ release: String) throws -> Digest {
        _ = try store.put([fixture.request(fixture.file("\(text)-\(release)", text), release)])
        return Digest.of(Array(text.utf8))
    }

    @Test func whatWasPutByThenIsThereUnlessItWasRemoved() throws {
        let one = try put("one", "agent@1")
        let two = try put("two", "agent@2")
        _ = try put("one", "copy@1")
        let before = try store.logHead().size
        let three = try put("three", "agent@3")
        #expect(try store.contents(before: before) == [one: "agent@1", two: "agent@2"])
        #expect(try store.contents(before: 1) == [one: "agent@1"])
        #expect(try store.contents(before: 0).isEmpty)
        for name in ["agent@1", "agent@2"] {
            let release = try ReleaseKey(parsing: name)
            _ = try store.remove(release, reason: "test")
        }
        let after = try store.logHead().size
        #expect(try store.contents(before: after) == [one: "copy@1", three: "agent@3"])
        #expect(try store.contents(before: before) == [one: "agent@1", two: "agent@2"])
    }

    @Test func aCheckpointOfTheLogsPastIsTold() throws {
        _ = try put("one", "agent@1")
        let first = try store.logHead()
        _ = try put("two", "agent@2")
        try store.checkPast(first)
        try store.checkPast(store.logHead())
        try store.checkPast(Checkpoint(origin: first.origin, size: 0, root: MerkleHash.empty))
        #expect(throws: NoteError.forked(first.origin, 1)) {
            try store.checkPast(Checkpoint(origin: first.origin, size: 1, root: .of([])))
        }
        #expect(throws: NoteError.rolledBack(first.origin, known: 9, found: 2)) {
            try store.checkPast(Checkpoint(origin: first.origin, size: 9, root: first.root))
        }
        #expect(throws: NoteError.otherLog("other", own: first.origin)) {
            try store.checkPast(Checkpoint(origin: "other", size: 1, root: first.root))
        }
        // One of the log's former name holds, up to where it ended.
        let origin = try store.restartLog(origin: "second", reason: "test")
        try store.checkPast(first)
        #expect(throws: NoteError.rolledBack(first.origin, known: 3, found: 2)) {
            try store.checkPast(Checkpoint(origin: first.origin, size: 3, root: store.logHead().root))
        }
        #expect(origin == "second")
    }
}
