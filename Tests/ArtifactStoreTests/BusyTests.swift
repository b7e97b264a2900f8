import ArtifactStore
import Foundation
import GRDB
import Glibc
import SystemIO
import Testing

@Suite("A store that somebody else is writing to")
struct BusyTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        let made = try fixture.store()
        let clock = fixture.clock
        let options = StoreOptions(actor: "me", now: { clock.now }, busyTimeout: 0.2)
        store = try Store(at: made.paths.root, options: options)
    }

    @Test("a change waits for so long and no longer, and says why; readers don't wait")
    func busyHasABound() throws {
        let path = try fixture.file("source", "bytes")
        let request = try fixture.request(path)
        let other = try DatabaseQueue(path: store.paths.index)
        try other.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect {
                try store.put([request])
            } throws: { error in
                guard case StoreError.index(_, .busy, _) = error else { return false }
                return "\(error)".contains("another process")
            }
            #expect(try store.releases().isEmpty)
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try store.put([request])[0].isNew)
    }

    @Test("opening waits for the folder's lock for so long and no longer")
    func lockHasABound() throws {
        let folder = try File.open(store.paths.root, O_RDONLY | O_DIRECTORY)
        #expect(try folder.tryLock())
        let clock = fixture.clock
        let options = StoreOptions(actor: "me", now: { clock.now }, busyTimeout: 0.2)
        #expect {
            try Store(at: store.paths.root, options: options)
        } throws: { error in
            if case StoreError.index(_, .busy, _) = error { true } else { false }
        }
        // Who only reads takes no lock.
        let reading = StoreOptions(access: .reading, actor: "me", now: { clock.now }, busyTimeout: 0.2)
        #expect(try Store(at: store.paths.root, options: reading).releases().isEmpty)
    }
}
