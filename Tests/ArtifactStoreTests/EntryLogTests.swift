import ContentAddress
import Foundation
import GRDB
import OCI
import Testing
import TransparencyLog

@testable import ArtifactStore

/// The entries outside of the index are those of its events, whatever was left behind in them.
@Suite struct EntryLogTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func open() throws -> Store { try fixture.store(durable: false) }

    private func add(_ count: Int, to store: Store) throws {
        for _ in 0..<count { _ = try store.setRequiresSeal(try !store.requiresSeal()) }
    }

    private func entries(_ store: Store) throws -> [[UInt8]] {
        var reader = try #require(EntryReader(store.paths))
        return try (0..<store.logHead().size).map { try #require(try reader.entry($0), "entry \($0)") }
    }

    private func leaves(_ store: Store) throws -> [[UInt8]] {
        try store.index.read { try String.fetchAll($0, sql: "SELECT body FROM event ORDER BY sequence") }
            .map(LogRows.leaf)
    }

    @Test func eachEventHasItsEntry() throws {
        let store = try open()
        try add(600, to: store)
        #expect(try entries(store) == leaves(store))
        #expect(try store.checkLog().faults.isEmpty)
        let paths = store.paths
        #expect(FileManager.default.fileExists(atPath: paths.entries(0)))
        #expect(FileManager.default.fileExists(atPath: paths.growingEntries(2)))
        #expect(!FileManager.default.fileExists(atPath: paths.growingEntries(1)))
        let origin = try String(contentsOfFile: paths.logOrigin, encoding: .utf8)
        #expect(origin == (try store.logHead().origin) + "\n")
    }

    @Test(arguments: [1, 255, 256, 257, 300, 511, 512, 513])
    func whatIsMissingIsWrittenWithTheNextEvent(_ count: Int) throws {
        let store = try open()
        try add(count, to: store)
        try FileManager.default.removeItem(atPath: store.paths.log)
        #expect(try store.checkLog().faults.isEmpty)
        try add(1, to: store)
        #expect(try entries(store) == leaves(store))
        #expect(try store.checkLog().faults.isEmpty)
    }

    @Test(arguments: [1, 100, 255, 256, 400])
    func whatACommitThatFailedLeftIsWrittenOver(_ count: Int) throws {
        struct Failure: Error {}
        let store = try open()
        try add(count, to: store)
        for lost in [1, 3, 300] {
            #expect(throws: StoreError.self) {
                try store.index.write { (db: Database) -> Void in
                    try EntryLog(paths: store.paths, isDurable: false).record(db) { db in
                        for number in 0..<lost { try Self.append("lost \(number)", in: db) }
                    }
                    throw Failure()
                }
            }
            #expect(try store.checkLog().faults.isEmpty)
            try add(1, to: store)
            #expect(try entries(store) == leaves(store))
        }
    }

    @Test func aTornWriteIsNoEntry() throws {
        let store = try open()
        try add(3, to: store)
        let path = store.paths.growingEntries(0)
        let whole = try Data(contentsOf: URL(filePath: path))
        for size in 0..<whole.count {
            try whole.prefix(size).write(to: URL(filePath: path))
            #expect(try !store.checkLog().faults.isEmpty)
            try EntryLog(paths: store.paths, isDurable: false).completeForTest(store)
            #expect(try Data(contentsOf: URL(filePath: path)) == whole)
        }
    }

    @Test func anAlteredEntryIsNamed() throws {
        let store = try open()
        try add(300, to: store)
        let path = store.paths.entries(0)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count - 10] ^= 1
        try bytes.write(to: URL(filePath: path))
        #expect(try store.checkLog().faults == ["the entry of event 256 outside of the index is another one"])
    }

    @Test func longBodiesAndSignedValuesAreKept() throws {
        let store = try open()
        let long = String(repeating: "a", count: 70_000)
        try store.index.write { try Self.append(long, in: $0) }
        let body = try #require(
            try store.index.read { try String.fetchOne($0, sql: "SELECT body FROM event ORDER BY sequence DESC") }
        )
        let kept = try Data(contentsOf: URL(filePath: store.paths.logValue(Digest.of(body))))
        #expect(Array(kept) == Array(body.utf8))
        #expect(try entries(store) == leaves(store))
    }

    @Test func aStoreWithoutItsIndexIsNotMadeAgain() throws {
        let index: String
        do {
            let store = try open()
            try add(1, to: store)
            index = store.paths.index
        }
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index + end) }
        let error = #expect(throws: StoreError.self) { _ = try open() }
        #expect("\(String(describing: error))".contains("reindex"))
    }

    private static func append(_ text: String, in db: Database) throws {
        try EventRows.append(
            .rule,
            digest: nil,
            at: Timestamp(milliseconds: 0),
            by: "test",
            more: ["text": .string(text)],
            in: db
        )
    }
}

extension EntryLog {
    fileprivate func completeForTest(_ store: Store) throws { try store.index.read { try complete(in: $0) } }
}
