import Archive
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Release
import Testing

/// `ADD` of a released tar archive; `archives-are-unpacked.sh` holds it to what BuildKit makes of the same files.
@Suite struct AddArchiveTests {
    private static func file(_ path: String, _ text: String, mode: UInt16 = 0o644, uid: UInt32 = 0) -> [UInt8] {
        let bytes = Array(text.utf8)
        let header = TarHeader(path: path, kind: .file, mode: mode, uid: uid, size: Int64(bytes.count), modified: 5)
        return TarWriter.encode(header) + bytes + TarWriter.padding(after: Int64(bytes.count))
    }

    private static func directory(_ path: String, mode: UInt16 = 0o755) -> [UInt8] {
        TarWriter.encode(TarHeader(path: path, kind: .directory, mode: mode))
    }

    private static func link(_ path: String, _ target: String) -> [UInt8] {
        TarWriter.encode(TarHeader(path: path, kind: .symbolicLink, mode: 0o777, linkName: target))
    }

    /// A hard link, as the header of a file with another type.
    private static func hardLink(_ path: String, _ target: String, mode: UInt16 = 0o644) -> [UInt8] {
        var block = TarWriter.encode(TarHeader(path: path, kind: .symbolicLink, mode: mode, linkName: target))
        block[156] = UInt8(ascii: "1")
        let sum = block.enumerated().map { (148..<156).contains($0.offset) ? 32 : Int($0.element) }.reduce(0, +)
        let digits = String(sum, radix: 8)
        block.replaceSubrange(148..<154, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8))
        return block
    }

    private static func build(_ text: String, _ archive: [UInt8], derivation: Int = 2) throws -> BuiltImage {
        let fixture = try StoreFixture()
        let tar = try fixture.put("files.tar", "1.0.0", "any", bytes: archive)
        let tool = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        let plan = try PlanFixture.plan(text, PlanFixture.releases([tar, tool]))
        var options = ImageBuilder.Options()
        options.derivation = derivation
        options.epoch = 7
        let image = try ImageBuilder(store: fixture.store).build(plan, path: "D", options: options)
        // What is derived again is the same.
        #expect(try ImageBuilder(store: fixture.store).derive(plan, path: "D", options: options).digest == image.digest)
        for digest in image.blobs { _ = try fixture.store.readBlob(digest) }
        #expect(image.artifacts.contains(tar.digest))
        return image
    }

    private static let members =
        directory("etc", mode: 0o700) + file("etc/a", "1", mode: 0o4755, uid: 9) + file("./usr/bin/b", "2")
        + link("lib", "usr/lib") + file("lib/c", "3") + hardLink("d", "etc/a", mode: 0o4755)

    @Test func theEntriesKeepModesAndOwnersAndFollowLinks() throws {
        let tar = Self.directory("usr/lib") + Self.members + Self.directory("./") + TarWriter.trailer
        #expect(throws: AssemblerError.self) { try Self.build("FROM scratch\nADD files.tar /", tar) }
        // The second name of a file says the same of it.
        let good =
            Self.directory("usr/lib") + Self.directory("etc", mode: 0o700) + Self.file("etc/a", "1", mode: 0o4755)
            + Self.file("./usr/bin/b", "2") + Self.link("lib", "usr/lib") + Self.file("lib/c", "3")
            + Self.hardLink("d", "/etc/a", mode: 0o4755) + Self.directory("./", mode: 0o700) + TarWriter.trailer
        let image = try Self.build("FROM scratch\nADD --chmod=700 files.tar /x/", good)
        #expect(
            image.topEntries() == [
                "x directory 0755 0", "x/d file 4755 0", "x/etc directory 0700 0", "x/etc/a file 4755 0",
                "x/lib symlink 0777 0", "x/usr directory 0755 0", "x/usr/bin directory 0755 0",
                "x/usr/bin/b file 0644 0",
                "x/usr/lib directory 0755 0", "x/usr/lib/c file 0644 0",
            ]
        )
    }

    @Test func whatIsThereGivesWay() throws {
        let start = """
            FROM scratch
            COPY tool-linux-amd64 /etc/a/deep
            COPY tool-linux-amd64 /usr
            COPY tool-linux-amd64 /etc/keep

            """
        let tar = Self.file("etc/a", "1") + Self.file("usr/x", "2")
        #expect(throws: AssemblerError.self) { try Self.build(start + "ADD files.tar /", tar + TarWriter.trailer) }
        let good = Self.directory("etc", mode: 0o711) + Self.file("etc/a", "1") + Self.directory("usr")
        let image = try Self.build(start + "ADD files.tar /", good + Self.file("usr/x", "2") + TarWriter.trailer)
        #expect(
            image.topEntries() == [
                "etc directory 0711 0", "etc/a file 0644 0", "usr directory 0755 0", "usr/x file 0644 0",
            ]
        )
    }

    @Test func aLinkLeadsBelowTheDestinationAlone() throws {
        let tar = Self.directory("in") + Self.link("l", "/in") + Self.file("l/f", "1") + TarWriter.trailer
        let image = try Self.build("FROM scratch\nADD files.tar /t/", tar)
        #expect(image.topEntries().contains("t/in/f file 0644 0"))
    }

    @Test(arguments: [
        ("leads out", file("../x", "1")),
        (#"the name 'a\xffb' isn't UTF-8"#, rename(file("abc", "1"), to: [0x61, 0xFF, 0x62])),
        ("whiteout", file("a/.wh.b", "1")), ("whiteout", file(".wh.c/b", "1")), ("there is no", hardLink("a", "b")),
        ("another mode", file("b", "1") + hardLink("a", "b", mode: 0o600)),
        ("is not a directory", file("b", "1") + file("b/c", "1")),
        ("in the middle", Array(file("b", String(repeating: "x", count: 600)).prefix(700))),
    ])
    func whatHasNoOnePlaceIsRefused(reason: String, entries: [UInt8]) throws {
        let tar = Self.file("first", "1") + entries + (entries.count % 512 == 0 ? TarWriter.trailer : [])
        let error = #expect(throws: AssemblerError.self) { try Self.build("FROM scratch\nADD files.tar /", tar) }
        #expect(error?.description.contains("line 2, ADD") == true)
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func aDirectoryThatIsMissingIsNotMadeBelowOneWithTheSetGroupIDBit() throws {
        let lower = Self.file("x/d/f", "1") + TarWriter.trailer
        let error = #expect(throws: AssemblerError.self) {
            try Self.build("FROM scratch\nADD files.tar /", Self.directory("x", mode: 0o2755) + lower)
        }
        #expect(error?.description.contains("engines differ in the mode of a new directory, '/x/d'") == true)
        let whole = Self.directory("x", mode: 0o2755) + Self.directory("x/d") + lower
        #expect(try Self.build("FROM scratch\nADD files.tar /", whole).topEntries().count == 3)
    }

    @Test("a compressed file that can't be read to its end is refused: its beginning may be an archive's")
    func junkBehindTheStream() throws {
        let error = #expect(throws: AssemblerError.self) {
            let packed = try Self.gzip(Self.file("a", "1") + TarWriter.trailer) + Array("signature".utf8)
            return try Self.build("FROM scratch\nADD files.tar /", packed)
        }
        #expect(error?.description.contains("the archive 'files.tar' can't be unpacked") == true)
        // A text isn't an archive, compressed or not.
        let text = try Self.gzip(Array("no archive\n".utf8))
        #expect(try Self.build("FROM scratch\nADD files.tar /", text).topEntries() == ["files.tar file 0644 0"])
    }

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var compressor = try StreamCompressor(.gzip(level: 6))
        var packed: [UInt8] = []
        try bytes.withUnsafeBytes { try compressor.add($0) { packed += $0 } }
        try compressor.finish { packed += $0 }
        return packed
    }

    private static func rename(_ block: [UInt8], to name: [UInt8]) -> [UInt8] {
        var block = block
        let old = block[0..<name.count].map(Int.init).reduce(0, +)
        block.replaceSubrange(0..<name.count, with: name)
        let field = String(decoding: block[148..<154], as: UTF8.self)
        let sum = (Int(field, radix: 8) ?? 0) - old + name.map(Int.init).reduce(0, +)
        let digits = String(sum, radix: 8)
        block.replaceSubrange(148..<154, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8))
        return block
    }

    @Test func whatIsNoArchiveIsCopied() throws {
        let image = try Self.build(
            "FROM scratch\nADD tool-linux-amd64 /\nADD files.tar /",
            Self.file("a", "1") + TarWriter.trailer
        )
        #expect(image.topEntries() == ["a file 0644 0"])
        #expect(image.parts[0].layers.count == 2)
    }

    @Test func aGlobalHeaderComesFirstInWhatGitMakes() throws {
        var header = TarWriter.encode(TarHeader(path: "pax_global_header", kind: .file, mode: 0o666, size: 52))
        header[156] = UInt8(ascii: "g")
        let sum = header.enumerated().map { (148..<156).contains($0.offset) ? 32 : Int($0.element) }.reduce(0, +)
        let digits = String(sum, radix: 8)
        header.replaceSubrange(148..<154, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8))
        let comment = Array("52 comment=".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 40) + Array("\n".utf8)
        let tar = header + comment + TarWriter.padding(after: 52) + Self.file("a", "1") + TarWriter.trailer
        #expect(try Self.build("FROM scratch\nADD files.tar /", tar).topEntries() == ["a file 0644 0"])
    }

    @Test func whatDependsOnTheEngineIsRefused() throws {
        let tar = Self.file("a", "1") + TarWriter.trailer
        let error = #expect(throws: AssemblerError.self) {
            try Self.build("FROM scratch\nADD --chown=1 files.tar /", tar)
        }
        #expect(error?.description.contains("engines differ in whose the files") == true)
        #expect(throws: AssemblerError.self) { try Self.build("FROM scratch\nADD files.tar /", tar, derivation: 1) }
    }

    @Test func anArchiveThatIsCopiedStaysWhole() throws {
        let tar = Self.file("a", "1") + TarWriter.trailer
        for line in ["COPY files.tar /", "ADD --unpack=false files.tar /"] {
            #expect(try Self.build("FROM scratch\n\(line)", tar).topEntries() == ["files.tar file 0644 0"])
        }
    }
}
