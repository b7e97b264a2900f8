import ArtifactStore
import ContentAddress
import GRDB
import OCI
import Testing
import TransparencyLog

/// Each event is a leaf of the log, and no change of the events goes unnoticed.
@Suite("The tamper-evident log")
struct LogTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        for version in 1...9 {
            _ = try store.put([fixture.request(fixture.file("agent\(version)", "\(version)"), "agent@\(version)")])
        }
    }

    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: store.paths.index)
        try queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TRIGGER IF EXISTS event_is_never_changed; DROP TRIGGER IF EXISTS event_is_never_deleted; \(sql)
                    """
            )
        }
        try queue.close()
    }

    @Test("every event is in the tree, and proves to be")
    func proofs() throws {
        let head = try store.logHead()
        #expect(head.size == Int64(try store.events().count))
        #expect(head.origin.hasPrefix("bindery-"))
        for event in try store.events() {
            let proof = try store.logProof(ofEvent: event.sequence)
            #expect(proof.leaf == CanonicalJSON.encode(event.body))
            #expect(
                MerkleProof.includes(
                    MerkleHash.leaf(proof.leaf),
                    at: proof.index,
                    in: head.size,
                    root: head.root,
                    path: proof.path
                )
            )
        }
        for number: Int64 in [0, -1, head.size + 1, .max, .min + 1] {
            #expect(throws: StoreError.self) { _ = try store.logProof(ofEvent: number) }
        }
        let report = try store.checkLog()
        #expect(report.faults.isEmpty && report.leaves == head.size && report.checkpoint == head)
    }

    @Test("a later log begins with an earlier one")
    func consistency() throws {
        let before = try store.logHead()
        _ = try store.put([fixture.request(fixture.file("more", "more"), "more@1")])
        let (after, path) = try store.logConsistency(since: before.size)
        #expect(MerkleProof.isConsistent((before.size, before.root), (after.size, after.root), path: path))
        #expect(try store.checkLog(against: [before]).faults.isEmpty)
    }

    @Test("more leaves than a tile has")
    func tiles() throws {
        let requests = try (0..<300).map { number in
            try fixture.request(fixture.file("f\(number)", "file \(number)"), "many@\(number)")
        }
        _ = try store.put(requests)
        let head = try store.logHead()
        #expect(head.size == 309)
        let tiles = Tile.all(of: head.size)
        #expect(tiles.map(\.path) == ["tile/0/000", "tile/0/001.p/53", "tile/1/000.p/1"])
        var tree = Frontier()
        for tile in tiles where tile.level == 0 {
            let (hashes, entries) = try store.logTile(tile)
            #expect(entries?.map(MerkleHash.leaf) == hashes)
            for hash in hashes { tree.append(hash) }
        }
        #expect(tree.root == head.root)
        let proof = try store.logProof(ofEvent: 308)
        #expect(
            MerkleProof.includes(MerkleHash.leaf(proof.leaf), at: 307, in: 309, root: head.root, path: proof.path)
        )
        #expect(try store.checkLog().faults.isEmpty)
        try change("UPDATE log_hash SET hash = zeroblob(32) WHERE level = 8")
        #expect(try store.checkLog().faults.contains { $0.contains("level 8 over event 256") })
    }

    @Test(
        "tampering is named",
        arguments: [
            (
                "an event is edited", "UPDATE event SET body = replace(body, 'agent4', 'agentX') WHERE sequence = 4",
                "event 4"
            ),
            (
                "two events are swapped",
                "UPDATE event SET sequence = CASE sequence WHEN 3 THEN 104 WHEN 4 THEN 103 END WHERE sequence IN (3, 4); UPDATE event SET sequence = sequence - 100 WHERE sequence > 100",
                "event 3"
            ),
            ("an event is cut out", "DELETE FROM event WHERE sequence = 5", "event 5 is missing"),
            ("the end is cut off", "DELETE FROM event WHERE sequence > 7", "the log has 7 events"),
            (
                "the end is cut off with its hashes",
                "DELETE FROM event WHERE sequence > 7; DELETE FROM log_hash WHERE position > 6", "the log has 7 events"
            ),
            ("an event is added behind the log", "INSERT INTO event VALUES (10, '{}')", "the log has 10 events"),
            ("a hash is cut off", "DELETE FROM log_hash WHERE position = 8", "event 9 is not the one"),
            ("a hash is edited", "UPDATE log_hash SET hash = zeroblob(32) WHERE position = 2", "event 3"),
            ("the roots are edited", "UPDATE log_tree SET roots = zeroblob(64)", "another root"),
        ]
    )
    func tampering(_ name: String, _ sql: String, _ words: String) throws {
        try change(sql)
        let faults = try store.checkLog().faults
        #expect(faults.contains { $0.contains(words) }, "\(name): \(faults)")
        #expect(try store.verify().faults.contains { $0.kind == .history && $0.detail.contains(words) }, "\(name)")
    }

    @Test("a backup that was restored is consistent with itself, and not with a checkpoint")
    func restored() throws {
        let old = try store.logHead()
        _ = try store.put([fixture.request(fixture.file("more", "more"), "more@1")])
        let kept = try store.logHead()
        #expect(try store.checkLog(against: [kept, old]).faults.isEmpty)
        // The state of before, hashes, tree and all.
        try change(
            """
            DELETE FROM event WHERE sequence > \(old.size); DELETE FROM log_hash WHERE position >= \(old.size);
            """
        )
        #expect(try store.checkLog(against: [kept]).faults.contains { $0.contains("cut, or restored") })
        let fork = Checkpoint(origin: kept.origin, size: old.size, root: Digest.of("fork"))
        #expect(try store.checkLog(against: [fork]).faults.contains { $0.contains("another root") })
        let other = Checkpoint(origin: "elsewhere", size: old.size, root: old.root)
        #expect(try store.checkLog(against: [other]).faults.contains { $0.contains("elsewhere") })
    }

    @Test("a log keeps the name that it had at its first event")
    func origin() throws {
        let fixture = try Fixture()
        let store = try fixture.store()
        #expect(try store.setLogOrigin("example.org/one")?.after == "example.org/one")
        #expect(try store.logHead().origin == "example.org/one")
        #expect(try store.setLogOrigin("example.org/two")?.before == "example.org/one")
        _ = try store.put([fixture.request(fixture.file("agent", "1"))])
        #expect(try store.setLogOrigin("example.org/two") == nil)
        let error = #expect(throws: StoreError.self) { _ = try store.setLogOrigin("example.org/one") }
        #expect(error?.kind == .conflict)
    }
}
