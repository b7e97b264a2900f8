import ArtifactStore
import Foundation
import OCI
import StoreTestSupport
import SystemIO

/// A directory with a store that syncs, as users have it, and files to put.
final class Fixture: Sendable {
    private let files: TemporaryStore

    init() throws { files = try TemporaryStore() }

    var directory: String { files.path }

    /// A clock that moves one second at each look.
    var clock: Clock { Clock(files: files) }

    struct Clock: Sendable {
        fileprivate let files: TemporaryStore

        var now: Timestamp { files.clock.now }
    }

    /// A store in the fixture's directory, made when it isn't there.
    func store(durable: Bool = true, actor: String = "ci@build-7") throws -> Store {
        try files.open(durable: durable, actor: actor)
    }

    /// A file with some bytes.
    func file(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws -> String {
        try files.file(name, bytes, mode: mode)
    }

    func file(_ name: String, _ text: String) throws -> String {
        try files.file(name, text)
    }

    func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// A request for a file without code.
    func request(_ path: String, _ key: String = "agent@1.2.3", platform: String = "any") throws -> PutRequest {
        try files.request(path, key, platform: platform)
    }

    /// The names in the store's directory of blobs.
    var blobNames: [String] {
        (try? Directory.names(in: directory + "/store/blobs/sha256")) ?? []
    }
}
