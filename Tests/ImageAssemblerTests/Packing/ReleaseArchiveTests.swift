import ArtifactStore
import ContentAddress
import Foundation
import ImageAssembler
import OCI
import Release
import StoreTestSupport
import Testing

/// Release archives made of stored files.
///
/// What others read of them is in the end-to-end test of archives.
@Suite("Archives of releases")
struct ReleaseArchiveTests {
    private let files: TemporaryStore
    private let store: Store
    private let release: ReleaseKey
    private let platform: Platform

    init() throws {
        files = try TemporaryStore()
        store = try files.open()
        release = try ReleaseKey(parsing: "team/tool@1.2.3-rc.1")
        platform = try Platform(os: "linux", architecture: "arm", variant: "v7")
        let name = try RepositoryName(parsing: "team/tool")
        let version = try Version(parsing: "1.2.3-rc.1")
        let all: [(String, ArtifactPlatform, ReleasePath?, UInt16, [String: String])] = [
            ("tool", .platform(platform), nil, 0o755, [:]),
            ("LICENSE", .any, try ReleasePath(parsing: "LICENSE"), 0o644, [:]),
            ("tool.conf", .any, try ReleasePath(parsing: "etc/tool.conf"), 0o600, [:]),
            ("tool.tar.gz", .any, try ReleasePath(parsing: "x.tar.gz"), 0o644, [Annotation.artifactKind: "archive"]),
        ]
        _ = try store.put(
            all.map { source, platform, path, mode, annotations in
                PutRequest(
                    source: .path(try files.file(source, "what is in \(source)")),
                    name: name,
                    version: version,
                    platform: platform,
                    path: path,
                    mode: mode,
                    annotations: annotations
                )
            }
        )
    }

    private func archive(_ form: ReleaseArchive.Form, _ platform: Platform? = nil) throws -> ReleaseArchive {
        let artifacts = try store.artifacts(of: release)
        return try ReleaseArchive(of: release, artifacts, for: platform ?? self.platform, as: form)
    }

    @Test("it has the platform's files and those for all, and no archives")
    func entries() throws {
        let archive = try archive(.tarGzip)
        #expect(archive.entries.map(\.path) == ["LICENSE", "etc/tool.conf", "tool"])
        #expect(archive.fileName == "tool_1.2.3-rc.1_linux_armv7.tar.gz")
        #expect(throws: PackError.self) { try self.archive(.zip, Platform(os: "linux", architecture: "amd64")) }
    }

    @Test("a package has programs and settings where a system has them")
    func debian() throws {
        let archive = try archive(.deb)
        #expect(archive.entries.map(\.path) == ["etc/tool.conf", "usr/bin/tool", "usr/share/doc/tool/LICENSE"])
    }

    @Test("the same release gives the same bytes, another time gives others", arguments: ReleaseArchive.Form.allCases)
    func reproducible(form: ReleaseArchive.Form) throws {
        let archive = try archive(form)
        func digest(_ epoch: Int64) throws -> Digest {
            let packer = ArchivePacker(store: store, epoch: epoch)
            return try packer.write(archive, to: files.path + "/out").digest
        }
        #expect(try digest(1_000_000_000) == digest(1_000_000_000))
        #expect(try digest(1_000_000_000) != digest(1_100_000_000))
    }

    @Test("an archive is nowhere until it is committed")
    func atomic() throws {
        let path = files.path + "/packed.zip"
        let packed = try ArchivePacker(store: store, epoch: 0).write(try archive(.zip), to: path)
        #expect(!FileManager.default.fileExists(atPath: path))
        try packed.file.commit()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(Int64(bytes.count) == packed.size)
    }

    @Test("a package of another system, or without a version that begins with a digit, is refused")
    func refused() throws {
        let artifacts = try store.artifacts(of: release)
        #expect(throws: PackError.self) { try self.archive(.deb, Platform(os: "darwin", architecture: "arm64")) }
        let nightly = try ReleaseKey(parsing: "team/tool@nightly")
        #expect(throws: PackError.self) { try ReleaseArchive(of: nightly, artifacts, for: platform, as: .deb) }
    }
}
