import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import Glibc
import OCI
import Release
import SystemIO
import Testing
import TransparencyLog

@Suite("Backups")
struct BackupTests {
    private let fixture: Fixture
    private let store: Store
    private var backup: String { fixture.directory + "/backup" }
    private var restored: String { fixture.directory + "/restored" }

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    private func options(_ access: StoreOptions.Access = .writing) -> StoreOptions {
        StoreOptions(access: access, actor: "ops", now: { [clock = fixture.clock] in clock.now })
    }

    @discardableResult
    private func put(_ content: String, _ key: String) throws -> Digest {
        try store.put([fixture.request(fixture.file(UUID().uuidString, content), key)])[0].artifact.digest
    }

    private func restore() throws -> (BackupReport, Store) {
        let report = try Store.restore(from: backup, at: restored, options: options())
        return (report, try Store(at: restored, options: options()))
    }

    @Test("a backup is a store of the same state, and takes only what is new")
    func incremental() throws {
        try put("one", "agent@1")
        try put("two", "agent@2")
        let first = try store.backUp(to: backup)
        #expect(first.blobs == 2)
        #expect(first.present == 0)
        #expect(first.event == 2)
        try put("three", "agent@3")
        let second = try store.backUp(to: backup)
        #expect(second.blobs == 1)
        #expect(second.bytes == 5)
        #expect(second.present == 2)
        #expect(try store.backUp(to: backup).blobs == 0)
        let copy = try Store(at: backup, options: options(.reading))
        #expect(try copy.releases() == store.releases())
        #expect(try copy.events() == store.events())
        #expect(try copy.verify().faults.isEmpty)
        #expect(try Directory.names(in: copy.paths.staging).isEmpty)
        #expect(try Directory.names(in: backup).filter { $0.contains("partial") }.isEmpty)
    }

