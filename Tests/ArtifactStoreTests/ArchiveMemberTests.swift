import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import OCI
import Release
import SystemIO
import TestSupport
import Testing

/// What is in a released archive is known by digest, from the transaction that stores it until its blob goes.
@Suite("Files of released archives")
struct ArchiveMemberTests {
    private let fixture: Fixture
    private let program = "#!/bin/sh\necho the tool\n"

    init() throws { fixture = try Fixture() }

    /// An archive of a program, a license and a file that is too small to say anything.
    private func archive(_ name: String = "tool_1.2.3_linux_amd64.tar.gz") throws -> String {
        let path = fixture.directory + "/" + name
        try Shell.run(
            """
            mkdir -p tree/bin; printf '%s\n' '#!/bin/sh' 'echo the tool' > tree/bin/tool; chmod 755 tree/bin/tool
            printf 'a license of some words' > tree/LICENSE; echo tiny > tree/tiny; ln tree/LICENSE tree/twin
            tar -C tree --sort=name -czf '\(path)' .
            """,
            in: fixture.directory
        )
        return path
    }

    @Test("what the older LZMA format packs is looked into", arguments: ["tool.tar.lzma", "tool.deb", "tool.lzma"])
    func lzma(name: String) throws {
        let path = fixture.directory + "/" + name
        let isSingle = name == "tool.lzma"
        try Shell.run(
            """
            mkdir -p tree; printf '%s\n' '#!/bin/sh' 'echo the tool' > tree/tool
            tar -C tree -cf data.tar tool
            xz --format=lzma -k data.tar tree/tool
            printf '2.0\n' > debian-binary
            case \(name) in
            tool.deb) ar rc '\(path)' debian-binary data.tar.lzma ;;
            tool.lzma) cp tree/tool.lzma '\(path)' ;;
            *) cp data.tar.lzma '\(path)' ;;
            esac
            """,
            in: fixture.directory
        )
        let store = try fixture.store()
        let result = try #require(try store.put([fixture.request(path, "tool@1.2.3")]).first)
        #expect(result.archive?.problem == nil)
        #expect(result.archive?.format == (name == "tool.deb" ? "deb" : "tar"))
        let found = try store.archives(holding: [Digest.of(Array(program.utf8))]).values.joined()
        #expect(found.map { String(decoding: $0.path, as: UTF8.self) } == ["tool"], "single: \(isSingle)")
    }

    @Test("members are found by digest, with their archive's release and their path in it")
    func lookUp() throws {
        let store = try fixture.store()
        let result = try #require(try store.put([fixture.request(archive(), "tool@1.2.3")]).first)
        #expect(result.archive?.format == "tar")
        #expect(result.archive?.memberCount == 3)
        #expect(result.archive?.problem == nil)
        let digest = Digest.of(Array(program.utf8))
        let found = try #require(try store.archives(holding: [digest])[digest])
        #expect(found.map { "\($0)" } == ["bin/tool in tool_1.2.3_linux_amd64.tar.gz of tool 1.2.3"])
        #expect(found.map(\.archive) == [result.artifact])
        let members = try store.members(of: result.artifact.digest)
        #expect(members.map { String(decoding: $0.path, as: UTF8.self) } == ["LICENSE", "bin/tool", "twin"])
        #expect(members.map(\.mode) == [0o644, 0o755, 0o644])
        #expect(members[0].digest == members[2].digest)
        #expect(try store.artifacts(with: digest).isEmpty, "evidence isn't identity")
    }

    @Test("small files are evidence of nothing")
    func small() throws {
        let store = try fixture.store()
        _ = try store.put([fixture.request(archive(), "tool@1.2.3")])
        let digest = Digest.of(Array("tiny\n".utf8))
        #expect(try store.archives(holding: [digest]).isEmpty)
    }

    @Test("an archive that an earlier version stored is looked into when it is put again")
    func again() throws {
        let path = try archive()
        _ = try fixture.store().put([fixture.request(path, "tool@1.2.3")])
        let index = StorePaths(root: fixture.directory + "/store").index
        try DatabaseQueue(path: index).write { try $0.execute(sql: "DELETE FROM archive_member; DELETE FROM archive") }
        let result = try #require(try fixture.store().put([fixture.request(path, "tool@1.2.3")]).first)
        #expect(!result.isNew)
        #expect(result.archive?.memberCount == 3)
        #expect(try fixture.store().members(of: result.artifact.digest).count == 3)
    }

    private func looksInto() throws -> Int {
        let store = try fixture.store()
        return try store.readFiles(store.verify().unread)
    }

