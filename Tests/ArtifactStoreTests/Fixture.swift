import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import OCI
import Synchronization
import SystemIO

/// A folder of its own for each test, removed afterwards; BINDERY_KEEP_TEST_FILES keeps it.
final class Fixture: Sendable {
    let folder: String
    let clock: Clock

    init() throws {
        folder = NSTemporaryDirectory() + "/bindery-test-\(UInt64.random(in: .min ... .max))"
        clock = Clock()
        try Directory.createWithParents(folder)
    }

    deinit {
        guard ProcessInfo.processInfo.environment["BINDERY_KEEP_TEST_FILES"] == nil else { return }
        try? Directory.removeTree(folder)
    }

    /// A store in the fixture's folder, made when it isn't there.
    func store(durable: Bool = true, actor: String = "ci@build-7") throws -> Store {
        let clock = clock
        let options = StoreOptions(create: true, durable: durable, actor: actor, now: { clock.now })
        return try Store(at: folder + "/store", options: options)
    }

    /// A file with some bytes.
    func file(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws -> String {
        let path = folder + "/" + name
        let file = try File.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.setMode(mode)
        return path
    }

    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// A request for a file without code.
    func request(_ path: String, _ key: String = "agent@1.2.3", platform: String = "any") throws -> PutRequest {
        let release = try ReleaseKey(parsing: key)
        return PutRequest(
            source: .path(path),
            name: release.name,
            version: release.version,
            platform: try ArtifactPlatform(parsing: platform)
        )
    }

    /// The names in the store's folder of blobs.
    var blobNames: [String] {
        (try? Directory.names(in: folder + "/store/blobs/sha256")) ?? []
    }

    /// A clock that moves one second at each look.
    final class Clock: Sendable {
        private let milliseconds = Atomic<Int64>(1_795_509_720_000)

        var now: Timestamp {
            Timestamp(milliseconds: milliseconds.wrappingAdd(1000, ordering: .relaxed).newValue)
        }
    }
}
