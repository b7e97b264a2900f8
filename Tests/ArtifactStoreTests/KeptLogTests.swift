import ArtifactStore
import Foundation
import OCI
import StoreTestSupport
import SystemIO
import Testing

@Suite("The write-ahead log after the last process")
struct KeptLogTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func open(_ access: StoreOptions.Access) throws -> Store {
        try Store(
            at: fixture.directory + "/store",
            options: StoreOptions(access: access, actor: "test", now: { Timestamp(milliseconds: 1) })
        )
    }

    private func logSize(of store: String) -> Int64 { (try? FileStatus.of(store + "/bindery.db-wal").size) ?? 0 }

    private func verified() throws -> Int64? { try open(.reading).upkeep().first { $0.kind == .verify }?.bytes }

    @Test("what only records leaves it to the next one, which reads it; a change moves it into the index")
    func left() throws {
        let path = fixture.directory + "/store"
        do { _ = try fixture.store() }
        #expect(logSize(of: path) == 0)
        do { try open(.recording).record(.verify, faults: 0, bytes: 7) }
        #expect(logSize(of: path) > 0)
        #expect(try verified() == 7)
        #expect(logSize(of: path) > 0)
        do { _ = try open(.writing).put([fixture.request(fixture.file("agent", "one"))]) }
        #expect(logSize(of: path) == 0)
        #expect(try verified() == 7)
    }

    @Test("a long one is moved into the index by whoever comes next")
    func bounded() throws {
        let path = fixture.directory + "/store"
        do { _ = try fixture.store() }
        for bytes in Int64(0)..<400 {
            do { try open(.recording).record(.verify, faults: 0, bytes: bytes) }
            #expect(logSize(of: path) < 2 << 20)
        }
        #expect(try verified() == 399)
    }
}