    @Test("verify looks into what earlier versions stored without doing so, once")
    func verification() throws {
        let bytes = ForeignImage.machO(uuid: [UInt8](1...16), code: [UInt8](repeating: 0x90, count: 5000), go: [1])
        let requests = [
            try fixture.request(archive(), "tool@1.2.3"), try fixture.request(fixture.file("agent", bytes), "agent@1"),
            try fixture.request(fixture.file("notes", "a text that says nothing"), "notes@1"),
        ]
        let results = try fixture.store().put(requests)
        let index = StorePaths(root: fixture.directory + "/store").index
        let forget = "DELETE FROM archive_member; DELETE FROM archive; DELETE FROM foreign_program"
        try DatabaseQueue(path: index).write { try $0.execute(sql: forget) }
        let damaged = StorePaths(root: fixture.directory + "/store").blob(results[0].artifact.digest)
        let whole = try fixture.bytes(damaged)
        chmod(damaged, 0o644)
        try Data(whole.dropLast()).write(to: URL(fileURLWithPath: damaged))
        #expect(try looksInto() == 1, "the archive's bytes aren't right")
        try Data(whole).write(to: URL(fileURLWithPath: damaged))
        #expect(try looksInto() == 1)
        #expect(try fixture.store().members(of: results[0].artifact.digest).count == 3)
        #expect(try fixture.store().programs(buildID: [UInt8](1...16), textDigest: nil) == [Digest.of(bytes)])
        #expect(try looksInto() == 0)
        // What an earlier reader of archives couldn't read is tried again.
        let change = "UPDATE archive SET rules = 1, problem = 'lzma'; DELETE FROM archive_member"
        try DatabaseQueue(path: index).write { try $0.execute(sql: change) }
        #expect(try looksInto() == 1)
        #expect(try fixture.store().members(of: results[0].artifact.digest).count == 3)
    }

    @Test(
        "a damaged archive is stored, with what could be read of it and why that isn't all",
        // A cut in the checksum, after all that the archive holds, is damage too.
        arguments: [1, 8, 20, 100]
    )
    func damaged(missing: Int) throws {
        let store = try fixture.store()
        let whole = try fixture.bytes(archive())
        let path = try fixture.file("cut.tar.gz", Array(whole.dropLast(missing)))
        let result = try #require(try store.put([fixture.request(path, "tool@1.2.3")]).first)
        #expect(result.isNew)
        #expect(result.archive?.problem?.contains("ends too early") == true)
        let text = try fixture.file("text.zip", "no archive at all")
        let other = try #require(try store.put([fixture.request(text, "other@1")]).first)
        let summary = try #require(other.archive)
        #expect(summary.format == nil)
        #expect(summary.problem != nil)
    }

    private static func arMember(_ name: String, _ content: String) -> String {
        let size = "\(content.utf8.count)"
        return name.padding(toLength: 48, withPad: " ", startingAt: 0)
            + size.padding(toLength: 10, withPad: " ", startingAt: 0) + "`\n" + content
    }

    @Test(
        "archives that aren't read are named as what they are, with what is read",
        arguments: [
            ("tool.apk", Array("ADBd and more".utf8), "apk-tools 3"),
            ("tool.apk", Array("ADB.pckg".utf8), "apk-tools 3"),
            (
                "tool.deb",
                Array(("!<arch>\n" + arMember("debian-binary", "2.0\n") + arMember("data.tar.lz", "LZIP")).utf8),
                "data.tar.lz can't be read"
            ),
            (
                "tool.rpm",
                [0xED, 0xAB, 0xEE, 0xDB] + [UInt8](repeating: 0, count: 92)
                    + [0x8E, 0xAD, 0xE8, 1] + [UInt8](repeating: 0, count: 12)
                    + [0x8E, 0xAD, 0xE8, 1] + [UInt8](repeating: 0, count: 12) + Array("LZIP".utf8),
                "its payload's compression can't be read"
            ),
        ] as [(String, [UInt8], String)]
    )
    func unread(name: String, bytes: [UInt8], words: String) throws {
        let path = try fixture.file(name, bytes)
        let result = try #require(try fixture.store().put([fixture.request(path, "tool@1.2.3")]).first)
        #expect(result.isNew)
        let archive = try #require(result.archive)
        #expect(archive.memberCount == 0)
        #expect(archive.problem?.contains(words) == true)
    }

    @Test("other files have nothing to look into")
    func others() throws {
        let result = try #require(
            try fixture.store().put([fixture.request(fixture.file("agent", "some text that is not an archive"))]).first
        )
        #expect(result.archive == nil)
    }

    @Test("what is known of an archive goes with its blob, and keeps nothing")
    func collection() throws {
        let store = try fixture.store()
        let result = try #require(try store.put([fixture.request(archive(), "tool@1.2.3")]).first)
        _ = try store.remove(result.artifact.key.release, reason: nil)
        #expect(try store.archives(holding: [Digest.of(Array(program.utf8))]).isEmpty, "its release is gone")
        _ = try store.collect(grace: 0)
        #expect(try store.members(of: result.artifact.digest).isEmpty)
        #expect(try store.verify().faults.isEmpty)
    }

    @Test("an import looks into the archives that it brings")
    func imported() throws {
        let store = try fixture.store()
        let bytes = try fixture.bytes(archive())
        let digest = Digest.of(bytes)
        let artifact = ImportedArtifact(
            key: ArtifactKey(
                name: try RepositoryName(parsing: "tool"),
                version: try Version(parsing: "1.2.3"),
                platform: .any
            ),
            digest: digest,
            size: Int64(bytes.count),
            fileName: "tool.tar.gz",
            mode: 0o644
        )
        let request = ImportRequest(
            source: "a bundle",
            artifacts: [artifact],
            images: [],
            blobs: [digest: Int64(bytes.count)]
        )
        let importing = try store.beginImport(request)
        _ = try importing.add(digest) { sink in try bytes.withUnsafeBytes { try sink($0) } }
        let result = try importing.commit()
        #expect(result.artifacts.first?.archive?.memberCount == 3)
        #expect(try store.members(of: digest).count == 3)
    }
}
