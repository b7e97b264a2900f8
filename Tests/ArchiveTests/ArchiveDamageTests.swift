import Archive
import Foundation
import TestSupport
import Testing

/// Whatever somebody hands in ends with an answer: no trap, no endless work, no member that isn't in the archive.
@Suite("Damaged and hostile archives")
struct ArchiveDamageTests {
    private static let content = String(repeating: "what the tool does ", count: 20)

    // One of each format, made once.
    private static func samples() throws -> [(name: String, bytes: [UInt8])] {
        try withTemporaryDirectory { directory in
            try Shell.run(
                """
                mkdir -p tree/bin tree/DEBIAN
                printf '%s' '\(content)' > tree/bin/tool; printf 'license, in some words' > tree/LICENSE
                printf 'Package: t\\nVersion: 1\\nArchitecture: all\\nMaintainer: a <a@example.org>\\nDescription: d\\n' \
                    > tree/DEBIAN/control
                tar -cf tar tree; tar -czf gzip tree; tar -cJf xz tree; tar --zstd -cf zstd tree
                zip -qr zip tree; zip -qr - tree > streamed
                dpkg-deb --root-owner-group -Zgzip -b tree deb.deb > /dev/null
                """,
                in: directory
            )
            let names = ["tar", "gzip", "xz", "zstd", "zip.zip", "streamed", "deb.deb"]
            var cpio = CPIOBuilder()
            cpio.add("./tool", mode: 0o100755, content)
            cpio.add("./twin", mode: 0o100755, inode: 3, links: 2)
            cpio.add("./last", mode: 0o100755, inode: 3, links: 2, "some words")
            return try names.map { name in
                (name, Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))))
            } + [("rpm", CPIOBuilder.rpm(cpio.archive))]
        }
    }

    @Test("an archive that is cut anywhere gives members of the whole one only, and says that it is cut")
    func truncation() throws {
        for (name, bytes) in try Self.samples() {
            let whole = MemberListing(bytes)
            #expect(whole.error == nil && whole.failures.isEmpty && !whole.files.isEmpty, "\(name)")
            let step = max(1, bytes.count / 600)
            for length in Array(stride(from: 6, to: bytes.count - 1, by: step)) + [bytes.count - 1] {
                let listing = MemberListing(Array(bytes[..<length]))
                // Padding behind the last member is nobody's.
                guard listing.lines != ["no archive"], listing.lines != whole.lines else { continue }
                #expect(listing.error != nil || !listing.failures.isEmpty, "\(name) cut at \(length)")
                let isPart = listing.lines.allSatisfy(whole.lines.contains)
                #expect(isPart, "\(name) cut at \(length): \(listing.lines)")
            }
        }
    }

    @Test("a byte that is changed anywhere ends in an answer, and gives no other content under a checksum")
    func mutation() throws {
        var generator = SystemRandomNumberGenerator()
        for (name, bytes) in try Self.samples() {
            for _ in 0..<400 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                let listing = MemberListing(changed)
                guard name.hasPrefix("zip") || name == "streamed" else { continue }
                let tool = listing.lines.first { $0.hasPrefix("tree/bin/tool ") && !$0.hasSuffix("link") }
                let isAltered = tool.map { !MemberListing(bytes).lines.map(Self.what).contains(Self.what($0)) } ?? false
                #expect(
                    !isAltered || tool?.hasSuffix("directory") == true || tool?.hasSuffix("other") == true,
                    "\(name)"
                )
            }
        }
    }

    private static func what(_ line: String) -> String { String(line.split(separator: " ").last ?? "") }

    @Test(
        "a zip file that can be read in two ways, or lies, gives no such member",
        arguments: [
            ("another name in its own header", 30, [UInt8(ascii: "X")], ArchiveError.Reason.twoReadings),
            ("another method in its own header", 8, [8], .twoReadings),
        ]
    )
    func zipHeaders(what: String, offset: Int, bytes: [UInt8], reason: ArchiveError.Reason) throws {
        var zip = ZipBuilder()
        zip.add("tool", Self.content)
        var archive = zip.archive
        archive.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        let listing = MemberListing(archive)
        #expect(listing.lines.isEmpty)
        #expect(listing.failures.map(\.reason) == [reason], "\(what)")
    }

    @Test("a zip file's checksum, size, encryption and method are held against its content")
    func zipMembers() {
        func failures(_ change: (inout ZipBuilder) -> Void) -> [ArchiveError.Reason] {
            var zip = ZipBuilder()
            change(&zip)
            zip.add("good", "a good member")
            let listing = MemberListing(zip.archive)
            #expect(listing.error == nil)
            #expect(listing.lines == ["good 644 a good member"], "the others are read")
            return listing.failures.map(\.reason)
        }
        #expect(failures { $0.add("tool", Self.content, check: 1) } == [.otherContent])
        #expect(failures { $0.add("tool", Self.content, size: 7) } == [.otherContent])
        #expect(failures { $0.add("tool", Self.content, size: 70_000) } == [.otherContent])
        #expect(failures { $0.add("tool", Self.content, flags: 1) } == [.encrypted])
        #expect(failures { $0.add("tool", Self.content, method: 99) } == [.unsupported("compression method 99")])
    }

    @Test("a zip file of Windows' with backslashes has two names to readers, and others' have one")
    func backslashes() {
        var zip = ZipBuilder()
        zip.add("d\\app.conf", Self.content)
        zip.add("d/a\\b", "a good member")
        let listing = MemberListing(zip.archive)
        #expect(listing.lines == ["d/a\\b 644 a good member"])
        #expect(listing.failures.count == 1)
    }

    @Test("members of a zip file that lie over each other are refused")
    func overlap() {
        var zip = ZipBuilder()
        zip.add("tool", Self.content)
        for number in 0..<100 { zip.addAgain("tool\(number)") }
        let listing = MemberListing(zip.archive)
        #expect((listing.error as? ArchiveError)?.reason == .overlap)
    }

    @Test("a zip file whose end and directory count differently is said to be damaged")
    func count() {
        var zip = ZipBuilder()
        zip.add("tool", Self.content)
        var archive = zip.archive
        archive[archive.count - 12] = 2
        #expect(MemberListing(archive).error is ArchiveError)
    }

    @Test("a Debian package with two data.tar can be read in two ways")
    func twoDatas() throws {
        let deb = try #require(try Self.samples().first { $0.name == "deb.deb" }).bytes
        let place = try #require(deb.indices.first { deb[$0...].starts(with: "data.tar".utf8) })
        let listing = MemberListing(deb + (deb.count % 2 == 0 ? [] : [10]) + deb[place...])
        #expect((listing.error as? ArchiveError)?.reason == .twoReadings)
        #expect(listing.lines.isEmpty)
    }

    @Test("numbers of an RPM that lead out of it are refused", arguments: [UInt8(200), 255])
    func rpmNumbers(size: UInt8) {
        let listing = MemberListing(CPIOBuilder.rpm([], dataSize: size, count: size))
        #expect(listing.error is ArchiveError)
    }

    @Test("a cpio archive's sizes and magics are checked")
    func cpio() {
        var long = CPIOBuilder()
        long.add("tool", mode: 0o100755, "short", size: .max)
        #expect((MemberListing(CPIOBuilder.rpm(long.archive)).error as? ArchiveError)?.reason == .truncated)
        var large = CPIOBuilder()
        large.add("tool", mode: 0o100755, "x", magic: "07070X")
        let payload = CPIOBuilder().archive.prefix(0) + large.archive
        #expect(MemberListing(CPIOBuilder.rpm(Array(payload))).error is ArchiveError)
    }

    @Test("a bomb ends when the budget does", arguments: ["gzip -9", "zstd -q -19", "xz -1"])
    func bombs(compressor: String) throws {
        let bomb = try withTemporaryDirectory { directory in
            try Shell.run(
                "(printf 'tool'; head -c 96 /dev/zero; head -c 40000000 /dev/zero) | \(compressor) > out",
                in: directory
            )
            return Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/out")))
        }
        let listing = MemberListing(bomb, budget: WorkBudget(bytes: 1 << 20))
        #expect((listing.error as? WorkBudget.Spent)?.resource == .bytes)
        #expect(listing.lines.isEmpty)
    }

    @Test("a hole of a sparse file counts like bytes")
    func holes() throws {
        let bomb = try withTemporaryDirectory { directory in
            try Shell.run("truncate -s 1T sparse && tar -czSf out sparse", in: directory)
            return Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/out")))
        }
        #expect((MemberListing(bomb).error as? WorkBudget.Spent)?.resource == .bytes)
    }

    @Test("a path that leads out of the archive has no relative form", arguments: ["../x", "/x", "a/../../x", "a/.."])
    func escapes(path: String) {
        #expect(ArchiveMember.relative(Array(path.utf8)) == nil)
    }

    @Test("dots and slashes that say nothing are left out", arguments: [("./a", "a"), ("a//b/", "a/b"), ("./", "")])
    func plainPaths(path: String, plain: String) {
        #expect(ArchiveMember.relative(Array(path.utf8)) == Array(plain.utf8))
    }
}
