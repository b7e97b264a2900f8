import ArtifactStore
import OCI
import StoreTestSupport
import SystemIO
import Testing

/// A store in a directory of its own, which goes when the fixture does.
final class StoreFixture {
    private let files: TemporaryStore
    let store: Store

    var root: String { files.path }

    init() throws {
        files = try TemporaryStore(at: Timestamp(milliseconds: 0))
        store = try files.open()
    }

    /// Puts a file's text as an artifact.
    @discardableResult
    func put(
        _ name: String,
        _ version: String,
        _ platform: String,
        bytes: [UInt8],
        mode: UInt16? = nil
    ) throws -> Artifact {
        let path = try files.file(name.split(separator: "/").joined(separator: "-"), bytes)
        let request = try files.request(path, "\(name)@\(version)", platform: platform, mode: mode)
        return try #require(try store.put([request]).first).artifact
    }

    /// What a file holds.
    func read(_ path: String) throws -> String {
        String(decoding: try File.open(path).readBytes(limit: 1 << 20), as: UTF8.self)
    }
}
