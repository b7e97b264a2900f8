import ArtifactStore
import Foundation
import GRDB
import Glibc
import StoreTestSupport
import SystemIO
import Testing

@Suite("A store that somebody else is writing to")
struct BusyTests {
    private let fixture: Fixture
    private let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
    }

    @Test("a change waits for so long and no longer, and says why; readers don't wait")
    func busyHasABound() throws {
        let request = try fixture.request(fixture.file("source", "bytes"))
        let hasty = try hastyStore()
        let other = try DatabaseQueue(path: store.paths.index)
        try other.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect {
                try hasty.put([request])
            } throws: { error in
                guard case StoreError.index(_, .busy, _) = error else { return false }
                return "\(error)".contains("another process")
            }
            #expect(try store.releases().isEmpty)
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try store.put([request])[0].isNew)
    }

    /// One that waits for others hardly at all, opened in time.
    private func hastyStore() throws -> Store {
        while true {
            do { return try open(store.paths.root, timeout: 0.2) } catch StoreError.index(_, .busy, _) {}
        }
    }

    private func open(
        _ path: String,
        create: Bool = false,
        access: StoreOptions.Access = .writing,
        timeout: Double = TemporaryStore.patience
    ) throws -> Store {
        let clock = fixture.clock
        let options = StoreOptions(
            create: create,
            access: access,
            actor: "me",
            now: { clock.now },
            busyTimeout: timeout
        )
        return try Store(at: path, options: options)
    }

    @Test("opening waits for the store's lock for so long and no longer")
    func lockHasABound() throws {
        let lock = try File.open(store.paths.root + "/lock", O_RDONLY)
        // Whoever has just opened the store may have it locked for a moment more, by a program that another test starts.
        while try !lock.tryLock() { usleep(10_000) }
        #expect {
            try open(store.paths.root, timeout: 0.2)
        } throws: { error in
            if case StoreError.index(_, .busy, _) = error { true } else { false }
        }
        // Who only reads takes no lock.
        #expect(try open(store.paths.root, access: .reading).releases().isEmpty)
    }

    @Test(
        "another program's lock on the directory stops nobody, and only who may write to the index may lock the store"
    )
    func strangersLock() throws {
        let directory = try File.open(store.paths.root, O_RDONLY | O_DIRECTORY)
        #expect(try directory.tryLock())
        #expect(try open(store.paths.root).put([fixture.request(fixture.file("source", "bytes"))])[0].isNew)
        #expect(try FileStatus.ofLink(store.paths.root + "/lock").mode == 0o600)
        try #require(chmod(store.paths.index, 0o664) == 0)
        _ = try open(store.paths.root)
        #expect(try FileStatus.ofLink(store.paths.root + "/lock").mode == 0o660)
    }

    @Test("a store is made though another program has its directory locked")
    func madeBesideAStranger() throws {
        let path = fixture.directory + "/new"
        try Directory.create(path)
        let directory = try File.open(path, O_RDONLY | O_DIRECTORY)
        #expect(try directory.tryLock())
        #expect(try open(path, create: true).releases().isEmpty)
    }

    @Test("a link in the place of the lock isn't followed", arguments: ["lock", "staging", "quarantine"])
    func links(name: String) throws {
        let elsewhere = fixture.directory + "/elsewhere"
        try Directory.create(elsewhere)
        let path = store.paths.root + "/" + name
        try Directory.removeTree(path)
        try #require(symlink(elsewhere, path) == 0)
        #expect(throws: StoreError.self) { try open(store.paths.root) }
        #expect(try Directory.names(in: elsewhere).isEmpty)
    }
}
