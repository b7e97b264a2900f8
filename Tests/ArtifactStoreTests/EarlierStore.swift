import ArtifactStore
import Foundation
import GRDB
import Glibc
import OCI
import SystemIO

/// A store whose index an earlier program made: with so many migrations, from Tests/Golden/stores.
struct EarlierStore {
    let fixture: Fixture
    let paths: StorePaths

    init() throws {
        fixture = try Fixture()
        paths = StorePaths(root: fixture.directory + "/store")
    }

    /// The index that a program with so many migrations made.
    func make(_ migrations: Int = 7) throws {
        try Directory.createWithParents(paths.blobs)
        try Directory.create(paths.staging, mode: 0o700)
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let sql = try String(
            contentsOf: tests.appending(path: "Golden/stores/schema-\(migrations).sql"),
            encoding: .utf8
        )
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: paths.index, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// The store as commands that only read have it.
    func reader() throws -> Store {
        try Store(
            at: paths.root,
            options: StoreOptions(access: .reading, actor: "test", now: { Timestamp(milliseconds: 0) })
        )
    }

    /// Changes the index behind the store's back.
    func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: paths.index)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}