    @Test("what belongs to this machine and moment isn't in it")
    func leases() throws {
        let digest = try put("one", "agent@1")
        try DatabaseQueue(path: store.paths.index).write { db in
            try db.execute(sql: "INSERT INTO lease (id, holder, expires_at) VALUES ('l', 'somebody', 9000000000000)")
            try db.execute(sql: "INSERT INTO lease_blob VALUES ('l', x'\(digest.hex)')")
            try db.execute(sql: "INSERT INTO blob_file VALUES (x'\(digest.hex)', 1, 1, 1, 1, 1)")
        }
        try store.record(.backup, faults: 0, bytes: 1)
        _ = try store.backUp(to: backup)
        let counts = try DatabaseQueue(path: backup + "/bindery.db").read { db in
            try ["lease", "lease_blob", "blob_file", "scrub", "upkeep"].map {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)")
            }
        }
        #expect(counts == [0, 0, 0, 0, 0])
    }

    @Test("what is restored is shared with the group of before, or with none when that isn't here")
    func sharing() throws {
        try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        #expect(try restore().0.formerGroup == nil)
        try Directory.removeTree(restored)
        // Another group than the user's own, where the user may give files to it, as root may.
        if let group = GroupFile.group(named: "daemon") {
            try? Directory.setMode(store.paths.root, FileStatus.of(store.paths.root).mode, group: group)
        }
        _ = try store.setSharing(.group)
        _ = try store.backUp(to: backup)
        let (report, copy) = try restore()
        let name = try #require(try GroupFile.name(of: FileStatus.of(store.paths.root).group))
        #expect(report.formerGroup?.name == name)
        #expect(report.isShared)
        #expect(try copy.setSharing(.group) == nil)
        #expect(try FileStatus.of(copy.paths.root).group == FileStatus.of(store.paths.root).group)
        #expect(try copy.verify().faults.isEmpty)
        let rules = try DatabaseQueue(path: copy.paths.index).read { db in
            try String.fetchAll(db, sql: "SELECT name FROM rule WHERE name LIKE 'shared%'")
        }
        #expect(rules.isEmpty)
        // As from a store itself.
        let second = try Store.restore(from: restored, at: restored + "-2", options: options())
        #expect(second.formerGroup?.name == name && second.isShared)
        try DatabaseQueue(path: backup + "/bindery.db").write { db in
            try db.execute(sql: "UPDATE rule SET value = 'no-such-group' WHERE name = 'shared-group'")
        }
        let third = try Store.restore(from: backup, at: restored + "-3", options: options())
        #expect(third.formerGroup?.name == "no-such-group")
        #expect(!third.isShared)
        #expect(try FileStatus.of(restored + "-3").mode & 0o020 == 0)
    }

    @Test("another store's backup, a later state and the store itself are refused, and stay")
    func refused() throws {
        try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        try Store(at: backup, options: options()).pin([.of(Array("one".utf8))], reason: nil)
        let other = fixture.directory + "/other"
        _ = try Store(
            at: other,
            options: StoreOptions(create: true, actor: "ci", now: { Timestamp(milliseconds: 1) })
        ).put([fixture.request(fixture.file("bytes", "other"), "other@1")])
        try Directory.create(fixture.directory + "/full")
        _ = try fixture.file("full/letter", "mine")
        for path in [backup, other, store.paths.root, store.paths.root + "/new/one", fixture.directory + "/full"] {
            let before = try? fixture.bytes(path + "/bindery.db")
            let error = #expect(throws: StoreError.self) { try store.backUp(to: path) }
            let isInside = path.hasPrefix(store.paths.root)
            #expect(error?.kind == ([backup, other].contains(path) ? .conflict : isInside ? .usage : .environment))
            #expect((try? fixture.bytes(path + "/bindery.db")) == before)
        }
    }

    @Test("a full disk of a backup isn't one that `gc` makes room on", arguments: ["bindery.db", "bindery.db.partial"])
    func full(name: String) {
        let text = StoreError.index(path: "/disk/\(name)", failure: .full, reason: "full").description
        #expect(text.contains("no space is left for the index /disk/\(name)"))
        #expect(text.contains("gc") == (name == "bindery.db"))
    }

    @Test("a damaged blob is named; the backup keeps its good one, and gives it back")
    func damaged() throws {
        let one = try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        let two = try put("two", "agent@2")
        let three = try put("three", "agent@3")
        for digest in [one, two] {
            try Directory.remove(store.paths.blob(digest))
            try File.open(store.paths.blob(digest), O_WRONLY | O_CREAT, mode: 0o444).write(Array("bad".utf8))
        }
        try Directory.remove(store.paths.blob(three))
        let report = try store.backUp(to: backup)
        #expect(Set(report.faults.map(\.digest)) == [two, three])
        #expect(report.present == 1)
        let copy = try Store(at: backup, options: options(.reading))
        #expect(try copy.readBlob(one) == Array("one".utf8))
        #expect(try copy.events() == store.events())
    }

    @Test("a damaged blob of the backup is found when it is asked to look, and replaced")
    func rehashing() throws {
        let one = try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        let path = StorePaths(root: backup).blob(one)
        try Directory.remove(path)
        try File.open(path, O_WRONLY | O_CREAT, mode: 0o444).write(Array("bad".utf8))
        #expect(try store.backUp(to: backup).blobs == 0, "a look at size and kind doesn't show it")
        #expect(try store.backUp(to: backup, rehashing: true).blobs == 1)
        #expect(try fixture.bytes(path) == Array("one".utf8))
    }

    @Test("what the store has no more stays in the backup, unless it is pruned")
    func pruning() throws {
        let one = try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
        _ = try store.collect(grace: 0)
        _ = try store.backUp(to: backup)
        let names = { try Directory.names(in: StorePaths(root: backup).blobs) }
        #expect(try names() == [one.hex])
        #expect(try store.backUp(to: backup, pruning: true).removed == 1)
        #expect(try names().isEmpty)
    }

    @Test("a collection beside a backup takes no blob from it")
    func collected() throws {
        try put("stays", "agent@0")
        try put("goes", "agent@1")
        var hooked = options()
        let hook = LogHook(at: "snapshot taken") { [store] in
            guard try store.releases().count == 2 else { return }
            _ = try store.remove(try ReleaseKey(parsing: "agent@1"))
            _ = try store.collect(grace: 0)
        }
        hooked.logger = hook.logger
        let report = try Store(at: store.paths.root, options: hooked).backUp(to: backup)
        #expect(try hook.finish() == 2)
        #expect(report.faults.isEmpty)
        let copy = try Store(at: backup, options: options(.reading))
        #expect(try copy.releases().map { "\($0.key)" } == ["agent@0"])
        #expect(try copy.verify().faults.isEmpty)
    }

    @Test("a restored store is whole, says so in its log, and collects nothing before it was verified")
    func restoring() throws {
        try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        let (report, copy) = try restore()
        #expect(report.blobs == 1)
        #expect(try copy.releases() == store.releases())
        #expect(try copy.events().dropLast() == store.events()[...])
        #expect(try copy.latestEvents(limit: 1).last?["what"] == "restore")
        let error = #expect(throws: StoreError.self) { try copy.collect(grace: 0) }
        #expect(error?.kind == .conflict)
        _ = try copy.collect(grace: 0, dryRun: true)
        #expect(try copy.awaitsVerification())
        try copy.noteVerified()
        #expect(try !copy.awaitsVerification())
        _ = try copy.collect(grace: 0)
        let again = #expect(throws: StoreError.self) { try restore() }
        #expect(again?.kind == .conflict)
    }

    @Test("a restored store's log has its own name, all proofs, and its former log's checkpoints")
    func restoredLog() throws {
        for version in 1...3 { try put("\(version)", "agent@\(version)") }
        let early = try store.logHead()
        try store.keepCheckpoint(early, note: Array("signed".utf8))
        try put("4", "agent@4")
        let last = try store.logHead()
        _ = try store.backUp(to: backup)
        try put("5", "agent@5")
        let later = try store.logHead()
        let (report, copy) = try restore()
        let head = try copy.logHead()
        #expect(head.origin != early.origin && report.origin == head.origin)
        #expect(head.size == 5)
        #expect(try copy.signedCheckpoints().isEmpty)
        #expect(try copy.seenCheckpoints(of: early.origin) == [early])
        #expect(try copy.checkLog(against: [early, last, head]).faults.isEmpty)
        #expect(try copy.checkLog(against: [later]).faults.contains { $0.contains("it was cut, or restored") })
        // The former log ended there, whatever the new one has since.
        _ = try copy.put([fixture.request(fixture.file("other", "other"), "other@1")])
        #expect(try copy.checkLog(against: [later]).faults.contains { $0.contains("it was cut, or restored") })
        let fork = Checkpoint(origin: early.origin, size: 3, root: .of(Array("fork".utf8)))
        #expect(try copy.checkLog(against: [fork]).faults.contains { $0.contains("another root") })
        for sequence: Int64 in 1...6 {
            let proof = try copy.logProof(ofEvent: sequence)
            let leaf = MerkleHash.leaf(proof.leaf)
            let checkpoint = proof.checkpoint
            #expect(
                MerkleProof.includes(leaf, at: proof.index, in: 6, root: checkpoint.root, path: proof.path)
            )
        }
        #expect(try copy.verify().faults.isEmpty)
    }

    @Test("a store restored twice knows both former logs, and takes neither's name")
    func restoredTwice() throws {
        try put("one", "agent@1")
        let first = try store.logHead()
        _ = try store.backUp(to: backup)
        _ = try Store.restore(from: backup, at: restored, origin: "example.org/two", options: options())
        let copy = try Store(at: restored, options: options())
        let second = try copy.logHead()
        #expect(second.origin == "example.org/two")
        for taken in [first.origin, "example.org/two"] {
            let error = #expect(throws: StoreError.self) {
                try Store.restore(from: restored, at: restored + "2", origin: taken, options: options())
            }
            #expect(error?.kind == .conflict)
        }
        _ = try Store.restore(from: restored, at: restored + "2", options: options())
        let again = try Store(at: restored + "2", options: options())
        #expect(try again.checkLog(against: [first, second]).faults.isEmpty)
        _ = try copy.put([fixture.request(fixture.file("other", "other"), "other@1")])
        let later = try copy.logHead()
        #expect(try again.checkLog(against: [later]).faults.contains { $0.contains("cut, or restored") })
    }

    @Test("a restored log whose earlier events were edited is found out by the restore's own event")
    func editedFormerLog() throws {
        for version in 1...3 { try put("\(version)", "agent@\(version)") }
        _ = try store.backUp(to: backup)
        let (_, copy) = try restore()
        let root = try copy.logHead().root
        try DatabaseQueue(path: copy.paths.index).writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP TRIGGER event_is_never_changed;
                    UPDATE event SET body = replace(body, '"what":"restore"', '"what":"restored"') WHERE sequence = 4;
                    UPDATE event SET body = replace(body, 'agent', 'other') WHERE sequence = 2;
                    """
            )
        }
        #expect(try copy.logHead().root == root)
        let faults = try copy.checkLog().faults
        #expect(faults.contains { $0.contains("event 2") } && faults.contains { $0.contains("event 4") }, "\(faults)")
    }

    @Test("a backup with bad blobs is restored but for these, which are named")
    func restoringDamaged() throws {
        let one = try put("one", "agent@1")
        let two = try put("two", "agent@2")
        let three = try put("three", "agent@3")
        _ = try store.backUp(to: backup)
        let paths = StorePaths(root: backup)
        try Directory.remove(paths.blob(one))
        try File.open(paths.blob(one), O_WRONLY | O_CREAT, mode: 0o444).write(Array("bad".utf8))
        try Directory.remove(paths.blob(two))
        try #require(symlink("/etc/passwd", paths.blob(two)) == 0)
        let (report, copy) = try restore()
        #expect(Set(report.faults.map(\.digest)) == [one, two])
        #expect(try copy.readBlob(three) == Array("three".utf8))
        #expect(Set(try copy.verify().faults.compactMap(\.digest)) == [one, two])
    }

    @Test("a half-restored directory is not a store, and is gone on with")
    func halfRestored() throws {
        let one = try put("one", "agent@1")
        _ = try store.backUp(to: backup)
        let paths = StorePaths(root: restored)
        try Directory.createWithParents(paths.blobs)
        for name in ["bindery.db.partial", "bindery.db.partial-journal"] {
            _ = try File.open("\(restored)/\(name)", O_WRONLY | O_CREAT, mode: 0o600)
        }
        try File.open(paths.blob(one), O_WRONLY | O_CREAT, mode: 0o444).write(Array("bad".utf8))
        var creating = options()
        creating.create = true
        #expect(throws: StoreError.self) { try Store(at: restored, options: creating) }
        let (report, copy) = try restore()
        #expect(report.faults.isEmpty)
        #expect(try copy.readBlob(one) == Array("one".utf8))
        #expect(try Directory.names(in: restored).filter { $0.contains("partial") }.isEmpty)
    }
}
