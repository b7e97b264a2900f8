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

    private func open(_ path: String, create: Bool = false, access: StoreOptions.Access = .writing) throws -> Store {
        let clock = fixture.clock
        let options = StoreOptions(create: create, access: access, actor: "me", now: { clock.now }, busyTimeout: 0.2)
        return try Store(at: path, options: options)
    }

    @Test("opening waits for the store's lock for so long and no longer")
    func lockHasABound() throws {
        let lock = try File.open(store.paths.root + "/lock", O_RDONLY)
        #expect(try lock.tryLock())
        #expect {
            try open(store.paths.root)
        } throws: { error in
            if case StoreError.index(_, .busy, _) = error { true } else { false }
        }
        // Who only reads takes no lock.
        #expect(try open(store.paths.root, access: .reading).releases().isEmpty)
    }

    @Test("a stranger's lock on the directory stops nobody, and only who may write to the index may lock the store")
    func strangersLock() throws {
        let directory = try File.open(store.paths.root, O_RDONLY | O_DIRECTORY)
        #expect(try directory.tryLock())
        #expect(try open(store.paths.root).put([fixture.request(fixture.file("source", "bytes"))])[0].isNew)
        #expect(try FileStatus.ofLink(store.paths.root + "/lock").mode == 0o600)
        try #require(chmod(store.paths.index, 0o664) == 0)
        _ = try open(store.paths.root)
        #expect(try FileStatus.ofLink(store.paths.root + "/lock").mode == 0o660)
    }

    @Test("a store is made though a stranger has its directory locked")
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
