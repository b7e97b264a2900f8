import ArtifactStore
import OCI
import SystemIO
import Testing

/// A store in a folder of its own, which goes when the fixture does.
final class StoreFixture {
    let root: String
    let store: Store

    init() throws {
        let root = "/tmp/bindery-assembler-\(UInt64.random(in: .min ... .max))"
        self.root = root
        try Directory.create(root)
        let options = StoreOptions(create: true, durable: false, actor: "test", now: { Timestamp(milliseconds: 0) })
        store = try Store(at: root + "/store", options: options)
    }

    deinit {
        try? Directory.removeTree(root)
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
        let path = root + "/" + name.split(separator: "/").joined(separator: "-")
        let file = try File.open(path, 0o1101, mode: 0o644)
        try file.write(bytes)
        let request = PutRequest(
            source: .path(path),
            name: try RepositoryName(parsing: name),
            version: try Version(parsing: version),
            platform: try ArtifactPlatform(parsing: platform),
            mode: mode
        )
        return try #require(try store.put([request]).first).artifact
    }

    /// What a file holds.
    func read(_ path: String) throws -> String {
        String(decoding: try File.open(path).readBytes(limit: 1 << 20), as: UTF8.self)
    }
}
