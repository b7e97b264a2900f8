import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import OCI
import StoreTestSupport
import Testing

@Suite struct JournalModeTests {
    let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    private func open(_ journal: JournalMode?) throws -> Store {
        var options = StoreOptions(
            create: true,
            actor: "test",
            now: { Timestamp(milliseconds: 0) },
            busyTimeout: TemporaryStore.patience
        )
        options.journal = journal
        return try Store(at: fixture.directory + "/store", options: options)
    }

    /// The read and write versions of an index's header (SQLite, "Database File Format", section 1.3.3): 2 is WAL.
    private func versions(_ store: Store) throws -> [UInt8] { Array(try fixture.bytes(store.paths.index)[18...19]) }

    @Test(arguments: [(nil, 2), (.wal, 2), (.rollback, 1)] as [(JournalMode?, UInt8)])
    func aNewStoreGetsWhatIsAskedFor(journal: JournalMode?, version: UInt8) throws {
        let path = try fixture.file("tool", "bytes")
        let digest: String
        do {
            let store = try open(journal)
            digest = try #require(store.put([fixture.request(path)]).first).artifact.digest.description
            #expect(try versions(store) == [version, version])
        }
        // Neither opening nor another wish changes it.
        let store = try open(journal == .rollback ? .wal : .rollback)
        #expect(try versions(store) == [version, version])
        #expect(try #require(store.put([fixture.request(path)]).first).artifact.digest.description == digest)
        #expect(try store.verify().faults.isEmpty)
    }

    private func setJournal(
        _ mode: JournalMode,
        at root: String,
        timeout: Double = TemporaryStore.patience
    ) throws(StoreError) -> SettingChange? {
        let options = StoreOptions(actor: "test", now: { Timestamp(milliseconds: 0) }, busyTimeout: timeout)
        return try Store.setJournal(mode, at: root, options: options)
    }

    @Test func itChangesWhileNobodyElseIsInside() throws {
        let path = try fixture.file("tool", "bytes")
        let root: String
        do {
            let store = try open(.wal)
            root = store.paths.root
            _ = try store.put([fixture.request(path)])
            let error = #expect(throws: StoreError.self) { try setJournal(.rollback, at: root, timeout: 0.1) }
            #expect(error?.kind == .environment)
            #expect(try versions(store) == [2, 2])
        }
        for (mode, version, before) in [
            (JournalMode.rollback, UInt8(1), "wal"), (.rollback, 1, nil), (.wal, 2, "rollback"),
        ] {
            #expect(try setJournal(mode, at: root)?.before == before)
            let store = try open(nil)
            #expect(try versions(store) == [version, version])
            #expect(try store.put([fixture.request(path)]).map(\.isNew) == [false])
            let event = try #require(store.latestEvents(limit: 1).last)
            #expect(["what", "rule", "value"].map { event[$0] } == ["rule", "journal", mode.rawValue])
        }
        #expect(try open(nil).events().filter { $0["what"] == "rule" }.count == 2)
    }

    @Test func aKilledChangeIsUndoneForReaders() throws {
        let store = try open(.rollback)
        _ = try store.put([fixture.request(try fixture.file("tool", "bytes"))])
        // What a process leaves that dies inside its commit: a journal, and pages that it has changed.
        let copy = fixture.directory + "/killed"
        let dying = try DatabaseQueue(path: store.paths.index)
        try dying.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_spill = 1; PRAGMA cache_size = 1")
            try db.inTransaction(.immediate) {
                try db.execute(sql: "DELETE FROM artifact; CREATE TABLE filler (a)")
                for _ in 0..<50 { try db.execute(sql: "INSERT INTO filler VALUES (randomblob(10000))") }
                try FileManager.default.copyItem(atPath: store.paths.root, toPath: copy)
                return .rollback
            }
        }
        #expect(FileManager.default.fileExists(atPath: copy + "/bindery.db-journal"))
        let options = StoreOptions(access: .reading, actor: "test", now: { Timestamp(milliseconds: 0) })
        let reader = try Store(at: copy, options: options)
        #expect(try reader.releases().count == 1)
    }
}
