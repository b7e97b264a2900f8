import ArtifactStore
import ContentAddress
import Foundation
import ImageAssembler
import OCI
import Release
import StoreTestSupport
import TestSupport
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

    @Test(
        "members of a zip file have the time that was asked for, as others read it, by another recipe than midnight",
        arguments: [
            (1_700_000_001, "2023-11-14 22:13:20", "bindery-zip/2"),
            (951_782_399, "2000-02-28 23:59:58", "bindery-zip/2"),
            (1_700_006_400, "2023-11-15 00:00:00", "bindery-zip/1"), (0, "1980-01-01 00:00:00", "bindery-zip/1"),
        ]
    )
    func zipTimes(epoch: Int64, time: String, recipe: String) throws {
        let packer = ArchivePacker(store: store, epoch: epoch)
        let archive = try archive(.zip)
        try packer.write(archive, to: files.path + "/timed.zip").file.commit()
        let script =
            "import zipfile; print('%d-%02d-%02d %02d:%02d:%02d' % zipfile.ZipFile('timed.zip').infolist()[0].date_time)"
        #expect(try Shell.run("python3 -c \"\(script)\"", in: files.path).text == time + "\n")
        #expect(packer.recipe(of: archive).hasPrefix(recipe + "+gzip/"))
    }

    /// dpkg reads ustar and GNU's long names (deb(5)).
    @Test("names beyond ASCII and long ones are in a package without pax headers, by a recipe of their own")
    func debianNames() throws {
        let packer = ArchivePacker(store: store, epoch: 0)
        #expect(try packer.recipe(of: archive(.deb)).hasPrefix("bindery-tar/1+"))
        let paths = ["docs/Über.md", String(repeating: "l", count: 120) + "/" + String(repeating: "m", count: 150)]
        for path in paths {
            _ = try store.put([
                PutRequest(
                    source: .path(try files.file("more", "more")),
                    name: release.name,
                    version: release.version,
                    platform: .any,
                    path: try ReleasePath(parsing: path),
                    mode: 0o644
                )
            ])
        }
        let named = try archive(.deb)
        try packer.write(named, to: files.path + "/named.deb").file.commit()
        let script = """
            import io, subprocess, tarfile
            data = subprocess.run(["ar", "p", "named.deb", "data.tar.gz"], capture_output=True, check=True).stdout
            for member in tarfile.open(fileobj=io.BytesIO(data)):
                assert not member.pax_headers, member
                print(member.name)
            """
        try script.write(toFile: files.path + "/names.py", atomically: true, encoding: .utf8)
        let names = try Shell.run("python3 names.py", in: files.path).text.split(separator: "\n").map(String.init)
        for path in paths { #expect(names.contains("./usr/share/doc/tool/" + path)) }
        #expect(names.contains("./usr/share/doc/tool/" + String(repeating: "l", count: 120)))
        #expect(packer.recipe(of: named).hasPrefix("bindery-tar-long/1+"))
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
